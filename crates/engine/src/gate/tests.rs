//! Each gate with a view that passes, one that is refused, and one without its data.

use backsight_domain::id::{AccountId, IntentId, PolicyVersion, Seq, SignalId};
use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Bar, Listing, Minute, Quote, Universe};
use backsight_domain::order::{OrderKind, TimeInForce};
use backsight_domain::session::Session;
use backsight_domain::signal::{Features, Playbook};
use backsight_domain::time::Date;

use super::*;

use CheckOutcome::{Missing, Pass, Refuse};

const SLOT: Slot = Slot(0);

/// Everything a view borrows, in a state in which every gate passes.
struct World {
    now: Time,
    state: TradingState,
    policy: Policy,
    limits: AccountPolicy,
    account: Account,
    market: Market,
    load: Load,
    pace: Pace,
    price: Price,
    signal: Signal,
}

fn session() -> Session {
    Session::on(Date::from_ymd(2026, 3, 2).unwrap()).unwrap()
}

fn price(cents: i64) -> Price {
    Price::from_cents(cents).unwrap()
}

fn market(policy: &Policy, end: Time) -> Market {
    let mut market = Market::default();
    market.board.adopt(policy);
    let listing = Listing {
        ticker: Ticker::parse("ACME").unwrap(),
        sector: "tech".into(),
        fractionable: true,
        shortable: true,
    };
    assert!(market.watch(&Universe { listings: vec![listing] }));
    let close = price(10_000);
    let mut minute = Minute::of_length(end - Minute::LENGTH, 1);
    minute.set(SLOT, Bar { open: close, high: close, low: close, close, volume: 1000 });
    market.push_minute(&minute).unwrap();
    market
}

fn world() -> World {
    let policy = Policy::default();
    let now = session().open() + Span::from_minutes(60);
    let mut account = Account::new(AccountId(0));
    (account.known, account.reconciled) = (true, true);
    account.ledger.outside(Money::dollars(100_000), Money::ZERO);
    account.session_start = Some(Money::dollars(100_000));
    let signal = Signal {
        id: SignalId { cause: Seq(9), index: 0 },
        at: now,
        ticker: Ticker::parse("ACME").unwrap(),
        slot: SLOT,
        playbook: Playbook::Trend,
        direction: Direction::Long,
        horizon: Horizon::Day,
        confidence: 0.8,
        breakdown: Vec::new(),
        price: price(10_000),
        features: Features { bars: 60, ..Features::default() },
        suits_options: false,
        terms: backsight_domain::signal::Terms::default(),
        expires: now + Span::from_minutes(5),
    };
    World {
        now,
        state: TradingState::Active,
        limits: policy.accounts["large"].clone(),
        market: market(&policy, now),
        policy,
        account,
        load: Load { equity: Some(Money::dollars(100_000)), ..Load::default() },
        pace: Pace::default(),
        price: price(10_010),
        signal,
    }
}

impl World {
    fn verdict(&self) -> Verdict {
        let view = View {
            now: self.now,
            state: self.state,
            policy: &self.policy,
            limits: &self.limits,
            account: &self.account,
            market: &self.market,
            load: self.load,
            pace: self.pace,
            price: self.price,
        };
        judge(&view, &self.signal)
    }
}

/// What a gate says in a world that differs from the passing one.
fn check(gate: Gate, change: impl FnOnce(&mut World)) -> CheckOutcome {
    let mut world = world();
    change(&mut world);
    let verdict = world.verdict();
    let found = verdict.checks.iter().find(|check| check.gate == gate);
    let found = found.expect("every gate is evaluated");
    assert_eq!(found.outcome != Pass, verdict.refusals().any(|check| check.gate == gate));
    found.outcome
}

