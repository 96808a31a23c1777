//! The engine's whole state as bytes: for snapshots, and hashed for fingerprints.
//!
//! Both use the same list of fields, so a field that is forgotten in one is forgotten in neither.
//! The fingerprint leaves out what repeats the journal: the rows of the past, whose sums are in, and
//! what was said of orders, executions and positions that ended, whose results are in.

use backsight_domain::decision::Fingerprint;
use backsight_domain::market::Universe;
use backsight_domain::policy::{ExitPolicy, OptionExitPolicy};
use backsight_domain::session::{Session, covers};
use backsight_domain::time::Time;
use backsight_journal::wire::{Input, Malformed, Wire};
use backsight_journal::{wire_enum, wire_struct};

use crate::account::Account;
use crate::engine::{Engine, Pending};
use crate::exit::{Lasts, OptionPlan, Origin, Plan, SharePlan, Track};
use crate::feature::{Averages, Board, Chart, Ring, Rings, Sums, Usual, Windows};
use crate::fresh::FreshStory;
use crate::ghost::{Ghost, Taken};
use crate::ledger::Ledger;
use crate::market::Market;
use crate::order::{
    Cancelling, Displaced, Done, Order, OrderState, Replacing, Sent, Unknown, Working,
};
use crate::outlook::{Coverage, KnownQuote, Outlook, Prospect};
use crate::position::{Leaving, Position, Traded};
use crate::proposal::{Gains, Lane, Lessons, Proposal};

wire_struct!(Ledger { balances });
wire_struct!(Sent { at });
wire_struct!(Unknown { since, asked, next });
wire_struct!(Working { venue, since, heard });
wire_struct!(Cancelling { venue, asked });
wire_struct!(Replacing { venue, asked });
wire_struct!(Displaced { by, asked, missed });
wire_struct!(Done { phase, at });
wire_enum!(OrderState {
    0 => Sent(sent),
    1 => Unknown(unknown),
    2 => Working(working),
    3 => Cancelling(cancelling),
    4 => Replacing(replacing),
    5 => Displaced(displaced),
    6 => Done(done),
});
wire_struct!(Order { intent, state, filled, carried, reported, decided, sends, plan });
wire_struct!(Outlook { regime, stories, candidates, symbols });
wire_struct!(Coverage { first, outlets });
wire_struct!(FreshStory { story, at, sentiment, confidence, before, outlets, watched });
wire_struct!(Prospect { earnings, dividend, thesis, quoted, volatilities, split, chain });
wire_struct!(KnownQuote { quote, at });
wire_struct!(Pending { signal, until });
wire_struct!(Lessons { proposals, trials, cycles });
wire_struct!(Proposal {
    id,
    finding,
    stage,
    since,
    waited,
    found,
    approvals,
    share_pct,
    gains,
    under,
    beside
});
wire_struct!(Gains { last, sessions, here, trades, total, missing });
wire_struct!(Lane { trades, total, peak });
wire_struct!(Traded { opened, opened_value, closed, closed_value, fees, income });
wire_struct!(Leaving { reason, tries, order, keep });
wire_struct!(Position {
    id,
    account,
    instrument,
    slot,
    signal,
    quantity,
    cost,
    track,
    traded,
    guessed,
    leaving
});
wire_struct!(Taken { percent, exit });
wire_struct!(Ghost { id, instrument, slot, track, pricing, volatility, taken, income, refused });
wire_struct!(Account {
    id,
    ledger,
    known,
    reconciled,
    disagreements,
    streaming,
    locked,
    session,
    session_start,
    week_start,
    losses_in_row,
    opened_today,
    day_trades,
    results,
    loss_latched,
    report_asked,
    reported,
    last_traded,
    foreign,
    unexplained
});
wire_struct!(Sums { close20, close50, volume_before, session_volume, session_value });
wire_struct!(Windows {
    recent,
    baseline,
    breakout,
    slow_breakout,
    range,
    surge,
    band,
    across_sessions,
    chart
});
wire_struct!(Averages { ema9, ema12, ema20, ema26, signal, rises, falls });
wire_struct!(Usual { rows, sessions, expected, expected_before });
wire_struct!(Chart {
    averages,
    squares,
    range_high,
    range_low,
    previous_open,
    day_high,
    day_low,
    day_range,
    usual,
    minute
});
wire_struct!(Ring { cells, lanes, head });
wire_struct!(Rings { close, high, low, volume, returns, open });
wire_struct!(Board {
    rings,
    sums,
    minutes,
    since,
    silent,
    suspect,
    session_open,
    previous_close,
    windows,
    chart,
    ages,
    tidy
});

/// What the state is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// To be read back.
    Whole,
    /// To be hashed.
    Fingerprint,
}

