//! The anchor strategy for one symbol, as the state that barter keeps for each instrument.
//!
//! All comparisons are in integers, like those of the reference; sums are kept incrementally. What is held is what was
//! sent: in a back-test with barter's mock exchange a fill may arrive long after the bars that follow it.

use barter::engine::Processor;
use barter::engine::state::instrument::data::InstrumentDataState;
use barter::engine::state::order::in_flight_recorder::InFlightRequestRecorder;
use barter_data::event::MarketEvent;
use barter_data::subscription::candle::Candle;
use barter_execution::order::request::{OrderRequestCancel, OrderRequestOpen};
use barter_execution::{AccountEvent, AccountEventKind};
use barter_instrument::asset::AssetIndex;
use barter_instrument::exchange::{ExchangeId, ExchangeIndex};
use barter_instrument::instrument::{Instrument, InstrumentIndex};
use barter_instrument::{Keyed, Side};
use rust_decimal::Decimal;

const VOLUME_WINDOW: usize = 20;
const FAST: usize = 20;
const SLOW: usize = 50;
const RECENT: usize = 20;
const BASELINE: usize = 60;
const BREAKOUT: usize = 10;
const STOP_BPS: i64 = 100;
const TARGET_BPS: i64 = 150;
const MINUTES: i64 = 60;
/// Minutes of a session; the tapes have full ones only.
const SESSION: usize = 390;

/// Symbol, minutes of entry and exit, prices of entry and exit in 1/10,000 dollar.
pub(crate) type Deal = [i64; 5];

#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    number: i64,
    /// Bars seen.
    bars: usize,
    minute: i64,
    pub(crate) close: i64,
    closes: Ring,
    highs: Ring,
    volumes: Ring,
    returns: Ring,
    fast: i64,
    slow: i64,
    /// Volume of the window before this bar.
    before: i64,
    recent: Scatter,
    baseline: Scatter,
    held: Option<Held>,
    /// What the latest bar asks for.
    pub(crate) wish: Option<Side>,
    pub(crate) deals: Vec<Deal>,
    /// Fills that reached the engine.
    pub(crate) fills: usize,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    bar: usize,
    minute: i64,
    entry: i64,
    leaving: bool,
}

/// The last 64 values, by the number of their bar.
#[derive(Clone, Debug)]
struct Ring([i64; 64]);

impl Ring {
    fn at(&self, bar: usize) -> i64 {
        self.0[bar & 63]
    }

    /// The value of so many bars before, or nothing at the beginning of the tape.
    fn before(&self, bar: usize, distance: usize) -> i64 {
        if distance <= bar { self.at(bar - distance) } else { 0 }
    }

    fn put(&mut self, bar: usize, value: i64) {
        self.0[bar & 63] = value;
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Scatter {
    sum: i64,
    squares: i64,
}

impl Scatter {
    fn roll(&mut self, new: i64, old: i64) {
        self.sum += new - old;
        self.squares += new * new - old * old;
    }

    /// n² times the population variance.
    fn of(self, window: usize) -> i128 {
        let (sum, squares) = (i128::from(self.sum), i128::from(self.squares));
        window as i128 * squares - sum * sum
    }
}

/// An instrument as barter lists it.
type Listed = Keyed<InstrumentIndex, Instrument<Keyed<ExchangeIndex, ExchangeId>, AssetIndex>>;

impl Symbol {
    /// Nothing seen yet; symbols and instruments have the same numbers.
    pub(crate) fn of(listed: &Listed) -> Self {
        let empty = || Ring([0; 64]);
        Self {
            number: listed.key.index() as i64,
            bars: 0,
            minute: 0,
            close: 0,
            closes: empty(),
            highs: empty(),
            volumes: empty(),
            returns: empty(),
            fast: 0,
            slow: 0,
            before: 0,
            recent: Scatter::default(),
            baseline: Scatter::default(),
            held: None,
            wish: None,
            deals: Vec::new(),
            fills: 0,
        }
    }

    fn bar(&mut self, candle: &Candle) {
        let t = self.bars;
        let [close, high, volume] = [candle.close, candle.high, candle.volume].map(|x| x as i64);
        self.minute = candle.close_time.timestamp() / 60;
        self.fast += close - self.closes.before(t, FAST);
        self.slow += close - self.closes.before(t, SLOW);
        let gain = if t == 0 {
            0
        } else {
            ((close - self.close) as f64 / self.close as f64 * 1e7).round_ties_even() as i64
        };
        self.recent.roll(gain, self.returns.before(t, RECENT));
        self.baseline.roll(gain, self.returns.before(t, BASELINE));
        self.close = close;
        self.wish = self.decide(t, close, volume);
        self.before += volume - self.volumes.before(t, VOLUME_WINDOW);
        self.closes.put(t, close);
        self.highs.put(t, high);
        self.volumes.put(t, volume);
        self.returns.put(t, gain);
        self.bars += 1;
    }

    fn decide(&mut self, t: usize, close: i64, volume: i64) -> Option<Side> {
        let can_send = !(t + 1).is_multiple_of(SESSION);
        let minute = self.minute;
        if let Some(held) = &mut self.held {
            let gain = close - held.entry;
            held.leaving |= gain <= -(held.entry * STOP_BPS / 10_000)
                || held.entry * TARGET_BPS / 10_000 <= gain
                || MINUTES <= minute - held.minute;
            return (held.leaving && can_send).then_some(Side::Sell);
        }
        (can_send && BASELINE <= t && self.wants_in(t, close, volume)).then_some(Side::Buy)
    }

    fn wants_in(&self, t: usize, close: i64, volume: i64) -> bool {
        0 < self.before
            && 2 * self.before <= VOLUME_WINDOW as i64 * volume
            && 2 * self.slow < 5 * self.fast
            && (t - BREAKOUT..t).all(|bar| self.highs.at(bar) < close)
            && self.is_awake()
    }

    fn is_awake(&self) -> bool {
        let pairs = |n: usize| (n * (n - 1)) as i128;
        let baseline = self.baseline.of(BASELINE);
        let recent = self.recent.of(RECENT);
        0 < baseline && 64 * baseline * pairs(RECENT) <= 100 * recent * pairs(BASELINE)
    }
}

impl InstrumentDataState for Symbol {
    type MarketEventKind = Candle;

    fn price(&self) -> Option<Decimal> {
        (0 < self.bars).then(|| Decimal::new(self.close, 4))
    }
}

impl Processor<&MarketEvent<InstrumentIndex, Candle>> for Symbol {
    type Audit = ();

    fn process(&mut self, event: &MarketEvent<InstrumentIndex, Candle>) {
        self.bar(&event.kind);
    }
}

impl Processor<&AccountEvent> for Symbol {
    type Audit = ();

    fn process(&mut self, event: &AccountEvent) {
        self.fills += usize::from(matches!(event.kind, AccountEventKind::Trade(_)));
    }
}

impl InFlightRequestRecorder for Symbol {
    fn record_in_flight_cancel(&mut self, _: &OrderRequestCancel) {}

    fn record_in_flight_open(&mut self, _: &OrderRequestOpen) {
        self.wish = None;
        let bar = self.bars - 1;
        let now = Held { bar, minute: self.minute, entry: self.close, leaving: false };
        self.held = match self.held.take() {
            None => Some(now),
            Some(Held { bar: entered, entry, .. }) => {
                self.deals.push([self.number, entered as i64, bar as i64, entry, self.close]);
                None
            }
        };
    }
}
