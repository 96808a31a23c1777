//! The channels as a file: `alerts.toml`.
//!
//! ```toml
//! [calling]
//! quiet = "22:00-07:00"
//! zone = "New York"
//! escalate_minutes = 15
//!
//! [[channel]]
//! name = "mail"
//! kind = "email"
//! server = "smtp.example.com"
//! user = "desk"
//! secret_env = "BACKSIGHT_SMTP_PASSWORD"
//! from = "desk@example.com"
//! to = ["ann@example.com"]
//! digests = true
//! ```
//!
//! Secrets are named here and kept elsewhere.

use std::fmt;
use std::path::{Path, PathBuf};

use backsight_domain::alert::{Calling, Quiet, Severity, Zone};
use backsight_domain::time::Span;
use lettre::message::Mailbox;
use toml::{Table, Value};

use crate::guard::Guard;
use crate::secret::SecretPlace;
use crate::settings::{self, Problem, Reader, first, is_name, name_rule};
use crate::url::{Scheme, Url, is_here};

/// Channels of the longest list; each has a thread of its own.
pub const CHANNELS_MAX: usize = 16;
/// Recipients of one mail.
const RECIPIENTS_MAX: usize = 20;
/// The kinds of channels, as the file names them.
pub const KINDS: [&str; 5] = ["email", "webhook", "telegram", "discord", "slack"];
/// Where Telegram's bots are asked.
const TELEGRAM: &str = "https://api.telegram.org";

/// Whom to tell, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelList {
    /// When people are called, and again.
    pub calling: Calling,
    /// For how long a letter is tried.
    pub patience: Span,
    /// How long before the open the ideas of the day are told.
    pub before_open: Span,
    /// Which machines may be asked over HTTP.
    pub guard: Guard,
    /// The channels, in the order of the file.
    pub channels: Vec<Channel>,
}

/// A way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// What it is called.
    pub name: Box<str>,
    /// How.
    pub way: Way,
    /// From which severity on.
    pub least: Severity,
    /// Whether it gets the digests.
    pub digests: bool,
    /// Whether it hears only of what nobody acknowledged in time.
    pub escalated_only: bool,
    /// Where its secret is.
    pub secret: Option<SecretPlace>,
}

/// How somebody is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By mail.
    Mail(MailWay),
    /// By a signed request to somebody's own program.
    Webhook(Url),
    /// By a bot of Telegram.
    Telegram {
        /// Where bots are asked.
        base: Url,
        /// The chat.
        chat: Box<str>,
    },
    /// By a webhook of Discord, whose address is the secret.
    Discord,
    /// By a webhook of Slack, whose address is the secret.
    Slack,
}

/// How mail is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailWay {
    /// The server that takes it.
    pub server: Box<str>,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub tls: Tls,
    /// The name to log in with; the secret is its password.
    pub user: Option<Box<str>>,
    /// Roots by which the server is trusted, instead of those that are built in.
    pub roots: Option<PathBuf>,
    /// Who writes.
    pub from: Mailbox,
    /// Who reads.
    pub to: Vec<Mailbox>,
}

/// How a connection to a mail server is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Begun in the open, and never used before it is private.
    Starttls,
    /// From the first byte on.
    Whole,
    /// Not at all; for this machine only.
    Open,
}

impl Default for ChannelList {
    fn default() -> Self {
        let calling =
            Calling { quiet: None, escalate_after: Some(Span::from_minutes(15)), escalations: 3 };
        Self {
            calling,
            patience: Span::from_minutes(24 * 60),
            before_open: Span::from_minutes(30),
            guard: Guard::public(),
            channels: Vec::new(),
        }
    }
}

impl ChannelList {
    /// Reads a file.
    ///
    /// # Errors
    /// Lists every problem.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let table = settings::table(text)?;
        let mut reader = Reader::default();
        reader.expect_known(&table, "", &["access", "calling", "channel", "digest", "retry"]);
        let standard = Self::default();
        let calling = read_calling(&mut reader, &table, standard.calling);
        let retry = reader.section(&table, "retry", &["hours"]);
        let hours = reader.number(&retry, ("retry", "hours"), 1..=168);
        let digest = reader.section(&table, "digest", &["minutes_before_open"]);
        let minutes = reader.number(&digest, ("digest", "minutes_before_open"), 0..=240);
        let access = reader.section(&table, "access", &["loopback", "ports"]);
        let guard = reader.guard(&access, standard.guard);
        let mut channels: Vec<Channel> = Vec::new();
        for (index, section) in reader.sections(&table, "channel").iter().enumerate() {
            let at = format!("channel {}", index + 1);
            let Some(channel) = read_channel(&mut reader, &at, section) else { continue };
            if channels.iter().any(|known| known.name == channel.name) {
                reader.find(&at, format!("a channel before it is called `{}`", channel.name));
            }
            channels.push(channel);
        }
        if CHANNELS_MAX < channels.len() {
            reader.find("channel", format!("there are more than {CHANNELS_MAX}"));
        }
        reader.finish(Self {
            calling,
            patience: hours.map_or(standard.patience, |hours| Span::from_minutes(60 * hours)),
            before_open: minutes.map_or(standard.before_open, Span::from_minutes),
            guard,
            channels,
        })
    }

    /// The channel of this name.
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| &*channel.name == name)
    }
}

