use backsight_domain::desk::WorldFault;
use backsight_domain::event::Event;
use backsight_domain::market::{Bar, Minute, Quote, Slot};
use backsight_domain::order::{Answer, Intent, OrderKind, Refusal, Reply, Side, Unclear};
use backsight_domain::time::{Span, Time};

use super::*;
use crate::exchange::tests::{Bench, CASH, WrittenTape, cents, limit, minute, plain};
use crate::exchange::{Config, Request};

mod effects;
mod rates;

/// A desk's side of the wire: a fault layer around a bench's exchange, and what was heard.
struct Wire {
    layer: FaultLayer,
    tape: WrittenTape,
    heard: Vec<(Time, Event)>,
    /// Makes intents.
    bench: Bench,
}

impl Wire {
    fn new(profile: FaultProfile, seed: u64) -> Self {
        Self::with_config(plain(), profile, seed)
    }

    fn with_config(config: Config, profile: FaultProfile, seed: u64) -> Self {
        let chance = Chance::root(seed);
        let bench = Bench::new(config.clone());
        let exchange = Exchange::new(config, chance.branch("exchange"));
        let layer = FaultLayer::new(exchange, profile, &chance.branch("faults"));
        Self { layer, tape: bench.tape.clone(), heard: Vec::new(), bench }
    }

    /// A world where only this kind strikes.
    fn only(kind: FaultKind, probability: f64) -> Self {
        Self::new(FaultProfile::none().with(kind, probability), 7)
    }

    fn run(&mut self, to: Time) {
        while let Some(next) = self.layer.next_due().filter(|next| *next <= to) {
            self.layer.advance(next, &self.tape);
            while let Some(heard) = self.layer.pop_due(next) {
                self.heard.push(heard);
            }
        }
        self.layer.exchange().audit();
    }

    /// Sends an order that rests.
    fn submit(&mut self, at: Time) -> Intent {
        let intent = self.bench.intent(Side::Buy, 1, limit(9_000));
        self.layer.ask(at, Request::Submit(intent));
        intent
    }

    fn replies(&self) -> Vec<(Time, Reply)> {
        let replies = self.heard.iter().filter_map(|(at, event)| {
            let Event::Reply(reply) = event else { return None };
            Some((*at, reply.clone()))
        });
        replies.collect()
    }

    fn faults(&self) -> Vec<(Time, WorldFault)> {
        let faults = self.heard.iter().filter_map(|(at, event)| {
            let Event::Fault(fault) = event else { return None };
            Some((*at, *fault))
        });
        faults.collect()
    }

    fn taken(&self) -> usize {
        self.layer.exchange().orders().len()
    }
}

fn quote(at: Time) -> Event {
    Event::Quote(Quote { slot: Slot(0), bid: 999_800, ask: 1_000_200, at })
}

fn bars(start: Time) -> Minute {
    let mut bars = Minute::of_length(start, 3);
    for slot in [Slot(0), Slot(1), Slot(2)] {
        let bar = Bar {
            open: cents(9_990),
            high: cents(10_010),
            low: cents(9_980),
            close: cents(10_000),
            volume: 100,
        };
        bars.set(slot, bar);
    }
    bars
}

/// A busy hour: orders, cancels, lookups, reports, minutes and quotes.
fn busy_hour(wire: &mut Wire) {
    for turn in 0..60 {
        let at = minute(turn);
        wire.run(at);
        wire.layer.show(at, Event::Minute(bars(at)));
        wire.layer.show(at, quote(at));
        let price = limit(10_000 + turn - 30);
        let side = if turn % 2 == 0 { Side::Buy } else { Side::Sell };
        let intent =
            wire.bench.intent(side, 3, if turn % 4 < 2 { OrderKind::Market } else { price });
        wire.layer.ask(at, Request::Submit(intent));
        wire.layer.ask(at + Span::from_seconds(20), Request::Lookup(CASH, intent.id));
        wire.layer.ask(at + Span::from_seconds(30), Request::Cancel(CASH, intent.id));
        wire.layer.ask(at + Span::from_seconds(40), Request::Report(CASH, minute(0)));
    }
    wire.run(minute(70));
}

