//! `proposals`: what learning proposes, and the evidence of each on a page of its own.

use backsight_domain::id::ProposalId;
use backsight_domain::proposal::{Evidence, ProposalMove, ProposalStage};
use backsight_domain::time::Time;
use backsight_engine::proposal::{Lane, Lessons, Proposal};
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Proposals;
use crate::command::{Context, status};
use crate::page::{Cell, Page, Table, Tone};
use crate::view::View;
use crate::words;

/// Lists proposals, or shows one.
pub(crate) fn run(context: &Context, wish: &Proposals) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let view = View::read(&context.home)?;
    match &wish.id {
        None => Ok(list(context, &view)),
        Some(text) => show(context, &view, text),
    }
}

fn list(context: &Context, view: &View) -> Answer {
    let lessons = view.engine.lessons();
    let mut page = context.page();
    if lessons.proposals.is_empty() {
        page.line(Tone::Plain, "There are no proposals.");
        page.words(Tone::Dim, "Look for some: backsight learn --now");
    } else {
        page.table(&table(lessons));
        page.line(Tone::Dim, "R: multiples of the risk first taken, added to each session.");
        page.line(Tone::Dim, "The evidence of one: backsight proposals ID");
    }
    page.line(Tone::Dim, &format!("Candidate policies ever tried: {}", lessons.trials));
    let rows: Vec<_> = lessons.proposals.iter().map(|proposal| value(proposal, &[])).collect();
    Answer::fine(page, json!({ "trials": lessons.trials, "proposals": rows }))
}

fn table(lessons: &Lessons) -> Table {
    let mut table = Table::new(&["proposal", "stage", "change", ">promised", ">got", ">sessions"]);
    for proposal in &lessons.proposals {
        let got = got(proposal);
        table.row([
            proposal.id.to_string().into(),
            Cell::toned(tone(proposal.stage), proposal.stage.to_string()),
            changes(proposal).into(),
            words::multiple(proposal.finding.evidence.effect),
            got.map_or("-".into(), words::multiple),
            words::count(proposal.gains.sessions).into(),
        ]);
    }
    table
}

fn show(context: &Context, view: &View, text: &str) -> Result<Answer, Failure> {
    let id = ProposalId::parse(text);
    let known = id.and_then(|id| view.engine.lessons().proposal(id));
    let Some(proposal) = known else {
        let message = format!("there is no proposal `{text}`; `backsight proposals` lists them");
        return Err(Failure::new(Exit::Usage, message));
    };
    let moves: Vec<_> =
        view.history.moves.iter().filter(|(_, step)| step.proposal == proposal.id).collect();
    let mut page = context.page();
    page.pieces(&[
        Cell::toned(Tone::Strong, proposal.id.to_string()),
        Cell::toned(tone(proposal.stage), format!("  {}", proposal.stage)),
    ]);
    for change in &proposal.finding.changes {
        page.pair(&change.path, format!("{} -> {}", change.from, change.to));
    }
    write_evidence(&mut page, &proposal.finding.evidence);
    write_later(&mut page, proposal);
    write_moves(&mut page, &moves);
    if let Some(words) = &proposal.finding.commentary {
        page.heading("Commentary, without authority");
        page.words(Tone::Dim, words);
    }
    write_next(&mut page, proposal);
    let moves: Vec<_> = moves.into_iter().map(|(at, step)| told(*at, step)).collect();
    Ok(Answer::fine(page, value(proposal, &moves)))
}

fn write_evidence(page: &mut Page, evidence: &Evidence) {
    let multiple = |r: f64| format!("{r:+.3} R");
    page.heading("Evidence, from sessions that did not choose the change");
    page.pair("a session gains", multiple(evidence.effect));
    page.pair("95 in 100", format!("{:+.3} to {:+.3} R", evidence.low, evidence.high));
    let basis = format!("{} trades of {} sessions", evidence.sample, evidence.sessions);
    page.pair("rests on", basis);
    page.pair("last sessions", multiple(evidence.out_of_time));
    page.pair("without best", multiple(evidence.without_best));
    page.pair("costs doubled", multiple(evidence.stressed));
    page.pair("where chosen", multiple(evidence.in_sample));
    let trade = format!("{:+.3} R before, {:+.3} R after", evidence.before, evidence.after);
    page.pair("a trade makes", trade);
    page.pair("deepest fall", format!("{:.2} R", evidence.drawdown));
    let chance = format!(
        "{:.5}, given {} trials ever made ({:.5} alone)",
        evidence.q, evidence.trials, evidence.p
    );
    page.pair("chance", chance);
    page.pair("Sharpe above 0", format!("{:.3} sure, deflated", evidence.deflated_sharpe));
    page.pair("overfitted", format!("{:.2} of the ways to split the past", evidence.overfitting));
    page.pair("added up", chart(&evidence.curve));
    page.pair("trial", evidence.trial.to_string());
}

