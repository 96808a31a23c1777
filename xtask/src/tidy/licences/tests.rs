use super::{EXCEPTIONS, PERMISSIVE};

#[test]
fn both_checkers_of_licences_hold_the_same_list() {
    let manifest = include_str!("../../../../deny.toml");
    let (_, listed) = manifest.split_once("allow = [").expect("deny.toml has a list");
    let (listed, _) = listed.split_once(']').expect("the list ends");
    let listed: Vec<&str> = listed.split('"').skip(1).step_by(2).collect();
    let (excepted, plain): (Vec<&str>, Vec<&str>) =
        listed.iter().partition(|licence| licence.contains(" WITH "));
    assert_eq!(plain, PERMISSIVE);
    assert!(excepted.iter().all(|licence| EXCEPTIONS.iter().any(|it| licence.ends_with(it))));
    assert_eq!(excepted.len(), EXCEPTIONS.len());
}
