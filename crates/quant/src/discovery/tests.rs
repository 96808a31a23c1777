use super::*;

fn near(a: f64, b: f64, by: f64) {
    assert!((a - b).abs() <= by, "{a} is not {b}");
}

#[test]
fn tails_are_those_of_the_tables() {
    near(upper_tail(0.0), 0.5, 1e-12);
    near(upper_tail(1.959_963_985), 0.025, 1e-9);
    // Student: 2.2622 with nine degrees of freedom leaves 2.5 %, 1.6604 with 99 leaves 5 %.
    near(mean_tail(2.262_157, 10), 0.025, 0.000_3);
    near(mean_tail(1.660_391, 100), 0.05, 0.000_1);
    near(mean_tail(-1.660_391, 100), 0.95, 0.000_1);
    near(mean_tail(f64::NAN, 100), 1.0, 0.0);
}

#[test]
fn adjusted_values_are_those_done_by_hand() {
    // Five tried: p n / rank is 0.025, 0.05, 0.05, 0.05, 0.5 from the largest down.
    let p = [0.005, 0.02, 0.03, 0.04, 0.5];
    let q = benjamini_hochberg(&p, 5);
    for (q, hand) in q.iter().zip([0.025, 0.05, 0.05, 0.05, 0.5]) {
        near(*q, hand, 1e-12);
    }
    // The harmonic sum of five is 137/60.
    let q = benjamini_yekutieli(&p, 5);
    near(q[0], 0.025 * 137.0 / 60.0, 1e-12);
    near(q[4], 1.0, 1e-12);
}

#[test]
fn everything_ever_tried_counts() {
    let q = |tried| benjamini_hochberg(&[0.001], tried)[0];
    near(q(1), 0.001, 1e-12);
    near(q(40), 0.04, 1e-12);
    near(q(2_000), 1.0, 1e-12);
}
