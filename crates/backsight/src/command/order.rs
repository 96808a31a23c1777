//! `halt`, `reduce`, `resume`, `flatten`, `approve`, `reject`, `withdraw`: what a person orders, put into the desk's inbox.

use std::time::Duration;

use backsight_domain::desk::Command;
use backsight_domain::id::ProposalId;
use serde_json::json;

use crate::answer::{Answer, Exit, Failure};
use crate::cli::{Order, Reply};
use crate::clock;
use crate::command::Context;
use crate::environment;
use crate::home::Home;
use crate::inbox::{self, Waiting};
use crate::page::Tone;

/// How long a running desk is given to take a command.
const PATIENCE: Duration = Duration::from_secs(5);

/// Stops opening positions.
pub(crate) fn halt(context: &Context, order: &Order) -> Result<Answer, Failure> {
    give(context, Command::Halt, order)
}

/// Allows closings only.
pub(crate) fn reduce(context: &Context, order: &Order) -> Result<Answer, Failure> {
    give(context, Command::Reduce, order)
}

/// Allows openings again.
pub(crate) fn resume(context: &Context, order: &Order) -> Result<Answer, Failure> {
    give(context, Command::Resume, order)
}

/// Closes everything.
pub(crate) fn flatten(context: &Context, order: &Order) -> Result<Answer, Failure> {
    give(context, Command::Flatten, order)
}

/// Lets a proposal begin its way into the policy.
pub(crate) fn approve(context: &Context, answer: &Reply) -> Result<Answer, Failure> {
    give(context, Command::Approve(proposal(&answer.id)?), &answer.order)
}

/// Does not want a proposal.
pub(crate) fn reject(context: &Context, answer: &Reply) -> Result<Answer, Failure> {
    give(context, Command::Reject(proposal(&answer.id)?), &answer.order)
}

/// Takes a proposal back.
pub(crate) fn withdraw(context: &Context, answer: &Reply) -> Result<Answer, Failure> {
    give(context, Command::Withdraw(proposal(&answer.id)?), &answer.order)
}

fn proposal(text: &str) -> Result<ProposalId, Failure> {
    ProposalId::parse(text).ok_or_else(|| {
        let message =
            format!("`{text}` is no proposal such as p1042; `backsight proposals` lists them");
        Failure::new(Exit::Usage, message)
    })
}

/// Puts a command into the inbox and waits a little for the desk to take it.
pub(crate) fn give(context: &Context, command: Command, order: &Order) -> Result<Answer, Failure> {
    context.home.expect_journal()?;
    let who = order.who.clone().or_else(user).unwrap_or_else(|| "operator".to_owned());
    let waiting = inbox::put(&context.home, command, &who, &order.reason)?;
    let was_taken = is_taken_soon(&context.home, &waiting);
    let mut page = context.page();
    if was_taken {
        page.line(Tone::Good, &format!("{command}: journaled by the running desk"));
    } else {
        page.line(Tone::Warn, &format!("{command}: queued; takes effect when the desk runs"));
        page.line(Tone::Dim, "No desk took it. Start one: backsight demo");
    }
    if let Some(id) = command.proposal() {
        page.line(Tone::Dim, &format!("What becomes of it: backsight proposals {id}"));
    } else if matches!(command, Command::Halt | Command::Reduce | Command::Flatten) {
        page.line(Tone::Dim, "It survives restarts. To end it: backsight resume");
    }
    let json = json!({
        "command": command.to_string(),
        "who": who,
        "why": order.reason,
        "key": waiting.command.key.to_string(),
        "effect": if was_taken { "journaled" } else { "queued" },
    });
    Ok(Answer::fine(page, json))
}

/// Whether a desk runs and takes the command.
fn is_taken_soon(home: &Home, waiting: &Waiting) -> bool {
    let watch = clock::Stopwatch::start();
    while home.running().is_some() && watch.elapsed() < PATIENCE {
        if !waiting.waits() {
            return true;
        }
        clock::pause(Duration::from_millis(20));
    }
    !waiting.waits()
}

fn user() -> Option<String> {
    environment::variable("USER").or_else(|| environment::variable("USERNAME"))
}
