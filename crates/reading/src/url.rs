//! Addresses: where a link leads, and whether two links lead to the same page.
//!
//! Nothing here is followed. Whoever fetches an address parses it with the same library that opens the connection;
//! these functions serve identity only, and they accept anything.

use std::borrow::Cow;

/// Longer addresses have no identity.
const LENGTH_MAX: usize = 4096;

/// Parameters that say where a reader came from and not what is read. A star stands for any ending.
const TRACKING: &[&str] = &[
    "__twitter_impression",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "amp",
    "campaign_id",
    "cmp",
    "cmpid",
    "dclid",
    "dicbo",
    "emc",
    "fbclid",
    "feedname",
    "feedtype",
    "ftcamp",
    "gaa_*",
    "gclid",
    "gclsrc",
    "guccounter",
    "guce_*",
    "igshid",
    "mbid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "mod",
    "msclkid",
    "ncid",
    "oly_anon_id",
    "oly_enc_id",
    "ocid",
    "outputtype",
    "partner",
    "pk_*",
    "ref",
    "ref_src",
    "ref_url",
    "refresh",
    "rss",
    "s_cid",
    "smid",
    "smtyp",
    "soc_src",
    "soc_trk",
    "spm",
    "sref",
    "srnd",
    "taid",
    "tpcc",
    "tsrc",
    "twclid",
    "utm_*",
    "vero_id",
    "wt_mc",
    "xtor",
    "yclid",
    "yptr",
];

/// First labels of a host that show the same pages in another shape.
const SHAPES: &[&str] = &["www", "m", "mobile", "amp"];

/// The parts of an address, each as it stands and without its delimiter.
#[derive(Clone, Copy, Debug)]
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(address: &'a str) -> Self {
        let address = address.split_once('#').map_or(address, |(before, _)| before);
        let (address, query) = match address.split_once('?') {
            Some((address, query)) => (address, Some(query)),
            None => (address, None),
        };
        let (scheme, rest) = match scheme_length(address) {
            Some(length) => (Some(&address[..length]), &address[length + 1..]),
            None => (None, address),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, rest),
        };
        Self { scheme, authority, path, query }
    }
}

/// Says whether a text is an address of the web.
pub fn is_web(address: &str) -> bool {
    let starts = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    starts("https://") || starts("http://")
}

/// Where `link` leads from a page at `start`; `None` when it is empty or leads outside of the web.
///
/// From a start that is no address of the web, a relative link stays as it is.
pub fn join<'a>(start: &str, link: &'a str) -> Option<Cow<'a, str>> {
    let link = without_breaks(link);
    if link.is_empty() {
        return None;
    }
    if is_web(&link) {
        return Some(link);
    }
    if scheme_length(&link).is_some() {
        return None;
    }
    if !is_web(start) {
        return Some(link);
    }
    Some(Cow::Owned(resolve(&Parts::of(start), &link)))
}

/// RFC 3986, 5.2, for a link without a scheme.
fn resolve(start: &Parts<'_>, link: &str) -> String {
    let scheme = start.scheme.unwrap_or("https");
    if link.starts_with("//") {
        return format!("{scheme}:{link}");
    }
    let authority = start.authority.unwrap_or_default();
    let (path, suffix) = link.split_at(link.find(['?', '#']).unwrap_or(link.len()));
    if path.is_empty() {
        let query = start.query.filter(|_| !suffix.starts_with('?'));
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        return format!("{scheme}://{authority}{}{query}{suffix}", start.path);
    }
    let folder = if path.starts_with('/') {
        ""
    } else {
        start.path.rfind('/').map_or("/", |end| &start.path[..=end])
    };
    format!("{scheme}://{authority}{}{suffix}", without_dots(&format!("{folder}{path}")))
}

/// A spelling that every address of the same page shares, as far as the address tells; `None` for what is no address
/// of the web.
///
/// Scheme, letter case of the host, standard ports, user names, fragments, trailing slashes, `www` and shapes for
/// telephones make no difference, nor does how a reader came there. Parameters are sorted.
pub fn normalise(address: &str) -> Option<String> {
    let address = without_breaks(address.trim_ascii());
    if LENGTH_MAX < address.len() || !is_web(&address) {
        return None;
    }
    let parts = Parts::of(&address);
    let host = host_of(parts.authority?);
    if host.is_empty() || host.contains(char::is_whitespace) {
        return None;
    }
    let path = unquoted(parts.path);
    let path = without_dots(&path);
    if let Some(inner) = within_cache(&host, &path) {
        let query = parts.query.map(|query| format!("?{query}")).unwrap_or_default();
        return normalise(&[&*inner, &query].concat());
    }
    let mut path = &*path;
    loop {
        let shorter = path.trim_end_matches('/');
        let shorter = shorter.strip_suffix("/amp").unwrap_or(shorter);
        if shorter.len() == path.len() {
            break;
        }
        path = shorter;
    }
    let query = parts.query.map(query_of).unwrap_or_default();
    let normal = ["https://", &host, path, &query].concat();
    (normal.len() <= LENGTH_MAX).then_some(normal)
}

