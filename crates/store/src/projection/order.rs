//! Orders: how they began, where they went, what was executed.

use backsight_domain::decision::OrderMove;
use backsight_domain::id::{ExecutionId, IntentId};
use backsight_domain::order::{Intent, OrderKind, Purpose};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;

use super::{Place, Projection, contract_of, instrument_type};
use crate::batch::{Batch, row};
use crate::value::Value;

impl Projection {
    pub(super) fn order(&self, place: Place, intent: &Intent, batch: &mut Batch) {
        let (kind, limit, stop) = match intent.kind {
            OrderKind::Market => ("market", None, None),
            OrderKind::Limit(limit) => ("limit", Some(limit), None),
            OrderKind::Stop(stop) => ("stop", None, Some(stop)),
            OrderKind::StopLimit { stop, limit } => ("stop_limit", Some(limit), Some(stop)),
        };
        let (purpose, signal, position, reason) = match intent.purpose {
            Purpose::Open(signal) => ("open", Some(signal.to_string()), Some(intent.id), None),
            Purpose::Close { position, reason } => {
                ("close", None, Some(position.0), Some(Value::text(reason)))
            }
        };
        let contract = contract_of(&intent.instrument);
        batch.add(row!(orders {
            id: intent.id.to_string(),
            seq: place.seq(),
            changed: place.seq(),
            at: place.at,
            account: self.account(intent.account),
            instrument: intent.instrument,
            instrument_type: instrument_type(&intent.instrument),
            ticker: intent.instrument.underlying(),
            expiry: contract.map(|contract| contract.expiry),
            strike: contract.map(|contract| contract.strike),
            side: Value::text(intent.side),
            quantity: intent.quantity,
            kind: kind,
            limit_price: limit,
            stop_price: stop,
            purpose: purpose,
            signal: signal,
            position: position.map(|position| position.to_string()),
            reason: reason,
            replaces: intent.replaces.map(|replaced| replaced.to_string()),
            client_order_id: self
                .desk
                .map_or_else(String::new, |desk| desk.client_order_id(intent.id)),
            valid_until: intent.valid_until,
            policy: intent.policy.0,
            state: "sent",
            since: place.at,
            filled: Quantity::ZERO,
        }));
    }

    pub(super) fn fill(
        &mut self,
        place: Place,
        (execution, intent): (ExecutionId, IntentId),
        (quantity, price): (Quantity, Price),
        batch: &mut Batch,
    ) {
        let told = self.fills.iter().find(|fill| fill.execution == execution).cloned();
        batch.add(row!(fills {
            execution: name(execution),
            seq: place.seq(),
            at: place.at,
            intent: intent.to_string(),
            account: told.as_ref().map(|fill| self.account(fill.account)),
            instrument: told.as_ref().map(|fill| fill.instrument),
            side: if quantity.is_positive() { "buy" } else { "sell" },
            quantity: quantity.magnitude(),
            price: price,
            fee: told.as_ref().map(|fill| fill.fee),
            executed_at: told.as_ref().map(|fill| fill.at),
        }));
        batch.change(
            "UPDATE orders SET filled = ROUND(filled + $1, 9), last_price = $2, changed = $3 \
             WHERE id = $4",
            [
                quantity.magnitude().into(),
                price.into(),
                place.seq().into(),
                intent.to_string().into(),
            ],
        );
        if let Some(fill) = told {
            self.trade(place, (fill.account, fill.instrument), quantity, price);
        }
    }
}

pub(super) fn moved(place: Place, index: usize, moved: &OrderMove, batch: &mut Batch) {
    batch.add(row!(order_moves {
        seq: place.seq(),
        place: index,
        at: place.at,
        intent: moved.intent.to_string(),
        state_before: Value::text(moved.from),
        state: Value::text(moved.to),
    }));
    batch.change(
        "UPDATE orders SET state = $1, since = $2, changed = $3 WHERE id = $4",
        [
            Value::text(moved.to),
            place.at.into(),
            place.seq().into(),
            moved.intent.to_string().into(),
        ],
    );
}

pub(super) fn bust(place: Place, execution: ExecutionId, batch: &mut Batch) {
    batch.change(
        "UPDATE fills SET busted = $1 WHERE execution = $2 AND busted IS NULL",
        [place.seq().into(), name(execution).into()],
    );
}

pub(super) fn name(execution: ExecutionId) -> String {
    format!("{:032x}", execution.0)
}
