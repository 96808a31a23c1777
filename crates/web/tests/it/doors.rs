//! What is refused before anybody is asked for: other names, other sites, too much.

use backsight_domain::time::{Span, Time};
use backsight_web::access::Role;
use serde_json::json;

use crate::stand::{PASSWORD, Stand};

fn command(key: &str) -> serde_json::Value {
    json!({ "command": "halt", "why": "a test", "key": key })
}

#[test]
fn the_link_of_the_first_start_makes_one_operator_and_no_second() {
    let stand = Stand::empty("setup");
    let link = stand.site.as_ref().unwrap().setup_url().unwrap();
    let token = link.split_once("#token=").unwrap().1;
    let wish = |name: &str| json!({ "token": token, "name": name, "password": PASSWORD });
    let mut browser = stand.browser();
    let wrong = json!({ "token": "0", "name": "eve", "password": PASSWORD });
    assert_eq!(browser.post("/api/v1/setup", &wrong).status, 403);
    let answer = browser.post("/api/v1/setup", &wish("ann"));
    assert_eq!(answer.status, 200);
    browser.remember(&answer);
    assert_eq!(browser.json("/api/v1/session")["role"], "operator");
    assert_eq!(stand.browser().post("/api/v1/setup", &wish("eve")).status, 403);
    assert_eq!(stand.people().all().unwrap().len(), 1);
}

#[test]
fn passwords_and_words_of_sessions_are_nowhere_on_the_disk() {
    let stand = Stand::with_people("secrets");
    let mut browser = stand.browser();
    let answer = browser.log_in("operator", PASSWORD);
    let cookie = answer.header("set-cookie").unwrap();
    let diary = std::fs::read_to_string(stand.folder.join("site.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(diary.lines().last().unwrap()).unwrap();
    assert_eq!((&line["route"], &line["status"]), (&"/api/v1/session".into(), &200.into()));
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    for file in std::fs::read_dir(&stand.folder).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(!text.contains(secret) && !text.contains(PASSWORD), "{}", file.path().display());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.path().display());
        }
    }
}

