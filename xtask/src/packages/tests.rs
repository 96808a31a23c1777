use super::absent;

const LISTED: &str = "git installed\nnats-server config-files\npostgresql-15 installed\n";

#[test]
fn installed_package_is_not_asked_for_again() {
    assert!(absent(&["git", "postgresql-15"], LISTED).is_empty());
}

#[test]
fn removed_or_unknown_package_is_absent() {
    assert_eq!(absent(&["nats-server", "git", "chromium"], LISTED), ["nats-server", "chromium"]);
}

#[test]
fn longer_name_does_not_stand_for_a_shorter_one() {
    assert_eq!(absent(&["postgresql"], LISTED), ["postgresql"]);
}
