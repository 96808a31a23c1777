use super::{NODE_MIN, digest, version};

#[test]
fn the_oldest_node_is_young_enough_and_the_one_before_is_not() {
    assert_eq!(version("v20.19.0\n"), Some(NODE_MIN));
    assert!(version("v18.20.4\n").is_some_and(|found| found < NODE_MIN));
    assert!(version("v22.1.0").is_some_and(|found| NODE_MIN < found));
}

#[test]
fn what_is_no_version_is_none() {
    assert_eq!(version(""), None);
    assert_eq!(version("20.19"), None);
}

#[test]
fn a_digest_tells_where_one_file_ends_and_the_next_begins() {
    assert_ne!(digest([b"ab".as_slice(), b"c"]), digest([b"a".as_slice(), b"bc"]));
}
