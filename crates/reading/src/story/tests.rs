use proptest::prelude::*;

use std::collections::BTreeSet;

use super::*;

const START: i64 = 1_795_000_000;

fn sighting<'a>(source: &'a str, headline: &'a str, link: &'a str, minute: i64) -> Sighting<'a> {
    let at = Time::from_seconds(START) + Span::from_minutes(minute);
    Sighting { source, headline, link, text: "", at }
}

/// Places two headlines of two outlets a minute apart.
fn pair(one: &str, other: &str) -> (Placed, Placed) {
    let mut stories = Stories::new(Settings::default());
    let first = stories.place(&sighting("Harbour Wire", one, "", 0));
    (first, stories.place(&sighting("Gull Post", other, "", 1)))
}

fn same(one: &str, other: &str) -> bool {
    let (first, second) = pair(one, other);
    first.story == second.story
}

#[test]
fn ten_copies_are_one_story_and_confirm_once_for_each_outlet() {
    let mut stories = Stories::new(Settings::default());
    let headline = "Tern Shipping orders four ferries from Aalmouth yard";
    let outlets =
        ["Wire", "Post", "Wire", "Times", "wire ", "Post", "Wire", "Wire", "Times", "Wire"];
    let mut placed = Vec::new();
    for (minute, outlet) in (0..).zip(outlets) {
        let copy = format!("{headline} - {outlet}");
        placed.push(stories.place(&sighting(outlet, &copy, "", minute)));
    }
    assert!(placed.iter().all(|it| it.story == placed[0].story));
    assert!(placed.iter().all(|it| it.first_seen == Time::from_seconds(START)));
    let last = placed.last().unwrap();
    assert_eq!((last.sightings, last.outlets, stories.len()), (10, 3, 1));
    let confirming: Vec<bool> = placed.iter().map(|it| it.confirms).collect();
    assert_eq!(confirming.iter().filter(|it| **it).count(), 3);
    assert_eq!(confirming[..4], [true, true, false, true]);
}

#[test]
fn one_address_is_one_story_under_any_headline() {
    let mut stories = Stories::new(Settings::default());
    let first = stories.place(&sighting(
        "Wire",
        "Tern orders ferries",
        "https://wire.example/1?utm_source=a",
        0,
    ));
    let second =
        stories.place(&sighting("Wire", "Four ferries for Tern", "http://www.wire.example/1/", 1));
    assert_eq!((second.story, second.because), (first.story, Because::SameAddress));
    let front = "https://wire.example/";
    let one = stories.place(&sighting("Wire", "Harbour closes for a storm today", front, 2));
    let other = stories.place(&sighting("Wire", "Copper mine reopens in the north", front, 3));
    assert_ne!(one.story, other.story);
}

#[test]
fn wording_that_says_the_same_is_the_same_story() {
    for (one, other) in [
        (
            "Tern Shipping beats estimates, raises forecast - Reuters",
            "Tern Shipping beats estimates, raises forecast | MarketWatch",
        ),
        (
            "UPDATE 2-Tern Shipping beats estimates, raises forecast",
            "Tern Shipping beats estimates, raises forecast",
        ),
        (
            "BREAKING: Tern Shipping beats estimates, raises forecast",
            "Tern Shipping Beats Estimates; Raises Forecast",
        ),
        (
            "Tern Shipping\u{2019}s profits rise 4.5% in the third quarter",
            "Tern Shipping's profit rises 4.5% in third quarter",
        ),
        (
            "EXCLUSIVE-Gull Motors in talks to buy Lumen Energy, sources say",
            "Gull Motors in talks to buy Lumen Energy: sources",
        ),
        (
            "Gull Motors to buy Lumen Energy for $2.1 bln",
            "Ｇｕｌｌ Motors to buy Lumen\u{200b} Energy for $2.1 bln",
        ),
    ] {
        assert!(same(one, other), "{one} / {other}");
    }
}

