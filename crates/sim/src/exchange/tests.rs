use std::collections::{BTreeMap, BTreeSet};

use backsight_domain::event::Event;
use backsight_domain::id::{AccountId, IntentId, PolicyVersion, PositionId, Seq, SignalId};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::Listing;
use backsight_domain::money::Money;
use backsight_domain::order::{
    Answer, ExitReason, Fill, Intent, OrderKind, OrderStatus, OrderUpdate, Purpose, Side,
    TimeInForce,
};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Span, Time};

use super::*;

mod accounts;
mod life;
mod options;
mod refusals;
mod replace;
mod soak;

pub(crate) const CASH: AccountId = AccountId(0);
pub(crate) const MARGIN: AccountId = AccountId(1);

/// A tape that says what a test wrote on it. Sessions run daily from 14:30 to 21:00 UTC.
#[derive(Clone, Debug, Default)]
pub(crate) struct WrittenTape {
    moves: BTreeMap<Instrument, BTreeMap<Time, Touch>>,
    halted: BTreeSet<Instrument>,
}

impl Tape for WrittenTape {
    fn touch(&self, instrument: &Instrument, at: Time) -> Option<Touch> {
        let (_, touch) = self.moves.get(instrument)?.range(..=at).next_back()?;
        Some(*touch)
    }

    fn next_move(&self, instrument: &Instrument, after: Time) -> Option<Time> {
        let later = after + Span::from_nanos(1);
        self.moves.get(instrument)?.range(later..).next().map(|(&at, _)| at)
    }

    fn is_halted(&self, instrument: &Instrument, _at: Time) -> bool {
        self.halted.contains(instrument)
    }

    fn hours(&self, at: Time) -> Option<Hours> {
        let midnight = at.utc_date().midnight_utc();
        let close = midnight + Span::from_minutes(21 * 60);
        let day = if at < close { midnight } else { at.utc_date().plus_days(1).midnight_utc() };
        Some(Hours {
            open: day + Span::from_minutes(14 * 60 + 30),
            close: day + Span::from_minutes(21 * 60),
        })
    }
}

/// `minute` minutes after the open of the first session.
pub(crate) fn minute(minute: i64) -> Time {
    Time::parse("2026-05-04T14:30:00Z").unwrap() + Span::from_minutes(minute)
}

pub(crate) fn share(ticker: &str) -> Instrument {
    Instrument::Equity(Ticker::parse(ticker).unwrap())
}

pub(crate) fn cents(cents: i64) -> Price {
    Price::from_cents(cents).unwrap()
}

pub(crate) fn limit(at: i64) -> OrderKind {
    OrderKind::Limit(cents(at))
}

fn listing(ticker: &str, fractionable: bool, shortable: bool) -> Listing {
    let ticker = Ticker::parse(ticker).unwrap();
    Listing { ticker, sector: "tech".into(), fractionable, shortable }
}

/// No latency beyond a fixed one, no partial fills, no fees, no queue.
pub(crate) fn plain() -> Config {
    let cash =
        AccountTerms { id: CASH, cash: Money::dollars(10_000), leverage: 1, shorting: false };
    let margin = AccountTerms { id: MARGIN, leverage: 2, shorting: true, ..cash };
    let listings = vec![listing("ACME", true, true), listing("HARD", false, false)];
    Config {
        given: Vec::new(),
        fees: FeeSchedule::free(),
        latency_to: Latency::fixed(Span::from_millis(10)),
        latency_back: Latency::fixed(Span::from_millis(20)),
        latency_stream: Latency::fixed(Span::from_millis(30)),
        partial: 0.0,
        queue_longest: 0,
        ..Config::typical(vec![cash, margin], listings)
    }
}

/// An exchange, its tape, and everything that reached the desk.
pub(crate) struct Bench {
    pub(crate) exchange: Exchange,
    pub(crate) tape: WrittenTape,
    pub(crate) heard: Vec<(Time, Event)>,
    cause: u64,
}

