//! Each safety rule is switched off once, and the oracle must notice.

use backsight_sim::campaign::Trial;
use backsight_sim::careless::Rule;

/// Some trial among the first seeds fails without the rule.
fn is_noticed(rule: Rule) -> bool {
    let trials = (0..60).filter_map(|seed| Trial::of_seed(seed, "full"));
    let mut without = trials.map(|trial| Trial { without: Some(rule), ..trial });
    without.any(|trial| trial.play(|_, _| {}).is_err())
}

#[test]
fn sending_before_the_intent_is_durable_is_noticed() {
    assert!(is_noticed(Rule::DurableBeforeSend));
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
