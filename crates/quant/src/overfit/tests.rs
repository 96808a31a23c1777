use super::*;

#[test]
fn a_candidate_that_is_always_better_is_never_overfitted() {
    let row = |level: f64| (0..32).map(|day| level + f64::from(day % 3)).collect::<Vec<_>>();
    assert_eq!(probability(&[row(0.0), row(1.0), row(2.0)]), Some(0.0));
}

#[test]
fn what_is_good_in_one_half_only_is_always_overfitted() {
    // Two candidates that mirror each other: the best inside is the worst outside, but for the
    // choices in which both halves are equal.
    let sign = |day: usize| if day < 8 { 1.0 } else { -1.0 };
    let good: Vec<f64> = (0..16).map(sign).collect();
    let bad: Vec<f64> = good.iter().map(|result| -result).collect();
    // Of 70 choices of four blocks 36 take two of the first four: both halves are then equal.
    assert_eq!(probability(&[good, bad]), Some(34.0 / 70.0));
}

#[test]
fn too_little_is_said_to_be_too_little() {
    assert_eq!(probability(&[]), None);
    assert_eq!(probability(&[vec![1.0; 32]]), None);
    assert_eq!(probability(&[vec![1.0; 15], vec![2.0; 15]]), None);
    assert_eq!(probability(&[vec![1.0; 32], vec![2.0; 31]]), None);
}
