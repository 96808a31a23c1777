//! `missed`: what was not traded, what it would have made, and what stood in the way.

use std::collections::BTreeMap;

use backsight_domain::instrument::Ticker;
use backsight_learning::missed::{self, Declined, Judgement, Made, Obstacle, What};
use backsight_learning::past::Past;
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Missed;
use crate::command::{Context, status};
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::view;
use crate::words;

/// Rows of what was missed most.
const MOST: usize = 8;
/// Sessions that are summed up.
const SESSIONS: usize = 5;
/// Rows of what stood in the way.
const OBSTACLES: usize = 8;

/// Tells what was missed.
pub(crate) fn run(context: &Context, wish: &Missed) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let past = view::past(&context.home)?;
    let ticker = wish.symbol.as_ref().map(|text| watched(&past, text)).transpose()?;
    let mut all = missed::missed(&past);
    all.retain(|declined| ticker.is_none_or(|ticker| declined.ticker == ticker));
    let mut page = context.page();
    if all.is_empty() {
        page.line(Tone::Plain, "Nothing was declined yet.");
        page.line(Tone::Dim, "Let the desk run: backsight demo");
    } else if wish.all {
        page.table(&table(all.iter()));
    } else {
        write_kinds(&mut page, &all);
        write_obstacles(&mut page, &all);
        write_most(&mut page, &all);
        write_sessions(&mut page, &all);
    }
    if !all.is_empty() {
        page.blank();
        page.line(Tone::Dim, "One of them: backsight why SIGNAL    All: backsight missed --all");
    }
    let sessions = missed::by_session(&all).into_iter().map(|(session, day)| {
        json!({
            "session": session.to_string(),
            "declined": day.declined,
            "missed": day.missed,
            "spared": day.spared,
            "missed_pct": day.missed_pct,
        })
    });
    let json = json!({
        "declined": all.iter().map(|it| declined_json(&past, it)).collect::<Vec<_>>(),
        "sessions": sessions.collect::<Vec<_>>(),
    });
    Ok(Answer::fine(page, json))
}

fn watched(past: &Past, text: &str) -> Result<Ticker, Failure> {
    let ticker = Ticker::parse(&text.to_ascii_uppercase()).ok();
    ticker.filter(|ticker| past.tape.slot_of(*ticker).is_some()).ok_or_else(|| {
        let message = format!("`{text}` is no watched symbol; `backsight missed` names some");
        Failure::new(Exit::Usage, message)
    })
}

/// What was declined, by kind and verdict.
fn write_kinds(page: &mut Page, all: &[Declined]) {
    page.heading("Declined, and what it would have made after costs");
    let columns = ["what", ">declined", ">missed", ">even", ">spared", ">open", ">% each"];
    let mut table = Table::new(&columns);
    for kind in ["signal", "hold", "surge"] {
        let rows: Vec<&Declined> = all.iter().filter(|it| self::kind(it) == kind).collect();
        let count = |wanted: Judgement| {
            words::count(rows.iter().filter(|it| it.judgement == wanted).count()).into()
        };
        let made: Vec<f64> = rows.iter().filter_map(|it| Some(it.made?.pct)).collect();
        table.row([
            match kind {
                "signal" => "signals refused",
                "hold" => "playbooks that held",
                _ => "surges not traded",
            }
            .into(),
            words::count(rows.len()).into(),
            count(Judgement::Missed),
            count(Judgement::Even),
            count(Judgement::Spared),
            count(Judgement::Open),
            mean(&made).map_or("-".into(), percent),
        ]);
    }
    page.table(&table);
}

/// What stood in the way of what was missed and of what was spared.
fn write_obstacles(page: &mut Page, all: &[Declined]) {
    let mut rows: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for declined in all {
        let place = match declined.judgement {
            Judgement::Missed => 0,
            Judgement::Spared => 1,
            Judgement::Even | Judgement::Open => continue,
        };
        let names = declined.obstacles.iter().map(Obstacle::name);
        for name in names.collect::<std::collections::BTreeSet<_>>() {
            rows.entry(name).or_default()[place] += 1;
        }
    }
    let mut rows: Vec<(String, [usize; 2])> = rows.into_iter().collect();
    rows.sort_by_key(|(name, [missed, spared])| (std::cmp::Reverse(missed + spared), name.clone()));
    page.heading("In the way");
    let mut table = Table::new(&["obstacle", ">of missed", ">of spared"]);
    for (name, [missed, spared]) in rows.into_iter().take(OBSTACLES) {
        table.row([name.into(), words::count(missed).into(), words::count(spared).into()]);
    }
    page.table(&table);
}

fn write_most(page: &mut Page, all: &[Declined]) {
    let r = |it: &Declined| it.made.and_then(|made| made.r);
    let pct = |it: &Declined| it.made.map(|made| made.pct);
    write_best(page, "Signals missed most, in units of risk", all, r);
    let others: Vec<Declined> = all.iter().filter(|it| r(it).is_none()).cloned().collect();
    write_best(page, "Surges and holds missed most, in percent", &others, pct);
}

