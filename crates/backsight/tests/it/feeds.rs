//! The list of feeds, and a feed read from a server on this machine.

use std::fs;

use backsight_domain::time::Time;
use backsight_gateway::newsstand::paper::{Format, Item, Paper};
use backsight_gateway::newsstand::{Manner, Newsstand, Page};
use serde_json::Value;

use crate::desk::Home;

/// A home whose feeds may lie on this machine.
fn home(name: &str) -> Home {
    let home = Home::new(name);
    fs::create_dir_all(home.path("")).expect("a home can be made");
    fs::write(home.path("feeds.toml"), "# mine\n[access]\nloopback = true\n")
        .expect("a home can be written");
    home
}

fn paper() -> Paper {
    let item = |at: usize, title: &str, published: Option<&str>| Item {
        id: format!("urn:{at}"),
        title: title.to_owned(),
        link: format!("https://outlet.example/{at}"),
        summary: "In short".to_owned(),
        published: published.and_then(Time::parse),
    };
    let items = vec![
        item(3, &format!("Acme {} to the end of this line", "rises and ".repeat(20)), None),
        item(
            2,
            "Quantal \u{1b}[31mbeats estimates & raises its outlook",
            Some("2024-03-01T14:31:00Z"),
        ),
        item(1, "Harbor cuts its yearly dividend by half", Some("2024-03-01T14:30:00Z")),
    ];
    Paper { title: "Outlet".into(), link: "https://outlet.example/".into(), items }
}

fn names(list: &Value) -> Vec<&str> {
    let feeds = list["feeds"].as_array().expect("a list has feeds");
    feeds.iter().filter_map(|feed| feed["name"].as_str()).collect()
}

#[test]
fn feeds_are_added_and_removed_and_the_rest_of_the_file_stays() {
    let home = Home::new("feeds-list");
    let list = home.json(&["feeds", "list"]);
    assert_eq!(list["from"], "the defaults");
    let count = names(&list).len();
    assert!(5 < count);
    let url = "https://outlet.example/news.xml";
    let added = home.json(&["feeds", "add", "Outlet", url, "--minutes", "10"]);
    assert_eq!(added["added"][0]["url"], url);
    let list = home.json(&["feeds", "list"]);
    assert_eq!(names(&list).len(), count + 1, "the defaults stay beside it");
    assert_eq!(home.json_and_exit(&["feeds", "add", "Outlet", url]).1, 2, "the name is taken");

    let path = home.path("feeds.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("[[feed]]", "# a comment\n[[feed]]", 1)).unwrap();
    home.json(&["feeds", "remove", "Outlet"]);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("# a comment") && !text.contains("outlet.example"));
    assert_eq!(home.json_and_exit(&["feeds", "remove", "Outlet"]).1, 2, "it is gone");

    home.json(&["feeds", "add", "--preset", "tradethehype-legacy"]);
    let again = home.json(&["feeds", "add", "--preset", "tradethehype-legacy"]);
    assert!(again["added"].as_array().unwrap().is_empty(), "a list is added once");
    assert!(count < names(&home.json(&["feeds", "list"])).len());
}

#[test]
fn a_bad_list_and_a_bad_address_are_named() {
    let home = home("feeds-bad");
    assert_eq!(home.json_and_exit(&["feeds", "add", "x", "ftp://x.example/"]).1, 2);
    assert_eq!(home.json_and_exit(&["feeds", "test", "nobody"]).1, 2);
    assert_eq!(home.json_and_exit(&["feeds", "add", "Bad\"Name", "https://x.example/"]).1, 2);
    fs::write(home.path("feeds.toml"), "[[feed]]\nname = \"x\"\nurl = 5\n").unwrap();
    for words in [&["feeds", "list"][..], &["feeds", "test", "x"], &["feeds", "remove", "x"]] {
        let (failure, exit) = home.json_and_exit(words);
        assert_eq!(exit, 78, "{words:?}");
        assert!(failure["error"].as_str().unwrap().contains("feed 1: url"), "{failure}");
    }
}

#[test]
fn a_feed_is_read_once_with_all_that_is_in_it() {
    let (home, stand) = (home("feeds-test"), Newsstand::open().unwrap());
    for (at, format) in Format::ALL.into_iter().enumerate() {
        stand.put("/feed", paper().print(format));
        stand.put("/old", Page::behaving(Manner::Moved { status: 301, to: "/feed".into() }));
        let url = stand.url("/old").to_string();
        let read = home.json(&["feeds", "test", &url]);
        assert_eq!((read["read"].as_bool(), read["items"].as_u64()), (Some(true), Some(3)), "{at}");
        assert_eq!(read["redirects"][0], stand.url("/feed").to_string());
        assert_eq!(read["title"], "Outlet");
        let news = read["news"].as_array().unwrap();
        assert_eq!(news[0]["published"], Value::Null, "the newest is undated");
        assert_eq!(news[1]["published"], "2024-03-01T14:31:00Z");
        assert_eq!(news[2]["headline"], "Harbor cuts its yearly dividend by half");

        let page = home.page(&["feeds", "test", &url]);
        assert!(page.contains("2024-03-01 09:31"), "{page}");
        for line in page.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert!(!line.contains('\u{1b}'), "a headline commands no terminal");
        }
    }
    home.json(&["feeds", "add", "Outlet", &stand.url("/feed").to_string()]);
    assert_eq!(home.json(&["feeds", "test", "Outlet"])["read"], true);
}

