//! One seed, played to its end under faults and crashes, and judged.
//!
//! A [`Drill`] plays a setup on a disk that can fail, lets the desk die when it does, opens it again
//! from what was durable, and asks the oracle after every event. At the end faults cease, time
//! passes, and everything must have come to an end; the journal, replayed, must give the same state.
//! [`Rule`] switches one safety rule off at the plugs, so that a test can show that the oracle would
//! notice.

use std::collections::BTreeSet;
use std::fmt;

use backsight_domain::decision::{Decision, Effect};
use backsight_domain::desk::{Command, OperatorCommand, TradingState};
use backsight_domain::event::{Mode, Started};
use backsight_domain::id::{DeskName, IntentId};
use backsight_domain::instrument::Ticker;
use backsight_domain::money::Money;
use backsight_domain::policy::Policy;
use backsight_domain::time::Span;
use backsight_engine::Engine;
use backsight_engine::replay::Replay;
use backsight_journal::disk::Failure;
use backsight_journal::{FileLog, Log, Reader, Record, Recovered, Settings};

use crate::careless::{Careless, Rule};
use crate::chance::Chance;
use crate::faults::FaultProfile;
use crate::market::World;
use crate::oracle::{Oracle, Violation};
use crate::run::{Run, Setup, Stage, Wire};
use crate::shared_disk::SharedDisk;

/// How a seed is played.
#[derive(Clone, Debug)]
pub struct Drill {
    /// The world and the desk.
    pub setup: Setup,
    /// Disk operations that fail, counted from the start: in turn the power goes, the disk is full,
    /// the disk breaks.
    pub crashes: Vec<u64>,
    /// The safety rule that is switched off, if one is.
    pub without: Option<Rule>,
}

/// What a drill saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events delivered.
    pub events: u64,
    /// Minutes delivered.
    pub minutes: u64,
    /// Orders the exchange took.
    pub orders: u64,
    /// Executions.
    pub executions: u64,
    /// Contracts that left without a trade.
    pub settlements: u64,
    /// Times the desk was opened again.
    pub restarts: u32,
    /// Disk operations.
    pub operations: u64,
    /// The state at the end.
    pub fingerprint: String,
}

/// Why a drill failed.
#[derive(Clone, Debug)]
pub enum Failed {
    /// An invariant does not hold.
    Violated(Violation),
    /// The journal could not be opened after a crash.
    Unreadable(String),
    /// The journal does not give the same decisions again.
    Diverged(String),
    /// The desk could not be opened again and again.
    Stuck,
}

/// The person at the desk: sometimes gives an order, and after a while takes every halt back.
#[derive(Debug)]
struct Operator {
    chance: Chance,
    /// The odds that a minute brings a command.
    odds: f64,
    stopped_minutes: u32,
    given: u64,
}

/// Sessions of a year, and scares of the market in one of them.
const YEAR: u16 = 252;
const SCARES: f64 = 0.02;
/// Disk operations of two sessions, or about as many.
const OPERATIONS: usize = 2_400;

/// How the drill log is used.
type DrillLog = Careless<FileLog<SharedDisk>>;

/// Simulated time after the faults cease in which everything must come to an end.
const PEACE: Span = Span::from_seconds(400);
/// Minutes between two snapshots.
const SNAPSHOT_MINUTES: u64 = 61;
/// Minutes after which the operator resumes.
const PATIENCE: u32 = 20;

impl Drill {
    /// The usual drill of a seed: a small world, two accounts, one or two sessions.
    pub fn of_seed(seed: u64, profile: &str) -> Option<Self> {
        let mut chance = Chance::root(seed).branch("trial");
        let (faults, crashes) = match profile {
            "none" => (FaultProfile::none(), false),
            "light" => (FaultProfile::light(), false),
            "standard" => (FaultProfile::standard(), false),
            "storm" => (FaultProfile::storm(), false),
            "full" => (FaultProfile::swarm(&mut chance), true),
            "year" => (FaultProfile::standard(), true),
            _ => return None,
        };
        let years = profile == "year";
        let mut setup = Setup {
            world: World { symbols: 12, past: YEAR, scares: SCARES, ..World::standard(seed) },
            sessions: if years { YEAR.into() } else { 2 },
            faults,
            policy: busy_policy(),
            cash: vec![Money::dollars(100_000), Money::dollars(1_000)],
            held_bps: 100,
            desk: DeskName(Ticker::parse("SIM").expect("a constant")),
            build: "drill".into(),
        };
        if chance.happens(0.3) {
            setup.world = World { symbols: 12, past: YEAR, scares: SCARES, ..World::wild(seed) };
        }
        if Chance::root(seed).branch("ladder").happens(0.5) {
            patient_exits(&mut setup.policy);
        }
        let (most, operations) = if years { (36, 126 * OPERATIONS) } else { (4, OPERATIONS) };
        let count = if crashes { chance.below(most) } else { 0 };
        let crashes = (0..count).map(|_| chance.below(operations) as u64).collect();
        Some(Self { setup, crashes, without: None })
    }

