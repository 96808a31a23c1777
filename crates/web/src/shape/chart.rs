//! Prices, bars and what stands on them.

use backsight_domain::decision::Subject;
use backsight_domain::instrument::Ticker;
use backsight_domain::market::Slot;
use backsight_domain::order::Side;
use backsight_domain::time::Time;
use backsight_domain::verdict::Verdict;
use backsight_engine::outlook::Prospect;
use serde::Serialize;
use utoipa::ToSchema;

use super::news::Story;
use super::{percent, price, shares};
use crate::mirror::Mirror;
use crate::mirror::bars::Candle;

/// A symbol that is watched, and its last price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Symbol {
    /// The symbol.
    pub symbol: String,
    /// Its sector.
    pub sector: String,
    /// The last price.
    pub last: Option<f64>,
    /// The last price of the session before.
    pub previous_close: Option<f64>,
    /// The change since then, in percent.
    pub change_pct: Option<f64>,
    /// Shares traded in the session.
    pub volume: Option<i64>,
    /// Minutes without a trade.
    pub silent_minutes: Option<u32>,
    /// Whether trading in it is halted.
    pub halted: bool,
    /// When the company reports next.
    pub earnings: Option<String>,
    /// When its contracts were last quoted; `null` when they never were.
    pub chain_at: Option<String>,
    /// How many positions the desk has in it.
    pub positions: usize,
}

impl Symbol {
    /// Tells a symbol.
    pub fn of(slot: Slot, mirror: &Mirror) -> Self {
        let market = mirror.engine().market();
        let listing = &market.universe.listings[slot.index()];
        let prospect = market.outlook.symbol(slot);
        let last = market.last_price(slot);
        let before = mirror.bars.previous_close(slot);
        let change = last.zip(before).map(|(last, before)| price(last) / price(before) - 1.0);
        let positions = mirror.engine().positions().filter(|held| held.slot == slot);
        Self {
            symbol: listing.ticker.as_str().to_owned(),
            sector: listing.sector.to_string(),
            last: last.map(price),
            previous_close: before.map(price),
            change_pct: change.map(percent),
            volume: mirror.bars.today(slot).map(|day| day.volume),
            silent_minutes: market.board.minutes_silent(slot),
            halted: market.is_halted(slot),
            earnings: prospect.and_then(Prospect::reports).map(|at| at.to_string()),
            chain_at: prospect.and_then(Prospect::quoted).map(|at| at.to_string()),
            positions: positions.count(),
        }
    }

    /// Every symbol that is watched.
    pub fn all(mirror: &Mirror) -> Vec<Self> {
        let count = mirror.engine().market().universe.listings.len();
        (0..count)
            .filter_map(|slot| u16::try_from(slot).ok())
            .map(|slot| Self::of(Slot(slot), mirror))
            .collect()
    }
}

/// Bars as columns of equal length.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Columns {
    /// The symbol.
    pub symbol: String,
    /// Minutes of one bar; 0 for whole sessions.
    pub minutes: i64,
    /// When each bar begins, in seconds since 1970.
    pub t: Vec<i64>,
    /// First trade.
    pub o: Vec<f64>,
    /// Highest trade.
    pub h: Vec<f64>,
    /// Lowest trade.
    pub l: Vec<f64>,
    /// Last trade.
    pub c: Vec<f64>,
    /// Shares traded.
    pub v: Vec<i64>,
}

impl Columns {
    /// Bars as columns.
    pub fn of(ticker: Ticker, minutes: i64, candles: &[Candle]) -> Self {
        let mut columns = Self { symbol: ticker.as_str().to_owned(), minutes, ..Self::default() };
        for candle in candles {
            columns.t.push(candle.at.nanos() / 1_000_000_000);
            columns.o.push(price(candle.open));
            columns.h.push(price(candle.high));
            columns.l.push(price(candle.low));
            columns.c.push(price(candle.close));
            columns.v.push(candle.volume);
        }
        columns
    }
}

/// What stands on a chart.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Marks {
    /// Stories, signals, orders and ends of positions and ghosts, in order of time.
    pub marks: Vec<Mark>,
    /// Lines of positions in the symbol.
    pub lines: Vec<Line>,
}

/// One thing that happened to a symbol.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Mark {
    /// When, in seconds since 1970.
    pub t: i64,
    /// `story`, `signal`, `order`, `exit` or `ghost_exit`.
    pub kind: String,
    /// What it is found by: a story, a signal or an order.
    pub id: String,
    /// The signal behind it.
    pub signal: Option<String>,
    /// At what price.
    pub price: Option<f64>,
    /// `long`, `short`, `buy`, `sell`; nothing for a story.
    pub side: Option<String>,
    /// `taken`, `refused` or `waiting` of a signal; the state of an order; the reason of an exit.
    pub state: Option<String>,
    /// What it says: a headline, a gate, a result.
    pub text: String,
}

