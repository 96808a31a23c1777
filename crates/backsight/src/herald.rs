//! The herald: follows the journal behind the desk, tells people, and makes the digests.
//!
//! ```text
//! journal's files ──► Past (alerts, everything digests need) ──► letters ──► Post (outbox, threads)
//!                                                            └──► home/digests
//! ```
//!
//! It shares nothing with the desk but the disk, like whoever keeps the tables. What it has told is
//! in the outbox, with the last record whose alerts are there: after a crash it goes on behind that,
//! and a letter that is there already is not put in twice. A first start tells nothing of the past.
//!
//! What was noticed, and when, is the journal's time. When people are called, left alone and called
//! again is the wall's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use backsight_domain::alert::Alert;
use backsight_domain::session::{Session, covers};
use backsight_domain::time::{Date, Span};
use backsight_gateway::alert::Letter;
use backsight_gateway::alert::list::ChannelList;
use backsight_gateway::alert::post::Post;
use backsight_gateway::file::write_whole;
use backsight_journal::{ReadFault, Reader, RealDisk};
use backsight_learning::past::{Past, trading_date};

use crate::answer::{Exit, Failure};
use crate::clock::{self, Stopwatch};
use crate::digest::{self, Digest, Half};
use crate::environment;
use crate::home::{Home, read_whole, show};

/// How often the journal is looked at when it does not grow.
const REST: Duration = Duration::from_millis(100);
/// How often alerts that nobody acknowledged are looked through.
const ESCALATION: Duration = Duration::from_secs(1);
/// Files of digests that are kept: two forms of two digests of a year's sessions.
const FILES_MAX: usize = 1_008;
/// How long after an open the ideas of the day are still told.
const LATE: Span = Span::from_minutes(60);

