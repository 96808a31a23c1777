//! What is read agrees with itself and with the journal.

use backsight_engine::Engine;
use backsight_journal::{Reader, RealDisk, Record};
use backsight_web::access::Role;
use serde_json::Value;

use crate::browser::Browser;
use crate::stand::{Stand, journal};

/// A browser at a site whose mirror has come to the journal's end.
fn at_the_end(stand: &Stand) -> Browser {
    let browser = stand.logged_in(Role::Viewer);
    let disk = RealDisk::new(journal());
    let last = Reader::open(&disk).unwrap().map(|it| it.unwrap().seq.0).last();
    // Each question is answered between two stretches of reading, so asking is waiting.
    for _ in 0..1_000_000 {
        let answer = browser.get("/api/v1/desk");
        // Who asks this often is told to come back later.
        if answer.status == 200 && answer.json()["seq"].as_u64() == last {
            return browser;
        }
    }
    panic!("the mirror does not come to record {last:?}");
}

fn engine() -> Engine {
    let disk = RealDisk::new(journal());
    let mut engine = Engine::new();
    for stamped in Reader::open(&disk).unwrap() {
        if let Record::Entry(entry) = stamped.unwrap().record {
            engine.step(&entry);
        }
    }
    engine
}

fn items(value: &Value) -> &Vec<Value> {
    value["items"].as_array().unwrap()
}

#[test]
fn the_mirror_shows_what_the_journal_says_and_decides_as_the_desk_did() {
    let stand = Stand::with_people("mirror");
    let browser = at_the_end(&stand);
    let (desk, engine) = (browser.json("/api/v1/desk"), engine());
    assert_eq!(desk["diverged"], Value::Null);
    assert_eq!(desk["at"], engine.now().to_string());
    assert_eq!(desk["mode"], "sim");
    for account in engine.accounts() {
        let row = &desk["accounts"][usize::from(account.id.0)];
        let equity = engine.equity(account.id).unwrap();
        assert_eq!(row["equity"].as_f64(), Some(equity.as_dollars()));
        assert_eq!(row["cash"].as_f64(), Some(account.cash().as_dollars()));
    }
    assert_eq!(items(&browser.json("/api/v1/positions")).len(), engine.positions().count());
}

#[test]
fn pages_of_signals_and_orders_join_without_a_gap() {
    let stand = Stand::with_people("pages");
    let browser = at_the_end(&stand);
    for list in ["signals", "orders"] {
        let whole = browser.json(&format!("/api/v1/{list}?limit=1000"));
        assert!(3 < items(&whole).len(), "{list}: too few to page");
        let (mut joined, mut before) = (Vec::new(), String::new());
        loop {
            let page = browser.json(&format!("/api/v1/{list}?limit=3{before}"));
            joined.extend(items(&page).clone());
            let Some(next) = page["next"].as_u64() else { break };
            before = format!("&before={next}");
        }
        assert_eq!(&joined, items(&whole), "{list}");
    }
}

#[test]
fn a_signal_is_told_whole_and_stands_on_its_chart() {
    let stand = Stand::with_people("tale");
    let browser = at_the_end(&stand);
    let taken = browser.json("/api/v1/signals?taken=true&limit=1");
    let line = &items(&taken)[0];
    let id = line["id"].as_str().unwrap();
    let tale = browser.json(&format!("/api/v1/signals/{id}"));
    assert_eq!(&tale["line"], line);
    let so_far = tale["signal"]["factors"].as_array().unwrap().last().unwrap()["so_far"].as_f64();
    let confidence = tale["signal"]["confidence"].as_f64().unwrap();
    assert!((so_far.unwrap().clamp(0.0, 1.0) - confidence).abs() < 1e-12);
    let verdict = &tale["verdicts"][0];
    assert!(10 < verdict["gates"].as_array().unwrap().len());
    assert!(!tale["orders"].as_array().unwrap().is_empty());
    let symbol = line["symbol"].as_str().unwrap();
    let marks = browser.json(&format!("/api/v1/symbols/{symbol}/marks"));
    let marks = marks["marks"].as_array().unwrap();
    assert!(marks.iter().any(|mark| mark["kind"] == "signal" && mark["id"] == id));
    let refused = browser.json("/api/v1/signals?taken=false&limit=1");
    let gate = items(&refused)[0]["refused_by"].as_str().unwrap();
    let by_gate = browser.json(&format!("/api/v1/signals?gate={gate}&limit=1000"));
    assert!(!items(&by_gate).is_empty());
}

