//! Events and decisions for tests: one of every kind, small and rich.

use backsight_domain::decision::{
    Decision, Effect, Fingerprint, Haunting, Ignored, Opening, OrderMove, OrderPhase, Outcome,
    Pricing, Reason, Refused, Rolling, Stage, Subject,
};
use backsight_domain::desk::{Alarm, Command, OperatorCommand, TradingState, WorldFault};
use backsight_domain::event::{Bust, Entry, Event, Mode, PolicyAdopted, Started};
use backsight_domain::id::{
    AccountId, DeskName, ExecutionId, GhostId, IntentId, PolicyVersion, PositionId, ProposalId,
    Seq, SignalId, VenueId,
};
use backsight_domain::instrument::{Contract, Instrument, Ticker, Vertical};
use backsight_domain::market::{
    Bar, Halt, Listing, Minute, MinuteFlaw, Quote, Slot, Split, Universe,
};
use backsight_domain::money::Money;
use backsight_domain::notice::{
    Candidate, Claim, ClaimSide, Discovery, Dividend, Earnings, EarningsHour, Metric,
    PastVolatility, Payout, Regime, Thesis,
};
use backsight_domain::option::{Chain, ContractQuote, Settlement, SettlementKind};
use backsight_domain::order::{
    AccountReport, Answer, Asked, ExitReason, Fill, Holding, Intent, OrderKind, OrderRef,
    OrderStatus, OrderUpdate, Purpose, Reply, Side, TimeInForce, Unclear,
};
use backsight_domain::policy::Policy;
use backsight_domain::price::Price;
use backsight_domain::proposal::{
    Cadence, Change, Cycle, Evidence, Finding, Lesson, Measured, ProposalMove, ProposalStage,
    TrialId, Trigger,
};
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::{
    Direction, Factor, FactorName, Features, Horizon, Playbook, Rolled, Signal, Terms,
};
use backsight_domain::story::{Reader, Reading, Rung, Story};
use backsight_domain::time::{Date, Span, Time};
use backsight_domain::verdict::{
    Check, CheckOutcome, Choice, Flaw, Gate, Observed, Structure, Tried, Verdict,
};

