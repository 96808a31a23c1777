//! What the engine does with a completed minute: marks, exits, ghosts, signals.

use backsight_domain::decision::{Haunting, Ignored, Pricing, Reason, Refused, Stage, StageMove};
use backsight_domain::desk::{Alarm, Command, TradingState};
use backsight_domain::id::{AccountId, GhostId, SignalId};
use backsight_domain::instrument::Instrument;
use backsight_domain::market::{Minute, MinuteFlaw, Slot};
use backsight_domain::money::Money;
use backsight_domain::order::{
    ExitReason, Intent, OrderKind, OrderRef, Purpose, Side, TimeInForce,
};
use backsight_domain::policy::TrendPolicy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Features, Playbook, Signal};
use backsight_domain::time::Span;
use backsight_domain::verdict::{Gate, Verdict};

use super::{Engine, Scratch, Worth};
use crate::exit::{self, Act, Track};
use crate::feature::marked;
use crate::gate::{self, Load, View};
use crate::ghost::{Ghost, direction_of, modelled, opening_side};
use crate::market::Market;
use crate::plan::{self, Plan};
use crate::playbook::trend::{self, Sight, VolumeBand};
use crate::position::Position;

impl Engine {
    pub(super) fn take_minute(&mut self, minute: &Minute) {
        if self.now < minute.end() {
            return self.ignore(Ignored::Minute(MinuteFlaw::Unfinished));
        }
        let push = |market: &mut Market| match market.push_minute(minute) {
            Ok(_) => Ok(()),
            Err(flaw) => Err(Ignored::Minute(flaw)),
        };
        if let Err(flaw) = self.market.once(self.seq, push) {
            return self.ignore(flaw);
        }
        let session = self.market.session().expect("a minute was taken");
        if self.market.opens {
            self.open_session();
        }
        self.follow_positions(session);
        self.follow_ghosts(session);
        self.look_for_signals(session);
        self.ask_last_chains(session);
        if minute.end() == session.close() {
            self.note_volatilities(session);
            self.close_session();
        }
    }

    fn equities(&self) -> Vec<Option<Money>> {
        self.accounts.iter().map(|account| self.equity(account.id)).collect()
    }

    fn open_session(&mut self) {
        self.session_orders = 0;
        let date = self.market.session().expect("a minute was taken").date();
        for index in 0..self.accounts.len() {
            let lost = self.going_ex(self.accounts[index].id, date);
            // A night's gap belongs to the session it opens, which starts from the old prices.
            let equity = self.equity_before_open(self.accounts[index].id);
            let equity = equity.map(|equity| equity - lost);
            self.accounts[index].open_session(date, equity, lost);
        }
        self.pay_ghosts(date);
        self.forget_old_orders();
        self.advance_proposals();
        // Nothing may have been due overnight; a session brings reports at least.
        self.wake_by(self.now);
    }

    /// Drops orders and executions that ended before the last session. What arrives about them
    /// later is outdated, and the next report shows whether it mattered.
    fn forget_old_orders(&mut self) {
        let horizon = std::mem::replace(&mut self.session_began, self.now);
        self.forget_settled(horizon);
        let live = &self.live;
        self.orders.retain(|intent, order| live.contains_key(intent) || horizon <= order.decided);
        let (orders, positions) = (&self.orders, &self.positions);
        self.executions.retain(|_, fill| match fill.order {
            OrderRef::Ours(intent) => {
                let held = positions.get(&(fill.account, fill.instrument));
                orders.contains_key(&intent) || held.is_some_and(|held| held.id.0 == intent)
            }
            OrderRef::Foreign(_) => horizon <= fill.at,
        });
        self.forget_ended(horizon);
    }

    fn close_session(&mut self) {
        if self.scratch.brief {
            return;
        }
        let equity = self.equities().into_iter().map(Option::unwrap_or_default).collect();
        let fingerprint = self.fingerprint();
        self.because(Reason::Closing { fingerprint, equity });
    }

    fn follow_positions(&mut self, session: Session) {
        let Scratch { worth, leaving, decision, .. } = &mut self.scratch;
        let because = &mut decision.because;
        worth.clear();
        worth.resize(self.accounts.len(), Worth::default());
        let bars = self.market.board.last_bars();
        let mut options = false;
        for (key, position) in &mut self.positions {
            if !matches!(position.instrument, Instrument::Equity(_)) {
                options = true;
                let mark = self.market.mark(position.instrument, position.slot);
                worth[usize::from(position.account.0)].add(position, mark);
                continue;
            }
            let (high, low, close) = bars.of(position.slot);
            position.track.observe(high, low);
            if position.is_staying() {
                let act = position.track.verdict(close, self.now, session);
                if act.is_some_and(|act| apply(position, act, because)) {
                    leaving.add(*key);
                }
            }
            let mark = Price::from_ticks(close);
            worth[usize::from(position.account.0)].add(position, mark);
        }
        if options {
            self.follow_options(session);
        }
        self.watch_losses();
        self.shed_excess();
    }