    /// The names of the profiles.
    pub const PROFILES: [&str; 6] = ["none", "light", "standard", "storm", "full", "year"];

    /// Plays the drill to its end.
    ///
    /// # Errors
    /// Returns the first thing that must not be.
    pub fn play(&self, mut watch: impl FnMut(&Engine, &Decision)) -> Result<Tally, Failed> {
        let disk = SharedDisk::default();
        let mut oracle = Oracle::default();
        let mut tally = Tally::default();
        let mut crashes = self.crashes.clone();
        crashes.sort_unstable();
        let mut crashes = crashes.into_iter();
        let mut chance = Chance::root(self.setup.world.seed).branch("crashes");
        plan(&disk, crashes.next());
        let log = if let Ok((log, _)) = self.open_log(&disk) {
            log
        } else {
            // The power went before the journal was begun; nothing had been promised.
            disk.with(|disk| disk.crash(|most| chance.below(most + 1)));
            self.open_log(&disk).map_err(Failed::Unreadable)?.0
        };
        let mut run = Run::new(self.setup.clone(), log);
        run.disregard(self.without);
        let mut operator = Operator::new(&self.setup);
        loop {
            match run.advance() {
                Ok(Some(advanced)) => {
                    tally.events += 1;
                    tally.minutes += u64::from(advanced.is_minute);
                    if advanced.is_minute && tally.minutes.is_multiple_of(SNAPSHOT_MINUTES) {
                        let state = run.engine().snapshot();
                        // A fault latches: the next event finds the journal standing still.
                        run.log_mut().inner_mut().snapshot(&state).unwrap_or_default();
                    }
                    watch(run.engine(), &advanced.decision);
                    let exchange = run.layer().exchange();
                    oracle
                        .watch(run.engine(), exchange, &advanced.decision)
                        .map_err(Failed::Violated)?;
                    if advanced.is_minute
                        && let Some(command) = operator.look(run.engine())
                    {
                        run.command(command);
                    }
                }
                Ok(None) if run.is_lingering() => break,
                Ok(None) => {
                    run.heal();
                    run.linger(PEACE);
                }
                Err(_) => {
                    tally.restarts += 1;
                    run = self.restart(run, &disk, (&mut oracle, &mut chance))?;
                    plan(&disk, crashes.next());
                }
            }
        }
        let exchange = run.layer().exchange();
        oracle.judge(run.engine(), exchange).map_err(Failed::Violated)?;
        tally.orders = exchange.orders().len() as u64;
        tally.executions = exchange.executions().len() as u64;
        tally.settlements = exchange.settlements().len() as u64;
        tally.operations = disk.with(|disk| disk.operations());
        tally.fingerprint = run.engine().fingerprint().to_string();
        check_replay(&disk, run)?;
        Ok(tally)
    }

    fn open_log(&self, disk: &SharedDisk) -> Result<(DrillLog, Replay), String> {
        let mut settings = Settings::new("drill");
        settings.segment_bytes = 1 << 20;
        settings.schema = Some(Engine::SNAPSHOT_SCHEMA.into());
        let mut replay = Replay::new();
        let mut divergence = None;
        let mut flaw = None;
        let visit = |recovered: Recovered| match recovered {
            Recovered::Snapshot(mut snapshot) => {
                if self.without == Some(Rule::HashedSnapshot) {
                    snapshot.state.iter_mut().step_by(101).for_each(|byte| *byte ^= 1);
                }
                match Engine::restore(&snapshot.state) {
                    Ok(engine) => replay = Replay::from_snapshot(engine),
                    Err(malformed) => flaw = Some(malformed.to_string()),
                }
            }
            Recovered::Record(stamped) if divergence.is_none() && flaw.is_none() => {
                divergence = replay.take(&stamped).err();
            }
            Recovered::Record(_) => {}
        };
        let (log, _) = FileLog::open(disk.clone(), settings, visit).map_err(|f| f.to_string())?;
        if let Some(flaw) = flaw {
            return Err(format!("snapshot: {flaw}"));
        }
        match divergence {
            None => Ok((Careless::new(log, self.without), replay)),
            Some(divergence) => Err(format!("{divergence:?}")),
        }
    }

    /// Opens the desk again from what was durable, while the world went on for a while.
    fn restart(
        &self,
        run: Run<DrillLog>,
        disk: &SharedDisk,
        (oracle, chance): (&mut Oracle, &mut Chance),
    ) -> Result<Run<DrillLog>, Failed> {
        let (stage, wire, log) = run.into_parts();
        drop(log);
        let mut world: Option<(Stage, Wire)> = Some((stage, wire));
        for _ in 0..8 {
            disk.with(|disk| disk.crash(|most| chance.below(most + 1)));
            let (mut log, replay) = self.open_log(disk).map_err(Failed::Unreadable)?;
            let Ok(engine) = replay.finish(&mut log) else { continue };
            let (stage, wire) = world.take().expect("the world is given away once");
            let downtime =
                Span::from_millis(chance.below(90_000).try_into().expect("a minute and a half"));
            let started = self.started();
            let mut run = Run::reopen((stage, wire), engine, log, (started, downtime));
            run.disregard(self.without);
            let survivors = journaled_intents(disk);
            let exchange = run.layer().exchange();
            oracle.survive(survivors, exchange).map_err(Failed::Violated)?;
            return Ok(run);
        }
        Err(Failed::Stuck)
    }

