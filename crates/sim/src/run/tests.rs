use backsight_domain::instrument::{Contract, Ticker};
use backsight_domain::money::Money;
use backsight_journal::MemoryLog;

use super::*;
use crate::faults::FaultKind;

fn run(faults: FaultProfile) -> Run<MemoryLog> {
    let setup = Setup {
        world: World { symbols: 12, ..World::standard(7) },
        sessions: 1,
        faults,
        policy: Policy::default(),
        cash: vec![Money::dollars(100_000), Money::dollars(1_000)],
        held_bps: 0,
        desk: DeskName(Ticker::parse("TEST").expect("a constant")),
        build: "test".into(),
    };
    let mut run = Run::new(setup, MemoryLog::new());
    while run.now() < run.session().open() + Span::from_minutes(5) {
        run.advance().expect("a journal in memory does not fail");
    }
    run
}

fn share(run: &Run<MemoryLog>) -> Slot {
    (0..12).map(Slot).find(|slot| run.market().has_options(*slot)).expect("half of them")
}

/// Sends a question and plays for some minutes; when the desk last had quotes of the share.
fn ask(run: &mut Run<MemoryLog>, request: Request, slot: Slot) -> Option<Time> {
    let now = run.now();
    run.desk.venue.send(request, now);
    while run.now() < now + Span::from_minutes(3) {
        run.advance().expect("a journal in memory does not fail");
    }
    run.engine().market().outlook.symbol(slot)?.quoted()
}

#[test]
fn a_chain_that_was_asked_for_comes() {
    let mut run = run(FaultProfile::none());
    let slot = share(&run);
    let asked = run.now();
    let quoted = ask(&mut run, Request::Chain(slot), slot).expect("an answer");
    assert!(asked < quoted && quoted < asked + Span::from_seconds(3), "{asked} {quoted}");
    let ticker = run.market().companies()[slot.index()].ticker;
    let known = run.engine().market().outlook.symbol(slot).expect("it is watched");
    let contracts: Vec<Contract> = known.contracts(ticker).map(|(contract, _)| contract).collect();
    assert!(50 < contracts.len(), "{}", contracts.len());
    let again = run.now();
    let quoted = ask(&mut run, Request::Quote(contracts[0]), slot).expect("an answer");
    assert!(again < quoted);
    let known = run.engine().market().outlook.symbol(slot).expect("it is watched");
    let of = |contract: &Contract| known.quote(contract).expect("it was quoted").at;
    assert_eq!((of(&contracts[0]), of(&contracts[1]) < again), (quoted, true));
}

#[test]
fn a_chain_may_be_lost_and_come_late() {
    let mut lossy = run(FaultProfile::none().with(FaultKind::ChainLost, 1.0));
    let slot = share(&lossy);
    assert_eq!(ask(&mut lossy, Request::Chain(slot), slot), None);
    let mut late = run(FaultProfile::none().with(FaultKind::ChainDelayed, 1.0));
    let asked = late.now();
    late.desk.venue.send(Request::Chain(slot), asked);
    let is_quoted = |run: &Run<MemoryLog>| {
        run.engine().market().outlook.symbol(slot).is_some_and(|known| known.quoted().is_some())
    };
    while !is_quoted(&late) {
        late.advance().expect("a journal in memory does not fail");
    }
    assert!(asked + Span::from_seconds(4) <= late.now());
}

#[test]
fn a_market_without_options_answers_nothing() {
    let mut run = run(FaultProfile::none());
    let without = (0..12).map(Slot).find(|slot| !run.market().has_options(*slot));
    let slot = without.expect("half of them");
    assert_eq!(ask(&mut run, Request::Chain(slot), slot), None);
}
