//! Learning tested against known truth: what it proposes in worlds with one planted effect, in
//! worlds with none, and what becomes of a proposal whose effect dies.

use backsight_domain::desk::{Command, OperatorCommand};
use backsight_domain::event::Event;
use backsight_domain::id::{ProposalId, Seq};
use backsight_domain::policy::Policy;
use backsight_domain::proposal::{Cadence, Finding, Lesson, ProposalStage};
use backsight_domain::time::Date;
use backsight_engine::proposal::{Lessons, number};
use backsight_quant::drift;
use backsight_sim::planted::{Kind, Planted};

use super::course::Course;
use super::judge::{self, Look};
use super::shadow::Shadows;
use crate::past::trading_date;

/// What was proposed in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The surest finding moves a right setting the right way.
    Right,
    /// A right one is among the findings, behind another.
    Among,
    /// Something else only.
    Wrong,
    /// Nothing.
    Nothing,
}

/// What became of a proposal whose effect died.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Death {
    /// Sessions from the death to the withdrawal; nothing when it was not withdrawn.
    pub after: Option<usize>,
    /// Whether it was withdrawn while its effect lived.
    pub too_soon: bool,
    /// Sessions that the evidence says it takes on average.
    pub stated: f64,
}

/// The market of a planted world.
pub fn course(world: Planted) -> Course {
    let mut course = Course::default();
    world.entries().iter().for_each(|entry| course.take(entry));
    course
}

/// What a look back over a course finds.
pub fn look(course: &Course, policy: &Policy) -> Look {
    judge::look(course, (policy, &Lessons::default()), (Cadence::Asked, Seq(1)))
}

/// What is proposed in a world of a kind.
pub fn planted(kind: Kind, seed: u64, sessions: usize) -> Answer {
    let course = course(Planted { kind, seed, sessions, dies: sessions });
    let findings = look(&course, &kind.policy()).findings;
    match findings.iter().position(|finding| is_right(kind, finding)) {
        Some(0) => Answer::Right,
        Some(_) => Answer::Among,
        None if findings.is_empty() => Answer::Nothing,
        None => Answer::Wrong,
    }
}

/// What is proposed in a world in which nothing is true; nothing should be.
pub fn null(seed: u64, sessions: usize) -> Vec<Finding> {
    let kind = Kind::ALL[usize::try_from(seed).unwrap_or(0) % Kind::ALL.len()];
    let course = course(Planted { kind, seed: !seed, sessions, dies: 0 });
    look(&course, &kind.policy()).findings
}

/// Adopts what is found in the first half of a world whose effect dies after two thirds, and
/// follows it to the end. Nothing when the right thing is not found.
pub fn death(kind: Kind, seed: u64, sessions: usize) -> Option<Death> {
    let (half, dies) = (sessions / 2, sessions * 2 / 3);
    let whole = course(Planted { kind, seed, sessions, dies });
    let dates = whole.sessions().to_vec();
    let mut policy = kind.policy();
    policy.learning.shadow_sessions = 0;
    policy.learning.canary_sessions = 0;
    let findings = look(&whole.until(dates[half - 1]), &policy).findings;
    let finding = findings.into_iter().find(|finding| is_right(kind, finding))?;
    let promised = finding.evidence.effect / (2.0 * finding.evidence.spread);
    let stated = drift::delay(promised, f64::from(policy.learning.drift_sessions));
    let withdrawn = follow(&whole, &policy, (&finding, dates[half - 1]));
    let place = withdrawn.map(|date| dates.partition_point(|session| *session < date) + 1);
    let too_soon = place.is_some_and(|place| place <= dies);
    Some(Death { after: place.filter(|_| !too_soon).map(|place| place - dies), too_soon, stated })
}

/// Plays a course with a desk that adopts a finding after a session, and tells it after each what
/// the finding added; the session after which the desk took it back.
fn follow(course: &Course, policy: &Policy, (finding, after): (&Finding, Date)) -> Option<Date> {
    let terms = course.terms(policy);
    let mut desk = course.begin(policy, &terms);
    let mut adopted: Option<ProposalId> = None;
    let mut entries = course.entries().iter().peekable();
    let mut pair = Shadows::of_change(course, policy, (ProposalId(Seq(0)), &finding.changes));
    while let Some(entry) = entries.next() {
        desk.take(entry);
        pair.take(entry);
        let date = trading_date(entry.at);
        if entries.peek().is_some_and(|next| trading_date(next.at) == date) {
            continue;
        }
        if let Some(id) = adopted {
            let measured = pair.session(date).next();
            if let Some(mut measured) = measured {
                measured.proposal = id;
                desk.tell(Event::Learned(Lesson::Measured(measured)), entry.at);
            }
            let lessons = desk.engine().lessons();
            if lessons.proposal(id).is_some_and(|p| p.stage == ProposalStage::Withdrawn) {
                return Some(date);
            }
        } else if date == after {
            let mut finding = finding.clone();
            finding.evidence.trials = 0;
            desk.tell(Event::Learned(Lesson::Found(Box::new(finding))), entry.at);
            let id = desk.engine().lessons().proposals.first()?.id;
            let (who, why) = ("ada".into(), "known truth".into());
            let command = Command::Approve(id);
            desk.tell(Event::Operator(OperatorCommand { command, who, why, key: 1 }), entry.at);
            adopted = Some(id);
        }
    }
    None
}

fn is_right(kind: Kind, finding: &Finding) -> bool {
    finding.changes.iter().all(|change| {
        let moved = number(&change.to).zip(number(&change.from)).map(|(to, from)| to - from);
        kind.right().iter().any(|(path, way)| {
            change.path.ends_with(path) && moved.is_some_and(|moved| 0.0 < moved * way)
        })
    })
}

#[cfg(test)]
mod tests;
