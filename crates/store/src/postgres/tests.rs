use crate::{Address, Fault, Store};

#[test]
fn a_password_is_sent_to_this_machine_only() {
    let open = |url: &str| Store::create(&Address::parse(url)).unwrap_err();
    for host in ["db.example", "10.1.2.3", "[2001:db8::1]"] {
        let fault = open(&format!("postgres://me:secret@{host}/desk"));
        assert!(matches!(fault, Fault::Cleartext { .. }), "{host}: {fault}");
        assert!(!fault.to_string().contains("secret"), "{fault}");
    }
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let fault = open(&format!("postgres://me:secret@{host}:1/desk"));
        assert!(matches!(fault, Fault::Open { .. }), "{host}: {fault}");
    }
}
