//! A browser as far as these tests need one: requests by hand, a cookie, and the word of its pages.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

pub(crate) struct Browser {
    address: SocketAddr,
    cookie: Option<String>,
    csrf: Option<String>,
    token: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value; names are compared in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_slice(&self.body).unwrap_or_else(|fault| panic!("{fault}: {text}"))
    }
}

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, cookie: None, csrf: None, token: None }
    }

    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Where the site listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The cookie of whoever is logged in.
    pub(crate) fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The origin of our own pages.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Forgets the word that only our own pages know.
    pub(crate) fn without_word(mut self) -> Self {
        self.csrf = None;
        self
    }

    pub(crate) fn log_in(&mut self, name: &str, password: &str) -> Answer {
        let answer = self.post("/api/v1/session", &json!({ "name": name, "password": password }));
        self.remember(&answer);
        answer
    }

    /// Keeps the cookie and the word of an answer that logged somebody in.
    pub(crate) fn remember(&mut self, answer: &Answer) {
        let cookie = answer.header("set-cookie").and_then(|it| it.split(';').next());
        self.cookie = cookie.map(str::to_owned);
        if answer.status == 200 {
            self.csrf = answer.json()["csrf"].as_str().map(str::to_owned);
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let origin = self.origin();
        let headers = [("Origin", origin.as_str()), ("Content-Type", "application/json")];
        self.ask("POST", path, &headers, body.to_string().as_bytes())
    }

    /// Sends a request as it is written here; a `Host` among the headers takes the usual one's place.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut lines = vec![format!("{method} {path} HTTP/1.1"), "Connection: close".to_owned()];
        let mut line = |name: &str, value: &str| lines.push(format!("{name}: {value}"));
        if !headers.iter().any(|(name, _)| *name == "Host") {
            line("Host", &self.address.to_string());
        }
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let own =
            [("Cookie", &self.cookie), ("X-CSRF-Token", &self.csrf), ("Authorization", &bearer)];
        let own = own.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        for (name, value) in headers.iter().copied().chain(own) {
            line(name, value);
        }
        line("Content-Length", &body.len().to_string());
        let text = lines.join("\r\n") + "\r\n\r\n";
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        // A refused request may be answered before its body was read.
        stream.write_all(body).ok();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok();
        parse(&bytes)
    }
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Answer {
        status: status.expect("an answer has a status"),
        head,
        body: bytes[end + 4..].to_vec(),
    }
}
