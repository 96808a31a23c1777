//! The tables say what the journal says: on both databases, after every kind of accident.

mod server;

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use backsight_journal::RealDisk;
use backsight_store::{Address, Fault, Limit, Projector, Store, Value};

use self::server::Server;
use crate::desk::{Home, Running, TWO_DAYS};

/// Every object of a store and its rows, told so that both databases tell them alike.
type Content = BTreeMap<String, Vec<String>>;

fn file(home: &Home) -> Address {
    Address::File(home.path("store.sqlite"))
}

fn content(store: &mut Store) -> Content {
    let objects = store.objects().expect("the store answers");
    let rows = |name: &str, store: &mut Store| {
        let answer = store.ask(&format!("SELECT * FROM {name}"), &[]).expect("the store answers");
        let mut rows: Vec<String> = answer.rows.iter().map(|row| told(row)).collect();
        rows.sort();
        rows
    };
    objects.iter().map(|(name, ..)| (name.clone(), rows(name, store))).collect()
}

fn told(row: &[Value]) -> String {
    row.iter().map(tell).collect::<Vec<_>>().join(" | ")
}

/// Numbers to nine digits: the databases round quotients and sums in different places.
fn tell(value: &Value) -> String {
    match value {
        Value::Bool(flag) => number(f64::from(u8::from(*flag))),
        Value::Json(text) => json(&serde_json::from_str(text).expect("it was stored as JSON")),
        Value::Bytes(bytes) => format!("{bytes:?}"),
        // What is taken out of JSON is a text in one and a number in the other.
        Value::Text(text) => {
            serde_json::from_str(text).map_or_else(|_| text.to_string(), |it| json(&it))
        }
        Value::Null
        | Value::Int(_)
        | Value::Real(_)
        | Value::Decimal { .. }
        | Value::Time(_)
        | Value::Date(_) => value.as_real().map_or_else(|| value.to_string(), number),
    }
}

fn number(number: f64) -> String {
    let text = format!("{number:.8e}");
    if number == 0.0 { "0".to_owned() } else { text }
}

fn json(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Number(it) => number(it.as_f64().expect("every number is one")),
        serde_json::Value::Array(items) => {
            format!("{:?}", items.iter().map(json).collect::<Vec<_>>())
        }
        serde_json::Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().map(|(key, it)| (key, json(it))).collect();
            format!("{members:?}")
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_) => {
            value.to_string()
        }
    }
}

fn expect_equal(one: &Content, other: &Content) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, rows) in one {
        let theirs = &other[name];
        assert_eq!(rows.len(), theirs.len(), "rows of `{name}`");
        for (row, their_row) in rows.iter().zip(theirs) {
            assert_eq!(row, their_row, "`{name}`");
        }
    }
}

fn read(home: &Home) -> Content {
    content(&mut Store::read(&file(home)).expect("the tables are there"))
}

/// The tables, made anew from the first record.
fn rebuilt(home: &Home) -> Content {
    let answer = home.json(&["rebuild"]);
    assert!(answer["records"].as_u64().is_some_and(|records| 5_000 < records), "{answer}");
    read(home)
}

fn limit(seconds: u64) -> Limit {
    #[expect(clippy::disallowed_methods, reason = "a statement that takes too long must end")]
    let watch = std::time::Instant::now();
    Limit { rows: 10_000, seconds, watch: Arc::new(move || watch.elapsed().as_secs_f64()) }
}

#[test]
fn tables_are_the_same_whether_followed_or_rebuilt() {
    let home = Home::with_two_days("store-followed");
    let followed = read(&home);
    for name in ["minutes", "signals", "orders", "positions", "ghosts", "marks", "stories"] {
        assert!(!followed[name].is_empty(), "`{name}` is empty");
    }
    expect_equal(&followed, &rebuilt(&home));
}

#[test]
fn a_killed_follower_loses_and_doubles_nothing() {
    let home = Home::new("store-killed");
    for bytes in [300_000, 700_000, 1_200_000] {
        let mut running: Running = home.spawn(&TWO_DAYS);
        let length = || fs::metadata(home.segment()).map_or(0, |file| file.len());
        while length() < bytes && running.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            std::thread::yield_now();
        }
        running.kill();
    }
    assert_eq!(home.json(&TWO_DAYS)["tables"]["lag"], 0);
    let followed = read(&home);
    expect_equal(&followed, &rebuilt(&home));
}

