use backsight_domain::alert::Severity;
use backsight_domain::time::{Span, Time};
use serde_json::{Value, json};

use super::{Sent, hex, hmac_sha256, judge, request};
use crate::alert::Letter;
use crate::alert::list::ChannelList;
use crate::http::{Answer, Head};
use crate::secret::Secret;

fn letter(text: &str) -> Letter {
    Letter {
        id: "desk.overfill@2024-01-05T15:42:00Z".to_owned(),
        kind: "desk.overfill".to_owned(),
        severity: Severity::Emergency,
        subject: "EMERGENCY more was filled than was ordered".to_owned(),
        text: text.to_owned(),
        html: None,
        at: Time::from_seconds(1_704_469_320),
    }
}

fn asked(kind: &str, secret: &str, text: &str) -> Result<(String, Value), String> {
    let own = match kind {
        "webhook" => "url = \"https://example.com/in\"\n",
        "telegram" => "chat = 42\n",
        _ => "",
    };
    let file = format!("[[channel]]\nname = \"one\"\nkind = \"{kind}\"\nsecret_env = \"A\"\n{own}");
    let list = ChannelList::parse(&file).unwrap();
    let now = Time::from_seconds(1_704_469_321);
    let post = request(&list.channels[0], Some(&Secret::new(secret)), &letter(text), now)?;
    let debug = format!("{post:?} {list:?}");
    assert!(!debug.contains(secret), "{debug}");
    Ok((post.url.to_string(), serde_json::from_slice(&post.body).unwrap()))
}

/// RFC 4231, cases 1, 2 and 6.
#[test]
fn signatures_are_those_of_the_standard() {
    let sign = |key: &[u8], text: &[u8]| hex(&hmac_sha256(key, text));
    assert_eq!(
        sign(&[0x0b; 20], b"Hi There"),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
    assert_eq!(
        sign(b"Jefe", b"what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    assert_eq!(
        sign(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First"),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
}

#[test]
fn every_chat_gets_the_shape_that_it_reads() {
    let (url, body) = asked("telegram", "123:abc", "two <lines>").unwrap();
    assert_eq!(url, "https://api.telegram.org/bot123:abc/sendMessage");
    assert_eq!(body["chat_id"], "42");
    assert_eq!(body["text"], "EMERGENCY more was filled than was ordered\ntwo <lines>");
    assert_eq!(body["parse_mode"], Value::Null, "nothing in a text is markup");
    let (url, body) =
        asked("discord", "https://discord.com/api/webhooks/1/x", "@everyone").unwrap();
    assert_eq!(url, "https://discord.com/api/webhooks/1/x");
    assert_eq!(body["allowed_mentions"], json!({ "parse": [] }));
    let (_, body) =
        asked("slack", "https://hooks.slack.com/services/T/B/x", "<!channel> & co").unwrap();
    assert!(body["text"].as_str().unwrap().ends_with("&lt;!channel&gt; &amp; co"), "{body}");
    let (_, body) = asked("webhook", "hush", "text").unwrap();
    assert_eq!(body["severity"], "emergency");
    assert_eq!(body["at"], "2024-01-05T15:42:00Z");
}

#[test]
fn a_long_text_is_cut_to_what_the_other_side_takes() {
    let long = "ä".repeat(50_000);
    let count = |body: &Value| body.as_str().unwrap().chars().count();
    assert_eq!(count(&asked("telegram", "1:a", &long).unwrap().1["text"]), 4_096);
    assert_eq!(count(&asked("discord", "https://d.example/x", &long).unwrap().1["content"]), 2_000);
    assert_eq!(count(&asked("slack", "https://s.example/x", &long).unwrap().1["text"]), 40_000);
}

#[test]
fn a_secret_that_is_no_address_is_refused_without_being_told() {
    for secret in ["hush-hush", "http://discord.com/hush-hush", "ftp://hush-hush/"] {
        let why = asked("discord", secret, "").unwrap_err();
        assert!(!why.contains("hush"), "{why}");
    }
}

fn answer(status: u16, retry_after: Option<&str>, body: &str) -> Answer {
    let head = Head { status, retry_after: retry_after.map(Into::into), ..Head::default() };
    Answer { head, body: body.as_bytes().to_vec() }
}

#[test]
fn a_busy_server_is_left_alone_for_as_long_as_it_wants() {
    let after = |answer: &Answer| match judge("host", answer) {
        Sent::Later { after, .. } => after,
        sent @ (Sent::Taken | Sent::Never { .. }) => panic!("{sent:?}"),
    };
    assert_eq!(after(&answer(429, Some("7"), "")), Some(Span::from_seconds(7)));
    assert_eq!(after(&answer(429, None, "{\"retry_after\": 0.25}")), Some(Span::from_millis(250)));
    let telegram = "{\"ok\": false, \"parameters\": {\"retry_after\": 3}}";
    assert_eq!(after(&answer(429, None, telegram)), Some(Span::from_seconds(3)));
    assert_eq!(after(&answer(503, Some("Sat, 06 Jan 2024 07:00:00 GMT"), "")), None);
    assert_eq!(judge("host", &answer(204, None, "")), Sent::Taken);
    for status in [301, 400, 401, 404] {
        assert!(matches!(judge("host", &answer(status, None, "")), Sent::Never { .. }), "{status}");
    }
}