#[test]
fn every_gate_is_evaluated_and_passes_in_a_calm_world() {
    let verdict = world().verdict();
    let gates: Vec<_> = verdict.checks.iter().map(|check| check.gate).collect();
    assert_eq!(gates, Gate::ALL);
    assert!(verdict.is_approval(), "{:?}", verdict.refusals().collect::<Vec<_>>());
}

#[test]
fn every_gate_is_evaluated_whatever_the_others_said() {
    // inbound L56: the reason of a skip was overwritten by the next.
    let mut world = world();
    world.state = TradingState::Halted;
    world.load.duplicate = true;
    world.signal.confidence = 0.1;
    let stops: Vec<_> = world.verdict().refusals().map(|check| check.gate).collect();
    assert_eq!(stops, [Gate::TradingState, Gate::DuplicatePosition, Gate::Confidence]);
}

#[test]
fn trading_state() {
    let check = |state: TradingState| check(Gate::TradingState, |world| world.state = state);
    assert_eq!(check(TradingState::Active), Pass);
    for state in [
        TradingState::Reconciling,
        TradingState::Reducing,
        TradingState::Halted,
        TradingState::Flattening,
    ] {
        assert_eq!(check(state), Refuse, "{state}");
    }
}

#[test]
fn an_account_in_doubt_opens_nothing_though_the_desk_is_active() {
    let check = |change: fn(&mut Account)| check(Gate::TradingState, |w| change(&mut w.account));
    assert_eq!(check(|account| account.reconciled = false), Refuse);
    assert_eq!(check(|account| account.streaming = false), Refuse);
    assert_eq!(check(|account| account.locked = true), Refuse);
    assert_eq!(check(|account| account.known = false), Refuse);
}

#[test]
fn daily_loss_fires() {
    // inbound L21: the switch saw a loss that was written down as zero.
    let check = |equity: Option<i64>| {
        check(Gate::DailyLoss, |world| world.load.equity = equity.map(Money::dollars))
    };
    assert_eq!(check(Some(99_501)), Pass);
    assert_eq!(check(Some(99_500)), Refuse);
    assert_eq!(check(None), Missing);
}

#[test]
fn daily_loss_stays_latched_and_needs_a_start() {
    let latched = check(Gate::DailyLoss, |world| world.account.loss_latched = true);
    let unknown = check(Gate::DailyLoss, |world| world.account.session_start = None);
    assert_eq!((latched, unknown), (Refuse, Missing));
}

#[test]
fn order_rate() {
    let check = |last_minute: u32, session: u32| {
        check(Gate::OrderRate, |world| world.pace = Pace { last_minute, session })
    };
    assert_eq!(check(19, 399), Pass);
    assert_eq!(check(20, 20), Refuse);
    assert_eq!(check(0, 400), Refuse);
}

#[test]
fn session_hours() {
    let check = |horizon: Horizon, minutes: i64| {
        check(Gate::SessionHours, |world| {
            world.signal.horizon = horizon;
            world.now = session().open() + Span::from_minutes(minutes);
        })
    };
    assert_eq!([check(Horizon::Day, 4), check(Horizon::Day, 5)], [Refuse, Pass]);
    assert_eq!([check(Horizon::Day, 269), check(Horizon::Day, 270)], [Pass, Refuse]);
    assert_eq!([check(Horizon::Swing, 329), check(Horizon::Swing, 330)], [Pass, Refuse]);
    assert_eq!([check(Horizon::Day, -60), check(Horizon::Swing, 400)], [Refuse, Refuse]);
}

#[test]
fn session_hours_without_a_session_are_missing() {
    assert_eq!(check(Gate::SessionHours, |world| world.market.session = None), Missing);
}

#[test]
fn symbol_open() {
    assert_eq!(check(Gate::SymbolOpen, |_| ()), Pass);
    assert_eq!(check(Gate::SymbolOpen, |world| world.market.halted[0] = true), Refuse);
    assert_eq!(check(Gate::SymbolOpen, |world| world.load.unresolved = true), Refuse);
    let unexplained = |world: &mut World| {
        world.account.unexplained.insert(Instrument::Equity(world.signal.ticker));
    };
    assert_eq!(check(Gate::SymbolOpen, unexplained), Refuse);
    assert_eq!(check(Gate::SymbolOpen, |world| world.market.halted.clear()), Refuse, "unknown");
}