#[test]
fn a_store_that_is_away_changes_no_decision_and_is_an_alarm() {
    let (whole, broken) = (Home::new("store-whole"), Home::new("store-broken"));
    fs::create_dir_all(broken.path("store.sqlite")).unwrap();
    let (good, bad) = (whole.json(&TWO_DAYS), broken.json(&TWO_DAYS));
    assert_eq!(good["receipt"], bad["receipt"]);
    assert!(bad["tables"]["fault"].as_str().unwrap().contains("cannot open"), "{bad}");
    assert!(broken.page(&TWO_DAYS).contains("stand still"));
    fs::remove_dir(broken.path("store.sqlite")).unwrap();
    assert_eq!(broken.json(&TWO_DAYS)["tables"]["lag"], 0, "it catches up later");
    expect_equal(&read(&whole), &read(&broken));
}

#[test]
fn a_store_that_is_held_by_somebody_is_caught_up_with_later() {
    let home = Home::with_two_days("store-held");
    let mut holder = Store::create(&file(&home)).unwrap();
    holder.ask("BEGIN IMMEDIATE", &[]).unwrap();
    let three_days = ["demo", "--headless", "--days", "3", "--symbols", "20"];
    let held = home.json(&three_days);
    assert!(0 < held["tables"]["lag"].as_u64().unwrap(), "{}", held["tables"]);
    assert!(held["tables"]["fault"].as_str().unwrap().contains("locked"), "{}", held["tables"]);
    drop(holder);
    let free = home.json(&three_days);
    assert_eq!((&free["tables"]["lag"], &free["receipt"]), (&0.into(), &held["receipt"]));
    let followed = read(&home);
    expect_equal(&followed, &rebuilt(&home));
}

#[test]
fn a_full_disk_leaves_whole_transactions_and_is_caught_up_with_later() {
    let home = Home::with_two_days("store-full");
    let disk = RealDisk::new(&home.path("journal"));
    // Room that was given free inside the file is room: it must begin without any.
    for name in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"] {
        fs::remove_file(home.path(name)).ok();
    }
    let mut store = Store::create(&file(&home)).unwrap();
    store.ask("PRAGMA max_page_count = 600", &[]).unwrap();
    let fault = Projector::open(store, &disk).unwrap().catch_up().unwrap_err();
    let cause = std::error::Error::source(&fault).map(ToString::to_string).unwrap_or_default();
    assert!(cause.contains("full"), "{fault}: {cause}");
    let lag = home.json(&["status"])["tables"]["lag"].as_u64().unwrap();
    assert!(0 < lag, "status says that the tables stand still");
    Projector::open(Store::create(&file(&home)).unwrap(), &disk).unwrap().catch_up().unwrap();
    assert_eq!(home.json(&["status"])["tables"]["lag"], 0);
    let followed = read(&home);
    expect_equal(&followed, &rebuilt(&home));
}

#[test]
fn tables_of_another_build_or_journal_are_refused_with_the_way_out() {
    let home = Home::with_two_days("store-refused");
    let refused = |sql: &str, word: &str| {
        Store::create(&file(&home)).unwrap().ask(sql, &[]).unwrap();
        let (answer, exit) = home.json_and_exit(&["sql", "SELECT 1"]);
        assert_eq!(exit, 78, "{answer}");
        let text = answer["error"].as_str().unwrap();
        assert!(text.contains(word) && text.contains("backsight rebuild"), "{text}");
        rebuilt(&home);
    };
    refused(
        "INSERT INTO schema_migrations (version, name, checksum) VALUES (99, 'x', 'y')",
        "`99`",
    );
    refused("UPDATE schema_migrations SET checksum = 'x' WHERE version = 1", "`1`");
    let elsewhere = "UPDATE projection SET chain = x'00', applied_seq = 5000";
    Store::create(&file(&home)).unwrap().ask(elsewhere, &[]).unwrap();
    let report = home.json(&TWO_DAYS);
    assert!(report["tables"]["fault"].as_str().unwrap().contains("another journal"), "{report}");
}