    fn started(&self) -> Started {
        Started { desk: self.setup.desk, build: self.setup.build.clone(), mode: Mode::Simulated }
    }
}

impl Operator {
    fn new(setup: &Setup) -> Self {
        let chance = Chance::root(setup.world.seed).branch("operator");
        let peaceful = setup.faults == FaultProfile::none();
        Self { chance, odds: if peaceful { 0.0 } else { 0.002 }, stopped_minutes: 0, given: 0 }
    }

    /// What the operator wants after a minute.
    fn look(&mut self, engine: &Engine) -> Option<OperatorCommand> {
        let stopped = TradingState::Reducing <= engine.state();
        self.stopped_minutes = if stopped { self.stopped_minutes + 1 } else { 0 };
        let command = if self.stopped_minutes == PATIENCE {
            Command::Resume
        } else if self.chance.happens(self.odds) {
            *self.chance.pick(&[Command::Halt, Command::Reduce, Command::Flatten])
        } else {
            return None;
        };
        self.given += 1;
        Some(OperatorCommand { command, who: "drill".into(), why: "drill".into(), key: self.given })
    }
}

/// A policy under which small worlds trade a lot.
fn busy_policy() -> Policy {
    let mut policy = Policy::default();
    policy.trend.rearm_minutes = 5;
    policy.gates.cool_down_minutes = 5;
    policy.exits.time_stop_minutes = 30;
    policy.exits.stop_bps = 40;
    policy.exits.target_bps = 60;
    for limits in policy.accounts.values_mut() {
        limits.confidence_min = 0.45;
    }
    policy
}

/// Exits that ask for the last price and rest, so that they are priced again and again.
fn patient_exits(policy: &mut Policy) {
    policy.orders.exit_concession_bps = 1;
    policy.orders.exit_ttl_s = 20;
    policy.orders.exit_limit_tries = 6;
    policy.orders.exit_alarm_tries = 10;
}

/// Lets the disk fail at an operation.
fn plan(disk: &SharedDisk, crash: Option<u64>) {
    let Some(at) = crash else { return };
    let failure = [Failure::PowerOff, Failure::Full, Failure::Broken][(at % 3) as usize];
    disk.with(|disk| disk.fail_at(at.max(disk.operations()), failure));
}

/// Every intent that the journal holds.
fn journaled_intents(disk: &SharedDisk) -> BTreeSet<IntentId> {
    let Ok(reader) = Reader::open(disk) else { return BTreeSet::new() };
    let decisions = reader.flatten().filter_map(|stamped| match stamped.record {
        Record::Decision(decision) => Some(decision),
        Record::Entry(_) => None,
    });
    let effects = decisions.flat_map(|decision| decision.effects);
    let intents = effects.filter_map(|effect| match effect {
        Effect::Submit(intent) => Some(intent.id),
        Effect::Resubmit(_)
        | Effect::Cancel { .. }
        | Effect::CancelForeign { .. }
        | Effect::Lookup { .. }
        | Effect::Report(_)
        | Effect::AskChain(_)
        | Effect::AskQuote(_)
        | Effect::Alarm(_) => None,
    });
    intents.collect()
}

/// The journal on the disk gives the same decisions and the same state again, and so does a
/// snapshot of that state.
fn check_replay(disk: &SharedDisk, mut run: Run<DrillLog>) -> Result<(), Failed> {
    let diverged = |what: &dyn fmt::Display| Failed::Diverged(what.to_string());
    run.log_mut()
        .inner_mut()
        .flush(backsight_journal::Flush::A)
        .map_err(|fault| diverged(&fault))?;
    let mut replay = Replay::new();
    let reader = Reader::open(disk).map_err(|fault| diverged(&fault))?;
    for stamped in reader {
        let stamped = stamped.map_err(|fault| diverged(&fault))?;
        replay.take(&stamped).map_err(|divergence| Failed::Diverged(format!("{divergence:?}")))?;
    }
    let live = run.engine().fingerprint();
    if replay.engine().fingerprint() != live {
        return Err(Failed::Diverged("the replayed state differs".to_owned()));
    }
    let restored = Engine::restore(&run.engine().snapshot()).map_err(|flaw| diverged(&flaw))?;
    if restored.fingerprint() != live {
        return Err(Failed::Diverged("the restored state differs".to_owned()));
    }
    Ok(())
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Violated(violation) => write!(f, "{violation}"),
            Self::Unreadable(what) => write!(f, "the journal cannot be opened: {what}"),
            Self::Diverged(what) => write!(f, "the journal does not give the same again: {what}"),
            Self::Stuck => f.write_str("the desk cannot be opened again"),
        }
    }
}
