//! People and their tokens, in one file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use backsight_domain::time::{Span, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{lock, password};

const FILE: &str = "people.json";
const LOCK: &str = "people.lock";
/// Bytes of a secret.
const SECRET: usize = 32;
const WORD: usize = 16;
/// People, and tokens of one person.
const PEOPLE_MAX: usize = 100;
const TOKENS_MAX: usize = 20;
/// Longest name.
const NAME_MAX: usize = 40;
/// What every token begins with, so that tools that look for lost secrets find it.
const TOKEN_PREFIX: &str = "bst_";

/// What somebody may do. Who may more may all that others may.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Read.
    Viewer,
    /// Approve and reject proposals, halt and reduce.
    Approver,
    /// Everything else: resume, flatten, close, settings.
    Operator,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Approver, Self::Operator];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Approver => "approver",
            Self::Operator => "operator",
        }
    }

    /// The role of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Why people cannot be looked up or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccessFault {
    /// What was wanted cannot be.
    #[error("{0}")]
    Refused(String),
    /// The disk failed.
    #[error("cannot {attempt} `{}`", path.display())]
    Storage {
        /// What was attempted.
        attempt: &'static str,
        /// On which file.
        path: PathBuf,
        /// How it failed.
        #[source]
        source: io::Error,
    },
    /// The file is not what was written.
    #[error("cannot read `{}`: {why}; put it back from a copy, or move it away to begin anew", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Chance(String),
}

/// One person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// What the person may do.
    pub role: Role,
    password: String,
    /// Tokens by name.
    #[serde(default)]
    pub tokens: BTreeMap<String, TokenRow>,
}

/// One token as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenRow {
    hash: String,
    /// What it may do.
    pub role: Role,
    /// When it ends.
    pub until: String,
    /// The only paths it opens, by their beginnings; all of them when empty.
    #[serde(default)]
    pub only: Vec<String>,
}

/// A token that was found.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) only: Vec<String>,
}

type Table = BTreeMap<String, Person>;

/// The people who may enter. Another process may change the file at any time.
#[derive(Debug)]
pub struct People {
    folder: PathBuf,
    known: Mutex<(Option<SystemTime>, Table)>,
}

impl People {
    /// Opens the folder in which people are kept.
    ///
    /// # Errors
    /// Returns a folder that cannot be made, or a file that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, AccessFault> {
        fs::create_dir_all(folder).map_err(storage("create", folder))?;
        let people = Self { folder: folder.to_owned(), known: Mutex::new((None, Table::new())) };
        people.load()?;
        Ok(people)
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// Returns a file that cannot be read.
    pub fn all(&self) -> Result<BTreeMap<String, Person>, AccessFault> {
        self.load()
    }

    /// Whether somebody is an operator.
    ///
    /// # Errors
    /// Returns a file that cannot be read.
    pub fn has_operator(&self) -> Result<bool, AccessFault> {
        Ok(self.load()?.values().any(|person| person.role == Role::Operator))
    }

    /// Adds a person, or gives one another password and role.
    ///
    /// # Errors
    /// Returns a name or password that cannot be, or a failing disk.
    pub fn add(&self, name: &str, role: Role, password: &str) -> Result<(), AccessFault> {
        expect_name(name)?;
        let password = password::hash(password)?;
        self.change(|table| {
            if PEOPLE_MAX <= table.len() && !table.contains_key(name) {
                return Err(AccessFault::Refused(format!("at most {PEOPLE_MAX} people fit")));
            }
            let tokens = table.remove(name).map(|person| person.tokens).unwrap_or_default();
            table.insert(name.to_owned(), Person { role, password, tokens });
            Ok(())
        })
    }

    /// Gives a person another role.
    ///
    /// # Errors
    /// Returns somebody unknown, the last operator, or a failing disk.
    pub fn set_role(&self, name: &str, role: Role) -> Result<(), AccessFault> {
        self.change(|table| {
            expect_another(table, name, role == Role::Operator)?;
            person(table, name)?.role = role;
            Ok(())
        })
    }

    /// Removes a person with all tokens.
    ///
    /// # Errors
    /// Returns somebody unknown, the last operator, or a failing disk.
    pub fn remove(&self, name: &str) -> Result<(), AccessFault> {
        self.change(|table| {
            expect_another(table, name, false)?;
            person(table, name)?;
            table.remove(name);
            Ok(())
        })
    }

    /// Makes a token of a person and returns it. It is shown once: only its hash is kept.
    ///
    /// # Errors
    /// Returns somebody unknown, a role above the person's, or a failing disk.
    pub fn make_token(
        &self,
        (owner, name): (&str, &str),
        role: Role,
        only: Vec<String>,
        (now, lives): (Time, Span),
    ) -> Result<String, AccessFault> {
        expect_name(name)?;
        let token = format!("{TOKEN_PREFIX}{}", secret()?);
        let row = TokenRow { hash: hash_of(&token), role, until: (now + lives).to_string(), only };
        self.change(|table| {
            let person = person(table, owner)?;
            if person.role < role {
                let (has, wants) = (person.role.name(), role.name());
                let why = format!("`{owner}` is {has}, and a token cannot be {wants}");
                return Err(AccessFault::Refused(why));
            }
            if TOKENS_MAX <= person.tokens.len() {
                let why = format!("`{owner}` has {TOKENS_MAX} tokens; remove one first");
                return Err(AccessFault::Refused(why));
            }
            if person.tokens.contains_key(name) {
                let why = format!("`{owner}` has a token `{name}`; choose another name");
                return Err(AccessFault::Refused(why));
            }
            person.tokens.insert(name.to_owned(), row);
            Ok(())
        })?;
        Ok(token)
    }

