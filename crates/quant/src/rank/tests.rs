use super::*;

/// A quiet year at 20 %, rising a little, with one spike to 100 %.
fn spiked() -> Vec<f64> {
    let mut past: Vec<f64> = (0..252).map(|day| 0.2 + f64::from(day) * 1e-4).collect();
    past[10] = 1.0;
    past
}

#[test]
fn a_spike_holds_the_rank_down_but_not_the_percentile() {
    let standing = Standing::of(0.23, &spiked()).unwrap();
    assert!(standing.rank < 0.04, "{standing:?}");
    assert!(0.99 < standing.percentile, "{standing:?}");
    assert_eq!(standing.sessions, 252);
}

#[test]
fn only_a_year_is_looked_back_at() {
    let older = [vec![5.0; 100], spiked()].concat();
    assert_eq!(Standing::of(0.21, &older), Standing::of(0.21, &spiked()));
}

#[test]
fn a_short_past_says_nothing() {
    assert_eq!(Standing::of(0.3, &[0.2; SESSIONS_MIN - 1]), None);
    assert!(Standing::of(0.3, &[0.2; SESSIONS_MIN]).is_some());
    let holes = [vec![f64::NAN; 20], vec![0.2; SESSIONS_MIN - 1]].concat();
    assert_eq!(Standing::of(0.3, &holes), None, "what is missing is no session");
    assert_eq!(Standing::of(f64::NAN, &[0.2; 100]), None);
}

#[test]
fn the_ends_are_zero_and_one() {
    let past = spiked();
    assert_eq!(Standing::of(0.1, &past).map(|it| (it.rank, it.percentile)), Some((0.0, 0.0)));
    assert_eq!(Standing::of(2.0, &past).map(|it| (it.rank, it.percentile)), Some((1.0, 1.0)));
    let calm = [0.2; 100];
    assert_eq!(Standing::of(0.2, &calm).map(|it| (it.rank, it.percentile)), Some((0.5, 0.5)));
}
