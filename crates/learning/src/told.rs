//! Small pasts for tests: told record by record, or played by a whole simulated desk.

#![expect(clippy::cast_possible_truncation, reason = "the numbers of a test are small")]

use std::sync::OnceLock;

use backsight_domain::decision::{
    Decision, Effect, Haunting, Opening, Outcome, Pricing, Reason, Refused, Stage, Subject,
};
use backsight_domain::event::{Entry, Event, Mode, PolicyAdopted, Started};
use backsight_domain::id::{
    AccountId, DeskName, GhostId, IntentId, PolicyVersion, PositionId, Seq, SignalId,
};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::{Bar, Listing, Minute, Slot, Universe};
use backsight_domain::money::Money;
use backsight_domain::order::{ExitReason, Intent, OrderKind, Purpose, Side, TimeInForce};
use backsight_domain::policy::Policy;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Features, Horizon, Playbook, Signal, Terms};
use backsight_domain::story::Story;
use backsight_domain::time::{Date, Span, Time};
use backsight_domain::verdict::{Check, CheckOutcome, Checks, Gate, Observed, Verdict};
use backsight_journal::{Log, MemoryLog, Stamped};
use backsight_sim::faults::FaultProfile;
use backsight_sim::market::World;
use backsight_sim::run::{Run, Setup};

use crate::past::Past;

/// A past that is told record by record, through a real journal.
pub(crate) struct Teller {
    log: MemoryLog,
    symbols: usize,
    signals: u16,
}

/// What became of a signal.
pub(crate) enum Fate<'a> {
    /// These gates refused it, each with what it saw and wanted.
    Refused(&'a [(Gate, f64, f64)]),
    /// Every gate passed.
    Taken,
}

/// A date in 2024.
pub(crate) fn date(month: u8, day: u8) -> Date {
    Date::from_ymd(2024, month, day).expect("the date exists")
}

/// A minute of a session in 2024, counted from its open.
pub(crate) fn at((month, day): (u8, u8), minute: i64) -> Time {
    let session = Session::on(date(month, day)).expect("the exchange is open");
    session.open() + Span::from_minutes(minute)
}

pub(crate) fn ticker(text: &str) -> Ticker {
    Ticker::parse(text).expect("a constant")
}

/// A story as an outlet tells it.
pub(crate) fn story(id: u64, headline: &str) -> Story {
    Story {
        id,
        source: "Wire".into(),
        headline: headline.into(),
        link: "".into(),
        summary: "".into(),
        published: None,
    }
}

impl Teller {
    /// A desk with the default policy that watches symbols named `AAA`, `BBB` and so on, of the
    /// sectors `one` and `two` in turn.
    pub(crate) fn new(symbols: usize) -> Self {
        let mut teller = Self { log: MemoryLog::new(), symbols, signals: 0 };
        let listing = |index: usize| Listing {
            ticker: ticker(&String::from(char::from(b'A' + index as u8)).repeat(3)),
            sector: (if index.is_multiple_of(2) { "one" } else { "two" }).into(),
            fractionable: true,
            shortable: true,
        };
        let start = at((1, 2), -30);
        teller.happen(
            start,
            Event::Started(Started {
                desk: DeskName(ticker("TEST")),
                build: "test".into(),
                mode: Mode::Simulated,
            }),
        );
        let listings = (0..symbols).map(listing).collect();
        teller.happen(start, Event::Universe(Universe { listings }));
        teller.adopt(start, 1, Policy::default());
        teller
    }

    pub(crate) fn adopt(&mut self, at: Time, version: u32, policy: Policy) {
        let version = PolicyVersion(version);
        let adopted = PolicyAdopted { version, policy, who: "test".into() };
        self.happen(at, Event::PolicyAdopted(Box::new(adopted)));
    }

    pub(crate) fn happen(&mut self, at: Time, event: Event) -> Seq {
        let seq = self.log.next_seq();
        self.log.append_entry(&Entry { seq, at, event }).expect("memory does not fail");
        seq
    }

    pub(crate) fn decide(&mut self, cause: Seq, because: Vec<Reason>, effects: Vec<Effect>) {
        let decision = Decision { cause, effects, because };
        let seq = self.log.next_seq();
        self.log.append_decision(seq, &decision).expect("memory does not fail");
    }

    /// A minute that ends at `end`, in which every symbol with a price trades at it.
    pub(crate) fn minute(&mut self, end: Time, dollars: &[f64], volume: i32) {
        let mut minute = Minute::of_length(end - Minute::LENGTH, self.symbols);
        for (index, dollars) in dollars.iter().enumerate().filter(|(_, price)| 0.0 < **price) {
            let price = Price::from_cents((dollars * 100.0).round() as i64).expect("a price");
            let bar = Bar { open: price, high: price, low: price, close: price, volume };
            minute.set(Slot(index as u16), bar);
        }
        self.happen(end, Event::Minute(minute));
    }

    /// A minute in which the first symbol rises to a price, by a dollar.
    pub(crate) fn moving_minute(&mut self, end: Time, dollars: f64, volume: i32) {
        let price = |dollars: f64| Price::from_cents((dollars * 100.0).round() as i64);
        let [open, close] = [dollars - 1.0, dollars].map(|it| price(it).expect("a price"));
        let mut minute = Minute::of_length(end - Minute::LENGTH, self.symbols);
        minute.set(Slot(0), Bar { open, high: close, low: open, close, volume });
        self.happen(end, Event::Minute(minute));
    }

    /// The last minute of a session.
    pub(crate) fn close(&mut self, date: Date, dollars: &[f64]) {
        let session = Session::on(date).expect("the exchange is open");
        self.minute(session.close(), dollars, 100);
    }

