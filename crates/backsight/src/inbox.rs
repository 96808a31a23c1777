//! Commands on their way to a desk: one file each, named by the command's key.
//!
//! A file appears whole or not at all. The running desk journals what it says and then removes it.
//! A desk that dies in between finds it again, and the engine knows the key. So a command is never
//! lost and never obeyed twice, and one that is given while no desk runs waits for the next.

use std::fs;
use std::path::PathBuf;

use backsight_domain::desk::{Command, OperatorCommand};

use crate::answer::{Exit, Failure};
use crate::clock;
use crate::home::{Home, show, write_whole};

const KIND: &str = "command";

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
        match fs::remove_file(&self.path) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => Err(fault.into()),
            Ok(()) | Err(_) => Ok(()),
        }
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

/// The commands that wait, oldest first. A file that is no command is an error that names it.
pub(crate) fn waiting(home: &Home) -> Result<Vec<Waiting>, Failure> {
    let Ok(entries) = fs::read_dir(home.inbox()) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == KIND) {
            found.push(read(path)?);
        }
    }
    found.sort_by_key(|waiting| waiting.command.key);
    Ok(found)
}

fn path_of(home: &Home, key: u64) -> PathBuf {
    home.inbox().join(format!("{key:016x}.{KIND}"))
}

fn text_of(command: &OperatorCommand) -> String {
    let mut table = toml::Table::new();
    table.insert("command".to_owned(), command.command.to_string().into());
    table.insert("who".to_owned(), command.who.as_ref().into());
    table.insert("why".to_owned(), command.why.as_ref().into());
    table.to_string()
}

fn read(path: PathBuf) -> Result<Waiting, Failure> {
    let text = fs::read_to_string(&path)?;
    let key = path.file_stem().and_then(|stem| u64::from_str_radix(stem.to_str()?, 16).ok());
    let command = key.and_then(|key| parse(&text, key)).ok_or_else(|| {
        let message = format!("`{}` is no command; remove it", show(&path));
        Failure::new(Exit::Configuration, message)
    })?;
    Ok(Waiting { command, path })
}

fn parse(text: &str, key: u64) -> Option<OperatorCommand> {
    let table: toml::Table = text.parse().ok()?;
    let word = |name: &str| table.get(name)?.as_str();
    let commands = [Command::Halt, Command::Reduce, Command::Flatten, Command::Resume];
    let named = word("command")?;
    let command = commands.into_iter().find(|command| command.to_string() == named)?;
    Some(OperatorCommand { command, who: word("who")?.into(), why: word("why")?.into(), key })
}

#[cfg(test)]
mod tests;
