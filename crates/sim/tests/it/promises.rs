//! What a desk promises, shown on whole runs.

use backsight_domain::id::DeskName;
use backsight_domain::instrument::Ticker;
use backsight_domain::money::Money;
use backsight_domain::policy::Policy;
use backsight_journal::{Log, MemoryLog, Stamped};
use backsight_sim::drill::Drill;
use backsight_sim::faults::{FaultKind, FaultProfile};
use backsight_sim::market::World;
use backsight_sim::resume::Resuming;
use backsight_sim::run::{Run, Setup};

fn setup(sessions: u32) -> Setup {
    Setup {
        world: World { symbols: 8, ..World::standard(7) },
        sessions,
        faults: FaultProfile::light(),
        policy: Policy::default(),
        cash: vec![Money::dollars(100_000), Money::dollars(1_000)],
        held_bps: 0,
        desk: DeskName(Ticker::parse("TEST").expect("a constant")),
        build: "test".into(),
    }
}

fn play<L: Log>(mut run: Run<L>) -> Run<L> {
    while run.advance().expect("a journal in memory does not fail").is_some() {}
    run
}

fn records(run: &Run<MemoryLog>) -> Vec<Stamped> {
    run.log().records().collect()
}

#[test]
fn equal_setups_give_equal_journals_to_the_last_hash() {
    let (first, second) =
        (play(Run::new(setup(2), MemoryLog::new())), play(Run::new(setup(2), MemoryLog::new())));
    assert_eq!(first.log().chain(), second.log().chain());
    assert_eq!(first.engine().fingerprint(), second.engine().fingerprint());
    assert!(first.layer().exchange().orders().len() > 5, "the run trades");
}

#[test]
fn what_comes_later_changes_nothing_before_it() {
    // No look-ahead: a run that ends after one session is the beginning of one that goes on.
    let short = records(&play(Run::new(setup(1), MemoryLog::new())));
    let long = records(&play(Run::new(setup(2), MemoryLog::new())));
    assert!(short.len() < long.len());
    assert_eq!(short[..], long[..short.len()]);
}

#[test]
fn a_run_that_was_cut_anywhere_ends_like_one_that_was_not() {
    let whole = play(Run::new(setup(1), MemoryLog::new()));
    let all = records(&whole);
    for cut in [0, 1, 2, 3, all.len() / 3, all.len() / 2 + 1, all.len() - 1, all.len()] {
        let recorded = all[..cut].to_vec();
        let mut log = MemoryLog::new();
        for stamped in &recorded {
            match &stamped.record {
                backsight_journal::Record::Entry(entry) => log.append_entry(entry).unwrap(),
                backsight_journal::Record::Decision(decision) => {
                    log.append_decision(stamped.seq, decision).unwrap();
                }
            }
        }
        let resumed = play(Run::new(setup(1), Resuming::new(log, recorded.into_iter())));
        assert_eq!(resumed.log().chain(), whole.log().chain(), "cut after {cut} records");
    }
}

#[test]
fn a_journal_of_another_world_is_refused_at_its_first_difference() {
    let recorded = records(&play(Run::new(setup(1), MemoryLog::new())));
    let mut other = setup(1);
    other.policy.exits.stop_bps = 50;
    let mut run = Run::new(other, Resuming::new(MemoryLog::new(), recorded.into_iter()));
    let fault = loop {
        match run.advance() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the difference went unnoticed"),
            Err(fault) => break fault,
        }
    };
    assert!(fault.to_string().contains("does not produce record"), "{fault}");
}

#[test]
fn storms_of_faults_and_crashes_lose_and_double_nothing() {
    for seed in 0..6 {
        for profile in ["storm", "full"] {
            let drill = Drill::of_seed(seed, profile).unwrap();
            let outcome = drill.play(|_, _| {});
            assert!(outcome.is_ok(), "seed {seed}, {profile}: {}", outcome.unwrap_err());
        }
    }
}

#[test]
fn a_desk_that_dies_at_any_disk_operation_goes_on() {
    let mut drill = Drill::of_seed(3, "standard").unwrap();
    drill.setup.sessions = 1;
    drill.setup.world.symbols = 4;
    let operations = drill.play(|_, _| {}).unwrap().operations;
    assert!(operations > 500);
    // Every one is tried by `cargo xtask sim --every-crash`.
    for crash in (0..operations).step_by(211) {
        drill.crashes = vec![crash];
        let outcome = drill.play(|_, _| {});
        assert!(outcome.is_ok(), "crash at {crash}: {}", outcome.unwrap_err());
    }
}

#[test]
fn contracts_that_people_trade_end_as_they_should_under_faults() {
    let mut settlements = 0;
    for seed in 0..2 {
        let mut drill = Drill::of_seed(seed, "standard").expect("the profile exists");
        drill.setup.faults = drill.setup.faults.with(FaultKind::ManualOption, 0.25);
        drill.setup.sessions = 3;
        drill.setup.cash = vec![Money::dollars(100_000), Money::dollars(10_000)];
        let tally = drill.play(|_, _| {}).unwrap_or_else(|failed| panic!("seed {seed}: {failed}"));
        settlements += tally.settlements;
    }
    assert!(10 < settlements, "{settlements}");
}
