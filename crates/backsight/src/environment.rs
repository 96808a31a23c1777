//! The one place that reads the environment of the process: variables, words, its own place.

use std::env;
use std::path::PathBuf;

/// The value of a variable; `None` when it is unset, empty or no text.
#[expect(clippy::disallowed_methods, reason = "settings enter the program here and nowhere else")]
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether a word stands on the command line.
pub(crate) fn has_word(word: &str) -> bool {
    env::args_os().any(|given| given == word)
}

/// The folder of this program, when a shell does not look for programs there.
pub(crate) fn own_folder_off_path() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let folder = program.parent()?;
    let path = variable("PATH").unwrap_or_default();
    let is_on_path = env::split_paths(&path).any(|known| known == folder);
    (!is_on_path).then(|| folder.to_owned())
}