#[test]
fn bars_of_five_minutes_and_of_the_session_are_those_of_one() {
    let stand = Stand::with_people("bars");
    let browser = at_the_end(&stand);
    let symbols = browser.json("/api/v1/symbols");
    let symbol = items(&symbols)[0]["symbol"].as_str().unwrap();
    let bars =
        |minutes: &str| browser.json(&format!("/api/v1/symbols/{symbol}/bars?minutes={minutes}"));
    let column = |bars: &Value, name: &str| -> Vec<f64> {
        bars[name].as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).collect()
    };
    let (one, five, day) = (bars("1"), bars("5"), bars("1d"));
    assert!(300 < column(&one, "t").len());
    let volume: f64 = column(&one, "v").iter().sum();
    for bars in [&five, &day] {
        assert!((volume - column(bars, "v").iter().sum::<f64>()).abs() < 0.5);
        let highest = |bars: &Value| column(bars, "h").into_iter().fold(0.0, f64::max);
        assert!((highest(&one) - highest(bars)).abs() < 1e-9);
        assert_eq!(column(&one, "c").last(), column(bars, "c").last());
    }
    assert!(column(&five, "t").iter().all(|t| t % 300.0 == 0.0));
}

#[test]
fn an_answer_that_is_known_is_not_sent_again() {
    let stand = Stand::with_people("tags");
    let browser = at_the_end(&stand);
    let first = browser.get("/api/v1/equity");
    let tag = first.header("etag").unwrap();
    let again = browser.ask("GET", "/api/v1/equity", &[("If-None-Match", tag)], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    let packed = browser.ask("GET", "/api/v1/equity", &[("Accept-Encoding", "gzip")], b"");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() < first.body.len());
    let policy = first.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
}

#[test]
fn a_past_minute_is_the_desk_as_it_was() {
    let stand = Stand::with_people("replay");
    let browser = at_the_end(&stand);
    let session = items(&browser.json("/api/v1/replay/sessions"))[0].clone();
    let opens = session["opens"].as_str().unwrap();
    let noon = opens.replace(&opens[11..16], "17:30");
    let moment = browser.json(&format!("/api/v1/replay?at={noon}"));
    let until = backsight_domain::time::Time::parse(&noon).unwrap();
    let end = until + backsight_domain::time::Span::from_seconds(59);
    let disk = RealDisk::new(journal());
    let mut engine = Engine::new();
    for stamped in Reader::open(&disk).unwrap().map(Result::unwrap) {
        if end < stamped.at {
            break;
        }
        if let Record::Entry(entry) = stamped.record {
            engine.step(&entry);
        }
    }
    assert_eq!(moment["desk"]["at"], engine.now().to_string());
    assert_eq!(moment["positions"].as_array().unwrap().len(), engine.positions().count());
    for account in engine.accounts() {
        let equity = moment["desk"]["accounts"][usize::from(account.id.0)]["equity"].as_f64();
        assert_eq!(
            equity,
            engine.equity(account.id).map(backsight_domain::money::Money::as_dollars)
        );
    }
    assert_eq!(moment["watched"].as_array().unwrap().len(), 12);
    assert_eq!(browser.get("/api/v1/replay?at=1999-01-01T00:00:00Z").status, 404);
}

