//! The digests of a session: what might be done, before its open; what was done, after its close.
//!
//! Both are made from the past alone, so that whoever doubts a number can ask for the same digest
//! again. What of it is simulated is said at its head.

mod ahead;
mod review;

use std::fmt;

use backsight_domain::alert::Severity;
use backsight_domain::decision::{Opening, Subject};
use backsight_domain::event::Mode;
use backsight_domain::market::Slot;
use backsight_domain::price::Price;
use backsight_domain::proposal::{Finding, ProposalStage};
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Time};
use backsight_gateway::alert::Letter;
use backsight_learning::past::Past;
use backsight_learning::past::trading_date;
use serde_json::{Value, json};

use crate::json;
use crate::page::{Cell, Table, Tone};
use crate::sheet::Sheet;
use crate::words;

/// Which digest of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Half {
    /// Before its open.
    Pre,
    /// After its close.
    Post,
}

/// A digest.
#[derive(Clone, Debug)]
pub(crate) struct Digest {
    /// Which of the two.
    pub(crate) half: Half,
    /// Of which session.
    pub(crate) session: Date,
    /// For people.
    pub(crate) sheet: Sheet,
    /// For programs.
    pub(crate) json: Value,
}

impl Half {
    /// Whether there can be such a digest by an instant: of a session that closed, or of one whose
    /// open is not an hour ago.
    fn session_by(self, past: &Past) -> Option<Session> {
        let now = past.history.at;
        match self {
            Self::Post => {
                past.history.closings.last().and_then(|it| Session::on(trading_date(it.at)))
            }
            Self::Pre => {
                let begun = Session::at(now);
                Some(begun.unwrap_or_else(|| Session::next_after(now)))
            }
        }
    }
}

impl Digest {
    /// The digest of a session, or of the one that is due when none is named; nothing before the
    /// journal has got that far.
    pub(crate) fn of(past: &Past, half: Half, session: Option<Date>) -> Option<Self> {
        if past.records == 0 {
            return None;
        }
        let session = match session {
            Some(date) => Session::on(date)?,
            None => half.session_by(past)?,
        };
        let made = match half {
            Half::Pre => ahead::write(past, session),
            Half::Post => review::write(past, session)?,
        };
        let (mut sheet, mut json) = made;
        let (tone, note) = provenance(past);
        sheet.note = Some((tone, note));
        json["session"] = session.date().to_string().into();
        json["half"] = half.to_string().into();
        json["simulated"] = is_simulated(past).into();
        Some(Self { half, session: session.date(), sheet, json })
    }

    /// Its name, under which it is sent once.
    pub(crate) fn id(&self) -> String {
        format!("digest.{}@{}", self.half, self.session)
    }

    /// The digest as a letter.
    pub(crate) fn letter(&self, at: Time) -> Letter {
        Letter {
            id: self.id(),
            kind: format!("digest.{}", self.half),
            severity: Severity::Info,
            subject: self.sheet.title.clone(),
            text: self.sheet.text(),
            html: Some(self.sheet.html()),
            at,
        }
    }
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pre => "pre",
            Self::Post => "post",
        })
    }
}

/// Whether the market of a journal is made up.
pub(crate) fn is_simulated(past: &Past) -> bool {
    past.history.mode.is_none_or(|mode| mode == Mode::Simulated)
}

/// Where the numbers come from.
fn provenance(past: &Past) -> (Tone, String) {
    let ghosts =
        "What was not traded is followed by ghosts on prices that really came in this journal.";
    match past.history.mode {
        Some(Mode::Live) => (Tone::Dim, format!("LIVE: real money. {ghosts}")),
        Some(Mode::Paper) => {
            (Tone::Warn, format!("PAPER: real prices, orders to a paper account. {ghosts}"))
        }
        Some(Mode::Simulated) | None => (
            Tone::Warn,
            "SIMULATED: market, news, fills and money are made up. Nothing here happened."
                .to_owned(),
        ),
    }
}

