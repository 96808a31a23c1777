//! What happens to the accounts that the desk did not order: busts, and a person's acts.

use backsight_domain::id::{AccountId, ExecutionId, VenueId};
use backsight_domain::instrument::{Instrument, Vertical};
use backsight_domain::market::Slot;
use backsight_domain::order::{OrderKind, Side, TimeInForce};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Span, Time};

use super::FaultLayer;
use super::profile::FaultKind;
use crate::exchange::{Manual, Request, Stage, Tape};

/// A person trades between one share and this many.
const MOST_SHARES: usize = 20;
/// How far back an execution may be taken back.
const DAY: Span = Span::from_minutes(24 * 60);

impl FaultLayer {
    /// Perhaps takes an execution back, or trades, cancels or replaces by hand.
    pub(super) fn meddle(&mut self, at: Time) {
        if self.strikes.strikes(FaultKind::Bust)
            && let Some(execution) = self.some_execution(at)
        {
            self.exchange.bust(at, execution);
        }
        if self.strikes.strikes(FaultKind::ManualTrade)
            && let Some(manual) = self.some_trade()
        {
            self.exchange.order_by_hand(at, manual);
        }
        if self.strikes.strikes(FaultKind::ManualCancel)
            && let Some((account, venue)) = self.some_open_order()
        {
            self.exchange.ask(at, Request::CancelForeign(account, venue));
        }
        if self.strikes.strikes(FaultKind::ManualReplace)
            && let Some((order, terms)) = self.some_replacement()
        {
            self.exchange.replace_by_hand(at, order, terms);
        }
    }

    /// An execution of the last day: exchanges rule on erroneous trades by the next session.
    fn some_execution(&mut self, at: Time) -> Option<ExecutionId> {
        let all = self.exchange.executions();
        let old = all.partition_point(|execution| execution.fill.at < at - DAY);
        let chance = self.strikes.chance(FaultKind::Bust);
        let recent = &all[old..];
        (!recent.is_empty()).then(|| chance.pick(recent).fill.execution)
    }

    /// A market order on any listed share, or a sale of what some account holds.
    fn some_trade(&mut self) -> Option<Manual> {
        let accounts: Vec<AccountId> = self.exchange.accounts().collect();
        let shares: Vec<Instrument> = self.exchange.shares().collect();
        if accounts.is_empty() || shares.is_empty() {
            return None;
        }
        let chance = self.strikes.chance(FaultKind::ManualTrade);
        let account = *chance.pick(&accounts);
        let held = self.exchange.holdings(account);
        let (instrument, side) = if !held.is_empty() && chance.happens(0.5) {
            (chance.pick(&held).instrument, Side::Sell)
        } else {
            (*chance.pick(&shares), Side::Buy)
        };
        let count = 1 + chance.below(MOST_SHARES);
        let quantity = Quantity::shares(i64::try_from(count).expect("a small number"));
        let (kind, lasts) = (OrderKind::Market, TimeInForce::Day);
        Some(Manual { account, instrument, side, quantity, kind, lasts, closes: false })
    }

    /// A contract or a vertical, bought or sold, of a share that has options; more often of those
    /// that expire first, and sometimes one that is held.
    pub(super) fn some_contract(&mut self, at: Time, tape: &dyn Tape) -> Option<Manual> {
        let accounts: Vec<AccountId> = self.exchange.accounts().collect();
        let symbols = self.exchange.shares().count();
        let chance = self.strikes.chance(FaultKind::ManualOption);
        let account = *chance.pick(&accounts);
        let held = self.exchange.holdings(account);
        let mut contracts = held.iter().filter(|held| held.instrument.expiry().is_some());
        if chance.happens(0.2)
            && let Some(held) = contracts.next()
        {
            let side = if held.quantity.is_positive() { Side::Sell } else { Side::Buy };
            return Some(by_hand(account, held.instrument, side, held.quantity.magnitude()));
        }
        let slot = Slot(u16::try_from(chance.below(symbols)).expect("slots have 16 bits"));
        let chain = tape.chain(slot, at)?;
        let first = chain.quotes.iter().map(|quote| quote.expiry).min()?;
        let is_near = chance.happens(0.6);
        let choice: Vec<_> =
            chain.quotes.iter().filter(|quote| !is_near || quote.expiry == first).collect();
        let ticker = self.exchange.ticker(slot)?;
        let one = chance.pick(&choice).contract(ticker);
        let two = chance.pick(&choice).contract(ticker);
        let side = if chance.happens(0.6) { Side::Buy } else { Side::Sell };
        let count = 1 + i64::try_from(chance.below(3)).expect("a small number");
        let count = Quantity::shares(count);
        let vertical = Vertical::of(one, two).or(Vertical::of(two, one));
        let Some(vertical) = vertical.filter(|_| chance.happens(0.7)) else {
            return Some(by_hand(account, Instrument::Option(one), side, count));
        };
        let instrument = Instrument::Vertical(vertical);
        let touch = tape.touch(&instrument, at)?;
        let limit = match side {
            Side::Buy => touch.ask,
            Side::Sell if touch.has_bid() => touch.bid,
            Side::Sell => return None,
        };
        let kind = OrderKind::Limit(limit);
        Some(Manual { kind, ..by_hand(account, instrument, side, count) })
    }

    /// Another limit for a resting order of the desk, and perhaps half of its quantity.
    fn some_replacement(&mut self) -> Option<((AccountId, VenueId), (OrderKind, Quantity))> {
        let limits: Vec<(Manual, VenueId, Price)> = self
            .exchange
            .orders()
            .iter()
            .filter(|order| order.stage == Stage::Working && order.intent.is_some())
            .filter_map(|order| match order.terms.kind {
                OrderKind::Limit(limit) => Some((order.terms, order.venue, limit)),
                OrderKind::Market | OrderKind::Stop(_) | OrderKind::StopLimit { .. } => None,
            })
            .collect();
        if limits.is_empty() {
            return None;
        }
        let chance = self.strikes.chance(FaultKind::ManualReplace);
        let (terms, venue, limit) = *chance.pick(&limits);
        let bps = *chance.pick(&[-200, -30, -5, 5, 30, 200]);
        let kind = OrderKind::Limit(limit.moved_bps(bps).floor_to_quote());
        let half = Quantity::shares(terms.quantity.whole() / 2);
        let is_halved = half.is_positive() && chance.happens(0.3);
        let quantity = if is_halved { half } else { terms.quantity };
        Some(((terms.account, venue), (kind, quantity)))
    }

    fn some_open_order(&mut self) -> Option<(AccountId, VenueId)> {
        let open: Vec<(AccountId, VenueId)> = self
            .exchange
            .orders()
            .iter()
            .filter(|order| !order.stage.is_final())
            .map(|order| (order.terms.account, order.venue))
            .collect();
        (!open.is_empty()).then(|| *self.strikes.chance(FaultKind::ManualCancel).pick(&open))
    }
}

/// A market order for the day.
fn by_hand(account: AccountId, instrument: Instrument, side: Side, quantity: Quantity) -> Manual {
    let (kind, lasts) = (OrderKind::Market, TimeInForce::Day);
    Manual { account, instrument, side, quantity, kind, lasts, closes: false }
}