#[test]
fn bar_freshness_is_by_the_time_of_the_bar() {
    // inbound L40: freshness was the age of the computation, over bars of three days ago.
    let check = |seconds: i64| {
        check(Gate::BarFreshness, |world| world.now = world.now + Span::from_seconds(seconds))
    };
    assert_eq!([check(0), check(120), check(121)], [Pass, Pass, Refuse]);
}

#[test]
fn bar_freshness_counts_silent_minutes_and_needs_a_trade() {
    let silent =
        |minutes: u32| check(Gate::BarFreshness, |world| world.market.board.silent[0] = minutes);
    assert_eq!([silent(2), silent(3)], [Pass, Refuse]);
    assert_eq!(silent(u32::MAX), Missing, "it never traded");
    assert_eq!(check(Gate::BarFreshness, |world| world.market.last_minute = None), Missing);
}

#[test]
fn feature_freshness() {
    let age = |seconds: i64| {
        check(Gate::FeatureFreshness, |world| world.now = world.now + Span::from_seconds(seconds))
    };
    assert_eq!([age(0), age(121)], [Pass, Refuse]);
    let bars = |bars: u32| check(Gate::FeatureFreshness, |w| w.signal.features.bars = bars);
    assert_eq!([bars(50), bars(49), bars(0)], [Pass, Missing, Missing]);
    assert_eq!(check(Gate::FeatureFreshness, |world| world.market.last_minute = None), Missing);
}

#[test]
fn signal_freshness() {
    let age = |seconds: i64| {
        check(Gate::SignalFreshness, |world| world.now = world.now + Span::from_seconds(seconds))
    };
    assert_eq!([age(0), age(300), age(301)], [Pass, Pass, Refuse]);
    assert_eq!(age(-1), Refuse, "a signal from the future");
}

#[test]
fn duplicate_position() {
    assert_eq!(check(Gate::DuplicatePosition, |_| ()), Pass);
    assert_eq!(check(Gate::DuplicatePosition, |world| world.load.duplicate = true), Refuse);
}

#[test]
fn max_positions() {
    let check = |held: u32| check(Gate::MaxPositions, |world| world.load.instruments = held);
    assert_eq!([check(4), check(5), check(6)], [Pass, Refuse, Refuse]);
}

#[test]
fn max_exposure() {
    let check = |exposure: i64| {
        check(Gate::MaxExposure, |world| world.load.exposure = Money::dollars(exposure))
    };
    assert_eq!([check(0), check(39_999)], [Pass, Pass]);
    assert_eq!([check(40_000), check(98_630)], [Refuse, Refuse]);
}

#[test]
fn max_exposure_counts_the_order_itself() {
    let check = |shares: u32| {
        check(Gate::MaxExposure, |world| {
            world.policy.sizing.fixed_shares = shares;
            world.limits.max_exposure = Money::dollars(10_010);
        })
    };
    assert_eq!(check(100), Pass);
    let mut world = world();
    world.policy.sizing.fixed_shares = 101;
    world.limits.max_exposure = Money::dollars(10_010);
    let stops: Vec<_> = world.verdict().refusals().map(|check| check.gate).collect();
    assert_eq!(stops, [Gate::Size], "what does not fit is not traded in part");
}

#[test]
fn cool_down() {
    let check = |minutes: Option<i64>| {
        check(Gate::CoolDown, |world| {
            if let Some(minutes) = minutes {
                let last = world.now - Span::from_minutes(minutes);
                world.account.note_trade(SLOT, last);
            }
        })
    };
    assert_eq!([check(Some(14)), check(Some(15))], [Refuse, Pass]);
    assert_eq!(check(None), Pass, "a symbol that was never traded is cool");
}