#[test]
fn none_is_the_identity() {
    let mut wire = Wire::new(FaultProfile::none(), 3);
    busy_hour(&mut wire);
    let mut bare = Exchange::new(plain(), Chance::root(3).branch("exchange"));
    let mut heard = Vec::new();
    let mut run = |bare: &mut Exchange, to: Time| {
        while let Some(next) = bare.next_due().filter(|next| *next <= to) {
            bare.advance(next, &wire.tape);
            while let Some((at, delivery)) = bare.pop_due(next) {
                heard.push((at, delivery.event));
            }
        }
    };
    let mut intents = Bench::new(plain());
    for turn in 0..60 {
        let at = minute(turn);
        run(&mut bare, at);
        let price = limit(10_000 + turn - 30);
        let side = if turn % 2 == 0 { Side::Buy } else { Side::Sell };
        let intent = intents.intent(side, 3, if turn % 4 < 2 { OrderKind::Market } else { price });
        bare.ask(at, Request::Submit(intent));
        bare.ask(at + Span::from_seconds(20), Request::Lookup(CASH, intent.id));
        bare.ask(at + Span::from_seconds(30), Request::Cancel(CASH, intent.id));
        bare.ask(at + Span::from_seconds(40), Request::Report(CASH, minute(0)));
    }
    run(&mut bare, minute(70));
    let (shown, answered): (Vec<_>, Vec<_>) = wire
        .heard
        .into_iter()
        .partition(|(_, event)| matches!(event, Event::Minute(_) | Event::Quote(_)));
    assert_eq!(answered, heard);
    let expected =
        (0..60).map(minute).flat_map(|at| [(at, Event::Minute(bars(at))), (at, quote(at))]);
    assert_eq!(shown, expected.collect::<Vec<_>>());
    assert!(FaultKind::ALL.iter().all(|kind| wire.layer.count(*kind) == 0));
}

#[test]
fn every_question_has_exactly_one_answer_in_a_storm() {
    for seed in 0..20 {
        let mut wire = Wire::new(FaultProfile::storm(), seed);
        busy_hour(&mut wire);
        assert_eq!(wire.replies().len(), 60 * 3, "seed {seed}");
    }
}

#[test]
fn storm_never_makes_two_orders_of_one_intent() {
    for seed in 0..20 {
        let mut wire = Wire::new(FaultProfile::storm(), seed);
        for turn in 0..100 {
            let at = minute(turn);
            let intent = wire.submit(at);
            wire.layer.ask(at + Span::from_seconds(11), Request::Submit(intent));
            wire.layer.ask(at + Span::from_seconds(12), Request::Submit(intent));
            wire.layer.ask(at + Span::from_seconds(30), Request::Cancel(CASH, intent.id));
            wire.run(at + Span::from_seconds(59));
            assert!(wire.layer.exchange().orders_per_intent(CASH, intent.id) <= 1);
        }
        wire.run(minute(200));
    }
}

#[test]
fn healing_ends_every_fault() {
    let mut wire = Wire::new(FaultProfile::storm(), 5);
    busy_hour(&mut wire);
    let before: u64 = FaultKind::ALL.iter().map(|kind| wire.layer.count(*kind)).sum();
    assert!(0 < before);
    wire.layer.heal(minute(71));
    wire.run(minute(100));
    wire.heard.clear();
    let first = wire.taken();
    for turn in 100..150 {
        let at = minute(turn);
        wire.layer.show(at, quote(at));
        wire.layer.show(at, Event::Minute(bars(at)));
        let intent = wire.submit(at);
        wire.layer.ask(at + Span::from_seconds(5), Request::Cancel(CASH, intent.id));
        wire.run(at + Span::from_seconds(59));
    }
    let after: u64 = FaultKind::ALL.iter().map(|kind| wire.layer.count(*kind)).sum();
    assert_eq!(after, before);
    assert_eq!(wire.taken() - first, 50);
    assert!(wire.replies().iter().all(|(_, reply)| matches!(reply.answer, Answer::Known(_))));
    let updates = wire.heard.iter().filter(|(_, event)| matches!(event, Event::Order(_))).count();
    assert_eq!(updates, 50 * 3, "new, pending cancel, cancelled");
    assert_eq!(wire.heard.len(), 50 * (2 + 2 + 3));
    assert_eq!(wire.layer.skew(minute(100)), Span::ZERO);
}

