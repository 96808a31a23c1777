//! Answering, well or badly.

use std::fmt::Display;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use backsight_domain::time::Span;
use backsight_reading::feed::fingerprint;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Manner, Page, Request};
use crate::http::date;

/// Bytes after which even an endless body ends.
const ENDLESS: usize = 64 << 20;
/// Bytes of a chunk.
const CHUNK: usize = 1_000;
/// Bytes that drip.
const DROPS: usize = 2_000;
/// Between two of them.
const DRIP: Duration = Duration::from_millis(5);

/// Answers a request for a page in the page's manner.
pub(super) fn serve(mut visitor: TcpStream, request: &Request, page: &Page) -> io::Result<()> {
    let body = page.body.as_slice();
    let said = |status, length: usize| {
        Head::new(status).with("Content-Type", &page.content_type).with("Content-Length", length)
    };
    match &page.manner {
        Manner::Well => well(&mut visitor, request, page)?,
        Manner::Plain => said(200, body.len()).send(&mut visitor, body)?,
        Manner::Chunked => chunked(&mut visitor, page)?,
        Manner::BreaksOff(after) => breaks_off(&mut visitor, request, page, *after)?,
        Manner::Understates(by) => {
            said(200, body.len().saturating_sub(*by)).send(&mut visitor, body)?;
        }
        Manner::Packed(coding) => {
            said(200, body.len()).with("Content-Encoding", coding).send(&mut visitor, body)?;
        }
        Manner::TornPacking => {
            let packed = pack(body);
            let torn = &packed[..packed.len() / 2];
            said(200, torn.len()).with("Content-Encoding", "gzip").send(&mut visitor, torn)?;
        }
        Manner::Bomb(mebibytes) => {
            let bomb = bomb(*mebibytes);
            said(200, bomb.len()).with("Content-Encoding", "gzip").send(&mut visitor, &bomb)?;
        }
        Manner::Endless => endless(&mut visitor, &Head::new(200), b"<item>and on</item>\n")?,
        Manner::EndlessHead => {
            visitor.write_all(b"HTTP/1.1 200 OK\r\n")?;
            repeat(&mut visitor, b"X-And-On: and on\r\n")?;
        }
        Manner::Silent => hang(&mut visitor)?,
        Manner::Dripping => drip(&mut visitor)?,
        Manner::Gibberish => visitor.write_all(b"220 mail.example ESMTP\r\n")?,
        Manner::Moved { status, to } => {
            Head::new(*status)
                .with("Location", to)
                .with("Content-Length", 0)
                .send(&mut visitor, b"")?;
        }
        Manner::Status(status) => said(*status, 0).send(&mut visitor, b"")?,
        Manner::Busy { status, retry_after } => {
            let seconds = (*retry_after).max(Span::ZERO).seconds_floor();
            said(*status, 0).with("Retry-After", seconds).send(&mut visitor, b"")?;
        }
    }
    visitor.shutdown(Shutdown::Write)
}

/// A status line and headers.
struct Head(String);

impl Head {
    fn new(status: u16) -> Self {
        Self(format!("HTTP/1.1 {status} Newsstand\r\nConnection: close\r\n"))
    }

    fn with(self, name: &str, value: impl Display) -> Self {
        Self(format!("{}{name}: {value}\r\n", self.0))
    }

    fn send(&self, visitor: &mut TcpStream, body: &[u8]) -> io::Result<()> {
        visitor.write_all(format!("{}\r\n", self.0).as_bytes())?;
        visitor.write_all(body)
    }
}

