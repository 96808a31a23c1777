//! What a visitor asks for.

use std::io::{self, ErrorKind, Read};

/// Bytes of the longest request.
const REQUEST_MAX: usize = 16 << 10;

/// A request, as far as a newsstand cares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The path and the query.
    pub path: String,
    /// Its headers, names in lower case, in order.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// Reads a request without a body.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        let mut step = [0; 1_024];
        while !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
            match from.read(&mut step)? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                _ if REQUEST_MAX < bytes.len() => return Err(ErrorKind::InvalidData.into()),
                count => bytes.extend_from_slice(&step[..count]),
            }
            if !bytes[0].is_ascii_uppercase() {
                return Err(ErrorKind::InvalidData.into());
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.split("\r\n");
        let path = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        Ok(Self { path: path.to_owned(), headers: headers.collect() })
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