fn write_later(page: &mut Page, proposal: &Proposal) {
    let gains = &proposal.gains;
    if gains.sessions == 0 {
        return;
    }
    page.heading("Since it is followed, with the same entries with and without it");
    let promised = proposal.finding.evidence.effect;
    let got = got(proposal).unwrap_or(0.0);
    let sentence = format!(
        "We expected {promised:+.2} R a session, we got {got:+.2} R over {} sessions ({} trades \
         differ).",
        gains.sessions, gains.trades
    );
    page.words(Tone::Plain, &sentence);
    let lane = |lane: &Lane| {
        lane.mean().map_or("nothing closed".to_owned(), |mean| {
            format!("{} trades, {mean:+.2} R each", lane.trades)
        })
    };
    page.pair("traded by it", lane(&proposal.under));
    if 0 < proposal.beside.trades {
        page.pair("beside it", lane(&proposal.beside));
    }
}

fn write_moves(page: &mut Page, moves: &[&(Time, ProposalMove)]) {
    page.heading("What became of it");
    for (at, step) in moves {
        let who = step.who.as_ref().map_or(String::new(), |who| format!(" {who}"));
        let why = step.why.as_ref().map_or(String::new(), |why| format!(": {why}"));
        let line = format!("  {}  {}  {}{who}{why}", words::minute(*at), step.to, step.by);
        page.line(Tone::Plain, &line);
    }
}

fn write_next(page: &mut Page, proposal: &Proposal) {
    let id = proposal.id;
    let next = match proposal.stage {
        ProposalStage::Pending => {
            format!("backsight approve {id} --reason \"...\"    backsight reject {id}")
        }
        ProposalStage::Approved
        | ProposalStage::Shadow
        | ProposalStage::Canary
        | ProposalStage::Adopted => format!("Take it back: backsight withdraw {id}"),
        ProposalStage::Rejected | ProposalStage::Expired | ProposalStage::Withdrawn => return,
    };
    page.blank();
    page.line(Tone::Dim, &next);
}

/// What it added to a session since it is followed.
fn got(proposal: &Proposal) -> Option<f64> {
    let sessions = proposal.gains.sessions;
    (0 < sessions).then(|| proposal.gains.total / f64::from(sessions))
}

fn changes(proposal: &Proposal) -> String {
    let changes = proposal.finding.changes.iter().map(ToString::to_string);
    changes.collect::<Vec<_>>().join(", ")
}

const fn tone(stage: ProposalStage) -> Tone {
    match stage {
        ProposalStage::Pending => Tone::Warn,
        ProposalStage::Approved | ProposalStage::Shadow | ProposalStage::Canary => Tone::Strong,
        ProposalStage::Adopted => Tone::Good,
        ProposalStage::Rejected | ProposalStage::Expired => Tone::Dim,
        ProposalStage::Withdrawn => Tone::Bad,
    }
}

/// A line of bars: the curve from its lowest to its highest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of seven steps"
)]
fn chart(curve: &[f64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let low = curve.iter().copied().fold(0.0, f64::min);
    let high = curve.iter().copied().fold(0.0, f64::max);
    let place = |value: &f64| {
        let share = if low < high { (value - low) / (high - low) } else { 0.0 };
        BARS[((share * 7.0).round() as usize).min(7)]
    };
    let bars: String = curve.iter().map(place).collect();
    format!("{bars}  {:+.1} R", curve.last().copied().unwrap_or(0.0))
}

fn told(at: Time, step: &ProposalMove) -> Value {
    json!({
        "at": at.to_string(),
        "from": step.from.map(|stage| stage.to_string()),
        "to": step.to.to_string(),
        "by": step.by.to_string(),
        "who": step.who,
        "why": step.why,
    })
}

fn value(proposal: &Proposal, moves: &[Value]) -> Value {
    let evidence = &proposal.finding.evidence;
    let change = |change: &backsight_domain::proposal::Change| json!({ "setting": change.path, "from": change.from, "to": change.to });
    json!({
        "id": proposal.id.to_string(),
        "stage": proposal.stage.to_string(),
        "changes": proposal.finding.changes.iter().map(change).collect::<Vec<_>>(),
        "found": proposal.found,
        "approvals": proposal.approvals,
        "evidence": {
            "trial": evidence.trial.to_string(),
            "sessions": evidence.sessions,
            "sample": evidence.sample,
            "effect": evidence.effect,
            "low": evidence.low,
            "high": evidence.high,
            "in_sample": evidence.in_sample,
            "out_of_time": evidence.out_of_time,
            "without_best": evidence.without_best,
            "stressed": evidence.stressed,
            "before": evidence.before,
            "after": evidence.after,
            "drawdown": evidence.drawdown,
            "trials": evidence.trials,
            "p": evidence.p,
            "q": evidence.q,
            "deflated_sharpe": evidence.deflated_sharpe,
            "overfitting": evidence.overfitting,
            "curve": evidence.curve,
        },
        "expected": evidence.effect,
        "got": got(proposal),
        "followed_sessions": proposal.gains.sessions,
        "commentary": proposal.finding.commentary,
        "moves": moves,
    })
}

#[cfg(test)]
mod tests;
