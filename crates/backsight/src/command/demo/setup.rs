//! What a demo's world and desk are made from: `desk.toml`, written at the first start.

use std::fs;

use backsight_domain::event::{Mode, Started};
use backsight_domain::id::DeskName;
use backsight_domain::instrument::Ticker;
use backsight_domain::money::Money;
use backsight_domain::policy::Policy;
use backsight_domain::session::covers_date;
use backsight_domain::story::Reader;
use backsight_domain::time::Date;
use backsight_reading::sentiment::Ladder;
use backsight_sim::faults::FaultProfile;
use backsight_sim::market::World;
use backsight_sim::run::Setup;

use crate::answer::{Exit, Failure};
use crate::build;
use crate::cli::Demo;
use crate::home::{Home, is_absent, show, write_whole};
use crate::news;
use crate::view::origin::Origin;

/// The seed of a desk that was given none.
const SEED: u64 = 7;
/// What each account holds of every owned share before the desk comes, in basis points of its cash: a
/// dip is bought where something is held.
const HELD_BPS: u32 = 200;
/// Sessions of implied volatilities that come with the desk, as a vendor of data would sell them: a
/// year, so that what is dear is known from the first day on.
const PAST: u16 = 252;
/// How often the market takes fright, and how often a share is split: once in a month or so, so that
/// a short demo has one.
const SCARES: f64 = 0.05;
const SPLITS: f64 = 0.001;
/// Words for what can go wrong.
const FAULTS: [&str; 4] = ["none", "light", "standard", "storm"];

/// What `desk.toml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeskFile {
    /// The seed of everything drawn.
    pub(crate) seed: u64,
    /// The kind of world.
    pub(crate) world: String,
    /// How many symbols are listed.
    pub(crate) symbols: u16,
    /// The first session is the first one on or after this date.
    pub(crate) start: Date,
    /// How much goes wrong.
    pub(crate) faults: String,
}

/// Who reads a desk's news, and the word for it.
type Reading = (Ladder, Reader);

/// Reads what the desk is made from, or decides and writes it when the desk is new.
pub(super) fn prepare(
    home: &Home,
    wish: &Demo,
    written: Option<&Policy>,
) -> Result<(DeskFile, Setup, Reading), Failure> {
    let origin = Origin::read(home)?;
    let desk = match DeskFile::read(home)? {
        Some(desk) => desk,
        None if origin.is_some() => return Err(lost(home)),
        None => DeskFile::begin(home, wish)?,
    };
    desk.expect_agreement(home, wish)?;
    let origin = match origin {
        Some(origin) => origin,
        None => fresh(written.cloned().unwrap_or_else(policy)),
    };
    // The world is played again with the reader that read it first.
    let reading = match &origin.reader {
        Some(reader) => (news::ladder_again(home, reader)?, reader.clone()),
        None => news::ladder(home)?,
    };
    let setup = desk.setup(home, wish.days, origin)?;
    Ok((desk, setup, reading))
}

/// The origin of a desk that begins now.
fn fresh(policy: Policy) -> Origin {
    let desk = DeskName(Ticker::parse("DEMO").expect("the name is a ticker"));
    let started = Started { desk, build: build::NAME.into(), mode: Mode::Simulated };
    Origin { started, policy, reader: None }
}

/// The policy of a desk that was given none: the defaults, the optional gates, and accounts of three
/// kinds.
fn policy() -> Policy {
    Policy::from_toml(include_str!("policy.toml")).expect("the demo's policy is one")
}

fn lost(home: &Home) -> Failure {
    let path = show(&home.desk());
    let message =
        format!("`{path}` is missing beside a journal; put it back, or choose another `--home`");
    Failure::new(Exit::Configuration, message)
}

