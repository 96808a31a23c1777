//! The trading accounts of a desk. Nothing of one leaks into another.

use std::collections::{BTreeMap, BTreeSet};

use backsight_domain::id::AccountId;
use backsight_domain::instrument::Instrument;
use backsight_domain::market::Slot;
use backsight_domain::money::Money;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;

use crate::ledger::{Book, Ledger};

/// One trading account.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "five facts that hold independently")]
pub struct Account {
    /// Its identity: the place of its name among the policy's accounts.
    pub id: AccountId,
    /// Its books.
    pub ledger: Ledger,
    /// Whether the venue ever told what is in it.
    pub(crate) known: bool,
    /// Whether the last report agreed with us, with nothing unresolved.
    pub(crate) reconciled: bool,
    /// Reports in a row that disagreed with nothing under way to explain it.
    pub(crate) disagreements: u32,
    /// Whether the stream of updates is up.
    pub(crate) streaming: bool,
    /// Whether the venue refuses our credentials.
    pub(crate) locked: bool,
    /// Equity at the session's start, moved by what comes from outside.
    pub(crate) session_start: Option<Money>,
    /// Whether the session's loss budget is spent; latched until the next session.
    pub(crate) loss_latched: bool,
    /// When a report was last asked for.
    pub(crate) report_asked: Option<Time>,
    /// When a report last arrived.
    pub(crate) reported: Option<Time>,
    /// When a position in each symbol was last opened or closed.
    pub(crate) last_traded: Vec<Option<Time>>,
    /// Shares in the account that are not ours: counted, never managed.
    pub(crate) foreign: BTreeMap<Instrument, Quantity>,
    /// Instruments whose holding at the venue we cannot explain: closed for openings.
    pub(crate) unexplained: BTreeSet<Instrument>,
}

impl Account {
    pub(crate) fn new(id: AccountId) -> Self {
        Self {
            id,
            ledger: Ledger::default(),
            known: false,
            reconciled: false,
            disagreements: 0,
            streaming: true,
            locked: false,
            session_start: None,
            loss_latched: false,
            report_asked: None,
            reported: None,
            last_traded: Vec::new(),
            foreign: BTreeMap::new(),
            unexplained: BTreeSet::new(),
        }
    }

    /// Cash, as our books have it.
    pub fn cash(&self) -> Money {
        self.ledger.balance(Book::Cash)
    }

    /// Whether the desk and the venue agree about the account.
    pub fn is_reconciled(&self) -> bool {
        self.known && self.reconciled && self.streaming && !self.locked
    }

    /// Shares of an instrument in the account that are not ours.
    pub fn foreign(&self, instrument: Instrument) -> Quantity {
        self.foreign.get(&instrument).copied().unwrap_or_default()
    }

    /// Counts a change of what is not ours.
    pub(crate) fn add_foreign(&mut self, instrument: Instrument, change: Quantity) {
        *self.foreign.entry(instrument).or_default() += change;
        self.foreign.retain(|_, quantity| !quantity.is_zero());
    }

    /// Whether what the account holds of an instrument is ours and explained.
    pub(crate) fn is_ours_alone(&self, instrument: Instrument) -> bool {
        !self.unexplained.contains(&instrument) && self.foreign(instrument).is_zero()
    }

    pub(crate) fn note_trade(&mut self, slot: Slot, now: Time) {
        if self.last_traded.len() <= slot.index() {
            self.last_traded.resize(slot.index() + 1, None);
        }
        self.last_traded[slot.index()] = Some(now);
    }

    pub(crate) fn last_trade(&self, slot: Slot) -> Option<Time> {
        self.last_traded.get(slot.index()).copied().flatten()
    }
}
