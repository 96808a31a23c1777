//! Addresses on the web, as strictly as we ask for them.
//!
//! A host is written in exactly one way: lower case, names in their ASCII form, addresses as dotted
//! decimals or in brackets. What other programs read as an address in disguise (`0x7f.1`,
//! `2130706433`) is refused, so that whoever vets a host and whoever connects to it mean the same.

use std::fmt::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Bytes of the longest address.
const LENGTH_MAX: usize = 2_048;
/// Bytes of the longest name of a host.
const HOST_MAX: usize = 253;
/// Bytes of the longest part of such a name.
const LABEL_MAX: usize = 63;

/// How a resource is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// In the open.
    Http,
    /// Through TLS.
    Https,
}

/// An absolute `http` or `https` address, without user and without fragment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Url {
    scheme: Scheme,
    host: Box<str>,
    port: u16,
    /// The path, from its slash on, and the query.
    path: Box<str>,
}

/// Why a text is no address that we would ask.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// It is too long.
    #[error("an address has at most {LENGTH_MAX} bytes")]
    Long,
    /// It has another scheme, or none.
    #[error("`{0}` does not begin with `https://` or `http://`")]
    Scheme(String),
    /// It names a user.
    #[error("an address must not carry a user or a password")]
    User,
    /// Its host cannot be one.
    #[error("`{0}` is no host; write a name in ASCII letters, or an address in its plain form")]
    Host(String),
    /// Its port cannot be one.
    #[error("`{0}` is no port")]
    Port(String),
    /// It has characters that no address has.
    #[error("an address has no spaces at its ends, no control characters and no backslash")]
    Characters,
}

impl Scheme {
    /// The port that need not be written.
    pub const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl Url {
    /// Reads an absolute address.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, BadUrl> {
        expect_characters(text)?;
        let (scheme, rest) = text.split_once("://").ok_or_else(|| BadUrl::Scheme(text.into()))?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(BadUrl::Scheme(text.into())),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (host, port) = parse_authority(authority)?;
        let port = port.unwrap_or(scheme.port());
        Ok(Self { scheme, host: host.into(), port, path: clean_path(path)?.into() })
    }

    /// Reads a reference as it stands in an answer from this address: absolute or relative.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn join(&self, reference: &str) -> Result<Self, BadUrl> {
        expect_characters(reference)?;
        let before_path = reference.split(['/', '?', '#']).next().unwrap_or_default();
        if before_path.contains(':') {
            return Self::parse(reference);
        }
        if reference.starts_with("//") {
            return Self::parse(&format!("{}:{reference}", self.scheme));
        }
        let (own_path, _) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let path = match reference.bytes().next() {
            None | Some(b'#') => self.path.to_string(),
            Some(b'/') => reference.to_owned(),
            Some(b'?') => format!("{own_path}{reference}"),
            Some(_) => {
                let folder = own_path.rfind('/').map_or("/", |slash| &own_path[..=slash]);
                format!("{folder}{reference}")
            }
        };
        Ok(Self { path: clean_path(&path)?.into(), ..self.clone() })
    }

    /// How it is reached.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host: a name in lower case, or an address; one of version 6 stands in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether the host is this machine by its own name or address, and not by what a name leads to.
    pub fn is_here(&self) -> bool {
        is_here(&self.host)
    }

    /// Host and port: where requests are in each other's way.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Whether a host, in its one spelling, is this machine by its own name or address.
pub(crate) fn is_here(host: &str) -> bool {
    let is_loopback = |address: Ipv4Addr| address.is_loopback();
    host == "localhost" || host == "[::1]" || host.parse().is_ok_and(is_loopback)
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "http",
            Self::Https => "https",
        })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, port, path } = self;
        write!(f, "{scheme}://{host}")?;
        if *port != scheme.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(path)
    }
}

fn expect_characters(text: &str) -> Result<(), BadUrl> {
    if LENGTH_MAX < text.len() {
        return Err(BadUrl::Long);
    }
    let is_strange = |letter: char| letter.is_control() || letter == '\\';
    if text.trim() != text || text.contains(is_strange) {
        return Err(BadUrl::Characters);
    }
    Ok(())
}

fn parse_authority(authority: &str) -> Result<(String, Option<u16>), BadUrl> {
    if authority.contains('@') {
        return Err(BadUrl::User);
    }
    // Colons inside of brackets belong to the host.
    let after_host = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match authority[after_host..].find(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(after_host + colon);
            (host, Some(&port[1..]))
        }
        None => (authority, None),
    };
    let host = parse_host(host).ok_or_else(|| BadUrl::Host(host.to_owned()))?;
    let port = match port {
        None | Some("") => None,
        Some(port) => Some(parse_port(port).ok_or_else(|| BadUrl::Port(port.to_owned()))?),
    };
    Ok((host, port))
}

fn parse_port(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_number && *port != 0)
}

fn parse_host(text: &str) -> Option<String> {
    if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.len() <= LABEL_MAX && label.bytes().all(is_letter)
    };
    if HOST_MAX < name.len() || !name.split('.').all(is_label) {
        return None;
    }
    // No top-level name begins with a digit: the rest are addresses, plain or in disguise.
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) {
        return name.parse::<Ipv4Addr>().ok().map(|address| address.to_string());
    }
    Some(name)
}

/// The path and the query without dots that climb, without fragment, and with everything else
/// escaped that is no letter of an address.
fn clean_path(text: &str) -> Result<String, BadUrl> {
    let text = text.split('#').next().unwrap_or_default();
    let (path, query) = match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    };
    let mut clean = String::with_capacity(text.len() + 1);
    let mut segments: Vec<&str> = Vec::new();
    let mut parts = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | "%2e" | "%2E" => {}
            ".." => {
                segments.pop();
            }
            _ => {
                segments.push(part);
                continue;
            }
        }
        if is_last {
            segments.push("");
        }
    }
    clean.push('/');
    push_escaped(&mut clean, &segments.join("/"));
    if let Some(query) = query {
        clean.push('?');
        push_escaped(&mut clean, query);
    }
    if LENGTH_MAX < clean.len() { Err(BadUrl::Long) } else { Ok(clean) }
}

fn push_escaped(clean: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !br#""<>^`{|}"#.contains(&byte) {
            clean.push(char::from(byte));
        } else {
            write!(clean, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
}

#[cfg(test)]
mod tests;
