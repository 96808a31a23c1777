//! `learn --readiness`: whether the past speaks for real money, check by check.

use backsight_domain::session::Session;
use backsight_journal::Reader;
use backsight_learning::divergence::diverge;
use backsight_learning::readiness::{Check, Drills, Standing, is_ready, readiness};
use backsight_learning::sample::Calendar;
use backsight_sim::drill::Drill;
use serde_json::{Value, json};

use crate::answer::{Answer, Failure};
use crate::command::{Context, status};
use crate::page::{Cell, Tone};
use crate::{view, words};

/// The seeds of the drills that are played, each under every fault and with crashes.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=3;

/// Plays the drills and the last session's back-test, and tells what is met.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let past = view::past(&context.home)?;
    let closed = past.history.closings.last().map(|closing| words::trading_date(closing.at));
    let divergence = match closed.and_then(Session::on) {
        Some(session) => diverge(Reader::open(&context.home.disk())?, session)?,
        None => None,
    };
    let checks = readiness(&past, &Calendar::of(&past), divergence.as_ref(), &drills());
    let ready = is_ready(&checks);
    let mut page = context.page();
    page.heading("Ready for real money?");
    for check in &checks {
        let said = format!("{}; asked for: {}", check.seen, check.asked);
        page.pieces(&[
            Cell::toned(tone(check.standing), format!("{:8}", check.standing.to_string())),
            Cell::toned(Tone::Strong, check.name),
        ]);
        page.words(Tone::Plain, &said);
    }
    page.blank();
    let sentence = if ready {
        "Everything that is asked for is met. What it means is a person's judgement."
    } else {
        "Not ready: real money waits until everything above is met."
    };
    page.words(if ready { Tone::Good } else { Tone::Warn }, sentence);
    Ok(Answer::fine(page, value(&checks, ready)))
}

/// Plays fault drills with this very build.
fn drills() -> Drills {
    let mut drills = Drills::default();
    for seed in SEEDS {
        let drill = Drill::of_seed(seed, "full").expect("the profile is one of those there are");
        drills.played += 1;
        if drill.play(|_, _| {}).is_err() {
            drills.failed.push(format!("cargo xtask sim --seed {seed}"));
        }
    }
    drills
}

const fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Met => Tone::Good,
        Standing::Unmet => Tone::Bad,
        Standing::Unknown => Tone::Warn,
    }
}

fn value(checks: &[Check], ready: bool) -> Value {
    let check = |check: &Check| {
        json!({
            "check": check.name,
            "standing": check.standing.to_string(),
            "seen": check.seen,
            "asked": check.asked,
        })
    };
    json!({ "ready": ready, "checks": checks.iter().map(check).collect::<Vec<_>>() })
}
