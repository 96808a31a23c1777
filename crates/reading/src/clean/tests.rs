use proptest::prelude::*;

use super::*;

#[test]
fn what_cannot_be_seen_is_removed() {
    let checks = [
        ("plain text", "plain text"),
        ("  two\u{a0}\u{2003}spaces \n", "two spaces"),
        ("zero\u{200b}width\u{feff}", "zerowidth"),
        ("turn\u{202e}ed\u{2069}", "turned"),
        ("soft\u{ad}hyphen", "softhyphen"),
        ("bell\u{7}null\u{0}", "bell null"),
        ("\u{e0041}tag", "tag"),
        ("a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "á\u{301}\u{301}\u{301}\u{301}"),
    ];
    for (raw, expected) in checks {
        assert_eq!(text(raw, 100), expected, "{raw:?}");
    }
}

#[test]
fn what_looks_alike_is_spelt_alike() {
    assert_eq!(text("Ｔｅｓｌａ ﬁles ①②  ½", 100), "Tesla files 12 1⁄2");
    assert_eq!(text("cafe\u{301}", 100), "café");
}

#[test]
fn a_text_ends_at_its_limit_and_between_letters() {
    assert_eq!(text("abc def", 4), "abc");
    assert_eq!(text("abc def", 5), "abc d");
    assert_eq!(text("ééé", 5), "éé");
    assert_eq!(
        text(&"\u{fdfa}".repeat(1000), 64).len(),
        64_usize.min(text(&"\u{fdfa}".repeat(1000), 64).len())
    );
}

#[test]
fn mixed_scripts_are_suspicious_and_languages_are_not() {
    let checks = [
        ("Apple beats estimates", 0.0),
        ("Société Générale relève ses objectifs", 0.0),
        ("Газпром снижает добычу газа", 0.0),
        ("トヨタがEV生産を拡大", 0.0),
        ("Τράπεζα Πειραιώς ανακοινώνει κέρδη", 0.0),
        ("\u{0410}pple \u{0440}ays", 1.0),
        ("Te\u{200b}sla rises", 0.5),
        ("\u{0441}\u{043e}\u{0440}\u{0435} buys", 0.25),
        ("", 0.0),
        ("+3.4 %", 0.0),
    ];
    for (raw, expected) in checks {
        assert!((suspicion(raw) - expected).abs() < 1e-9, "{raw}: {}", suspicion(raw));
    }
}

proptest! {
    #[test]
    fn prop_clean_text_is_bounded_and_stays_as_it_is(raw in "\\PC{0,60}", limit in 0_usize..100) {
        let once = text(&raw, limit);
        prop_assert!(once.len() <= limit);
        prop_assert!(!once.contains("  ") && once.trim() == once);
        prop_assert!(!once.contains(is_invisible), "{once:?}");
        prop_assert_eq!(text(&once, limit), once);
    }

    #[test]
    fn prop_suspicion_is_a_share(raw in "\\PC{0,60}") {
        prop_assert!((0.0..=1.0).contains(&suspicion(&raw)));
    }
}
