use backsight_domain::event::{Entry, Event, PolicyAdopted};
use backsight_domain::id::{ExecutionId, IntentId, PolicyVersion, Seq};
use backsight_domain::instrument::{Ticker, Vertical};
use backsight_domain::market::{Listing, Slot, Universe};
use backsight_domain::order::{AccountReport, Holding};
use backsight_domain::policy::Policy;

use super::*;
use crate::ledger::Book;

const ACCOUNT: AccountId = AccountId(0);
const AT: Time = Time::from_seconds(1_705_611_660);

struct Scene {
    engine: Engine,
    seq: u64,
}

fn contract(text: &str) -> Contract {
    Contract::parse_occ(text).unwrap()
}

fn price(cents: i64) -> Price {
    Price::from_cents(cents).unwrap()
}

impl Scene {
    fn new() -> Self {
        let mut scene = Self { engine: Engine::new(), seq: 0 };
        let ticker = Ticker::parse("ACME").unwrap();
        let listing = Listing { ticker, sector: "".into(), fractionable: true, shortable: true };
        scene.take(Event::Universe(Universe { listings: vec![listing] }));
        let policy = Policy::default();
        let version = PolicyVersion(1);
        let adopted = PolicyAdopted { version, policy, who: "test".into() };
        scene.take(Event::PolicyAdopted(Box::new(adopted)));
        scene.take(Event::Report(report(100_000, vec![], vec![])));
        scene
    }

    fn take(&mut self, event: Event) -> Vec<Reason> {
        self.seq += 1;
        let at = AT + backsight_domain::time::Span::from_seconds(self.seq.cast_signed());
        self.engine.step(&Entry { seq: Seq(self.seq), at, event }).decision.because
    }

    /// Puts a position where an order would have put it.
    fn hold(&mut self, instrument: Instrument, quantity: i64, cents: i64) {
        let side = if 0 < quantity { Side::Buy } else { Side::Sell };
        let fill = Fill {
            execution: ExecutionId(900),
            account: ACCOUNT,
            order: OrderRef::Foreign(backsight_domain::id::VenueId(0)),
            instrument,
            side,
            quantity: Quantity::shares(quantity.abs()),
            price: price(cents),
            fee: Money::ZERO,
            at: AT,
        };
        let value = worth(&fill);
        let mut position = Position {
            id: PositionId(IntentId { cause: Seq(self.seq), leg: 40 + u16::from(0 < quantity) }),
            account: ACCOUNT,
            instrument,
            slot: Slot(0),
            signal: SignalId { cause: Seq(self.seq), index: 0 },
            quantity: Quantity::ZERO,
            cost: Money::ZERO,
            track: self.engine.track(instrument, signed(&fill), fill.price),
            traded: Traded::default(),
            guessed: false,
            leaving: None,
        };
        position.extend(&fill, value);
        self.engine.accounts[0].ledger.fill(value, None, Money::ZERO);
        self.engine.positions.insert((ACCOUNT, instrument), position);
    }

    fn held(&self) -> Vec<(String, i64)> {
        let whole =
            |position: &Position| (position.instrument.to_string(), position.quantity.whole());
        self.engine.positions().map(whole).collect()
    }

    fn cash(&self) -> Money {
        self.engine.accounts[0].cash()
    }
}

fn report(dollars: i64, holdings: Vec<Holding>, settlements: Vec<Settlement>) -> AccountReport {
    AccountReport {
        account: ACCOUNT,
        cash: Money::dollars(dollars),
        holdings,
        open_orders: vec![],
        fills: vec![],
        busts: vec![],
        settlements,
        payouts: vec![],
    }
}

fn settlement(id: u128, occ: &str, (count, kind): (i64, SettlementKind), cents: i64) -> Settlement {
    Settlement {
        id: ExecutionId(id),
        account: ACCOUNT,
        contract: contract(occ),
        quantity: Quantity::shares(count),
        kind,
        underlying: price(cents),
        at: AT,
    }
}

const CALL: &str = "ACME240119C00100000";
const PUT: &str = "ACME240119P00100000";

#[test]
fn a_worthless_contract_leaves_with_its_whole_cost_lost() {
    let mut scene = Scene::new();
    scene.hold(Instrument::Option(contract(CALL)), 2, 150);
    let told = settlement(1, CALL, (2, SettlementKind::Expired), 9_900);
    let because = scene.take(Event::Settlement(told));
    assert_eq!(scene.held(), []);
    assert_eq!(scene.cash(), Money::dollars(100_000 - 300));
    let [Reason::Closed(outcome)] = &because[..] else { panic!("{because:?}") };
    assert_eq!((outcome.reason, outcome.pnl), (ExitReason::Settled, Money::dollars(-300)));
}

