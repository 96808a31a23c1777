//! What the site writes down about requests: one JSON object a line, for tools and for people.
//!
//! Written are requests that change something, that were refused or failed, and those that took
//! long. No body, no cookie, no token and no query is written. The file is bounded: a full one takes
//! the name of the one before.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::access::people::private;
use crate::clock;

const FILE: &str = "site.jsonl";
const BEFORE: &str = "site.before.jsonl";
/// Bytes of one file.
const BYTES_MAX: u64 = 8 << 20;
/// What takes longer is written down, whatever it was.
const LONG: Duration = Duration::from_secs(1);

/// The file, and how long it is.
#[derive(Debug)]
pub(crate) struct Diary {
    folder: PathBuf,
    file: Mutex<Option<(File, u64)>>,
}

/// One request.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    pub(crate) method: &'a str,
    /// The route, not the path: paths hold what people asked for.
    pub(crate) route: &'a str,
    pub(crate) status: u16,
    pub(crate) who: Option<&'a str>,
    pub(crate) peer: &'a str,
    /// The last record of the journal then: it says where the request stands among records.
    pub(crate) seq: u64,
}

/// Somebody who came, was refused or went, as it was written down.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Visit {
    pub(crate) at: String,
    pub(crate) method: String,
    pub(crate) route: String,
    pub(crate) status: u16,
    pub(crate) who: Option<String>,
    pub(crate) peer: String,
    /// Files of older builds do not have it.
    #[serde(default)]
    pub(crate) seq: u64,
}

/// The routes by which people come and go.
const DOORS: [&str; 2] = ["/api/v1/session", "/api/v1/setup"];

impl Visit {
    /// What the person did.
    pub(crate) fn what(&self) -> &'static str {
        let is_done = self.status < 400;
        match (self.route.as_str(), self.method.as_str()) {
            ("/api/v1/setup", _) if is_done => "first operator",
            ("/api/v1/setup", _) => "set-up refused",
            (_, "DELETE") => "log out",
            _ if is_done => "log in",
            _ => "log-in refused",
        }
    }
}

#[derive(Serialize)]
struct Written<'a> {
    at: String,
    ms: u128,
    #[serde(flatten)]
    line: &'a Line<'a>,
}

impl Diary {
    pub(crate) fn open(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), file: Mutex::new(None) }
    }

    /// Who came and went, as far as the files know, oldest first.
    pub(crate) fn visits(&self) -> Vec<Visit> {
        let texts = [BEFORE, FILE].map(|name| fs::read_to_string(self.folder.join(name)));
        let texts: Vec<String> = texts.into_iter().flatten().collect();
        let lines = texts.iter().flat_map(|text| text.lines());
        let visits = lines.filter_map(|line| serde_json::from_str::<Visit>(line).ok());
        // Who only asked whether somebody is logged in has neither come nor gone.
        let is_visit = |it: &Visit| DOORS.contains(&it.route.as_str()) && it.method != "GET";
        visits.filter(is_visit).collect()
    }

    /// Writes a request down, if it is worth it. A disk that fails costs the line and nothing else.
    pub(crate) fn note(&self, line: &Line<'_>, took: Duration) {
        let changes = !["GET", "HEAD"].contains(&line.method);
        if !changes && line.status < 400 && took < LONG {
            return;
        }
        let written = Written { at: clock::now().to_string(), ms: took.as_millis(), line };
        let text = serde_json::to_string(&written).unwrap_or_default() + "\n";
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.as_ref().is_some_and(|(_, length)| BYTES_MAX < *length) {
            *file = None;
            fs::rename(self.folder.join(FILE), self.folder.join(BEFORE)).ok();
        }
        if file.is_none() {
            *file = private(&self.folder.join(FILE)).ok().and_then(|mut opened| {
                let length = opened.seek(SeekFrom::End(0)).ok()?;
                Some((opened, length))
            });
        }
        if let Some((opened, length)) = file.as_mut()
            && opened.write_all(text.as_bytes()).is_ok()
        {
            *length += text.len() as u64;
        }
    }
}
