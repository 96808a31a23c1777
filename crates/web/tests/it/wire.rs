//! The socket, frame by frame.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backsight_web::access::Role;
use serde_json::{Value, json};

use crate::stand::{PASSWORD, Stand, journal};

/// A socket as far as these tests need one.
struct Wire(BufReader<TcpStream>);

impl Wire {
    fn open(stand: &Stand, headers: &str) -> Result<Self, String> {
        let address = stand.browser().address();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(
            stream,
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut status = String::new();
        reader.read_line(&mut status).unwrap();
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| 2 < read) {
            line.clear();
        }
        if status.contains("101") { Ok(Self(reader)) } else { Err(status) }
    }

    fn say(&mut self, value: &Value) {
        let text = value.to_string();
        assert!(text.len() < 126, "these tests say little");
        let length = u8::try_from(text.len()).unwrap();
        // Clients mask what they say; a mask of zeros leaves it as it is.
        let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        self.0.get_mut().write_all(&frame).unwrap();
    }

    /// The next frame: its kind and what it holds.
    fn frame(&mut self) -> (u8, Vec<u8>) {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).unwrap();
        let length = match head[1] {
            126 => {
                let mut bytes = [0; 2];
                self.0.read_exact(&mut bytes).unwrap();
                usize::from(u16::from_be_bytes(bytes))
            }
            127 => {
                let mut bytes = [0; 8];
                self.0.read_exact(&mut bytes).unwrap();
                usize::try_from(u64::from_be_bytes(bytes)).unwrap()
            }
            short => usize::from(short),
        };
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        (head[0] & 15, body)
    }

    fn message(&mut self) -> Value {
        let (kind, body) = self.frame();
        assert_eq!(kind, 1, "a text");
        serde_json::from_slice(&body).unwrap()
    }

    /// The code with which the site closes.
    fn closed(&mut self) -> u16 {
        loop {
            let (kind, body) = self.frame();
            if kind == 8 {
                return u16::from_be_bytes([body[0], body[1]]);
            }
        }
    }
}

fn credentials(stand: &Stand) -> String {
    let address = stand.site.as_ref().unwrap().address();
    let cookie = stand.logged_in(Role::Viewer).cookie().unwrap_or_default().to_owned();
    format!("Cookie: {cookie}\r\nOrigin: http://{address}\r\n")
}

#[test]
fn a_socket_tells_each_topic_whole_and_then_what_changes() {
    let stand = Stand::with_people("socket");
    let mut wire = Wire::open(&stand, &credentials(&stand)).unwrap();
    wire.say(&json!({ "subscribe": ["desk", "signals"] }));
    let mut topics = vec![];
    while topics.len() < 2 {
        let message = wire.message();
        if message["kind"] == "snapshot" {
            topics.push(message["topic"].as_str().unwrap().to_owned());
        }
    }
    topics.sort();
    assert_eq!(topics, ["desk", "signals"]);
}

#[test]
fn who_is_not_logged_in_or_comes_from_elsewhere_gets_no_socket() {
    let stand = Stand::with_people("strangers");
    let address = stand.site.as_ref().unwrap().address();
    let refused = |headers: &str| Wire::open(&stand, headers).err().unwrap();
    assert!(refused(&format!("Origin: http://{address}\r\n")).contains("401"));
    let elsewhere = credentials(&stand)
        .replace(&format!("Origin: http://{address}"), "Origin: http://evil.example");
    assert!(refused(&elsewhere).contains("403"));
}

#[test]
fn nonsense_is_answered_by_a_close_with_a_code() {
    let stand = Stand::with_people("nonsense");
    let mut wire = Wire::open(&stand, &credentials(&stand)).unwrap();
    wire.say(&json!({ "subscribe": ["weather"] }));
    assert_eq!(wire.closed(), 4000);
}

#[test]
fn sockets_hear_that_the_site_ends() {
    let mut stand = Stand::with_people("farewell");
    let mut wire = Wire::open(&stand, &credentials(&stand)).unwrap();
    stand.site.take().unwrap().close();
    assert_eq!(wire.closed(), 1001);
}

/// The beginning of a journal, and what is to be written behind it.
struct Torn {
    folder: PathBuf,
    file: PathBuf,
    rest: Vec<u8>,
}

impl Torn {
    fn tear(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("web-torn-{name}-{}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(&folder).unwrap();
        let is_segment = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "bsj");
        let whole = fs::read_dir(journal()).unwrap().flatten().map(|it| it.path()).find(is_segment);
        let whole = whole.expect("one session is one segment");
        let mut bytes = fs::read(&whole).unwrap();
        let rest = bytes.split_off(bytes.len() / 2);
        let file = folder.join(whole.file_name().unwrap());
        fs::write(&file, &bytes).unwrap();
        Self { folder, file, rest }
    }

    fn write_on(&self) {
        let mut file = OpenOptions::new().append(true).open(&self.file).unwrap();
        file.write_all(&self.rest).unwrap();
    }
}

impl Drop for Torn {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

#[test]
fn who_lost_the_line_is_told_what_was_missed_and_not_everything_again() {
    let torn = Torn::tear("resumed");
    let stand = Stand::over("resumed", &torn.folder);
    stand.people().add("viewer", Role::Viewer, PASSWORD).unwrap();
    let headers = credentials(&stand);
    let mut wire = Wire::open(&stand, &headers).unwrap();
    let mut known = 0;
    wire.say(&json!({ "subscribe": ["signals", "orders"] }));
    // The first heartbeat comes seconds after the mirror has come to the end of what is written.
    loop {
        let message = wire.message();
        known = known.max(message["seq"].as_u64().unwrap());
        if message["kind"] == "heartbeat" {
            break;
        }
    }
    drop(wire);
    torn.write_on();
    let mut wire = Wire::open(&stand, &headers).unwrap();
    wire.say(&json!({ "subscribe": ["signals", "orders"], "from": known }));
    let mut seen = 0;
    while seen < 3 {
        let message = wire.message();
        if message["kind"] == "heartbeat" {
            continue;
        }
        assert_eq!(message["kind"], "delta", "{message}");
        assert!(known < message["seq"].as_u64().unwrap());
        seen += 1;
    }
}
