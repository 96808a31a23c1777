//! Every signal has a story, and every silence a reason.

use serde_json::Value;

use crate::desk::{Home, TWO_DAYS};

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn why_explains_every_signal() {
    let home = Home::with_two_days("why");
    let listed = home.json(&["why"]);
    let signals = array(&listed["signals"]);
    assert!(20 < signals.len());
    let mut seen = (0, 0);
    for id in signals.iter().step_by(9).map(|signal| signal["id"].as_str().unwrap()) {
        let told = home.json(&["why", id]);
        assert_eq!(told["signal"]["id"], id);
        let factors = array(&told["signal"]["factors"]);
        let told_by = factors.iter().fold(0.0, |so_far, factor| {
            let value = factor["value"].as_f64().unwrap();
            if factor["adds"] == true { so_far + value } else { so_far * value }
        });
        let confidence = told["signal"]["confidence"].as_f64().unwrap();
        assert!((told_by.clamp(0.0, 1.0) - confidence).abs() < 1e-12, "{id}: {told_by}");
        let verdicts = array(&told["verdicts"]);
        assert_eq!(verdicts.len(), 3, "one for each account");
        // Five gates are about options and are asked when one would be bought.
        assert!(verdicts.iter().all(|verdict| [31, 36].contains(&array(&verdict["gates"]).len())));
        let refused = verdicts.iter().filter(|verdict| verdict["approved"] == false).count();
        assert_eq!(0 < refused, told["ghost"].is_object(), "{id}: who is refused has a ghost");
        let opened = array(&told["orders"]).iter().filter(|order| order["purpose"] == id).count();
        assert_eq!(opened, verdicts.len() - refused, "{id}: who is approved has an order");
        seen = (seen.0 + refused, seen.1 + opened);
        assert!(home.page(&["why", id]).contains("What happened next"));
    }
    assert!(0 < seen.0 && 0 < seen.1, "some were refused and some taken: {seen:?}");
}

#[test]
fn a_signal_is_found_by_symbol_and_minute() {
    let home = Home::with_two_days("minute");
    let listed = home.json(&["why"]);
    let signal = &array(&listed["signals"])[0];
    let (symbol, at) = (signal["symbol"].as_str().unwrap(), signal["at"].as_str().unwrap());
    for words in [vec!["why", symbol], vec!["why", symbol, at]] {
        assert_eq!(home.json(&words)["signal"]["id"], signal["id"], "{words:?}");
    }
    let minute = format!("{}Z", &at[..16]);
    assert_eq!(home.json(&["why", symbol, &minute])["signal"]["id"], signal["id"]);
}

#[test]
fn a_silent_minute_names_what_was_missing() {
    let home = Home::with_two_days("silent");
    let listed = home.json(&["why"]);
    let symbol = array(&listed["signals"])[0]["symbol"].as_str().unwrap();
    let told = home.json(&["why", symbol, "09:40"]);
    assert_eq!(told["signal"], Value::Null);
    assert_eq!(told["first_missing"], "means and trend known", "{told}");
    assert!(told["at"].as_str().unwrap().contains("T14:40:"), "{told}");
    let page = home.page(&["why", symbol, "09:40"]);
    assert!(page.contains("First to fail: means and trend known"), "{page}");
}

#[test]
fn a_short_is_no_wish_of_a_policy_without_shorts() {
    let (with, without) = (Home::with_two_days("shorts"), Home::new("no-shorts"));
    without.json(&["config", "init"]);
    let path = without.path("policy.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("shorts = true", "shorts = false")).unwrap();
    without.json(&TWO_DAYS);
    let listed = with.json(&["why"]);
    let short = array(&listed["signals"]).iter().find(|signal| signal["direction"] == "short");
    let (symbol, at) = short.map(|s| (s["symbol"].as_str(), s["at"].as_str())).unwrap();
    let minute = format!("{}Z", &at.unwrap()[..16]);
    let told = without.json(&["why", symbol.unwrap(), &minute]);
    assert_eq!(told["signal"], Value::Null);
    assert_eq!(told["first_missing"], "price and trend agree", "{told}");
}

#[test]
fn what_is_no_subject_is_a_usage_error() {
    let home = Home::with_two_days("subject");
    for words in [&["why", "NOSUCH"][..], &["why", "s1:0"], &["why", "s1:0:0"]] {
        assert_eq!(home.json_and_exit(words).1, 2, "{words:?}");
    }
    let listed = home.json(&["why"]);
    let symbol = array(&listed["signals"])[0]["symbol"].as_str().unwrap();
    for time in ["25:00", "1066-10-14T09:00Z", "noon"] {
        assert_eq!(home.json_and_exit(&["why", symbol, time]).1, 2, "{time}");
    }
}

#[test]
fn a_closed_market_is_the_reason_at_night() {
    let home = Home::with_two_days("night");
    let listed = home.json(&["why"]);
    let symbol = array(&listed["signals"])[0]["symbol"].as_str().unwrap();
    let told = home.json(&["why", symbol, "2024-01-03T09:00Z"]);
    assert_eq!(told["first_missing"], "a minute just ended", "{told}");
}
