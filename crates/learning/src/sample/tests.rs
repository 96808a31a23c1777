use backsight_domain::policy::Policy;

use super::{Calendar, Saying};
use crate::past::Past;
use crate::told::{Fate, Teller, at, date};
use backsight_domain::session::Session;

fn calendar(sessions: usize) -> Calendar {
    let first = date(1, 2);
    let dates = (0..sessions).map(|n| match n {
        0 => first,
        n => Session::plus_sessions(first, i32::try_from(n).unwrap()).date(),
    });
    Calendar { dates: dates.collect(), ..Calendar::of(&Past::default()) }
}

#[test]
fn below_thirty_results_it_says_how_many_are_missing_and_nothing_else() {
    let calendar = calendar(40);
    let results = |count: usize| {
        let dates = calendar.dates.iter().cycle().take(count);
        calendar.sample(dates.map(|date| (*date, 1.0)).collect::<Vec<_>>())
    };
    assert_eq!(results(0).says(), Saying::Nothing(30));
    assert_eq!(results(29).says(), Saying::Nothing(1));
    assert_eq!(results(30).says(), Saying::Gains);
}

#[test]
fn many_results_of_one_session_say_nothing() {
    let calendar = calendar(40);
    let sample = calendar.sample((0..500).map(|_| (date(1, 2), 1.0)));
    assert_eq!((sample.record.count, sample.sessions), (500, 1));
    assert_eq!(sample.says(), Saying::FewSessions);
}

#[test]
fn what_could_be_chance_is_unclear() {
    let calendar = calendar(40);
    let wave = |shift: f64| {
        let ways = [-1.0, 1.0].into_iter().cycle();
        let results = calendar.dates.iter().zip(ways).map(|(date, way)| (*date, way + shift));
        calendar.sample(results.collect::<Vec<_>>()).says()
    };
    assert_eq!((wave(0.0), wave(0.9), wave(-0.9)), (Saying::Unclear, Saying::Gains, Saying::Loses));
}

#[test]
fn sessions_without_a_result_count_as_sessions() {
    let mut teller = Teller::new(1);
    for day in [2, 3, 4] {
        teller.signal(at((1, day), 60), |_| (), &Fate::Taken, (1.0, 10));
    }
    let past = teller.past();
    let calendar = Calendar::of(&past);
    assert_eq!(calendar.len(), 1, "no session was closed but the last is under way");
}

#[test]
fn a_policy_may_ask_for_more_before_anything_is_said() {
    let mut teller = Teller::new(1);
    let mut policy = Policy::default();
    policy.learning.sample_min = 100;
    teller.adopt(at((1, 2), 1), 2, policy);
    let calendar = Calendar::of(&teller.past());
    assert_eq!(calendar.sample((0..60).map(|_| (date(1, 2), 1.0))).says(), Saying::Nothing(40));
}