#[test]
fn an_exercised_call_pays_its_intrinsic_value_and_brings_shares_that_are_left_at_once() {
    let mut scene = Scene::new();
    scene.hold(Instrument::Option(contract(CALL)), 2, 150);
    let told = settlement(1, CALL, (2, SettlementKind::Exercised), 10_400);
    let because = scene.take(Event::Settlement(told));
    assert_eq!(scene.held(), [("ACME".to_owned(), 200)]);
    // 100,000 less the premium of 300 and the strikes of 20,000.
    assert_eq!(scene.cash(), Money::dollars(100_000 - 300 - 20_000));
    let position = scene.engine.positions().next().unwrap();
    assert_eq!(position.cost, Money::dollars(20_800));
    assert_eq!(position.leaving.unwrap().reason, ExitReason::Delivered);
    let Some(Reason::Closed(outcome)) = because.first() else { panic!("{because:?}") };
    assert_eq!(outcome.pnl, Money::dollars(800 - 300));
}

#[test]
fn an_assigned_covered_call_takes_the_shares_away() {
    let mut scene = Scene::new();
    scene.hold(Instrument::Equity(contract(CALL).underlying), 100, 9_800);
    scene.hold(Instrument::Option(contract(CALL)), -1, 120);
    scene.take(Event::Settlement(settlement(1, CALL, (-1, SettlementKind::Assigned), 10_400)));
    assert_eq!(scene.held(), []);
    let expected = 100_000 - 9_800 + 120 + 10_000;
    assert_eq!(scene.cash(), Money::dollars(expected));
    let ledger = &scene.engine.accounts[0].ledger;
    assert_eq!(ledger.balance(Book::Holdings), Money::ZERO);
    assert_eq!(ledger.realised(), Money::dollars(200 + 120));
}

#[test]
fn an_assigned_put_brings_shares_at_the_strike() {
    let mut scene = Scene::new();
    scene.hold(Instrument::Option(contract(PUT)), -1, 200);
    scene.take(Event::Settlement(settlement(1, PUT, (-1, SettlementKind::Assigned), 9_500)));
    assert_eq!(scene.held(), [("ACME".to_owned(), 100)]);
    assert_eq!(scene.cash(), Money::dollars(100_000 + 200 - 10_000));
    assert_eq!(scene.engine.accounts[0].ledger.realised(), Money::dollars(200 - 500));
}

#[test]
fn a_settlement_counts_once_whoever_tells_it() {
    let mut scene = Scene::new();
    scene.hold(Instrument::Option(contract(CALL)), 2, 150);
    let told = settlement(1, CALL, (2, SettlementKind::Exercised), 10_400);
    scene.take(Event::Settlement(told));
    let shares = Instrument::Equity(contract(CALL).underlying);
    let holdings = vec![Holding { instrument: shares, quantity: Quantity::shares(200) }];
    let before = scene.cash();
    scene.take(Event::Report(report(79_700, holdings, vec![told])));
    let because = scene.take(Event::Settlement(told));
    assert!(because.contains(&Reason::Ignored(Ignored::RepeatedFill)));
    assert_eq!((scene.cash(), scene.held()), (before, vec![("ACME".to_owned(), 200)]));
    assert!(scene.engine.accounts[0].reconciled, "books agree with the venue's");
}

#[test]
fn a_report_brings_what_no_message_told() {
    let mut scene = Scene::new();
    scene.hold(Instrument::Option(contract(CALL)), 1, 150);
    let told = settlement(1, CALL, (1, SettlementKind::Expired), 9_900);
    scene.take(Event::Report(report(99_850, vec![], vec![told])));
    assert_eq!(scene.held(), []);
    assert!(scene.engine.accounts[0].reconciled);
}

#[test]
fn the_contracts_of_a_vertical_settle_one_by_one() {
    let mut scene = Scene::new();
    let (bought, sold) = (contract(CALL), contract("ACME240119C00105000"));
    let vertical = Vertical::of(bought, sold).unwrap();
    scene.hold(Instrument::Vertical(vertical), 1, 200);
    let occ = "ACME240119C00105000";
    scene.take(Event::Settlement(settlement(1, CALL, (1, SettlementKind::Exercised), 11_000)));
    assert_eq!(scene.held(), [("ACME".to_owned(), 100), (occ.to_owned(), -1)]);
    scene.take(Event::Settlement(settlement(2, occ, (-1, SettlementKind::Assigned), 11_000)));
    assert_eq!(scene.held(), []);
    assert_eq!(scene.cash(), Money::dollars(100_000 - 200 + 500));
    let ledger = &scene.engine.accounts[0].ledger;
    assert_eq!(ledger.realised(), Money::dollars(300));
    assert_eq!(ledger.balance(Book::Holdings), Money::ZERO);
}

#[test]
fn a_persons_contracts_settle_without_touching_ours() {
    let mut scene = Scene::new();
    scene.hold(Instrument::Option(contract(CALL)), 1, 150);
    scene.engine.accounts[0].add_foreign(Instrument::Option(contract(CALL)), Quantity::shares(2));
    scene.take(Event::Settlement(settlement(1, CALL, (3, SettlementKind::Exercised), 10_400)));
    assert_eq!(scene.held(), [("ACME".to_owned(), 100)]);
    let shares = Instrument::Equity(contract(CALL).underlying);
    assert_eq!(scene.engine.accounts[0].foreign(shares), Quantity::shares(200));
    assert_eq!(scene.cash(), Money::dollars(100_000 - 150 - 30_000));
}