/// What stands at the head of a new file.
pub const HEAD: &str = "\
# Whom a desk tells what, and how. `backsight alerts add` and `remove` edit this
# file and leave the rest of it as it is; `backsight alerts test NAME` sends a
# word through a channel. Secrets stand elsewhere: `secret_env` names a variable,
# `secret_file` a file.

[calling]
# quiet = \"22:00-07:00\"       # nobody is called then
# zone = \"New York\"           # or UTC, or an offset such as +01:00
# quiet_broken_by = \"emergency\"
escalate_minutes = 15          # until what nobody acknowledged is told again; 0: never
escalations = 3                # how often

[retry]
hours = 24                     # for which a letter is tried

[digest]
minutes_before_open = 30       # when the ideas of the day are told

[access]
ports = [80, 443]              # of public machines that may be asked over HTTP
loopback = false               # whether this machine itself may be asked, at any port
";

/// A file with one channel more, given as the lines of its section.
///
/// # Errors
/// Fails when the name is taken or none, or the channel is not whole.
pub fn with(text: &str, name: &str, lines: &[(&str, String)]) -> Result<String, Problem> {
    if !is_name(name) {
        return Err(Problem { at: format!("`{name}`"), problem: name_rule() });
    }
    if ChannelList::parse(text).map_err(first)?.channel(name).is_some() {
        let problem = "a channel is called so already; remove it first".to_owned();
        return Err(Problem { at: format!("`{name}`"), problem });
    }
    let mut text = format!("{}\n\n[[channel]]\nname = \"{name}\"\n", text.trim_end());
    text.extend(lines.iter().map(|(key, value)| format!("{key} = {value}\n")));
    ChannelList::parse(&text).map(|_| text).map_err(first)
}

/// A file without a channel; `None` when it has none of this name.
///
/// # Errors
/// Fails when the section of the channel cannot be found.
pub fn without(text: &str, name: &str) -> Result<Option<String>, Problem> {
    let list = ChannelList::parse(text).map_err(first)?;
    let Some(index) = list.channels.iter().position(|channel| &*channel.name == name) else {
        return Ok(None);
    };
    let place = (index, list.channels.len());
    let kept = settings::without_section(text, "[[channel]]", place, name)?;
    let rest = ChannelList::parse(&kept).map_err(first)?;
    assert!(rest.channel(name).is_none(), "the sections are the channels, in their order");
    Ok(Some(kept))
}

fn read_calling(reader: &mut Reader, table: &Table, standard: Calling) -> Calling {
    let known = ["escalate_minutes", "escalations", "quiet", "quiet_broken_by", "zone"];
    let section = reader.section(table, "calling", &known);
    let minutes = reader.number(&section, ("calling", "escalate_minutes"), 0..=1_440);
    let times = reader.number(&section, ("calling", "escalations"), 0..=20);
    let zone = word(reader, &section, ("calling", "zone"), "New York", |text| {
        Zone::parse(text).ok_or("must be \"New York\", \"UTC\" or an offset such as \"+01:00\"")
    });
    let broken_by = word(reader, &section, ("calling", "quiet_broken_by"), "emergency", severity);
    let quiet = match (section.contains_key("quiet"), zone, broken_by) {
        (true, Some(zone), Some(broken_by)) => {
            word(reader, &section, ("calling", "quiet"), "", |text| {
                let quiet = Quiet::parse(text, zone, broken_by);
                quiet.ok_or("must be hours of the day such as \"22:00-07:00\"")
            })
        }
        _ => None,
    };
    Calling {
        quiet,
        escalate_after: match minutes {
            None => standard.escalate_after,
            Some(0) => None,
            Some(minutes) => Some(Span::from_minutes(minutes)),
        },
        escalations: times.map_or(standard.escalations, |times| {
            u32::try_from(times).expect("the bounds of the number are those of a small one")
        }),
    }
}

