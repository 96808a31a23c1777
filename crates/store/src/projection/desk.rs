//! The desk: who runs it, under which rules, what people ordered, how sessions ended.

use backsight_domain::decision::{Fingerprint, Ignored};
use backsight_domain::desk::{Command, OperatorCommand, WorldFault};
use backsight_domain::event::{Mode, PolicyAdopted, Started};
use backsight_domain::money::Money;

use super::{Place, Projection};
use crate::batch::{Batch, row};
use crate::value::Value;

/// What the policy in force says about judging what was declined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lookback {
    pub(super) surge_bps: u32,
    pub(super) half_spread_bps: u32,
}

impl Projection {
    pub(super) fn start(&mut self, place: Place, started: &Started, batch: &mut Batch) {
        self.desk = Some(started.desk);
        batch.add(row!(starts {
            seq: place.seq(),
            at: place.at,
            desk: started.desk.0,
            build: &started.build,
            mode: match started.mode {
                Mode::Simulated => "sim",
                Mode::Paper => "paper",
                Mode::Live => "live",
            },
        }));
    }

    pub(super) fn adopt(&mut self, place: Place, adopted: &PolicyAdopted, batch: &mut Batch) {
        batch.add(row!(policies {
            seq: place.seq(),
            at: place.at,
            version: adopted.version.0,
            who: &adopted.who,
            settings: adopted.policy.to_bare_toml(),
            missed_bps: adopted.policy.lookback.missed_bps,
            explosive_bps: adopted.policy.lookback.explosive_bps,
            strong_bps: adopted.policy.lookback.strong_bps,
            moderate_bps: adopted.policy.lookback.moderate_bps,
            poor_loss_bps: adopted.policy.lookback.poor_loss_bps,
            surge_bps: adopted.policy.lookback.surge_bps,
            half_spread_bps: adopted.policy.fill_model.half_spread_bps,
        }));
        self.lookback = Lookback {
            surge_bps: adopted.policy.lookback.surge_bps,
            half_spread_bps: adopted.policy.fill_model.half_spread_bps,
        };
        // The accounts of a desk are those of its first policy, in order.
        if self.accounts.is_empty() {
            for (id, name) in adopted.policy.accounts.keys().enumerate() {
                batch.add(row!(accounts { id: id, name: name, seq: place.seq(), at: place.at }));
                self.accounts.push(name.to_string());
            }
        }
        self.policy = adopted.version.0;
    }

    pub(super) fn fault(&self, place: Place, fault: WorldFault, batch: &mut Batch) {
        let (name, account, milliseconds) = match fault {
            WorldFault::StreamLost(account) => ("stream_lost", Some(account), None),
            WorldFault::StreamBack(account) => ("stream_back", Some(account), None),
            WorldFault::Unauthorised(account) => ("unauthorised", Some(account), None),
            WorldFault::ClockSkew(milliseconds) => ("clock_skew", None, Some(milliseconds)),
        };
        batch.add(row!(faults {
            seq: place.seq(),
            at: place.at,
            fault: name,
            account: account.map(|account| self.account(account)),
            milliseconds: milliseconds,
        }));
    }

    pub(super) fn close_session(
        &mut self,
        place: Place,
        fingerprint: Fingerprint,
        equity: &[Money],
        batch: &mut Batch,
    ) {
        let Some((session, _)) = self.session else { return };
        for (index, equity) in equity.iter().enumerate() {
            batch.add(row!(sessions {
                session_date: session.date(),
                account: self.accounts.get(index).cloned().unwrap_or_else(|| index.to_string()),
                seq: place.seq(),
                at: place.at,
                equity: *equity,
                fingerprint: Value::text(fingerprint),
            }));
        }
        self.write_days(batch);
        // Counted by the database when all rows of the session, and perhaps more, are there.
        batch.change(
            "INSERT INTO pipeline (session_date, seq, at, symbols, minutes, stories, readings, \
             signals, approved, orders, fills, closed, alarms) VALUES ($1, $2, $3, $4, \
             (SELECT COUNT(*) FROM minutes WHERE session_date = $1), \
             (SELECT COUNT(*) FROM stories WHERE seq > $5 AND seq <= $2), \
             (SELECT COUNT(*) FROM readings WHERE seq > $5 AND seq <= $2), \
             (SELECT COUNT(*) FROM signals WHERE seq > $5 AND seq <= $2), \
             (SELECT COUNT(*) FROM verdicts WHERE seq > $5 AND seq <= $2 AND approved), \
             (SELECT COUNT(*) FROM orders WHERE seq > $5 AND seq <= $2), \
             (SELECT COUNT(*) FROM fills WHERE seq > $5 AND seq <= $2), \
             (SELECT COUNT(*) FROM positions WHERE changed > $5 AND changed <= $2 AND status = 'closed'), \
             (SELECT COUNT(*) FROM alarms WHERE seq > $5 AND seq <= $2))",
            [
                session.date().into(),
                place.seq().into(),
                place.at.into(),
                self.listings.len().into(),
                self.last_closing.into(),
            ],
        );
        self.last_closing = place.seq();
    }
}

pub(super) fn command(place: Place, command: &OperatorCommand, batch: &mut Batch) {
    batch.add(row!(commands {
        seq: place.seq(),
        at: place.at,
        command: Value::text(command.command),
        subject: subject(command.command),
        who: &command.who,
        why: &command.why,
        key: format!("{:016x}", command.key),
    }));
}

/// What a command is about, when it is about one thing.
fn subject(command: Command) -> Option<String> {
    match command {
        Command::Approve(proposal) | Command::Reject(proposal) | Command::Withdraw(proposal) => {
            Some(proposal.to_string())
        }
        Command::Close(position) => Some(position.0.to_string()),
        Command::Acknowledge(key) => Some(key.to_string()),
        Command::Halt | Command::Reduce | Command::Flatten | Command::Resume => None,
    }
}

pub(super) fn ignored(place: Place, index: usize, why: Ignored, batch: &mut Batch) {
    let name = match why {
        Ignored::RepeatedFill => "repeated_fill",
        Ignored::RepeatedCommand => "repeated_command",
        Ignored::ForeignOrder => "foreign_order",
        Ignored::Outdated => "outdated",
        Ignored::Minute(_) => "unusable_minute",
        Ignored::ImpossibleQuote => "impossible_quote",
        Ignored::ImpossibleReading => "impossible_reading",
        Ignored::ImpossibleNotice => "impossible_notice",
        Ignored::UnknownSymbol => "unknown_symbol",
        Ignored::UnknownExecution => "unknown_execution",
        Ignored::UniverseShrinks => "universe_shrinks",
        Ignored::PolicyOutOfOrder => "policy_out_of_order",
        Ignored::ImpossibleProposal => "impossible_proposal",
        Ignored::WeakEvidence => "weak_evidence",
        Ignored::TooManyProposals => "too_many_proposals",
        Ignored::UnknownProposal => "unknown_proposal",
        Ignored::WrongStage => "wrong_stage",
        Ignored::NotAllowed => "not_allowed",
        Ignored::NeedsAnother => "needs_another",
        Ignored::UnknownPosition => "unknown_position",
    };
    batch.add(row!(ignored { seq: place.seq(), place: index, at: place.at, why: name }));
}