#[test]
fn confidence() {
    let check =
        |confidence: f64| check(Gate::Confidence, |world| world.signal.confidence = confidence);
    assert_eq!([check(0.55), check(0.5499)], [Pass, Refuse]);
    assert_eq!(check(f64::NAN), Refuse, "no number is no confidence");
}

#[test]
fn direction_allowed() {
    let check = |shorting: bool, shortable: bool| {
        check(Gate::DirectionAllowed, |world| {
            world.signal.direction = Direction::Short;
            world.limits.shorting = shorting;
            world.market.universe.listings[0].shortable = shortable;
        })
    };
    assert_eq!(check(true, true), Pass);
    assert_eq!([check(false, true), check(true, false)], [Refuse, Refuse]);
}

#[test]
fn price_collar() {
    let check = |cents: i64| check(Gate::PriceCollar, |world| world.price = price(cents));
    assert_eq!([check(10_100), check(10_101)], [Pass, Refuse]);
    assert_eq!([check(9_900), check(9_899)], [Pass, Refuse]);
}

#[test]
fn price_collar_looks_at_a_fresh_quote_and_needs_a_price() {
    let quoted = |bid: i64, ask: i64| {
        check(Gate::PriceCollar, |world| {
            let quote = Quote { slot: SLOT, bid: bid * 100, ask: ask * 100, at: world.now };
            assert!(world.market.push_quote(&quote, &world.policy.gates, world.now));
        })
    };
    assert_eq!(quoted(10_005, 10_006), Pass);
    assert_eq!(quoted(10_205, 10_206), Refuse);
    let unpriced = check(Gate::PriceCollar, |world| {
        world.market = market(&world.policy, world.now);
        world.market.universe.listings[0].sector = "none".into();
        let board = std::mem::take(&mut world.market.board);
        world.market.board.grow(board.symbols());
    });
    assert_eq!(unpriced, Missing);
}

#[test]
fn size() {
    assert_eq!(check(Gate::Size, |_| ()), Pass);
    let poor = |world: &mut World| world.load.equity = Some(Money::dollars(10));
    assert_eq!(check(Gate::Size, poor), Refuse);
    assert_eq!(check(Gate::Size, |world| world.load.equity = None), Missing);
}

#[test]
fn a_missing_gate_is_never_an_approval() {
    // inbound X5: no data passed.
    let mut world = world();
    world.load.equity = None;
    let verdict = world.verdict();
    assert!(!verdict.is_approval());
    assert_eq!(verdict.quantity, Quantity::ZERO);
    let intent = intent(&verdict);
    assert_eq!(approve_opening(&verdict, intent), None);
}

fn intent(verdict: &Verdict) -> Intent {
    Intent {
        id: IntentId { cause: Seq(9), leg: 0 },
        account: verdict.account,
        instrument: Instrument::Equity(Ticker::parse("ACME").unwrap()),
        side: Side::Buy,
        quantity: verdict.quantity,
        kind: OrderKind::Market,
        lasts: TimeInForce::Day,
        purpose: Purpose::Open(verdict.signal),
        replaces: None,
        valid_until: session().close(),
        policy: PolicyVersion(1),
    }
}

#[test]
#[should_panic(expected = "an approval never grows")]
fn an_approval_is_for_no_more_than_was_judged() {
    let verdict = world().verdict();
    let more = verdict.quantity + Quantity::shares(1);
    let _ = approve_opening(&verdict, Intent { quantity: more, ..intent(&verdict) });
}

#[test]
#[should_panic(expected = "an approval is for its account")]
fn an_approval_is_for_its_own_account() {
    let verdict = world().verdict();
    let _ = approve_opening(&verdict, Intent { account: AccountId(1), ..intent(&verdict) });
}
