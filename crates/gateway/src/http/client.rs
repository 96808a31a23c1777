//! The one place that opens connections.
//!
//! A name is looked up once for each request; the addresses that the guard admits are the ones that
//! are connected to. Proxies of the environment, cookies and kept connections are not used: each
//! would be a way around the guard or a state that nobody looks at. Roots of trust are built in, so
//! that a desk trusts the same servers on every machine.

use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{HeaderMap, header};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, BodyReader, Timeout};

use crate::guard::Guard;
use crate::http::coding::ACCEPTED;
use crate::http::fault::Fault;
use crate::http::names::{Names, Refused, SystemNames, Vetted};
use crate::http::{Answer, Ask, Head, Post, Validators};

/// How a server sees us. Some outlets refuse programs that do not say what they are.
const USER_AGENT: &str = concat!("backsight/", env!("CARGO_PKG_VERSION"));

/// Bytes of the longest header value that is kept or sent back.
const VALUE_MAX: usize = 1_024;

/// Bytes of everything before a body.
const HEAD_MAX: usize = 32 << 10;

/// Bytes that are read at a time.
const STEP: usize = 16 << 10;

/// How long a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until the connection stands.
    pub connect: Duration,
    /// Between two signs of life.
    pub silence: Duration,
    /// For everything; unbounded where a body is large on purpose.
    pub whole: Option<Duration>,
}

/// Asks servers.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    user_agent: Box<str>,
}

/// A body that is still coming.
pub struct Flow {
    host: Box<str>,
    reader: BodyReader<'static>,
}

impl Patience {
    /// What a feed gets.
    pub const FEED: Self = Self {
        connect: Duration::from_secs(5),
        silence: Duration::from_secs(5),
        whole: Some(Duration::from_secs(15)),
    };

    /// What a file of many megabytes gets: as long as it keeps coming.
    pub const FILE: Self =
        Self { connect: Duration::from_secs(10), silence: Duration::from_secs(30), whole: None };
}

impl Client {
    /// A client that asks what the guard admits.
    pub fn new(guard: Guard, patience: Patience) -> Self {
        Self::with_names(guard, patience, SystemNames)
    }

    /// The same, with other names.
    pub fn with_names(guard: Guard, patience: Patience, names: impl Names) -> Self {
        let Patience { connect, silence, whole } = patience;
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .max_response_header_size(HEAD_MAX)
            .max_idle_connections(0)
            .timeout_resolve(Some(connect))
            .timeout_connect(Some(connect))
            .timeout_per_read(Some(silence))
            .timeout_per_write(Some(silence))
            .timeout_global(whole)
            .build();
        let vetted = Vetted::new(guard, names);
        let agent = Agent::with_parts(config, DefaultConnector::default(), vetted);
        Self { agent, user_agent: USER_AGENT.into() }
    }

    /// The same, which tells every server whom to write to. The SEC serves nobody who does not.
    #[must_use]
    pub fn with_contact(self, contact: Option<&str>) -> Self {
        let Some(contact) = contact else { return self };
        Self { user_agent: format!("{USER_AGENT} ({contact})").into(), ..self }
    }

    /// Asks, and takes the whole body when it is not larger than the limit.
    ///
    /// # Errors
    /// Fails when no whole answer came, in bounds and in time. A status is no failure here.
    pub fn get(&self, ask: &Ask, limit: usize) -> Result<Answer, Fault> {
        let large = || Fault::Large { url: Box::new(ask.url.clone()), limit };
        let (head, flow) = self.open(ask)?;
        take(head, flow, limit)?.ok_or_else(large)
    }

    /// Hands something over, and takes what of the answer is within the limit.
    ///
    /// # Errors
    /// Fails when no answer came, in time. A status is no failure here.
    pub fn post(&self, post: &Post, limit: usize) -> Result<Answer, Fault> {
        let host: Box<str> = post.url.place().into();
        let mut request = self.agent.post(post.url.to_string()).header(header::CONNECTION, "close");
        request = request.header(header::USER_AGENT, &*self.user_agent);
        for (name, value) in &post.headers {
            request = request.header(*name, value);
        }
        let answer = request.send(&post.body[..]).map_err(|error| fault(&host, error))?;
        let (parts, body) = answer.into_parts();
        let head = head(parts.status.as_u16(), &parts.headers, &body);
        let flow = Flow { host, reader: body.into_reader() };
        let status = head.clone();
        Ok(take(head, flow, limit)?.unwrap_or(Answer { head: status, body: Vec::new() }))
    }

