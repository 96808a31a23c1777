//! The files that belong to the repository: tracked, or about to be.

use std::path::Path;
use std::{fs, io};

use anyhow::{Context, Result};

use super::parted::Parted;
use crate::shell;

/// All files of the repository.
pub(super) struct Tree {
    pub leaves: Vec<Leaf>,
}

/// One file.
pub(super) struct Leaf {
    /// Relative to the root, with forward slashes.
    pub path: String,
    pub bytes: usize,
    /// Absent when the file is not UTF-8.
    pub text: Option<String>,
}

impl Tree {
    /// Reads what git tracks and what it would track.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = shell::capture(&mut shell::program("git", &words))?;
        let mut leaves = Vec::new();
        for path in listed.split_terminator('\0') {
            match fs::read(root.join(path)) {
                Ok(bytes) => leaves.push(Leaf::new(path, bytes)),
                // Deleted but still in the index, or a link to a folder.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) if error.kind() == io::ErrorKind::IsADirectory => {}
                Err(error) => return Err(error).with_context(|| format!("reading `{path}`")),
            }
        }
        Ok(Self { leaves })
    }

    /// Returns the text of the file at `path`, if there is one.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.leaves.iter().find(|leaf| leaf.path == path)?.text.as_deref()
    }

    /// Returns the first line of the file at `path` that starts with `start`, or line 1.
    pub(super) fn line(&self, path: &str, start: &str) -> usize {
        let text = self.text(path).unwrap_or_default();
        text.lines().position(|line| line.starts_with(start)).map_or(1, |index| index + 1)
    }

    /// The files with the given ending and their text.
    pub(super) fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let wanted = self.leaves.iter().filter(move |leaf| leaf.path.ends_with(end));
        wanted.filter_map(|leaf| Some((leaf.path.as_str(), leaf.text.as_deref()?)))
    }

    /// The Rust files, with code and comments parted.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, Parted)> {
        self.ending(".rs").map(|(path, text)| (path, Parted::new(text)))
    }
}

impl Leaf {
    pub(super) fn new(path: &str, bytes: Vec<u8>) -> Self {
        Self { path: path.to_owned(), bytes: bytes.len(), text: String::from_utf8(bytes).ok() }
    }
}
