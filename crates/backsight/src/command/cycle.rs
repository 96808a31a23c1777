//! `learn --now`: tries candidate policies on the recorded past, and files what is found.

use backsight_domain::proposal::Cadence;
use backsight_journal::Reader;
use backsight_learning::trial::course::Course;
use backsight_learning::trial::cycle;
use backsight_learning::trial::judge::{Look, View as Seen};
use serde_json::{Value, json};

use crate::answer::{Answer, Failure};
use crate::command::{Context, status};
use crate::inbox;
use crate::page::{Page, Table, Tone};
use crate::view::View;
use crate::words;

/// Settings of which the outcome is shown.
const SHOWN: usize = 12;

/// Runs a cycle and puts what it found into the desk's inbox.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let view = View::read(&context.home)?;
    let disk = context.home.disk();
    let course = Course::read(Reader::open(&disk)?)?;
    let due = cycle::due(view.engine.lessons(), course.sessions());
    let cadence = due.filter(|due| *due == Cadence::Weekly).unwrap_or(Cadence::Asked);
    let (lessons, look) = cycle::whole(&course, &view.engine, cadence);
    for lesson in &lessons {
        inbox::teach(&context.home, lesson)?;
    }
    let mut page = context.page();
    write(&mut page, &look, context.home.running().is_some());
    Ok(Answer::fine(page, value(&look)))
}

fn write(page: &mut Page, look: &Look, runs: bool) {
    let cycle = &look.cycle;
    page.heading("Trials");
    if 0 < look.missing {
        let sentence = format!(
            "Nothing can be said yet: {} more trades must close before anything is tried.",
            look.missing
        );
        return page.words(Tone::Plain, &sentence);
    }
    let sentence = format!(
        "{} candidate policies traded differently from the one in force, which closed {} trades. \
         What each setting added to a session, on sessions that did not choose its value:",
        cycle.trials, cycle.closed
    );
    page.words(Tone::Plain, &sentence);
    page.table(&table(&look.views));
    page.blank();
    if look.findings.is_empty() {
        let sentence = "None is strong enough to be proposed: its interval holds zero, it rests on \
                        too few trades or sessions, or chance could look like it, given all \
                        that was ever tried.";
        return page.words(Tone::Plain, sentence);
    }
    let found = look.findings.len();
    let next = if runs { "they are being filed" } else { "filed when the desk runs" };
    page.line(Tone::Good, &format!("Proposals: {found}; {next}. See: backsight proposals"));
}

fn table(views: &[Seen]) -> Table {
    let mut table =
        Table::new(&["setting", "value", ">R a session", "95 in 100", ">trades", ">chance"]);
    for view in views.iter().take(SHOWN) {
        let evidence = &view.evidence;
        let value = view.changes.first().map_or("as it is".into(), |change| change.to.to_string());
        table.row([
            view.path.into(),
            value.into(),
            words::multiple(evidence.effect),
            format!("{:+.2} to {:+.2}", evidence.low, evidence.high).into(),
            words::count(evidence.sample).into(),
            format!("{:.3}", evidence.q).into(),
        ]);
    }
    table
}

fn value(look: &Look) -> Value {
    let seen = |view: &Seen| {
        let changes: Vec<_> = view.changes.iter().map(ToString::to_string).collect();
        let evidence = &view.evidence;
        json!({
            "setting": view.path,
            "changes": changes,
            "trials": view.trials,
            "sample": evidence.sample,
            "effect": evidence.effect,
            "low": evidence.low,
            "high": evidence.high,
            "p": evidence.p,
            "q": evidence.q,
        })
    };
    json!({
        "cadence": look.cycle.cadence.to_string(),
        "session": look.cycle.session.to_string(),
        "closed": look.cycle.closed,
        "missing": look.missing,
        "trials": look.cycle.trials,
        "settings": look.views.iter().map(seen).collect::<Vec<_>>(),
        "findings": look.findings.len(),
    })
}
