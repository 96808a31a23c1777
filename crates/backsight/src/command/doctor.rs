//! `doctor`: what could keep a desk from running, and what to do about it.

use std::fs;

use backsight_domain::session::covers;
use backsight_journal::Reader;
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::clock;
use crate::command::Context;
use crate::command::config::PENDING;
use crate::command::status;
use crate::home::{Home, show};
use crate::inbox;
use crate::page::{Cell, Table, Tone};
use crate::view::origin::{self, Origin};
use crate::{views, words};

/// How a finding is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Fine,
    Look,
    Fail,
}

/// One thing that was looked at.
struct Finding {
    name: &'static str,
    weight: Weight,
    text: String,
    /// How the process ends when it fails.
    exit: Exit,
}

impl Finding {
    fn fine(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, weight: Weight::Fine, text: text.into(), exit: Exit::Fine }
    }

    fn look(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, weight: Weight::Look, text: text.into(), exit: Exit::Fine }
    }

    fn fail(name: &'static str, failure: &Failure) -> Self {
        Self { name, weight: Weight::Fail, text: failure.message(), exit: failure.exit }
    }
}

/// Looks at everything.
pub(crate) fn run(context: &Context) -> Answer {
    let home = &context.home;
    let findings = [
        writable(home),
        room(home),
        lock(home),
        journal(home),
        policy(home),
        desk(home),
        waiting(home),
        tables(home),
        calendar(),
    ];
    let mut page = context.page();
    let mut table = Table::new(&["", "looked at", "found"]);
    for finding in &findings {
        let (tone, word) = match finding.weight {
            Weight::Fine => (Tone::Good, "ok"),
            Weight::Look => (Tone::Warn, "warn"),
            Weight::Fail => (Tone::Bad, "fail"),
        };
        table.row([Cell::toned(tone, word), finding.name.into(), finding.text.as_str().into()]);
    }
    page.line(Tone::Strong, &format!("Desk in {}", words::path(home.root())));
    page.table(&table);
    let failed: Vec<&Finding> = findings.iter().filter(|f| f.weight == Weight::Fail).collect();
    for finding in &failed {
        page.blank();
        page.words(Tone::Bad, &format!("{}: {}", finding.name, finding.text));
    }
    let exit = failed.first().map_or(Exit::Fine, |finding| finding.exit);
    let json = json!({
        "healthy": failed.is_empty(),
        "findings": findings.iter().map(json_of).collect::<Vec<Value>>(),
    });
    Answer { page: page.into(), json, exit }
}

fn json_of(finding: &Finding) -> Value {
    let weight = match finding.weight {
        Weight::Fine => "ok",
        Weight::Look => "warn",
        Weight::Fail => "fail",
    };
    json!({ "name": finding.name, "result": weight, "text": finding.text })
}

fn writable(home: &Home) -> Finding {
    let name = "home";
    let probe = home.root().join("doctor.unfinished");
    let attempt = fs::create_dir_all(home.root())
        .and_then(|()| fs::write(&probe, "probe"))
        .and_then(|()| fs::remove_file(&probe));
    match attempt {
        Ok(()) => Finding::fine(name, "can be written"),
        Err(fault) => {
            let attempt =
                format!("cannot write in `{}`; choose another `--home`", show(home.root()));
            Finding::fail(name, &Failure::from(fault).context(attempt))
        }
    }
}

/// Whether the tables that SQL is asked follow the journal.
fn tables(home: &Home) -> Finding {
    let name = "tables";
    let last = Reader::open(&home.disk())
        .ok()
        .and_then(|reader| reader.filter_map(Result::ok).last().map(|stamped| stamped.seq));
    let running = home.running().is_some();
    match views::lag(home, last.unwrap_or_default()) {
        None => Finding::fine(name, "none yet; a desk that runs makes them"),
        Some(Ok(0)) => Finding::fine(name, "up to date"),
        Some(Ok(lag)) if running => {
            Finding::fine(name, format!("{} records behind", words::count(lag)))
        }
        Some(Ok(lag)) => {
            let lag = words::count(lag);
            Finding::look(
                name,
                format!("{lag} records behind; `backsight rebuild` or the next run"),
            )
        }
        Some(Err(fault)) => Finding::look(name, fault),
    }
}

