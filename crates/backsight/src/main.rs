//! `backsight`: the command line of the desk.
//!
//! ```text
//! words ──► cli ──► command/* ──► Answer or Failure ──► output
//!                      │ reads home, journal (view), clock; writes the inbox
//! ```
//!
//! A command returns what it found; only [`output`] prints, only [`clock`] knows the time, only
//! [`environment`] reads variables. The live part of the demo is the one command that speaks before
//! it ends. Exit codes stand in [`answer::Exit`].

mod answer;
mod build;
mod cli;
mod clock;
mod command;
mod digest;
mod ending;
mod environment;
mod herald;
mod home;
mod inbox;
mod json;
mod news;
mod output;
mod page;
mod sheet;
mod view;
mod views;
mod words;

use std::process::ExitCode;

use clap::Parser;

use crate::answer::{Answer, Exit, Failure};
use crate::cli::{Cli, Command};
use crate::command::Context;
use crate::home::Home;
use crate::output::Output;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let output = Output { json: cli.everywhere.json };
    let exit = match run(cli, output) {
        Ok(answer) => {
            output.answer(&answer);
            answer.exit
        }
        Err(failure) => {
            output.failure(&failure);
            failure.exit
        }
    };
    ExitCode::from(exit as u8)
}

/// Tells what is wrong with the command line, or prints the help that was asked for.
fn refuse(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && environment::has_word("--json") {
        let text = error.to_string();
        let text = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
        Output { json: true }.failure(&Failure::new(Exit::Usage, text));
    } else {
        // A reader that went away is no failure.
        error.print().ok();
    }
    ExitCode::from(if error.use_stderr() { Exit::Usage as u8 } else { Exit::Fine as u8 })
}

fn run(cli: Cli, output: Output) -> Result<Answer, Failure> {
    let context = Context { home: Home::find(cli.everywhere.home)?, output };
    match cli.command {
        Command::Demo(wish) => command::demo::run(&context, &wish),
        Command::Halt(order) => command::order::halt(&context, &order),
        Command::Reduce(order) => command::order::reduce(&context, &order),
        Command::Resume(order) => command::order::resume(&context, &order),
        Command::Flatten(order) => command::order::flatten(&context, &order),
        Command::Status => command::status::run(&context),
        Command::Positions => command::positions::run(&context),
        Command::Orders(wish) => command::orders::run(&context, &wish),
        Command::Why(wish) => command::why::run(&context, &wish),
        Command::Missed(wish) => command::missed::run(&context, &wish),
        Command::Gates => command::gates::run(&context),
        Command::Digest(wish) => command::digest::run(&context, &wish),
        Command::Learn(wish) if wish.now => command::cycle::run(&context),
        Command::Learn(wish) if wish.readiness => command::learn::readiness::run(&context),
        Command::Learn(wish) => command::learn::run(&context, &wish),
        Command::Proposals(wish) => command::proposals::run(&context, &wish),
        Command::Approve(reply) => command::order::approve(&context, &reply),
        Command::Reject(reply) => command::order::reject(&context, &reply),
        Command::Withdraw(reply) => command::order::withdraw(&context, &reply),
        Command::Replay(wish) => command::replay::run(&context, &wish),
        Command::Divergence(wish) => command::divergence::run(&context, &wish),
        Command::Read(wish) => command::read::run(&context, &wish),
        Command::Import { what } => command::import::run(&context, &what),
        Command::Sql(wish) => command::sql::run(&context, &wish),
        Command::Export(wish) => command::export::run(&context, &wish),
        Command::Rebuild => command::rebuild::run(&context),
        Command::Feeds { act } => command::feeds::run(&context, &act),
        Command::Model { act } => command::model::run(&context, &act),
        Command::Verify => command::verify::run(&context),
        Command::Alerts { act } => command::alerts::run(&context, &act),
        Command::Doctor => Ok(command::doctor::run(&context)),
        Command::Config { act } => command::config::run(&context, &act),
        Command::Users { act } => command::users::run(&context, &act),
        Command::Completions { shell } => Ok(command::completions::run(shell)),
    }
}
