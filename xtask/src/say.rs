//! The one place that prints.

use std::fmt::Display;
use std::io::Write;

/// Prints one line.
pub(crate) fn say(line: impl Display) {
    // A reader that went away (`cargo xtask help | head`) is no reason to stop a build.
    writeln!(std::io::stdout().lock(), "{line}").ok();
}

/// Prints one line beside the output: complaints, and progress of what prints its own.
pub(crate) fn complain(line: impl Display) {
    writeln!(std::io::stderr().lock(), "{line}").ok();
}