/// A month of the demo needs a few dozen megabytes; a desk that finds no room stands still.
const ROOM: u64 = 1 << 30;

fn room(home: &Home) -> Finding {
    let name = "disk";
    match rustix::fs::statvfs(home.root()) {
        Err(fault) => Finding::look(name, format!("free space is unknown: {fault}")),
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let text = format!("{} free", words::bytes(free));
            if ROOM <= free {
                return Finding::fine(name, text);
            }
            Finding::look(
                name,
                format!("{text}; a desk that finds no room stands still: make room"),
            )
        }
    }
}

fn lock(home: &Home) -> Finding {
    match home.running() {
        Some(process) => Finding::fine("process", format!("process {process} runs this desk")),
        None => Finding::fine("process", "nobody runs this desk"),
    }
}

fn journal(home: &Home) -> Finding {
    let name = "journal";
    if !home.has_journal() {
        return Finding::look(name, "not begun; begin it: backsight demo");
    }
    let disk = home.disk();
    let mut records = 0_u64;
    let read = Reader::open(&disk).and_then(|mut reader| {
        for stamped in reader.by_ref() {
            stamped?;
            records += 1;
        }
        Ok(reader.torn())
    });
    let size = words::bytes(home.journal_bytes());
    match read {
        Err(fault) => Finding::fail(name, &fault.into()),
        Ok(None) => {
            Finding::fine(name, format!("{} records in {size} hold", words::count(records)))
        }
        Ok(Some(torn)) => {
            let bytes = torn.bytes;
            Finding::look(
                name,
                format!("holds; {bytes} unfinished bytes are cut at the next start"),
            )
        }
    }
}

fn policy(home: &Home) -> Finding {
    let name = "policy";
    let written = match home.written_policy() {
        Err(failure) => return Finding::fail(name, &failure),
        Ok(None) => return Finding::fine(name, "no policy.toml; backsight config init writes one"),
        Ok(Some(written)) => written,
    };
    // A journal that cannot be read has a finding of its own.
    let Ok((Some(origin), Some(adopted))) =
        Origin::read(home).and_then(|origin| Ok((origin, origin::policy_in_force(home)?)))
    else {
        return Finding::fine(name, "policy.toml is valid");
    };
    if let Err(failure) = origin.expect_accounts(home, &written) {
        return Finding::fail(name, &failure);
    }
    if adopted.policy != written {
        return Finding::look(name, PENDING);
    }
    Finding::fine(name, format!("policy.toml is what the desk follows, as {}", adopted.version.0))
}

fn desk(home: &Home) -> Finding {
    let name = "desk.toml";
    match crate::command::demo::setup::DeskFile::read(home) {
        Err(failure) => Finding::fail(name, &failure),
        Ok(None) => Finding::look(name, "not written; begin a desk: backsight demo"),
        Ok(Some(desk)) => {
            let text =
                format!("{} world, {} symbols, seed {}", desk.world, desk.symbols, desk.seed);
            Finding::fine(name, text)
        }
    }
}

fn waiting(home: &Home) -> Finding {
    let name = "inbox";
    let inbox = inbox::look(home);
    let count = inbox.waiting.len();
    match inbox.unreadable.first() {
        Some(path) => {
            let path = show(path);
            Finding::look(name, format!("`{path}` is no command and is passed over; remove it"))
        }
        None if count == 0 => Finding::fine(name, "empty"),
        None => {
            Finding::look(name, format!("{count} command(s) wait for the desk: backsight demo"))
        }
    }
}

fn calendar() -> Finding {
    let now = clock::now();
    if covers(now) {
        return Finding::fine("calendar", format!("covers today; {}", status::phase(now)));
    }
    Finding::look("calendar", "does not cover today: look at the clock, or get a newer build")
}
