use super::*;

const FILE: &str = "\
# mine
[access]
loopback = true # for the intranet

[[feed]] # a comment
name = \"Outlet\"
url = \"https://outlet.example/news.xml\"
minutes = 10

# the other one
[[feed]]
url = \"http://other.example/rss\"
name = \"The Other\"
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
    assert_eq!(list.feed("Outlet").unwrap().every, Span::from_minutes(10));
    assert_eq!(list.feed("The Other").unwrap().every, Span::from_minutes(5));
    assert_eq!(list.feed("nobody"), None);
    let empty = FeedList::parse("").unwrap();
    assert_eq!(empty, FeedList { guard: Guard::public(), contact: None, feeds: vec![] });
    let contact = FeedList::parse("access.contact = \"a@b.example\"").unwrap().contact;
    assert_eq!(contact.as_deref(), Some("a@b.example"));
}

#[test]
fn every_problem_has_its_place() {
    let text = "loopback = true\n[access]\nports = [0]\nproxy = 1\ncontact = \"\\n\"\n\
                [[feed]]\nname = \" x\"\nurl = 5\n\
                [[feed]]\nname = \"ok\"\nurl = \"ftp://x\"\nminutes = 0\n";
    let places: Vec<String> = problems(text).into_iter().map(|(at, _)| at).collect();
    assert_eq!(
        places,
        [
            "loopback",
            "access: proxy",
            "access: ports",
            "access: contact",
            "feed 1: name",
            "feed 1: url",
            "feed 2: url",
            "feed 2: minutes"
        ]
    );
    assert_eq!(problems("[feed")[0].0, "the file");
    for text in ["feed = 1", "feed = [1]", "[feed]\nname = \"x\""] {
        let expected = ("feed".into(), "must be sections, each written [[feed]]".into());
        assert_eq!(problems(text), [expected], "{text}");
    }
    let twice = format!("{FILE}\n[[feed]]\nname = \"Outlet\"\nurl = \"http://x.example\"\n");
    assert_eq!(problems(&twice)[0].0, "feed 3");
}

#[test]
fn a_feed_is_added_at_the_end_and_taken_out_where_it_is() {
    let more = with(FILE, &feed("New one")).unwrap();
    assert!(more.starts_with(FILE.trim_end()), "what was there stays as it was");
    assert_eq!(FeedList::parse(&more).unwrap().feed("New one"), Some(&feed("New one")));
    let less = without(&more, "Outlet").unwrap().unwrap();
    assert!(less.contains("# mine") && less.contains("\n\n# the other one\n[[feed]]\n"), "{less}");
    assert_eq!(FeedList::parse(&less).unwrap().feeds.len(), 2);
    let last = without(&less, "New one").unwrap().unwrap();
    assert_eq!(FeedList::parse(&last).unwrap().feeds.len(), 1);
    let none = without(&last, "The Other").unwrap().unwrap();
    assert!(FeedList::parse(&none).unwrap().feeds.is_empty());
    assert_eq!(without(FILE, "nobody"), Ok(None));
    let back = without(&with(FILE, &feed("x")).unwrap(), "x").unwrap().unwrap();
    assert_eq!(back, FILE, "adding and removing changes nothing");
}

#[test]
fn a_name_is_taken_once_and_is_a_name() {
    assert_eq!(with(FILE, &feed("Outlet")).unwrap_err().at, "`Outlet`");
    for name in ["", " a", "a\"", "a\\b", "a\nb", &"a".repeat(41)] {
        assert!(with(FILE, &feed(name)).is_err(), "{name}");
    }
    assert!(with(FILE, &feed("Börse, täglich")).is_ok());
}

#[test]
fn feeds_that_are_no_sections_are_left_to_the_person() {
    let text = "feed = [{ name = \"x\", url = \"https://x.example/\" }]\n";
    assert_eq!(FeedList::parse(text).unwrap().feeds.len(), 1);
    assert_eq!(without(text, "x").unwrap_err().at, "`x`");
}

#[test]
fn lists_that_come_with_the_program_are_good_and_read_back_as_themselves() {
    assert_eq!(presets::names()[0], presets::STANDARD);
    assert!(3 <= presets::names().len());
    for name in presets::names() {
        let feeds = presets::feeds(&name);
        assert!(3 <= feeds.len(), "{name}");
        let contact = Some("a@b.example".into());
        let list = FeedList { guard: Guard::with_loopback(), contact, feeds };
        assert_eq!(FeedList::parse(&list.text()), Ok(list), "{name}");
    }
    assert_eq!(FeedList::parse(&FeedList::standard().text()), Ok(FeedList::standard()));
    assert!(presets::feeds("nobody").is_empty());
}
