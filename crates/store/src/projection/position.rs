//! Positions: what is held, what it is worth, how it ended.
//!
//! Between its opening and its end a position follows its fills, splits and settlements. Its end is
//! told by the engine and is the truth; what was followed until then is a view of it.

use backsight_domain::decision::{Opening, Outcome, Rolling, Stage, StageMove, Subject};
use backsight_domain::id::AccountId;
use backsight_domain::instrument::{Contract, Instrument, Ticker};
use backsight_domain::market::{Minute, Split};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::notice::Payout;
use backsight_domain::option::{Chain, Settlement};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::Direction;
use backsight_domain::time::Time;

use super::order::name as execution_name;
use super::outcome::{ending, ending_values};
use super::{Key, Place, Projection, contract_of, instrument_type};
use crate::batch::{Batch, row};
use crate::value::Value;

/// Something that is held.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    pub(super) id: String,
    pub(super) instrument: Instrument,
    pub(super) direction: Direction,
    /// Signed.
    pub(super) quantity: Quantity,
    /// The most that was held, without sign.
    pub(super) most: Quantity,
    pub(super) entry: Price,
    pub(super) stage: Stage,
    pub(super) mark: Option<(Price, Time)>,
    pub(super) marks: u32,
    /// The best and the worst it was, in percent of the entry.
    pub(super) best_pct: f64,
    pub(super) worst_pct: f64,
    pub(super) changed: i64,
}

/// The last quote of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) bid: Price,
    pub(super) ask: Price,
    pub(super) seq: i64,
    pub(super) at: Time,
}

impl Projection {
    pub(super) fn open(&mut self, place: Place, opening: &Opening, batch: &mut Batch) {
        let (instrument, quantity) = (opening.instrument, opening.quantity);
        let direction = if quantity.is_positive() { Direction::Long } else { Direction::Short };
        let id = opening.position.0.to_string();
        let terms = (opening.price, place.at);
        self.begin((place, &id, opening.account), (instrument, quantity, direction), terms, batch);
        let held = Held {
            id,
            instrument,
            direction,
            quantity,
            most: quantity.magnitude(),
            entry: opening.price,
            stage: Stage::Open,
            mark: None,
            marks: 0,
            best_pct: 0.0,
            worst_pct: 0.0,
            changed: place.seq(),
        };
        self.held.insert((opening.account, instrument), held);
    }

    /// A fill extends what is held, or reduces it. The first one opens it, which the engine tells.
    pub(super) fn trade(&mut self, place: Place, key: Key, quantity: Quantity, price: Price) {
        if let Some(held) = self.held.get_mut(&key) {
            held.trade(quantity, price);
            held.changed = place.seq();
            self.changed.insert(key);
        }
    }

    pub(super) fn stage(
        &mut self,
        place: Place,
        index: usize,
        moved: StageMove,
        batch: &mut Batch,
    ) {
        let id = moved.position.0.to_string();
        batch.add(row!(stages {
            seq: place.seq(),
            place: index,
            at: place.at,
            position: id.clone(),
            stage_before: Value::text(moved.from),
            stage: Value::text(moved.to),
        }));
        let found = self.held.iter_mut().find(|(_, held)| held.id == id);
        if let Some((key, held)) = found {
            (held.stage, held.changed) = (moved.to, place.seq());
            self.changed.insert(*key);
        }
    }

    /// A contract leaves without a trade.
    pub(super) fn settle(&mut self, place: Place, settlement: &Settlement) {
        let key = (settlement.account, Instrument::Option(settlement.contract));
        let Some(held) = self.held.get_mut(&key) else { return };
        let gone = settlement.quantity.magnitude().min(held.quantity.magnitude());
        held.quantity += if held.quantity.is_positive() { -gone } else { gone };
        held.changed = place.seq();
        self.changed.insert(key);
    }

    pub(super) fn split_held(&mut self, split: Split) {
        let Some(ticker) = self.ticker(split.slot) else { return };
        for (key, held) in &mut self.held {
            if held.instrument == Instrument::Equity(ticker) {
                held.quantity = split.quantity(held.quantity);
                held.most = split.quantity(held.most);
                held.entry = split.price(held.entry);
                self.changed.insert(*key);
            }
        }
    }

    /// Remembers quotes of contracts that are held.
    pub(super) fn quote_held(&mut self, place: Place, ticker: Ticker, chain: &Chain) {
        let held: Vec<_> =
            self.held.values().flat_map(|held| contracts(&held.instrument)).collect();
        for quote in &chain.quotes {
            let contract = quote.contract(ticker);
            let Some((bid, ask)) = quote.sane().filter(|_| held.contains(&contract)) else {
                continue;
            };
            self.quotes.insert(contract, Touch { bid, ask, seq: place.seq(), at: chain.at });
            self.quoted.insert(contract);
        }
    }

