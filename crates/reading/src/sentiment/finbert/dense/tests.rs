use proptest::prelude::*;

use super::*;

/// Multiplies one row at a time, in 64 bits.
fn plain(weights: &[f32], bias: &[f32], input: &[f32]) -> Vec<f64> {
    let inputs = weights.len() / bias.len();
    let rows = input.chunks(inputs);
    let product = |row: &[f32], weights: &[f32]| -> f64 {
        row.iter().zip(weights).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    rows.flat_map(|row| {
        weights
            .chunks(inputs)
            .zip(bias)
            .map(|(weights, bias)| product(row, weights) + f64::from(*bias))
    })
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn prop_products_equal_plain_ones(
        weights in prop::collection::vec(-1.0_f32..1.0, 24 * 8),
        bias in prop::collection::vec(-1.0_f32..1.0, 8),
        input in prop::collection::vec(-3.0_f32..3.0, 24..=24 * 90),
    ) {
        let input = &input[..input.len() / 24 * 24];
        let kernels = Kernels::new();
        let expected = plain(&weights, &bias, input);
        for (precision, bound) in [(Precision::Float, 1e-4), (Precision::Byte, 0.2)] {
            let found = Dense::new(&kernels, precision, &weights, bias.clone()).apply(&kernels, input);
            for (found, expected) in found.iter().zip(&expected) {
                prop_assert!((f64::from(*found) - expected).abs() < bound, "{} is not {}", found, expected);
            }
        }
    }

    #[test]
    fn prop_a_row_of_bytes_is_the_same_in_any_company(
        weights in prop::collection::vec(-1.0_f32..1.0, 24 * 8),
        input in prop::collection::vec(-3.0_f32..3.0, 24 * 90),
    ) {
        let kernels = Kernels::new();
        let dense = Dense::new(&kernels, Precision::Byte, &weights, vec![0.0; 8]);
        let together = dense.apply(&kernels, &input);
        for (row, expected) in input.chunks(24).zip(together.chunks(8)) {
            prop_assert_eq!(dense.apply(&kernels, row), expected);
        }
    }
}

#[test]
fn zero_stays_zero_as_a_byte() {
    for row in [[0.0; 4], [0.0, 1.0, 2.0, 3.0], [0.0, -1.0, -2.0, -3.0], [0.0, -1.0, 5.0, 2.0]] {
        let mut bytes = [0; 4];
        let (_, zero) = quantize(&row, &mut bytes);
        assert_eq!(i32::from(bytes[0]), zero, "{row:?}");
    }
}