#[test]
fn a_second_writer_is_noticed_before_it_doubles_anything() {
    let home = Home::with_two_days("store-contended");
    let disk = RealDisk::new(&home.path("journal"));
    let mut slow = Projector::open(Store::create_anew(&file(&home)).unwrap(), &disk).unwrap();
    let mut fast = Projector::open(Store::create(&file(&home)).unwrap(), &disk).unwrap();
    fast.catch_up().unwrap();
    let refused = slow.catch_up().unwrap_err();
    assert!(refused.to_string().contains("another process"), "{refused}");
    let followed = read(&home);
    expect_equal(&followed, &rebuilt(&home));
}

/// Statements as the earlier systems' documents print them.
const DOCUMENTS: &[&str] = &[
    "SELECT COUNT(*) FROM active_positions WHERE status = 'open'",
    "SELECT id, ticker, instrument_type, account_name, entry_price, current_price, \
     EXTRACT(EPOCH FROM (NOW() - entry_time))/60 > 0 as is_old FROM active_positions \
     WHERE status = 'open' ORDER BY entry_time DESC, id",
    "SELECT COUNT(*) as total_records FROM position_history",
    "SELECT ticker, instrument_type, pnl_pct, exit_reason, exit_time FROM position_history \
     ORDER BY exit_time DESC, id LIMIT 5",
    "SELECT instrument_type, COUNT(*) as trades, COUNT(*) FILTER (WHERE pnl_pct > 0) as wins, \
     AVG(pnl_pct) as avg_return, MIN(pnl_pct) as worst_loss, MAX(pnl_pct) as best_win \
     FROM position_history WHERE exit_time > NOW() - INTERVAL '100 years' \
     GROUP BY instrument_type ORDER BY instrument_type",
    "SELECT 'inbound_events_raw' as table_name, COUNT(*) as row_count, \
     MAX(fetched_at) as latest_timestamp FROM inbound_events_raw \
     UNION ALL SELECT 'lane_telemetry', COUNT(*), MAX(ts) FROM lane_telemetry \
     UNION ALL SELECT 'lane_features', COUNT(*), MAX(computed_at) FROM lane_features \
     UNION ALL SELECT 'dispatch_recommendations', COUNT(*), MAX(ts) FROM dispatch_recommendations \
     UNION ALL SELECT 'dispatch_executions', COUNT(*), MAX(simulated_ts) FROM dispatch_executions \
     ORDER BY table_name",
    "SELECT features_snapshot->>'trend_state' AS trend, COUNT(*) AS n, \
     (COUNT(features_snapshot)::FLOAT / NULLIF(COUNT(*), 0) * 100)::NUMERIC(5,2) AS pct \
     FROM dispatch_recommendations WHERE (features_snapshot->>'volume_ratio')::NUMERIC >= 1.5 \
     GROUP BY features_snapshot->>'trend_state' ORDER BY n DESC, trend",
    "SELECT features_snapshot->'rsi' FROM dispatch_recommendations ORDER BY confidence DESC, id LIMIT 3",
    "SELECT * FROM dispatch_recommendations WHERE ts >= NOW() - INTERVAL '60 minutes' AND id NOT IN \
     (SELECT recommendation_id FROM dispatch_executions WHERE account_name = 'large') \
     ORDER BY confidence DESC, ts DESC LIMIT 10",
    "SELECT * FROM v_daily_missed_summary WHERE analysis_date = '2024-01-03'",
    "SELECT ticker, missed_count FROM v_ticker_missed_patterns WHERE should_have_traded_count > 0 \
     ORDER BY ticker LIMIT 20",
    "SELECT rule_that_blocked, COUNT(*), AVG(r_multiple) FROM missed_opportunities \
     WHERE analysis_date > CURRENT_DATE - INTERVAL '100 years' AND ticker ILIKE '%a%' \
     GROUP BY rule_that_blocked ORDER BY rule_that_blocked",
    "SELECT symbol, return_1d, missed_opportunity FROM recommendation_tracking \
     WHERE bought = false ORDER BY symbol, tracking_id",
    "SELECT * FROM learning_recommendations WHERE status = 'pending' ORDER BY confidence DESC",
    "SELECT parameter_name, COUNT(*) FROM learning_recommendations GROUP BY parameter_name",
    "SELECT date_trunc('hour', created_at) AS hour, COUNT(*) FROM signal_history \
     GROUP BY date_trunc('hour', created_at) ORDER BY hour",
    "SELECT STDDEV(pnl_pct) FROM position_history WHERE side = 'long'",
    "SELECT EXTRACT(HOUR FROM entry_time) AS hour, COUNT(*) FROM position_history \
     GROUP BY EXTRACT(HOUR FROM entry_time) ORDER BY hour",
];