    /// Latches the daily loss of each account.
    fn watch_losses(&mut self) {
        for index in 0..self.accounts.len() {
            let account = &self.accounts[index];
            let start = account.session_start.filter(|_| account.known && !account.loss_latched);
            let Some(start) = start else { continue };
            let equity = account.cash() + self.scratch.worth[index].value;
            if equity - start <= -self.limits(account.id).max_daily_loss {
                self.accounts[index].loss_latched = true;
                self.alarm(Alarm::DailyLossReached);
            }
        }
    }

    /// Flattening leaves everything; reducing leaves the worst position of each over-limit account.
    fn shed_excess(&mut self) {
        if self.state == TradingState::Flattening {
            self.leave_everything();
        } else if self.latch == Some(Command::Reduce) {
            for index in 0..self.accounts.len() {
                self.leave_worst_if_over(self.accounts[index].id);
            }
        }
    }

    fn leave_worst_if_over(&mut self, account: AccountId) {
        let held = || self.positions.values().filter(|p| p.account == account);
        let staying = held().filter(|position| position.is_staying());
        let count = staying.clone().filter(|position| !position.track.plan.adds()).count();
        let value = |position: &Position| {
            let mark = self.market.mark(position.instrument, position.slot);
            let mark = mark.unwrap_or(position.track.entry);
            (position.open_result(mark), position.exposure(Some(mark)))
        };
        let exposure: Money = staying.clone().map(|p| value(p).1).sum();
        let limits = self.limits(account);
        let over = usize::try_from(limits.max_positions).is_ok_and(|most| most < count)
            || limits.max_exposure < exposure;
        let worst = staying.min_by_key(|position| value(position).0);
        let Some(key) = worst.filter(|_| over).map(|p| (p.account, p.instrument)) else { return };
        if let Some(position) = self.positions.get_mut(&key) {
            position.leave(ExitReason::Reduced);
            self.scratch.leaving.add(key);
        }
    }

    fn follow_ghosts(&mut self, session: Session) {
        let (mut index, now, level) = (0, self.now, self.level());
        let bars = self.market.board.last_bars();
        while let Some(ghost) = self.ghosts.get_mut(index) {
            let outcome = match ghost.instrument {
                Instrument::Equity(_) => {
                    ghost.follow(bars.of(ghost.slot), (now, session), &self.policy.fill_model)
                }
                Instrument::Option(_) | Instrument::Vertical(_) => {
                    ghost.follow_option(&self.market, (now, session, level), &self.policy)
                }
            };
            if let Some(outcome) = outcome {
                // Order among ghosts carries no meaning, but it must be the same everywhere.
                self.ghosts.swap_remove(index);
                self.scratch.decision.because.push(Reason::Closed(Box::new(outcome)));
            } else {
                index += 1;
            }
        }
    }

    // Signals.

    fn look_for_signals(&mut self, session: Session) {
        let mut signals = std::mem::take(&mut self.scratch.signals);
        if self.policy.trend.enabled {
            let mut marks = std::mem::take(&mut self.scratch.marks);
            self.market.board.mark_volume(self.scratch.least_volume, &mut marks);
            for slot in marked(&marks) {
                signals.extend(self.signal_for(slot));
            }
            self.scratch.marks = marks;
        }
        self.look_for_ideas(session, &mut signals);
        // The surest first, so that room under a limit goes to it; slots break ties.
        signals.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        for (index, mut signal) in (0_u16..).zip(signals.drain(..)) {
            signal.id = SignalId { cause: self.seq, index };
            self.consider(signal);
        }
        self.scratch.signals = signals;
    }

    fn signal_for(&mut self, slot: Slot) -> Option<Box<Signal>> {
        let canary = self.canary_of(slot);
        let policy = self.rules(canary);
        let board = &self.market.board;
        if board.minutes_silent(slot) != Some(0) {
            return None;
        }
        let direction = trend::hope(&policy.trend, board, slot)?;
        let rearm = Span::from_minutes(i64::from(policy.trend.rearm_minutes));
        if self.has_signalled((slot, Playbook::Trend, direction), self.now - rearm) {
            return None;
        }
        self.market.study(slot, &self.policy, self.now);
        let policy = &self.rules(canary).trend;
        let (features, price) = (self.market.studied(slot), self.market.last_price(slot)?);
        let wish = trend::wish(policy, self.sight(policy, slot, (features, price)))?;
        let features = *features;
        Some(self.signal((slot, Playbook::Trend), wish, (features, price)))
    }