    /// A signal of the first symbol and what became of it; the outcome comes `minutes` later.
    pub(crate) fn signal(
        &mut self,
        when: Time,
        change: impl FnOnce(&mut Signal),
        fate: &Fate<'_>,
        (r, dollars): (f64, i64),
    ) -> SignalId {
        let cause = self.happen(when, Event::Tick);
        let id = SignalId { cause, index: self.signals };
        let mut signal = signal(id, when);
        change(&mut signal);
        let checks = match fate {
            Fate::Refused(gates) => gates.iter().map(|gate| refusal(*gate)).collect(),
            Fate::Taken => Checks::default(),
        };
        let account = AccountId(0);
        let instrument = Instrument::Equity(signal.ticker);
        let quantity = Quantity::shares(10);
        let verdict = Verdict {
            signal: id,
            account,
            checks,
            instrument,
            side: Side::Buy,
            quantity,
            price: signal.price,
            choice: None,
        };
        let first = verdict.refusals().next().map(|check| check.gate);
        let direction = signal.direction;
        let price = signal.price;
        let mut because =
            vec![Reason::Signal(Box::new(signal)), Reason::Verdict(Box::new(verdict))];
        let mut effects = Vec::new();
        let subject = if let Some(gate) = first {
            let ghost = GhostId(id);
            because.push(Reason::Haunted(Haunting { ghost, price, pricing: Pricing::Modelled }));
            Subject::Ghost { ghost, refused: vec![Refused { account, gate, quantity }] }
        } else {
            let intent = intent(id, cause, instrument, quantity, when);
            effects.push(Effect::Submit(intent));
            let position = PositionId(intent.id);
            let opening = Opening { position, account, instrument, quantity, price };
            because.push(Reason::Opened(opening));
            Subject::Position { position, account }
        };
        self.decide(cause, because, effects);
        // A ghost counts one share, a position all of it.
        let shares = if first.is_some() { 10 } else { 1 };
        let pnl = Money::from_units(dollars * 10_000 / shares);
        let ended = when + Span::from_minutes(30);
        let cause = self.happen(ended, Event::Tick);
        let outcome =
            Outcome { direction, ..outcome(subject, instrument, (when, ended), (r, pnl, price)) };
        self.decide(cause, vec![Reason::Closed(Box::new(outcome))], Vec::new());
        id
    }

    /// What this journal says.
    pub(crate) fn past(&self) -> Past {
        let records = self.log.records().map(Ok::<_, std::convert::Infallible>);
        Past::read(records).expect("memory does not fail")
    }
}

fn refusal((gate, observed, threshold): (Gate, f64, f64)) -> Check {
    let [observed, threshold] = [observed, threshold].map(Observed::Ratio);
    Check { gate, outcome: CheckOutcome::Refuse, observed, threshold }
}

/// A signal of the first symbol as a playbook could make it.
pub(crate) fn signal(id: SignalId, at: Time) -> Signal {
    Signal {
        id,
        at,
        ticker: ticker("AAA"),
        slot: Slot(0),
        playbook: Playbook::Trend,
        direction: Direction::Long,
        horizon: Horizon::Day,
        confidence: 0.6,
        breakdown: Vec::new(),
        price: Price::from_cents(10_000).expect("a price"),
        features: Features::default(),
        expires: at + Span::from_minutes(5),
        suits_options: false,
        terms: Terms::default(),
        canary: None,
    }
}

fn intent(id: SignalId, cause: Seq, what: Instrument, quantity: Quantity, at: Time) -> Intent {
    Intent {
        id: IntentId { cause, leg: 0 },
        account: AccountId(0),
        instrument: what,
        side: Side::Buy,
        quantity,
        kind: OrderKind::Market,
        lasts: TimeInForce::Day,
        purpose: Purpose::Open(id),
        replaces: None,
        valid_until: at + Span::from_minutes(5),
        policy: PolicyVersion(1),
    }
}

fn outcome(
    subject: Subject,
    instrument: Instrument,
    (opened, closed): (Time, Time),
    (r_multiple, pnl, price): (f64, Money, Price),
) -> Outcome {
    Outcome {
        subject,
        instrument,
        direction: Direction::Long,
        quantity: Quantity::shares(1),
        opened,
        closed,
        entry: price,
        exit: price,
        pricing: Pricing::Modelled,
        reason: if 0.0 < r_multiple { ExitReason::Target } else { ExitReason::Stop },
        pnl,
        r_multiple,
        mfe_pct: r_multiple.max(0.0),
        mae_pct: r_multiple.min(0.0),
        give_back_pct: 0.5,
        stage: Stage::Open,
        minutes: 30,
        label: if r_multiple == 0.0 { 0 } else { r_multiple.signum() as i8 },
    }
}

/// What a simulated desk of eight symbols wrote in three sessions.
pub(crate) fn records() -> &'static [Stamped] {
    static RECORDS: OnceLock<Vec<Stamped>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let setup = Setup {
            world: World { symbols: 8, surges: 3.0, ..World::standard(7) },
            sessions: 3,
            faults: FaultProfile::none(),
            policy: Policy::default(),
            cash: vec![Money::dollars(100_000), Money::dollars(2_000)],
            held_bps: 0,
            desk: DeskName(ticker("TEST")),
            build: "test".into(),
        };
        let mut run = Run::new(setup, MemoryLog::new());
        while run.advance().expect("memory does not fail").is_some() {}
        run.log().records().collect()
    })
}

/// The past of [`records`].
pub(crate) fn played() -> Past {
    let records = records().iter().cloned().map(Ok::<_, std::convert::Infallible>);
    Past::read(records).expect("memory does not fail")
}
