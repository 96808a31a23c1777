//! Packs the built-in list, and measures how well and how fast companies are read.
//!
//! ```text
//! companies pack SEC NASDAQ OTHER [NEWER_SEC DATE]   the built-in list, to standard output
//! companies quality TABLE [dev|held|all] [-v]        found companies against labelled ones
//! companies bench FILE                               lines read in a second, one core
//! companies read TEXT [DATE]                         one text with its evidence
//! companies tweets CSV, companies sentfin CSV        the shared sets, where present
//! ```

mod shared;

use std::process::ExitCode;
use std::time::Instant;

use backsight_domain::time::Date;
use backsight_reading::company::quality::{Half, Labelled, Quality};
use backsight_reading::company::{Directory, Resolver};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["pack", sec, nasdaq, other] => pack([sec, nasdaq, other], None),
        ["pack", sec, nasdaq, other, newer, date] => {
            pack([sec, nasdaq, other], Some((newer, date)))
        }
        ["quality", table, options @ ..] => quality(table, options),
        ["bench", file] => bench(file),
        ["read", text] => read(text, None),
        ["read", text, date] => read(text, Some(date)),
        ["tweets", file, ..] => {
            shared::tweets(file);
            Ok(())
        }
        ["sentfin", file, ..] => {
            shared::sentfin(file);
            Ok(())
        }
        _ => Err("usage: companies pack|quality|bench|read|tweets|sentfin ...".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            say(&format!("error: {what}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "this program prints what it measured")]
fn say(text: &str) {
    println!("{text}");
}

fn open(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("`{path}`: {error}"))
}

/// The day for texts that have none: the one of the newer list.
fn today() -> Date {
    Date::from_ymd(2026, 2, 2).expect("the date exists")
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| format!("`{text}` is no date"))
}

#[expect(clippy::print_stderr, reason = "the list itself goes to standard output")]
fn pack(lists: [&str; 3], newer: Option<(&str, &str)>) -> Result<(), String> {
    let [sec, nasdaq, other] = [open(lists[0])?, open(lists[1])?, open(lists[2])?];
    let import = |sec: &str| Directory::import(sec, &nasdaq, &other).map_err(|it| it.to_string());
    let (mut directory, report) = import(&sec)?;
    eprintln!("{report:?}");
    if let Some((newer, day)) = newer {
        let (newer, report) = import(&open(newer)?)?;
        eprintln!("{report:?}");
        directory = directory.succeeded_by(&newer, date(day)?);
    }
    let text = directory.pack();
    let again = Directory::unpack(&text).map_err(|error| error.to_string())?;
    assert!(again == directory, "what is packed is read back unchanged");
    say(text.trim_end());
    Ok(())
}

fn quality(table: &str, options: &[&str]) -> Result<(), String> {
    let resolver = Resolver::builtin();
    let all = Labelled::parse_all(&open(table)?, today())?;
    for (name, half) in [("dev", Half::Development), ("held", Half::HeldOut)] {
        let wanted = options.iter().all(|it| it.starts_with('-')) || options.contains(&name);
        if !wanted {
            continue;
        }
        let texts: Vec<&Labelled> = all.iter().filter(|it| it.half() == half).collect();
        if options.contains(&"-v") {
            for labelled in &texts {
                differences(&resolver, labelled);
            }
        }
        say(&format!("{half:?}\n\n{}\n", Quality::measure(&resolver, texts)));
    }
    Ok(())
}

fn differences(resolver: &Resolver, labelled: &Labelled) {
    let (wrong, missed, _) = labelled.compare(resolver);
    let name = |id: &_| resolver.directory().subject(*id).name.to_string();
    let names = |ids: &[_]| ids.iter().map(name).collect::<Vec<_>>().join(", ");
    if !wrong.is_empty() || !missed.is_empty() {
        say(&format!("[{}] {}", labelled.class, labelled.text));
        say(&format!("    wrong: {}; missed: {}", names(&wrong), names(&missed)));
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

/// How long this process has held a processor: what others do meanwhile is not our time.
fn processor_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").expect("the system tells");
    let nanos = told.split(' ').next().and_then(|it| it.parse::<f64>().ok());
    nanos.expect("the first figure is nanoseconds") / 1e9
}

#[expect(clippy::cast_precision_loss, reason = "counts of texts are small")]
fn bench(file: &str) -> Result<(), String> {
    let before = now();
    let resolver = Resolver::builtin();
    say(&format!("built in {:.0} ms", before.elapsed().as_secs_f64() * 1e3));
    let text = open(file)?;
    let lines: Vec<&str> =
        text.lines().map(|line| line.split('\t').next().unwrap_or(line)).collect();
    let letters: usize = lines.iter().map(|line| line.len()).sum();
    let mean = letters as f64 / lines.len() as f64;
    say(&format!("{} texts of {mean:.0} bytes on average, one core", lines.len()));
    for round in 1..=3 {
        let (clock, spent) = (now(), processor_seconds());
        let mut read = 0_usize;
        let mut mentions = 0_usize;
        while clock.elapsed().as_secs_f64() < 1.0 {
            for line in &lines {
                mentions += resolver.read(line, today()).len();
            }
            read += lines.len();
        }
        let spent = processor_seconds() - spent;
        let by_clock = read as f64 / clock.elapsed().as_secs_f64();
        let (rate, each) = (read as f64 / spent, mentions as f64 / read as f64);
        say(&format!(
            "round {round}: {rate:.0} texts/s of processor time, {by_clock:.0} a second by the clock, {each:.2} mentions each"
        ));
    }
    Ok(())
}

fn read(text: &str, day: Option<&str>) -> Result<(), String> {
    let resolver = Resolver::builtin();
    let day = day.map_or(Ok(today()), date)?;
    for mention in resolver.read(text, day) {
        let name = &resolver.directory().subject(mention.subject).name;
        let ticker = mention.ticker.map_or_else(|| "-".to_owned(), |it| it.to_string());
        say(&format!(
            "{ticker:6} {:?} `{name}` at `{}`: {}, {:?}, confidence {:.2}, match {:.2}, relevance {:.2}",
            mention.kind,
            &text[mention.span.clone()],
            mention.evidence.name(),
            mention.role,
            mention.confidence,
            mention.matched,
            mention.relevance,
        ));
    }
    Ok(())
}
