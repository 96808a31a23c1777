//! `cargo xtask sim`: plays seeds against the oracle and prints how to reproduce what fails.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to a person")]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use backsight_domain::decision::Decision;
use backsight_domain::session::covers_date;
use backsight_domain::time::Date;
use backsight_engine::Engine;
use backsight_sim::careless::Rule;
use backsight_sim::drill::{Drill, Failed, Tally};

const USAGE: &str = "\
usage: sim [--seeds A..B | --seed S] [--profile P] [--sessions N] [--symbols N] [--start DATE]
           [--crash-at K | --every-crash] [--without RULE] [--threads N] [--trace]

profiles: none, light, standard, storm, full (faults by lot, with crashes),
          year (252 sessions, every fault, with crashes)
rules:    durable-before-send, same-id-on-resend, fills-by-execution, ask-the-venue,
          hashed-snapshot";

struct Options {
    seeds: std::ops::Range<u64>,
    profile: String,
    sessions: Option<u32>,
    symbols: Option<u16>,
    start: Option<Date>,
    crash_at: Option<u64>,
    every_crash: bool,
    without: Option<Rule>,
    threads: usize,
    trace: bool,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)) {
        Ok(options) => sweep(&options),
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        seeds: 0..20,
        profile: "full".to_owned(),
        sessions: None,
        symbols: None,
        start: None,
        crash_at: None,
        every_crash: false,
        without: None,
        threads: 2,
        trace: false,
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("`{argument}` needs a value"));
        match argument.as_str() {
            "--seeds" => options.seeds = parse_range(&value()?)?,
            "--seed" => {
                let seed = parse_number(&value()?)?;
                options.seeds = seed..seed + 1;
            }
            "--profile" => options.profile = value()?,
            "--sessions" => options.sessions = Some(parse_number(&value()?)?),
            "--symbols" => options.symbols = Some(parse_number(&value()?)?),
            "--start" => {
                let date = value()?;
                let parsed = Date::parse(&date).filter(|date| covers_date(*date));
                options.start = Some(parsed.ok_or(format!("`{date}` is no date here"))?);
            }
            "--crash-at" => options.crash_at = Some(parse_number(&value()?)?),
            "--every-crash" => options.every_crash = true,
            "--without" => options.without = Some(parse_rule(&value()?)?),
            "--threads" => options.threads = parse_number(&value()?)?,
            "--trace" => options.trace = true,
            "--help" | "-h" => return Err("plays seeds against the oracle".to_owned()),
            _ => return Err(format!("`{argument}` is no option")),
        }
    }
    if !Drill::PROFILES.contains(&options.profile.as_str()) {
        return Err(format!("`{}` is no profile", options.profile));
    }
    Ok(options)
}

fn parse_number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no number here"))
}

fn parse_range(text: &str) -> Result<std::ops::Range<u64>, String> {
    let (from, to) = text.split_once("..").ok_or(format!("`{text}` is no range `A..B`"))?;
    Ok(parse_number(from)?..parse_number(to)?)
}

fn parse_rule(text: &str) -> Result<Rule, String> {
    let rule = Rule::ALL.into_iter().find(|rule| rule.name() == text);
    rule.ok_or(format!("`{text}` is no rule"))
}

/// Everything the threads share.
struct Shared<'a> {
    options: &'a Options,
    next: AtomicU64,
    drills: AtomicU64,
    minutes: AtomicU64,
    orders: AtomicU64,
    settlements: AtomicU64,
    restarts: AtomicU64,
    failures: Mutex<Vec<String>>,
}

fn sweep(options: &Options) -> ExitCode {
    let shared = Shared {
        options,
        next: AtomicU64::new(options.seeds.start),
        drills: AtomicU64::new(0),
        minutes: AtomicU64::new(0),
        orders: AtomicU64::new(0),
        settlements: AtomicU64::new(0),
        restarts: AtomicU64::new(0),
        failures: Mutex::new(Vec::new()),
    };
    #[expect(clippy::disallowed_methods, reason = "a sweep says how long it took")]
    let begun = std::time::Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..options.threads.max(1) {
            scope.spawn(|| work(&shared));
        }
    });
    report(&shared, begun.elapsed().as_secs_f64())
}