    /// Asks, and leaves the body to be read.
    ///
    /// # Errors
    /// Fails when no answer came. A status is no failure here.
    pub fn open(&self, ask: &Ask) -> Result<(Head, Flow), Fault> {
        let host: Box<str> = ask.url.place().into();
        let mut request = self.agent.get(ask.url.to_string()).header(header::CONNECTION, "close");
        request = request.header(header::USER_AGENT, &*self.user_agent);
        // A part of a packed body could not be joined to another.
        let coding = if ask.from.is_some() { "identity" } else { ACCEPTED };
        request = request.header(header::ACCEPT_ENCODING, coding);
        if let Some(from) = ask.from {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        if let Some(etag) = &ask.validators.etag {
            request = request.header(header::IF_NONE_MATCH, &**etag);
        }
        if let Some(last_modified) = &ask.validators.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, &**last_modified);
        }
        let answer = request.call().map_err(|error| fault(&host, error))?;
        let (parts, body) = answer.into_parts();
        let head = head(parts.status.as_u16(), &parts.headers, &body);
        Ok((head, Flow { host, reader: body.into_reader() }))
    }
}

/// The whole of an answer; nothing when its body is larger than the limit.
fn take(head: Head, mut flow: Flow, limit: usize) -> Result<Option<Answer>, Fault> {
    if head.length.is_some_and(|length| usize::try_from(length).is_ok_and(|it| limit < it)) {
        return Ok(None);
    }
    let mut body = Vec::new();
    let mut step = [0; STEP];
    loop {
        match flow.read(&mut step)? {
            0 => return Ok(Some(Answer { head, body })),
            count if limit - body.len() < count => return Ok(None),
            count => body.extend_from_slice(&step[..count]),
        }
    }
}

impl Flow {
    /// Reads what came next; 0 at the end.
    ///
    /// # Errors
    /// Fails when it breaks off or comes too slowly.
    pub fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Fault> {
        self.reader.read(bytes).map_err(|error| fault(&self.host, error.into()))
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow").field("host", &self.host).finish_non_exhaustive()
    }
}

fn head(status: u16, headers: &HeaderMap, body: &Body) -> Head {
    let text = |name: header::HeaderName| {
        let value = headers.get(name)?.to_str().ok()?.trim();
        (!value.is_empty() && value.len() <= VALUE_MAX).then(|| value.into())
    };
    Head {
        status,
        validators: Validators {
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
        },
        retry_after: text(header::RETRY_AFTER),
        location: headers.get(header::LOCATION).and_then(|it| it.to_str().ok()).map(Into::into),
        content_type: text(header::CONTENT_TYPE),
        content_encoding: text(header::CONTENT_ENCODING),
        content_range: text(header::CONTENT_RANGE),
        length: body.content_length(),
    }
}

/// Names what went wrong.
#[expect(clippy::wildcard_enum_match_arm, reason = "the client may add kinds at any time")]
fn fault(host: &str, error: ureq::Error) -> Fault {
    let host: Box<str> = host.into();
    let cause = |error: &dyn std::error::Error| {
        let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
        format!("{error}{source}").into_boxed_str()
    };
    match error {
        ureq::Error::Timeout(phase) => Fault::Late { host, phase: phase_name(phase).into() },
        ureq::Error::HostNotFound => Fault::NoAddress { host },
        ureq::Error::Other(other) => match other.downcast::<Refused>() {
            Ok(refused) => Fault::Refused { host: refused.host, refusal: refused.refusal },
            Err(other) => Fault::Broken { host, cause: cause(&*other) },
        },
        ureq::Error::Io(error) => io_fault(host, &error),
        ureq::Error::Rustls(error) => Fault::Untrusted { host, cause: cause(&error) },
        ureq::Error::Tls(text) => Fault::Untrusted { host, cause: text.into() },
        other => Fault::Broken { host, cause: cause(&other) },
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the client may add kinds at any time")]
fn io_fault(host: Box<str>, error: &io::Error) -> Fault {
    use io::ErrorKind as Kind;
    let cause = error.to_string().into();
    match error.kind() {
        Kind::TimedOut | Kind::WouldBlock => Fault::Late { host, phase: "an answer".into() },
        Kind::InvalidData => Fault::Untrusted { host, cause },
        Kind::UnexpectedEof
        | Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::BrokenPipe => Fault::Broken { host, cause: "it ends before it is complete".into() },
        _ => Fault::Unreachable { host, cause },
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the client may add kinds at any time")]
fn phase_name(phase: Timeout) -> &'static str {
    match phase {
        Timeout::Resolve => "looking up its name",
        Timeout::Connect => "connecting",
        Timeout::Global | Timeout::PerCall => "the whole of it",
        _ => "waiting for its next bytes",
    }
}
