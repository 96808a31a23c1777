//! Sessions of browsers: random words of 256 bits, of which only hashes are kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use backsight_domain::time::{Span, Time};
use serde::{Deserialize, Serialize};

use super::people::{AccessFault, hash_of, write_private};

const FILE: &str = "sessions.json";
/// A session ends this long after it began.
const LIVES: Span = Span::from_minutes(12 * 60);
/// A session ends when nothing was asked for so long.
const IDLE: Span = Span::from_minutes(30);
/// A later sight of a session is written down so seldom.
const NOTED: Span = Span::from_minutes(5);
/// Sessions that are kept; the oldest goes first.
const SESSIONS_MAX: usize = 500;

/// The sessions of a site, by the hash of their word.
#[derive(Debug)]
pub(super) struct Sessions {
    path: PathBuf,
    rows: BTreeMap<String, Row>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row {
    name: String,
    /// Nanoseconds since 1970.
    began: i64,
    seen: i64,
    #[serde(skip)]
    noted: i64,
}

impl Row {
    fn lives(&self, now: Time) -> bool {
        let since = |nanos| now - Time::from_nanos(nanos);
        since(self.began) < LIVES && since(self.seen) < IDLE
    }
}

impl Sessions {
    /// Opens the file of sessions. One that cannot be read is as good as none: people log in again.
    pub(super) fn open(folder: &Path) -> Self {
        let path = folder.join(FILE);
        let rows = fs::read_to_string(&path).ok();
        let rows = rows.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self { path, rows }
    }

    pub(super) fn begin(&mut self, secret: &str, name: &str, now: Time) -> Result<(), AccessFault> {
        self.rows.retain(|_, row| row.lives(now));
        if SESSIONS_MAX <= self.rows.len() {
            let oldest = self.rows.iter().min_by_key(|(_, row)| row.seen);
            let oldest = oldest.map(|(hash, _)| hash.clone());
            oldest.and_then(|hash| self.rows.remove(&hash));
        }
        let at = now.nanos();
        let row = Row { name: name.to_owned(), began: at, seen: at, noted: at };
        self.rows.insert(hash_of(secret), row);
        self.write()
    }

    pub(super) fn end(&mut self, secret: &str) -> Result<(), AccessFault> {
        self.rows.remove(&hash_of(secret));
        self.write()
    }

    /// Whose session it is, and that it was seen.
    pub(super) fn owner(&mut self, secret: &str, now: Time) -> Option<String> {
        let row = self.rows.get_mut(&hash_of(secret)).filter(|row| row.lives(now))?;
        row.seen = now.nanos();
        let name = row.name.clone();
        if NOTED < now - Time::from_nanos(row.noted) {
            row.noted = now.nanos();
            // A sight that is not written down only ends the session sooner after a restart.
            self.write().ok();
        }
        Some(name)
    }

    fn write(&self) -> Result<(), AccessFault> {
        let text = serde_json::to_string(&self.rows).expect("sessions are text");
        write_private(&self.path, &text)
    }
}

/// The word that a session's own pages send with whatever changes something.
pub(crate) fn csrf_of(secret: &str) -> String {
    let key = blake3::derive_key("backsight web csrf 1", secret.as_bytes());
    super::people::hex(&key[..16])
}
