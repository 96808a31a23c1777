use super::*;

#[test]
fn a_chart_goes_from_the_lowest_to_the_highest() {
    assert_eq!(chart(&[0.0, 3.5, 7.0]), "▁▅█  +7.0 R");
    assert_eq!(chart(&[-1.0, 0.0]), "▁█  +0.0 R");
    assert_eq!(chart(&[]), "  +0.0 R");
}