/// Tells people what the journal says, until it is dropped.
#[derive(Debug)]
pub(crate) struct Herald {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// The list of channels of a desk; nobody is told where there is no file.
pub(crate) fn channels(home: &Home) -> Result<ChannelList, Failure> {
    let path = home.alerts_file();
    let Some(text) = read_whole(&path)? else { return Ok(ChannelList::default()) };
    ChannelList::parse(&text).map_err(|problems| {
        let problem = problems.first().map(|it| format!("{}: {}", it.at, it.problem.trim()));
        let message = format!("`{}`: {}", show(&path), problem.unwrap_or_default());
        Failure::new(Exit::Configuration, message)
    })
}

/// Opens the post of a desk.
pub(crate) fn post(home: &Home) -> Result<Arc<Post>, Failure> {
    let list = channels(home)?;
    let post = Post::open(&home.alerts(), list, environment::variable, clock::now);
    let cannot = |fault: io::Error| {
        Failure::from(fault)
            .context(format!("cannot open the outbox in `{}`", show(&home.alerts())))
    };
    post.map(Arc::new).map_err(cannot)
}

impl Herald {
    /// Begins to follow the journal.
    pub(crate) fn begin(home: &Home, post: Arc<Post>) -> Result<Self, Failure> {
        let is_over = Arc::new(AtomicBool::new(false));
        let (ending, home) = (is_over.clone(), home.clone());
        let thread = thread::Builder::new().name("herald".to_owned());
        let thread = thread.spawn(move || follow(&home, &post, &ending))?;
        Ok(Self { is_over, thread: Some(thread) })
    }
}

/// What is under way is finished; it is the disk's work at most.
impl Drop for Herald {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Follows the journal until it is over; begins again when it could not be read.
fn follow(home: &Home, post: &Post, is_over: &AtomicBool) {
    let disk = home.disk();
    while !is_over.load(Ordering::Relaxed) {
        // A write that is under way can look like damage; what is damage stops the desk itself.
        follow_once(home, &disk, post, is_over).ok();
        clock::pause(REST);
    }
}

fn follow_once(
    home: &Home,
    disk: &RealDisk,
    post: &Post,
    is_over: &AtomicBool,
) -> Result<(), ReadFault> {
    let mut past = Past::default();
    let mut reader = Reader::open(disk)?;
    let mut seen = post.seen();
    let (mut last, mut escalated) = (0, Stopwatch::start());
    while !is_over.load(Ordering::Relaxed) {
        for stamped in reader.by_ref() {
            let stamped = stamped?;
            let (count, changes) = (past.alerts.count(), past.alerts.changes());
            past.take(&stamped);
            last = stamped.seq.0;
            let is_new = seen.is_some_and(|seen| seen < last) && changes != past.alerts.changes();
            if is_new && count != past.alerts.count() {
                tell(post, &past, count);
                post.see(last);
                seen = Some(last);
            }
            if is_over.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
        if seen.is_none() && last != 0 {
            post.see(last);
            seen = Some(last);
        }
        if last != 0 {
            digest_what_is_due(home, post, &past);
        }
        if ESCALATION < escalated.elapsed() {
            escalate(post, &past);
            escalated = Stopwatch::start();
        }
        clock::pause(REST);
        reader.resume()?;
    }
    Ok(())
}

/// Puts in a letter for each alert that was raised after so many.
fn tell(post: &Post, past: &Past, count: usize) {
    for alert in past.alerts.since(count) {
        post.tell(&letter(past, alert, 0), 0);
    }
}

/// Tells again what nobody acknowledged in time.
fn escalate(post: &Post, past: &Past) {
    let now = clock::now();
    for alert in past.alerts.open().filter(|alert| alert.wants_acknowledgement()) {
        let Some((told, last)) = post.told(&alert.id()) else { continue };
        let again = post.list().calling.again(alert, told, last);
        if again.is_some_and(|at| at <= now) {
            post.tell(&letter(past, alert, told), told);
        }
    }
}

fn letter(past: &Past, alert: &Alert, round: u32) -> Letter {
    let notice = &alert.notice;
    let simulated = if digest::is_simulated(past) { "SIMULATED " } else { "" };
    let again = match round {
        0 => String::new(),
        round => format!(" (told {} times, nobody acknowledged it)", round + 1),
    };
    let mut text = format!("{} at {}{again}", notice.key, notice.at);
    if notice.severity.needs_acknowledgement() {
        let command = format!("backsight alerts acknowledge {}", notice.key);
        text = format!("{text}\nSeen? Say so on the dashboard, or: {command}");
    }
    Letter {
        id: alert.id(),
        kind: notice.key.to_string(),
        severity: notice.severity,
        subject: format!("{simulated}{}: {}{again}", notice.severity, notice.text),
        text,
        html: None,
        at: notice.at,
    }
}

/// Makes the digests that are due and not there yet: each once for a session, the latest only.
fn digest_what_is_due(home: &Home, post: &Post, past: &Past) {
    for (half, session) in due(past, post.list().before_open) {
        let path = file_of(home, half, session);
        if path.exists() {
            continue;
        }
        let Some(digest) = Digest::of(past, half, Some(session)) else { continue };
        post.digest(&digest.letter(past.history.at));
        // The file says that it was sent, so it comes last. A disk that fails is tried again.
        keep(home, &digest).ok();
    }
}

/// The digests that belong to an instant of the journal.
fn due(past: &Past, before_open: Span) -> Vec<(Half, Date)> {
    let now = past.history.at;
    if !covers(now) {
        return Vec::new();
    }
    let closed = past.history.closings.last().map(|it| (Half::Post, trading_date(it.at)));
    let session = Session::at(now).unwrap_or_else(|| Session::next_after(now));
    let is_near = session.open() - before_open <= now && now < session.open() + LATE;
    closed.into_iter().chain(is_near.then(|| (Half::Pre, session.date()))).collect()
}

/// Where a digest is kept.
pub(crate) fn file_of(home: &Home, half: Half, session: Date) -> PathBuf {
    home.digests().join(format!("{session}-{half}.html"))
}

/// Keeps a digest as a page and as text.
pub(crate) fn keep(home: &Home, digest: &Digest) -> io::Result<PathBuf> {
    let path = file_of(home, digest.half, digest.session);
    write_whole(&path.with_extension("txt"), digest.sheet.text())?;
    write_whole(&path, digest.sheet.html())?;
    forget_old(&home.digests())?;
    Ok(path)
}

/// Removes what is beyond the bound; names begin with the date.
fn forget_old(folder: &Path) -> io::Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|it| it.path()).collect();
    paths.sort();
    let beyond = paths.len().saturating_sub(FILES_MAX);
    paths.iter().take(beyond).try_for_each(fs::remove_file)
}
