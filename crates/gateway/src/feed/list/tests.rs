use super::*;
use crate::feed::presets::{PRESETS, Preset};

const FILE: &str = "\
# mine
[access]
loopback = true # for the intranet

[feeds.outlet] # a comment
url = \"https://outlet.example/news.xml\"
minutes = 10

# the other one
[feeds.other]
url = \"http://other.example/rss\"
";

fn problems(text: &str) -> Vec<(String, String)> {
    let problems = FeedList::parse(text).unwrap_err();
    problems.into_iter().map(|Problem { at, problem }| (at, problem)).collect()
}

fn feed(name: &str) -> Feed {
    let url = Url::parse("https://new.example/a?b=c").unwrap();
    Feed { name: name.into(), url, every: Span::from_minutes(30) }
}

#[test]
fn a_file_says_what_is_read() {
    let list = FeedList::parse(FILE).unwrap();
    assert_eq!(list.guard, Guard::with_loopback());
    assert_eq!(list.feeds.len(), 2);
    assert_eq!(list.feed("outlet").unwrap().every, Span::from_minutes(10));
    assert_eq!(list.feed("other").unwrap().every, Span::from_minutes(5));
    assert_eq!(list.feed("nobody"), None);
    let empty = FeedList::parse("").unwrap();
    assert_eq!(empty, FeedList { guard: Guard::public(), feeds: vec![] });
}

#[test]
fn every_problem_has_its_place() {
    let text = "loopback = true\n[access]\nports = [0]\nproxy = 1\n[feeds.Bad_Name]\nurl = 5\n\
                [feeds.ok]\nurl = \"ftp://x\"\nminutes = 0\n";
    let places: Vec<String> = problems(text).into_iter().map(|(at, _)| at).collect();
    assert_eq!(
        places,
        [
            "loopback",
            "access.proxy",
            "access.ports",
            "feeds.Bad_Name",
            "feeds.Bad_Name.url",
            "feeds.ok.url",
            "feeds.ok.minutes"
        ]
    );
    assert_eq!(problems("[feeds")[0].0, "the file");
    assert_eq!(
        problems("feeds = 1")[0],
        ("feeds".into(), "must be a section, written [feeds]".into())
    );
}

#[test]
fn a_feed_is_added_at_the_end_and_taken_out_where_it_is() {
    let more = with(FILE, &feed("new")).unwrap();
    assert!(more.starts_with(FILE.trim_end()), "what was there stays as it was");
    assert_eq!(FeedList::parse(&more).unwrap().feed("new"), Some(&feed("new")));
    let less = without(&more, "outlet").unwrap().unwrap();
    assert!(less.contains("# mine") && less.contains("[feeds.other]"));
    assert_eq!(FeedList::parse(&less).unwrap().feeds.len(), 2);
    let last = without(&less, "new").unwrap().unwrap();
    assert_eq!(FeedList::parse(&last).unwrap().feeds.len(), 1);
    assert_eq!(without(FILE, "nobody"), Ok(None));
}

#[test]
fn a_name_is_taken_once_and_is_a_name() {
    assert_eq!(with(FILE, &feed("outlet")).unwrap_err().at, "feeds.outlet");
    for name in ["", "Upper", "a b", "a.b", "é", &"a".repeat(33)] {
        assert!(with(FILE, &feed(name)).is_err(), "{name}");
    }
}

#[test]
fn a_feed_that_is_no_section_is_left_to_the_person() {
    let text = "feeds.x = { url = \"https://x.example/\" }\n";
    assert_eq!(FeedList::parse(text).unwrap().feeds.len(), 1);
    assert_eq!(without(text, "x").unwrap_err().at, "feeds.x");
}

#[test]
fn a_written_list_reads_back_as_itself() {
    for preset in PRESETS {
        let list = FeedList { guard: Guard::with_loopback(), feeds: preset.feeds() };
        assert_eq!(FeedList::parse(&list.text()), Ok(list), "{}", preset.name);
    }
}

#[test]
fn lists_that_come_with_the_program_fit_together() {
    let mut text = FeedList { guard: Guard::public(), feeds: vec![] }.text();
    for preset in PRESETS {
        assert!(Preset::named(preset.name).is_some());
        for feed in preset.feeds() {
            assert_eq!(&*feed.url.to_string(), feed.url.to_string().trim());
            text = with(&text, &feed).unwrap();
        }
    }
}
