use backsight_domain::market::Slot;

use super::*;

fn price(cents: i64) -> Price {
    Price::from_cents(cents).unwrap()
}

fn wished(score: f64, range: Option<f64>, cents: i64) -> Option<Wish> {
    let candidate = Candidate { slot: Slot(0), score, price: price(1_000) };
    let features = Features { session_range: range, ..Features::default() };
    wish(&ExplosivePolicy::default(), &features, &candidate, price(cents))
}

#[test]
fn size_grows_with_the_score_up_to_a_cap() {
    // amc 3.1: 5 % times one plus the score, 8 % at most.
    assert_eq!(wished(0.65, Some(0.25), 1_000).unwrap().terms.size_bps, Some(800));
    let small = ExplosivePolicy { score_min: 0.2, ..ExplosivePolicy::default() };
    let candidate = Candidate { slot: Slot(0), score: 0.4, price: price(1_000) };
    let features = Features { session_range: Some(0.25), ..Features::default() };
    let wish = wish(&small, &features, &candidate, price(1_000)).unwrap();
    assert_eq!(wish.terms.size_bps, Some(700));
}

#[test]
fn the_stop_is_two_ranges_away_within_bounds_and_the_target_two_and_a_half_risks() {
    for (range, stop, target) in
        [(0.25, "9.50", "11.25"), (0.05, "9.70", "10.75"), (2.0, "9.20", "12.00")]
    {
        let terms = wished(0.8, Some(range), 1_000).unwrap().terms;
        assert_eq!(terms.stop.unwrap().to_string(), stop);
        assert_eq!(terms.target.unwrap().to_string(), target);
    }
}

#[test]
fn nothing_is_chased_and_no_range_is_no_stop() {
    assert!(wished(0.8, Some(0.25), 1_100).is_some());
    assert_eq!(wished(0.8, Some(0.25), 1_101), None);
    assert_eq!(wished(0.6, Some(0.25), 1_000), None);
    assert_eq!(wished(0.8, None, 1_000), None);
}
