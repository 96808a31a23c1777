//! Who may do what: people, their roles, sessions and tokens.
//!
//! | File in the desk's `web` folder | Holds | Written by |
//! |---|---|---|
//! | `people.json` | names, roles, hashes of passwords and tokens | the site and `backsight users` |
//! | `sessions.json` | hashes of sessions | the site |
//!
//! Both are readable by their owner only. No secret is kept: passwords as Argon2id, tokens and
//! sessions, which are random and long, as BLAKE3. A role is looked up at every request, so that
//! what is taken away is gone at once.

pub mod password;
pub mod people;
mod sessions;
mod throttle;

use std::path::Path;
use std::sync::Mutex;

use backsight_domain::time::{Span, Time};

pub use self::people::{AccessFault, People, Role};
use self::people::{Token, hash_of};
use self::sessions::Sessions;
pub(crate) use self::sessions::csrf_of;
use self::throttle::Throttle;
use crate::clock;
use crate::problem::Problem;

/// How long a one-time set-up link lives.
const SETUP_LIVES: Span = Span::from_minutes(24 * 60);

/// Somebody who was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The name of the person.
    pub name: String,
    /// What the person, or the token, may do.
    pub role: Role,
    /// How the person was recognised.
    pub via: Via,
}

/// How somebody was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// By a session's cookie; unsafe requests need this word too.
    Session {
        /// The word that only our own pages know.
        csrf: String,
    },
    /// By a token.
    Token {
        /// Its name.
        name: String,
        /// The only paths it opens, by their beginnings; all of them when empty.
        only: Vec<String>,
    },
}

/// Who may do what.
#[derive(Debug)]
pub(crate) struct Access {
    people: People,
    sessions: Mutex<Sessions>,
    throttle: Mutex<Throttle>,
    setup: Mutex<Option<Setup>>,
}

#[derive(Debug)]
struct Setup {
    hash: String,
    until: Time,
}

impl Access {
    /// Opens the folder of a site.
    pub(crate) fn open(folder: &Path) -> Result<Self, AccessFault> {
        let people = People::open(folder)?;
        Ok(Self {
            people,
            sessions: Mutex::new(Sessions::open(folder)),
            throttle: Mutex::new(Throttle::default()),
            setup: Mutex::new(None),
        })
    }

    /// A word that lets one person become the first operator; nothing when there is one.
    pub(crate) fn begin_setup(&self) -> Result<Option<String>, AccessFault> {
        if self.people.has_operator()? {
            return Ok(None);
        }
        let word = people::word()?;
        let setup = Setup { hash: hash_of(&word), until: clock::now() + SETUP_LIVES };
        *lock(&self.setup) = Some(setup);
        Ok(Some(word))
    }

    /// Makes the first operator. The word is spent whether or not somebody else was faster.
    pub(crate) fn set_up(&self, word: &str, name: &str, password: &str) -> Result<(), Problem> {
        let mut setup = lock(&self.setup);
        let fits = |it: &Setup| it.hash == hash_of(word) && clock::now() < it.until;
        if !setup.as_ref().is_some_and(fits) {
            let problem = Problem::new(
                axum::http::StatusCode::FORBIDDEN,
                "set-up",
                "this link was used, is too old, or was never printed",
            );
            return Err(problem.hint("a start without an operator prints a new one"));
        }
        self.people.add(name, Role::Operator, password).map_err(refused)?;
        *setup = None;
        Ok(())
    }

    /// Checks a name and a password; slow on purpose.
    pub(crate) fn log_in(&self, name: &str, password: &str) -> Result<String, Problem> {
        let now = clock::now();
        lock(&self.throttle).admit(name, now)?;
        let is_right = self.people.verify(name, password).map_err(refused)?;
        lock(&self.throttle).note(name, is_right, now);
        if !is_right {
            let problem = Problem::new(
                axum::http::StatusCode::UNAUTHORIZED,
                "wrong-password",
                "name or password is wrong",
            );
            return Err(problem.hint("an operator can set a new one: `backsight users add NAME`"));
        }
        let secret = people::secret().map_err(refused)?;
        lock(&self.sessions).begin(&secret, name, now).map_err(refused)?;
        Ok(secret)
    }

    /// Ends a session.
    pub(crate) fn log_out(&self, secret: &str) -> Result<(), Problem> {
        lock(&self.sessions).end(secret).map_err(refused)
    }

    /// Who a session belongs to; nobody when it ended.
    pub(crate) fn by_session(&self, secret: &str) -> Option<Who> {
        let name = lock(&self.sessions).owner(secret, clock::now())?;
        let role = self.people.role_of(&name)?;
        Some(Who { name, role, via: Via::Session { csrf: csrf_of(secret) } })
    }

    /// Who a token belongs to; nobody when it ended.
    pub(crate) fn by_token(&self, secret: &str) -> Option<Who> {
        let (owner, Token { name, role, only }) = self.people.token(secret, clock::now())?;
        let via = Via::Token { name: name.clone(), only };
        Some(Who { name: format!("{owner} ({name})"), role, via })
    }
}

impl Who {
    /// Whether it may be let through to a path that asks for a role.
    pub(crate) fn may(&self, least: Role, path: &str) -> bool {
        let is_open = match &self.via {
            Via::Session { .. } => true,
            Via::Token { only, .. } => {
                only.is_empty() || only.iter().any(|prefix| path.starts_with(prefix.as_str()))
            }
        };
        is_open && least <= self.role
    }
}

fn refused(fault: AccessFault) -> Problem {
    match fault {
        AccessFault::Refused(why) => Problem::bad(why),
        AccessFault::Storage { .. } | AccessFault::Chance(_) | AccessFault::Unreadable { .. } => {
            Problem::ours(fault.to_string())
        }
    }
}

/// A lock whose holder never panics half way: what it guards is whole either way.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
