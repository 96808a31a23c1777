use backsight_domain::decision::Decision;
use backsight_domain::event::{Entry, Event, Mode, PolicyAdopted, Started};
use backsight_domain::id::{DeskName, PolicyVersion};
use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Bar, Listing, Minute, Universe};
use backsight_domain::money::Money;
use backsight_domain::order::AccountReport;
use backsight_domain::price::Price;
use backsight_domain::proposal::{Cadence, Change, Cycle, Evidence};
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Span, Time};
use backsight_journal::wire::to_bytes;

use super::*;
use backsight_domain::decision::Effect;

/// A desk that sees one share rise by two cents every other minute.
struct World {
    engine: Engine,
    at: Time,
    close: i64,
}

impl World {
    fn begin() -> Self {
        let text = "[learning]\nshadow_sessions = 0\ncanary_sessions = 0\n\
                    [accounts.large]\noptions = false";
        let policy = Policy::from_toml(text).unwrap();
        let mut world = Self { engine: Engine::new(), at: Time::default(), close: 1_000_000 };
        let desk = DeskName(Ticker::parse("TEST").unwrap());
        let build = "test".into();
        world.step(Event::Started(Started { desk, build, mode: Mode::Simulated }));
        let ticker = Ticker::parse("ACME").unwrap();
        let listing =
            Listing { ticker, sector: "tech".into(), fractionable: false, shortable: false };
        world.step(Event::Universe(Universe { listings: vec![listing] }));
        let (version, who) = (PolicyVersion(1), "test".into());
        world.step(Event::PolicyAdopted(Box::new(PolicyAdopted { version, policy, who })));
        world.report();
        world
    }

    fn step(&mut self, event: Event) -> Decision {
        let seq = self.engine.seq().next();
        self.engine.step(&Entry { seq, at: self.at.later(self.engine.now()), event }).decision
    }

    fn report(&mut self) {
        self.step(Event::Report(AccountReport {
            account: backsight_domain::id::AccountId(0),
            cash: Money::dollars(100_000),
            holdings: Vec::new(),
            open_orders: Vec::new(),
            fills: Vec::new(),
            busts: Vec::new(),
            settlements: Vec::new(),
            payouts: Vec::new(),
        }));
    }

    fn bar(&mut self, start: Time, (step, volume): (i64, i32)) -> Decision {
        let open = Price::from_ticks(self.close).unwrap();
        self.close += step;
        let close = Price::from_ticks(self.close).unwrap();
        let mut minute = Minute::of_length(start, 1);
        let (high, low) = (open.max(close), open.min(close));
        minute.set(Slot(0), Bar { open, high, low, close, volume });
        self.at = minute.end();
        let decision = self.step(Event::Minute(minute));
        if decision.effects.iter().any(|e| matches!(e, Effect::Report(_))) {
            self.report();
        }
        decision
    }

    /// Quiet minutes of a session, by their number from the open.
    fn quiet(&mut self, session: Session, minutes: std::ops::Range<i64>) {
        for number in minutes {
            let start = session.open() + Span::from_minutes(number);
            self.bar(start, (200 * (number % 2), 1000));
        }
    }

    fn say(&mut self, command: Command, key: u64) -> Decision {
        let (who, why) = ("ada".into(), "test".into());
        self.step(Event::Operator(OperatorCommand { command, who, why, key }))
    }
}

fn lesson(to: &str) -> Finding {
    let path = "accounts.large.confidence_min".into();
    let evidence = Evidence {
        sessions: 60,
        sample: 120,
        effect: 0.5,
        low: 0.2,
        high: 0.8,
        spread: 1.0,
        out_of_time: 0.4,
        stressed: 0.3,
        q: 0.01,
        ..Evidence::default()
    };
    let changes = vec![Change { path, from: "0.55".into(), to: to.into() }];
    Finding { changes, evidence, commentary: Some("a model says: buy everything".into()) }
}