fn work(shared: &Shared<'_>) {
    loop {
        let seed = shared.next.fetch_add(1, Ordering::Relaxed);
        if shared.options.seeds.end <= seed {
            return;
        }
        let Some(drill) = prepare(shared.options, seed) else { return };
        let tally = play(shared, seed, &drill, None);
        let operations = tally.map_or(0, |tally| tally.operations);
        if shared.options.every_crash {
            for crash in 0..operations {
                let drill = Drill { crashes: vec![crash], ..drill.clone() };
                play(shared, seed, &drill, Some(crash));
            }
        }
    }
}

fn prepare(options: &Options, seed: u64) -> Option<Drill> {
    let mut drill = Drill::of_seed(seed, &options.profile)?;
    drill.setup.sessions = options.sessions.unwrap_or(drill.setup.sessions);
    drill.setup.world.symbols = options.symbols.unwrap_or(drill.setup.world.symbols);
    drill.setup.world.start = options.start.unwrap_or(drill.setup.world.start);
    drill.without = options.without;
    if let Some(crash) = options.crash_at {
        drill.crashes = vec![crash];
    } else if options.every_crash {
        drill.crashes.clear();
    }
    Some(drill)
}

fn play(shared: &Shared<'_>, seed: u64, drill: &Drill, crash: Option<u64>) -> Option<Tally> {
    let trace = |engine: &Engine, decision: &Decision| {
        if shared.options.trace && !decision.is_empty() {
            println!("{} {decision:?}", engine.now());
        }
    };
    shared.drills.fetch_add(1, Ordering::Relaxed);
    match drill.play(trace) {
        Ok(tally) => {
            shared.minutes.fetch_add(tally.minutes, Ordering::Relaxed);
            shared.orders.fetch_add(tally.orders, Ordering::Relaxed);
            shared.settlements.fetch_add(tally.settlements, Ordering::Relaxed);
            shared.restarts.fetch_add(u64::from(tally.restarts), Ordering::Relaxed);
            Some(tally)
        }
        Err(failed) => {
            let line = reproduction(shared.options, seed, crash, &failed);
            eprintln!("{line}");
            shared.failures.lock().expect("no thread panics with it").push(line);
            None
        }
    }
}

fn reproduction(options: &Options, seed: u64, crash: Option<u64>, failed: &Failed) -> String {
    let mut command = format!("cargo xtask sim --seed {seed} --profile {}", options.profile);
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            command.extend([" ", name, " ", &value]);
        }
    };
    add("--sessions", options.sessions.map(|n| n.to_string()));
    add("--symbols", options.symbols.map(|n| n.to_string()));
    add("--start", options.start.map(|date| date.to_string()));
    add("--crash-at", crash.or(options.crash_at).map(|n| n.to_string()));
    add("--without", options.without.map(|rule| rule.name().to_owned()));
    format!("FAILED seed {seed}: {failed}\n  reproduce: {command}")
}

fn report(shared: &Shared<'_>, seconds: f64) -> ExitCode {
    let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let failed = shared.failures.lock().expect("no thread panics with it").len() as u64;
    let drills = load(&shared.drills);
    #[expect(clippy::cast_precision_loss, reason = "a rate for a person")]
    let years = load(&shared.minutes) as f64 / (252.0 * 390.0);
    println!(
        "{drills} drills, {} orders, {} settlements, {} restarts, {years:.2} simulated years in \
         {seconds:.1} s ({:.1} years per minute)",
        load(&shared.orders),
        load(&shared.settlements),
        load(&shared.restarts),
        60.0 * years / seconds.max(1e-9),
    );
    println!("{} passed, {failed} failed", drills - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
