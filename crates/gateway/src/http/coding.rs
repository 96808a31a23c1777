//! Unpacking a body, with a bound on what comes out.
//!
//! A few kilobytes can unpack to gigabytes. What comes out is counted while it comes, and a body
//! that was packed twice is refused, so that a bomb costs no more than the limit. Brotli adds its
//! window of at most 16 MiB to that, whatever a body says; larger windows are no Brotli of the web.

use std::io::{self, Read};

use brotli_decompressor::Decompressor;
use flate2::read::MultiGzDecoder;

/// What we ask servers to pack with.
pub const ACCEPTED: &str = "gzip, br";

/// Bytes that are unpacked at a time.
const STEP: usize = 64 << 10;

/// Why a body could not be unpacked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodingFault {
    /// It is packed in a way that we did not ask for.
    #[error("it is packed as `{0}`, which was not asked for")]
    Unknown(Box<str>),
    /// It is torn or no archive.
    #[error("it is packed as `{coding}`, but torn: {cause}")]
    Torn {
        /// How it is said to be packed.
        coding: &'static str,
        /// What the unpacker said.
        cause: Box<str>,
    },
    /// It is too large.
    #[error("it unpacks to more than {0} bytes")]
    Large(usize),
}

/// Unpacks a body that is packed as a `Content-Encoding` says.
///
/// # Errors
/// Fails when it is packed another way, torn, or larger than the limit.
pub fn unpack(coding: Option<&str>, packed: Vec<u8>, limit: usize) -> Result<Vec<u8>, CodingFault> {
    let coding = coding.unwrap_or_default().trim();
    if coding.is_empty() || coding.eq_ignore_ascii_case("identity") {
        return if packed.len() <= limit { Ok(packed) } else { Err(CodingFault::Large(limit)) };
    }
    let torn = |coding| {
        move |fault: io::Error| CodingFault::Torn { coding, cause: fault.to_string().into() }
    };
    if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") {
        return drain(MultiGzDecoder::new(packed.as_slice()), limit, torn("gzip"));
    }
    if coding.eq_ignore_ascii_case("br") {
        return drain(Decompressor::new(packed.as_slice(), STEP), limit, torn("br"));
    }
    Err(CodingFault::Unknown(coding.chars().take(40).collect()))
}

/// Reads to the end, never holding more than the limit.
fn drain(
    mut reader: impl Read,
    limit: usize,
    torn: impl Fn(io::Error) -> CodingFault,
) -> Result<Vec<u8>, CodingFault> {
    let mut whole = Vec::new();
    let mut step = vec![0; STEP];
    loop {
        match reader.read(&mut step).map_err(&torn)? {
            0 => return Ok(whole),
            count if limit - whole.len() < count => return Err(CodingFault::Large(limit)),
            count => whole.extend_from_slice(&step[..count]),
        }
    }
}

#[cfg(test)]
mod tests;
