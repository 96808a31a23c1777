//! Every route against everybody: nobody, each role, each role's token.

use std::fs;
use std::path::Path;

use backsight_domain::time::Span;
use backsight_domain::time::Time;
use backsight_web::access::Role;
use backsight_web::routes::{Least, matrix};
use serde_json::Value;

use crate::browser::Browser;
use crate::stand::Stand;

fn least_name(least: Least) -> &'static str {
    match least {
        Least::Nobody => "nobody",
        Least::Role(role) => role.name(),
    }
}

/// The committed table, so that a change of it is seen by whoever reads the change.
#[test]
fn the_table_of_access_is_the_one_that_was_agreed_on() {
    let rows = matrix().into_iter();
    let rows =
        rows.map(|((method, path), least)| format!("{} {method} {path}\n", least_name(least)));
    let mut rows: Vec<String> = rows.collect();
    rows.sort();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/matrix.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, rows.concat()).unwrap();
    }
    assert_eq!(rows.concat(), fs::read_to_string(&path).unwrap(), "UPDATE_EXPECT=1 rewrites it");
}

/// A path with something in place of its parameters.
fn filled(path: &str) -> String {
    path.replace("{id}", "s1:0")
        .replace("{symbol}", "XYZ")
        .replace("{answer}", "approve")
        .replace("{*path}", "mark.svg")
}

fn ask(browser: &Browser, method: &str, path: &str) -> u16 {
    let path = filled(path);
    match method {
        "GET" => browser.get(&path).status,
        "POST" => browser.post(&path, &Value::Null).status,
        _ => {
            let origin = browser.origin();
            browser.ask(method, &path, &[("Origin", &origin)], b"").status
        }
    }
}

#[test]
fn every_route_lets_in_whom_it_should_and_nobody_else() {
    let stand = Stand::with_people("matrix");
    let lives = (Time::parse("2000-01-01T00:00:00Z").unwrap(), Span::from_minutes(26_000_000));
    let people = stand.people();
    for ((method, path), least) in matrix() {
        let status = ask(&stand.browser(), &method, &path);
        match least {
            // A log-in without a body is bad, and asking who one is without being anybody is 401.
            Least::Nobody => assert_ne!(status, 403, "{method} {path}"),
            Least::Role(_) => assert_eq!(status, 401, "{method} {path} for nobody"),
        }
        for role in Role::ALL {
            // Ending the session is last of all, and its own test.
            let browser = stand.logged_in(role);
            let token = format!("t{}", people.all().unwrap()[role.name()].tokens.len());
            let secret = people.make_token((role.name(), &token), role, Vec::new(), lives).unwrap();
            for browser in [browser, stand.browser().with_token(&secret)] {
                let status = ask(&browser, &method, &path);
                let may = match least {
                    Least::Nobody => true,
                    Least::Role(least) => least <= role,
                };
                let refused = [401, 403].contains(&status);
                // Nobody enters with these bodies; what counts is who gets as far as the handler.
                let asks_for_password = path == "/api/v1/session" || path == "/api/v1/setup";
                assert!(
                    asks_for_password || refused != may,
                    "{method} {path} for {role:?}: {status}"
                );
            }
            people.remove_token(role.name(), &token).unwrap();
        }
    }
}
