//! Commands on their way to a desk: one file each, named by the command's key.
//!
//! A file appears whole or not at all. The running desk journals what it says and then removes it.
//! A desk that dies in between finds it again, and the engine knows the key. So a command is never
//! lost and never obeyed twice, and one that is given while no desk runs waits for the next.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use backsight_domain::alert::AlertKey;
use backsight_domain::desk::{Command, OperatorCommand};
use backsight_domain::id::{IntentId, PositionId, ProposalId};
use backsight_domain::policy::Policy;
use backsight_domain::proposal::Lesson;
use backsight_journal::wire::{from_bytes, to_bytes};

use crate::answer::Failure;
use crate::clock;
use crate::home::{Home, write_whole};

const KIND: &str = "command";
/// What was learned waits beside the commands, as the journal will hold it.
const LESSON: &str = "lesson";
const POLICY: &str = "policy";

fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => Err(fault.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A command that waits, and the file it waits in.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    /// The command.
    pub(crate) command: OperatorCommand,
    path: PathBuf,
}

impl Waiting {
    /// Takes the command out of the inbox, once it is journaled.
    pub(crate) fn done(&self) -> Result<(), Failure> {
        remove(&self.path)
    }

    /// Whether it still waits.
    pub(crate) fn waits(&self) -> bool {
        self.path.exists()
    }
}

/// Puts a command into the inbox.
pub(crate) fn put(home: &Home, command: Command, who: &str, why: &str) -> Result<Waiting, Failure> {
    // Keys grow with time, so that the engine forgets the oldest ones first.
    let mut key = u64::try_from(clock::now().nanos()).unwrap_or(0);
    while path_of(home, key).exists() {
        key += 1;
    }
    let command = OperatorCommand { command, who: who.into(), why: why.into(), key };
    let path = path_of(home, key);
    write_whole(&path, &text_of(&command))?;
    Ok(Waiting { command, path })
}

/// Puts a command with a key of its own into the inbox; nothing changes when it waits already.
pub(crate) fn put_keyed(home: &Home, command: &OperatorCommand) -> Result<(), Failure> {
    let path = path_of(home, command.key);
    if path.exists() { Ok(()) } else { write_whole(&path, &text_of(command)) }
}

/// A policy that somebody wants, and the file it waits in.
#[derive(Clone, Debug)]
pub(crate) struct WaitingPolicy {
    /// The policy.
    pub(crate) policy: Policy,
    /// Who wants it, and why.
    pub(crate) who: Box<str>,
    path: PathBuf,
}

impl WaitingPolicy {
    /// Takes the policy out of the inbox, once it is journaled.
    pub(crate) fn done(&self) -> Result<(), Failure> {
        remove(&self.path)
    }
}

/// Makes a policy the one of the file, and puts it into the inbox for a desk that runs.
pub(crate) fn put_policy(
    home: &Home,
    (policy, key): (&Policy, u64),
    (who, why): (&str, &str),
) -> Result<(), Failure> {
    let text = policy.to_toml();
    write_whole(&home.policy_file(), &text)?;
    let who = format!("{who}: {why}").replace(['\n', '\r'], " ");
    write_whole(&home.inbox().join(format!("{key:016x}.{POLICY}")), &format!("# {who}\n{text}"))
}

fn read_policy(path: &Path) -> Option<(Policy, Box<str>)> {
    let text = fs::read_to_string(path).ok()?;
    let who = text.lines().next()?.strip_prefix("# ")?.into();
    Some((Policy::from_toml(&text).ok()?, who))
}