#[test]
fn a_feed_that_cannot_be_read_says_why_and_ends_with_one() {
    let (home, stand) = (home("feeds-fault"), Newsstand::open().unwrap());
    stand.put("/feed", paper().print(Format::Rss2));
    let url = stand.url("/feed").to_string();
    let manners = [
        (Manner::Status(404), "answers with status 404: nothing is there"),
        (Manner::Bomb(200), "it unpacks to more than 8388608 bytes"),
        (Manner::BreaksOff(30), "it ends before it is complete"),
        (Manner::Moved { status: 302, to: "/feed".into() }, "in a circle"),
        (
            Manner::Moved { status: 302, to: "http://10.0.0.1/".into() },
            "`10.0.0.1` is in a private network",
        ),
    ];
    for (manner, why) in manners {
        stand.serve("/feed", manner);
        let (read, exit) = home.json_and_exit(&["feeds", "test", &url]);
        assert_eq!((exit, &read["read"]), (1, &false.into()), "{read}");
        assert!(read["fault"].as_str().unwrap().contains(why), "{why}: {read}");
        assert_eq!(home.run(&["feeds", "test", &url]).status.code(), Some(1));
    }
    let plain = Home::new("feeds-guard");
    let (read, exit) = plain.json_and_exit(&["feeds", "test", &url]);
    assert_eq!(exit, 1);
    assert!(read["fault"].as_str().unwrap().contains("`127.0.0.1` is this machine"), "{read}");
}

#[test]
fn a_round_tells_what_is_new_and_the_next_one_nothing_twice() {
    let home = home("feeds-poll");
    let (good, bad) = (Newsstand::open().unwrap(), Newsstand::open().unwrap());
    let quiet = "[[feed]]\nname = \"Quiet\"\nurl = \"https://quiet.example/\"\n";
    let feed = |name: &str, stand: &Newsstand| {
        format!("[[feed]]\nname = \"{name}\"\nurl = \"{}\"\nminutes = 1\n", stand.url("/feed"))
    };
    let list = format!("[access]\nloopback = true\n{}{}", feed("Good", &good), feed("Bad", &bad));
    fs::write(home.path("feeds.toml"), &list).unwrap();
    let mut paper = paper();
    paper.items[0].title = "Nvidia and Microsoft sign a contract".to_owned();
    good.put("/feed", paper.print(Format::Rss2));
    assert_eq!(home.json(&["feeds", "list"])["feeds"][0]["heard"], Value::Null);

    let round = home.json(&["feeds", "poll"]);
    assert_eq!(round["asked"].as_array().unwrap().len(), 2, "{round}");
    let news = round["news"].as_array().unwrap();
    assert_eq!((news.len(), &news[0]["feed"]), (3, &"Good".into()));
    assert_eq!(news[0]["symbols"], serde_json::json!(["NVDA", "MSFT"]));
    assert_eq!(news[0]["summary"], "In short");
    let of = |list: &Value, name: &str| {
        let feeds = list["feeds"].as_array().unwrap();
        feeds.iter().find(|it| it["name"] == name).unwrap().clone()
    };
    let state = home.json(&["feeds", "list"]);
    let (good_state, bad_state) = (of(&state, "Good"), of(&state, "Bad"));
    assert_eq!((&good_state["headlines"], &good_state["with_company"]), (&3.into(), &1.into()));
    assert_eq!((&bad_state["failures"], &bad_state["heard"]), (&1.into(), &Value::Null));
    assert!(good_state["heard"].is_string() && bad_state["due"].is_string());

    // Nobody is due for a minute.
    let round = home.json(&["feeds", "poll"]);
    assert!(round["asked"].as_array().unwrap().is_empty(), "{round}");
    // Both are, once the desk's memory of when is gone; what was seen is not.
    let path = home.path("feeds/state.json");
    let mut kept: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    kept["feeds"]["Good"]["due"] = Value::Null;
    fs::write(&path, kept.to_string()).unwrap();
    let round = home.json(&["feeds", "poll"]);
    assert_eq!(round["asked"][0]["outcome"], "unchanged", "{round}");
    assert!(good.log().last().unwrap().header("if-none-match").is_some());
    for words in [&["feeds", "poll"][..], &["feeds", "list"]] {
        for line in home.page(words).lines() {
            assert!(line.chars().count() <= 80, "{words:?}: {line}");
        }
    }
    fs::write(home.path("feeds.toml"), quiet).unwrap();
    assert_eq!(home.json(&["feeds", "list"])["feeds"][0]["heard"], Value::Null);
    fs::write(&path, "{}").unwrap();
    let (failure, exit) = home.json_and_exit(&["feeds", "poll"]);
    assert_eq!(exit, 78);
    assert!(failure["error"].as_str().unwrap().contains("remove it to begin anew"), "{failure}");
}

#[test]
fn pages_about_feeds_fit_eighty_columns() {
    let home = Home::new("feeds-pages");
    for words in [&["feeds", "list"][..], &["feeds", "list", "--presets"], &["feeds", "--help"]] {
        for line in home.page(words).lines() {
            assert!(line.chars().count() <= 80, "{words:?}: {line}");
        }
    }
    let presets = home.json(&["feeds", "list", "--presets"]);
    assert!(3 <= presets["presets"].as_object().unwrap().len());
}
