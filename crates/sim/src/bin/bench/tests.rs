use backsight_sim::backtest::{Plan, Tape};

use crate::measure::{Reel, prove};
use crate::reference::deals;
use crate::rules::{ANCHOR, Rules};
use crate::words::TapeName;

fn reel() -> Reel {
    let plan = Plan { symbols: 12, sessions: 3, ..TapeName::A.plan(true) };
    Reel::of("small", Tape::generate(plan))
}

#[test]
fn engine_and_reference_make_the_same_trades() {
    let reel = reel();
    let shy = Rules { volume_quarters: 12, ..ANCHOR };
    let busy = Rules { volume_quarters: 5, breakout: 0, minutes: 4, ..ANCHOR };
    for rules in [ANCHOR, shy, busy] {
        let test = prove(&reel, "rules", &rules, &reel.setup(&rules)).expect("equal trades");
        assert!(!test.trades().is_empty());
        assert_eq!(test.tally().verdicts, 2 * test.tally().signals);
        assert!(0 < test.tally().ghosts);
    }
}

#[test]
fn one_different_threshold_is_noticed() {
    let reel = reel();
    let others = [
        Rules { volume_quarters: 12, ..ANCHOR },
        Rules { vol_tenths: 11, ..ANCHOR },
        Rules { breakout: 11, ..ANCHOR },
        Rules { stop_bps: 99, ..ANCHOR },
        Rules { target_bps: 149, ..ANCHOR },
        Rules { minutes: 59, ..ANCHOR },
    ];
    for other in others {
        assert!(prove(&reel, "rules", &ANCHOR, &reel.setup(&other)).is_err(), "{other:?}");
    }
}

#[test]
fn trades_of_the_reference_never_overlap_and_never_end_at_a_close() {
    let reel = reel();
    let deals = deals(reel.tape(), &ANCHOR);
    for pair in deals.windows(2).filter(|pair| pair[0].symbol == pair[1].symbol) {
        assert!(pair[0].left < pair[1].entered);
    }
    assert!(deals.iter().all(|deal| deal.entered % 390 != 389 && deal.left % 390 != 389));
}
