use backsight_domain::signal::{Direction, Playbook, Signal};
use backsight_domain::verdict::Gate;

use super::{Question, ReportRow, report};
use crate::sample::{Calendar, Saying};
use crate::told::{Fate, Teller, at, played};

const REFUSED: Fate<'static> = Fate::Refused(&[(Gate::Confidence, 0.5, 0.55)]);

fn rows(teller: &Teller, question: Question) -> Vec<ReportRow> {
    let past = teller.past();
    report(&past, &Calendar::of(&past), question)
}

fn names(rows: &[ReportRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

fn one(question: Question, change: impl FnOnce(&mut Signal)) -> String {
    let mut teller = Teller::new(1);
    teller.signal(at((1, 2), 60), change, &Fate::Taken, (1.0, 10));
    rows(&teller, question)[0].name.clone()
}

#[test]
fn trades_stand_beside_what_was_declined() {
    let mut teller = Teller::new(1);
    teller.signal(at((1, 2), 60), |_| (), &Fate::Taken, (1.0, 10));
    teller.signal(at((1, 2), 120), |_| (), &Fate::Taken, (-0.5, -5));
    teller.signal(at((1, 2), 180), |_| (), &REFUSED, (2.0, 20));
    teller.signal(at((1, 2), 240), |s| s.playbook = Playbook::News, &REFUSED, (1.0, 10));
    let rows = rows(&teller, Question::Playbook);
    assert_eq!(names(&rows), ["trend", "news"]);
    let trend = &rows[0];
    assert_eq!(trend.trades.record.expectancy, Some(0.25));
    assert_eq!(trend.trades.record.payoff, Some(2.0));
    assert_eq!(trend.ghosts.record.expectancy, Some(2.0));
    assert_eq!((trend.give_back, trend.minutes), (Some(0.5), Some(30.0)));
    assert_eq!(trend.trades.says(), Saying::Nothing(28));
    assert_eq!((rows[1].give_back, rows[1].trades.record.count), (None, 0));
}

#[test]
fn each_question_puts_a_case_in_one_row() {
    assert_eq!(one(Question::Confidence, |s| s.confidence = 0.55), "0.55 to 0.60");
    assert_eq!(one(Question::Confidence, |s| s.confidence = 0.5499), "0.50 to 0.55");
    assert_eq!(one(Question::Confidence, |s| s.confidence = 1.0), "0.95 to 1.00");
    let volume = |ratio| one(Question::Volume, |s| s.features.volume_ratio = ratio);
    assert_eq!(volume(Some(2.0)), "surge, from 2");
    assert_eq!(volume(Some(1.99)), "strong, 1.5 to 2");
    assert_eq!(volume(Some(1.0)), "normal, 1 to 1.5");
    assert_eq!(volume(Some(0.99)), "weak, below 1");
    assert_eq!(volume(None), "unknown");
    assert_eq!(one(Question::TimeOfDay, |_| ()), "10:30 to 11:00");
    assert_eq!(one(Question::Instrument, |_| ()), "shares");
    assert_eq!(one(Question::Exit, |_| ()), "target");
    assert_eq!(one(Question::Regime, |_| ()), "unknown");
}

#[test]
fn sentiment_agrees_with_a_direction_and_not_with_a_sign() {
    let told = |direction, sentiment: Option<f64>, trend| {
        one(Question::Sentiment, |s| {
            s.direction = direction;
            s.features.sentiment = sentiment;
            s.features.trend = Some(trend);
        })
    };
    assert_eq!(told(Direction::Short, Some(-0.5), 1), "short news + trend -");
    assert_eq!(told(Direction::Long, Some(-0.5), 1), "long news - trend +");
    assert_eq!(told(Direction::Long, None, 0), "long news ? trend 0");
}

#[test]
fn every_case_is_in_exactly_one_row_of_each_report() {
    let past = played();
    let calendar = Calendar::of(&past);
    for question in Question::ALL {
        let rows = report(&past, &calendar, question);
        let trades: usize = rows.iter().map(|row| row.trades.record.count).sum();
        assert_eq!(trades, past.history.trades.len(), "{question}");
    }
}