#[test]
fn stories_of_one_company_stay_apart() {
    for (one, other) in [
        (
            "Tern Shipping beats estimates in third quarter",
            "Tern Shipping misses estimates in third quarter",
        ),
        (
            "Tern Shipping beats estimates in third quarter",
            "Tern Shipping beats estimates in fourth quarter",
        ),
        ("Tern Shipping Q3 profit rises on ferries", "Tern Shipping Q2 profit rises on ferries"),
        (
            "Tern Shipping to buy Lumen Energy for $2 bln",
            "Tern Shipping to buy Lumen Energy for $3 bln",
        ),
        (
            "Tern Shipping declares quarterly dividend of $0.20",
            "Gull Motors declares quarterly dividend of $0.20",
        ),
        (
            "Tern Shipping to present at the harbour conference",
            "Lumen Energy to present at the harbour conference",
        ),
        (
            "Regulator approves Tern Shipping ferry in Aalmouth",
            "Regulator does not approve Tern Shipping ferry in Aalmouth",
        ),
        (
            "Tern Shipping plans merger with Gull Motors",
            "Tern Shipping denies it plans merger with Gull Motors",
        ),
        (
            "Tern Shipping names new chief executive officer",
            "Tern Shipping names new chief financial officer",
        ),
        (
            "Analyst raises price target on Tern Shipping to 40",
            "Analyst raises price target on Tern Shipping to 45",
        ),
        ("Tern Shipping shares rise after results", "Tern Shipping shares fall after results"),
        ("Market update", "Market update"),
    ] {
        assert!(!same(one, other), "{one} / {other}");
        assert!(!same(other, one), "{other} / {one}");
    }
}

#[test]
fn a_follow_up_is_a_copy_when_it_says_the_same_and_a_story_when_it_does_not() {
    let first = "Tern Shipping beats estimates, raises forecast";
    let (before, after) = pair(first, "UPDATE 1-Tern Shipping beats estimates, raises forecast");
    assert_eq!((after.story, after.follow_up, before.follow_up), (before.story, true, false));
    let (before, after) = pair(first, "UPDATE 2-Tern Shipping shares jump 12% as ferries sell out");
    assert_ne!(after.story, before.story);
    assert!(after.follow_up && after.because == Because::New);
    let (before, after) =
        pair(first, "CORRECTED-Tern Shipping beats estimates, raises forecast (Nov 20)");
    assert_ne!(after.story, before.story, "a number more is another statement");
}

#[test]
fn copies_of_a_long_text_are_found_under_another_headline() {
    let words = "the yard in aalmouth will build four ferries of a new kind for tern shipping which said on friday that \
                 demand for crossings had never been higher and that the first ship would sail before the summer of the \
                 year after next while unions warned that there were not enough welders in the whole region to finish";
    let copy = format!("AALMOUTH (Reuters) - {words} in time.");
    let other = words.split(' ').rev().collect::<Vec<_>>().join(" ");
    let place = |stories: &mut Stories, headline, text, minute| {
        stories.place(&Sighting { text, ..sighting("Wire", headline, "", minute) })
    };
    let mut stories = Stories::new(Settings::default());
    let first =
        place(&mut stories, "Tern Shipping orders four ferries from Aalmouth yard", words, 0);
    let second = place(&mut stories, "Aalmouth wins a big contract for new ships", &copy, 1);
    assert_eq!(second.story, first.story);
    assert!(matches!(second.because, Because::LikeText(_)), "{:?}", second.because);
    let third = place(&mut stories, "Aalmouth strikes fear into its workers again", &other, 2);
    assert_ne!(third.story, first.story, "the same words in another order are another text");
    let fourth = place(&mut stories, "Copper prices climb to record level", words, 3);
    assert_ne!(fourth.story, first.story, "a headline without a word in common");
}

#[test]
fn a_story_takes_copies_within_its_window_and_not_after() {
    let headline = "Tern Shipping orders four ferries from Aalmouth yard";
    let mut stories = Stories::new(Settings::default());
    let hours = |hours: i64| hours * 60;
    let first = stories.place(&sighting("Wire", headline, "", 0));
    assert_eq!(stories.place(&sighting("Post", headline, "", hours(48))).story, first.story);
    let later = stories.place(&sighting("Times", headline, "", hours(48) + 1));
    assert_ne!(later.story, first.story);
    assert_eq!((later.sightings, stories.len()), (1, 1));
    // The clock of a sighting never runs back.
    let early = stories.place(&sighting("Globe", "Copper mine reopens in the north", "", 0));
    assert_eq!(early.first_seen, later.first_seen);
}

