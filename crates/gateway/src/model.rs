//! Models as files: which are on this machine, and how one gets here.
//!
//! What belongs to a model, and whether its files are right, is decided by its manifest
//! ([`backsight_reading::sentiment::manifest`]). Here files are fetched, hashed and moved.
//!
//! A [`Shelf`] is a folder with a folder for each model. The manifest is written there last and
//! removed first: a model whose manifest is there was whole once.

mod shelf;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use backsight_reading::sentiment::manifest::{Manifest, Pin, REQUIRED};

pub use self::shelf::{Shelf, ShelfFault, write_whole};
use crate::http::client::Client;
use crate::pull::{Origin, Parcel, measure};
use crate::url::{BadUrl, Url};

/// Where the files of a model lie beside each other.
#[derive(Clone, Debug)]
pub enum Store {
    /// On a server.
    Web(Client, Url),
    /// In a folder of this machine.
    Folder(PathBuf),
}

/// Who computes what a model says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// We do, in 32-bit floats.
    #[default]
    Float,
    /// We do, in bytes.
    Int8,
    /// onnxruntime does, in builds that know it.
    Onnxruntime,
}

/// The model that a person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub name: Box<str>,
    /// Who computes.
    pub engine: Engine,
}

/// The network that onnxruntime runs, beside the files that every model has.
pub const NETWORK: &str = "model.onnx";

impl Engine {
    /// All of them, the plainest first.
    pub const ALL: [Self; 3] = [Self::Float, Self::Int8, Self::Onnxruntime];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Float => "float",
            Self::Int8 => "int8",
            Self::Onnxruntime => "onnxruntime",
        }
    }

    /// The one of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.name() == name)
    }

    /// The version of a reader: the model's, and who computes unless that is plain.
    pub fn version(self, model: &str) -> String {
        if self == Self::Float { model.to_owned() } else { format!("{model}-{}", self.name()) }
    }

    /// Who computes for a reader of this version of this model; `None` when it is another version.
    pub fn of_version(reader: &str, model: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.version(model) == reader)
    }
}

/// What a person says about a model whose files are at hand.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Which version it is.
    pub version: &'a str,
    /// The licence of the weights.
    pub licence: &'a str,
}

impl Store {
    /// A folder on a server, by its address with or without the slash at its end.
    ///
    /// # Errors
    /// Says why the text is no address.
    pub fn web(client: Client, text: &str) -> Result<Self, BadUrl> {
        Ok(Self::Web(client, Url::parse(&format!("{}/", text.trim_end_matches('/')))?))
    }

    /// A file of a model, as it is to be fetched.
    fn parcel(&self, file: &str, pin: &Pin) -> Parcel {
        let origin = match self {
            Self::Web(client, base) => {
                let url = base.join(&format!("./{file}")).expect("a manifest has plain names");
                Origin::Web(client.clone(), url)
            }
            Self::Folder(folder) => Origin::Disk(folder.join(file)),
        };
        Parcel { origin, pin: pin.clone() }
    }
}

/// Describes the files of a folder, so that they can be installed from there or from a copy of it.
///
/// # Errors
/// Fails when a file is missing or the manifest would not be one.
pub fn describe(folder: &Path, label: Label<'_>) -> Result<Manifest, ShelfFault> {
    let mut files = BTreeMap::new();
    let network = folder.join(NETWORK).is_file().then_some(NETWORK);
    for name in REQUIRED.into_iter().chain(network) {
        let path = folder.join(name);
        let pin = measure(&path).map_err(|source| ShelfFault::Storage { path, source })?;
        files.insert(name.to_owned(), pin);
    }
    let path = folder.join("config.json");
    let config = fs::read_to_string(&path);
    let config = config.map_err(|source| ShelfFault::Storage { path, source })?;
    let Label { name, version, licence } = label;
    Manifest::describe(name, version, licence, files, &config)
        .map_err(|fault| ShelfFault::Manifest { name: name.into(), fault })
}
