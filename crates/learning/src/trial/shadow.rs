//! Shadow desks: for each followed proposal a desk with it and one without, on the same entries.
//!
//! What a proposal added in a session is the difference of the two desks' trades that ended in it.
//! At most [`SHADOWS_MAX`] proposals are followed at a time; the engine decides what their numbers
//! mean.

use std::collections::BTreeMap;

use backsight_domain::event::Entry;
use backsight_domain::id::ProposalId;
use backsight_domain::policy::Policy;
use backsight_domain::proposal::{Change, Measured, ProposalStage};
use backsight_domain::time::Date;
use backsight_engine::proposal::{Lessons, Proposal};

use super::course::Course;
use super::runner::{Runner, Trade};
use crate::past::trading_date;

/// Proposals that are followed at the same time.
pub const SHADOWS_MAX: usize = 16;

/// The two desks of one proposal.
#[derive(Clone, Debug)]
struct Pair {
    proposal: ProposalId,
    without: Runner,
    with: Runner,
}

/// The desks beside a desk.
#[derive(Clone, Debug, Default)]
pub struct Shadows {
    pairs: Vec<Pair>,
}

impl Shadows {
    /// The desks of one change on top of a policy, before the first entry of a course.
    pub fn of_change(
        course: &Course,
        base: &Policy,
        (id, changes): (ProposalId, &[Change]),
    ) -> Self {
        let pair = base.with(changes).map(|with| Pair::begin(course, id, (base, &with)));
        Self { pairs: pair.into_iter().collect() }
    }

    /// The desks of every followed proposal, before the first entry of a course.
    pub fn begin(course: &Course, base: &Policy, lessons: &Lessons) -> Self {
        let followed = lessons.proposals.iter().filter(|proposal| proposal.stage.is_followed());
        let pairs = followed.take(SHADOWS_MAX).filter_map(|proposal| {
            let (without, with) = policies(base, lessons, proposal)?;
            Some(Pair::begin(course, proposal.id, (&without, &with)))
        });
        Self { pairs: pairs.collect() }
    }

    /// Takes what the market did.
    pub fn take(&mut self, entry: &Entry) {
        for Pair { without, with, .. } in &mut self.pairs {
            without.take(entry);
            with.take(entry);
        }
    }

    /// What each proposal added in a session.
    pub fn session(&self, session: Date) -> impl Iterator<Item = Measured> + '_ {
        self.pairs.iter().map(move |pair| pair.session(session))
    }

    /// What each proposal added in each session after the last one that was measured.
    pub fn measured(&self, lessons: &Lessons, sessions: &[Date]) -> Vec<Measured> {
        let mut all = Vec::new();
        for pair in &self.pairs {
            let Some(proposal) = lessons.proposal(pair.proposal) else { continue };
            let from = trading_date(proposal.since);
            let is_new = |date: &&Date| match proposal.gains.last {
                Some(last) => last < **date,
                None => from <= **date,
            };
            all.extend(sessions.iter().filter(is_new).map(|date| pair.session(*date)));
        }
        all.sort_by_key(|measured| (measured.session, measured.proposal));
        all
    }
}

impl Pair {
    fn begin(course: &Course, proposal: ProposalId, (without, with): (&Policy, &Policy)) -> Self {
        let terms = course.terms(without);
        let (without, with) = (course.begin(without, &terms), course.begin(with, &terms));
        Self { proposal, without, with }
    }

    fn session(&self, session: Date) -> Measured {
        let ended = |runner: &Runner| -> BTreeMap<_, f64> {
            let ended = |trade: &&Trade| trading_date(trade.closed) == session;
            let trades = runner.trades().iter().filter(ended);
            trades.map(|t| ((t.account, t.instrument, t.opened, t.closed), t.result)).collect()
        };
        let (before, after) = (ended(&self.without), ended(&self.with));
        let differs = |(key, result): &(&_, &f64)| before.get(key) != Some(result);
        let new = after.iter().filter(differs).count();
        let gone = before.keys().filter(|key| !after.contains_key(key)).count();
        #[expect(clippy::cast_precision_loss, reason = "a desk has at most 32 accounts")]
        let accounts = self.without.engine().accounts().len().max(1) as f64;
        let gained = (after.values().sum::<f64>() - before.values().sum::<f64>()) / accounts;
        let trades = u32::try_from(new + gone).unwrap_or(u32::MAX);
        Measured { proposal: self.proposal, session, trades, gained }
    }
}

/// The policies without and with a proposal, everything else adopted as it is.
fn policies(base: &Policy, lessons: &Lessons, proposal: &Proposal) -> Option<(Policy, Policy)> {
    let adopted = lessons.at(ProposalStage::Adopted);
    let others = adopted.iter().filter(|other| other.id != proposal.id);
    let without = others
        .fold(base.clone(), |policy, other| policy.with(&other.finding.changes).unwrap_or(policy));
    let with = without.with(&proposal.finding.changes).ok()?;
    Some((without, with))
}

/// Follows every proposal over a whole course.
pub fn follow(course: &Course, base: &Policy, lessons: &Lessons) -> Vec<Measured> {
    let mut shadows = Shadows::begin(course, base, lessons);
    if shadows.pairs.is_empty() {
        return Vec::new();
    }
    course.entries().iter().for_each(|entry| shadows.take(entry));
    shadows.measured(lessons, course.sessions())
}