impl Order {
    /// Writes what the venue made of it. The journal has what it was.
    fn put_result(&self, out: &mut Vec<u8>) {
        let Self { intent, state, filled, carried, reported, decided, sends, plan: _ } = self;
        (intent.id, *filled).put(out);
        (*carried, *reported, *decided).put(out);
        state.put(out);
        sends.put(out);
    }
}

impl Position {
    /// Writes what became of it. The journal has what it was left by.
    fn put_result(&self, out: &mut Vec<u8>) {
        (self.id, self.quantity, self.cost).put(out);
        self.traded.put(out);
        (self.track.entry, self.track.highest, self.track.lowest).put(out);
    }
}

impl Chart {
    /// Writes what is no row of the past.
    fn put_sums(&self, out: &mut Vec<u8>) {
        let Self {
            averages,
            squares,
            range_high,
            range_low,
            previous_open,
            day_high,
            day_low,
            day_range,
            usual: Usual { rows: _, sessions, expected, expected_before },
            minute,
        } = self;
        averages.put(out);
        for column in [squares, day_range, expected, expected_before] {
            column.put(out);
        }
        for column in [range_high, range_low, previous_open, day_high, day_low] {
            column.put(out);
        }
        sessions.put(out);
        minute.put(out);
    }
}

wire_struct!(Lasts { minutes, sessions, early });
wire_struct!(Origin { playbook, direction, confidence });
wire_enum!(Plan { 0 => Shares(plan), 1 => Options(plan) });

impl Wire for SharePlan {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { policy, stop, target, second_target, lasts, overnight, adds } = self;
        policy.bits().put(out);
        (*stop, (*target, *second_target)).put(out);
        lasts.put(out);
        overnight.put(out);
        adds.put(out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let policy = ExitPolicy::from_bits(&Vec::<u64>::take(input)?);
        let (stop, (target, second_target)) = Wire::take(input)?;
        Ok(Self {
            policy: policy.ok_or(Malformed::Impossible("exit policy"))?,
            stop,
            target,
            second_target,
            lasts: Wire::take(input)?,
            overnight: Wire::take(input)?,
            adds: Wire::take(input)?,
        })
    }
}

impl Wire for OptionPlan {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { policy, horizon, expiry, lasts, origin, rolls } = self;
        policy.bits().put(out);
        (*horizon, *expiry).put(out);
        lasts.put(out);
        origin.put(out);
        rolls.put(out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let policy = OptionExitPolicy::from_bits(&Vec::<u64>::take(input)?);
        let (horizon, expiry) = Wire::take(input)?;
        let policy = policy.ok_or(Malformed::Impossible("option exit policy"))?;
        let (lasts, origin) = (Wire::take(input)?, Wire::take(input)?);
        Ok(Self { policy, horizon, expiry, lasts, origin, rolls: Wire::take(input)? })
    }
}

impl Wire for Track {
    fn put(&self, out: &mut Vec<u8>) {
        let Self {
            direction, entry, opened, highest, lowest, plan, stage, marked, alarmed, ..
        } = self;
        (*direction, (*entry, *opened)).put(out);
        (*highest, *lowest).put(out);
        plan.put(out);
        (*stage, (*marked, *alarmed)).put(out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let (direction, (entry, opened)) = Wire::take(input)?;
        let (highest, lowest) = Wire::take(input)?;
        let mut track = Self::begin(direction, entry, opened, Wire::take(input)?);
        (track.highest, track.lowest) = (highest, lowest);
        (track.stage, (track.marked, track.alarmed)) = Wire::take(input)?;
        track.derive();
        Ok(track)
    }
}

/// A market without its board: the board is written by itself, with or without its history.
fn put_beliefs(market: &Market, out: &mut Vec<u8>) {
    let Market {
        universe,
        board: _,
        slots: _,
        quotes,
        halted,
        readings,
        last_minute,
        session,
        stories,
        outlook,
        heard: _,
        opens: _,
        studied: _,
        noted: _,
    } = market;
    universe.put(out);
    quotes.put(out);
    halted.put(out);
    readings.put(out);
    last_minute.put(out);
    session.map(Session::open).put(out);
    stories.put(out);
    outlook.put(out);
}

fn take_beliefs(input: &mut Input<'_>) -> Result<Market, Malformed> {
    let universe: Universe = Wire::take(input)?;
    let mut market = Market::default();
    if !market.watch(&universe) {
        return Err(Malformed::Impossible("universe"));
    }
    market.quotes = Wire::take(input)?;
    market.halted = Wire::take(input)?;
    market.readings = Wire::take(input)?;
    market.last_minute = Wire::take(input)?;
    let open: Option<Time> = Wire::take(input)?;
    market.session = open.filter(|open| covers(*open)).and_then(Session::at);
    market.stories = Wire::take(input)?;
    market.outlook = Wire::take(input)?;
    if market.outlook.symbols.len() != universe.listings.len() {
        return Err(Malformed::Impossible("outlook"));
    }
    Ok(market)
}

impl Engine {
    /// The name of the snapshot's layout: a snapshot of another layout is not read.
    pub const SNAPSHOT_SCHEMA: &'static str = "engine-9";

