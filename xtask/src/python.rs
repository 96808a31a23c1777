//! Python environments of our own, under the target folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

/// Makes an environment with packages, as far as that is not done, and returns its interpreter.
///
/// # Errors
/// Fails when Python is missing or a package cannot be installed.
pub(crate) fn environment(place: &Path, packages: &[&str]) -> Result<PathBuf> {
    let python = place.join("bin/python");
    if !python.exists() {
        let place = place.to_str().with_context(|| format!("`{}` is no text", place.display()))?;
        shell::succeed(&mut shell::program("python3", &["-m", "venv", place]))?;
    }
    let words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    shell::succeed(&mut shell::program(&python, &[&words, packages].concat()))?;
    Ok(python)
}
