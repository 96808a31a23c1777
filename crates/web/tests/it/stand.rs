//! A journal that a simulated desk wrote, and a site over it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use backsight_domain::desk::OperatorCommand;
use backsight_domain::id::DeskName;
use backsight_domain::instrument::Ticker;
use backsight_domain::money::Money;
use backsight_domain::policy::Policy;
use backsight_journal::{FileLog, Flush, Log, RealDisk, Settings};
use backsight_sim::faults::FaultProfile;
use backsight_sim::market::World;
use backsight_sim::run::{Run, Setup};
use backsight_web::access::{People, Role};
use backsight_web::{Channel, Inbox, Site, Tables, Wish};

use crate::browser::Browser;

/// The password of everybody in these tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Where commands end in these tests.
#[derive(Clone, Default)]
pub(crate) struct Tray(
    pub(crate) Arc<Mutex<Vec<OperatorCommand>>>,
    pub(crate) Arc<Mutex<Vec<(Policy, String)>>>,
);

impl Inbox for Tray {
    fn put(&self, command: &OperatorCommand) -> Result<(), String> {
        let mut tray = self.0.lock().unwrap();
        if !tray.iter().any(|known| known.key == command.key) {
            tray.push(command.clone());
        }
        Ok(())
    }

    fn adopt(&self, policy: &Policy, (who, why, _): (&str, &str, u64)) -> Result<(), String> {
        self.1.lock().unwrap().push((policy.clone(), format!("{who}: {why}")));
        Ok(())
    }
}

/// A site and its folder, which goes with the test.
pub(crate) struct Stand {
    pub(crate) site: Option<Site>,
    pub(crate) tray: Tray,
    pub(crate) folder: PathBuf,
}

impl Stand {
    /// A site that nobody may enter yet.
    pub(crate) fn empty(name: &str) -> Self {
        Self::over(name, journal())
    }

    /// The same over some journal.
    pub(crate) fn over(name: &str, journal: &Path) -> Self {
        let folder = folder(name);
        fs::remove_dir_all(&folder).ok();
        let tray = Tray::default();
        let site = Site::open(Wish {
            listen: Some("127.0.0.1:0".parse().unwrap()),
            journal: journal.to_owned(),
            folder: folder.clone(),
            hosts: vec!["desk.example".to_owned()],
            inbox: Arc::new(tray.clone()),
            tables: Arc::new(Tables::default),
            channels: Arc::new(|| {
                let (name, kind) = ("mail".to_owned(), "email".to_owned());
                vec![Channel { name, kind, waiting: 2, ..Channel::default() }]
            }),
        });
        Self { site: Some(site.unwrap()), tray, folder }
    }

    /// A site with one person of each role.
    pub(crate) fn with_people(name: &str) -> Self {
        let stand = Self::empty(name);
        for role in Role::ALL {
            stand.people().add(role.name(), role, PASSWORD).unwrap();
        }
        stand
    }

    pub(crate) fn people(&self) -> People {
        People::open(&self.folder).unwrap()
    }

    /// A browser in which nobody is logged in.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.site.as_ref().unwrap().address())
    }

    /// A browser in which the person of a role is logged in.
    pub(crate) fn logged_in(&self, role: Role) -> Browser {
        let mut browser = self.browser();
        browser.log_in(role.name(), PASSWORD);
        browser
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        if let Some(site) = self.site.take() {
            site.close();
        }
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("web-{name}-{}", std::process::id()))
}

/// One simulated session of twelve symbols, played once for all tests.
pub(crate) fn journal() -> &'static Path {
    static JOURNAL: OnceLock<PathBuf> = OnceLock::new();
    JOURNAL.get_or_init(|| {
        let folder = folder("journal");
        fs::remove_dir_all(&folder).ok();
        let (log, _) =
            FileLog::open(RealDisk::new(&folder), Settings::new("test"), |_| {}).unwrap();
        let mut run = Run::new(setup(), log);
        while run.advance().unwrap().is_some() {}
        run.log_mut().flush(Flush::A).unwrap();
        folder
    })
}

fn setup() -> Setup {
    Setup {
        world: World { symbols: 12, ..World::standard(7) },
        sessions: 1,
        faults: FaultProfile::none(),
        policy: Policy::default(),
        held_bps: 0,
        cash: vec![Money::dollars(80_000), Money::dollars(2_000)],
        desk: DeskName(Ticker::parse("TEST").unwrap()),
        build: "test".into(),
    }
}