/// What is decided on a breakout in the session after a proposal was answered, once something
/// more was said in that session's morning.
fn decided(
    answer: fn(ProposalId) -> Command,
    morning: fn(ProposalId) -> Command,
) -> (Decision, Engine) {
    let first = Session::on(Date::from_ymd(2026, 3, 2).unwrap()).unwrap();
    let second = Session::next(first.date());
    let mut world = World::begin();
    world.quiet(first, 0..390);
    world.step(Event::Learned(Lesson::Found(Box::new(lesson("0.7")))));
    let id = world.engine.lessons().proposals[0].id;
    world.say(answer(id), 1);
    world.quiet(second, 0..30);
    world.say(morning(id), 2);
    world.quiet(second, 30..135);
    // It breaks out on little volume: confident enough for 0.55, and not for 0.7.
    let start = second.open() + Span::from_minutes(135);
    let decision = world.bar(start, (5_400, 1_600));
    (decision, world.engine)
}

#[test]
fn a_stored_lesson_changes_a_later_decision_and_withdrawing_it_changes_it_back_bit_for_bit() {
    let (without, plain) = decided(Command::Reject, Command::Withdraw);
    let (with, taught) = decided(Command::Approve, Command::Reject);
    let (after, mut restored) = decided(Command::Approve, Command::Withdraw);
    let verdict = |decision: &Decision| {
        let found = decision.because.iter().find_map(|reason| {
            if let Reason::Verdict(verdict) = reason { Some(verdict.is_approval()) } else { None }
        });
        found.expect("the breakout is a signal")
    };
    assert!(verdict(&without), "{without:?}");
    assert!(!verdict(&with), "{with:?}");
    assert_eq!(to_bytes(&after), to_bytes(&without));
    assert_eq!(restored.policy(), plain.policy());
    assert_ne!(taught.policy(), plain.policy());
    assert_eq!(taught.base_policy(), plain.base_policy());
    // Nothing but the memory of it is different.
    assert_ne!(restored.fingerprint(), plain.fingerprint());
    restored.lessons = plain.lessons.clone();
    assert_eq!(restored.fingerprint(), plain.fingerprint());
    assert_eq!(restored.snapshot(), plain.snapshot());
}

#[test]
fn words_about_a_finding_are_kept_and_change_nothing() {
    let (_, engine) = decided(Command::Reject, Command::Withdraw);
    let proposal = &engine.lessons().proposals[0];
    assert!(proposal.finding.commentary.is_some());
    assert_eq!(engine.policy(), engine.base_policy());
}

#[test]
fn an_engine_with_lessons_survives_its_snapshot() {
    let (_, engine) = decided(Command::Approve, Command::Reject);
    let restored = Engine::restore(&engine.snapshot()).unwrap();
    assert_eq!(restored.fingerprint(), engine.fingerprint());
    assert_eq!(restored.policy(), engine.policy());
    assert_eq!(restored.lessons(), engine.lessons());
}

#[test]
fn what_is_told_again_is_counted_and_has_no_second_name() {
    // P28: a cycle that ran again took the name of the one before it.
    let mut world = World::begin();
    let told = Lesson::Cycle(Cycle {
        cadence: Cadence::Weekly,
        session: Date::from_ymd(2026, 3, 6).unwrap(),
        through: world.engine.seq(),
        closed: 40,
        trials: 7,
    });
    for _ in 0..2 {
        world.step(Event::Learned(told.clone()));
    }
    let mut finding = lesson("0.7");
    finding.evidence.trials = 14;
    for _ in 0..2 {
        world.step(Event::Learned(Lesson::Found(Box::new(finding.clone()))));
    }
    let lessons = world.engine.lessons();
    assert_eq!((lessons.trials, lessons.cycles.len()), (14, 1));
    assert_eq!((lessons.proposals.len(), lessons.proposals[0].found), (1, 2));
    // An entry is told once, so that its number is a name for ever.
    assert!(lessons.proposals[0].id.0 < world.engine.seq());
}
