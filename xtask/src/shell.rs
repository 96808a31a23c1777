//! The one place that starts programs: always from the repository's root, never with a keyboard behind them
//! unless the program takes over.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Error, Result, bail};

/// Returns the repository's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// Prepares a program that runs in the root folder.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>, words: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(words).current_dir(root());
    command
}

/// Prepares `cargo` with the given words.
pub(crate) fn cargo(words: &[&str]) -> Command {
    program("cargo", words)
}

/// Runs a program whose output the user sees.
///
/// # Errors
/// Fails when it cannot start or does not succeed.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| attempt(command))?;
    if !status.success() {
        bail!("{} ended with {status}", attempt(command));
    }
    Ok(())
}

/// Runs a program that only prepares what was asked for: what it prints goes beside the output, which belongs to
/// the result (`cargo xtask demo --json` is read by other programs).
///
/// # Errors
/// Fails when it cannot start or does not succeed.
pub(crate) fn prepare(command: &mut Command) -> Result<()> {
    succeed(command.stdout(std::io::stderr()))
}

/// Runs a program and returns what it printed; its complaints stay visible.
///
/// # Errors
/// Fails when it cannot start, does not succeed or prints something that is not text.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| attempt(command))?;
    if !output.status.success() {
        bail!("{} ended with {}", attempt(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| attempt(command))
}

/// Becomes the program, so that signals and its exit code are its own.
pub(crate) fn become_program(command: &mut Command) -> Error {
    let error = command.exec();
    Error::new(error).context(attempt(command))
}

/// Names the program and its words for a message.
fn attempt(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}
