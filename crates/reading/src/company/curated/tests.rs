use super::*;

#[test]
fn every_share_of_the_list_is_in_the_builtin_directory() {
    let mut directory = Directory::builtin();
    let curated = Curated::read(&mut directory);
    assert_eq!(curated.unknown, []);
}

#[test]
fn a_row_of_another_form_is_named() {
    let refused = Curated::parse("\nshare AAPL Apple", &mut Directory::default());
    assert_eq!(refused.expect_err("no bar divides it"), "line 2: `share AAPL Apple`");
}
