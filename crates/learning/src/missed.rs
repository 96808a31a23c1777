//! What was declined, what it would have made, and what stood in the way.
//!
//! | Declined | What it would have made | What stood in the way |
//! |---|---|---|
//! | a signal that an account refused | what its ghost made, after costs, by the same exits | each gate that refused |
//! | a playbook that looked closely and held | the move until the close, less the fill model's spread | what it found missing |
//! | a surge that nobody traded | the move of the next hour in the way of its bar, less the spread | the gates of its signals, or that no playbook spoke |
//!
//! Each gets one verdict, by rules alone: *missed*, *spared*, *even*, or *open* while its end is not
//! known. A surge was missed when the move of the hour after reached the policy's `surge_bps` in the
//! way of its bar and volume stayed above what was usual before.

use std::collections::BTreeMap;

use backsight_domain::decision::HoldReason;
use backsight_domain::id::{AccountId, SignalId};
use backsight_domain::instrument::Ticker;
pub use backsight_domain::judgement::Judgement;
use backsight_domain::money::Money;
use backsight_domain::policy::Policy;
use backsight_domain::signal::{Direction, Playbook};
use backsight_domain::time::{Date, Span, Time};
use backsight_domain::verdict::{Gate, Observed};

use crate::outcome::{Episodes, at_size};
use crate::past::history::Tale;
use crate::past::tape::{MarkedHold, Path, Surge};
use crate::past::{Past, sign, trading_date};

/// How long before and after a surge its signals and trades are looked for.
const AROUND: Span = Span::from_minutes(15);

/// Something that was not traded.
#[derive(Clone, Debug)]
pub struct Declined {
    /// When.
    pub at: Time,
    /// The symbol.
    pub ticker: Ticker,
    /// Which way it would have gone; `None` when nothing said.
    pub direction: Option<Direction>,
    /// What it was.
    pub what: What,
    /// What it would have made; `None` while that is open or cannot be known.
    pub made: Option<Made>,
    /// The verdict.
    pub judgement: Judgement,
    /// What stood in the way.
    pub obstacles: Vec<Obstacle>,
    /// How many more like it came while it was under way.
    pub repeats: u32,
}

/// What was declined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// A signal that one or more accounts refused.
    Signal {
        /// The signal.
        id: SignalId,
        /// The playbook.
        playbook: Playbook,
        /// Its confidence.
        confidence: f64,
    },
    /// A playbook that looked closely and held.
    Hold {
        /// The playbook.
        playbook: Playbook,
        /// What it found missing.
        why: HoldReason,
    },
    /// Volume far above what was usual.
    Surge {
        /// Against the mean of the 20 bars before.
        ratio: f64,
        /// What the price did 15 and 60 minutes later and at the close, in its bar's way.
        after: [Option<f64>; 3],
        /// Whether volume stayed above what was usual for 15 minutes.
        is_sustained: bool,
    },
}

/// What something would have made after costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Made {
    /// In percent of the entry.
    pub pct: f64,
    /// The best it would have been.
    pub best_pct: f64,
    /// The worst it would have been.
    pub worst_pct: f64,
    /// In units of the risk; `None` when no plan says what the risk was.
    pub r: Option<f64>,
    /// At the sizes that were refused; `None` when no size is known.
    pub money: Option<Money>,
}

/// What stood between something and a trade.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Obstacle {
    /// A gate of an account.
    Gate {
        /// The account.
        account: AccountId,
        /// The gate.
        gate: Gate,
        /// What it saw.
        observed: Observed,
        /// What it wanted.
        threshold: Observed,
        /// Whether it was the only one.
        is_alone: bool,
    },
    /// A playbook found too little.
    Hold {
        /// What was missing.
        why: HoldReason,
        /// What it saw.
        observed: f64,
        /// What would have been enough.
        threshold: f64,
    },
    /// No playbook made a signal.
    Silence,
}

impl Obstacle {
    /// Its name: of the gate, of what was missing, or `no signal`.
    pub fn name(&self) -> String {
        match self {
            Self::Gate { gate, .. } => gate.name().to_owned(),
            Self::Hold { why, .. } => why.to_string(),
            Self::Silence => "no signal".to_owned(),
        }
    }
}

/// Everything that was declined, oldest first.
pub fn missed(past: &Past) -> Vec<Declined> {
    let mut all = signals(past);
    all.extend(past.tape.holds.iter().map(|hold| judge_hold(past, hold)));
    let index = Around::of(past);
    all.extend(past.tape.surges.iter().filter_map(|surge| judge_surge(past, surge, &index)));
    all.sort_by_key(|declined| (declined.at, declined.ticker));
    all
}

