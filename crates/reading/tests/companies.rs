//! The floor under which the reading of companies may not fall, on sentences written for it.

use std::sync::LazyLock;

use backsight_domain::time::Date;
use backsight_reading::company::Resolver;
use backsight_reading::company::quality::{Half, Labelled, Quality};

static RESOLVER: LazyLock<Resolver> = LazyLock::new(Resolver::builtin);
const TABLE: &str = include_str!("companies.tsv");
const STRANGERS: &str = include_str!("companies_strangers.tsv");
const NAMESAKES: &str = include_str!("companies_namesakes.tsv");
const FRESH: &str = include_str!("companies_fresh.tsv");

fn texts() -> Vec<Labelled> {
    labelled(TABLE)
}

fn labelled(table: &str) -> Vec<Labelled> {
    let date = Date::from_ymd(2026, 2, 2).expect("the date exists");
    Labelled::parse_all(table, date).expect("every row has its fields")
}

#[test]
fn the_set_is_large_and_a_third_of_it_names_no_company() {
    let texts = texts();
    let empty = texts.iter().filter(|it| it.expected.is_empty()).count();
    assert!(600 <= texts.len());
    assert!(texts.len() <= 3 * empty);
}

#[test]
fn every_expected_symbol_is_known_on_its_day() {
    for labelled in texts() {
        for ticker in &labelled.expected {
            let known = RESOLVER.directory().by_ticker(*ticker, labelled.date);
            assert!(known.is_some(), "`{ticker}` in `{}`", labelled.text);
        }
    }
}

#[test]
fn both_halves_stay_above_the_floor() {
    let texts = texts();
    for half in [Half::Development, Half::HeldOut] {
        let quality = Quality::measure(&RESOLVER, texts.iter().filter(|it| it.half() == half));
        let total = quality.total();
        assert!(0.90 <= total.f1(), "{half:?}\n{quality}");
        assert!(0.92 <= total.precision(), "{half:?}\n{quality}");
    }
}

#[test]
fn texts_without_a_company_get_under_two_symbols_per_hundred() {
    let texts = texts();
    for half in [Half::Development, Half::HeldOut] {
        let quality = Quality::measure(&RESOLVER, texts.iter().filter(|it| it.half() == half));
        assert!(quality.total().wrong_per_hundred_empty() < 2.0, "{half:?}\n{quality}");
    }
}

#[test]
fn whoever_shares_a_name_with_a_company_is_told_from_it() {
    for table in [STRANGERS, NAMESAKES] {
        let quality = Quality::measure(&RESOLVER, &labelled(table));
        assert!(quality.total().wrong_per_hundred_empty() < 3.0, "{quality}");
    }
}

#[test]
fn headlines_of_every_kind_are_read_as_well_as_those_the_rules_were_written_with() {
    let total = Quality::measure(&RESOLVER, &labelled(FRESH)).total();
    assert!(0.92 <= total.precision() && 0.90 <= total.f1(), "{total:?}");
}

#[test]
fn companies_are_found_beside_their_namesakes() {
    let total = Quality::measure(&RESOLVER, &labelled(NAMESAKES)).total();
    assert!(0.92 <= total.precision() && 0.90 <= total.f1(), "{total:?}");
}

#[test]
fn all_texts_together_stay_above_the_floor() {
    let all: Vec<Labelled> =
        [TABLE, STRANGERS, NAMESAKES, FRESH].into_iter().flat_map(labelled).collect();
    for half in [Half::Development, Half::HeldOut] {
        let quality = Quality::measure(&RESOLVER, all.iter().filter(|it| it.half() == half));
        let total = quality.total();
        assert!(0.90 <= total.f1() && 0.92 <= total.precision(), "{half:?}\n{quality}");
        assert!(total.wrong_per_hundred_empty() < 2.5, "{half:?}\n{quality}");
    }
}
