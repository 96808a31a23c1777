use super::*;
use crate::url::Url;

#[test]
fn our_address_and_the_clients_name_the_same_host() {
    for text in ["https://a.example:8443/x?y=%20z", "http://[2001:db8::1]/", "http://1.2.3.4/a//b"]
    {
        let url = Url::parse(text).unwrap();
        let uri: Uri = url.to_string().parse().unwrap();
        assert_eq!(uri.host(), Some(url.host()));
        let usual = url.scheme().port();
        assert_eq!(uri.port_u16().unwrap_or(usual), url.port());
    }
}