    pub(super) fn sight<'a>(
        &self,
        policy: &TrendPolicy,
        slot: Slot,
        (features, price): (&'a Features, Price),
    ) -> Sight<'a> {
        let board = &self.market.board;
        let volume = VolumeBand::find(policy, |ratio| board.volume_reaches(slot, ratio));
        Sight { features, close: price.dollars(), volume }
    }

    /// Judges a signal for every account; whoever refuses shares one ghost.
    pub(super) fn take_signal(&mut self, signal: Box<Signal>) {
        // A signal that waited is judged by what the market says now.
        let close = self.market.last_price(signal.slot).unwrap_or(signal.price);
        let price = self.opening_price(signal.slot, signal.direction, close);
        if self.scratch.brief {
            return self.take_briefly(&signal, price);
        }
        let mut verdicts = std::mem::take(&mut self.scratch.verdicts);
        let mut refused = Vec::new();
        let mut haunted = None;
        for index in 0..self.accounts.len() {
            let id = self.accounts[index].id;
            if signal.terms.rolls.is_some_and(|rolls| rolls.account != id) {
                continue;
            }
            let before = verdicts.last().map(|verdict| &**verdict);
            let verdict = self.judge(index, &signal, price, before);
            if let Some(first) = verdict.refusals().next() {
                let (account, gate) = (verdict.account, first.gate);
                if gate == Gate::OrderRate {
                    self.stop_runaway();
                }
                // A ghost holds one thing; who would have traded another has its verdict alone.
                let what = (verdict.instrument, verdict.side);
                let (planned, _) = *haunted.get_or_insert((what, verdict.price));
                if planned == what {
                    refused.push(Refused { account, gate, quantity: verdict.quantity });
                }
            } else {
                self.open(&verdict, &signal);
            }
            verdicts.push(verdict);
        }
        self.scratch.decision.because.reserve(verdicts.len() + 2);
        let haunting = haunted.and_then(|what| self.haunt(&signal, what, refused));
        self.because(Reason::Signal(signal));
        for verdict in verdicts.drain(..) {
            self.because(Reason::Verdict(verdict));
        }
        self.scratch.verdicts = verdicts;
        if let Some(haunting) = haunting {
            self.because(Reason::Haunted(haunting));
        }
    }

    /// Opens what every gate approves, and says nothing of what is refused.
    fn take_briefly(&mut self, signal: &Signal, price: Price) {
        for index in 0..self.accounts.len() {
            let id = self.accounts[index].id;
            let is_anothers = signal.terms.rolls.is_some_and(|rolls| rolls.account != id);
            if is_anothers || gate::refuses_at_once(&self.glance(index, signal, price), signal) {
                continue;
            }
            let verdict = self.judge(index, signal, price, None);
            match verdict.refusals().next() {
                Some(first) if first.gate == Gate::OrderRate => self.stop_runaway(),
                Some(_) => {}
                None => self.open(&verdict, signal),
            }
        }
    }

    /// What can be seen of an account without counting what is under way.
    fn glance<'a>(&'a self, index: usize, signal: &Signal, price: Price) -> View<'a> {
        let worth = self.scratch.worth[index];
        View {
            now: self.now,
            state: self.state,
            policy: self.rules(signal.canary),
            limits: &self.limits_by(signal.canary)[index],
            account: &self.accounts[index],
            market: &self.market,
            load: Load { instruments: worth.instruments, ..Load::default() },
            pace: self.pace(),
            price,
        }
    }

    fn judge(
        &self,
        index: usize,
        signal: &Signal,
        price: Price,
        before: Option<&Verdict>,
    ) -> Box<Verdict> {
        let id = self.accounts[index].id;
        let mut view = self.glance(index, signal, price);
        view.load = self.load(id, self.scratch.worth[index], Some(signal.slot));
        let plan = plan::plan(&view, signal);
        view.load.crosses = self.crosses(id, &plan);
        gate::judge(&view, signal, plan, before)
    }

    /// Whether an order of the account could trade with a planned one: the broker's wash-trade
    /// table, asked before it is.
    fn crosses(&self, account: AccountId, plan: &Plan) -> bool {
        let opposite = self.live_orders(account).filter(|order| {
            order.intent.instrument == plan.instrument && order.intent.side != plan.side
        });
        let is_limit = self.policy.orders.entry_limit || !plan.is_of_shares();
        let limit = is_limit.then_some(plan.price);
        opposite.into_iter().any(|order| {
            let resting = match order.intent.kind {
                OrderKind::Limit(price) | OrderKind::StopLimit { limit: price, .. } => Some(price),
                OrderKind::Market | OrderKind::Stop(_) => None,
            };
            let meet = |(ours, theirs): (Price, Price)| match plan.side {
                Side::Buy => theirs <= ours,
                Side::Sell => ours <= theirs,
            };
            limit.zip(resting).is_none_or(meet)
        })
    }

    /// The price an opening order carries: the touch or the last close plus a capped concession.
    fn opening_price(&self, slot: Slot, direction: Direction, close: Price) -> Price {
        let orders = &self.policy.orders;
        if !orders.entry_limit {
            return close;
        }
        let quote = self.market.fresh_quote(slot, &self.policy.gates, self.now);
        let touch = quote.map_or(close, |(bid, ask)| match direction {
            Direction::Long => ask,
            Direction::Short => bid,
        });
        let price = touch.moved_bps(direction.sign() * i64::from(orders.entry_concession_bps));
        match direction {
            Direction::Long => price.floor_to_quote(),
            Direction::Short => price.ceil_to_quote(),
        }
    }

    fn open(&mut self, verdict: &Verdict, signal: &Signal) {
        let orders = &self.policy.orders;
        // Premiums are never traded at whatever the market gives.
        let must_limit = !matches!(verdict.instrument, Instrument::Equity(_));
        // A worst price can only be kept by a limit.
        let limit = orders.entry_limit || must_limit || signal.terms.entry.is_some();
        let kind = if limit { OrderKind::Limit(verdict.price) } else { OrderKind::Market };
        let valid = Span::from_seconds(i64::from(orders.entry_ttl_s));
        let intent = Intent {
            id: self.next_intent(),
            account: verdict.account,
            instrument: verdict.instrument,
            side: verdict.side,
            quantity: verdict.quantity,
            kind,
            lasts: TimeInForce::Day,
            purpose: Purpose::Open(signal.id),
            replaces: None,
            valid_until: (self.now + valid).min(signal.expires),
            policy: self.version,
        };
        let approved = gate::approve_opening(verdict, intent);
        self.submit(approved.expect("a verdict without refusals is an approval"));
        let what = (intent.instrument, intent.side);
        let plan = exit::Plan::of(self.rules(signal.canary), signal, what);
        self.orders.get_mut(&intent.id).expect("it was just sent").plan = Some(plan);
    }

    /// Starts a ghost for a refused signal, unless as many are followed as the policy allows.
    fn haunt(
        &mut self,
        signal: &Signal,
        ((instrument, side), expected): ((Instrument, Side), Price),
        mut refused: Vec<Refused>,
    ) -> Option<Haunting> {
        let model = &self.policy.fill_model;
        if usize::try_from(model.ghosts_max).is_ok_and(|most| most <= self.ghosts.len()) {
            return None;
        }
        let (direction, (price, pricing, volatility)) = match instrument {
            Instrument::Equity(_) => (signal.direction, self.share_entry(signal)),
            Instrument::Option(_) | Instrument::Vertical(_) => {
                let direction = direction_of(side);
                (direction, self.option_entry((instrument, side), (signal.slot, expected)))
            }
        };
        refused.sort();
        let plan = exit::Plan::of(self.rules(signal.canary), signal, (instrument, side));
        self.ghosts.push(Ghost {
            id: GhostId(signal.id),
            instrument,
            slot: signal.slot,
            track: Track::begin(direction, price, self.now, plan),
            pricing,
            volatility,
            taken: None,
            income: Money::ZERO,
            refused,
        });
        Some(Haunting { ghost: GhostId(signal.id), price, pricing })
    }

    /// Where a ghost of shares enters: at a quote, or as the fill model says.
    fn share_entry(&self, signal: &Signal) -> (Price, Pricing, Option<f64>) {
        let side = opening_side(signal.direction);
        let quote = self.market.fresh_quote(signal.slot, &self.policy.gates, self.now);
        let (price, pricing) = match (quote, signal.direction) {
            (Some((_, ask)), Direction::Long) => (ask, Pricing::Quoted),
            (Some((bid, _)), Direction::Short) => (bid, Pricing::Quoted),
            (None, _) => (modelled(signal.price, side, &self.policy.fill_model), Pricing::Modelled),
        };
        (price, pricing, None)
    }
}

/// Does what the rules want of a position; whether an order is to follow. A part that is no whole
/// lot is taken without one.
pub(super) fn apply(position: &mut Position, act: Act, because: &mut Vec<Reason>) -> bool {
    let from = position.track.stage;
    let begins = match act {
        Act::Leave(reason) => position.leave(reason),
        Act::Take(percent) => {
            position.track.advance(Stage::PartTaken);
            position.take_part(percent)
        }
    };
    note_stage(position, from, because);
    begins
}

/// Says when a position has come to another stage.
pub(super) fn note_stage(position: &Position, from: Stage, because: &mut Vec<Reason>) {
    let to = position.track.stage;
    if from != to {
        because.push(Reason::Stage(StageMove { position: position.id, from, to }));
    }
}
