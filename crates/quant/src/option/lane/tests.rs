use super::super::normal::below;
use super::*;

#[test]
fn lanes_agree_with_libm() {
    for step in -40_000..=40_000 {
        let x = f64::from(step) * 1e-3;
        let close = |ours: f64, libm: f64| (ours - libm).abs() <= 4e-15 * libm.abs();
        assert!(close(exp(x), libm::exp(x)), "{x}");
        let power = libm::exp(x);
        assert!((ln(power) - libm::log(power)).abs() <= 2e-16 * x.abs().max(2.0), "{x}");
        if x.abs() < 36.0 {
            let (probability, peak) = normal(x);
            // The square in the exponent costs digits of both, the further out the more.
            assert!((probability / below(x) - 1.0).abs() <= 4e-13, "{x}");
            assert!(
                (peak / (DENSITY_AT_ZERO * libm::exp(-0.5 * x * x)) - 1.0).abs() <= 4e-13,
                "{x}"
            );
        }
    }
}

#[test]
fn the_ends_are_finite() {
    assert_eq!(exp(-1e300).to_bits(), exp(-700.0).to_bits());
    assert_eq!(exp(1e300).to_bits(), exp(700.0).to_bits());
    assert!(exp(700.0).is_finite());
    assert_eq!(normal(f64::INFINITY).0.to_bits(), 1f64.to_bits());
    assert_eq!(normal(f64::NEG_INFINITY), (0.0, 0.0));
}
