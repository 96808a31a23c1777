//! What 200 candidates cost beside one run: a recorded year of 30 symbols, three accounts whose
//! trades take each other's room. Prints rows for `cargo xtask bench`.
//!
//! Every result is compared with a separate full run of the same candidate, byte for byte, for as
//! many candidates as `CHECKED` says; the default is a tenth of them. `SESSIONS` makes it shorter.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::io::Write;
use std::time::Instant;

use backsight_domain::event::{Entry, Event};
use backsight_domain::id::{AccountId, Seq};
use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Listing, Minute, Universe};
use backsight_domain::money::Money;
use backsight_domain::order::AccountReport;
use backsight_domain::policy::Policy;
use backsight_domain::proposal::Change;
use backsight_domain::time::{Date, Span};
use backsight_learning::trial::course::Course;
use backsight_learning::trial::fleet::Fleet;
use backsight_sim::backtest::{Plan, Tape};

const SYMBOLS: u16 = 30;
const CANDIDATES: usize = 200;

/// The settings whose thresholds are tried, with the first value and the step.
const SETTINGS: [(&str, f64, f64); 8] = [
    ("accounts.*.confidence_min", 0.70, 0.01),
    ("trend.volume_min", 1.3, 0.05),
    ("trend.vol_ratio_min", 0.6, 0.02),
    ("trend.rearm_minutes", 10.0, 2.0),
    ("gates.cool_down_minutes", 0.0, 5.0),
    ("gates.day_cutoff_minutes", 10.0, 5.0),
    ("exits.stop_bps", 60.0, 4.0),
    ("exits.target_bps", 100.0, 8.0),
];

const POLICY: &str = "\
[gap_fade]\nenabled = false\n[news]\nenabled = false\n[explosive]\nenabled = false\n\
[dip]\nenabled = false\n\
[accounts.first]\noptions = false\nmax_positions = 12\nconfidence_min = 0.8\n\
[accounts.second]\noptions = false\nmax_positions = 6\nconfidence_min = 0.75\n\
[accounts.third]\noptions = false\nmax_positions = 3\nconfidence_min = 0.85\n";

fn main() {
    let number = |name: &str, otherwise: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let (sessions, checked) = (number("SESSIONS", 250), number("CHECKED", CANDIDATES / 10));
    let course = course(sessions);
    let policy = Policy::from_toml(POLICY).expect("the policy of the bench is one");
    measure(&course, &policy, checked.clamp(1, CANDIDATES));
}

fn measure(course: &Course, policy: &Policy, checked: usize) {
    let terms = course.terms(policy);
    let candidates = candidates(policy);
    let mut alone = Vec::new();
    let mut trades = 0;
    for _ in 0..3 {
        let begun = Instant::now();
        trades = course.run(policy, &terms).len();
        alone.push(begun.elapsed().as_secs_f64());
    }
    alone.sort_by(f64::total_cmp);

    let begun = Instant::now();
    let mut fleet = Fleet::begin(course, &candidates.iter().collect::<Vec<_>>(), &terms);
    course.entries().iter().for_each(|entry| fleet.take(entry));
    let together = begun.elapsed().as_secs_f64();

    let digests: Vec<_> = fleet.into_desks().map(|desk| desk.digest(course)).collect();
    let mut separate = Vec::new();
    for index in (0..CANDIDATES).step_by(CANDIDATES / checked) {
        let begun = Instant::now();
        let mut desk = course.begin(&candidates[index], &terms);
        course.entries().iter().for_each(|entry| desk.take(entry));
        separate.push(begun.elapsed().as_secs_f64());
        assert_eq!(desk.digest(course), digests[index], "candidate {index} is another alone");
    }
    let mut distinct = digests.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mean = separate.iter().sum::<f64>() / f64::from(u32::try_from(separate.len()).unwrap_or(1));
    let note = format!(
        "{} sessions, {SYMBOLS} symbols, 3 accounts, {trades} trades; {} of 200 results differ, {} \
         compared byte for byte",
        course.sessions().len(),
        distinct.len(),
        separate.len()
    );
    row("one run", alone[1] * 1e3, "ms", "", &note);
    row("200 candidates together", together * 1e3, "ms", "", "");
    row("in runs of the base", together / alone[1], "runs", "<= 10", "");
    row("in runs of the candidates", together / mean, "runs", "", "");
}

fn row(name: &str, value: f64, unit: &str, goal: &str, note: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ROW | {name} | {value:.2} | {unit} | {goal} | {note}").expect("stdout is open");
}

fn candidates(policy: &Policy) -> Vec<Policy> {
    let values = 0..u32::try_from(CANDIDATES / SETTINGS.len()).expect("candidates are few");
    let all = SETTINGS.iter().flat_map(|setting| values.clone().map(move |n| (setting, n)));
    all.map(|((path, first, step), n)| {
        let value = first + step * f64::from(n);
        let paths: Vec<String> = match path.split_once('*') {
            None => vec![(*path).to_owned()],
            Some((head, tail)) => {
                policy.accounts.keys().map(|name| format!("{head}{name}{tail}")).collect()
            }
        };
        let changes: Vec<Change> = paths
            .into_iter()
            .map(|path| {
                let from = policy.setting(&path).expect("a setting of the policy");
                let is_whole = !from.contains('.');
                let to = if is_whole { format!("{value:.0}") } else { format!("{value:.3}") };
                Change { path: path.into(), from: from.into(), to: to.into() }
            })
            .collect();
        policy.with(&changes).expect("a possible value")
    })
    .collect()
}

fn course(sessions: usize) -> Course {
    let after = Date::from_ymd(2024, 1, 1).expect("the date exists");
    let tape = Tape::generate(Plan { symbols: SYMBOLS, sessions, after, seed: 7 });
    let mut course = Course::default();
    let mut seq = 0;
    let mut push = |at, event| {
        seq += 1;
        course.take(&Entry { seq: Seq(seq), at, event });
    };
    let first = tape.starts()[0] - Span::from_minutes(10);
    let listing = |symbol: u16| Listing {
        ticker: Ticker::parse(&format!("S{symbol}")).expect("a letter and a number"),
        sector: format!("sector {}", symbol % 6).into(),
        fractionable: false,
        shortable: true,
    };
    push(first, Event::Universe(Universe { listings: (0..SYMBOLS).map(listing).collect() }));
    for (account, dollars) in (0..).zip([500_000, 100_000, 30_000]) {
        push(
            first,
            Event::Report(AccountReport {
                account: AccountId(account),
                cash: Money::dollars(dollars),
                holdings: Vec::new(),
                open_orders: Vec::new(),
                fills: Vec::new(),
                busts: Vec::new(),
                settlements: Vec::new(),
                payouts: Vec::new(),
            }),
        );
    }
    for row in 0..tape.starts().len() {
        let mut minute = Minute::of_length(tape.starts()[row], SYMBOLS.into());
        minute.traded[0] = (1 << SYMBOLS) - 1;
        tape.read(row, &mut minute);
        push(minute.end(), Event::Minute(minute));
    }
    course
}
