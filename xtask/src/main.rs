//! The one door to building, checking and measuring Backsight: `cargo xtask <command>`.
//!
//! Each command is one module with one entry function. `shell` is the only place that starts a program, `say` the
//! only one that prints and `stopwatch` the only one that reads a clock. No crate of the desk is used here, so that
//! the checks still run while the desk does not compile.
//!
//! | Module | Command |
//! |---|---|
//! | `demo` | build the desk and run its demo |
//! | `suite` | `test`: every check in a row |
//! | `tidy` | what compilers do not see: arrows, names, leftovers, sizes, purity, licences |
//! | `sim` | simulate seeds |
//! | `bench` | measure three builds and write the page |
//! | `tables` | whether others read what is exported |
//! | `ui` | check the pages and build their bundle |
//! | `release` | build what is handed out |

mod bench;
mod demo;
mod help;
mod metadata;
mod packages;
mod python;
mod release;
mod say;
mod shell;
mod sim;
mod stopwatch;
mod suite;
mod tables;
mod tidy;
mod ui;

use std::process::ExitCode;

use anyhow::{Result, bail};
use say::complain;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    dispatch(&words).unwrap_or_else(|error| {
        complain(format_args!("error: {error:#}"));
        ExitCode::FAILURE
    })
}

/// Runs the command that the first word names, with the words after it.
fn dispatch(words: &[&str]) -> Result<ExitCode> {
    let (command, rest) = words.split_first().unwrap_or((&"help", &[]));
    match *command {
        "demo" => demo::run(rest),
        "test" => suite::run(rest),
        "tidy" => tidy::run(rest),
        "sim" => sim::run(rest),
        "bench" => bench::run(rest),
        "ui" => ui::run(rest),
        "release" => release::run(rest),
        "help" | "--help" | "-h" => Ok(help::run()),
        unknown => bail!("no command `{unknown}`; `cargo xtask help` lists them"),
    }
}

/// Refuses the first word, of a command that takes none.
fn refuse_words(command: &str, words: &[&str]) -> Result<()> {
    match words.first() {
        Some(word) => bail!("`cargo xtask {command}` does not know `{word}`"),
        None => Ok(()),
    }
}
