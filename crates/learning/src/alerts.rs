//! What of a journal a person should know: each record's notices, in words with their numbers.
//!
//! The desk's calls, changes of its state, proposals that wait, positions that were opened and
//! closed are noticed when they happen; what the pipeline does otherwise than usual, when a session
//! closes. What becomes of a notice is [`Alerts`]' to say.

use backsight_domain::alert::{AlertKey, Alerts, CoolDown, Notice, Severity};
use backsight_domain::decision::{Decision, Effect, Opening, Outcome, Reason, Subject};
use backsight_domain::desk::{Alarm, Command, TradingState};
use backsight_domain::event::{Entry, Event};
use backsight_domain::policy::LookbackPolicy;
use backsight_domain::proposal::ProposalStage;
use backsight_domain::time::{Span, Time};

use crate::health;
use crate::past::Past;

/// For how long the same trouble is the same alert under a policy.
pub fn cool_down(policy: &LookbackPolicy) -> CoolDown {
    CoolDown {
        span: Span::from_minutes(i64::from(policy.alert_cool_down_minutes)),
        sessions: policy.alert_cool_down,
    }
}

/// What one record says about alerts.
#[derive(Debug)]
pub(crate) enum Word {
    /// Something was noticed.
    Noticed(Notice),
    /// Somebody has seen it.
    Seen(AlertKey, Time, Box<str>),
    /// It is over.
    Over(AlertKey, Time),
}

impl Word {
    /// Lets the alerts hear it.
    pub(crate) fn tell(self, alerts: &mut Alerts, cool_down: CoolDown) {
        match self {
            Self::Noticed(notice) => drop(alerts.notice(notice, cool_down)),
            Self::Seen(key, at, who) => drop(alerts.acknowledge(key, at, &who)),
            Self::Over(key, at) => alerts.resolve(key, at),
        }
    }
}

/// What an entry says about alerts.
pub(crate) fn of_entry(entry: &Entry) -> Option<Word> {
    let Event::Operator(ordered) = &entry.event else { return None };
    let Command::Acknowledge(key) = ordered.command else { return None };
    Some(Word::Seen(key, entry.at, ordered.who.clone()))
}

/// What a decision says about alerts; the past has heard it already.
pub(crate) fn of_decision(decision: &Decision, at: Time, past: &Past) -> Vec<Word> {
    let mut words = Vec::new();
    let mut notice = |key, severity, text| {
        words.push(Word::Noticed(Notice { at, key, severity, text }));
    };
    for effect in &decision.effects {
        if let Effect::Alarm(alarm) = effect {
            let text = says(*alarm).to_owned();
            notice(AlertKey::Called(*alarm), Severity::of_alarm(*alarm), text);
        }
    }
    for reason in &decision.because {
        match reason {
            Reason::Opened(opening) => {
                notice(AlertKey::Opened(opening.position), Severity::Info, opened(opening, past));
            }
            Reason::Closed(outcome) => {
                if let Subject::Position { position, account } = outcome.subject {
                    let text = closed(outcome, past.account_name(account));
                    notice(AlertKey::Closed(position), Severity::Info, text);
                }
            }
            Reason::State { to, .. } => {
                if let Some(severity) = severity_of_state(*to) {
                    notice(AlertKey::State(*to), severity, format!("the desk is {to}"));
                }
            }
            Reason::Proposal(step) if step.to == ProposalStage::Pending && step.from.is_none() => {
                let text = format!("proposal {} waits for your answer", step.proposal);
                notice(AlertKey::Proposed(step.proposal), Severity::Info, text);
            }
            Reason::Proposal(_)
            | Reason::Signal(_)
            | Reason::Verdict(_)
            | Reason::Haunted(_)
            | Reason::Rolled(_)
            | Reason::Order(_)
            | Reason::Filled { .. }
            | Reason::Closing { .. }
            | Reason::Held(_)
            | Reason::Ignored(_)
            | Reason::Stage(_) => {}
        }
    }
    for reason in &decision.because {
        words.extend(ended(reason, at));
        if matches!(reason, Reason::Closing { .. }) {
            words.extend(of_pipeline(at, past));
        }
    }
    words
}