/// Refused signals, one for each episode.
fn signals(past: &Past) -> Vec<Declined> {
    let mut episodes = Episodes::default();
    let mut last: BTreeMap<Ticker, usize> = BTreeMap::new();
    let mut all: Vec<Declined> = Vec::new();
    let refused = |tale: &&Tale| tale.verdicts.iter().any(|verdict| !verdict.is_approval());
    for tale in past.history.signals.values().filter(refused) {
        let ticker = tale.signal.ticker;
        if episodes.begins(None, tale) {
            last.insert(ticker, all.len());
            all.push(judge_signal(tale));
        } else if let Some(episode) = last.get(&ticker).and_then(|place| all.get_mut(*place)) {
            episode.repeats += 1;
        }
    }
    all
}

fn judge_signal(tale: &Tale) -> Declined {
    let signal = &tale.signal;
    let ghost = tale.ghost.as_ref();
    let sizes = tale.verdicts.iter().filter(|verdict| !verdict.is_approval());
    let made = ghost.map(|ghost| Made {
        pct: pct(ghost.pnl, ghost.entry.ticks() * i64::from(ghost.instrument.multiplier())),
        best_pct: ghost.mfe_pct,
        worst_pct: ghost.mae_pct,
        r: Some(ghost.r_multiple),
        money: Some(sizes.map(|verdict| at_size(ghost, verdict.quantity)).sum()),
    });
    let judgement = ghost.map_or(Judgement::Open, |ghost| Judgement::of_label(ghost.label));
    Declined {
        at: signal.at,
        ticker: signal.ticker,
        direction: Some(signal.direction),
        what: What::Signal {
            id: signal.id,
            playbook: signal.playbook,
            confidence: signal.confidence,
        },
        made,
        judgement,
        obstacles: obstacles(tale),
        repeats: 0,
    }
}

/// Money as a percentage of a price in the same units.
#[expect(clippy::cast_precision_loss, reason = "prices and results stay below 2^53 units")]
fn pct(money: Money, price: i64) -> f64 {
    100.0 * money.units() as f64 / (price as f64).max(1.0)
}

/// Every gate that refused an account.
fn obstacles(tale: &Tale) -> Vec<Obstacle> {
    let mut all = Vec::new();
    for verdict in &tale.verdicts {
        let is_alone = verdict.refusals().count() == 1;
        all.extend(verdict.refusals().map(|check| Obstacle::Gate {
            account: verdict.account,
            gate: check.gate,
            observed: check.observed,
            threshold: check.threshold,
            is_alone,
        }));
    }
    all
}

fn judge_hold(past: &Past, marked: &MarkedHold) -> Declined {
    let hold = marked.hold;
    let direction = match hold.playbook {
        Playbook::Dip | Playbook::Explosive => Some(Direction::Long),
        Playbook::News => last_reading(past, hold.ticker, marked.at),
        Playbook::Trend | Playbook::GapFade => None,
    };
    let path = marked.path.and_then(|id| past.tape.path(id));
    let policy = past.policy();
    let made = path
        .zip(direction)
        .and_then(|(path, direction)| moved(path, sign(direction), path.at_close()?, policy));
    Declined {
        at: marked.at,
        ticker: hold.ticker,
        direction,
        what: What::Hold { playbook: hold.playbook, why: hold.why },
        made,
        judgement: made.map_or(Judgement::Open, |made| Judgement::of_move(made.pct, EVEN_PCT)),
        obstacles: vec![Obstacle::Hold {
            why: hold.why,
            observed: hold.observed,
            threshold: hold.threshold,
        }],
        repeats: 0,
    }
}

/// Percent within which a result is neither won nor lost, as in the labels of outcomes.
const EVEN_PCT: f64 = 0.5;

/// The way of the last reading of a symbol.
fn last_reading(past: &Past, ticker: Ticker, at: Time) -> Option<Direction> {
    let mut readings = past.press.readings.iter().rev().filter(|read| read.at <= at);
    let last = readings.find(|read| read.reading.ticker == ticker)?;
    Some(if last.reading.sentiment < 0.0 { Direction::Short } else { Direction::Long })
}

