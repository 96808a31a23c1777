//! Mail: one letter to everybody of a channel, through the server that a person named.
//!
//! The connection is private before a password or a word of a letter is said, unless the server is
//! this machine. A server is trusted by the roots that are built in, like every other.

use std::fmt::Display;
use std::fs;
use std::time::Duration;

use backsight_domain::time::Time;
use lettre::Transport;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Message, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls as Wire, TlsParameters};
use lettre::transport::smtp::{Error, SmtpTransport};

use super::list::{MailWay, Tls};
use super::{Letter, Sent};
use crate::secret::Secret;

/// How long a server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends a letter.
pub fn send(way: &MailWay, secret: Option<&Secret>, letter: &Letter, now: Time) -> Sent {
    let message = match message(way, letter, now) {
        Ok(message) => message,
        Err(fault) => return Sent::Never { why: format!("the letter is no mail: {fault}") },
    };
    match transport(way, secret).map(|server| server.send(&message)) {
        Ok(Ok(_)) => Sent::Taken,
        Ok(Err(fault)) => refusal(&way.server, &fault),
        Err(why) => Sent::Later { why, after: None },
    }
}

/// A letter as a mail: the text, and beside it the page where there is one.
fn message(way: &MailWay, letter: &Letter, now: Time) -> Result<Message, lettre::error::Error> {
    let seconds = u64::try_from(now.nanos() / 1_000_000_000).unwrap_or(0);
    let mut builder = Message::builder()
        .from(way.from.clone())
        .subject(one_line(&letter.subject))
        .date(std::time::UNIX_EPOCH + Duration::from_secs(seconds))
        // The same letter has the same name, so that a second copy can be known as one.
        .message_id(Some(format!("<{}@{}>", name(&letter.id), way.from.email.domain())));
    for to in &way.to {
        builder = builder.to(to.clone());
    }
    let kind = HeaderName::new_from_ascii_str("X-Backsight-Kind");
    builder = builder.raw_header(HeaderValue::new(kind, one_line(&letter.kind)));
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(letter.text.clone());
    match &letter.html {
        None => builder.singlepart(text),
        Some(html) => {
            let page = SinglePart::builder().header(ContentType::TEXT_HTML).body(html.clone());
            builder.multipart(MultiPart::alternative().singlepart(text).singlepart(page))
        }
    }
}

fn transport(way: &MailWay, secret: Option<&Secret>) -> Result<SmtpTransport, String> {
    let tls = match way.tls {
        Tls::Open => Wire::None,
        Tls::Starttls => Wire::Required(trust(way)?),
        Tls::Whole => Wire::Wrapper(trust(way)?),
    };
    let mut builder = SmtpTransport::builder_dangerous(way.server.trim_matches(['[', ']']))
        .port(way.port)
        .tls(tls)
        .timeout(Some(PATIENCE));
    if let (Some(user), Some(secret)) = (&way.user, secret) {
        let credentials = Credentials::new(user.to_string(), secret.expose().to_owned());
        builder = builder.credentials(credentials);
    }
    Ok(builder.build())
}

/// By whom a server is trusted: the roots that are built in, or those that a person named.
fn trust(way: &MailWay) -> Result<TlsParameters, String> {
    let parameters = TlsParameters::builder(way.server.to_string());
    let parameters = match &way.roots {
        None => parameters,
        Some(path) => {
            let cannot = |fault: &dyn Display| {
                format!("cannot read the roots in `{}`: {fault}", path.display())
            };
            let pem = fs::read(path).map_err(|fault| cannot(&fault))?;
            let root = Certificate::from_pem(&pem).map_err(|fault| cannot(&fault))?;
            parameters.certificate_store(CertificateStore::None).add_root_certificate(root)
        }
    };
    parameters.build().map_err(|fault| fault.to_string())
}

/// What a server's answer means: 5xx is for good, everything else may be better later.
fn refusal(server: &str, fault: &Error) -> Sent {
    let cause = std::error::Error::source(fault);
    let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
    let why = one_line(&format!("`{server}`: {fault}{cause}"));
    if fault.is_permanent() { Sent::Never { why } } else { Sent::Later { why, after: None } }
}

/// Letters of a header must not end it.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// A letter's name in the characters that the name of a mail may have.
fn name(id: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-';
    id.chars().map(|letter| if is_plain(letter) { letter } else { '-' }).collect()
}

#[cfg(test)]
mod tests;
