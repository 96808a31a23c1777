//! What cargo knows about the packages: ours and those we stand on.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// Everything `cargo metadata` says that a command here needs.
pub(crate) struct Metadata {
    pub packages: Vec<Package>,
    pub target: PathBuf,
}

/// One package of the resolved graph.
pub(crate) struct Package {
    pub name: String,
    pub version: String,
    /// The manifest, relative to the root when the package is ours.
    pub manifest: String,
    pub licence: Option<String>,
    /// True for a member of this workspace.
    pub ours: bool,
    pub needs: Vec<Need>,
}

/// One dependency as a manifest declares it, of any kind (build and test included).
pub(crate) struct Need {
    pub name: String,
    pub ours: bool,
}

impl Metadata {
    /// Asks cargo.
    pub(crate) fn read() -> Result<Self> {
        let words = ["metadata", "--locked", "--format-version", "1"];
        let text = shell::capture(&mut shell::cargo(&words))?;
        let value = serde_json::from_str(&text).context("the answer of `cargo metadata`")?;
        Self::parse(&value, shell::root())
    }

    /// Reads cargo's answer.
    pub(crate) fn parse(value: &Value, root: &Path) -> Result<Self> {
        let packages = list(value, "packages")?;
        Ok(Self {
            packages: packages.iter().map(|it| Package::parse(it, root)).collect::<Result<_>>()?,
            target: PathBuf::from(word(value, "target_directory")?),
        })
    }

    /// The packages of this workspace.
    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.ours)
    }

    /// The packages that others wrote.
    pub(crate) fn theirs(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| !package.ours)
    }
}

impl Package {
    fn parse(value: &Value, root: &Path) -> Result<Self> {
        let manifest = Path::new(word(value, "manifest_path")?);
        let manifest = manifest.strip_prefix(root).unwrap_or(manifest);
        Ok(Self {
            name: word(value, "name")?.to_owned(),
            version: word(value, "version")?.to_owned(),
            manifest: manifest.to_string_lossy().into_owned(),
            licence: value["license"].as_str().map(str::to_owned),
            ours: value["source"].is_null(),
            needs: list(value, "dependencies")?.iter().map(Need::parse).collect::<Result<_>>()?,
        })
    }
}

impl Need {
    fn parse(value: &Value) -> Result<Self> {
        Ok(Self { name: word(value, "name")?.to_owned(), ours: value["source"].is_null() })
    }
}

fn word<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key].as_str().with_context(|| format!("`cargo metadata` gave no text for `{key}`"))
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value[key].as_array().with_context(|| format!("`cargo metadata` gave no list for `{key}`"))
}
