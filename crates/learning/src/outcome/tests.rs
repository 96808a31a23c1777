use backsight_domain::policy::LookbackPolicy;
use backsight_domain::quantity::Quantity;
use backsight_domain::verdict::Gate;

use super::{Category, at_size, ghosts, trades};
use crate::told::{Fate, Teller, at, played, ticker};

#[test]
fn each_return_has_exactly_one_category() {
    // amc P5: the category was never assigned.
    let policy = LookbackPolicy::default();
    let category = |result| Category::of(&policy, result);
    assert_eq!(category(3.24), Category::Explosive);
    assert_eq!(category(0.5), Category::Explosive);
    assert_eq!(category(0.4999), Category::Strong);
    assert_eq!(category(0.2), Category::Strong);
    assert_eq!(category(0.1), Category::Moderate);
    assert_eq!(category(0.0), Category::Poor);
    assert_eq!(category(-0.05), Category::Poor);
    assert_eq!(category(-0.0501), Category::Failed);
}

#[test]
fn a_symbol_that_is_signalled_again_and_again_is_one_episode() {
    // amc P25: every scan recorded the same symbol again.
    let mut teller = Teller::new(2);
    let refused = Fate::Refused(&[(Gate::Confidence, 0.5, 0.55)]);
    for minute in 60..70 {
        teller.signal(at((1, 2), minute), |_| (), &refused, (1.0, 10));
    }
    teller.signal(at((1, 2), 65), |signal| signal.ticker = ticker("BBB"), &refused, (1.0, 10));
    teller.signal(at((1, 2), 95), |_| (), &refused, (-1.0, -10));
    let past = teller.past();
    assert_eq!(past.history.ghosts.len(), 12);
    let told: Vec<_> = ghosts(&past.history).iter().map(|case| case.outcome.r_multiple).collect();
    assert_eq!(told, [1.0, 1.0, -1.0]);
}

#[test]
fn a_ghost_is_one_share_and_is_told_at_the_size_that_was_refused() {
    let mut teller = Teller::new(1);
    let refused = Fate::Refused(&[(Gate::Confidence, 0.5, 0.55)]);
    let id = teller.signal(at((1, 2), 60), |_| (), &refused, (1.0, 10));
    let past = teller.past();
    let tale = &past.history.signals[&id];
    let ghost = tale.ghost.as_ref().unwrap();
    assert_eq!(at_size(ghost, tale.verdicts[0].quantity).to_string(), "10.00");
    assert_eq!(at_size(ghost, Quantity::ZERO).to_string(), "0.00");
}

#[test]
fn every_closed_position_is_a_case_of_its_account() {
    let past = played();
    let cases: Vec<_> = trades(&past.history).collect();
    assert_eq!(cases.len(), past.history.trades.len());
    assert!(cases.iter().all(|case| case.account().is_some()));
    assert!(ghosts(&past.history).iter().all(|case| case.account().is_none()));
}
