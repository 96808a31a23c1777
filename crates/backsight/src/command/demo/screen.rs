//! The live part's screen, drawn in place; or a line for each session where nobody looks.

use std::collections::VecDeque;
use std::fmt::Write;
use std::time::Duration;

use backsight_domain::decision::{Effect, Outcome, Reason, Subject};
use backsight_domain::signal::Signal;
use backsight_domain::time::Time;
use backsight_journal::Log;
use backsight_sim::run::{Advanced, Run};
use serde_json::json;

use super::log::DemoLog;
use crate::clock::Stopwatch;
use crate::command::{positions, status};
use crate::json;
use crate::output::{self, Output};
use crate::page::{Cell, Page, Table, Tone};
use crate::views::Standing;
use crate::words;

/// The smallest terminal that is common has 24 lines. A taller drawing would scroll, so that its
/// head, which says whether the desk trades, could not be drawn over.
const LINES: usize = 23;
/// What the rest of the screen gives way to.
const ACCOUNTS: usize = 3;
const POSITIONS: usize = 4;
const STORIES: usize = 2;
/// The heading and the columns' names of the decisions, the last two lines, and what is empty.
const AROUND_NEWS: usize = 6;
/// Decisions that are remembered.
const NEWS: usize = 12;
/// The screen is drawn at most this often.
const FRAME: Duration = Duration::from_millis(100);

/// What a person watches.
pub(super) struct Screen {
    output: Output,
    /// Lines of the last drawing.
    height: usize,
    drawn: Option<Stopwatch>,
    news: VecDeque<[Cell; 4]>,
}

impl Screen {
    /// A screen on which nothing was drawn.
    pub(super) fn new(output: Output) -> Self {
        Self { output, height: 0, drawn: None, news: VecDeque::new() }
    }

    /// Takes what was decided about one event.
    pub(super) fn hear(&mut self, run: &Run<DemoLog>, advanced: &Advanced) {
        let at = run.engine().now();
        for reason in &advanced.decision.because {
            match reason {
                Reason::Signal(signal) => self.note(signalled(run, signal)),
                Reason::Closed(outcome) => self.note(ended(at, outcome)),
                Reason::State { from, to } => self.note([
                    words::clock(at).into(),
                    Cell::toned(Tone::Strong, "desk"),
                    format!("{from} -> {to}").into(),
                    "".into(),
                ]),
                Reason::Closing { .. } => self.close(run),
                Reason::Held(_)
                | Reason::Stage(_)
                | Reason::Proposal(_)
                | Reason::Verdict(_)
                | Reason::Opened(_)
                | Reason::Rolled(_)
                | Reason::Haunted(_)
                | Reason::Order(_)
                | Reason::Filled { .. }
                | Reason::Ignored(_) => {}
            }
        }
        self.call(run, advanced);
    }

    /// A call for a person is told above everything of the same event.
    fn call(&mut self, run: &Run<DemoLog>, advanced: &Advanced) {
        for effect in &advanced.decision.effects {
            if let Effect::Alarm(alarm) = effect {
                self.note([
                    words::clock(run.engine().now()).into(),
                    Cell::toned(Tone::Bad, "alarm"),
                    Cell::toned(Tone::Bad, alarm.to_string()),
                    "".into(),
                ]);
            }
        }
    }

    fn note(&mut self, row: [Cell; 4]) {
        self.news.truncate(NEWS - 1);
        self.news.push_front(row);
    }

    /// Where nobody looks at a screen, a session is one line.
    fn close(&mut self, run: &Run<DemoLog>) {
        let date = run.session().date();
        let engine = run.engine();
        let results = engine.accounts().iter().map(|account| {
            let name = engine.account_name(account.id).to_owned();
            (name, status::result(engine, account.id))
        });
        if self.output.json {
            let pnl: serde_json::Map<_, _> =
                results.map(|(name, result)| (name, result.map(json::money).into())).collect();
            let receipt = run.log().chain().to_string();
            let line = json!({ "session": date.to_string(), "pnl": pnl, "receipt": receipt });
            output::say(&format!("{line}\n"));
        } else if !output::is_terminal() {
            let results = results.map(|(name, result)| {
                format!("{name} {}", result.map_or("-".to_owned(), words::money))
            });
            output::say(&format!("{date}  {}\n", results.collect::<Vec<_>>().join("  ")));
        }
    }

