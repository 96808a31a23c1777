//! Models as files: what belongs to one, and which are on this machine.
//!
//! A manifest names the files of a model with their lengths and hashes, so that what is fetched is
//! what somebody looked at. What else it says is for whoever loads the model:
//!
//! ```toml
//! name = "finbert"
//! version = "1"
//!
//! [[file]]
//! name = "model.safetensors"
//! url = "https://models.example/model.safetensors"
//! bytes = 437955512
//! sha256 = "…64 digits…"
//! ```
//!
//! A [`Shelf`] is a folder with a folder for each model. The manifest is written there last and
//! removed first: a model whose manifest is there was whole once.

mod shelf;

pub use self::shelf::{Shelf, ShelfFault};

use toml::{Table, Value};

use crate::pull::{Parcel, Sha256};
use crate::url::Url;

/// What a shelf calls a manifest.
pub const MANIFEST: &str = "manifest.toml";
/// Letters of the longest name of a model.
const NAME_MAX: usize = 40;
/// Files of the largest model.
const FILES_MAX: usize = 64;

/// What belongs to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// What it is called.
    pub name: Box<str>,
    /// Which version it is.
    pub version: Box<str>,
    /// Its files by name.
    pub files: Vec<(Box<str>, Parcel)>,
    /// The manifest as it was written.
    pub text: Box<str>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// Says where the first mistake is, and what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|fault: toml::de::Error| fault.to_string())?;
        let name = words(&table, "name")?;
        if !is_model_name(name) {
            let rule = format!("1 to {NAME_MAX} letters of a-z, 0-9 and -");
            return Err(format!("`name`: `{name}` names no model; a name has {rule}"));
        }
        let version = words(&table, "version")?;
        let rows = table.get("file").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if rows.is_empty() || FILES_MAX < rows.len() {
            return Err(format!("`file`: a model has 1 to {FILES_MAX} files, each under [[file]]"));
        }
        let mut files: Vec<(Box<str>, Parcel)> = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let row = row.as_table().ok_or("`file` must be written as [[file]]")?;
            let file = parse_file(row).map_err(|fault| format!("file {}: {fault}", index + 1))?;
            if files.iter().any(|(known, _)| *known == file.0) {
                return Err(format!("file {}: `{}` is named twice", index + 1, file.0));
            }
            files.push(file);
        }
        Ok(Self { name: name.into(), version: version.into(), files, text: text.into() })
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|(_, parcel)| parcel.bytes).sum()
    }
}

fn parse_file(row: &Table) -> Result<(Box<str>, Parcel), String> {
    let name = words(row, "name")?;
    if !is_file_name(name) {
        return Err(format!("`{name}` is no plain name of a file"));
    }
    let url = Url::parse(words(row, "url")?).map_err(|bad| format!("`url`: {bad}"))?;
    let bytes = row.get("bytes").and_then(Value::as_integer);
    let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes != 0);
    let bytes = bytes.ok_or("`bytes` must be the whole number of its bytes")?;
    let sha256 = Sha256::parse(words(row, "sha256")?);
    let sha256 = sha256.ok_or("`sha256` must be 64 digits of 0-9 and a-f")?;
    Ok((name.into(), Parcel { url, bytes, sha256 }))
}

fn words<'a>(table: &'a Table, key: &str) -> Result<&'a str, String> {
    let text = table.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| format!("`{key}` must be a text in quotes"))
}

fn is_model_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= NAME_MAX && name.bytes().all(is_letter)
}

/// Whether a name stays in its folder and is none that the shelf uses itself.
fn is_file_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    name.len() <= 100
        && name.bytes().all(is_letter)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.ends_with(".unfinished")
        && name != MANIFEST
        && !name.is_empty()
}

#[cfg(test)]
mod tests;
