use backsight_domain::decision::{Hold, HoldReason, Reason};
use backsight_domain::event::Event;
use backsight_domain::session::Session;
use backsight_domain::signal::{Factor, FactorName, Playbook, Signal};
use backsight_domain::time::Date;
use backsight_domain::verdict::Gate;

use super::{Advice, dips, summary};
use crate::sample::Calendar;
use crate::told::{Fate, Teller, at, date, ticker};

fn day(n: i32) -> Date {
    if n == 0 { date(1, 2) } else { Session::plus_sessions(date(1, 2), n).date() }
}

fn dip(signal: &mut Signal) {
    signal.playbook = Playbook::Dip;
    signal.breakdown = vec![Factor { name: FactorName::Thesis, value: 0.8 }];
}

fn hold(teller: &mut Teller, minute: i64, why: HoldReason) {
    let cause = teller.happen(at((1, 2), minute), Event::Tick);
    let hold = Hold {
        playbook: Playbook::Dip,
        ticker: ticker("BBB"),
        why,
        observed: 0.4,
        threshold: 0.75,
    };
    teller.decide(cause, vec![Reason::Held(hold)], Vec::new());
}

#[test]
fn the_yes_is_compared_with_the_no() {
    // amc P20: every look was counted as a recommendation, and no outcome was ever filled in.
    let mut teller = Teller::new(2);
    teller.minute(at((1, 2), 1), &[100.0, 50.0], 10);
    teller.signal(at((1, 2), 10), dip, &Fate::Taken, (1.0, 10));
    hold(&mut teller, 20, HoldReason::ThesisWeak);
    hold(&mut teller, 21, HoldReason::FellTooFar);
    for n in 0..=31 {
        teller.close(day(n), &[110.0, 45.0]);
    }
    let past = teller.past();
    let looks = dips(&past);
    let told: Vec<_> =
        looks.iter().map(|look| (look.advice, look.strength, look.is_bought)).collect();
    let wanted = [
        (Advice::More, Some(0.8), true),
        (Advice::Leave(HoldReason::ThesisWeak), Some(0.4), false),
    ];
    assert_eq!(told, wanted, "the second hold of a week is the same episode");
    let [more, leave] = summary(&looks, &Calendar::of(&past));
    assert_eq!((more.looks, more.bought, leave.looks, leave.bought), (1, 1, 1, 0));
    for place in [0, 1] {
        let result = |row: &super::DipRow| row.after[place].record.expectancy.unwrap();
        assert!((result(&more) - 10.0).abs() < 1e-9 && (result(&leave) + 10.0).abs() < 1e-9);
    }
}

#[test]
fn a_refused_recommendation_is_a_recommendation_that_was_not_bought() {
    let mut teller = Teller::new(1);
    let refused = Fate::Refused(&[(Gate::BuyingPower, 1.0, 2.0)]);
    teller.signal(at((1, 2), 10), dip, &refused, (1.0, 10));
    let looks = dips(&teller.past());
    assert_eq!((looks.len(), looks[0].is_bought), (1, false));
    assert_eq!(looks[0].course.after(7), None, "a week has not passed");
}
