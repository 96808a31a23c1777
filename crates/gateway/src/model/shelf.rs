//! The models that are on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use backsight_reading::sentiment::manifest::{MANIFEST, Manifest, ManifestFault, REQUIRED};

use super::{Choice, Engine, Label, Store, describe};
use crate::file;
use crate::pull::{Progress, PullFault, Pulled, measure, pull, take};

/// The file that names the model in use.
const IN_USE: &str = "in-use";

/// A folder of models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    folder: PathBuf,
}

/// Why a model could not be taken from a shelf, or put on it.
#[derive(Debug, thiserror::Error)]
pub enum ShelfFault {
    /// There is none of this name.
    #[error("no model `{0}` is installed; `backsight model list` shows those that are")]
    Absent(Box<str>),
    /// There is one of this name.
    #[error("a model `{0}` is installed; remove it first, or choose another name")]
    Taken(Box<str>),
    /// It is not what its manifest says, or the manifest is none.
    #[error("model `{name}`")]
    Manifest {
        /// The model.
        name: Box<str>,
        /// What is wrong.
        #[source]
        fault: ManifestFault,
    },
    /// A file of it could not be fetched.
    #[error("cannot fetch `{file}`")]
    Pull {
        /// The file.
        file: Box<str>,
        /// Why.
        #[source]
        source: PullFault,
    },
    /// The disk failed.
    #[error("cannot use `{}`", path.display())]
    Storage {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl Shelf {
    /// The shelf in a folder, which need not be there.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Where a model's files are.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The names of the installed models, sorted.
    ///
    /// # Errors
    /// Fails when the folder is there but cannot be read.
    pub fn names(&self) -> Result<Vec<Box<str>>, ShelfFault> {
        let storage = |source| ShelfFault::Storage { path: self.folder.clone(), source };
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(storage(source)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(storage)?.file_name();
            let name = name.to_str().filter(|name| is_model_name(name)).unwrap_or_default();
            if !name.is_empty() && self.path(name).join(MANIFEST).is_file() {
                names.push(name.into());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// What belongs to an installed model.
    ///
    /// # Errors
    /// Fails when it is not installed, or its manifest is none.
    pub fn manifest(&self, name: &str) -> Result<Manifest, ShelfFault> {
        let path = self.path(name).join(MANIFEST);
        if !is_model_name(name) {
            return Err(ShelfFault::Absent(name.into()));
        }
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(fault) if fault.kind() == ErrorKind::NotFound => {
                return Err(ShelfFault::Absent(name.into()));
            }
            Err(source) => return Err(ShelfFault::Storage { path, source }),
        };
        let manifest = Manifest::parse(&text).and_then(|manifest| {
            let is_own = manifest.name == name;
            if is_own { Ok(manifest) } else { Err(ManifestFault::Malformed("name")) }
        });
        manifest.map_err(|fault| ShelfFault::Manifest { name: name.into(), fault })
    }

    /// Fetches every file of a model that is not there and right, and then installs its manifest.
    /// Tells for each file what was done.
    ///
    /// # Errors
    /// Fails when a file cannot be fetched; what arrived is kept for the next attempt.
    pub fn pull(
        &self,
        store: &Store,
        manifest: &Manifest,
        progress: &mut dyn FnMut(&str, Progress),
    ) -> Result<BTreeMap<String, Pulled>, ShelfFault> {
        let folder = self.path(&manifest.name);
        let mut pulled = BTreeMap::new();
        for (file, pin) in &manifest.files {
            let mut step = |step| progress(file, step);
            let done = pull(&store.parcel(file, pin), &folder.join(file), &mut step);
            let done =
                done.map_err(|source| ShelfFault::Pull { file: file.as_str().into(), source })?;
            pulled.insert(file.clone(), done);
        }
        write_whole(&folder.join(MANIFEST), &manifest.to_json())?;
        Ok(pulled)
    }

    /// Installs a model that nobody pinned: what arrives is believed once, and pinned from then on.
    ///
    /// # Errors
    /// Fails when one of this name is installed, or a file cannot be had or is none of a model.
    pub fn add(
        &self,
        store: &Store,
        label: Label<'_>,
        progress: &mut dyn FnMut(&str, Progress),
    ) -> Result<Manifest, ShelfFault> {
        let folder = self.path(label.name);
        let name = || Box::from(label.name);
        if !is_model_name(label.name) {
            let fault = ManifestFault::Malformed("name");
            return Err(ShelfFault::Manifest { name: name(), fault });
        }
        if folder.join(MANIFEST).exists() {
            return Err(ShelfFault::Taken(name()));
        }
        let (client, base) = match store {
            Store::Web(client, base) => (client, base),
            Store::Folder(from) => {
                let manifest = describe(from, label)?;
                self.pull(store, &manifest, progress)?;
                return Ok(manifest);
            }
        };
        for file in REQUIRED {
            let url = base.join(&format!("./{file}")).expect("the names are plain");
            let target = folder.join(file);
            let taken = take((client, &url), &target, &mut |step| progress(file, step));
            taken.map_err(|source| ShelfFault::Pull { file: file.into(), source })?;
        }
        let manifest = describe(&folder, label)?;
        write_whole(&folder.join(MANIFEST), &manifest.to_json())?;
        Ok(manifest)
    }

    /// Hashes every file of an installed model and holds it against its manifest.
    ///
    /// # Errors
    /// Names the first file that is missing or another one.
    pub fn verify(&self, manifest: &Manifest) -> Result<(), ShelfFault> {
        let folder = self.path(&manifest.name);
        let mut found = BTreeMap::new();
        for file in manifest.files.keys() {
            let path = folder.join(file);
            match measure(&path) {
                Ok(pin) => drop(found.insert(file.clone(), pin)),
                Err(fault) if fault.kind() == ErrorKind::NotFound => {}
                Err(source) => return Err(ShelfFault::Storage { path, source }),
            }
        }
        manifest
            .verify(&found)
            .map_err(|fault| ShelfFault::Manifest { name: manifest.name.as_str().into(), fault })
    }

    /// Removes a model; tells whether it was in use.
    ///
    /// # Errors
    /// Fails when it is not installed, or cannot be removed.
    pub fn remove(&self, name: &str) -> Result<bool, ShelfFault> {
        let path = self.path(name);
        if !is_model_name(name) || !path.is_dir() {
            return Err(ShelfFault::Absent(name.into()));
        }
        let was_in_use = self.in_use()?.is_some_and(|choice| &*choice.name == name);
        if was_in_use {
            self.put_in_use(None)?;
        }
        // Without its manifest it is no model, however much of it is left.
        let manifest = path.join(MANIFEST);
        let removed = match fs::remove_file(&manifest) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => Err(fault),
            Ok(()) | Err(_) => fs::remove_dir_all(&path),
        };
        removed.map_err(|source| ShelfFault::Storage { path, source })?;
        Ok(was_in_use)
    }

    /// The model that a person chose; `None` for those that the program brings along.
    ///
    /// # Errors
    /// Fails when the choice cannot be read, or is none.
    pub fn in_use(&self) -> Result<Option<Choice>, ShelfFault> {
        let path = self.folder.join(IN_USE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(ShelfFault::Storage { path, source }),
        };
        let (name, engine) = text.trim().split_once(' ').unwrap_or((text.trim(), "float"));
        let parsed = Engine::parse(engine).ok_or_else(|| {
            let source = io::Error::other(format!("`{engine}` computes nothing"));
            ShelfFault::Storage { path, source }
        })?;
        Ok(Some(Choice { name: name.into(), engine: parsed }))
    }

    /// Chooses a model, or those that the program brings along.
    ///
    /// # Errors
    /// Fails when the choice cannot be written.
    pub fn put_in_use(&self, choice: Option<&Choice>) -> Result<(), ShelfFault> {
        let path = self.folder.join(IN_USE);
        if let Some(Choice { name, engine }) = choice {
            return write_whole(&path, &format!("{name} {}\n", engine.name()));
        }
        match fs::remove_file(&path) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                Err(ShelfFault::Storage { path, source })
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Whether a name stays on its shelf.
fn is_model_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !name.is_empty() && !name.starts_with('.') && name != IN_USE && name.bytes().all(is_letter)
}

/// Writes a whole file or nothing.
///
/// # Errors
/// Fails when the disk does.
pub fn write_whole(path: &Path, text: &str) -> Result<(), ShelfFault> {
    file::write_whole(path, text)
        .map_err(|source| ShelfFault::Storage { path: path.to_owned(), source })
}