fn write_best(
    page: &mut Page,
    heading: &str,
    all: &[Declined],
    size: impl Fn(&Declined) -> Option<f64>,
) {
    let missed = all.iter().filter(|it| it.judgement == Judgement::Missed);
    let mut sized: Vec<(f64, &Declined)> = missed.filter_map(|it| Some((size(it)?, it))).collect();
    sized.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(one.at.cmp(&other.at)));
    if !sized.is_empty() {
        page.heading(heading);
        page.table(&table(sized.into_iter().take(MOST).map(|(_, it)| it)));
    }
}

fn write_sessions(page: &mut Page, all: &[Declined]) {
    page.heading("The last sessions");
    let mut table = Table::new(&["session", ">declined", ">missed", ">spared", ">% missed in sum"]);
    for (session, day) in missed::by_session(all).into_iter().rev().take(SESSIONS) {
        table.row([
            session.to_string().into(),
            words::count(day.declined).into(),
            words::count(day.missed).into(),
            words::count(day.spared).into(),
            percent(day.missed_pct),
        ]);
    }
    page.table(&table);
}

fn table<'d>(rows: impl Iterator<Item = &'d Declined>) -> Table {
    let columns = ["what", "symbol", "way", "when", ">%", ">R", "so", "in the way"];
    let mut table = Table::new(&columns);
    for it in rows {
        table.row([
            name(it).into(),
            Cell::toned(Tone::Strong, it.ticker.as_str()),
            it.direction.map_or("-".into(), |way| way.to_string().into()),
            words::short_minute(it.at).into(),
            it.made.map_or("-".into(), |made| percent(made.pct)),
            it.made.and_then(|made| made.r).map_or("-".into(), words::multiple),
            it.judgement.to_string().into(),
            it.obstacles.first().map_or(String::new(), Obstacle::name).into(),
        ]);
    }
    table
}

const fn kind(declined: &Declined) -> &'static str {
    match declined.what {
        What::Signal { .. } => "signal",
        What::Hold { .. } => "hold",
        What::Surge { .. } => "surge",
    }
}

fn name(declined: &Declined) -> String {
    match declined.what {
        What::Signal { id, .. } => id.to_string(),
        What::Hold { playbook, .. } => format!("{playbook} held"),
        What::Surge { ratio, .. } => format!("surge {ratio:.1}x"),
    }
}

fn percent(value: f64) -> Cell {
    let tone = if value < -0.005 {
        Tone::Bad
    } else if value < 0.005 {
        Tone::Plain
    } else {
        Tone::Good
    };
    Cell::toned(tone, format!("{value:+.2}"))
}

#[expect(clippy::cast_precision_loss, reason = "nobody declined 2^53 things")]
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

pub(crate) fn declined_json(past: &Past, it: &Declined) -> Value {
    let mut value = json!({
        "what": kind(it),
        "at": it.at.to_string(),
        "symbol": it.ticker.as_str(),
        "direction": it.direction.map(|way| way.to_string()),
        "judgement": it.judgement.to_string(),
        "made": it.made.map(made_json),
        "repeats": it.repeats,
        "obstacles": it.obstacles.iter().map(|o| obstacle_json(past, o)).collect::<Vec<_>>(),
    });
    match it.what {
        What::Signal { id, playbook, confidence } => {
            value["signal"] = id.to_string().into();
            value["playbook"] = playbook.to_string().into();
            value["confidence"] = confidence.into();
        }
        What::Hold { playbook, why } => {
            value["playbook"] = playbook.to_string().into();
            value["why"] = why.to_string().into();
        }
        What::Surge { ratio, after: [quarter, hour, close], is_sustained } => {
            value["volume_ratio"] = ratio.into();
            value["return_15m"] = quarter.into();
            value["return_60m"] = hour.into();
            value["return_close"] = close.into();
            value["volume_sustained"] = is_sustained.into();
        }
    }
    value
}

fn made_json(made: Made) -> Value {
    json!({
        "pct": made.pct,
        "best_pct": made.best_pct,
        "worst_pct": made.worst_pct,
        "r": made.r,
        "money": made.money.map(json::money),
    })
}

fn obstacle_json(past: &Past, obstacle: &Obstacle) -> Value {
    match *obstacle {
        Obstacle::Gate { account, gate, observed, threshold, is_alone } => json!({
            "gate": gate.name(),
            "account": past.account_name(account),
            "observed": json::observed(observed),
            "threshold": json::observed(threshold),
            "alone": is_alone,
        }),
        Obstacle::Hold { why, observed, threshold } => {
            json!({ "held": why.to_string(), "observed": observed, "threshold": threshold })
        }
        Obstacle::Silence => json!({ "no_signal": true }),
    }
}
