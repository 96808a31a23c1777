//! Decisions in words.

use backsight_domain::decision::{Effect, Ignored, Outcome, Reason, Subject};
use backsight_domain::id::{AccountId, IntentId};
use backsight_domain::instrument::{Contract, Instrument, Right};
use backsight_domain::order::{Intent, Purpose};
use backsight_domain::session::new_york;
use backsight_domain::signal::{Playbook, Signal};
use backsight_domain::time::Time;
use backsight_domain::verdict::{Check, CheckOutcome, Verdict};
use backsight_engine::Engine;

use crate::broker::Broker;
use crate::proposals;

/// Tells what an engine decided, with the script's names for orders and accounts.
pub(crate) struct Teller<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) broker: &'a Broker,
}

/// `11:45:03` in New York.
pub(crate) fn clock(at: Time) -> String {
    let (_, minute) = new_york(at);
    let second = at.nanos().div_euclid(1_000_000_000).rem_euclid(60);
    format!("{:02}:{:02}:{second:02}", minute / 60, minute % 60)
}

impl Teller<'_> {
    pub(crate) fn reason(&self, reason: &Reason) -> String {
        match reason {
            Reason::Signal(signal) => told_signal(signal),
            Reason::Held(hold) => format!(
                "{} holds {}: {}, {:.4} against {:.4}",
                hold.playbook, hold.ticker, hold.why, hold.observed, hold.threshold
            ),
            Reason::Verdict(verdict) => format!("  {}", self.verdict(verdict)),
            Reason::Opened(opening) => format!(
                "{} opens {} {} at {}",
                self.account(opening.account),
                told(opening.instrument),
                opening.quantity,
                opening.price
            ),
            Reason::Haunted(haunting) => {
                format!("  a ghost enters at {}, {}", haunting.price, haunting.pricing)
            }
            Reason::Rolled(rolling) => format!(
                "the position of {} takes the place of that of {}, which costs ${}",
                self.order(rolling.to.0),
                self.order(rolling.from.0),
                rolling.cost
            ),
            Reason::Closed(outcome) => self.outcome(outcome),
            Reason::Stage(step) => {
                let id = self.order(step.position.0);
                format!("the position of {id} goes from {} to {}", step.from, step.to)
            }
            Reason::Order(step) => {
                format!("{} {} -> {}", self.order(step.intent), step.from, step.to)
            }
            Reason::Filled { intent, quantity, price, execution: _ } => {
                format!("{} fills {quantity} at {price}", self.order(*intent))
            }
            Reason::Proposal(step) => proposals::told(self.engine, step),
            Reason::State { from, to } => format!("the desk goes from {from} to {to}"),
            Reason::Ignored(ignored) => format!("ignored: {}", told_ignored(*ignored)),
            Reason::Closing { equity, fingerprint: _ } => {
                let each = equity.iter().enumerate().map(|(index, money)| {
                    let id = AccountId(u8::try_from(index).expect("accounts are few"));
                    format!("{} ${money}", self.account(id))
                });
                format!("the session closes: {}", each.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn verdict(&self, verdict: &Verdict) -> String {
        let account = self.account(verdict.account);
        if verdict.is_approval() {
            let unit = match (verdict.instrument, &verdict.choice) {
                (Instrument::Equity(_), _) | (_, None) => "shares".to_owned(),
                (_, Some(choice)) => format!("contracts, {}", choice.structure),
            };
            let (count, gates) = (verdict.quantity, verdict.checks.len());
            return format!("{account}: {count} {unit}, all {gates} gates pass");
        }
        let stops: Vec<_> = verdict.refusals().map(|check| told_check(&check)).collect();
        format!("{account}: refused by {}", stops.join("; "))
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        let (whose, refused) = match &outcome.subject {
            Subject::Position { account, position: _ } => (self.account(*account).to_owned(), None),
            Subject::Ghost { refused, ghost: _ } => {
                let each = refused
                    .iter()
                    .map(|r| format!("{} {} for {}", self.account(r.account), r.quantity, r.gate));
                ("a ghost".to_owned(), Some(each.collect::<Vec<_>>().join(", ")))
            }
        };
        let refused = refused.map_or(String::new(), |who| format!(", refused: {who}"));
        format!(
            "{whose} closes {} {} {}: {} -> {} ({}), {}, ${}, {:.2} R, best {:.2} %, worst {:.2} %, {} min, label {}{refused}",
            told(outcome.instrument),
            outcome.direction,
            outcome.quantity,
            outcome.entry,
            outcome.exit,
            outcome.pricing,
            outcome.reason,
            outcome.pnl,
            outcome.r_multiple,
            outcome.mfe_pct,
            outcome.mae_pct,
            outcome.minutes,
            outcome.label,
        )
    }

    pub(crate) fn effect(&self, effect: &Effect) -> Option<String> {
        Some(match effect {
            Effect::Submit(intent) => self.sent(intent),
            Effect::Resubmit(intent) => format!("-> {} again, same id", self.order(intent.id)),
            Effect::Cancel { intent, account: _ } => format!("-> cancel {}", self.order(*intent)),
            Effect::CancelForeign { account, venue } => {
                format!("-> cancel the broker's order {} of {}", venue.0, self.account(*account))
            }
            Effect::Lookup { intent, account: _ } => {
                format!("-> what of {}?", self.order(*intent))
            }
            // The script's broker answers reports by itself unless told to be silent.
            Effect::Report(_) | Effect::AskChain(_) | Effect::AskQuote(_) => return None,
            Effect::Alarm(alarm) => format!("ALARM {alarm}"),
        })
    }

    fn sent(&self, intent: &Intent) -> String {
        let what_for = match intent.purpose {
            Purpose::Open(_) => "to open".to_owned(),
            Purpose::Close { reason, position: _ } => format!("to close, {reason}"),
        };
        let place = intent
            .replaces
            .map_or(String::new(), |old| format!(", in place of {}", self.order(old)));
        format!(
            "-> {} {} {} {} {} {}, {what_for}{place}",
            self.order(intent.id),
            self.account(intent.account),
            intent.side,
            intent.quantity,
            told(intent.instrument),
            intent.kind,
        )
    }

    pub(crate) fn order(&self, intent: IntentId) -> String {
        self.broker.find(intent).map_or_else(|| format!("order {intent}"), |n| format!("#{n}"))
    }

    pub(crate) fn account(&self, account: AccountId) -> &str {
        self.engine.account_name(account)
    }
}

/// `ACME`, `ACME 2026-03-20 P 95.00`, or `ACME 2026-03-20 P 95.00/91.00`.
pub(crate) fn told(instrument: Instrument) -> String {
    let contract = |contract: Contract| {
        let right = if contract.right == Right::Call { "C" } else { "P" };
        let shares = match contract.multiplier {
            100 => String::new(),
            other => format!(" of {other} shares"),
        };
        let Contract { underlying, expiry, strike, .. } = contract;
        format!("{} {expiry} {right} {strike}{shares}", underlying.as_str())
    };
    match instrument {
        Instrument::Equity(ticker) => ticker.as_str().to_owned(),
        Instrument::Option(one) => contract(one),
        Instrument::Vertical(both) => {
            format!("{}/{}", contract(both.bought()), both.sold().strike)
        }
    }
}

/// One gate with what it saw and what it wanted.
pub(crate) fn told_check(check: &Check) -> String {
    match check.outcome {
        CheckOutcome::Pass => format!("{} {} ({})", check.gate, check.observed, check.threshold),
        CheckOutcome::Refuse => {
            format!("{}, {} against {}", check.gate, check.observed, check.threshold)
        }
        CheckOutcome::Missing => {
            format!("{}, missing: {} against {}", check.gate, check.observed, check.threshold)
        }
    }
}

fn told_signal(signal: &Signal) -> String {
    let factors = signal.breakdown.iter().map(|factor| {
        let sign = if factor.name.is_part() { "+" } else { "x" };
        format!("{sign} {} {:.2}", factor.name, factor.value)
    });
    let factors = factors.collect::<Vec<_>>().join(" ");
    let playbook = if signal.playbook == Playbook::Trend {
        String::new()
    } else {
        format!("{} ", signal.playbook)
    };
    let canary = if signal.canary.is_some() { " by the canary" } else { "" };
    format!(
        "signal {playbook}{} {} {} {:.2}{canary} = {}",
        signal.ticker.as_str(),
        signal.direction,
        signal.horizon,
        signal.confidence,
        factors.trim_start_matches("+ ")
    )
}

fn told_ignored(ignored: Ignored) -> String {
    let words = format!("{ignored:?}");
    let mut told = String::new();
    for letter in words.chars() {
        if letter.is_ascii_uppercase() && !told.is_empty() && !told.ends_with('(') {
            told.push(' ');
        }
        told.push(letter.to_ascii_lowercase());
    }
    told
}
