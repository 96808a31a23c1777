//! `demo`: from a fresh checkout to a running desk in one command.

use std::process::ExitCode;

use anyhow::Result;

use crate::metadata::Metadata;
use crate::say::complain;
use crate::shell;
use crate::stopwatch::Stopwatch;
use crate::ui;

/// Builds the desk and becomes its demo, with the words given.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    if let Err(error) = ui::build() {
        complain(format_args!("The desk runs without its pages: {error:#}.\n"));
    }
    complain(
        "Building backsight (optimised). The first build compiles every dependency; cargo shows how far it is.",
    );
    let watch = Stopwatch::start();
    let build = ["build", "--profile", "demo", "--locked", "--package", "backsight"];
    shell::succeed(&mut shell::cargo(&build))?;
    complain(format_args!("Built in {:.1} s. Starting the demo.\n", watch.seconds()));
    let binary = Metadata::read()?.target.join("demo/backsight");
    Err(shell::become_program(shell::program(binary, &["demo"]).args(words)))
}
