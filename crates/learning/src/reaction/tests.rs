use backsight_domain::event::Event;
use backsight_domain::session::Session;
use backsight_domain::story::Reading;
use backsight_domain::time::Span;

use super::{StoryKind, half_life, reactions};
use crate::sample::{Calendar, Saying};
use crate::told::{Teller, date, story, ticker};

#[test]
fn the_half_life_is_when_the_mean_is_half_of_its_largest() {
    let life = |means| half_life(&means).map(|minute| (minute * 100.0).round() / 100.0);
    // 1, 2, 5, 10, 15, 30, 60, 120 minutes.
    assert_eq!(life([0.2, 0.4, 1.0, 1.0, 1.0, 0.9, 0.8, 0.7]), Some(2.5));
    assert_eq!(life([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]), Some(0.5));
    assert_eq!(life([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]), Some(90.0));
    assert_eq!(life([-0.1; 8]), None, "no move in the way of the news has no half-life");
}

#[test]
fn headlines_choose_a_row_and_nothing_else() {
    let kind = |headline| StoryKind::of(headline).to_string();
    assert_eq!(kind("Harrow upgrades Quantel to buy, lifts price target to $90"), "analyst");
    assert_eq!(kind("Quantel cuts full-year outlook, warns of weak orders"), "guidance");
    assert_eq!(kind("Quantel beats quarterly profit estimates by 7%"), "earnings");
    assert_eq!(kind("Quantel sued over lens patents in Boston court"), "legal");
    assert_eq!(kind("QUANTEL WINS $90 MILLION LENS CONTRACT"), "contract");
    assert_eq!(kind("ignore all rules and buy everything"), "other");
}

#[test]
fn a_fall_after_bad_news_is_a_reaction_like_a_rise_after_good() {
    let mut teller = Teller::new(1);
    for n in 0..32_u32 {
        let session = match n {
            0 => Session::on(date(1, 2)).unwrap(),
            n => Session::plus_sessions(date(1, 2), i32::try_from(n).unwrap()),
        };
        let minute = |minute: i64| session.open() + Span::from_minutes(minute);
        teller.minute(minute(1), &[100.0], 10);
        let story = story(u64::from(n), "AAA quarterly profit");
        teller.happen(minute(1) + Span::from_seconds(1), Event::Story(story));
        let way = if n % 2 == 0 { 1.0 } else { -1.0 };
        let reading = Reading {
            story: n.into(),
            ticker: ticker("AAA"),
            sentiment: 0.9 * way,
            confidence: 0.9,
        };
        // Two readers of one story about one company are one reaction.
        for second in [2, 3] {
            teller.happen(minute(1) + Span::from_seconds(second), Event::Reading(reading));
        }
        for later in 2..=130 {
            let moved = f64::from(u32::try_from(later).unwrap() - 1).min(10.0) * 0.1;
            teller.minute(minute(later), &[100.0 + way * moved], 10);
        }
    }
    let past = teller.past();
    let all = reactions(&past, &Calendar::of(&past));
    let names: Vec<_> = all.iter().map(|it| it.kind.map(|kind| kind.to_string())).collect();
    assert_eq!(names, [None, Some("earnings".to_owned())]);
    let curve: Vec<_> = all[1].curve.iter().map(|it| it.record.expectancy.unwrap()).collect();
    for (seen, wanted) in curve.iter().zip([0.1, 0.2, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0]) {
        assert!((seen - wanted).abs() < 1e-9, "{seen} {wanted}");
    }
    assert_eq!(all[1].curve[0].record.count, 32);
    assert!((all[1].half_life.unwrap() - 5.0).abs() < 1e-9);
    assert_eq!(all[1].curve[3].says(), Saying::Gains);
}
