use super::*;

#[test]
fn the_limits_are_those_of_the_tables() {
    // Siegmund's approximation by hand: half 0.5, limit 4 gives e^5.166 - 1 - 5.166 over 0.5.
    assert!((wait(-0.5, 4.0) - 338.1).abs() < 0.5, "{}", wait(-0.5, 4.0));
    // Tables of exact values say 336 and 8.38 (Hawkins and Olwell 1998, table 3.1).
    assert!((wait(0.5, 4.0) - 8.34).abs() < 0.1, "{}", wait(0.5, 4.0));
    assert!((limit(0.5, 336.0) - 4.0).abs() < 0.01);
}

#[test]
fn a_weaker_effect_takes_longer_to_be_missed() {
    let delays = [0.5, 0.25, 0.1].map(|half| delay(half, 250.0));
    assert!(delays[0] < delays[1] && delays[1] < delays[2], "{delays:?}");
    assert!((limit(1e-9, 100.0) + OVERSHOOT - 10.0).abs() < 1e-3);
}

#[test]
fn the_sum_counts_what_is_missing_and_never_what_is_more() {
    let results = [1.0, 1.0, -1.0, 0.0, 5.0];
    let sums: Vec<f64> = results
        .iter()
        .scan(0.0, |sum, result| {
            *sum = next(*sum, *result, 0.5, 2.0);
            Some(*sum)
        })
        .collect();
    assert_eq!(sums, [0.0, 0.0, 0.75, 1.0, 0.0]);
}