    /// Draws the desk over the last drawing.
    pub(super) fn draw(&mut self, run: &Run<DemoLog>, views: &Standing) {
        let is_due = self.drawn.is_none_or(|watch| FRAME <= watch.elapsed());
        if self.output.json || !output::is_terminal() || !is_due {
            return;
        }
        self.drawn = Some(Stopwatch::start());
        let text = String::from(self.page(run, views));
        let mut frame = String::new();
        if 0 < self.height {
            write!(frame, "\x1b[{}A\r", self.height).expect("writing to a string cannot fail");
        }
        for line in text.lines() {
            frame.push_str(line);
            frame.push_str("\x1b[K\n");
        }
        // What a taller drawing left below.
        frame.push_str("\x1b[J");
        self.height = text.lines().count();
        output::say(&frame);
    }

    fn page(&self, run: &Run<DemoLog>, views: &Standing) -> Page {
        let engine = run.engine();
        let mut page = Page::new(self.output.paint());
        let mut top = status::badges(engine).to_vec();
        top.push(Cell::toned(Tone::Strong, format!("   {} New York", words::minute(engine.now()))));
        page.pieces(&top);
        match &views.fault {
            Some(fault) => page.line(Tone::Bad, &format!("the tables stand still: {fault}")),
            None => page.line(Tone::Dim, &status::phase(engine.now())),
        }
        page.blank();
        page.table(&accounts(run));
        let mut held = positions::table(engine);
        let (shown, count) = held.keep(POSITIONS);
        let more =
            if shown < count { format!(", the first {shown} of {count}") } else { String::new() };
        page.heading(&format!("Positions{more}"));
        if held.is_empty() {
            page.line(Tone::Dim, "  nothing is held");
        } else {
            page.table(&held);
        }
        self.write_news(&mut page, run);
        page.line(Tone::Dim, "Ctrl-C ends it, the next start goes on. Elsewhere: backsight halt,");
        page.line(Tone::Dim, "resume, flatten, status, why SIGNAL");
        page
    }

    /// Decisions and stories in the lines that are left over the last two.
    fn write_news(&self, page: &mut Page, run: &Run<DemoLog>) {
        let stories = run.log().history().stories.iter().take(STORIES);
        let left = LINES.saturating_sub(page.height() + stories.len() + AROUND_NEWS);
        page.heading("Decisions");
        let mut table = Table::new(&["at", "what", "signal or result", "why"]);
        for row in self.news.iter().take(left) {
            table.row(row.clone());
        }
        page.table(&table);
        page.blank();
        for (at, story) in stories {
            let line =
                format!("  {}  {}: {}", words::time_of_day(*at), story.source, story.headline);
            page.line(Tone::Dim, &line);
        }
    }
}

fn accounts(run: &Run<DemoLog>) -> Table {
    let engine = run.engine();
    let mut table = Table::new(&["account", ">equity", ">result", ">cash", ">held"]);
    for account in engine.accounts().iter().take(ACCOUNTS) {
        let held = engine.positions().filter(|position| position.account == account.id);
        table.row([
            engine.account_name(account.id).into(),
            engine.equity(account.id).map_or("-".into(), |equity| words::money(equity).into()),
            status::result(engine, account.id).map_or("-".into(), words::result),
            words::money(account.cash()).into(),
            held.count().to_string().into(),
        ]);
    }
    table
}

/// A signal, and the first gate that stopped it.
fn signalled(run: &Run<DemoLog>, signal: &Signal) -> [Cell; 4] {
    let tale = run.log().history().signals.get(&signal.id);
    let verdicts = tale.map_or(&[][..], |tale| &tale.verdicts);
    let first = verdicts.iter().find_map(|verdict| verdict.refusals().next());
    let approved = verdicts.iter().filter(|verdict| verdict.is_approval()).count();
    let (tone, word) = match (approved, first) {
        (0, _) => (Tone::Warn, "refused"),
        (_, Some(_)) => (Tone::Good, "taken by some"),
        (_, None) => (Tone::Good, "taken"),
    };
    [
        words::clock(signal.at).into(),
        Cell::toned(tone, word),
        format!("{} {} {} {:.2}", signal.id, signal.ticker, signal.direction, signal.confidence)
            .into(),
        first.map_or("", |check| check.gate.name()).into(),
    ]
}

/// The end of a position or a ghost.
fn ended(at: Time, outcome: &Outcome) -> [Cell; 4] {
    let what = match outcome.subject {
        Subject::Position { .. } => Cell::toned(Tone::Strong, "trade"),
        Subject::Ghost { .. } => Cell::toned(Tone::Dim, "ghost"),
    };
    let tone = if outcome.r_multiple < 0.0 { Tone::Bad } else { Tone::Good };
    let text = format!(
        "{} {} {:+.2} R",
        words::instrument(outcome.instrument),
        outcome.direction,
        outcome.r_multiple
    );
    [words::clock(at).into(), what, Cell::toned(tone, text), outcome.reason.to_string().into()]
}