    /// Forgets quotes of contracts that are held no more: when one is held again, they are old.
    fn forget_quotes(&mut self, instrument: Instrument, batch: &mut Batch) {
        let held: Vec<_> =
            self.held.values().flat_map(|held| contracts(&held.instrument)).collect();
        for contract in contracts(&instrument).filter(|contract| !held.contains(contract)) {
            if self.quotes.remove(&contract).is_some() {
                self.quoted.remove(&contract);
                let name = contract.occ();
                batch.change("DELETE FROM quotes WHERE contract = $1", [name.into()]);
            }
        }
    }

    /// Marks what is held at the end of a minute.
    pub(super) fn mark(&mut self, place: Place, minute: &Minute, batch: &mut Batch) {
        let keys: Vec<Key> = self.held.keys().copied().collect();
        for key in keys {
            let Some((best, worst, last)) = self.seen(key.1, minute) else { continue };
            let held = self.held.get_mut(&key).expect("its key was just seen");
            held.observe((best, worst, last), place, minute.end());
            batch.add(row!(marks {
                position: held.id.clone(),
                seq: place.seq(),
                at: minute.end(),
                price: last,
                gain_pct: held.gain_pct(last),
                pnl: held.pnl(last),
            }));
            self.changed.insert(key);
        }
    }

    /// The highest, the lowest and the last price of a minute; nothing when nobody knows.
    fn seen(&self, instrument: Instrument, minute: &Minute) -> Option<(Price, Price, Price)> {
        if let Instrument::Equity(ticker) = instrument {
            let bar = minute.bar(self.slot(ticker)?)?;
            return Some((bar.high, bar.low, bar.close));
        }
        let mut middle = 0;
        for (leg, sign) in instrument.legs() {
            let Instrument::Option(contract) = leg else { return None };
            let touch = self.quotes.get(&contract)?;
            middle += sign * (touch.bid.ticks() + touch.ask.ticks()) / 2;
        }
        let price = Price::from_ticks(middle)?;
        Some((price, price, price))
    }

    pub(super) fn close(&mut self, place: Place, outcome: &Outcome, batch: &mut Batch) {
        let (position, account) = match &outcome.subject {
            Subject::Position { position, account } => (*position, *account),
            Subject::Ghost { ghost, refused } => {
                return self.end_ghost(place, (*ghost, refused), outcome, batch);
            }
        };
        let key = (account, outcome.instrument);
        if let Some(held) = self.held.remove(&key) {
            held.write(batch);
        }
        self.changed.remove(&key);
        self.forget_quotes(outcome.instrument, batch);
        let id = position.0.to_string();
        // A leg of a vertical that fell apart was never opened by itself.
        let what = (outcome.instrument, outcome.quantity, outcome.direction);
        self.begin((place, &id, account), what, (outcome.entry, outcome.opened), batch);
        let mut values = ending_values(place, outcome);
        values.extend([
            outcome.quantity.into(),
            outcome.entry.into(),
            outcome.opened.into(),
            id.into(),
        ]);
        let sql = concat!(
            "UPDATE positions SET ",
            ending!(),
            ", quantity = 0, quantity_most = $14, entry = $15, opened_at = $16 WHERE id = $17"
        );
        batch.change(sql, values);
    }

    /// Makes a position's row; one that ended in error is brought back under its own name.
    fn begin(
        &self,
        (place, id, account): (Place, &str, AccountId),
        (instrument, quantity, direction): (Instrument, Quantity, Direction),
        (entry, opened): (Price, Time),
        batch: &mut Batch,
    ) {
        let contract = contract_of(&instrument);
        batch.change(
            "INSERT INTO positions (id, seq, changed, account, instrument, instrument_type, \
             ticker, expiry, strike, direction, signal, status, stage, quantity, quantity_most, \
             multiplier, entry, opened_at, marks, best_pct, worst_pct) VALUES ($1, $2, $3, $4, \
             $5, $6, $7, $8, $9, $10, (SELECT signal FROM orders WHERE id = $1), 'open', 'open', \
             $11, $12, $13, $14, $15, 0, 0, 0) ON CONFLICT (id) DO UPDATE SET status = 'open', \
             changed = excluded.changed, quantity = excluded.quantity",
            [
                id.to_owned().into(),
                place.seq().into(),
                place.seq().into(),
                self.account(account).into(),
                instrument.into(),
                instrument_type(&instrument).into(),
                instrument.underlying().into(),
                contract.map(|contract| contract.expiry).into(),
                contract.map(|contract| contract.strike).into(),
                Value::text(direction),
                quantity.magnitude().into(),
                quantity.magnitude().into(),
                i64::from(instrument.multiplier()).into(),
                entry.into(),
                opened.into(),
            ],
        );
    }