impl Bench {
    pub(crate) fn new(config: Config) -> Self {
        let exchange = Exchange::new(config, Chance::root(1));
        let mut bench = Self { exchange, tape: WrittenTape::default(), heard: vec![], cause: 0 };
        bench.quote("ACME", minute(-60), 9_998, 10_002);
        bench.quote("HARD", minute(-60), 9_998, 10_002);
        bench
    }

    pub(crate) fn quote(&mut self, ticker: &str, at: Time, bid: i64, ask: i64) {
        self.print(ticker, at, [bid, ask, i64::midpoint(bid, ask)]);
    }

    pub(crate) fn print(&mut self, ticker: &str, at: Time, prices: [i64; 3]) {
        let [bid, ask, last] = prices.map(cents);
        self.write(share(ticker), at, Touch { bid, ask, last });
    }

    pub(crate) fn write(&mut self, instrument: Instrument, at: Time, touch: Touch) {
        self.tape.moves.entry(instrument).or_default().insert(at, touch);
    }

    pub(crate) fn halt(&mut self, ticker: &str, halted: bool) {
        if halted {
            self.tape.halted.insert(share(ticker));
        } else {
            self.tape.halted.remove(&share(ticker));
        }
    }

    /// A fresh intent of the cash account for a whole number of shares of ACME.
    pub(crate) fn intent(&mut self, side: Side, shares: i64, kind: OrderKind) -> Intent {
        self.cause += 1;
        let id = IntentId { cause: Seq(self.cause), leg: 0 };
        let purpose = match side {
            Side::Buy => Purpose::Open(SignalId { cause: id.cause, index: 0 }),
            Side::Sell => Purpose::Close { position: PositionId(id), reason: ExitReason::Target },
        };
        Intent {
            id,
            account: CASH,
            instrument: share("ACME"),
            side,
            quantity: Quantity::shares(shares),
            kind,
            lasts: TimeInForce::Day,
            purpose,
            replaces: None,
            valid_until: minute(10_000),
            policy: PolicyVersion(1),
        }
    }

    /// Does everything up to `to` and hears what reaches the desk.
    pub(crate) fn run(&mut self, to: Time) {
        while let Some(next) = self.exchange.next_due().filter(|next| *next <= to) {
            self.exchange.advance(next, &self.tape);
            while let Some((at, delivery)) = self.exchange.pop_due(next) {
                self.heard.push((at, delivery.event));
            }
        }
        self.exchange.audit();
    }

    /// Submits and waits one second for the answer.
    pub(crate) fn submit(&mut self, at: Time, intent: Intent) -> Answer {
        self.ask(at, Request::Submit(intent))
    }

    pub(crate) fn ask(&mut self, at: Time, request: Request) -> Answer {
        self.exchange.ask(at, request);
        let before = self.heard.len();
        self.run(at + Span::from_seconds(1));
        let replies = self.heard[before..].iter().filter_map(|(_, event)| {
            let Event::Reply(reply) = event else { return None };
            Some(reply.answer.clone())
        });
        let replies: Vec<Answer> = replies.collect();
        assert_eq!(replies.len(), 1, "each question has one answer");
        replies[0].clone()
    }

    /// Submits something that is taken, and says under which name.
    pub(crate) fn place(&mut self, at: Time, side: Side, shares: i64, kind: OrderKind) -> Intent {
        let intent = self.intent(side, shares, kind);
        let answer = self.submit(at, intent);
        assert!(matches!(answer, Answer::Known(_)), "{answer:?}");
        intent
    }

    pub(crate) fn fills(&self) -> Vec<Fill> {
        let fills = self.heard.iter().filter_map(|(_, event)| {
            let Event::Fill(fill) = event else { return None };
            Some(fill.clone())
        });
        fills.collect()
    }

    pub(crate) fn updates(&self) -> Vec<OrderUpdate> {
        let updates = self.heard.iter().filter_map(|(_, event)| {
            let Event::Order(update) = event else { return None };
            Some(update.clone())
        });
        updates.collect()
    }

    pub(crate) fn statuses(&self) -> Vec<OrderStatus> {
        self.updates().into_iter().map(|update| update.status).collect()
    }

    pub(crate) fn last_status(&self) -> OrderStatus {
        self.statuses().pop().unwrap()
    }
}
