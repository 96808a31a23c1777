use super::TEXT;

#[test]
fn page_fits_eighty_columns() {
    for line in TEXT.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}
