//! One setting of a policy by its path: what it is, and the policy with another value in its place.

use super::{AccountPolicy, Policy, PolicyError};
use crate::proposal::Change;

impl Policy {
    /// A setting's value as TOML, by its path such as `exits.stop_bps`.
    pub fn setting(&self, path: &str) -> Option<String> {
        let (section, key) = path.rsplit_once('.')?;
        let (_, _, rows) = self.sections().into_iter().find(|(name, ..)| name == section)?;
        rows.into_iter().find(|row| row.key == key).map(|row| row.value)
    }

    /// The policy with other values in the place of some settings. What the values were before is
    /// not looked at.
    ///
    /// # Errors
    /// Returns the first setting that does not exist or cannot have its value.
    pub fn with(&self, changes: &[Change]) -> Result<Self, PolicyError> {
        let mut policy = self.clone();
        for Change { path, to, .. } in changes {
            policy.change(path, to)?;
        }
        let mut problems = Vec::new();
        policy.check_across_sections(&mut problems);
        problems.into_iter().next().map_or(Ok(policy), Err)
    }

    fn change(&mut self, path: &str, to: &str) -> Result<(), PolicyError> {
        let problem = |text: &str| PolicyError { at: path.to_owned(), problem: text.to_owned() };
        let unknown = || problem("no such setting; `backsight config show` lists them");
        let (section, key) = path.rsplit_once('.').ok_or_else(unknown)?;
        self.setting(path).ok_or_else(unknown)?;
        let table = format!("{key} = {to}").parse::<toml::Table>().ok();
        let table = table.filter(|table| table.len() == 1);
        let value = table.ok_or_else(|| problem(&format!("`{to}` is no value")))?;
        let (value, mut problems) = (toml::Value::Table(value), Vec::new());
        match section.split_once('.') {
            Some((AccountPolicy::SECTION, name)) => {
                let account = self.accounts.get_mut(name).ok_or_else(unknown)?;
                account.read(section, &value, &mut problems);
            }
            _ => self.read_section(section, &value, &mut problems),
        }
        problems.into_iter().next().map_or(Ok(()), Err)
    }
}