fn well(visitor: &mut TcpStream, request: &Request, page: &Page) -> io::Result<()> {
    let etag = format!("\"{:016x}\"", fingerprint(&page.body));
    let modified = page.modified.map(date::format);
    let mut head = Head::new(200).with("ETag", &etag);
    if let Some(modified) = &modified {
        head = head.with("Last-Modified", modified);
    }
    let is_known = match request.header("if-none-match") {
        Some(known) => known == etag,
        None => modified.is_some() && request.header("if-modified-since") == modified.as_deref(),
    };
    if is_known {
        return Head(head.0.replacen("200", "304", 1)).send(visitor, b"");
    }
    if let Some(from) = wanted_from(request) {
        return part(visitor, &head, page, from, usize::MAX);
    }
    head = head.with("Content-Type", &page.content_type).with("Accept-Ranges", "bytes");
    let accepted = request.header("accept-encoding").unwrap_or_default();
    if accepted.contains("gzip") {
        let packed = pack(&page.body);
        let head = head.with("Content-Encoding", "gzip").with("Content-Length", packed.len());
        return head.send(visitor, &packed);
    }
    head.with("Content-Length", page.body.len()).send(visitor, &page.body)
}

/// The first byte of a range without an end.
fn wanted_from(request: &Request) -> Option<usize> {
    request.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// Sends what stands from a byte on, and breaks off after so many.
fn part(
    visitor: &mut TcpStream,
    head: &Head,
    page: &Page,
    from: usize,
    most: usize,
) -> io::Result<()> {
    let whole = page.body.len();
    if whole <= from {
        let head = Head::new(416).with("Content-Range", format!("bytes */{whole}"));
        return head.with("Content-Length", 0).send(visitor, b"");
    }
    let rest = &page.body[from..];
    let head = Head(head.0.replacen("200", "206", 1))
        .with("Content-Range", format!("bytes {from}-{}/{whole}", whole - 1))
        .with("Content-Length", rest.len());
    head.send(visitor, &rest[..rest.len().min(most)])
}

fn breaks_off(
    visitor: &mut TcpStream,
    request: &Request,
    page: &Page,
    after: usize,
) -> io::Result<()> {
    if let Some(from) = wanted_from(request) {
        return part(visitor, &Head::new(200), page, from, after);
    }
    let head = Head::new(200)
        .with("Content-Type", &page.content_type)
        .with("Content-Length", page.body.len());
    head.send(visitor, &page.body[..page.body.len().min(after)])
}

fn chunked(visitor: &mut TcpStream, page: &Page) -> io::Result<()> {
    let head = Head::new(200).with("Content-Type", &page.content_type);
    head.with("Transfer-Encoding", "chunked").send(visitor, b"")?;
    for chunk in page.body.chunks(CHUNK) {
        write!(visitor, "{:x}\r\n", chunk.len())?;
        visitor.write_all(chunk)?;
        visitor.write_all(b"\r\n")?;
    }
    visitor.write_all(b"0\r\n\r\n")
}

fn endless(visitor: &mut TcpStream, head: &Head, line: &[u8]) -> io::Result<()> {
    head.send(visitor, b"")?;
    repeat(visitor, line)
}

fn repeat(visitor: &mut TcpStream, line: &[u8]) -> io::Result<()> {
    let many = line.repeat(1_000);
    for _ in 0..ENDLESS / many.len() {
        visitor.write_all(&many)?;
    }
    Ok(())
}

/// Waits until the visitor goes away.
fn hang(visitor: &mut TcpStream) -> io::Result<()> {
    visitor.read(&mut [0]).map(drop)
}

/// Sends byte after byte, each time waiting a little whether the visitor goes away.
fn drip(visitor: &mut TcpStream) -> io::Result<()> {
    Head::new(200).with("Content-Length", DROPS).send(visitor, b"")?;
    visitor.set_read_timeout(Some(DRIP))?;
    for _ in 0..DROPS {
        visitor.write_all(b".")?;
        match visitor.read(&mut [0]) {
            Ok(_) => return Ok(()),
            Err(fault) if matches!(fault.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

fn pack(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).and_then(|()| encoder.finish()).expect("memory takes every byte")
}

fn bomb(mebibytes: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let nothing = vec![b' '; 1 << 20];
    for _ in 0..mebibytes {
        encoder.write_all(&nothing).expect("memory takes every byte");
    }
    encoder.finish().expect("memory takes every byte")
}
