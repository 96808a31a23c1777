//! A newsstand and a client that may ask it.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use backsight_gateway::guard::Guard;
use backsight_gateway::http::client::{Client, Patience};
use backsight_gateway::http::fault::Fault;
use backsight_gateway::http::names::Names;
use backsight_gateway::http::{Answer, Ask};
use backsight_gateway::newsstand::{Newsstand, Page};
use backsight_gateway::url::Url;

/// Long enough for a loaded machine, short enough for a test that waits it out.
pub(crate) const HASTY: Patience = Patience {
    connect: Duration::from_secs(5),
    silence: Duration::from_millis(500),
    whole: Some(Duration::from_secs(2)),
};

/// Time enough for anything that is not meant to run out of it.
pub(crate) const CALM: Patience = Patience {
    connect: Duration::from_secs(20),
    silence: Duration::from_secs(20),
    whole: Some(Duration::from_mins(1)),
};

/// A stand with one document at `/feed`.
pub(crate) fn stand(page: Page) -> Newsstand {
    let stand = Newsstand::open().expect("this machine has a free port");
    stand.put("/feed", page);
    stand
}

pub(crate) fn client(patience: Patience) -> Client {
    Client::new(Guard::with_loopback(), patience)
}

/// Asks a stand for its document.
pub(crate) fn get(stand: &Newsstand, patience: Patience, limit: usize) -> Result<Answer, Fault> {
    client(patience).get(&Ask::whole(stand.url("/feed")), limit)
}

/// Names as a test gives them: each look-up takes the next answer.
#[derive(Debug)]
pub(crate) struct Script(pub(crate) Mutex<Vec<Vec<SocketAddr>>>);

impl Names for Script {
    fn look_up(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        let mut answers = self.0.lock().expect("nobody panics with the lock in hand");
        if answers.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(answers.remove(0))
    }
}

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).expect("the test has a good address")
}

/// A folder of a test's own, gone when the test is over.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
