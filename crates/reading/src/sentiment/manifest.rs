//! What an installed model consists of, and whether it is still that.
//!
//! A model is a folder with a `manifest.json` that pins every file by length and SHA-256. Fetching one, and reading and
//! moving files, belong to the binary; what is right is decided here, over bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// The manifest's name in its folder.
pub const MANIFEST: &str = "manifest.json";
/// The files that `Finbert::load` asks for.
pub const REQUIRED: [&str; 3] = ["config.json", "vocab.txt", "model.safetensors"];

/// Bytes of the largest file that may be installed.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
const FILES_MAX: usize = 16;
const NAME_CHARS_MAX: usize = 64;

/// What a model is called, what it consists of, and under what terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The model's name, which is also its folder's.
    pub name: String,
    /// The model's version, written on every reading.
    pub version: String,
    /// The licence of the weights, as its publisher states it.
    pub licence: String,
    /// Names of the labels in the order of the model's outputs.
    pub labels: [String; 3],
    /// The files by name.
    pub files: BTreeMap<String, Pin>,
}

/// Length and hash of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
}

/// Why a model is not what its manifest says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ManifestFault {
    /// The manifest cannot be read.
    #[error("the manifest's `{0}` is missing or malformed")]
    Malformed(&'static str),
    /// A file that every model needs is not pinned.
    #[error("the manifest pins no `{0}`")]
    Unpinned(&'static str),
    /// A file is absent.
    #[error("`{0}` is missing")]
    Missing(String),
    /// A file has another length.
    #[error("`{name}` has `{found}` bytes, the manifest says `{pinned}`")]
    Length {
        /// The file.
        name: String,
        /// What it has.
        found: u64,
        /// What it should have.
        pinned: u64,
    },
    /// A file has another content.
    #[error("`{name}` has SHA-256 `{found}`, the manifest says `{pinned}`")]
    Hash {
        /// The file.
        name: String,
        /// What it has.
        found: String,
        /// What it should have.
        pinned: String,
    },
    /// The labels of the configuration stand in another order.
    #[error("`config.json` does not name the labels `{0}` in this order")]
    Labels(String),
}

/// Hashes a file as it arrives, piece by piece.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    bytes: u64,
    hash: Sha256,
}

impl Measure {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        self.hash.update(bytes);
    }

    /// Says what a file of the bytes so far is pinned by.
    pub fn pin(self) -> Pin {
        let mut sha256 = String::with_capacity(64);
        for byte in self.hash.finalize() {
            write!(sha256, "{byte:02x}").expect("a string takes everything");
        }
        Pin { bytes: self.bytes, sha256 }
    }
}

impl Pin {
    /// Pins a file that is at hand.
    pub fn of(bytes: &[u8]) -> Self {
        let mut measure = Measure::default();
        measure.add(bytes);
        measure.pin()
    }
}

impl Manifest {
    /// Describes the files of a folder, as an install from files does.
    ///
    /// # Errors
    /// Names what is missing, malformed or too large.
    pub fn describe(
        name: &str,
        version: &str,
        licence: &str,
        files: BTreeMap<String, Pin>,
        config: &str,
    ) -> Result<Self, ManifestFault> {
        let labels = labels(config).ok_or(ManifestFault::Malformed("id2label"))?;
        let [name, version, licence] = [name, version, licence].map(str::to_owned);
        Self { name, version, licence, labels, files }.checked()
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// Names what is missing, malformed or too large.
    pub fn parse(text: &str) -> Result<Self, ManifestFault> {
        let malformed = ManifestFault::Malformed;
        let value: Value = serde_json::from_str(text).map_err(|_| malformed("JSON"))?;
        let word = |key: &'static str| {
            let word = value.get(key).and_then(Value::as_str).ok_or(malformed(key));
            word.map(str::to_owned)
        };
        let labels = value.get("labels").and_then(Value::as_array).and_then(|it| words(it));
        let entries = value.get("files").and_then(Value::as_object).ok_or(malformed("files"))?;
        let mut files = BTreeMap::new();
        for (name, entry) in entries {
            let bytes = entry.get("bytes").and_then(Value::as_u64);
            let sha256 = entry.get("sha256").and_then(Value::as_str);
            let pin =
                bytes.zip(sha256).map(|(bytes, sha256)| Pin { bytes, sha256: sha256.to_owned() });
            files.insert(name.clone(), pin.ok_or(malformed("files"))?);
        }
        let manifest = Self {
            name: word("name")?,
            version: word("version")?,
            licence: word("licence")?,
            labels: labels.ok_or(malformed("labels"))?,
            files,
        };
        manifest.checked()
    }

