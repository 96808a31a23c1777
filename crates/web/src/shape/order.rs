//! Orders as the API tells them.

use backsight_domain::decision::OrderPhase;
use backsight_domain::order::{OrderKind, Purpose};
use backsight_domain::time::Time;
use backsight_engine::Engine;
use backsight_learning::past::history::{History, OrderTale};
use serde::Serialize;
use utoipa::ToSchema;

use super::{price, shares};
use crate::mirror::Mirror;

/// An order and where it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Order {
    /// Its identity.
    pub id: String,
    /// For which account.
    pub account: String,
    /// What is traded.
    pub instrument: String,
    /// The share behind it.
    pub symbol: String,
    /// `buy` or `sell`.
    pub side: String,
    /// How much.
    pub quantity: f64,
    /// At what price: `market`, `limit 12.34`, `stop 12.34`.
    pub kind: String,
    /// The limit, when it has one.
    pub limit: Option<f64>,
    /// The signal it opens on, or why it closes.
    pub purpose: String,
    /// The signal behind it; `null` when the position was adopted.
    pub signal: Option<String>,
    /// The order whose place it takes.
    pub replaces: Option<String>,
    /// The version of the policy it was decided under.
    pub policy: u32,
    /// When it was decided.
    pub decided: String,
    /// Where it stands.
    pub state: String,
    /// Whether nothing can follow.
    pub done: bool,
    /// Since when.
    pub since: String,
    /// How much was executed.
    pub filled: f64,
    /// The price of the last execution.
    pub last_price: Option<f64>,
    /// The states it went through.
    pub history: Vec<OrderStep>,
}

/// One state of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderStep {
    /// When it came to it.
    pub at: String,
    /// The state.
    pub state: String,
}

impl Order {
    /// Tells an order with the states it went through.
    pub fn told(tale: &OrderTale, mirror: &Mirror) -> Self {
        let moves = mirror.moves.get(&tale.intent.id).map_or(&[][..], Vec::as_slice);
        Self::of(tale, (mirror.engine(), &mirror.past.history), moves)
    }

    /// Tells an order.
    pub fn of(
        tale: &OrderTale,
        (engine, history): (&Engine, &History),
        moves: &[(Time, OrderPhase)],
    ) -> Self {
        let intent = &tale.intent;
        let signal = match intent.purpose {
            Purpose::Open(signal) => Some(signal),
            Purpose::Close { position, .. } => history.signal_behind(position),
        };
        let steps = moves
            .iter()
            .map(|(at, phase)| OrderStep { at: at.to_string(), state: phase.to_string() });
        Self {
            id: intent.id.to_string(),
            account: engine.account_name(intent.account).to_owned(),
            instrument: intent.instrument.to_string(),
            symbol: intent.instrument.underlying().as_str().to_owned(),
            side: intent.side.to_string(),
            quantity: shares(intent.quantity),
            kind: intent.kind.to_string(),
            limit: limit(intent.kind),
            purpose: purpose(intent.purpose),
            signal: signal.map(|signal| signal.to_string()),
            replaces: intent.replaces.map(|old| old.to_string()),
            policy: intent.policy.0,
            decided: tale.decided.to_string(),
            state: tale.phase.to_string(),
            done: tale.phase.is_final() || tale.phase == OrderPhase::Abandoned,
            since: tale.since.to_string(),
            filled: shares(tale.filled),
            last_price: tale.price.map(price),
            history: steps.collect(),
        }
    }
}

fn limit(kind: OrderKind) -> Option<f64> {
    match kind {
        OrderKind::Limit(limit) | OrderKind::StopLimit { limit, .. } => Some(price(limit)),
        OrderKind::Market | OrderKind::Stop(_) => None,
    }
}

/// What an order is for: the signal it opens on, or why it closes.
pub fn purpose(purpose: Purpose) -> String {
    match purpose {
        Purpose::Open(signal) => signal.to_string(),
        Purpose::Close { reason, .. } => reason.to_string(),
    }
}