fn severity(text: &str) -> Result<Severity, &'static str> {
    let rule = "must be \"info\", \"warning\", \"critical\" or \"emergency\"";
    Severity::parse(text).ok_or(rule)
}

/// What a text of a section means; the standard where it stands nowhere, nothing where it is wrong.
fn word<T>(
    reader: &mut Reader,
    section: &Table,
    (at, name): (&str, &str),
    standard: &str,
    read: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Option<T> {
    let text = section.get(name).map_or(Some(standard), Value::as_str);
    match text.map(read) {
        Some(Ok(value)) => Some(value),
        Some(Err(problem)) => {
            reader.find(&format!("{at}: {name}"), problem);
            None
        }
        None => {
            reader.find(&format!("{at}: {name}"), "must be a text in quotes");
            None
        }
    }
}

fn flag(reader: &mut Reader, section: &Table, (at, name): (&str, &str)) -> Option<bool> {
    let flag = section.get(name).map_or(Some(false), Value::as_bool);
    if flag.is_none() {
        reader.find(&format!("{at}: {name}"), "must be true or false");
    }
    flag
}

fn read_channel(reader: &mut Reader, at: &str, section: &Table) -> Option<Channel> {
    let name = reader.name(at, section);
    let kind = section.get("kind").and_then(Value::as_str).unwrap_or_default();
    let own: &[&str] = match kind {
        "email" => &["from", "port", "roots_file", "server", "tls", "to", "user"],
        "webhook" => &["url"],
        "telegram" => &["chat", "url"],
        "discord" | "slack" => &[],
        _ => {
            let kinds = KINDS.join(", ");
            reader.find(&format!("{at}: kind"), format!("must be one of {kinds}"));
            return None;
        }
    };
    let both = ["digests", "escalated_only", "kind", "least", "name", "secret_env", "secret_file"];
    let mut known = [own, &both[..]].concat();
    known.sort_unstable();
    reader.expect_known(section, at, &known);
    let least = word(reader, section, (at, "least"), "warning", severity);
    let digests = flag(reader, section, (at, "digests"));
    let escalated_only = flag(reader, section, (at, "escalated_only"));
    let secret = read_secret(reader, at, section);
    let way = read_way(reader, (at, kind), section);
    let needs = match &way {
        Some(Way::Mail(way)) => way.user.is_some(),
        Some(_) => true,
        None => false,
    };
    if needs && secret.is_none() {
        let problem = "names no secret; write `secret_env` or `secret_file`";
        reader.find(at, problem);
    }
    Some(Channel {
        name: name?,
        way: way?,
        least: least?,
        digests: digests?,
        escalated_only: escalated_only?,
        secret,
    })
}

fn read_secret(reader: &mut Reader, at: &str, section: &Table) -> Option<SecretPlace> {
    let text = |name: &str| section.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    match (section.get("secret_env"), section.get("secret_file")) {
        (None, None) => None,
        (Some(_), None) if text("secret_env").is_some() => {
            text("secret_env").map(|name| SecretPlace::Variable(name.into()))
        }
        (None, Some(_)) if text("secret_file").is_some() => {
            text("secret_file").map(|path| SecretPlace::File(PathBuf::from(path)))
        }
        _ => {
            let problem = "write either `secret_env` or `secret_file`, a text in quotes";
            reader.find(&format!("{at}: secret"), problem);
            None
        }
    }
}

fn read_way(reader: &mut Reader, (at, kind): (&str, &str), section: &Table) -> Option<Way> {
    match kind {
        "email" => read_mail(reader, at, section).map(Way::Mail),
        "webhook" => read_url(reader, at, section, None).map(Way::Webhook),
        "telegram" => {
            let base = read_url(reader, at, section, Some(TELEGRAM));
            let chat = match section.get("chat") {
                Some(Value::String(text)) => Some(text.clone()),
                Some(Value::Integer(number)) => Some(number.to_string()),
                _ => None,
            };
            let chat = chat.filter(|chat| is_name(chat));
            if chat.is_none() {
                let problem = "must be the number of a chat, or the name of a channel: \"@desk\"";
                reader.find(&format!("{at}: chat"), problem);
            }
            Some(Way::Telegram { base: base?, chat: chat?.into() })
        }
        "discord" => Some(Way::Discord),
        _ => Some(Way::Slack),
    }
}

fn read_url(reader: &mut Reader, at: &str, section: &Table, standard: Option<&str>) -> Option<Url> {
    let text = section.get("url").map_or(standard, Value::as_str);
    let url = text.map(|text| Url::parse(text).map_err(|bad| bad.to_string()));
    let problem = match url {
        Some(Ok(url)) if url.scheme() == Scheme::Https || url.is_here() => return Some(url),
        Some(Ok(_)) => "must begin with `https://`; only this machine is asked in the open".into(),
        Some(Err(bad)) => bad,
        None => "must be an address in quotes".to_owned(),
    };
    reader.find(&format!("{at}: url"), problem);
    None
}

fn read_mail(reader: &mut Reader, at: &str, section: &Table) -> Option<MailWay> {
    let host =
        |text: &str| Url::parse(&format!("https://{text}/")).map(|url| url.host().to_owned());
    let server = section.get("server").and_then(Value::as_str).and_then(|text| host(text).ok());
    if server.is_none() {
        reader.find(&format!("{at}: server"), "must be the name of a mail server in quotes");
    }
    let tls = word(reader, section, (at, "tls"), "starttls", |text| match text {
        "starttls" => Ok(Tls::Starttls),
        "tls" => Ok(Tls::Whole),
        "none" => Ok(Tls::Open),
        _ => Err("must be \"starttls\", \"tls\" or \"none\""),
    });
    if tls == Some(Tls::Open) && server.as_deref().is_some_and(|server| !is_here(server)) {
        let problem = "must not be \"none\": passwords and positions would travel in the open";
        reader.find(&format!("{at}: tls"), problem);
    }
    let usual = if tls == Some(Tls::Whole) { 465 } else { 587 };
    let is_said = section.contains_key("port");
    let port = reader.number(section, (at, "port"), 1..=65_535);
    let port = if is_said { port } else { Some(usual) };
    let user = match section.get("user").map(Value::as_str) {
        None => None,
        Some(Some(user)) if !user.is_empty() && !user.contains(char::is_control) => Some(user),
        Some(_) => {
            reader.find(&format!("{at}: user"), "must be a name in quotes");
            None
        }
    };
    let roots = section.get("roots_file").map(Value::as_str);
    let is_whole = |path: &str| Path::new(path).is_absolute();
    if roots.is_some_and(|path| !path.is_some_and(is_whole)) {
        let problem = "must be a PEM file in quotes, from the root of the disk on";
        reader.find(&format!("{at}: roots_file"), problem);
    }
    let from = mailbox(reader, (at, "from"), section.get("from"));
    let to = match section.get("to") {
        Some(Value::Array(rows)) if (1..=RECIPIENTS_MAX).contains(&rows.len()) => rows.clone(),
        Some(Value::String(one)) => vec![Value::String(one.clone())],
        _ => {
            let problem = format!("must be 1 to {RECIPIENTS_MAX} addresses: [\"ann@example.com\"]");
            reader.find(&format!("{at}: to"), problem);
            Vec::new()
        }
    };
    let to: Vec<_> = to.iter().map(|row| mailbox(reader, (at, "to"), Some(row))).collect();
    Some(MailWay {
        server: server?.into(),
        port: u16::try_from(port?).ok()?,
        tls: tls?,
        user: user.map(Into::into),
        roots: roots.flatten().map(PathBuf::from),
        from: from?,
        to: to.into_iter().collect::<Option<Vec<_>>>().filter(|to| !to.is_empty())?,
    })
}

fn mailbox(
    reader: &mut Reader,
    (at, name): (&str, &str),
    value: Option<&Value>,
) -> Option<Mailbox> {
    let text = value.and_then(Value::as_str);
    let mailbox = text.and_then(|text| text.parse().ok());
    if mailbox.is_none() {
        let problem = "must be an address of mail in quotes: \"ann@example.com\"";
        reader.find(&format!("{at}: {name}"), problem);
    }
    mailbox
}

impl Way {
    /// The word for it in the file.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Mail(_) => "email",
            Self::Webhook(_) => "webhook",
            Self::Telegram { .. } => "telegram",
            Self::Discord => "discord",
            Self::Slack => "slack",
        }
    }
}

impl fmt::Display for Way {
    /// Where it leads, without what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail(way) => {
                let to: Vec<String> = way.to.iter().map(|to| to.email.to_string()).collect();
                write!(f, "{} by {}:{}", to.join(", "), way.server, way.port)
            }
            // A path of somebody's own may hold a word that opens it.
            Self::Webhook(url) => f.write_str(&url.place()),
            Self::Telegram { chat, .. } => write!(f, "chat {chat}"),
            Self::Discord | Self::Slack => f.write_str("a channel"),
        }
    }
}

#[cfg(test)]
mod tests;