/// What a path would have made, going a way in and out at half a spread beyond the close.
fn moved(path: &Path, way: f64, end: f64, policy: &Policy) -> Option<Made> {
    let costs = 2.0 * f64::from(policy.fill_model.half_spread_bps) / 100.0;
    let (best, worst) = path.extremes(way);
    let pct = 100.0 * way * end - costs;
    pct.is_finite().then_some(Made {
        pct,
        best_pct: 100.0 * best,
        worst_pct: 100.0 * worst,
        r: None,
        money: None,
    })
}

/// Signals and trades by symbol and time.
struct Around<'p> {
    tales: BTreeMap<(Ticker, Time), Vec<&'p Tale>>,
}

impl<'p> Around<'p> {
    fn of(past: &'p Past) -> Self {
        let mut tales: BTreeMap<(Ticker, Time), Vec<&Tale>> = BTreeMap::new();
        for tale in past.history.signals.values() {
            tales.entry((tale.signal.ticker, tale.signal.at)).or_default().push(tale);
        }
        Self { tales }
    }

    fn near(&self, ticker: Ticker, at: Time) -> impl Iterator<Item = &'p Tale> {
        let range = (ticker, at - AROUND)..=(ticker, at + AROUND);
        self.tales.range(range).flat_map(|(_, tales)| tales.iter().copied())
    }
}

/// A surge that nobody traded; `None` for one that somebody did.
fn judge_surge(past: &Past, surge: &Surge, around: &Around<'_>) -> Option<Declined> {
    let near: Vec<&Tale> = around.near(surge.ticker, surge.at).collect();
    if near.iter().any(|tale| !tale.opened.is_empty()) {
        return None;
    }
    let way = f64::from(surge.way);
    let path = surge.path.and_then(|id| past.tape.path(id));
    let hour = path.and_then(|path| path.after_minutes(60).or_else(|| path.at_close()));
    let made = path.zip(hour).filter(|_| surge.way != 0);
    let made = made.and_then(|(path, hour)| moved(path, way, hour, past.policy()));
    #[expect(clippy::cast_precision_loss, reason = "volumes stay below 2^53")]
    let later = path.map_or(0.0, |path| path.volume_15 as f64 / 15.0);
    let is_sustained = surge.features.volume_mean.is_some_and(|usual| usual <= later);
    let reach = f64::from(past.policy().lookback.surge_bps) / 100.0;
    let judgement =
        made.map_or(Judgement::Open, |made| Judgement::of_surge(made.pct, reach, is_sustained));
    let directed = |after: Option<f64>| after.map(|after| way * after);
    let after = path.map_or([None; 3], |path| {
        [path.after_minutes(15), path.after_minutes(60), path.at_close()].map(directed)
    });
    let mut obstacles: Vec<Obstacle> = near.iter().flat_map(|tale| obstacles(tale)).collect();
    if obstacles.is_empty() {
        obstacles.push(Obstacle::Silence);
    }
    let direction = match surge.way {
        1.. => Some(Direction::Long),
        0 => None,
        ..0 => Some(Direction::Short),
    };
    Some(Declined {
        at: surge.at,
        ticker: surge.ticker,
        direction,
        what: What::Surge { ratio: surge.ratio, after, is_sustained },
        made,
        judgement,
        obstacles,
        repeats: 0,
    })
}

/// What one session declined.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DaySummary {
    /// Everything that was declined.
    pub declined: u32,
    /// What would have won.
    pub missed: u32,
    /// What would have lost.
    pub spared: u32,
    /// What the missed would have made, in percent of their entries, summed.
    pub missed_pct: f64,
}

/// By session, oldest first.
pub fn by_session(all: &[Declined]) -> BTreeMap<Date, DaySummary> {
    summarise(all, |declined| trading_date(declined.at))
}

/// By symbol.
pub fn by_ticker(all: &[Declined]) -> BTreeMap<Ticker, DaySummary> {
    summarise(all, |declined| declined.ticker)
}

fn summarise<K: Ord>(all: &[Declined], key: impl Fn(&Declined) -> K) -> BTreeMap<K, DaySummary> {
    let mut rows: BTreeMap<K, DaySummary> = BTreeMap::new();
    for declined in all {
        let row = rows.entry(key(declined)).or_default();
        row.declined += 1;
        row.missed += u32::from(declined.judgement == Judgement::Missed);
        row.spared += u32::from(declined.judgement == Judgement::Spared);
        if declined.judgement == Judgement::Missed {
            row.missed_pct += declined.made.map_or(0.0, |made| made.pct);
        }
    }
    rows
}

#[cfg(test)]
mod tests;
