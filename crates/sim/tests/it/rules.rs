//! Each safety rule is switched off once, and the oracle must notice.

use backsight_sim::careless::Rule;
use backsight_sim::drill::Drill;

/// Some drill among the first seeds fails without the rule.
fn is_noticed(rule: Rule) -> bool {
    let drills = (0..60).filter_map(|seed| Drill::of_seed(seed, "full"));
    let mut without = drills.map(|drill| Drill { without: Some(rule), ..drill });
    without.any(|drill| drill.play(|_, _| {}).is_err())
}

#[test]
fn sending_before_the_intent_is_durable_is_noticed() {
    // Only a crash between an order and the next flush shows it; an order leaves near these.
    let mut drill = Drill::of_seed(1, "none").unwrap();
    drill.setup.sessions = 1;
    drill.setup.world.symbols = 4;
    drill.without = Some(Rule::DurableBeforeSend);
    let lost = (780..800).any(|crash| {
        drill.crashes = vec![crash];
        let outcome = drill.play(|_, _| {});
        outcome.is_err_and(|failed| failed.to_string().contains("was lost in a crash"))
    });
    assert!(lost, "an order outlived its intent");
}

#[test]
fn a_new_id_for_an_order_that_is_sent_again_is_noticed() {
    assert!(is_noticed(Rule::SameIdOnResend));
}

#[test]
fn applying_an_execution_twice_is_noticed() {
    assert!(is_noticed(Rule::FillsByExecution));
}

#[test]
fn trusting_the_stream_is_noticed() {
    assert!(is_noticed(Rule::AskTheVenue));
}

#[test]
fn believing_a_damaged_snapshot_is_noticed() {
    assert!(is_noticed(Rule::HashedSnapshot));
}
