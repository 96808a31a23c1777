use backsight_domain::instrument::Ticker;
use backsight_domain::story::{Reading, Rung};

use super::*;

/// Repeats what it is given, and remembers when.
#[derive(Debug, Default)]
struct Echo {
    looks: Vec<(Time, Vec<Printed>)>,
    coverage: BTreeMap<Box<str>, Coverage>,
}

impl Newswire for Echo {
    fn reader(&self) -> Reader {
        let (model, version) = ("echo".into(), "1".into());
        Reader { rung: Rung::None, model, version, instead_of: None, why: "a test".into() }
    }

    fn carry(&mut self, printed: Vec<Printed>, now: Time) -> Vec<Event> {
        let told = |it: &Printed| {
            let Printed { outlet, headline, link, published } = it.clone();
            Event::Story(Story {
                id: 1,
                source: outlet,
                headline,
                link,
                summary: "".into(),
                published,
            })
        };
        let events = printed.iter().map(told).collect();
        self.looks.push((now, printed));
        events
    }

    fn coverage(&self) -> &BTreeMap<Box<str>, Coverage> {
        &self.coverage
    }
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn story(at: &str, id: u64) -> Happening {
    let (headline, link) = ("Acme beats".into(), "".into());
    let source = "stockchatter.example".into();
    let story = Story { id, source, headline, link, summary: "".into(), published: None };
    Happening { at: time(at), event: Event::Story(story) }
}

#[test]
fn a_newswire_sees_print_alone_once_a_minute_and_nothing_else_speaks_of_it() {
    let reading = Reading {
        story: 77,
        ticker: Ticker::parse("ACME").unwrap(),
        sentiment: 0.9,
        confidence: 0.9,
    };
    let mut happenings = vec![
        story("2024-03-01T14:30:00Z", 77),
        story("2024-03-01T14:30:10Z", 77),
        Happening { at: time("2024-03-01T14:30:12Z"), event: Event::Reading(reading) },
        story("2024-03-01T14:30:20Z", 78),
        Happening { at: time("2024-03-01T14:30:30Z"), event: Event::Tick },
    ];
    let mut echo = Echo::default();
    carry(&mut echo, &mut happenings);
    let counts: Vec<_> = echo.looks.iter().map(|(at, printed)| (*at, printed.len())).collect();
    let expected = [(time("2024-03-01T14:30:00Z"), 1), (time("2024-03-01T14:31:00Z"), 2)];
    assert_eq!(counts, expected);
    let links: Vec<&str> =
        echo.looks.iter().flat_map(|(_, printed)| printed).map(|it| &*it.link).collect();
    assert!(links.iter().all(|link| link.starts_with("https://stockchatter.demo.example/")));
    assert!(links[0] != links[1] && links[1] != links[2] && !links[1].contains("77-"));
    assert_eq!(happenings.len(), 4, "the reading of the newsroom is gone");
    assert!(happenings.iter().all(|it| !matches!(it.event, Event::Reading(_))));
    assert_eq!(happenings[1].event, Event::Tick);
    assert!(happenings.is_sorted_by_key(|it| it.at));
}