#[test]
fn tables_and_command_line_judge_what_was_missed_alike() {
    let home = Home::with_two_days("store-missed");
    let statement = "SELECT g.id, g.judgement, m.estimated_profit_pct AS pct FROM ghosts g \
                     LEFT JOIN missed_opportunities m ON m.id = g.id";
    let rows = home.json(&["sql", statement]);
    let rows = rows["rows"].as_array().unwrap();
    let missed = home.json(&["missed", "--all"]);
    let signals = missed["declined"].as_array().unwrap().iter();
    let mut seen = std::collections::BTreeSet::new();
    for told in signals.filter(|told| told["signal"].is_string()) {
        let Some(row) = rows.iter().find(|row| row["id"] == told["signal"]) else { continue };
        assert_eq!(row["judgement"], told["judgement"], "{told}");
        seen.insert(told["judgement"].as_str().unwrap().to_owned());
        if let Some(pct) = told["made"]["pct"].as_f64() {
            assert!((pct - row["pct"].as_f64().unwrap()).abs() < 1e-6, "{told} {row}");
        }
    }
    assert!(seen.contains("missed") && seen.contains("spared"), "{seen:?}");
}

#[test]
fn both_databases_hold_the_same_and_answer_the_documents_alike() {
    let home = Home::with_two_days("store-both");
    let server = Server::start("store-both");
    let address = Address::parse(&server.url());
    let disk = RealDisk::new(&home.path("journal"));
    Projector::open(Store::create(&address).unwrap(), &disk).unwrap().catch_up().unwrap();
    let mut sqlite = Store::read(&file(&home)).unwrap();
    let mut postgres = Store::read(&address).unwrap();
    expect_equal(&content(&mut sqlite), &content(&mut postgres));
    for statement in DOCUMENTS {
        let mut answers = [&mut sqlite, &mut postgres].map(|store| {
            let engine = store.engine().name();
            let answer = store.query(statement, &limit(30));
            let answer = answer.unwrap_or_else(|fault| panic!("{engine}: {fault}: {statement}"));
            answer.rows.iter().map(|row| told(row)).collect::<Vec<_>>()
        });
        let [ours, theirs] = &mut answers;
        assert_eq!(ours, theirs, "{statement}");
    }
    for store in [&mut sqlite, &mut postgres] {
        let engine = store.engine().name();
        let mut refused = |sql: &str, seconds| store.query(sql, &limit(seconds)).unwrap_err();
        let writes = refused("DELETE FROM signals", 30);
        assert!(
            matches!(&writes, Fault::Statement(text) if text.contains("only reads")),
            "{engine}: {writes}"
        );
        let wrong = refused("SELECT * FROM nothing_here", 30);
        assert!(
            matches!(&wrong, Fault::Statement(text) if text.contains("nothing_here")),
            "{engine}"
        );
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
        assert!(matches!(refused(endless, 1), Fault::TooLong(1)), "{engine}");
    }
}

#[test]
fn a_server_is_followed_as_well_as_a_file() {
    let home = Home::new("store-server");
    let server = Server::start("store-server");
    let mut command =
        home.command(&["demo", "--headless", "--days", "1", "--symbols", "20", "--json"]);
    let output = command.env("BACKSIGHT_STORE", server.url()).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["tables"]["lag"], &report["tables"]["fault"]),
        (&0.into(), &serde_json::Value::Null)
    );
    let mut command = home.command(&["sql", "SELECT COUNT(*) AS n FROM minutes", "--json"]);
    let output = command.env("BACKSIGHT_STORE", server.url()).output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["rows"][0]["n"], 390);
    assert!(!home.path("store.sqlite").exists());
}
