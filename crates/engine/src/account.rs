//! The trading accounts of a desk. Nothing of one leaks into another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use backsight_domain::id::AccountId;
use backsight_domain::instrument::Instrument;
use backsight_domain::market::Slot;
use backsight_domain::money::{Money, Rounding, divide};
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Date, Time};

use crate::ledger::{Book, Ledger};

/// Day trades that are remembered: no rule counts more.
const DAY_TRADES_MAX: usize = 16;

/// Results that are remembered for sizing.
const RESULTS_MAX: usize = 200;

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
    /// The session in progress, or the last one.
    pub(crate) session: Option<Date>,
    /// Equity at the session's start, moved by what comes from outside.
    pub(crate) session_start: Option<Money>,
    /// The same at the week's start.
    pub(crate) week_start: Option<Money>,
    /// Positions that lost, one after the other, in this session.
    pub(crate) losses_in_row: u32,
    /// How often each symbol was opened in this session.
    pub(crate) opened_today: BTreeMap<Slot, u32>,
    /// The sessions of the last positions that were opened and closed in one.
    pub(crate) day_trades: VecDeque<Date>,
    /// What the last closed positions made, in basis points of what they cost.
    pub(crate) results: Vec<i64>,
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
            session: None,
            session_start: None,
            week_start: None,
            losses_in_row: 0,
            opened_today: BTreeMap::new(),
            day_trades: VecDeque::new(),
            results: Vec::new(),
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

    /// Begins a session with this equity, which is without what shares lose by dividends today.
    pub(crate) fn open_session(&mut self, date: Date, equity: Option<Money>, lost: Money) {
        let monday = |date: Date| date.days() - date.weekday() as i32;
        let same_week = self.session.is_some_and(|last| monday(last) == monday(date));
        if !same_week || self.week_start.is_none() {
            self.week_start = equity;
        } else {
            self.week_start = self.week_start.map(|start| start - lost);
        }
        self.session = Some(date);
        self.session_start = equity;
        self.loss_latched = false;
        self.losses_in_row = 0;
        self.opened_today.clear();
        self.unexplained.clear();
    }

    /// Counts a position that was opened.
    pub(crate) fn note_opening(&mut self, slot: Slot) {
        *self.opened_today.entry(slot).or_default() += 1;
    }

    /// Counts a position that was closed: what it made of what it cost, and whether in one day.
    pub(crate) fn note_closing(&mut self, (made, cost): (Money, Money), within: Option<Date>) {
        self.losses_in_row = if made < Money::ZERO { self.losses_in_row + 1 } else { 0 };
        if let Some(date) = within {
            if self.day_trades.len() == DAY_TRADES_MAX {
                self.day_trades.pop_front();
            }
            self.day_trades.push_back(date);
        }
        if cost != Money::ZERO {
            if self.results.len() == RESULTS_MAX {
                self.results.remove(0);
            }
            let share = divide(
                i128::from(made.units()) * 10_000,
                cost.magnitude().units().into(),
                Rounding::HalfEven,
            );
            self.results.push(i64::try_from(share).unwrap_or(i64::MAX));
        }
    }

    /// Day trades since a session.
    pub(crate) fn day_trades_since(&self, date: Date) -> usize {
        self.day_trades.iter().filter(|day| date <= **day).count()
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
