use backsight_domain::id::{ExecutionId, Seq};
use backsight_domain::instrument::Ticker;
use backsight_domain::order::{OrderRef, Side};
use backsight_domain::policy::ExitPolicy;
use proptest::prelude::*;

use super::*;
use crate::exit::{Plan, SharePlan};

fn fill(side: Side, quantity: Quantity) -> Fill {
    Fill {
        execution: ExecutionId(1),
        account: AccountId(0),
        order: OrderRef::Ours(IntentId { cause: Seq(1), leg: 0 }),
        instrument: Instrument::Equity(Ticker::parse("ACME").unwrap()),
        side,
        quantity,
        price: Price::from_cents(10_000).unwrap(),
        fee: Money::ZERO,
        at: Time::default(),
    }
}

fn held(quantity: Quantity) -> Position {
    let opening = fill(Side::Buy, quantity);
    let plan = Box::new(Plan::Shares(SharePlan::general(&ExitPolicy::default())));
    let intent = IntentId { cause: Seq(1), leg: 0 };
    let mut position = Position {
        id: PositionId(intent),
        account: AccountId(0),
        instrument: opening.instrument,
        slot: Slot(0),
        signal: SignalId { cause: Seq(1), index: 0 },
        quantity: Quantity::ZERO,
        cost: Money::ZERO,
        track: Track::begin(Direction::Long, opening.price, Time::default(), plan),
        traded: Traded::default(),
        guessed: false,
        leaving: None,
    };
    position.extend(&opening, worth(&opening));
    position
}

#[test]
fn one_contract_cannot_be_halved() {
    // inbound L14: the half of it was an order for nothing, refused again and again.
    let mut position = held(Quantity::shares(1));
    assert!(!position.take_part(50));
    assert_eq!((position.leaving, position.excess()), (None, Quantity::shares(1)));
    let mut position = held(Quantity::from_units(340_000_000));
    assert!(!position.take_part(40), "nor can 0.34 shares");
}

proptest! {
    /// Whatever is sold in whatever parts: what an order may sell and what stays under watch are
    /// together all that is held, so nothing is ever without a way out, and nothing is sold twice.
    #[test]
    fn prop_an_exit_and_the_watch_cover_all_that_is_held(
        opened in 1_i64..40,
        acts in prop::collection::vec((0_u8..4, 1_u32..100), 0..24),
    ) {
        let mut position = held(Quantity::shares(opened));
        for (act, percent) in acts {
            match act {
                0 => { position.take_part(percent); }
                1 => { position.leave(ExitReason::Stop); }
                _ if position.leaving.is_some() => {
                    let excess = position.excess().whole();
                    let sold = Quantity::shares(1 + (excess - 1) * i64::from(percent) / 100);
                    let sale = fill(Side::Sell, sold);
                    position.reduce(&sale, worth(&sale));
                    position.settle_part();
                }
                _ => {}
            }
            if position.quantity.is_zero() {
                break;
            }
            let watched = if position.is_staying() {
                position.leaving.map_or(position.quantity, |leaving| leaving.keep)
            } else {
                Quantity::ZERO
            };
            let ordered = position.leaving.map_or(Quantity::ZERO, |_| position.excess());
            prop_assert_eq!(watched + ordered, position.quantity);
            prop_assert!(position.leaving.is_none() || ordered.is_positive());
        }
    }
}
