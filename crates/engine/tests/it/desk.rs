//! The loop around the engine: durable before it leaves, and nothing leaves when it cannot be.

use std::cell::RefCell;
use std::rc::Rc;

use backsight_domain::decision::{Decision, Effect};
use backsight_domain::event::{Entry, Event};
use backsight_domain::id::Seq;
use backsight_domain::time::Time;
use backsight_engine::Engine;
use backsight_engine::desk::{Desk, Request, Venue};
use backsight_journal::{Chain, Flush, Log, LogFault};

use crate::broker::ScriptClock;
use crate::play::Play;

/// What happened around the engine, in order.
type Diary = Rc<RefCell<Vec<String>>>;

struct DiaryLog {
    diary: Diary,
    last: Seq,
    /// The step that fails.
    fails: Option<&'static str>,
}

impl DiaryLog {
    fn note(&self, what: String, seq: Seq) -> Result<(), LogFault> {
        let fails = self.fails.is_some_and(|word| what.starts_with(word));
        self.diary.borrow_mut().push(what);
        if fails { Err(LogFault::TooLarge { seq, bytes: 0 }) } else { Ok(()) }
    }
}

impl Log for DiaryLog {
    fn next_seq(&self) -> Seq {
        self.last.next()
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        self.last = entry.seq;
        self.note("entry".to_owned(), entry.seq)
    }

    fn append_decision(&mut self, seq: Seq, _decision: &Decision) -> Result<(), LogFault> {
        self.last = seq;
        self.note("decision".to_owned(), seq)
    }

    fn flush(&mut self, class: Flush) -> Result<(), LogFault> {
        self.note(format!("flush {class:?}"), self.last)
    }

    fn maintain(&mut self, _now: Time) -> Result<(), LogFault> {
        Ok(())
    }

    fn due(&self) -> Option<Time> {
        None
    }

    fn chain(&self) -> Chain {
        Chain([0; 32])
    }
}

struct DiaryVenue(Diary);

impl Venue for DiaryVenue {
    fn send(&mut self, request: Request, _at: Time) {
        let word = match request {
            Request::Submit(_) => "submit",
            Request::Cancel { .. } | Request::CancelForeign { .. } => "cancel",
            Request::Lookup { .. }
            | Request::Report { .. }
            | Request::Chain(_)
            | Request::Quote(_) => "ask",
        };
        self.0.borrow_mut().push(word.to_owned());
    }
}

/// An engine, and the entry at which it will send an order.
fn before_an_order() -> (Engine, Entry) {
    let mut play = Play::new();
    play.block(&["symbol ACME tech 100.00 rising", "session 2026-03-02", "until 11:45"]);
    let engine = play.engine().clone();
    let known = play.entries().len();
    play.block(&["bar ACME 101.90 2600"]);
    let mut later = play.entries().split_off(known);
    later.retain(|entry| matches!(entry.event, Event::Minute(_)));
    (engine, later.remove(0))
}

fn check(fails: Option<&'static str>) -> (Vec<String>, bool) {
    let (engine, entry) = before_an_order();
    let diary = Diary::default();
    let log = DiaryLog { diary: Rc::clone(&diary), last: engine.seq().next(), fails };
    let venue = DiaryVenue(Rc::clone(&diary));
    let mut desk = Desk::new(engine, log, venue, ScriptClock(entry.at));
    let taken = desk.take(entry.event);
    let diary = diary.borrow().clone();
    (diary, taken.is_ok())
}

#[test]
fn an_order_is_durable_before_it_leaves() {
    let (diary, _) = check(None);
    assert_eq!(diary[..4], ["entry", "decision", "flush A", "submit"]);
}

#[test]
fn a_journal_that_cannot_be_written_sends_nothing() {
    for fails in ["entry", "decision", "flush"] {
        let (diary, taken) = check(Some(fails));
        assert!(!taken, "{fails}");
        assert!(!diary.contains(&"submit".to_owned()), "{diary:?}");
    }
}

#[test]
fn a_decision_knows_nothing_of_what_comes_later() {
    // The same past with two futures: the last decision is the same, to the bit.
    let decide = |future: &[&str]| {
        let mut play = Play::new();
        play.block(&["symbol ACME tech 100.00 rising", "session 2026-03-02", "until 11:45"]);
        play.block(&["bar ACME 101.90 2600"]);
        let past = play.entries();
        let last = past.iter().rposition(|entry| matches!(entry.event, Event::Minute(_)));
        play.block(future);
        let mut engine = Engine::new();
        let entries = play.entries();
        let steps: Vec<_> = entries
            .iter()
            .take(last.expect("a minute") + 1)
            .map(|e| engine.step(e).decision)
            .collect();
        (steps, engine.fingerprint())
    };
    let (up, down) = (decide(&["bar ACME 104.00 9000"]), decide(&["bar ACME 99.00 9000"]));
    assert!(up == down);
    let orders = |decision: &Decision| {
        decision.effects.iter().any(|effect| matches!(effect, Effect::Submit(_)))
    };
    assert!(up.0.last().is_some_and(orders), "the last decision of the past is an order");
}
