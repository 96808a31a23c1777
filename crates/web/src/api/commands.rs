//! What an operator orders. Everything goes through the desk's inbox and becomes a journal entry
//! with who and why; nothing here touches the desk.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use backsight_domain::alert::AlertKey;
use backsight_domain::desk::{Command, OperatorCommand};
use backsight_domain::id::{IntentId, PositionId, ProposalId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Json;
use crate::access::{Role, Who};
use crate::app::App;
use crate::problem::Problem;

/// Characters of a reason and of a key.
const WHY_MAX: usize = 500;
const KEY: std::ops::RangeInclusive<usize> = 8..=64;

/// A command for the desk.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCommand {
    /// `halt`, `reduce`, `resume`, `flatten`, `close`, `acknowledge`, `approve`, `reject` or
    /// `withdraw`.
    pub command: String,
    /// What it is about, where it is not about the whole desk: a position, an alert, a proposal.
    pub target: Option<String>,
    /// Why, in a person's words.
    pub why: String,
    /// A word of 8 to 64 characters that the client makes up: the same word is obeyed once,
    /// however often it is sent.
    pub key: String,
}

/// A command that was put into the inbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// The client's word.
    pub key: String,
    /// The key under which the journal knows it.
    pub journal_key: u64,
    /// The command.
    pub command: String,
    /// Who gave it.
    pub who: String,
}

/// Gives the desk a command. It takes effect when the desk takes it from its inbox; the `desk`
/// then shows it.
#[utoipa::path(post, path = "/api/v1/commands", tag = "commands", request_body = NewCommand,
    responses((status = 202, body = Accepted), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn order(
    State(app): State<App>,
    Extension(who): Extension<Who>,
    Json(order): Json<NewCommand>,
) -> Result<Response, Problem> {
    give(&app, &who, order).await
}

/// Puts a person's command into the inbox.
pub(super) async fn give(app: &App, who: &Who, order: NewCommand) -> Result<Response, Problem> {
    let command = parse(&order.command, order.target.as_deref())?;
    let least = least(command);
    if who.role < least {
        let (name, role) = (&who.name, who.role.name());
        let detail = format!("`{name}` is {role}, and `{command}` asks for {}", least.name());
        return Err(Problem::new(StatusCode::FORBIDDEN, "role", detail));
    }
    let why = reason(&order.why)?;
    if !KEY.contains(&order.key.chars().count()) {
        return Err(Problem::bad("`key` has 8 to 64 characters"));
    }
    let key = key_of(&who.name, &order.key);
    let ordered = OperatorCommand { command, who: who.name.as_str().into(), why: why.into(), key };
    let inbox = app.inbox.clone();
    let put = tokio::task::spawn_blocking(move || inbox.put(&ordered));
    put.await.map_err(|_| Problem::busy())?.map_err(Problem::ours)?;
    let accepted = Accepted {
        key: order.key,
        journal_key: key,
        command: command.to_string(),
        who: who.name.clone(),
    };
    Ok((StatusCode::ACCEPTED, Json(accepted)).into_response())
}

/// A reason in a person's words.
pub(super) fn reason(why: &str) -> Result<&str, Problem> {
    let why = why.trim();
    if why.is_empty() || WHY_MAX < why.chars().count() {
        return Err(Problem::bad(format!("`why` has 1 to {WHY_MAX} characters")));
    }
    Ok(why)
}

/// The words of commands.
const WORDS: [&str; 9] = [
    "halt",
    "reduce",
    "resume",
    "flatten",
    "approve",
    "reject",
    "withdraw",
    "close",
    "acknowledge",
];

fn parse(word: &str, target: Option<&str>) -> Result<Command, Problem> {
    let proposal = || {
        let id = target.and_then(ProposalId::parse);
        id.ok_or_else(|| Problem::bad(format!("`{word}` needs a proposal as `target`")))
    };
    let command = match word {
        "halt" => Command::Halt,
        "reduce" => Command::Reduce,
        "resume" => Command::Resume,
        "flatten" => Command::Flatten,
        "approve" => Command::Approve(proposal()?),
        "reject" => Command::Reject(proposal()?),
        "withdraw" => Command::Withdraw(proposal()?),
        "close" => {
            let position = target.and_then(IntentId::parse).map(PositionId);
            let missing = || Problem::bad("`close` needs a position as `target`");
            Command::Close(position.ok_or_else(missing)?)
        }
        "acknowledge" => {
            let key = target.and_then(AlertKey::parse);
            let missing = || Problem::bad("`acknowledge` needs an alert's `key` as `target`");
            Command::Acknowledge(key.ok_or_else(missing)?)
        }
        _ => {
            let known = WORDS.map(|word| format!("`{word}`")).join(", ");
            return Err(Problem::bad(format!("`{word}` is no command; known are {known}")));
        }
    };
    let whole =
        matches!(command, Command::Halt | Command::Reduce | Command::Resume | Command::Flatten);
    if target.is_some() && whole {
        return Err(Problem::bad(format!("`{word}` is for the whole desk and takes no `target`")));
    }
    Ok(command)
}

/// What stops is allowed sooner than what starts.
const fn least(command: Command) -> Role {
    match command {
        Command::Halt
        | Command::Reduce
        | Command::Approve(_)
        | Command::Reject(_)
        | Command::Withdraw(_)
        | Command::Acknowledge(_) => Role::Approver,
        Command::Flatten | Command::Resume | Command::Close(_) => Role::Operator,
    }
}

/// The key under which a client's word is journaled: the same for the same person and word, also
/// after a restart. 53 bits of it are used, so that scripts can read it as a number.
pub(super) fn key_of(who: &str, word: &str) -> u64 {
    let hash =
        blake3::derive_key("backsight web command key 1", format!("{who}\n{word}").as_bytes());
    let first: [u8; 8] = *hash.first_chunk().expect("a hash has 32 bytes");
    u64::from_le_bytes(first) >> 11
}