/// When the sample's first entry is received: shortly before 14:30 UTC on a Tuesday.
const START: Time = Time::from_seconds(1_768_314_590);
const ACCOUNT: AccountId = AccountId(1);
const INTENT: IntentId = IntentId { cause: Seq(7), leg: 1 };
const SIGNAL: SignalId = SignalId { cause: Seq(7), index: 2 };
const VENUE: VenueId = VenueId(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
const PROPOSAL: ProposalId = ProposalId(Seq(5));
const EXECUTION: ExecutionId = ExecutionId(u128::MAX);

/// The entry with this sequence: the event, received a second after the one before.
pub(crate) fn entry(seq: Seq, event: Event) -> Entry {
    let after = Span::from_seconds(i64::try_from(seq.0).expect("samples are few"));
    Entry { seq, at: START + after, event }
}

/// One event of every kind.
pub(crate) fn events() -> Vec<Event> {
    let mut events = vec![
        Event::Started(Started {
            desk: DeskName(ticker("MAIN")),
            build: "0.0.0 abcdef".into(),
            mode: Mode::Paper,
        }),
        Event::PolicyAdopted(Box::new(adopted())),
        Event::Universe(universe()),
        Event::Minute(minute(3)),
        Event::Quote(Quote { slot: Slot(300), bid: 1_234_500, ask: 0, at: START }),
        Event::Halt(Halt { slot: Slot(2), halted: true }),
        Event::Split(Split { slot: Slot(2), numerator: 10, denominator: 1 }),
        Event::Chain(chain()),
        Event::Dividend(Dividend {
            slot: Slot(2),
            ex: Date::from_days(20_000),
            amount: Money::cents(24),
        }),
        Event::Earnings(Earnings {
            slot: Slot(2),
            date: Date::from_days(20_000),
            hour: EarningsHour::AfterClose,
        }),
        Event::Regime(Regime { index: 17.25, at: START }),
        Event::PastVolatility(PastVolatility {
            slot: Slot(2),
            until: Date::from_days(19_999),
            values: vec![0.25, 0.3125],
        }),
        Event::Discovery(Discovery {
            candidates: vec![Candidate { slot: Slot(0), score: 0.8, price: price(99_900) }],
        }),
        Event::Thesis(thesis()),
        Event::Story(story()),
        Event::Reading(Reading {
            story: 7,
            ticker: ticker("BRK.B"),
            sentiment: -0.25,
            confidence: 0.300_000_000_000_000_04,
        }),
        Event::Reader(Reader {
            rung: Rung::Linear,
            model: "built-in".into(),
            version: "1".into(),
            instead_of: Some(Rung::Finbert),
            why: "`finbert` is damaged".into(),
        }),
        Event::Reply(reply(Answer::Known(update(OrderStatus::PartiallyFilled)))),
        Event::Reply(reply(Answer::Unclear(Unclear::TimedOut))),
        Event::Order(update(OrderStatus::Other("held".into()))),
        Event::Fill(fill()),
        Event::Bust(Bust { execution: EXECUTION }),
        Event::Settlement(settlement()),
        Event::Payout(payout()),
        Event::Report(report()),
        Event::Operator(OperatorCommand {
            command: Command::Reduce,
            who: "ada".into(),
            why: "earnings".into(),
            key: 99,
        }),
        Event::Fault(WorldFault::ClockSkew(-1500)),
        Event::Tick,
    ];
    let last = events.len() - 2;
    events.splice(last..last, lessons());
    events
}

fn story() -> Story {
    Story {
        id: u64::MAX,
        source: "wire".into(),
        headline: "Größe matters: «ACME» doubles".into(),
        link: "https://wire.example/acme".into(),
        summary: "Twice as many, for half of it".into(),
        published: Some(START),
    }
}

fn adopted() -> PolicyAdopted {
    let (version, policy) = (PolicyVersion(1), Policy::default());
    PolicyAdopted { version, policy, who: "operator".into() }
}

/// What is learned, and what a person says to it.
fn lessons() -> Vec<Event> {
    vec![
        Event::Operator(OperatorCommand {
            command: Command::Approve(PROPOSAL),
            who: "ada".into(),
            why: "seems right".into(),
            key: 100,
        }),
        Event::Learned(Lesson::Cycle(Cycle {
            cadence: Cadence::Weekly,
            session: Date::from_days(20_000),
            through: Seq(7),
            closed: 412,
            trials: 96,
        })),
        Event::Learned(Lesson::Found(Box::new(finding()))),
        Event::Learned(Lesson::Measured(Measured {
            proposal: PROPOSAL,
            session: Date::from_days(20_001),
            trades: 3,
            gained: -0.75,
        })),
    ]
}

/// The same without the policy, whose text takes longer to read than all the others.
pub(crate) fn small_events() -> impl Iterator<Item = Event> {
    events().into_iter().filter(|event| !matches!(event, Event::PolicyAdopted(_)))
}

/// A minute of this many symbols, of which every third did not trade.
pub(crate) fn minute(symbols: u16) -> Minute {
    let mut minute = Minute::of_length(START, usize::from(symbols));
    for slot in 0..symbols {
        let low = 100_000 + i64::from(slot) * 137;
        let bar = Bar {
            open: price(low + 50),
            high: price(low + 900),
            low: price(low),
            close: price(low + 700),
            volume: 1000 + i32::from(slot),
        };
        minute.set(Slot(slot), bar);
        if slot % 3 == 2 {
            minute.carry(Slot(slot), 99_999);
        }
    }
    minute
}

/// A decision with one effect and one reason of every kind.
pub(crate) fn decision(cause: Seq) -> Decision {
    let effects = vec![
        Effect::Submit(intent()),
        Effect::Resubmit(Intent { kind: OrderKind::Stop(price(1)), ..intent() }),
        Effect::Cancel { account: ACCOUNT, intent: INTENT },
        Effect::CancelForeign { account: ACCOUNT, venue: VENUE },
        Effect::Lookup { account: ACCOUNT, intent: INTENT },
        Effect::Report(ACCOUNT),
        Effect::AskChain(Slot(2)),
        Effect::AskQuote(vertical().sold()),
        Effect::Alarm(Alarm::PositionDrift),
    ];
    let because = vec![
        Reason::Signal(Box::new(signal())),
        Reason::Verdict(Box::new(verdict())),
        Reason::Opened(Opening {
            position: PositionId(INTENT),
            account: ACCOUNT,
            instrument: option(),
            quantity: Quantity::shares(-3),
            price: price(12_345),
        }),
        Reason::Haunted(Haunting {
            ghost: GhostId(SIGNAL),
            price: price(77),
            pricing: Pricing::Quoted,
        }),
        Reason::Rolled(Rolling {
            from: PositionId(INTENT),
            to: PositionId(IntentId { cause: Seq(8), leg: 0 }),
            cost: Money::cents(-1),
        }),
        Reason::Closed(Box::new(outcome())),
        Reason::Order(OrderMove {
            intent: INTENT,
            from: OrderPhase::Sent,
            to: OrderPhase::Unknown,
        }),
        Reason::Filled {
            execution: EXECUTION,
            intent: INTENT,
            quantity: Quantity::from_units(-340_000_000),
            price: Price::MAX,
        },
        Reason::Proposal(Box::new(ProposalMove {
            proposal: PROPOSAL,
            from: Some(ProposalStage::Shadow),
            to: ProposalStage::Withdrawn,
            by: Trigger::Person,
            who: Some("ada".into()),
            why: None,
        })),
        Reason::State { from: TradingState::Active, to: TradingState::Halted },
        Reason::Ignored(Ignored::Minute(MinuteFlaw::OutOfOrder)),
        Reason::Closing {
            fingerprint: Fingerprint([0xab; 32]),
            equity: vec![Money::cents(-1), Money::dollars(100_000)],
        },
    ];
    Decision { cause, effects, because }
}

fn ticker(text: &str) -> Ticker {
    Ticker::parse(text).expect("samples name tickers")
}

fn price(ticks: i64) -> Price {
    Price::from_ticks(ticks).expect("samples name prices")
}

fn option() -> Instrument {
    Instrument::parse("AAPL280121C00190000").expect("samples name contracts")
}

fn universe() -> Universe {
    let listing = |text, sector: &str| Listing {
        ticker: ticker(text),
        sector: sector.into(),
        fractionable: true,
        shortable: false,
    };
    Universe {
        listings: vec![listing("A", "tools"), listing("ACME", ""), listing("BRK.B", "money")],
    }
}

fn finding() -> Finding {
    let change = Change { path: "exits.stop_bps".into(), from: "100".into(), to: "80".into() };
    Finding {
        changes: vec![change],
        evidence: Evidence {
            trial: TrialId([7; 16]),
            through: Seq(7),
            sessions: 120,
            sample: 240,
            effect: 0.5,
            low: 0.125,
            trials: 96,
            curve: vec![0.0, 31.5],
            ..Evidence::default()
        },
        commentary: Some("a model's words".into()),
    }
}

fn update(status: OrderStatus) -> OrderUpdate {
    OrderUpdate {
        account: ACCOUNT,
        order: OrderRef::Ours(INTENT),
        venue: VENUE,
        status,
        filled: Quantity::from_units(1),
    }
}

fn reply(answer: Answer) -> Reply {
    Reply { account: ACCOUNT, intent: INTENT, asked: Asked::Lookup, answer }
}

fn fill() -> Fill {
    Fill {
        execution: EXECUTION,
        account: ACCOUNT,
        order: OrderRef::Foreign(VENUE),
        instrument: Instrument::Equity(ticker("A")),
        side: Side::Sell,
        quantity: Quantity::shares(100),
        price: price(1_234_567),
        fee: Money::from_units(35),
        at: START,
    }
}

fn report() -> AccountReport {
    AccountReport {
        account: ACCOUNT,
        cash: Money::dollars(-12),
        holdings: vec![Holding { instrument: option(), quantity: Quantity::shares(-2) }],
        open_orders: vec![update(OrderStatus::New)],
        fills: vec![fill()],
        busts: vec![fill().execution],
        settlements: vec![settlement()],
        payouts: vec![payout()],
    }
}

fn intent() -> Intent {
    Intent {
        id: INTENT,
        account: ACCOUNT,
        instrument: Instrument::Equity(ticker("ACME")),
        side: Side::Buy,
        quantity: Quantity::shares(10),
        kind: OrderKind::StopLimit { stop: price(100_000), limit: price(100_100) },
        lasts: TimeInForce::Day,
        purpose: Purpose::Close { position: PositionId(INTENT), reason: ExitReason::Trailing },
        replaces: Some(IntentId { cause: Seq(3), leg: 1 }),
        valid_until: START,
        policy: PolicyVersion(3),
    }
}

fn signal() -> Signal {
    Signal {
        id: SIGNAL,
        at: START,
        ticker: ticker("ACME"),
        slot: Slot(1),
        playbook: Playbook::Trend,
        direction: Direction::Short,
        horizon: Horizon::Swing,
        confidence: 0.715,
        breakdown: vec![Factor { name: FactorName::Momentum, value: 1.25 }],
        price: price(99_900),
        features: Features {
            bars: 60,
            sma20: Some(9.99),
            trend: Some(-1),
            volume: 70_000,
            ..Features::default()
        },
        expires: START + Span::from_minutes(5),
        suits_options: true,
        terms: Terms {
            stop: Some(price(97_000)),
            minutes: Some(90),
            rolls: Some(rolled()),
            ..Terms::default()
        },
        canary: Some(PROPOSAL),
    }
}

fn rolled() -> Rolled {
    Rolled {
        position: PositionId(INTENT),
        account: ACCOUNT,
        instrument: Instrument::Option(vertical().bought()),
        quantity: Quantity::shares(3),
        exit: price(11_000),
    }
}

fn chain() -> Chain {
    let contract = vertical().bought();
    let quote = ContractQuote {
        expiry: contract.expiry,
        right: contract.right,
        strike: contract.strike,
        multiplier: 10,
        bid: 12_300,
        ask: 0,
        volume: None,
        open_interest: Some(0),
    };
    Chain { slot: Slot(2), at: START, quotes: vec![quote] }
}

fn vertical() -> Vertical {
    let bought = Contract::parse_occ("ACME260320P00012500").expect("a sample contract");
    Vertical::of(bought, Contract { strike: price(100_000), ..bought }).expect("a sample vertical")
}

fn settlement() -> Settlement {
    Settlement {
        id: EXECUTION,
        account: ACCOUNT,
        contract: vertical().bought(),
        quantity: Quantity::shares(-2),
        kind: SettlementKind::Assigned,
        underlying: price(99_900),
        at: START,
    }
}

fn payout() -> Payout {
    Payout {
        id: EXECUTION,
        account: ACCOUNT,
        ticker: ticker("ACME"),
        shares: Quantity::shares(-3),
        amount: Money::cents(25),
        at: START,
    }
}

fn thesis() -> Thesis {
    let claim = Claim {
        metric: Metric::RelativeVolume,
        side: ClaimSide::AtLeast,
        threshold: 1.5,
        until: Date::from_days(20_000),
        decisive: true,
    };
    Thesis { slot: Slot(2), price: price(100_000), claims: vec![claim] }
}

fn verdict() -> Verdict {
    let observed = [
        Observed::Nothing,
        Observed::Count(-4),
        Observed::Money(Money::cents(1)),
        Observed::Ratio(f64::MIN_POSITIVE),
        Observed::Span(Span::from_millis(-1)),
        Observed::MinuteOfDay(570),
        Observed::Quantity(Quantity::shares(1)),
        Observed::State(TradingState::Reducing),
        Observed::Flag(true),
    ];
    let outcomes = [CheckOutcome::Pass, CheckOutcome::Refuse, CheckOutcome::Missing];
    let checks =
        Gate::ALL.into_iter().zip(observed.into_iter().cycle()).zip(outcomes.into_iter().cycle());
    let checks = checks.map(|((gate, observed), outcome)| Check {
        gate,
        outcome,
        observed,
        threshold: Observed::Ratio(0.5),
    });
    let contract = vertical().sold();
    let tried = Tried {
        contract,
        other: Some(price(105_000)),
        bid: 12_300,
        ask: 12_500,
        delta: Some(-0.4),
        iv: None,
        score: 77.5,
        flaw: Some(Flaw::NoVolatility),
    };
    let choice = Choice {
        structure: Structure::CreditVertical,
        quoted: Some(START),
        seen: 90,
        suited: 7,
        tried: vec![tried],
        iv_rank: None,
    };
    Verdict {
        signal: SIGNAL,
        account: ACCOUNT,
        checks: checks.collect(),
        instrument: Instrument::Option(contract),
        side: Side::Sell,
        quantity: Quantity::ZERO,
        price: price(12_400),
        choice: Some(Box::new(choice)),
    }
}

fn outcome() -> Outcome {
    let refused = Refused { account: ACCOUNT, gate: Gate::CoolDown, quantity: Quantity::shares(5) };
    Outcome {
        subject: Subject::Ghost { ghost: GhostId(SIGNAL), refused: vec![refused] },
        instrument: Instrument::Equity(ticker("ACME")),
        direction: Direction::Long,
        quantity: Quantity::shares(1),
        opened: START,
        closed: Date::from_days(20_600).midnight_utc(),
        entry: price(100_000),
        exit: price(99_000),
        pricing: Pricing::Modelled,
        reason: ExitReason::Stop,
        pnl: Money::cents(-10),
        r_multiple: -1.0,
        mfe_pct: 0.0,
        mae_pct: -1.0,
        give_back_pct: 1.0,
        stage: Stage::Open,
        minutes: 390,
        label: -1,
    }
}