    /// Removes a token of a person.
    ///
    /// # Errors
    /// Returns somebody or something unknown, or a failing disk.
    pub fn remove_token(&self, owner: &str, name: &str) -> Result<(), AccessFault> {
        self.change(|table| match person(table, owner)?.tokens.remove(name) {
            Some(_) => Ok(()),
            None => Err(AccessFault::Refused(format!("`{owner}` has no token `{name}`"))),
        })
    }

    /// Whether a password is a person's. Takes as long for somebody unknown.
    pub(crate) fn verify(&self, name: &str, given: &str) -> Result<bool, AccessFault> {
        let hashed = self.load()?.get(name).map(|person| person.password.clone());
        if hashed.is_none() {
            password::pretend(given);
        }
        Ok(hashed.is_some_and(|hashed| password::verify(given, &hashed)))
    }

    /// What a person may do; nothing for somebody unknown.
    pub(crate) fn role_of(&self, name: &str) -> Option<Role> {
        self.load().ok()?.get(name).map(|person| person.role)
    }

    /// The token of a secret and the name of its owner, while it lives.
    pub(crate) fn token(&self, secret: &str, now: Time) -> Option<(String, Token)> {
        let hash = hash_of(secret);
        let table = self.load().ok()?;
        for (owner, person) in table {
            let found = person.tokens.iter().find(|(_, row)| is_same(&row.hash, &hash));
            let Some((name, row)) = found else { continue };
            let lives = Time::parse(&row.until).is_some_and(|until| now < until);
            // A token never outgrows its owner, whose role may have shrunk.
            let role = row.role.min(person.role);
            let token = Token { name: name.clone(), role, only: row.only.clone() };
            return lives.then_some((owner, token));
        }
        None
    }

    fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// The file's people, read again when the file changed.
    fn load(&self) -> Result<Table, AccessFault> {
        let path = self.path();
        let changed = fs::metadata(&path).and_then(|file| file.modified()).ok();
        let mut known = lock(&self.known);
        if changed.is_none() || known.0 != changed {
            *known = (changed, read(&path)?);
        }
        Ok(known.1.clone())
    }

    /// Changes the file while no other process does.
    fn change(
        &self,
        act: impl FnOnce(&mut Table) -> Result<(), AccessFault>,
    ) -> Result<(), AccessFault> {
        let path = self.folder.join(LOCK);
        let guard = private(&path).map_err(storage("create", &path))?;
        guard.lock().map_err(storage("lock", &path))?;
        let mut table = read(&self.path())?;
        act(&mut table)?;
        let text = serde_json::to_string_pretty(&table).expect("people are text");
        write_private(&self.path(), &text)?;
        lock(&self.known).0 = None;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Table, AccessFault> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Table::new()),
        Err(fault) => return Err(storage("read", path)(fault)),
    };
    serde_json::from_str(&text)
        .map_err(|fault| AccessFault::Unreadable { path: path.to_owned(), why: fault.to_string() })
}

fn person<'t>(table: &'t mut Table, name: &str) -> Result<&'t mut Person, AccessFault> {
    let known = table.keys().cloned().collect::<Vec<_>>().join(", ");
    table
        .get_mut(name)
        .ok_or_else(|| AccessFault::Refused(format!("there is no `{name}`; there are: {known}")))
}

/// Refuses to take the role from the last operator: nobody could give it back.
fn expect_another(table: &Table, name: &str, stays: bool) -> Result<(), AccessFault> {
    let is_operator = |person: &Person| person.role == Role::Operator;
    let another = table.iter().any(|(other, person)| other != name && is_operator(person));
    let loses = table.get(name).is_some_and(is_operator) && !stays;
    if loses && !another {
        let why = format!("`{name}` is the only operator; make another one first");
        return Err(AccessFault::Refused(why));
    }
    Ok(())
}

fn expect_name(name: &str) -> Result<(), AccessFault> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    if (1..=NAME_MAX).contains(&name.len()) && name.chars().all(is_plain) {
        return Ok(());
    }
    let why = format!(
        "`{name}` is no name: use 1 to {NAME_MAX} letters, digits, dots, dashes, underscores, `@`"
    );
    Err(AccessFault::Refused(why))
}

/// A fresh secret of 256 bits.
pub(crate) fn secret() -> Result<String, AccessFault> {
    chance::<SECRET>()
}

/// A fresh word of 128 bits: enough for what lives a day, and short enough for a line.
pub(crate) fn word() -> Result<String, AccessFault> {
    chance::<WORD>()
}

fn chance<const BYTES: usize>() -> Result<String, AccessFault> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|fault| AccessFault::Chance(fault.to_string()))?;
    Ok(hex(&bytes))
}

/// What is kept of a secret.
pub(crate) fn hash_of(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

/// Compares two hashes in a time that tells nothing about them.
fn is_same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    };
    bytes.map(byte).collect()
}

/// Opens a file that only its owner may read.
pub(crate) fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a whole private file or nothing.
pub(super) fn write_private(path: &Path, text: &str) -> Result<(), AccessFault> {
    let beside = path.with_extension("new");
    let written = private(&beside).and_then(|mut file| {
        file.set_len(0)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()
    });
    written.map_err(storage("write", &beside))?;
    fs::rename(&beside, path).map_err(storage("write", path))
}

fn storage(attempt: &'static str, path: &Path) -> impl FnOnce(io::Error) -> AccessFault {
    let path = path.to_owned();
    move |source| AccessFault::Storage { attempt, path, source }
}