    /// A position in a later expiry took another's place.
    pub(super) fn roll(place: Place, index: usize, rolling: &Rolling, batch: &mut Batch) {
        batch.add(row!(rolls {
            seq: place.seq(),
            place: index,
            at: place.at,
            position_before: rolling.from.0.to_string(),
            position: rolling.to.0.to_string(),
            cost: rolling.cost,
        }));
    }

    /// A dividend was paid, or taken; told twice, it counts once.
    pub(super) fn pay(&self, place: Place, payout: &Payout, batch: &mut Batch) {
        batch.change(
            "INSERT INTO payouts (payout, seq, at, account, ticker, shares, amount, cash, \
             paid_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (payout) DO NOTHING",
            [
                execution_name(payout.id).into(),
                place.seq().into(),
                place.at.into(),
                self.account(payout.account).into(),
                payout.ticker.into(),
                payout.shares.into(),
                payout.amount.into(),
                payout.cash().into(),
                payout.at.into(),
            ],
        );
    }
}

/// The contracts behind an instrument.
fn contracts(instrument: &Instrument) -> impl Iterator<Item = Contract> {
    instrument.legs().filter_map(|(leg, _)| match leg {
        Instrument::Option(contract) => Some(contract),
        Instrument::Equity(_) | Instrument::Vertical(_) => None,
    })
}

impl Touch {
    /// Writes the quote over the one before.
    pub(super) fn write(self, contract: Contract, batch: &mut Batch) {
        batch.change(
            "INSERT INTO quotes (contract, seq, at, bid, ask) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (contract) DO UPDATE SET seq = excluded.seq, at = excluded.at, \
             bid = excluded.bid, ask = excluded.ask",
            [
                contract.occ().into(),
                self.seq.into(),
                self.at.into(),
                self.bid.into(),
                self.ask.into(),
            ],
        );
    }
}

impl Held {
    fn trade(&mut self, quantity: Quantity, price: Price) {
        let before = self.quantity.magnitude();
        self.quantity += quantity;
        let after = self.quantity.magnitude();
        if before < after {
            let total = i128::from(self.entry.ticks()) * i128::from(before.units())
                + i128::from(price.ticks()) * i128::from((after.units() - before.units()).abs());
            let mean = backsight_domain::money::divide(
                total,
                i128::from(after.units()),
                Rounding::HalfEven,
            );
            self.entry = Price::from_ticks_clamped(i64::try_from(mean).unwrap_or(i64::MAX));
            self.most = self.most.max(after);
        }
    }

    fn observe(&mut self, (high, low, last): (Price, Price, Price), place: Place, at: Time) {
        let (one, other) = (self.gain_pct(high), self.gain_pct(low));
        self.best_pct = self.best_pct.max(one).max(other);
        self.worst_pct = self.worst_pct.min(one).min(other);
        self.mark = Some((last, at));
        self.marks += 1;
        self.changed = place.seq();
    }

    /// What it has gained at a price, in percent of its entry.
    fn gain_pct(&self, price: Price) -> f64 {
        let gain = price.dollars() / self.entry.dollars() - 1.0;
        match self.direction {
            Direction::Long => gain * 100.0,
            Direction::Short => -gain * 100.0,
        }
    }

    /// What it would make if all of it left at a price, without fees.
    fn pnl(&self, price: Price) -> Money {
        let multiplier = self.instrument.multiplier();
        let worth = |price| Money::of(price, self.quantity, multiplier, Rounding::HalfEven);
        worth(price) - worth(self.entry)
    }

    /// Writes what changes while it is held.
    pub(super) fn write(&self, batch: &mut Batch) {
        batch.change(
            "UPDATE positions SET changed = $1, stage = $2, quantity = $3, quantity_most = $4, \
             entry = $5, mark = $6, marked_at = $7, marks = $8, best_pct = $9, worst_pct = $10 \
             WHERE id = $11",
            [
                self.changed.into(),
                Value::text(self.stage),
                self.quantity.magnitude().into(),
                self.most.into(),
                self.entry.into(),
                self.mark.map(|(price, _)| price).into(),
                self.mark.map(|(_, at)| at).into(),
                self.marks.into(),
                self.best_pct.into(),
                self.worst_pct.into(),
                self.id.clone().into(),
            ],
        );
    }
}