#[test]
fn memory_is_bounded_by_the_oldest_stories() {
    let settings = Settings { stories_max: 3, ..Settings::default() };
    let mut stories = Stories::new(settings);
    let headlines = [
        "alpha beta gamma delta",
        "epsilon zeta eta theta",
        "iota kappa lambda my",
        "ny xi omikron pi",
        "rho sigma tau ypsilon",
    ];
    let ids: Vec<u64> = (0..)
        .zip(headlines)
        .map(|(minute, it)| stories.place(&sighting("W", it, "", minute)).story)
        .collect();
    assert_eq!(stories.len(), 3);
    assert_eq!(stories.place(&sighting("P", headlines[4], "", 9)).story, ids[4]);
    assert_ne!(stories.place(&sighting("P", headlines[0], "", 9)).story, ids[0]);
    assert!(stories.by_key.len() <= 3 * KEYS_MAX);
}

#[test]
fn bytes_that_nobody_wrote_are_refused() {
    let mut stories = Stories::new(Settings::default());
    stories.place(&sighting("Wire", "Tern Shipping orders four ferries", "https://a.example/1", 0));
    let bytes = stories.encode();
    for length in 0..bytes.len() {
        assert!(Stories::decode(&bytes[..length]).is_none(), "{length}");
    }
    assert!(Stories::decode(&[bytes.clone(), vec![0]].concat()).is_none());
    assert!(Stories::decode(&bytes).is_some());
}

fn headlines() -> impl Strategy<Value = Vec<(u8, String, i64)>> {
    let word = proptest::sample::select(vec![
        "Tern",
        "Gull",
        "Lumen",
        "beats",
        "misses",
        "estimates",
        "raises",
        "forecast",
        "not",
        "UPDATE 2-",
        "- Reuters",
        "ferries",
        "copper",
        "Q3",
        "Q2",
        "orders",
        "the",
        "of",
    ]);
    let headline = proptest::collection::vec(word, 1..9).prop_map(|words| words.join(" "));
    proptest::collection::vec((0_u8..4, headline, 0_i64..4000), 1..40)
}

fn run(stories: &mut Stories, told: &[(u8, String, i64)]) -> Vec<Placed> {
    let place = |(outlet, headline, minute): &(u8, String, i64)| {
        let source = ["Wire", "Post", "Times", "Globe"][usize::from(*outlet)];
        let link = format!("https://wire.example/{}", minute % 7);
        let link = if minute % 3 == 0 { link } else { String::new() };
        stories.place(&sighting(source, headline, &link, *minute))
    };
    told.iter().map(place).collect()
}

proptest! {
    #[test]
    fn prop_the_same_sightings_give_the_same_stories_even_over_a_restart(told in headlines(), cut in 0_usize..40) {
        let settings = Settings { stories_max: 10, window: Span::from_minutes(900), ..Settings::default() };
        let mut straight = Stories::new(settings);
        let expected = run(&mut straight, &told);
        let (before, after) = told.split_at(cut.min(told.len()));
        let mut stories = Stories::new(settings);
        let mut found = run(&mut stories, before);
        let mut restored = Stories::decode(&stories.encode()).unwrap();
        found.extend(run(&mut restored, after));
        prop_assert_eq!(found, expected);
        prop_assert_eq!(restored.encode(), straight.encode());
    }

    #[test]
    fn prop_counts_agree_and_outlets_confirm_once(told in headlines()) {
        let mut stories = Stories::new(Settings { window: Span::from_minutes(1_000_000), ..Settings::default() });
        let placed = run(&mut stories, &told);
        let ids: BTreeSet<u64> = placed.iter().map(|it| it.story).collect();
        prop_assert_eq!(ids.len(), stories.len());
        for id in ids {
            let of: Vec<&Placed> = placed.iter().filter(|it| it.story == id).collect();
            prop_assert!(of[0].because == Because::New && of[1..].iter().all(|it| it.because != Because::New));
            prop_assert!((1..).zip(&of).all(|(count, it)| it.sightings == count));
            prop_assert_eq!(of.iter().filter(|it| it.confirms).count(), of.last().unwrap().outlets as usize);
        }
    }

    #[test]
    fn prop_a_repeated_headline_is_one_story(headline in "\\PC{0,60}", other in "[a-z ]{0,10}") {
        let mut stories = Stories::new(Settings::default());
        let first = stories.place(&sighting("Wire", &headline, "", 0));
        let second = stories.place(&sighting("Wire", &headline, "", 1));
        prop_assert_eq!(first.story, second.story);
        stories.place(&sighting(&other, &other, &headline, 2));
    }

    #[test]
    fn prop_any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Some(stories) = Stories::decode(&bytes) {
            prop_assert_eq!(stories.encode(), bytes);
        }
    }
}