/// A price that a position is watched at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Line {
    /// The position.
    pub position: String,
    /// Its account.
    pub account: String,
    /// `entry`, `stop`, `part` or `target`.
    pub kind: String,
    /// The price.
    pub price: f64,
}

impl Marks {
    /// What happened to a symbol within a time.
    pub fn of(mirror: &Mirror, ticker: Ticker, (from, to): (Time, Time)) -> Self {
        let inside = |at: Time| from <= at && at < to;
        let mut marks = Self::stories(mirror, ticker, (from, to));
        let history = &mirror.past.history;
        for tale in history.signals.values().filter(|tale| tale.signal.ticker == ticker) {
            let id = tale.signal.id.to_string();
            if inside(tale.signal.at) {
                let line = super::signal::SignalLine::of(tale, mirror);
                marks.push(Mark {
                    t: seconds(tale.signal.at),
                    kind: "signal".to_owned(),
                    signal: Some(id.clone()),
                    price: Some(line.price),
                    side: Some(line.direction),
                    state: Some(line.outcome),
                    text: format!("{} {:.2}, {}", line.playbook, line.confidence, line.fate),
                    id: id.clone(),
                });
            }
            let taken = tale.verdicts.iter().any(Verdict::is_approval);
            let ends = tale.trades.iter().chain(tale.ghost.iter().filter(|_| !taken));
            for outcome in ends.filter(|outcome| inside(outcome.closed)) {
                let is_ghost = matches!(outcome.subject, Subject::Ghost { .. });
                marks.push(Mark {
                    t: seconds(outcome.closed),
                    kind: (if is_ghost { "ghost_exit" } else { "exit" }).to_owned(),
                    id: id.clone(),
                    signal: Some(id.clone()),
                    price: Some(price(outcome.exit)),
                    side: Some(outcome.direction.to_string()),
                    state: Some(outcome.reason.to_string()),
                    text: format!("{} {:+.2} R", outcome.reason, outcome.r_multiple),
                });
            }
            let orders = tale.orders.iter().filter_map(|id| history.orders.get(id));
            for order in orders.filter(|order| inside(order.decided)) {
                let intent = &order.intent;
                marks.push(Mark {
                    t: seconds(order.decided),
                    kind: "order".to_owned(),
                    id: intent.id.to_string(),
                    signal: Some(id.clone()),
                    price: order.price.map(price),
                    side: Some(side(intent.side).to_owned()),
                    state: Some(order.phase.to_string()),
                    text: format!(
                        "{} {} {}, {}",
                        intent.side,
                        shares(intent.quantity),
                        intent.instrument,
                        order.phase
                    ),
                });
            }
        }
        marks.sort_by_key(|mark| mark.t);
        Self { marks, lines: Self::lines(mirror, ticker) }
    }

    fn stories(mirror: &Mirror, ticker: Ticker, (from, to): (Time, Time)) -> Vec<Mark> {
        let about = |reads: &[&backsight_learning::past::press::Read]| {
            reads.iter().any(|read| read.reading.ticker == ticker)
        };
        let told =
            Story::list(mirror, to, usize::MAX, |told, reads| from <= told.at && about(reads));
        let mark = |story: Story| {
            let tone = story.companies.iter().find(|it| it.symbol == ticker.as_str());
            Mark {
                t: Time::parse(&story.at).map_or(0, seconds),
                kind: "story".to_owned(),
                id: story.id,
                signal: None,
                price: None,
                side: None,
                state: tone.map(|tone| format!("{:+.2}", tone.sentiment)),
                text: story.headline,
            }
        };
        told.into_iter().map(mark).collect()
    }

    fn lines(mirror: &Mirror, ticker: Ticker) -> Vec<Line> {
        let engine = mirror.engine();
        let shares = backsight_domain::instrument::Instrument::Equity(ticker);
        let mut lines = Vec::new();
        for held in engine.positions().filter(|held| held.instrument == shares) {
            let bounds = held.track.bounds();
            let levels = [
                ("entry", Some(held.track.entry)),
                ("stop", bounds.stop),
                ("part", bounds.part),
                ("target", bounds.target),
            ];
            for (kind, level) in levels {
                lines.extend(level.map(|level| Line {
                    position: held.id.0.to_string(),
                    account: engine.account_name(held.account).to_owned(),
                    kind: kind.to_owned(),
                    price: price(level),
                }));
            }
        }
        lines
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}

fn seconds(at: Time) -> i64 {
    at.nanos() / 1_000_000_000
}
