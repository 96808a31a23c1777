//! Shows what learning finds in worlds whose truth is known.
//!
//! ```text
//! planted SEEDS NULLS [--from SEED] [--sessions N] [--into FILE]
//! planted --table FILE
//! ```
//!
//! So many seeds of each kind of effect and so many null worlds, from a seed on (0), of so many
//! sessions each (120). The rows are the table of `docs/LEARNING.md`. What each world came to is
//! written to the file as soon as it is known, a line each; worlds that stand there already are not
//! played again, so that a run can be stopped at any time and taken up later. `--table` prints the
//! table of such a file, finished or not. Every fourth seed is also played with an effect that dies.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::process::ExitCode;

use backsight_learning::trial::known::{self, Answer};
use backsight_sim::planted::Kind;

/// Every so many seeds the effect of a world dies.
const DIES_EVERY: u64 = 4;

const USAGE: &str = "planted SEEDS NULLS [--from SEED] [--sessions N] [--into FILE] \
                     or planted --table FILE, such as `planted 10 50 --from 1000`";

/// What is asked.
struct Request {
    seeds: u64,
    nulls: u64,
    from: u64,
    sessions: u64,
    file: Option<String>,
    is_table: bool,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(request) = Request::read(&words) else {
        say(USAGE);
        return ExitCode::from(2);
    };
    match request.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("the worlds' file cannot be read or written: {error}"));
            ExitCode::FAILURE
        }
    }
}

impl Request {
    fn read(words: &[String]) -> Option<Self> {
        let mut request =
            Self { seeds: 0, nulls: 0, from: 0, sessions: 120, file: None, is_table: false };
        let mut counts = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--from" => request.from = words.next()?.parse().ok()?,
                "--sessions" => request.sessions = words.next()?.parse().ok()?,
                "--into" => request.file = Some(words.next()?.clone()),
                "--table" => {
                    (request.file, request.is_table) = (Some(words.next()?.clone()), true);
                }
                word => counts.push(word.parse().ok()?),
            }
        }
        match counts[..] {
            [] if request.is_table => {}
            [seeds, nulls] => (request.seeds, request.nulls) = (seeds, nulls),
            _ => return None,
        }
        Some(request)
    }

    fn run(&self) -> io::Result<()> {
        let mut notes = Notes::open(self.file.as_deref())?;
        if !self.is_table {
            self.play(&mut notes)?;
        }
        notes.table();
        Ok(())
    }

    /// Plays every world that is not noted, a seed of each kind after the other, so that a run that
    /// is stopped has as many of each.
    fn play(&self, notes: &mut Notes) -> io::Result<()> {
        let sessions = usize::try_from(self.sessions).unwrap_or(120);
        let rounds = self.seeds.max(1);
        for round in 0..rounds {
            let seed = self.from + round;
            for kind in Kind::ALL.into_iter().filter(|_| round < self.seeds) {
                let about = format!("{}\t{seed}\t{sessions}", kind.name());
                notes.once("planted", &about, || word(known::planted(kind, seed, sessions)))?;
                if seed.is_multiple_of(DIES_EVERY) {
                    notes.once("died", &about, || death(kind, seed, sessions))?;
                }
            }
            for null in self.nulls * round / rounds..self.nulls * (round + 1) / rounds {
                let seed = self.from + null;
                let about = format!("none\t{seed}\t{sessions}");
                notes.once("null", &about, || {
                    let found = known::null(seed, sessions);
                    found.first().map_or("silent".into(), |found| found.changes[0].to_string())
                })?;
            }
        }
        Ok(())
    }
}

/// What was found out, a line for each world: what was played, kind, seed, sessions, what came of it.
struct Notes {
    lines: Vec<String>,
    file: Option<File>,
}

impl Notes {
    fn open(path: Option<&str>) -> io::Result<Self> {
        let Some(path) = path else { return Ok(Self { lines: Vec::new(), file: None }) };
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        // Two runs that write the same file at once find the same things twice.
        let mut known = BTreeSet::new();
        let lines = text.lines().filter(|line| known.insert(*line)).map(str::to_owned);
        Ok(Self { lines: lines.collect(), file: Some(file) })
    }

    fn once(&mut self, what: &str, about: &str, play: impl Fn() -> String) -> io::Result<()> {
        let head = format!("{what}\t{about}\t");
        if self.lines.iter().any(|line| line.starts_with(&head)) {
            return Ok(());
        }
        let line = head + &play();
        if let Some(file) = &mut self.file {
            writeln!(file, "{line}")?;
        }
        self.lines.push(line);
        Ok(())
    }

    /// What came of worlds, by what was played and the kind.
    fn of<'a>(&'a self, what: &'a str, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter_map(move |line| {
            let mut parts = line.split('\t');
            let is_it = parts.next() == Some(what) && parts.next() == Some(kind);
            if is_it { parts.nth(2) } else { None }
        })
    }

    fn table(&self) {
        say(
            "| What is true | worlds | first | among | other | nothing | found | died: after | stated |",
        );
        say("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        for kind in Kind::ALL {
            say(&self.row(kind));
        }
        let nulls: Vec<&str> = self.of("null", "none").collect();
        let loud: Vec<&&str> = nulls.iter().filter(|said| **said != "silent").collect();
        say(&format!(
            "\nNull worlds with an adoptable proposal: {} of {}.",
            loud.len(),
            nulls.len()
        ));
        for found in loud {
            say(&format!("  {found}"));
        }
    }

    fn row(&self, kind: Kind) -> String {
        let answers: Vec<&str> = self.of("planted", kind.name()).collect();
        let count = |wanted: Answer| {
            let wanted = word(wanted);
            answers.iter().filter(|answer| **answer == wanted).count()
        };
        let right = count(Answer::Right) + count(Answer::Among);
        let share = (right * 100).checked_div(answers.len()).map_or(0, |share| share);
        let deaths: Vec<&str> =
            self.of("died", kind.name()).filter(|said| *said != "unfound").collect();
        let number = |said: &&str, place: usize| said.split(' ').nth(place)?.parse::<usize>().ok();
        let mut after: Vec<usize> = deaths.iter().filter_map(|said| number(said, 0)).collect();
        after.sort_unstable();
        let soon = deaths.iter().filter(|said| said.starts_with("soon")).count();
        let stated = deaths.iter().filter_map(|said| number(said, 1)).max().unwrap_or(0);
        let median = after.get(after.len() / 2).map_or("-".to_owned(), ToString::to_string);
        format!(
            "| {} | {} | {} | {} | {} | {} | {share} % | {median} ({} of {}, {soon} too soon) | \
             {stated} |",
            kind.name(),
            answers.len(),
            count(Answer::Right),
            count(Answer::Among),
            count(Answer::Wrong),
            count(Answer::Nothing),
            after.len(),
            deaths.len(),
        )
    }
}

fn word(answer: Answer) -> String {
    let word = match answer {
        Answer::Right => "first",
        Answer::Among => "among",
        Answer::Wrong => "other",
        Answer::Nothing => "nothing",
    };
    word.to_owned()
}

/// Sessions until it was withdrawn, or why there are none, and the sessions that were stated.
fn death(kind: Kind, seed: u64, sessions: usize) -> String {
    let Some(death) = known::death(kind, seed, sessions) else { return "unfound".to_owned() };
    let after = match death.after {
        Some(after) => after.to_string(),
        None if death.too_soon => "soon".to_owned(),
        None => "never".to_owned(),
    };
    format!("{after} {:.0}", death.stated)
}

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn say(line: &str) {
    println!("{line}");
}