/// When a file was written; long ago when nobody knows.
fn written(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Something learned that waits, and the file it waits in.
#[derive(Clone, Debug)]
pub(crate) struct Taught {
    /// The lesson.
    pub(crate) lesson: Lesson,
    path: PathBuf,
}

impl Taught {
    /// Takes the lesson out of the inbox, once it is journaled. One that is told twice is merged
    /// with itself.
    pub(crate) fn done(&self) -> Result<(), Failure> {
        remove(&self.path)
    }
}

/// Puts something learned into the inbox.
pub(crate) fn teach(home: &Home, lesson: &Lesson) -> Result<(), Failure> {
    let path_of = |key: u64| home.inbox().join(format!("{key:016x}.{LESSON}"));
    let mut key = u64::try_from(clock::now().nanos()).unwrap_or(0);
    while path_of(key).exists() {
        key += 1;
    }
    let mut digits = String::new();
    for byte in to_bytes(lesson) {
        write!(digits, "{byte:02x}").expect("writing to a string cannot fail");
    }
    write_whole(&path_of(key), &digits)
}

/// The lessons that wait, oldest first.
pub(crate) fn lessons(home: &Home) -> Vec<Taught> {
    let Ok(entries) = fs::read_dir(home.inbox()) else { return Vec::new() };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == LESSON));
    paths.sort();
    let read = |path: PathBuf| {
        let digits = fs::read_to_string(&path).ok()?;
        let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(byte).collect();
        Some(Taught { lesson: from_bytes(&bytes?).ok()?, path })
    };
    paths.into_iter().filter_map(read).collect()
}

/// What lies in an inbox.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inbox {
    /// The commands that wait, oldest first.
    pub(crate) waiting: Vec<Waiting>,
    /// Policies that somebody wants, oldest first.
    pub(crate) policies: Vec<WaitingPolicy>,
    /// Files that are named like commands and are none. A desk passes them over.
    pub(crate) unreadable: Vec<PathBuf>,
}

/// Looks into the inbox.
pub(crate) fn look(home: &Home) -> Inbox {
    let mut inbox = Inbox::default();
    let Ok(entries) = fs::read_dir(home.inbox()) else { return inbox };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|kind| kind == POLICY) {
            match read_policy(&path) {
                Some((policy, who)) => inbox.policies.push(WaitingPolicy { policy, who, path }),
                None => inbox.unreadable.push(path),
            }
            continue;
        }
        if path.extension().is_none_or(|kind| kind != KIND) {
            continue;
        }
        match read(&path) {
            Some(command) => inbox.waiting.push(Waiting { command, path }),
            // A file that went away meanwhile was taken by the desk.
            None if path.exists() => inbox.unreadable.push(path),
            None => {}
        }
    }
    // Keys of the site are hashes, so that the order of giving is the files'.
    inbox.waiting.sort_by_key(|waiting| (written(&waiting.path), waiting.command.key));
    inbox.policies.sort_by_key(|waiting| written(&waiting.path));
    inbox
}

fn path_of(home: &Home, key: u64) -> PathBuf {
    home.inbox().join(format!("{key:016x}.{KIND}"))
}

fn text_of(command: &OperatorCommand) -> String {
    let mut table = toml::Table::new();
    table.insert("command".to_owned(), command.command.to_string().into());
    if let Some(proposal) = command.command.proposal() {
        table.insert("proposal".to_owned(), proposal.to_string().into());
    }
    if let Command::Close(position) = command.command {
        table.insert("position".to_owned(), position.0.to_string().into());
    }
    if let Command::Acknowledge(key) = command.command {
        table.insert("alert".to_owned(), key.to_string().into());
    }
    table.insert("who".to_owned(), command.who.as_ref().into());
    table.insert("why".to_owned(), command.why.as_ref().into());
    table.to_string()
}

fn read(path: &Path) -> Option<OperatorCommand> {
    let text = fs::read_to_string(path).ok()?;
    let key = u64::from_str_radix(path.file_stem()?.to_str()?, 16).ok()?;
    parse(&text, key)
}

fn parse(text: &str, key: u64) -> Option<OperatorCommand> {
    let table: toml::Table = text.parse().ok()?;
    let word = |name: &str| table.get(name)?.as_str();
    let proposal = || ProposalId::parse(word("proposal")?);
    let command = match word("command")? {
        "halt" => Command::Halt,
        "reduce" => Command::Reduce,
        "flatten" => Command::Flatten,
        "resume" => Command::Resume,
        "approve" => Command::Approve(proposal()?),
        "reject" => Command::Reject(proposal()?),
        "withdraw" => Command::Withdraw(proposal()?),
        "close" => Command::Close(PositionId(IntentId::parse(word("position")?)?)),
        "acknowledge" => Command::Acknowledge(AlertKey::parse(word("alert")?)?),
        _ => return None,
    };
    Some(OperatorCommand { command, who: word("who")?.into(), why: word("why")?.into(), key })
}

#[cfg(test)]
mod tests;
