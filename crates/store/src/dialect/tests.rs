use rusqlite::Connection;
use rusqlite::types::Value;

use super::*;

/// What SQLite answers to a statement of PostgreSQL.
fn check(sql: &str, wanted: impl Into<Value>) {
    let connection = Connection::open_in_memory().unwrap();
    define(&connection).unwrap();
    let rewritten = sqlite(sql).unwrap();
    let found = connection.query_row(&rewritten, [], |row| row.get::<_, Value>(0));
    assert_eq!(
        found.unwrap_or_else(|fault| panic!("{rewritten}: {fault}")),
        wanted.into(),
        "{rewritten}"
    );
}

#[test]
fn intervals_move_times_and_dates() {
    let text = |text: &str| text.to_owned();
    check("SELECT '2024-01-05 15:42:00' - INTERVAL '1 hour'", text("2024-01-05 14:42:00"));
    check("SELECT (date('2024-01-05')) - INTERVAL '7 days'", text("2023-12-29"));
    check(
        "SELECT t.x + INTERVAL '90 minutes' FROM (SELECT '2024-01-05' x) t",
        text("2024-01-05 01:30:00"),
    );
    check("SELECT NOW() - INTERVAL '1 day' < NOW()", 1);
    check("SELECT CURRENT_DATE - 7 = CURRENT_DATE - INTERVAL '7 days'", 1);
}

#[test]
fn parts_of_times_and_spans_are_numbers() {
    check("SELECT EXTRACT(EPOCH FROM ('2024-01-05 15:42:00' - '2024-01-05 15:40:30'))/60", 1.5);
    check("SELECT extract(hour from '2024-01-05 15:42:00')", 15.0);
    check("SELECT EXTRACT(DOW FROM '2024-01-07 01:00:00')", 0.0);
    check("SELECT date_trunc('week', '2024-01-05 15:42:00')", "2024-01-01 00:00:00".to_owned());
}

#[test]
fn casts_bind_to_what_stands_before_them() {
    check(
        "SELECT COUNT(*) FILTER (WHERE x = 1) / NULLIF(COUNT(*), 0)::FLOAT FROM (SELECT 1 x UNION ALL SELECT 2)",
        0.5,
    );
    check("SELECT (1::float / 3 * 100)::NUMERIC(5,2)", 33.33);
    check("SELECT ('{\"trend_state\": 1}'->>'trend_state')::INT", 1);
    check("SELECT a.b::text FROM (SELECT 7 b) a", "7".to_owned());
}

#[test]
fn text_in_quotes_and_comments_is_no_code() {
    check("SELECT 'NOW() - INTERVAL ''x''' -- ::float\n", "NOW() - INTERVAL 'x'".to_owned());
    check("SELECT \"a::b\" FROM (SELECT 3 AS \"a::b\") /* NOW() */", 3);
}

#[test]
fn spreads_and_extremes_are_those_of_postgresql() {
    check(
        "SELECT STDDEV(x) FROM (SELECT 1.0 x UNION ALL SELECT 3.0 UNION ALL SELECT NULL)",
        2_f64.sqrt(),
    );
    check("SELECT STDDEV(1)", Value::Null);
    check("SELECT GREATEST(1, NULL, 3) - LEAST(4, 2)", 1.0);
}

#[test]
fn what_is_not_understood_is_said() {
    for sql in [
        "SELECT INTERVAL '1 day'",
        "SELECT 1::interval",
        "SELECT 'open",
        "SELECT ::int",
        "SELECT EXTRACT(hour",
    ] {
        assert!(sqlite(sql).is_err(), "{sql}");
    }
}