#[test]
fn another_name_or_another_site_is_refused() {
    let stand = Stand::with_people("origins");
    let browser = stand.logged_in(Role::Operator);
    let host = |name: &str| browser.ask("GET", "/api/v1/desk", &[("Host", name)], b"").status;
    let port = stand.site.as_ref().unwrap().address().port();
    assert_eq!(host("desk.example"), 200);
    assert_eq!(host(&format!("localhost:{port}")), 200);
    for name in ["evil.example", "127.0.0.1.evil.example", "localhost:1", ""] {
        assert_eq!(host(name), 421, "{name}");
    }
    let body = command("another-site").to_string();
    let kind = ("Content-Type", "application/json");
    let own = browser.origin();
    let send = |headers: &[(&str, &str)]| {
        browser.ask("POST", "/api/v1/commands", headers, body.as_bytes()).status
    };
    assert_eq!(send(&[kind]), 403, "no origin");
    assert_eq!(send(&[kind, ("Origin", "http://evil.example")]), 403);
    assert_eq!(send(&[kind, ("Origin", "null")]), 403);
    assert_eq!(send(&[kind, ("Origin", &own), ("Sec-Fetch-Site", "cross-site")]), 403);
    assert_eq!(send(&[kind, ("Origin", &own)]), 202);
    let preflight = [("Origin", "http://evil.example"), ("Access-Control-Request-Method", "POST")];
    let answer = browser.ask("OPTIONS", "/api/v1/commands", &preflight, b"");
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
fn a_command_needs_the_word_of_our_own_pages_and_is_put_in_once() {
    let stand = Stand::with_people("commands");
    let browser = stand.logged_in(Role::Operator);
    let wish = command("once-and-only");
    assert_eq!(
        stand.logged_in(Role::Operator).without_word().post("/api/v1/commands", &wish).status,
        403
    );
    let first = browser.post("/api/v1/commands", &wish);
    let second = browser.post("/api/v1/commands", &wish);
    assert_eq!((first.status, second.status), (202, 202));
    assert_eq!(first.json(), second.json());
    let tray = stand.tray.0.lock().unwrap();
    assert_eq!(tray.len(), 1);
    assert_eq!((&*tray[0].who, &*tray[0].why), ("operator", "a test"));
}

#[test]
fn who_may_halt_may_not_resume() {
    let stand = Stand::with_people("halt");
    let browser = stand.logged_in(Role::Approver);
    assert_eq!(browser.post("/api/v1/commands", &command("approver-halts")).status, 202);
    let resume = json!({ "command": "resume", "why": "a test", "key": "approver-resumes" });
    assert_eq!(browser.post("/api/v1/commands", &resume).status, 403);
    assert_eq!(stand.logged_in(Role::Operator).post("/api/v1/commands", &resume).status, 202);
}

#[test]
fn wrong_passwords_are_told_apart_from_nothing_and_soon_not_looked_at() {
    let stand = Stand::with_people("throttle");
    let mut browser = stand.browser();
    let unknown = browser.log_in("nobody", "wrong password");
    let wrong = browser.log_in("operator", "wrong password");
    assert_eq!((unknown.status, wrong.status), (401, 401));
    assert_eq!(unknown.json(), wrong.json());
    let again = browser.log_in("operator", PASSWORD);
    assert_eq!(again.status, 429);
    assert!(again.header("retry-after").is_some());
}

#[test]
fn a_token_opens_what_it_was_made_for_until_it_ends() {
    let stand = Stand::with_people("tokens");
    let people = stand.people();
    let since = |text: &str| Time::parse(text).unwrap();
    let day = Span::from_minutes(24 * 60);
    let long = Span::from_minutes(26_000_000);
    let only = vec!["/api/v1/signals".to_owned()];
    let narrow = people
        .make_token(
            ("operator", "narrow"),
            Role::Viewer,
            only,
            (since("2000-01-01T00:00:00Z"), long),
        )
        .unwrap();
    let browser = stand.browser().with_token(&narrow);
    assert_eq!(browser.get("/api/v1/signals").status, 200);
    assert_eq!(browser.get("/api/v1/desk").status, 403);
    let old = people
        .make_token(
            ("operator", "old"),
            Role::Viewer,
            Vec::new(),
            (since("2000-01-01T00:00:00Z"), day),
        )
        .unwrap();
    assert_eq!(stand.browser().with_token(&old).get("/api/v1/desk").status, 401);
    people
        .make_token(
            ("viewer", "more"),
            Role::Operator,
            Vec::new(),
            (since("2000-01-01T00:00:00Z"), day),
        )
        .unwrap_err();
    people.remove("operator").unwrap_err();
    people.add("second", Role::Operator, PASSWORD).unwrap();
    people.remove("operator").unwrap();
    assert_eq!(browser.get("/api/v1/signals").status, 401, "a token goes with its owner");
}

#[test]
fn a_session_ends_with_its_log_out_and_with_its_person() {
    let stand = Stand::with_people("ends");
    let browser = stand.logged_in(Role::Viewer);
    let other = stand.logged_in(Role::Viewer);
    let origin = browser.origin();
    assert_eq!(browser.ask("DELETE", "/api/v1/session", &[("Origin", &origin)], b"").status, 204);
    assert_eq!(browser.get("/api/v1/desk").status, 401);
    assert_eq!(other.get("/api/v1/desk").status, 200);
    stand.people().remove("viewer").unwrap();
    assert_eq!(other.get("/api/v1/desk").status, 401);
}

#[test]
fn what_is_too_large_or_makes_no_sense_is_a_problem_with_a_name() {
    let stand = Stand::with_people("limits");
    let browser = stand.logged_in(Role::Operator);
    let long = json!({ "command": "halt", "why": "x".repeat(2 << 20), "key": "too-long-a-reason" });
    assert_eq!(browser.post("/api/v1/commands", &long).status, 413);
    let head = "x".repeat(40 << 10);
    assert_eq!(browser.ask("GET", "/api/v1/desk", &[("X-Long", &head)], b"").status, 431);
    for (path, status) in [
        ("/api/v1/signals?limit=0", 400),
        ("/api/v1/signals?colour=red", 400),
        ("/api/v1/signals/s1:0", 404),
        ("/api/v1/signals/nonsense", 404),
        ("/api/v1/symbols/NOPE/bars", 404),
        ("/api/v1/nothing", 404),
    ] {
        let answer = browser.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(answer.json()["status"], status, "{path}");
    }
}
