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
            let found = Dense::new(&kernels, precision, &weights, bias.clone()).apply(&kernels, input, &[]);
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
        let together = dense.apply(&kernels, &input, &[]);
        for (row, expected) in input.chunks(24).zip(together.chunks(8)) {
            prop_assert_eq!(dense.apply(&kernels, row, &[]), expected);
        }
    }
}

#[test]
fn a_fine_row_is_nearer_to_its_floats_and_leaves_the_others_alone() {
    let number = |at: u8| libm::sinf(f32::from(at) * 12.9) * 3.0;
    let input: Vec<f32> = (0..24 * 3).map(number).collect();
    // Such weights are exact in bytes, so that what is left is the input's rounding.
    let weights: Vec<f32> = (0..24 * 8_u8).map(|at| f32::from(at % 7 % 3) - 1.0).collect();
    let kernels = Kernels::new();
    let dense = Dense::new(&kernels, Precision::Byte, &weights, vec![0.5; 8]);
    let (coarse, fine) = (dense.apply(&kernels, &input, &[]), dense.apply(&kernels, &input, &[1]));
    assert_eq!((&coarse[..8], &coarse[16..]), (&fine[..8], &fine[16..]));
    let exact = Dense::new(&kernels, Precision::Float, &weights, vec![0.5; 8]);
    let exact = exact.apply(&kernels, &input, &[]);
    let distance = |found: &[f32]| -> f32 {
        found[8..16].iter().zip(&exact[8..16]).map(|(a, b)| (a - b).abs()).sum()
    };
    assert!(
        distance(&fine) * 20.0 < distance(&coarse),
        "{} {}",
        distance(&fine),
        distance(&coarse)
    );
}

#[test]
fn zero_stays_zero_as_a_byte() {
    for row in [[0.0; 4], [0.0, 1.0, 2.0, 3.0], [0.0, -1.0, -2.0, -3.0], [0.0, -1.0, 5.0, 2.0]] {
        let mut bytes = [0; 4];
        let Step { zero, .. } = quantize(&row, &mut bytes);
        assert_eq!(i32::from(bytes[0]), zero, "{row:?}");
    }
}
