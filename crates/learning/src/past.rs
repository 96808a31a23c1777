//! The past as a journal tells it, read once from its first record to its last.
//!
//! | Part | What it keeps |
//! |---|---|
//! | [`history`] | signals with all their gates, orders, positions, ghosts, holds, policies |
//! | [`tape`] | closes by symbol and session, surges, and the minutes after marked moments |
//! | [`press`] | stories and readings, each with the minutes after it |
//! | [`notices`] | finds of discovery and theses |
//! | [`stations`] | what each station of the pipeline took, gave and how long it needed, by session |
//! | [`Past::alerts`] | what a person should know, and who has seen it |
//!
//! A past is a view: it can be thrown away and read again. What it keeps is bounded by the
//! constants of its parts; when a bound is reached the oldest goes first, and is counted.

pub mod history;
pub mod notices;
pub mod press;
pub mod stations;
pub mod tape;

use backsight_domain::alert::Alerts;
use backsight_domain::decision::Reason;
use backsight_domain::event::{Entry, Event};
use backsight_domain::policy::Policy;
pub use backsight_domain::session::trading_date;
use backsight_domain::signal::Direction;
use backsight_journal::{Chain, Record, Stamped};

use self::history::History;
use self::notices::Notices;
use self::press::Press;
use self::stations::Stations;
use self::tape::Tape;
use crate::alerts;

/// Everything a journal says that can be learned from.
#[derive(Debug)]
pub struct Past {
    /// What was decided.
    pub history: History,
    /// What the market did.
    pub tape: Tape,
    /// What the news said.
    pub press: Press,
    /// What discovery found, and why holdings are held.
    pub notices: Notices,
    /// What went through the pipeline.
    pub stations: Stations,
    /// What a person should know.
    pub alerts: Alerts,
    /// The chain after the last record: the receipt, and the seed of every draw.
    pub chain: Chain,
    /// How many records were read.
    pub records: u64,
    policy: Policy,
}

impl Default for Past {
    fn default() -> Self {
        Self {
            history: History::default(),
            tape: Tape::default(),
            press: Press::default(),
            notices: Notices::default(),
            stations: Stations::default(),
            alerts: Alerts::default(),
            chain: Chain::START,
            records: 0,
            policy: Policy::default(),
        }
    }
}

impl Past {
    /// Reads a journal from its first record on.
    ///
    /// # Errors
    /// Returns the reader's fault.
    pub fn read<E>(records: impl IntoIterator<Item = Result<Stamped, E>>) -> Result<Self, E> {
        let mut past = Self::default();
        for stamped in records {
            past.take(&stamped?);
        }
        Ok(past)
    }

    /// Takes the next record.
    pub fn take(&mut self, stamped: &Stamped) {
        (self.chain, self.records) = (stamped.chain, self.records + 1);
        self.history.take(&stamped.record);
        match &stamped.record {
            Record::Entry(entry) => self.happen(entry),
            Record::Decision(decision) => {
                self.stations.decide(decision, &self.history);
                for reason in &decision.because {
                    if let Reason::Held(hold) = reason {
                        self.tape.mark_hold(stamped.at, *hold);
                    }
                }
            }
        }
        self.alert(stamped);
    }

    /// Lets the alerts hear a record, after everything else has.
    fn alert(&mut self, stamped: &Stamped) {
        let words = match &stamped.record {
            Record::Entry(entry) => alerts::of_entry(entry).into_iter().collect(),
            Record::Decision(decision) => alerts::of_decision(decision, stamped.at, self),
        };
        let cool_down = alerts::cool_down(&self.policy.lookback);
        for word in words {
            word.tell(&mut self.alerts, cool_down);
        }
    }

    fn happen(&mut self, entry: &Entry) {
        if let Event::PolicyAdopted(adopted) = &entry.event {
            self.policy = adopted.policy.clone();
        }
        self.stations.happen(entry);
        self.tape.happen(entry, &self.policy);
        self.notices.happen(entry);
        self.press.happen(entry, &mut self.tape);
    }

    /// The policy in force at the end.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The name of an account, by its place in the policy.
    pub fn account_name(&self, account: backsight_domain::id::AccountId) -> &str {
        self.policy.accounts.keys().nth(usize::from(account.0)).map_or("?", AsRef::as_ref)
    }

    /// The seed of whatever is drawn from this journal: its receipt.
    pub fn seed(&self) -> u64 {
        let first: [u8; 8] = *self.chain.0.first_chunk().expect("a hash has 32 bytes");
        u64::from_le_bytes(first)
    }
}

/// +1 for up, -1 for down, as a number.
pub fn sign(direction: Direction) -> f64 {
    match direction {
        Direction::Long => 1.0,
        Direction::Short => -1.0,
    }
}

#[cfg(test)]
mod tests;
