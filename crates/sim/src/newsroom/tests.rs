use std::collections::BTreeSet;

use super::*;
use crate::market::company::companies;

struct Press {
    happenings: Vec<Happening>,
    effects: Vec<Effect>,
}

impl Press {
    /// Everything published in the first `days` days of a world.
    fn of(world: &World, days: i32) -> Self {
        let mut newsroom = Newsroom::new(world, companies(world.symbols));
        let (mut happenings, mut effects) = (Vec::new(), Vec::new());
        for day in 1..=days {
            let until = at_new_york(world.start.plus_days(day), 0, 0);
            newsroom.release(until, &mut happenings, &mut effects);
        }
        Self { happenings, effects }
    }

    fn stories(&self) -> impl Iterator<Item = (Time, &Story)> {
        self.happenings.iter().filter_map(|happening| {
            let Event::Story(story) = &happening.event else { return None };
            Some((happening.at, story))
        })
    }

    fn readings(&self) -> impl Iterator<Item = (Time, &Reading)> {
        self.happenings.iter().filter_map(|happening| {
            let Event::Reading(reading) = &happening.event else { return None };
            Some((happening.at, reading))
        })
    }
}

fn share(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(whole).unwrap())
}

#[test]
fn copies_share_the_identity_and_only_the_first_arrival_moves_the_price() {
    let press = Press::of(&World::standard(1), 60);
    let ids: BTreeSet<u64> = press.stories().map(|(_, story)| story.id).collect();
    let told = press.stories().count();
    assert!(ids.len() + 300 < told, "{} of {told}", ids.len());
    let moved: BTreeSet<u64> = press.effects.iter().map(|effect| effect.story).collect();
    assert_eq!(moved.len(), press.effects.len());
    for effect in &press.effects {
        let first = press.stories().find(|(_, story)| story.id == effect.story).unwrap().0;
        let delay = (effect.at - first).seconds_floor();
        assert!((5..=480).contains(&delay), "{delay}");
        assert!(effect.size != 0.0 && effect.size.abs() < 2.0);
    }
}

#[test]
fn news_comes_in_the_order_of_time_inside_and_outside_sessions() {
    let press = Press::of(&World::standard(2), 60);
    let times: Vec<Time> = press.happenings.iter().map(|happening| happening.at).collect();
    assert!(times.is_sorted());
    let inside = press.stories().filter(|(at, _)| Session::at(*at).is_some()).count();
    let inside = share(inside, press.stories().count());
    assert!((0.2..0.6).contains(&inside), "{inside}");
    let weekend = press.stories().filter(|(at, _)| Session::on(at.utc_date()).is_none()).count();
    assert!(0 < weekend);
    for (at, story) in press.stories() {
        assert!(story.published.is_none_or(|published| published <= at));
    }
}

#[test]
fn the_reader_is_as_right_as_the_world_says_and_reads_only_true_stories() {
    let press = Press::of(&World { reader: Some(0.8), ..World::standard(3) }, 365);
    let sign = |reading: &Reading| {
        let effect = press.effects.iter().find(|effect| effect.story == reading.story)?;
        Some(effect.size.signum() * reading.sentiment.signum())
    };
    let first: std::collections::BTreeMap<u64, f64> =
        press.readings().filter_map(|(_, reading)| Some((reading.story, sign(reading)?))).collect();
    let right = first.values().filter(|&&sign| 0.0 < sign).count();
    let right = share(right, first.len());
    assert!((0.76..0.84).contains(&right), "{right} of {}", first.len());
    for (at, reading) in press.readings() {
        let heard = press
            .stories()
            .any(|(told, story)| story.id == reading.story && told + READING_TIME == at);
        assert!(heard && reading.sentiment.abs() < 1.0 && reading.confidence < 1.0);
    }
    let without = Press::of(&World { reader: None, ..World::standard(3) }, 10);
    assert_eq!(without.readings().count(), 0);
}

#[test]
fn every_hostile_form_appears_and_none_has_an_effect() {
    let world = World { stories: 0.0, chatter: 0.0, hostile: 30.0, ..World::standard(4) };
    let press = Press::of(&world, 20);
    let forms: [fn(&str) -> bool; 9] = [
        |text| text.contains("previous instructions"),
        |text| text.contains("<script>"),
        |text| text.contains('\u{200B}'),
        |text| text.contains('\u{202E}'),
        |text| text.contains('\u{043E}') || text.contains('\u{0430}'),
        |text| text.contains("DROP TABLE"),
        |text| text.contains("\r\n"),
        str::is_empty,
        |text| text.len() == 20_000,
    ];
    for (number, form) in forms.iter().enumerate() {
        assert!(
            press.stories().any(|(_, story)| form(&story.headline)),
            "form {number} is missing"
        );
    }
    assert!(press.effects.is_empty() && press.readings().next().is_none());
}

#[test]
fn every_pattern_can_be_filled_for_every_sector() {
    let companies = companies(16);
    let mut chance = Chance::root(5);
    for company in &companies {
        for kind in grammar::KINDS.iter().chain([&grammar::DENIAL]) {
            for _ in 0..20 {
                let headline = grammar::headline(kind, company, &mut chance);
                assert!(headline.contains(&company.alias) && !headline.contains('{'), "{headline}");
            }
        }
    }
    let chatter: Vec<String> =
        (0..500).map(|_| grammar::chatter(&companies, &mut chance)).collect();
    assert!(chatter.iter().any(|headline| headline.contains("anchor")));
    assert!(chatter.iter().all(|headline| !headline.contains(['{', '}'])));
}

#[test]
fn companies_have_names_and_tickers_of_their_own() {
    let companies = companies(1_500);
    let tickers: BTreeSet<_> = companies.iter().map(|company| company.ticker).collect();
    let names: BTreeSet<_> = companies.iter().map(|company| &company.name).collect();
    let aliases: BTreeSet<_> = companies.iter().map(|company| &company.alias).collect();
    assert_eq!((tickers.len(), names.len(), aliases.len()), (1_500, 1_500, 1_500));
    assert!(tickers.iter().all(|ticker| (2..=5).contains(&ticker.as_str().len())));
}
