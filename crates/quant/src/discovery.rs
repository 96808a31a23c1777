//! How many of many findings are chance.
//!
//! Who tries a hundred things finds five that chance alone would show one time in twenty. The
//! adjusted value of a finding is the share of chance among everything that looks at least as
//! good, given how much was tried.

/// The chance that a standard normal number is at least this large.
pub fn upper_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The chance that the mean of `count` normal numbers is this many standard errors above zero, when
/// both are told by the same numbers (Student's t by Wallace's normal approximation of 1959).
pub fn mean_tail(errors: f64, count: usize) -> f64 {
    if count < 2 || !errors.is_finite() {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 results")]
    let free = (count - 1) as f64;
    let stretch = (8.0 * free + 1.0) / (8.0 * free + 3.0);
    let z = stretch * (free * libm::log1p(errors * errors / free)).sqrt();
    upper_tail(if errors < 0.0 { -z } else { z })
}

/// Adjusted values after Benjamini and Hochberg (1995) for findings whose chances are `p`, out of
/// `tried` things; right when findings hang together positively.
pub fn benjamini_hochberg(p: &[f64], tried: u64) -> Vec<f64> {
    adjusted(p, tried, 1.0)
}

/// Adjusted values after Benjamini and Yekutieli (2001): right however findings hang together.
pub fn benjamini_yekutieli(p: &[f64], tried: u64) -> Vec<f64> {
    let harmonic = (1..=tried.min(1_000_000)).map(|n| 1.0 / float(n)).sum();
    adjusted(p, tried, harmonic)
}

fn adjusted(p: &[f64], tried: u64, factor: f64) -> Vec<f64> {
    let tried = tried.max(p.len() as u64);
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut values = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (rank, &index) in order.iter().enumerate().rev() {
        least = least.min(p[index] * float(tried) * factor / float(rank as u64 + 1));
        values[index] = least;
    }
    values
}

#[expect(clippy::cast_precision_loss, reason = "nobody tries 2^53 things")]
const fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
