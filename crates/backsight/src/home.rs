//! Where a desk lives: one folder that holds everything there is of it.
//!
//! | Path | What |
//! |---|---|
//! | `desk.toml` | what the simulated world is made from; written once |
//! | `policy.toml` | the policy a person wrote; absent for the defaults |
//! | `feeds.toml` | the feeds that are read; absent for those that come with the program |
//! | `feeds/` | what feeds said last, so that nothing is told twice |
//! | `companies.txt` | who is who, when lists were imported |
//! | `models/` | models that read the news |
//! | `journal/` | the truth |
//! | `inbox/` | commands that wait for the desk |
//! | `alerts.toml` | whom to tell what; absent for nobody |
//! | `alerts/` | what is still to be told |
//! | `digests/` | the digests of sessions |
//! | `store.sqlite` | tables made from the journal |
//! | `web/` | who may enter the dashboard |

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use backsight_domain::policy::Policy;
use backsight_gateway::file;
use backsight_journal::RealDisk;

use crate::answer::{Exit, Failure};
use crate::environment;

/// The folder of one desk.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    root: PathBuf,
    /// Whether it was named on the command line, so that the next command must name it too.
    is_named: bool,
}

impl Home {
    /// The folder that was named, or the one in the platform's place for such things.
    pub(crate) fn find(named: Option<PathBuf>) -> Result<Self, Failure> {
        let is_named = named.is_some();
        let named = named.or_else(|| environment::variable("BACKSIGHT_HOME").map(PathBuf::from));
        let root = named.or_else(platform_folder).ok_or_else(|| {
            let message = "no home folder is known; name one with `--home DIR`";
            Failure::new(Exit::Configuration, message)
        })?;
        Ok(Self { root, is_named })
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The words that lead a command to this folder: none when it finds the folder by itself.
    pub(crate) fn option(&self) -> Option<String> {
        self.is_named.then(|| format!("--home {}", show(&self.root)))
    }

    /// What the simulated world is made from.
    pub(crate) fn desk(&self) -> PathBuf {
        self.root.join("desk.toml")
    }

    /// The policy a person wrote.
    pub(crate) fn policy_file(&self) -> PathBuf {
        self.root.join("policy.toml")
    }

    /// The feeds that are read.
    pub(crate) fn feeds_file(&self) -> PathBuf {
        self.root.join("feeds.toml")
    }

    /// Whom to tell what.
    pub(crate) fn alerts_file(&self) -> PathBuf {
        self.root.join("alerts.toml")
    }

    /// What is still to be told.
    pub(crate) fn alerts(&self) -> PathBuf {
        self.root.join("alerts")
    }

    /// The digests of sessions.
    pub(crate) fn digests(&self) -> PathBuf {
        self.root.join("digests")
    }

    /// What is kept of feeds.
    pub(crate) fn feeds_state(&self) -> PathBuf {
        self.root.join("feeds").join("state.json")
    }

    /// The stories that feeds told.
    pub(crate) fn stories_state(&self) -> PathBuf {
        self.root.join("feeds").join("stories")
    }

    /// Who is who, when lists were imported.
    pub(crate) fn companies_file(&self) -> PathBuf {
        self.root.join("companies.txt")
    }

    /// The folder of models.
    pub(crate) fn models(&self) -> PathBuf {
        self.root.join("models")
    }

    /// The journal's folder.
    pub(crate) fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    /// Tables made from the journal.
    pub(crate) fn store_file(&self) -> PathBuf {
        self.root.join("store.sqlite")
    }

    /// The folder of commands that wait.
    pub(crate) fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }

    /// The folder of those who may enter the dashboard.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// The disk that the journal is on.
    pub(crate) fn disk(&self) -> RealDisk {
        RealDisk::new(&self.journal())
    }

    /// Whether there is a journal.
    pub(crate) fn has_journal(&self) -> bool {
        let begun = |entry: io::Result<fs::DirEntry>| {
            entry.is_ok_and(|entry| entry.path().extension().is_some_and(|kind| kind == "bsj"))
        };
        fs::read_dir(self.journal()).is_ok_and(|mut entries| entries.any(begun))
    }

    /// Bytes of all files of the journal.
    pub(crate) fn journal_bytes(&self) -> u64 {
        let Ok(entries) = fs::read_dir(self.journal()) else { return 0 };
        entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|file| file.len()).sum()
    }

    /// The number of the process that runs the desk; `None` when nobody does.
    pub(crate) fn running(&self) -> Option<String> {
        let path = self.journal().join("lock");
        let lock = File::open(&path).ok()?;
        match lock.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default();
                Some(holder.trim().to_owned())
            }
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }

    /// The policy of the file; nothing when there is none.
    pub(crate) fn written_policy(&self) -> Result<Option<Policy>, Failure> {
        let path = self.policy_file();
        let Some(text) = read_whole(&path)? else { return Ok(None) };
        Policy::from_toml(&text).map(Some).map_err(|problems| {
            let count = problems.len();
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            let first = first.lines().next().unwrap_or_default();
            let path = show(&path);
            Failure::new(
                Exit::Configuration,
                format!("`{path}` has {count} problem(s), first {first}; `backsight config check` lists them"),
            )
        })
    }

    /// Fails unless there is a journal to read.
    pub(crate) fn expect_journal(&self) -> Result<(), Failure> {
        if self.has_journal() {
            return Ok(());
        }
        let root = show(&self.root);
        let message = format!("there is no desk in `{root}` yet; `backsight demo` begins one");
        Err(Failure::new(Exit::Unavailable, message))
    }
}

/// Whether a file cannot be read because there is none.
pub(crate) fn is_absent(fault: &io::Error) -> bool {
    matches!(fault.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// A path as messages show it.
pub(crate) fn show(path: &Path) -> String {
    path.display().to_string()
}

/// Reads a file of text; nothing when there is none.
pub(crate) fn read_whole(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(fault) if is_absent(&fault) => Ok(None),
        Err(fault) => Err(Failure::from(fault).context(format!("cannot read `{}`", show(path)))),
    }
}

/// Writes a whole file or nothing: beside its name first, then renamed.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    file::write_whole(path, text).map_err(|fault: io::Error| {
        Failure::from(fault).context(format!("cannot write `{}`", show(path)))
    })
}

fn platform_folder() -> Option<PathBuf> {
    let folder = |name: &str| environment::variable(name).map(PathBuf::from);
    let data = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        // The standard of these folders says that a relative path is to be ignored.
        let named = folder("XDG_DATA_HOME").filter(|path| path.is_absolute());
        named.or_else(|| folder("HOME").map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("backsight"))
}
