//! Words that open doors: read from where a person put them, shown to nobody.
//!
//! A configuration names the place of a secret, a variable of the environment or a file, and never
//! holds it. The secret itself has no text form: it gets out through [`Secret::expose`] alone, so
//! that every use can be found by that name.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of the longest secret.
const SECRET_MAX: usize = 4_096;

/// A word that nobody may see.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// In a variable of the environment.
    Variable(Box<str>),
    /// In a file, from its first letter to the end of its last line.
    File(PathBuf),
}

/// Looks a variable of the environment up; the binary's own way, or a test's.
pub type Variables = fn(&str) -> Option<String>;

impl Secret {
    /// A secret that is at hand.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The word itself, for the one who is shown it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl SecretPlace {
    /// Reads the secret. A file without a root lies in the folder.
    ///
    /// # Errors
    /// Says what is not there, in a message without the secret.
    pub fn read(&self, folder: &Path, variables: Variables) -> Result<Secret, String> {
        let text = match self {
            Self::Variable(name) => {
                let unset = || format!("the variable `{name}` is not set; it holds the secret");
                variables(name).ok_or_else(unset)?
            }
            Self::File(path) => {
                let path = folder.join(path);
                let cannot =
                    |fault| format!("cannot read the secret in `{}`: {fault}", path.display());
                fs::read_to_string(&path).map_err(cannot)?
            }
        };
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() || SECRET_MAX < text.len() || text.contains(char::is_control) {
            return Err(format!("the secret of {self} is empty, too long or more than one line"));
        }
        Ok(Secret::new(text))
    }
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests;
