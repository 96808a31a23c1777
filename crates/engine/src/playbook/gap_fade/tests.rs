use super::*;

/// Up 2 % over night after a session that rose 1 %.
fn features() -> Features {
    Features {
        gap: Some(0.02),
        previous_move: Some(0.01),
        session_open: Some(102.0),
        ..Features::default()
    }
}

fn wished(features: &Features, cents: i64, minutes: i64) -> Option<Wish> {
    let price = Price::from_cents(cents).unwrap();
    wish(&GapFadePolicy::default(), features, price, minutes)
}

#[test]
fn an_up_gap_after_an_up_session_is_sold_down_to_the_close_before() {
    let wish = wished(&features(), 10_200, 5).unwrap();
    assert_eq!((wish.direction, wish.horizon), (Direction::Short, Horizon::Day));
    assert!((wish.confidence - 0.70).abs() < 1e-12);
    assert!(wish.suits_options);
    let terms = wish.terms;
    // The gap of 2 % is filled at 100; half of it the other way is given up at.
    assert_eq!(terms.target.unwrap().to_string(), "100.0008");
    assert_eq!(terms.stop.unwrap().to_string(), "103.02");
    assert_eq!(terms.minutes, Some(90));
}

#[test]
fn a_down_gap_after_a_down_session_is_bought() {
    let down = Features {
        gap: Some(-0.02),
        previous_move: Some(-0.01),
        session_open: Some(98.0),
        ..Features::default()
    };
    let wish = wished(&down, 9_800, 5).unwrap();
    assert_eq!(wish.direction, Direction::Long);
    assert!(wish.terms.stop.unwrap() < Price::from_cents(9_800).unwrap());
}

#[test]
fn one_bar_of_yesterday_does_not_make_a_direction() {
    // inbound 6.4: the direction came from a single one-minute bar.
    for change in [
        Features { previous_move: Some(-0.01), ..features() },
        Features { previous_move: Some(0.004), ..features() },
        Features { previous_move: None, ..features() },
        Features { gap: Some(0.007), ..features() },
        Features { gap: None, ..features() },
        Features { session_open: None, ..features() },
    ] {
        assert_eq!(wished(&change, 10_200, 5), None, "{change:?}");
    }
}

#[test]
fn a_gap_that_is_mostly_faded_or_an_hour_old_is_left_alone() {
    assert!(wished(&features(), 10_090, 5).is_some());
    assert_eq!(wished(&features(), 10_070, 5), None);
    assert_eq!(wished(&features(), 9_900, 5), None);
    assert!(wished(&features(), 10_200, 60).is_some());
    assert_eq!(wished(&features(), 10_200, 61), None);
}
