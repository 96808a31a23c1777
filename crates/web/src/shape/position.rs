//! Positions as the API tells them.

use backsight_domain::decision::Stage;
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::price::Price;
use backsight_engine::Engine;
use backsight_engine::position::Position as Held;
use serde::Serialize;
use utoipa::ToSchema;

use super::{dollars, percent, price, shares};
use crate::mirror::Mirror;

/// What is held, and how it will be left.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Position {
    /// Its identity: the order that opened it.
    pub id: String,
    /// Who holds it.
    pub account: String,
    /// What is held.
    pub instrument: String,
    /// The share behind it.
    pub symbol: String,
    /// `equity`, `option` or `vertical`.
    pub kind: String,
    /// The contracts of two that are held as one: what was bought, then what was sold.
    pub legs: Vec<String>,
    /// `long` or `short`.
    pub direction: String,
    /// How much; negative when short.
    pub quantity: f64,
    /// What was paid, on average.
    pub entry: f64,
    /// What one unit is worth now; `null` when nobody said.
    pub price: Option<f64>,
    /// What it is worth now.
    pub value: Option<f64>,
    /// What it made so far, in dollars.
    pub result: Option<f64>,
    /// The same in percent of what it cost.
    pub result_pct: Option<f64>,
    /// Where the loss, or what is left of the gain, is enough.
    pub stop: Option<f64>,
    /// Where a part is sold.
    pub part: Option<f64>,
    /// Where all of it is sold.
    pub target: Option<f64>,
    /// From where on a share of the best gain is kept.
    pub trail_from: Option<f64>,
    /// Whether the stop lies where it cannot become a loss any more: `at_risk`, `protected`.
    pub stop_cover: String,
    /// How far it has come under its rules.
    pub stage: String,
    /// When it is left whatever it made.
    pub out_by: Option<String>,
    /// Why it is being left; `null` while it is kept.
    pub leaving: Option<String>,
    /// When it was opened.
    pub opened: String,
    /// Whole minutes since.
    pub minutes: i64,
    /// The signal it was opened on.
    pub signal: String,
    /// The rule set behind the signal.
    pub playbook: Option<String>,
    /// The best it ever was, in percent of the entry.
    pub mfe_pct: f64,
    /// The worst it ever was, in percent of the entry.
    pub mae_pct: f64,
}

/// What one unit of a position is worth.
pub fn mark(position: &Held, engine: &Engine) -> Option<Price> {
    engine.market().mark(position.instrument, position.slot)
}

/// What is held, at a price.
pub fn value(position: &Held, mark: Price) -> Money {
    let multiplier = position.instrument.multiplier();
    Money::of(mark, position.quantity, multiplier, Rounding::HalfEven)
}

impl Position {
    /// Tells a position.
    pub fn of(held: &Held, mirror: &Mirror) -> Self {
        let (engine, track) = (mirror.engine(), &held.track);
        let mark = mark(held, engine);
        let worth = mark.map(|mark| value(held, mark));
        let result = worth.map(|worth| worth - held.cost);
        let bounds = track.bounds();
        let session = engine.market().session();
        let open = session.filter(|session| session.contains(engine.now()));
        let tale = mirror.past.history.signals.get(&held.signal);
        let (kind, legs) = kind_of(held.instrument);
        let safe = track.stage() != Stage::Open;
        Self {
            id: held.id.0.to_string(),
            account: engine.account_name(held.account).to_owned(),
            instrument: held.instrument.to_string(),
            symbol: held.instrument.underlying().as_str().to_owned(),
            kind: kind.to_owned(),
            legs,
            direction: track.direction.to_string(),
            quantity: shares(held.quantity),
            entry: price(track.entry),
            price: mark.map(price),
            value: worth.map(dollars),
            result: result.map(dollars),
            result_pct: result.map(|result| share_of(result, held.cost)),
            stop: bounds.stop.map(price),
            part: bounds.part.map(price),
            target: bounds.target.map(price),
            trail_from: bounds.trail_from.map(price),
            stop_cover: (if safe { "protected" } else { "at_risk" }).to_owned(),
            stage: track.stage().to_string(),
            out_by: track.out_by(open).map(|until| until.to_string()),
            leaving: held.leaving.map(|leaving| leaving.reason.to_string()),
            opened: track.opened.to_string(),
            minutes: (engine.now() - track.opened).minutes_floor(),
            signal: held.signal.to_string(),
            playbook: tale.map(|tale| tale.signal.playbook.to_string()),
            mfe_pct: track.mfe_pct(),
            mae_pct: track.mae_pct(),
        }
    }
}

fn share_of(part: Money, whole: Money) -> f64 {
    let whole = whole.magnitude().as_dollars();
    if whole == 0.0 { 0.0 } else { percent(part.as_dollars() / whole) }
}

fn kind_of(instrument: Instrument) -> (&'static str, Vec<String>) {
    match instrument {
        Instrument::Equity(_) => ("equity", Vec::new()),
        Instrument::Option(_) => ("option", Vec::new()),
        Instrument::Vertical(vertical) => {
            ("vertical", vec![vertical.bought().occ(), vertical.sold().occ()])
        }
    }
}