#[test]
fn healing_tells_at_once_that_the_stream_is_back() {
    let mut wire = Wire::only(FaultKind::StreamBroken, 1.0);
    wire.submit(minute(1));
    wire.run(minute(1) + Span::from_millis(40));
    wire.layer.heal(minute(1) + Span::from_millis(50));
    wire.run(minute(1) + Span::from_millis(50));
    let (at, last) = wire.faults().pop().unwrap();
    assert_eq!((at, last), (minute(1) + Span::from_millis(50), WorldFault::StreamBack(CASH)));
}

#[test]
fn same_seed_same_events() {
    let story = |seed: u64| {
        let mut wire = Wire::new(FaultProfile::storm(), seed);
        busy_hour(&mut wire);
        wire.heard
    };
    assert_eq!(story(11), story(11));
    assert_ne!(story(11), story(12));
}

#[test]
fn healing_ends_what_has_begun() {
    let begin = |kind: FaultKind| {
        let mut wire = Wire::only(kind, 1.0);
        let intent = wire.submit(minute(1));
        wire.layer.show(minute(1), Event::Minute(bars(minute(1))));
        wire.run(minute(1) + Span::from_millis(100));
        wire.layer.heal(minute(1) + Span::from_millis(100));
        wire.run(minute(1) + Span::from_millis(100));
        wire.heard.clear();
        (wire, intent)
    };
    let soon = minute(1) + Span::from_millis(200);

    let (mut wire, intent) = begin(FaultKind::ReadLag);
    wire.layer.ask(soon, Request::Lookup(CASH, intent.id));
    wire.run(minute(2));
    assert!(matches!(wire.replies()[0].1.answer, Answer::Known(_)));

    for kind in [FaultKind::RateLimited, FaultKind::Unauthorised] {
        let (mut wire, _) = begin(kind);
        wire.submit(soon);
        wire.run(minute(2));
        assert!(matches!(wire.replies()[0].1.answer, Answer::Known(_)));
    }

    let (mut wire, _) = begin(FaultKind::StreamBroken);
    wire.submit(soon);
    wire.run(minute(2));
    assert!(wire.heard.iter().any(|(_, event)| matches!(event, Event::Order(_))));

    for kind in [FaultKind::SymbolFrozen, FaultKind::FeedFrozen] {
        let (mut wire, _) = begin(kind);
        wire.layer.show(soon, Event::Minute(bars(soon)));
        wire.run(minute(2));
        assert_eq!(wire.heard, [(soon, Event::Minute(bars(soon)))]);
    }
}

#[test]
fn a_straggler_is_lost_with_its_repetitions_and_arrives_after_all() {
    let mut wire = Wire::only(FaultKind::Straggler, 1.0);
    let intent = wire.submit(minute(1));
    let again = minute(1) + Span::from_seconds(20);
    wire.layer.ask(again, Request::Submit(intent));
    wire.layer.ask(again, Request::Lookup(CASH, intent.id));
    wire.run(minute(2));
    let answers: Vec<_> = wire.replies().into_iter().map(|(_, reply)| reply.answer).collect();
    let unclear = answers.iter().filter(|answer| matches!(answer, Answer::Unclear(_))).count();
    assert_eq!((unclear, answers.len()), (2, 3));
    assert!(answers.contains(&Answer::NotFound) && wire.taken() == 0);
    wire.run(minute(7));
    assert_eq!(wire.taken(), 1, "nobody was told, but it is there");
    wire.layer.ask(minute(7), Request::Lookup(CASH, intent.id));
    wire.run(minute(8));
    assert!(
        matches!(wire.replies().last(), Some((_, reply)) if matches!(reply.answer, Answer::Known(_)))
    );
}

#[test]
fn healing_sets_the_clock_right_and_says_so() {
    let mut wire = Wire::only(FaultKind::ClockJump, 1.0);
    wire.layer.show(minute(1), Event::Minute(bars(minute(1))));
    let healed = minute(1) + Span::from_millis(100);
    wire.layer.heal(healed);
    assert_eq!(wire.layer.skew(healed), Span::ZERO);
    wire.run(healed);
    assert_eq!(wire.faults().last(), Some(&(healed, WorldFault::ClockSkew(0))));
}