impl DeskFile {
    /// Reads the file; nothing when there is none.
    pub(crate) fn read(home: &Home) -> Result<Option<Self>, Failure> {
        let path = home.desk();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(fault) if is_absent(&fault) => return Ok(None),
            Err(fault) => return Err(fault.into()),
        };
        Self::parse(&text).map(Some).map_err(|problem| {
            let message = format!("`{}`: {problem}", show(&path));
            Failure::new(Exit::Configuration, message)
        })
    }

    fn begin(home: &Home, wish: &Demo) -> Result<Self, Failure> {
        let standard = World::standard(SEED);
        let desk = Self {
            seed: wish.seed.unwrap_or(SEED),
            world: wish.world.clone().unwrap_or_else(|| "standard".to_owned()),
            symbols: wish.symbols.unwrap_or(standard.symbols),
            start: standard.start,
            faults: "light".to_owned(),
        };
        desk.world()?;
        write_whole(&home.desk(), &desk.text())?;
        Ok(desk)
    }

    fn text(&self) -> String {
        let Self { seed, world, symbols, start, faults } = self;
        format!(
            "# What this simulated desk is made from, written at its first start. The journal rests on\n\
             # it: change a line and the world no longer plays what the journal recorded.\n\
             seed = {seed}\n\
             world = \"{world}\"  # {worlds}\n\
             symbols = {symbols}\n\
             start = \"{start}\"  # the first session is the first one on or after this date\n\
             faults = \"{faults}\"  # {kinds}: what goes wrong at the venue and on the way\n",
            worlds = World::NAMES.join(", "),
            kinds = FAULTS.join(", "),
        )
    }

    fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table =
            text.parse().map_err(|fault: toml::de::Error| fault.to_string())?;
        let known = ["seed", "world", "symbols", "start", "faults"];
        if let Some(unknown) = table.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(format!("`{unknown}` is no setting of a desk"));
        }
        let word = |name: &str| {
            let value = table.get(name).and_then(toml::Value::as_str);
            value.map(str::to_owned).ok_or_else(|| format!("`{name}` must be a text in quotes"))
        };
        let number = |name: &str| {
            let value = table.get(name).and_then(toml::Value::as_integer);
            value
                .and_then(|value| u64::try_from(value).ok())
                .ok_or_else(|| format!("`{name}` must be a whole number that is not negative"))
        };
        let start = Date::parse(&word("start")?).filter(|date| covers_date(*date));
        let symbols = u16::try_from(number("symbols")?).ok().filter(|count| 1 <= *count);
        Ok(Self {
            seed: number("seed")?,
            world: word("world")?,
            symbols: symbols.ok_or("`symbols` must lie between 1 and 65535")?,
            start: start.ok_or("`start` must be a date such as \"2024-01-02\"")?,
            faults: word("faults")?,
        })
    }

    /// Refuses words of the command line that the desk was not begun with.
    fn expect_agreement(&self, home: &Home, wish: &Demo) -> Result<(), Failure> {
        let other = |name: &str, ours: &str, asked: Option<String>| {
            let asked = asked.filter(|asked| asked != ours)?;
            let root = show(home.root());
            let message = format!(
                "the desk in `{root}` was begun with {name} `{ours}`, not `{asked}`; \
                 choose another `--home`, or leave `--{name}` out"
            );
            Some(Failure::new(Exit::Usage, message))
        };
        let seed = other("seed", &self.seed.to_string(), wish.seed.map(|seed| seed.to_string()));
        let world = other("world", &self.world, wish.world.clone());
        let symbols = wish.symbols.map(|count| count.to_string());
        let symbols = other("symbols", &self.symbols.to_string(), symbols);
        seed.or(world).or(symbols).map_or(Ok(()), Err)
    }

    fn world(&self) -> Result<World, Failure> {
        let world = World::named(&self.world, self.seed).ok_or_else(|| {
            let message = format!(
                "no world is called `{}`; known are {}",
                self.world,
                World::NAMES.join(", ")
            );
            Failure::new(Exit::Configuration, message)
        })?;
        let Self { symbols, start, .. } = *self;
        Ok(World { symbols, start, past: PAST, scares: SCARES, splits: SPLITS, ..world })
    }

    fn faults(&self) -> Result<FaultProfile, Failure> {
        match self.faults.as_str() {
            "none" => Ok(FaultProfile::none()),
            "light" => Ok(FaultProfile::light()),
            "standard" => Ok(FaultProfile::standard()),
            "storm" => Ok(FaultProfile::storm()),
            other => {
                let message =
                    format!("no faults are called `{other}`; known are {}", FAULTS.join(", "));
                Err(Failure::new(Exit::Configuration, message))
            }
        }
    }

    fn setup(&self, home: &Home, sessions: u32, origin: Origin) -> Result<Setup, Failure> {
        let named = |failure: Failure| failure.context(show(&home.desk()));
        // Twice what may be exposed: enough for every limit to be reached before the cash is.
        let cash = origin.policy.accounts.values().map(|limits| limits.max_exposure);
        Ok(Setup {
            world: self.world().map_err(named)?,
            sessions,
            faults: self.faults().map_err(named)?,
            cash: cash.map(|amount: Money| amount + amount).collect(),
            held_bps: HELD_BPS,
            policy: origin.policy,
            desk: origin.started.desk,
            build: origin.started.build,
        })
    }
}

#[cfg(test)]
mod tests;
