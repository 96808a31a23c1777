//! What looking back says, from a journal alone.

use serde_json::Value;

use crate::desk::Home;

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn fits(page: &str) {
    for line in page.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn an_empty_home_says_how_to_begin() {
    let home = Home::new("lookback-empty");
    for command in ["missed", "gates", "learn", "divergence"] {
        assert_eq!(home.json(&[command])["next"], "backsight demo", "{command}");
    }
}

#[test]
fn looking_back_names_what_was_missed_and_what_refusals_were_worth() {
    let home = Home::with_two_days("lookback");
    let gates = home.json(&["gates"]);
    assert_eq!(gates["sessions"], 2);
    let rows = array(&gates["gates"]);
    assert!(5 < rows.len(), "several gates refused");
    let two_days = "two sessions are too few to say anything";
    for row in rows {
        assert!(row["first"]["money"].is_f64() && row["joint"]["r_sum"].is_number(), "{row}");
        assert!(row["alone"]["r"]["interval_r"].is_null(), "{two_days}: {row}");
    }
    let sum = |column: &str| -> f64 {
        rows.iter().map(|row| row[column]["money"].as_f64().unwrap()).sum()
    };
    assert!((sum("first") - sum("joint")).abs() < 0.01, "both columns are the whole");
    fits(&home.page(&["gates"]));

    let missed = home.json(&["missed"]);
    let all = array(&missed["declined"]);
    let of = |kind: &str| all.iter().filter(|it| it["what"] == kind).count();
    assert!(0 < of("signal") && 0 < of("surge"), "{} {}", of("signal"), of("surge"));
    let counted: u64 =
        array(&missed["sessions"]).iter().map(|day| day["declined"].as_u64().unwrap()).sum();
    assert_eq!(counted, all.len() as u64);
    for signal in all.iter().filter(|it| it["what"] == "signal") {
        assert!(!array(&signal["obstacles"]).is_empty(), "something stood in the way: {signal}");
    }
    fits(&home.page(&["missed"]));
    fits(&home.page(&["missed", "--all"]));

    let symbol = all[0]["symbol"].as_str().unwrap();
    let one = home.json(&["missed", symbol]);
    assert!(array(&one["declined"]).iter().all(|it| it["symbol"] == symbol));
    let (error, exit) = home.json_and_exit(&["missed", "NOPE"]);
    assert_eq!(exit, 2, "{error}");
}

#[test]
fn learning_says_how_much_is_missing_before_it_says_anything() {
    let home = Home::with_two_days("learn");
    let all = home.json(&["learn"]);
    assert_eq!((&all["sessions"], &all["trades"]["interval_r"]), (&Value::from(2), &Value::Null));
    let page = home.page(&["learn"]);
    assert!(page.contains("Nothing can be said of the trades yet"), "{page}");
    fits(&page);
    let parts = all["parts"].as_object().unwrap();
    assert_eq!(parts.len(), 14);
    parts.keys().for_each(|part| fits(&home.page(&["learn", part])));
    let ready = home.json(&["learn", "--readiness"]);
    assert_eq!(
        (&ready["ready"], array(&ready["checks"]).len()),
        (&Value::from(false), 5),
        "{ready}"
    );
    assert_eq!(ready["checks"][4]["standing"], "met", "{ready}");
    fits(&home.page(&["learn", "--readiness"]));
    assert_eq!(home.json(&["learn", "finds"])["finds"], parts["finds"], "a part is the same alone");
    let trades = all["trades"]["count"].as_u64().unwrap();
    for question in ["playbook", "exit", "time", "regime", "volume"] {
        let rows = array(&parts[question]);
        let counted: u64 = rows.iter().map(|row| row["trades"]["count"].as_u64().unwrap()).sum();
        assert_eq!(counted, trades, "{question}");
    }
    let health = array(&parts["health"]["sessions"]);
    assert!(health.iter().all(|session| session["health"].is_null()), "no baseline in two days");
    assert_eq!(health[0]["stations"][0]["station"], "bars");
}

#[test]
fn a_session_decided_again_has_a_cause_for_each_cent() {
    let home = Home::with_two_days("divergence");
    let last = home.json(&["divergence"]);
    assert_eq!(last["session"], "2024-01-03");
    let first = home.json(&["divergence", "2024-01-02"]);
    for account in array(&last["accounts"]).iter().chain(array(&first["accounts"])) {
        let number = |value: &Value| value.as_f64().unwrap();
        let causes = account["causes"].as_object().unwrap().values().map(number).sum::<f64>();
        assert!((causes - number(&account["difference"])).abs() < 1e-6, "{account}");
    }
    fits(&home.page(&["divergence", "2024-01-02"]));
    let (_, exit) = home.json_and_exit(&["divergence", "2024-01-06"]);
    assert_eq!(exit, 2, "a Saturday is no session");
    let (_, exit) = home.json_and_exit(&["divergence", "2024-03-01"]);
    assert_eq!(exit, 2, "it was not recorded");
}
