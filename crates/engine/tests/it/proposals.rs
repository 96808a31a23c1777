//! Lines of a script about what was learned.
//!
//! `tried 40` is a look back that tried so many; `found exits.stop_bps 50` files a change of what is
//! in force, `found exits.stop_bps 50 weak` one that could be chance; `measured p1 0.4` follows the
//! first proposal for the last session; `approve p1 ada` is what a person says.

use backsight_domain::desk::{Command, OperatorCommand};
use backsight_domain::event::Event;
use backsight_domain::id::ProposalId;
use backsight_domain::proposal::{
    Cadence, Change, Cycle, Evidence, Finding, Lesson, Measured, ProposalMove,
};
use backsight_domain::session::new_york;
use backsight_engine::Engine;

use crate::lines::Words;

pub(crate) const VERBS: [&str; 6] =
    ["tried", "found", "measured", "approve", "decline", "withdraw"];

/// The event of a line.
pub(crate) fn event(verb: &str, words: &mut Words<'_>, engine: &Engine, key: &mut u64) -> Event {
    match verb {
        "tried" => {
            let trials = u32::try_from(words.number()).expect("a count");
            let session = new_york(engine.now()).0;
            let (cadence, through) = (Cadence::Asked, engine.seq());
            Event::Learned(Lesson::Cycle(Cycle { cadence, session, through, closed: 0, trials }))
        }
        "found" => Event::Learned(Lesson::Found(Box::new(finding(words, engine)))),
        "measured" => {
            let proposal = named(words, engine);
            let (session, gained) = (new_york(engine.now()).0, words.ratio());
            Event::Learned(Lesson::Measured(Measured { proposal, session, trades: 1, gained }))
        }
        _ => {
            let proposal = named(words, engine);
            let command = match verb {
                "approve" => Command::Approve(proposal),
                "decline" => Command::Reject(proposal),
                _ => Command::Withdraw(proposal),
            };
            *key += 1;
            let (who, why) = (words.word().into(), "script".into());
            Event::Operator(OperatorCommand { command, who, why, key: *key })
        }
    }
}

fn finding(words: &mut Words<'_>, engine: &Engine) -> Finding {
    let path: Box<str> = words.word().into();
    let to = words.word().into();
    let from = engine.policy().setting(&path).expect("a setting").into_boxed_str();
    let q = if words.takes("weak") { 0.4 } else { 0.01 };
    let evidence = Evidence {
        through: engine.seq(),
        sessions: 60,
        sample: 120,
        effect: 0.5,
        low: 0.2,
        high: 0.8,
        spread: 1.0,
        out_of_time: 0.4,
        stressed: 0.3,
        trials: engine.lessons().trials,
        q,
        ..Evidence::default()
    };
    Finding { changes: vec![Change { path, from, to }], evidence, commentary: None }
}

fn named(words: &mut Words<'_>, engine: &Engine) -> ProposalId {
    let name = words.word();
    let number: usize = name.strip_prefix('p').and_then(|n| n.parse().ok()).expect("such as `p1`");
    engine.lessons().proposals[number - 1].id
}

/// `p1`: the place of a proposal among those that were filed.
pub(crate) fn name(engine: &Engine, id: ProposalId) -> String {
    let place = engine.lessons().proposals.iter().position(|proposal| proposal.id == id);
    place.map_or_else(|| id.to_string(), |place| format!("p{}", place + 1))
}

pub(crate) fn told(engine: &Engine, step: &ProposalMove) -> String {
    let name = name(engine, step.proposal);
    let who = step.who.as_ref().map_or(String::new(), |who| format!(" ({who})"));
    match step.from {
        None => {
            let proposal = engine.lessons().proposal(step.proposal).expect("it was just filed");
            let changes: Vec<_> =
                proposal.finding.changes.iter().map(ToString::to_string).collect();
            format!("proposal {name}: {}", changes.join(", "))
        }
        Some(from) if from == step.to => format!("{name} stays {from}: {}{who}", step.by),
        Some(from) => format!("{name} {from} -> {}: {}{who}", step.to, step.by),
    }
}

/// One line for each proposal.
pub(crate) fn lines(engine: &Engine) -> Vec<String> {
    let line = |proposal: &backsight_engine::proposal::Proposal| {
        let (name, gains) = (name(engine, proposal.id), proposal.gains);
        let mean = |lane: backsight_engine::proposal::Lane| {
            lane.mean().map_or("nothing".to_owned(), |mean| {
                format!("{} trades, {mean:+.2} R each", lane.trades)
            })
        };
        format!(
            "{name} {}, found {}x, {} sessions gained {:+.2} R; under it {}, beside it {}",
            proposal.stage,
            proposal.found,
            gains.sessions,
            gains.total,
            mean(proposal.under),
            mean(proposal.beside)
        )
    };
    engine.lessons().proposals.iter().map(line).collect()
}