    /// Writes a manifest.
    pub fn to_json(&self) -> String {
        let pin = |it: &Pin| json!({ "bytes": it.bytes, "sha256": it.sha256 });
        let files: BTreeMap<&String, Value> =
            self.files.iter().map(|(k, it)| (k, pin(it))).collect();
        let value = json!({
            "name": self.name, "version": self.version, "licence": self.licence,
            "labels": self.labels, "files": files,
        });
        format!("{value:#}\n")
    }

    /// Compares what was found in the folder with the manifest, file by file; further files are no fault.
    ///
    /// # Errors
    /// Names the first file that is missing or another one.
    pub fn verify(&self, found: &BTreeMap<String, Pin>) -> Result<(), ManifestFault> {
        for (name, pinned) in &self.files {
            let found = found.get(name).ok_or_else(|| ManifestFault::Missing(name.clone()))?;
            let name = name.clone();
            if found.bytes != pinned.bytes {
                let (found, pinned) = (found.bytes, pinned.bytes);
                return Err(ManifestFault::Length { name, found, pinned });
            }
            if found.sha256 != pinned.sha256 {
                let (found, pinned) = (found.sha256.clone(), pinned.sha256.clone());
                return Err(ManifestFault::Hash { name, found, pinned });
            }
        }
        Ok(())
    }

    /// Compares the names of the labels with those of the configuration.
    ///
    /// # Errors
    /// Says which order was expected.
    pub fn verify_labels(&self, config: &str) -> Result<(), ManifestFault> {
        let same = labels(config).is_some_and(|found| found == self.labels);
        same.then_some(()).ok_or_else(|| ManifestFault::Labels(self.labels.join(", ")))
    }

    /// Refuses what could leave the folder or fill the disk.
    fn checked(self) -> Result<Self, ManifestFault> {
        for (key, word) in [("name", &self.name), ("version", &self.version)] {
            if !is_plain(word) {
                return Err(ManifestFault::Malformed(key));
            }
        }
        let hex = |it: &str| {
            it.len() == 64 && it.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
        };
        let pinned = |(name, pin): (&String, &Pin)| {
            is_plain(name) && name != MANIFEST && hex(&pin.sha256) && pin.bytes <= FILE_BYTES_MAX
        };
        if FILES_MAX < self.files.len() || !self.files.iter().all(pinned) {
            return Err(ManifestFault::Malformed("files"));
        }
        match REQUIRED.into_iter().find(|name| !self.files.contains_key(*name)) {
            Some(name) => Err(ManifestFault::Unpinned(name)),
            None => Ok(self),
        }
    }
}

/// A word that is safe as the name of a file: no separator, no leading dot.
fn is_plain(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (1..=NAME_CHARS_MAX).contains(&word.len()) && word.chars().all(plain) && !word.starts_with('.')
}

fn words(values: &[Value]) -> Option<[String; 3]> {
    let words = values.iter().map(|it| it.as_str().map(str::to_owned));
    words.collect::<Option<Vec<_>>>()?.try_into().ok()
}

fn labels(config: &str) -> Option<[String; 3]> {
    let value: Value = serde_json::from_str(config).ok()?;
    let names = value.get("id2label")?;
    let name = |index: usize| names.get(index.to_string())?.as_str().map(str::to_lowercase);
    Some([name(0)?, name(1)?, name(2)?])
}

#[cfg(test)]
mod tests;