    /// The whole state, from which [`Self::restore`] makes an equal engine.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.put_state(Form::Whole, &mut out);
        self.market.board.put(&mut out);
        out
    }

    /// An engine from a snapshot.
    ///
    /// # Errors
    /// Returns what is wrong with the bytes.
    pub fn restore(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut input = Input::new(bytes);
        let mut engine = Self::take_state(&mut input)?;
        let board = Board::take(&mut input)?;
        if board.symbols() != engine.market.universe.listings.len() {
            return Err(Malformed::Impossible("board"));
        }
        engine.market.board = board;
        engine.derive();
        if input.left() == 0 { Ok(engine) } else { Err(Malformed::LeftOver(input.left())) }
    }

    /// The hash of the whole state.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut out = Vec::with_capacity(16 * 1024);
        self.put_state(Form::Fingerprint, &mut out);
        let board = &self.market.board;
        i32::put_all(board.rings.close.last(), &mut out);
        let Board {
            sums,
            minutes,
            since,
            silent,
            suspect,
            session_open,
            previous_close,
            chart,
            ..
        } = board;
        sums.put(&mut out);
        minutes.put(&mut out);
        since.put(&mut out);
        silent.put(&mut out);
        suspect.put(&mut out);
        session_open.put(&mut out);
        previous_close.put(&mut out);
        chart.put_sums(&mut out);
        Fingerprint(*blake3::hash(&out).as_bytes())
    }

    /// Writes everything but the board. A fingerprint names the policy by its hash.
    fn put_state(&self, form: Form, out: &mut Vec<u8>) {
        (self.seq, self.now).put(out);
        self.started.put(out);
        match form {
            Form::Whole => out.extend_from_slice(self.policy_bytes()),
            Form::Fingerprint => out.extend_from_slice(self.policy_hash()),
        }
        self.version.put(out);
        put_beliefs(&self.market, out);
        self.fresh.put(out);
        self.accounts.put(out);
        match form {
            Form::Whole => {
                self.orders.put(out);
                self.executions.put(out);
                self.ended.put(out);
            }
            Form::Fingerprint => self.put_results(out),
        }
        self.live.put(out);
        self.positions.put(out);
        self.ghosts.put(out);
        self.settled.put(out);
        self.settled_since.put(out);
        self.session_began.put(out);
        self.recent_orders.put(out);
        self.session_orders.put(out);
        self.signalled.put(out);
        self.pending.put(out);
        self.lessons.put(out);
        self.latch.put(out);
        self.obeyed.put(out);
        (self.state, self.wake).put(out);
    }

    /// Writes orders, and what came of those that ended, of executions and of positions that ended.
    fn put_results(&self, out: &mut Vec<u8>) {
        for (id, order) in self.orders.iter() {
            if self.live.contains_key(id) {
                order.put(out);
            } else {
                order.put_result(out);
            }
        }
        self.executions.keys().for_each(|id| id.put(out));
        self.ended.iter().for_each(|(_, position)| position.put_result(out));
        (self.orders.len(), self.executions.len(), self.ended.len()).put(out);
    }

    fn take_state(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let mut engine = Self::new();
        (engine.seq, engine.now) = Wire::take(input)?;
        engine.started = Wire::take(input)?;
        (engine.base, engine.version) = Wire::take(input)?;
        engine.market = Box::new(take_beliefs(input)?);
        engine.fresh = Wire::take(input)?;
        engine.accounts = Wire::take(input)?;
        engine.orders = Wire::take(input)?;
        engine.executions = Wire::take(input)?;
        engine.ended = Wire::take(input)?;
        engine.live = Wire::take(input)?;
        engine.positions = Wire::take(input)?;
        engine.ghosts = Wire::take(input)?;
        engine.settled = Wire::take(input)?;
        engine.settled_since = Wire::take(input)?;
        engine.session_began = Wire::take(input)?;
        engine.recent_orders = Wire::take(input)?;
        engine.session_orders = Wire::take(input)?;
        engine.signalled = Wire::take(input)?;
        engine.pending = Wire::take(input)?;
        engine.lessons = Wire::take(input)?;
        engine.latch = Wire::take(input)?;
        engine.obeyed = Wire::take(input)?;
        (engine.state, engine.wake) = Wire::take(input)?;
        Ok(engine)
    }
}
