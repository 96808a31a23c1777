//! What was learned: cycles, proposals, and how they did.

use backsight_domain::proposal::{Evidence, Finding, Lesson, ProposalMove, ProposalStage, Trigger};

use super::{Place, Projection};
use crate::batch::{Batch, row};
use crate::json::{List, Object};
use crate::value::Value;

pub(super) fn lesson(place: Place, lesson: &Lesson, batch: &mut Batch) {
    match lesson {
        Lesson::Cycle(cycle) => batch.add(row!(cycles {
            seq: place.seq(),
            at: place.at,
            cadence: Value::text(cycle.cadence),
            session_date: cycle.session,
            through: i64::try_from(cycle.through.0).unwrap_or(i64::MAX),
            closed: cycle.closed,
            trials: cycle.trials,
        })),
        Lesson::Measured(measured) => batch.add(row!(measurements {
            seq: place.seq(),
            at: place.at,
            proposal: measured.proposal.to_string(),
            session_date: measured.session,
            trades: measured.trades,
            gained: measured.gained,
        })),
        // Whether it becomes a proposal stands in the decision about it.
        Lesson::Found(_) => {}
    }
}

impl Projection {
    pub(super) fn propose(
        &self,
        (place, index): (Place, usize),
        moved: &ProposalMove,
        batch: &mut Batch,
    ) {
        let id = moved.proposal.to_string();
        batch.add(row!(proposal_moves {
            seq: place.seq(),
            place: index,
            at: place.at,
            proposal: id.clone(),
            stage_before: moved.from.map(|stage| stage.to_string()),
            stage: Value::text(moved.to),
            moved_by: Value::text(moved.by),
            who: moved.who.as_ref().map(ToString::to_string),
            why: moved.why.as_ref().map(ToString::to_string),
        }));
        match (&self.finding, moved.by) {
            (Some(finding), Trigger::Found) => file(place, id, moved.to, finding, batch),
            (Some(finding), Trigger::FoundAgain) => find_again(place, id, finding, batch),
            _ => {
                batch.change(
                    "UPDATE proposals SET changed = $1, stage = $2, stage_since = $3 WHERE id = $4",
                    [place.seq().into(), Value::text(moved.to), place.at.into(), id.clone().into()],
                );
                if let Some(who) = &moved.who {
                    batch.change(
                        "UPDATE proposals SET decided_by = $1, decided_why = $2, decided_at = $3 \
                         WHERE id = $4",
                        [who.into(), moved.why.as_ref().into(), place.at.into(), id.into()],
                    );
                }
            }
        }
    }
}

fn file(place: Place, id: String, stage: ProposalStage, finding: &Finding, batch: &mut Batch) {
    let (first, evidence) = (finding.changes.first(), &finding.evidence);
    let number = |text: &str| text.parse::<f64>().ok();
    batch.add(row!(proposals {
        id: id,
        seq: place.seq(),
        changed: place.seq(),
        at: place.at,
        stage: Value::text(stage),
        stage_since: place.at,
        parameter: first.map(|change| change.path.to_string()),
        value_now: first.map(|change| change.from.to_string()),
        value_proposed: first.map(|change| change.to.to_string()),
        number_now: first.and_then(|change| number(&change.from)),
        number_proposed: first.and_then(|change| number(&change.to)),
        changes: List::of(finding.changes.iter().map(|change| {
            Object::new()
                .put("path", &*change.path)
                .put("from", &*change.from)
                .put("to", &*change.to)
        })),
        sample: evidence.sample,
        effect: evidence.effect,
        low: evidence.low,
        high: evidence.high,
        p: evidence.p,
        q: evidence.q,
        trial: Value::text(evidence.trial),
        evidence: told(evidence),
        commentary: finding.commentary.as_ref(),
        found: 1_i64,
    }));
}

/// The same was found once more: what speaks for it is what speaks for it now.
fn find_again(place: Place, id: String, finding: &Finding, batch: &mut Batch) {
    let evidence = &finding.evidence;
    batch.change(
        "UPDATE proposals SET changed = $1, sample = $2, effect = $3, low = $4, high = $5, \
         p = $6, q = $7, trial = $8, evidence = $9, found = found + 1 WHERE id = $10",
        [
            place.seq().into(),
            evidence.sample.into(),
            evidence.effect.into(),
            evidence.low.into(),
            evidence.high.into(),
            evidence.p.into(),
            evidence.q.into(),
            Value::text(evidence.trial),
            told(evidence).into(),
            id.into(),
        ],
    );
}

fn told(evidence: &Evidence) -> Object {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    Object::new()
        .put("trial", evidence.trial.to_string())
        .put("through", count(evidence.through.0))
        .put("sessions", evidence.sessions)
        .put("sample", evidence.sample)
        .put("effect", evidence.effect)
        .put("low", evidence.low)
        .put("high", evidence.high)
        .put("spread", evidence.spread)
        .put("in_sample", evidence.in_sample)
        .put("out_of_time", evidence.out_of_time)
        .put("without_best", evidence.without_best)
        .put("stressed", evidence.stressed)
        .put("before", evidence.before)
        .put("after", evidence.after)
        .put("drawdown", evidence.drawdown)
        .put("trials", count(evidence.trials))
        .put("p", evidence.p)
        .put("q", evidence.q)
        .put("deflated_sharpe", evidence.deflated_sharpe)
        .put("overfitting", evidence.overfitting)
        .put("curve", List::of(evidence.curve.iter().copied()))
}