/// Says whether a normal spelling names more than a site's front page.
pub fn has_place(normal: &str) -> bool {
    normal.strip_prefix("https://").is_some_and(|rest| rest.contains(['/', '?']))
}

/// The name of the site that an address belongs to; empty for what is no address of the web.
pub fn site(address: &str) -> String {
    if is_web(address) {
        Parts::of(address).authority.map(host_of).unwrap_or_default()
    } else {
        String::new()
    }
}

/// The host in small letters, without user, standard port and shape.
fn host_of(authority: &str) -> String {
    let host = authority.rsplit('@').next().unwrap_or(authority).to_lowercase();
    let plain = |port: &str| port.is_empty() || port == "80" || port == "443";
    let mut host = match host.rsplit_once(':') {
        Some((name, port)) if plain(port) => name,
        _ => &host,
    };
    loop {
        let shorter = host.trim_end_matches('.').trim_end_matches(':');
        let shorter = match shorter.split_once('.') {
            Some((first, rest)) if SHAPES.contains(&first) && rest.contains('.') => rest,
            _ => shorter,
        };
        if shorter.len() == host.len() {
            return host.to_owned();
        }
        host = shorter;
    }
}

/// The address that a cache of accelerated pages holds a copy of.
fn within_cache(host: &str, path: &str) -> Option<String> {
    let inner = match host {
        "google.com" => path.strip_prefix("/amp/")?,
        _ if host.ends_with(".ampproject.org") => {
            path.strip_prefix("/c/").or_else(|| path.strip_prefix("/v/"))?
        }
        _ => return None,
    };
    let inner = inner.strip_prefix("s/").unwrap_or(inner);
    inner.contains('.').then(|| format!("https://{inner}"))
}

fn query_of(query: &str) -> String {
    let mut kept: Vec<Cow<'_, str>> =
        query.split('&').map(unquoted).filter(|pair| !pair.is_empty() && !tracks(pair)).collect();
    kept.sort_unstable();
    kept.dedup();
    if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
}

fn tracks(pair: &str) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name).to_ascii_lowercase();
    TRACKING.iter().any(|tracking| match tracking.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *tracking,
    })
}

/// Spells each byte in one way: plain when it needs no quoting, else `%` and two capitals.
fn unquoted(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| is_plain(byte) && byte != b'%') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let quoted = text.get(at + 1..at + 3).filter(|_| byte == b'%');
        let value = quoted
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        at += if value.is_some() { 3 } else { 1 };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match value {
            Some(value) if plain(value) => out.push(char::from(value)),
            Some(value) => push_quoted(value, &mut out),
            None if is_plain(byte) && byte != b'%' => out.push(char::from(byte)),
            None => push_quoted(byte, &mut out),
        }
    }
    Cow::Owned(out)
}

/// Says whether a byte may stand in an address as it is.
const fn is_plain(byte: u8) -> bool {
    b' ' < byte && byte.is_ascii()
}

fn push_quoted(byte: u8, out: &mut String) {
    let digit = |value: u8| char::from(b"0123456789ABCDEF"[usize::from(value)]);
    out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
}

/// Takes `.` and `..` out of a path, as RFC 3986, 5.2.4 does.
fn without_dots(path: &str) -> Cow<'_, str> {
    if !path.contains("/.") {
        return Cow::Borrowed(path);
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            ".." => {
                if 1 < kept.len() {
                    kept.pop();
                }
            }
            "." => {}
            _ => {
                kept.push(segment);
                continue;
            }
        }
        if last {
            kept.push("");
        }
    }
    Cow::Owned(kept.join("/"))
}

/// The length of the scheme that an address starts with.
fn scheme_length(address: &str) -> Option<usize> {
    let length = address.bytes().position(|byte| matches!(byte, b':' | b'/' | b'?' | b'#'))?;
    let scheme = &address.as_bytes()[..length];
    let named = scheme.first()?.is_ascii_alphabetic()
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
    (named && address.as_bytes()[length] == b':').then_some(length)
}

/// Outlets break long links over lines.
fn without_breaks(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| matches!(byte, b'\t' | b'\r' | b'\n')) {
        Cow::Owned(text.replace(['\t', '\r', '\n'], ""))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests;
