//! Prints what other readers need for one document: `feed-readers RUNS FILE`, processor milliseconds for one run each.

use std::fs;
use std::hint::black_box;

fn main() {
    let mut words = std::env::args().skip(1);
    let runs: u32 = words.next().and_then(|it| it.parse().ok()).expect("a number of runs");
    let bytes = fs::read(words.next().expect("a file")).expect("a document");
    let time = |name: &str, work: &dyn Fn() -> usize| {
        let before = processor_ms();
        let found = (0..runs).map(|_| black_box(work())).last().unwrap_or(0);
        let spent = (processor_ms() - before) / f64::from(runs);
        println!("ROW | RSS: {name} | {spent:.4} | ms | | {runs} runs, {found} found");
    };
    time("quick-xml 0.38, events only", &|| events(&bytes));
    time("rss 2, no duplicates dropped, no HTML read", &|| {
        rss::Channel::read_from(&bytes[..]).map_or(0, |it| it.items.len())
    });
    time("feed-rs 2, no duplicates dropped, no HTML read", &|| {
        feed_rs::parser::parse(&bytes[..]).map_or(0, |it| it.entries.len())
    });
}

fn events(bytes: &[u8]) -> usize {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let mut found = 0;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) | Err(_) => return found,
            Ok(_) => found += 1,
        }
    }
}

/// How long this process has held a processor.
fn processor_ms() -> f64 {
    let told = fs::read_to_string("/proc/self/schedstat").expect("the system tells");
    let nanos = told.split(' ').next().and_then(|it| it.parse::<f64>().ok());
    nanos.expect("the first figure is nanoseconds") / 1e6
}
