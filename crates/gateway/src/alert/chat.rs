//! Chats and webhooks: one request each, in the shape that the other side reads.
//!
//! | Way | Request | Bound |
//! |---|---|---|
//! | webhook | JSON with a signature of the time and the body | - |
//! | Telegram | `sendMessage` of a bot; its token stands in the path | 4096 letters |
//! | Discord | a webhook's address, which is the secret | 2000 letters, nobody is mentioned |
//! | Slack | a webhook's address, which is the secret | 40,000 letters, `&`, `<`, `>` escaped |
//!
//! Where the address is the secret, nothing of it gets into a message but its host.

use backsight_domain::time::{Span, Time};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::list::{Channel, Way};
use super::{Letter, Sent, cut};
use crate::guard::Guard;
use crate::http::client::{Client, Patience};
use crate::http::{Answer, Post};
use crate::secret::Secret;
use crate::url::{Scheme, Url};

/// Bytes of an answer that are read.
const ANSWER_MAX: usize = 64 << 10;

/// Sends a letter.
pub(super) fn send(
    guard: &Guard,
    channel: &Channel,
    secret: Option<&Secret>,
    letter: &Letter,
    now: Time,
) -> Sent {
    let post = match request(channel, secret, letter, now) {
        Ok(post) => post,
        Err(why) => return Sent::Never { why },
    };
    let client = Client::new(guard.clone(), Patience::FEED);
    match client.post(&post, ANSWER_MAX) {
        Ok(answer) => judge(post.url.host(), &answer),
        // Its words name the host and no path.
        Err(fault) => Sent::Later { why: fault.to_string(), after: None },
    }
}

fn request(
    channel: &Channel,
    secret: Option<&Secret>,
    letter: &Letter,
    now: Time,
) -> Result<Post, String> {
    let secret = secret.ok_or("the channel has no secret")?;
    let own_address = || {
        let url = Url::parse(secret.expose()).map_err(|_| "its secret is no address")?;
        let is_private = url.scheme() == Scheme::Https || url.is_here();
        if is_private { Ok(url) } else { Err("its address must begin with `https://`") }
    };
    match &channel.way {
        Way::Webhook(url) => Ok(signed(url, secret, letter, now)),
        Way::Telegram { base, chat } => {
            let path = format!("/bot{}/sendMessage", secret.expose());
            let url = base.join(&path).map_err(|_| "its secret is no token of a bot")?;
            let body = json!({
                "chat_id": chat,
                "text": cut(&plain(letter), 4_096),
                "link_preview_options": { "is_disabled": true },
            });
            Ok(Post::json(url, &body))
        }
        Way::Discord => {
            let body = json!({
                "content": cut(&plain(letter), 2_000),
                "allowed_mentions": { "parse": [] },
            });
            Ok(Post::json(own_address()?, &body))
        }
        Way::Slack => {
            let text = plain(letter);
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            Ok(Post::json(own_address()?, &json!({ "text": cut(&text, 40_000) })))
        }
        Way::Mail(_) => unreachable!("mail takes another way"),
    }
}

/// A letter in a chat: its subject, then its text unless it says the same.
fn plain(letter: &Letter) -> String {
    let Letter { subject, text, .. } = letter;
    if text.is_empty() || text == subject { subject.clone() } else { format!("{subject}\n{text}") }
}

/// A webhook's request: whoever has the secret can make sure that it is ours, whole and fresh.
fn signed(url: &Url, secret: &Secret, letter: &Letter, now: Time) -> Post {
    let Letter { id, kind, severity, subject, text, html: _, at } = letter;
    let body = json!({
        "id": id,
        "kind": kind,
        "severity": severity.to_string().to_lowercase(),
        "subject": subject,
        "text": text,
        "at": at.to_string(),
    });
    let mut post = Post::json(url.clone(), &body);
    let time = (now.nanos() / 1_000_000_000).to_string();
    let said = [time.as_bytes(), b".", &post.body].concat();
    let signature = hex(&hmac_sha256(secret.expose().as_bytes(), &said));
    post.headers.push(("x-backsight-time", time));
    post.headers.push(("x-backsight-signature", format!("sha256={signature}")));
    post.headers.push(("x-backsight-id", id.chars().filter(char::is_ascii_graphic).collect()));
    post
}

/// What an answer means.
fn judge(host: &str, answer: &Answer) -> Sent {
    let status = answer.head.status;
    let why = format!("`{host}` answers with status {status}");
    match status {
        200..=299 => Sent::Taken,
        408 | 425 | 429 | 500..=599 => Sent::Later { why, after: retry_after(answer) },
        _ => Sent::Never { why },
    }
}

/// How long a server wants to be left alone: a header, or a number in its words.
fn retry_after(answer: &Answer) -> Option<Span> {
    let header = answer.head.retry_after.as_deref().and_then(|text| text.parse::<f64>().ok());
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let told = body["retry_after"].as_f64().or(body["parameters"]["retry_after"].as_f64());
    let seconds = header.or(told).filter(|seconds| (0.0..=86_400.0).contains(seconds))?;
    #[expect(clippy::cast_possible_truncation, reason = "a day has few milliseconds")]
    let millis = (1_000.0 * seconds).ceil() as i64;
    Some(Span::from_millis(millis))
}

/// RFC 2104 over SHA-256.
fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut block = [0; BLOCK];
    if BLOCK < key.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let hash = |pad: u8, text: &[u8]| {
        let keyed: Vec<u8> =
            block.iter().map(|byte| byte ^ pad).chain(text.iter().copied()).collect();
        Sha256::digest(keyed)
    };
    hash(0x5c, &hash(0x36, text)).into()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).expect("a nibble is a digit");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests;
