use super::*;

#[test]
fn shapes_are_those_done_by_hand() {
    // 1, 2, 3, 6: mean 3, moments 3.5, 4.5, 24.5.
    let shape = Shape::of(&[1.0, 2.0, 3.0, 6.0]).unwrap();
    assert!((shape.mean - 3.0).abs() < 1e-12);
    assert!((shape.deviation - (14.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    assert!((shape.skewness - 4.5 / 3.5_f64.powf(1.5)).abs() < 1e-12);
    assert!((shape.kurtosis - 24.5 / 12.25).abs() < 1e-12);
    assert_eq!(Shape::of(&[1.0, 1.0, 1.0]), None);
}

#[test]
fn the_deflated_ratio_is_that_of_the_papers_example() {
    // Bailey and López de Prado 2014, p. 9: a yearly ratio of 2.5 over 1250 days, skewness -3,
    // kurtosis 10, best of 100 whose yearly ratios have variance 1/2: sure to 0.9004.
    let daily = 250.0_f64.sqrt();
    let (mean, deviation) = (2.5 / daily, 1.0);
    let shape = Shape { count: 1250.0, mean, deviation, skewness: -3.0, kurtosis: 10.0 };
    let sure = shape.deflated(100, 0.5 / 250.0);
    assert!((sure - 0.9004).abs() < 0.0005, "{sure}");
    assert!(0.999 < shape.deflated(1, 0.5 / 250.0));
}

#[test]
fn more_tries_make_the_same_ratio_less_sure() {
    let shape = Shape { count: 250.0, mean: 0.15, deviation: 1.0, skewness: 0.0, kurtosis: 3.0 };
    let sure = [1, 10, 100, 1000].map(|tried| shape.deflated(tried, 0.01));
    assert!(sure.windows(2).all(|pair| pair[1] < pair[0]), "{sure:?}");
}