/// The last close of a symbol by an instant.
fn last_close(past: &Past, slot: Slot, until: Date) -> Option<Price> {
    let days = past.tape.days.iter().rev().filter(|day| day.date < until);
    let mut bars = days.filter_map(|day| day.bars.get(slot.index()).copied().flatten());
    let bar = bars.next()?;
    Price::from_ticks(bar.close.into())
}

/// Positions that were opened and did not end before an instant.
fn held(past: &Past, until: Time) -> Vec<(Time, Opening)> {
    let mut held = Vec::new();
    for tale in past.history.signals.values() {
        for (at, opening) in tale.opened.iter().filter(|(at, _)| *at <= until) {
            let ended = tale.trades.iter().any(|trade| {
                let is_it = matches!(trade.subject, Subject::Position { position, .. } if position == opening.position);
                is_it && trade.closed <= until
            });
            if !ended {
                held.push((*at, *opening));
            }
        }
    }
    held
}

/// What is held over the night.
fn write_held(sheet: &mut Sheet, past: &Past, until: Time) -> Value {
    let held = held(past, until);
    let mut table = Table::new(&["account", "held", ">opened", ">at", "since"]);
    for (at, opening) in &held {
        table.row([
            past.account_name(opening.account).into(),
            Cell::toned(Tone::Strong, words::instrument(opening.instrument)),
            opening.quantity.to_string().into(),
            opening.price.to_string().into(),
            words::short_minute(*at).into(),
        ]);
    }
    sheet.table(table, "Nothing is held.");
    let rows = held.iter().map(|(at, opening)| {
        json!({
            "account": past.account_name(opening.account),
            "instrument": opening.instrument.to_string(),
            "quantity": json::quantity(opening.quantity),
            "price": json::price(opening.price),
            "opened": at.to_string(),
        })
    });
    rows.collect()
}

/// Proposals that wait for an answer.
fn write_proposals(sheet: &mut Sheet, past: &Past, until: Time) -> Value {
    let mut stages = std::collections::BTreeMap::new();
    for (_, step) in past.history.moves.iter().filter(|(at, _)| *at <= until) {
        stages.insert(step.proposal, step.to);
    }
    let pending = stages.iter().filter(|(_, stage)| **stage == ProposalStage::Pending);
    let pending: Vec<_> = pending.map(|(id, _)| (*id, past.history.findings.get(id))).collect();
    let changes = |finding: Option<&Finding>| {
        let changes = finding.iter().flat_map(|it| &it.changes).map(ToString::to_string);
        changes.collect::<Vec<_>>().join(", ")
    };
    let mut table = Table::new(&["proposal", "changes", ">R a session", "95 in 100"]);
    for (id, finding) in &pending {
        let evidence = finding.map(|it| &it.evidence);
        table.row([
            id.to_string().into(),
            changes(*finding).into(),
            evidence.map_or("-".into(), |it| words::multiple(it.effect)),
            evidence.map_or("-".to_owned(), |it| format!("{:+.2} {:+.2}", it.low, it.high)).into(),
        ]);
    }
    sheet.table(table, "No proposal waits for an answer.");
    let rows = pending.iter().map(|(id, finding)| {
        json!({
            "id": id.to_string(),
            "changes": changes(*finding),
            "effect_r": finding.map(|it| it.evidence.effect),
            "interval_r": finding.map(|it| json!([it.evidence.low, it.evidence.high])),
        })
    });
    rows.collect()
}

/// Alerts that still wait for somebody.
fn write_waiting(sheet: &mut Sheet, past: &Past) -> Value {
    let open: Vec<_> = past.alerts.open().collect();
    let mut table = Table::new(&["since", "severity", "what waits"]);
    for alert in &open {
        let severity = alert.notice.severity;
        let tone = if severity.needs_acknowledgement() { Tone::Bad } else { Tone::Warn };
        table.row([
            words::short_minute(alert.notice.at).into(),
            Cell::toned(tone, severity.to_string()),
            alert.notice.text.clone().into(),
        ]);
    }
    sheet.table(table, "No alert waits for anybody.");
    open.iter().map(|alert| crate::command::learn::alert_json(alert)).collect()
}

#[cfg(test)]
mod tests;