#[test]
fn without_a_change_the_same_is_decided_again_and_with_one_something_else() {
    let stand = Stand::with_people("what-if");
    let browser = at_the_end(&stand);
    let operator = stand.logged_in(Role::Operator);
    let mut changed = 0;
    for line in items(&browser.json("/api/v1/signals?limit=8")) {
        let id = line["id"].as_str().unwrap();
        let tale = browser.json(&format!("/api/v1/signals/{id}"));
        let ask = |settings: Value| {
            let path = format!("/api/v1/signals/{id}/what-if");
            let answer = operator.post(&path, &serde_json::json!({ "settings": settings }));
            assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
            answer.json()
        };
        let same = ask(serde_json::json!([]));
        assert_eq!(same["confidence"], tale["signal"]["confidence"], "{id}");
        assert_eq!(same["verdicts"], tale["verdicts"], "{id}");
        let setting = serde_json::json!([{ "path": "trend.enabled", "value": false }]);
        changed += usize::from(ask(setting)["signalled"] == false);
    }
    assert!(0 < changed, "a playbook that is switched off signals nothing");
}

#[test]
fn a_setting_is_looked_at_before_it_is_wanted() {
    let stand = Stand::with_people("policy");
    let operator = stand.logged_in(Role::Operator);
    at_the_end(&stand);
    let tree = operator.json("/api/v1/policy");
    let stop = tree["settings"].as_array().unwrap().iter();
    let stop = stop.clone().find(|row| row["path"] == "exits.stop_bps").unwrap();
    let other = stop["value"].as_f64().unwrap() + 1.0;
    let settings = |value: Value| serde_json::json!([{ "path": "exits.stop_bps", "value": value }]);
    let preview = |value: Value| {
        operator.post("/api/v1/policy/preview", &serde_json::json!({ "settings": settings(value) }))
    };
    assert_eq!(preview(other.into()).json()["valid"], true);
    let wrong = preview("many".into()).json();
    assert_eq!(
        (&wrong["valid"], &wrong["problems"][0]["at"]),
        (&false.into(), &"exits.stop_bps".into())
    );
    let wish =
        serde_json::json!({ "settings": settings(other.to_string().into()), "why": "a test" });
    assert_eq!(stand.logged_in(Role::Approver).post("/api/v1/policy", &wish).status, 403);
    let answer = operator.post("/api/v1/policy", &wish);
    assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
    let wanted = stand.tray.1.lock().unwrap();
    let (policy, who) = wanted.first().unwrap();
    assert_eq!((f64::from(policy.exits.stop_bps), who.as_str()), (other, "operator: a test"));
}

#[test]
fn alerts_are_told_by_severity_and_channels_by_how_they_do() {
    let stand = Stand::with_people("alerts");
    let browser = at_the_end(&stand);
    let every = browser.json("/api/v1/alerts?least=info&limit=1000");
    let opened =
        items(&every).iter().find(|row| row["key"].as_str().unwrap().starts_with("opened."));
    let opened = opened.expect("the world trades");
    assert_eq!((&opened["severity"], &opened["open"]), (&"info".into(), &false.into()));
    let bad = browser.json("/api/v1/alerts");
    assert!(items(&bad).iter().all(|row| row["severity"] != "info"), "{bad}");
    assert_eq!(browser.get("/api/v1/alerts?least=loud").status, 400);
    let channels = browser.json("/api/v1/alerts/channels");
    let rows = items(&channels);
    assert_eq!((rows.len(), &rows[0]["name"], &rows[0]["waiting"]), (1, &"mail".into(), &2.into()));
}