/// What is over because of a reason.
fn ended(reason: &Reason, at: Time) -> Vec<Word> {
    match reason {
        Reason::State { to, .. } => {
            let others = TradingState::ALL.into_iter().filter(|state| state != to);
            others.map(|state| Word::Over(AlertKey::State(state), at)).collect()
        }
        Reason::Proposal(step) if step.to != ProposalStage::Pending => {
            vec![Word::Over(AlertKey::Proposed(step.proposal), at)]
        }
        Reason::Proposal(_)
        | Reason::Opened(_)
        | Reason::Closed(_)
        | Reason::Signal(_)
        | Reason::Verdict(_)
        | Reason::Haunted(_)
        | Reason::Rolled(_)
        | Reason::Order(_)
        | Reason::Filled { .. }
        | Reason::Closing { .. }
        | Reason::Held(_)
        | Reason::Ignored(_)
        | Reason::Stage(_) => Vec::new(),
    }
}

/// What the pipeline did otherwise than usual in the session that just closed, and which trouble of
/// it is over.
fn of_pipeline(at: Time, past: &Past) -> Vec<Word> {
    let notices = health::of_last(past).map(|(_, notices)| notices).unwrap_or_default();
    let lasting = past.alerts.iter().filter(|alert| alert.resolved.is_none());
    let keys = lasting.map(|alert| alert.notice.key);
    let keys = keys.filter(|key| matches!(key, AlertKey::Unusual(..) | AlertKey::Silent(_)));
    let over = keys.filter(|key| notices.iter().all(|notice| notice.key != *key));
    let mut words: Vec<Word> = over.map(|key| Word::Over(key, at)).collect();
    words.extend(notices.into_iter().map(Word::Noticed));
    words
}

/// How bad it is that the desk is in a state; nothing when that is as it should be.
const fn severity_of_state(state: TradingState) -> Option<Severity> {
    match state {
        TradingState::Active | TradingState::Reconciling => None,
        TradingState::Reducing | TradingState::Halted => Some(Severity::Warning),
        TradingState::Flattening => Some(Severity::Critical),
    }
}

fn opened(opening: &Opening, past: &Past) -> String {
    let Opening { position, account, instrument, quantity, price } = opening;
    let signal = past.history.signal_behind(*position);
    let tale = signal.and_then(|id| past.history.signals.get(&id));
    let why = tale.map_or("no signal of ours".to_owned(), |tale| {
        let signal = &tale.signal;
        format!("{} with confidence {:.2}, {}", signal.playbook, signal.confidence, signal.id)
    });
    let account = past.account_name(*account);
    format!("{account} opened {quantity} {instrument} at {price}: {why}")
}

fn closed(outcome: &Outcome, account: &str) -> String {
    let Outcome { instrument, quantity, exit, pnl, r_multiple, reason, .. } = outcome;
    let pnl = pnl.as_dollars();
    format!(
        "{account} closed {quantity} {instrument} at {exit}: {pnl:+.2} ({r_multiple:+.2} R), {reason}"
    )
}

/// What a call for a person means.
pub const fn says(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::OrphanOrder => "an order of ours at the venue has no intent in the journal",
        Alarm::Overfill => "more was filled than was ordered",
        Alarm::PositionDrift => {
            "the venue holds something else than we do, and no fill explains it"
        }
        Alarm::OrderAbandoned => "an order stayed unknown past its fence and was given up",
        Alarm::ExitStuck => "an exit was refused or not filled again and again",
        Alarm::DailyLossReached => "an account lost its budget of the day",
        Alarm::AccountLocked => "the venue refuses the credentials of an account",
        Alarm::RunawayStopped => "too many orders were wanted in a short time; none is sent",
        Alarm::FillBusted => "the venue took a fill back",
        Alarm::CashDrift => "the cash at the venue differs from the ledger",
        Alarm::ClockSkewed => "the clock of the wall is far from the venue's",
        Alarm::OrderDisplaced => "somebody else replaced an order of ours",
        Alarm::OrderReturned => "an order that was given up turned up at the venue",
        Alarm::MarkStale => "what an option is worth has not been known for long",
        Alarm::ReaderFellBack => "the news is read by a worse reader than was chosen",
        Alarm::ProposalWithdrawn => "a proposal did not keep what it promised and was taken back",
    }
}

#[cfg(test)]
mod tests;
