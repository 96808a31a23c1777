use proptest::prelude::*;

use super::*;

fn check(address: &str, place: Place) {
    assert_eq!(Place::of(address.parse().unwrap()), place, "{address}");
}

#[test]
fn an_address_lies_where_the_registries_say() {
    for address in ["1.1.1.1", "93.184.215.14", "172.15.255.255", "172.32.0.0", "100.63.255.255"] {
        check(address, Place::Public);
    }
    check("2606:4700::6810:84e5", Place::Public);
    check("2001:4860:4860::8888", Place::Public);
    check("127.0.0.1", Place::Loopback);
    check("127.255.255.255", Place::Loopback);
    check("::1", Place::Loopback);
    check("10.0.0.1", Place::Private);
    check("172.31.255.255", Place::Private);
    check("192.168.1.1", Place::Private);
    check("fd00:ec2::254", Place::Private);
    check("169.254.169.254", Place::LinkLocal);
    check("fe80::1", Place::LinkLocal);
    check("100.64.0.1", Place::Shared);
    check("100.100.100.200", Place::Shared);
    check("224.0.0.1", Place::Multicast);
    check("ff02::1", Place::Multicast);
    check("168.63.129.16", Place::Cloud);
    for address in ["0.0.0.0", "192.0.0.192", "198.19.0.1", "203.0.113.9", "255.255.255.255"] {
        check(address, Place::Reserved);
    }
}

#[test]
fn version_four_in_the_clothes_of_version_six_is_refused() {
    for address in [
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "::",
    ] {
        check(address, Place::Reserved);
    }
}

#[test]
fn this_machine_is_asked_only_when_allowed_and_under_its_own_name() {
    let here: SocketAddr = "127.0.0.1:4711".parse().unwrap();
    let refusal = Guard::public().admit("127.0.0.1", here).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "`127.0.0.1` is this machine, and only public addresses may be asked"
    );
    for host in ["127.0.0.1", "localhost"] {
        assert_eq!(Guard::with_loopback().admit(host, here), Ok(()), "at any port");
    }
    let stranger = Guard::with_loopback().admit("news.example", here);
    assert_eq!(stranger, Err(refusal), "whose name leads here");
    let neighbour = "192.168.0.1:80".parse().unwrap();
    assert!(Guard::with_loopback().admit("192.168.0.1", neighbour).is_err());
}

#[test]
fn a_public_machine_is_asked_at_listed_ports() {
    let guard = Guard { ports: Box::new([443, 8443]), loopback: false };
    let at = |port: u16| SocketAddr::from(([1, 1, 1, 1], port));
    assert_eq!(guard.admit("a.example", at(8443)), Ok(()));
    assert_eq!(guard.admit("a.example", at(22)), Err(Refusal::Port(22)));
    assert_eq!(Guard::public().admit("a.example", at(8443)), Err(Refusal::Port(8443)));
}

proptest! {
    #[test]
    fn prop_what_the_standard_library_knows_as_special_is_never_public(bits: u32) {
        let address = Ipv4Addr::from_bits(bits);
        let is_special = address.is_private() || address.is_loopback() || address.is_link_local()
            || address.is_multicast() || address.is_broadcast() || address.is_documentation()
            || address.is_unspecified();
        if is_special {
            prop_assert_ne!(Place::of(address.into()), Place::Public);
        }
        prop_assert_ne!(Place::of(address.to_ipv6_mapped().into()), Place::Public);
    }
}