#[test]
fn every_page_has_its_answer() {
    let stand = Stand::with_people("answers");
    let browser = at_the_end(&stand);
    let symbol = items(&browser.json("/api/v1/symbols"))[0]["symbol"].clone();
    let symbol = symbol.as_str().unwrap();
    for path in
        ["gates", "missed", "discovery", "proposals", "pipeline", "health", "audit", "alerts"]
    {
        assert!(browser.json(&format!("/api/v1/{path}")).is_object(), "{path}");
    }
    let gates = browser.json("/api/v1/gates");
    assert!(items(&gates).iter().any(|row| 0 < row["refusals"].as_u64().unwrap()));
    let report = browser.json("/api/v1/learning");
    assert!(!report["silent"].as_array().unwrap().is_empty(), "one session proves nothing");
    assert!(browser.json(&format!("/api/v1/symbols/{symbol}/chain"))["expiries"].is_array());
    let audit = browser.json("/api/v1/audit");
    assert!(items(&audit).iter().any(|row| row["what"] == "policy"));
    let metrics = browser.get("/metrics");
    let text = String::from_utf8(metrics.body).unwrap();
    assert!(text.contains("backsight_http_seconds_count") && text.contains("backsight_seq "));
    let document = browser.json("/api/v1/openapi.json");
    for (method, path) in backsight_web::routes::matrix().into_keys() {
        let is_described = path.starts_with("/api/v1/") && !path.ends_with("openapi.json");
        let item = &document["paths"][&path][method.to_lowercase()];
        assert_eq!(item.is_object(), is_described, "{method} {path}");
    }
}

#[test]
fn pages_of_what_was_missed_join_without_a_gap_and_filters_let_through_what_fits() {
    let stand = Stand::with_people("missed");
    let browser = at_the_end(&stand);
    let all = browser.json("/api/v1/missed?limit=1000");
    let all = items(&all);
    assert!(3 < all.len(), "one session misses something");
    let (mut joined, mut path) = (Vec::new(), "/api/v1/missed?limit=3".to_owned());
    loop {
        let page = browser.json(&path);
        joined.extend(items(&page).clone());
        let Some(next) = page["next"].as_u64() else { break };
        path = format!("/api/v1/missed?limit=3&before={next}");
    }
    assert_eq!(&joined, all);
    let gate = all[0]["gate"].as_str().unwrap();
    let filtered = browser.json(&format!("/api/v1/missed?limit=1000&gate={gate}"));
    let has_gate = |row: &&Value| items_of(row, "gates").iter().any(|name| name == gate);
    assert_eq!(items(&filtered), &all.iter().filter(has_gate).cloned().collect::<Vec<_>>());
    assert!(items(&browser.json("/api/v1/missed?symbol=NOSUCH")).is_empty());
    assert_eq!(browser.get("/api/v1/missed?weather=fine").status, 400);
}

fn items_of<'v>(row: &'v Value, name: &str) -> &'v Vec<Value> {
    row[name].as_array().unwrap()
}

#[test]
fn who_came_and_who_was_refused_stands_beside_what_was_ordered() {
    let stand = Stand::with_people("visits");
    assert_eq!(stand.browser().log_in("operator", "not the password").status, 401);
    let browser = at_the_end(&stand);
    let audit = browser.json("/api/v1/audit");
    let told = |what: &str, who: &str| {
        items(&audit).iter().any(|row| row["what"] == what && row["who"] == who)
    };
    assert!(told("log in", "viewer") && told("log-in refused", "nobody"), "{audit}");
    assert_eq!(stand.browser().get("/api/v1/session").status, 401);
    let visits = |audit: &Value| items(audit).iter().filter(|it| it["who"] == "nobody").count();
    assert_eq!(visits(&browser.json("/api/v1/audit")), 1, "who only asks has not come");
    assert!(items(&audit).iter().any(|row| row["what"] == "policy"));
    let seqs: Vec<u64> = items(&audit).iter().map(|row| row["seq"].as_u64().unwrap()).collect();
    assert!(seqs.is_sorted_by(|newer, older| older <= newer), "{seqs:?}");
}

#[test]
fn the_health_of_the_tables_is_told() {
    let stand = Stand::with_people("tables");
    let browser = at_the_end(&stand);
    let health = browser.json("/api/v1/health");
    let tables = items(&health).iter().find(|row| row["name"] == "tables").unwrap();
    assert!(tables["value"].as_str().unwrap().contains("behind"), "{tables}");
    let text = String::from_utf8(browser.get("/metrics").body).unwrap();
    assert!(text.contains("backsight_tables_failing 0"), "{text}");
}
