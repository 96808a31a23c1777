//! What the engine does with proposals: files them, lets persons decide, lets them in step by step,
//! and takes them back.
//!
//! A proposal moves on when a session opens, so that a session is traded by one set of rules; what
//! is taken back is taken back at once. Positions keep the plan they were opened under.

use backsight_domain::decision::{Ignored, Outcome, Reason};
use backsight_domain::desk::{Alarm, Command, OperatorCommand};
use backsight_domain::event::PolicyAdopted;
use backsight_domain::id::{AccountId, ProposalId, SignalId};
use backsight_domain::market::Slot;
use backsight_domain::policy::{AccountPolicy, Policy};
use backsight_domain::proposal::{Finding, Lesson, Measured, ProposalMove, ProposalStage, Trigger};

use backsight_journal::wire::Wire;

use super::Engine;
use crate::account::Account;
use crate::playbook::trend;
use crate::proposal::{Canary, Lessons, Proposal, is_possible, is_strong};

/// Who moved a proposal, and why.
type Said<'a> = Option<&'a OperatorCommand>;

impl Engine {
    pub(super) fn learn(&mut self, lesson: &Lesson) {
        match lesson {
            Lesson::Cycle(cycle) => {
                self.lessons.trials += u64::from(cycle.trials);
                self.lessons.cycles.insert(cycle.cadence, *cycle);
            }
            Lesson::Found(finding) => {
                let taken = self.file(finding);
                self.heed(taken);
            }
            Lesson::Measured(measured) => {
                let taken = self.follow(measured);
                self.heed(taken);
            }
        }
    }

    fn file(&mut self, finding: &Finding) -> Result<(), Ignored> {
        let learning = &self.policy.learning;
        if !is_strong(&finding.evidence, learning, self.lessons.trials) {
            return Err(Ignored::WeakEvidence);
        }
        let known = self.lessons.proposals.iter_mut().rev().find(|known| match known.stage {
            ProposalStage::Adopted | ProposalStage::Expired => false,
            ProposalStage::Rejected | ProposalStage::Withdrawn => {
                known.finding.changes == finding.changes
            }
            ProposalStage::Pending
            | ProposalStage::Approved
            | ProposalStage::Shadow
            | ProposalStage::Canary => known.finding.is_about(finding),
        });
        let is_news = known.as_ref().is_none_or(|known| known.stage == ProposalStage::Pending);
        if is_news && !is_possible(&self.policy, &finding.changes) {
            return Err(Ignored::ImpossibleProposal);
        }
        if let Some(known) = known {
            known.found += 1;
            let (id, stage) = (known.id, known.stage);
            if is_news {
                // Whoever approved the old one approved other numbers.
                known.approvals.clear();
                known.finding = finding.clone();
            }
            self.tell((id, Some(stage), stage), Trigger::FoundAgain, None);
            return Ok(());
        }
        if self.lessons.is_full() {
            return Err(Ignored::TooManyProposals);
        }
        let id = ProposalId(self.seq);
        self.lessons.proposals.push(Proposal::new(id, finding.clone(), self.now));
        self.tell((id, None, ProposalStage::Pending), Trigger::Found, None);
        Ok(())
    }

    /// What a person says about a proposal.
    pub(super) fn answer(&mut self, command: &OperatorCommand) -> Result<(), Ignored> {
        let Some(id) = command.command.proposal() else { return Ok(()) };
        let approves = command.command == Command::Approve(id);
        let withdraws = command.command == Command::Withdraw(id);
        let stage = self.lessons.proposal(id).ok_or(Ignored::UnknownProposal)?.stage;
        let is_open = if withdraws {
            stage == ProposalStage::Approved || stage.is_followed()
        } else {
            stage == ProposalStage::Pending
        };
        if !is_open {
            return Err(Ignored::WrongStage);
        }
        let people = &self.policy.people;
        let person = people.get(&command.who);
        let may = |person: &backsight_domain::policy::PersonPolicy| {
            if approves { person.approves } else { person.withdraws }
        };
        if !people.is_empty() && !person.is_some_and(may) {
            return Err(Ignored::NotAllowed);
        }
        if approves {
            return self.approve(id, command);
        }
        let stage = if withdraws { ProposalStage::Withdrawn } else { ProposalStage::Rejected };
        self.enter(id, stage, Trigger::Person, Some(command));
        Ok(())
    }

    fn approve(&mut self, id: ProposalId, command: &OperatorCommand) -> Result<(), Ignored> {
        let needed = if self.policy.learning.four_eyes { 2 } else { 1 };
        let proposal = self.lessons.proposal_mut(id).ok_or(Ignored::UnknownProposal)?;
        if proposal.approvals.contains(&command.who) {
            return Err(Ignored::NeedsAnother);
        }
        proposal.approvals.push(command.who.clone());
        if proposal.approvals.len() < needed {
            let pending = ProposalStage::Pending;
            self.tell((id, Some(pending), pending), Trigger::FirstPerson, Some(command));
        } else {
            self.enter(id, ProposalStage::Approved, Trigger::Person, Some(command));
        }
        Ok(())
    }

    /// Counts what a proposal added in a session, and takes it back when that is bad enough.
    fn follow(&mut self, measured: &Measured) -> Result<(), Ignored> {
        let learning = self.policy.learning.clone();
        let proposal = self.lessons.proposal_mut(measured.proposal);
        let proposal = proposal.ok_or(Ignored::UnknownProposal)?;
        if !proposal.stage.is_followed() || !measured.gained.is_finite() {
            return Err(Ignored::WrongStage);
        }
        if proposal.gains.last.is_some_and(|last| measured.session <= last) {
            return Err(Ignored::Outdated);
        }
        if let Some(trigger) = proposal.measure(measured, &learning) {
            self.take_back(measured.proposal, trigger);
        }
        Ok(())
    }

    /// Counts a closed position for the proposals that it was opened under or beside.
    pub(super) fn note_result(&mut self, outcome: &Outcome, (signal, slot): (SignalId, Slot)) {
        if self.lessons.proposals.is_empty() {
            return;
        }
        let deepest = self.policy.learning.drawdown_max;
        let mut fallen = None;
        for proposal in &mut self.lessons.proposals {
            proposal.note(outcome, (signal.cause, slot));
            let is_adopted = proposal.stage == ProposalStage::Adopted;
            if is_adopted && 0.0 < deepest && deepest <= proposal.under.fall() {
                fallen = Some(proposal.id);
            }
        }
        if let Some(id) = fallen {
            self.take_back(id, Trigger::Drawdown);
        }
    }

    fn take_back(&mut self, id: ProposalId, trigger: Trigger) {
        self.enter(id, ProposalStage::Withdrawn, trigger, None);
        self.alarm(Alarm::ProposalWithdrawn);
    }

    /// Moves on what waited for a session.
    pub(super) fn advance_proposals(&mut self) {
        for index in 0..self.lessons.proposals.len() {
            let proposal = &mut self.lessons.proposals[index];
            proposal.waited += 1;
            let id = proposal.id;
            if let Some((stage, trigger)) = self.next_stage(index) {
                let is_withdrawn = stage == ProposalStage::Withdrawn;
                self.enter(id, stage, trigger, None);
                if is_withdrawn {
                    self.alarm(Alarm::ProposalWithdrawn);
                }
            }
        }
        self.lessons.forget();
    }

    fn next_stage(&self, index: usize) -> Option<(ProposalStage, Trigger)> {
        let (proposal, learning) = (&self.lessons.proposals[index], &self.policy.learning);
        let changes = &proposal.finding.changes;
        let is_stale = !proposal.stage.is_final()
            && proposal.stage != ProposalStage::Adopted
            && !is_possible(&self.policy, changes);
        if is_stale {
            let stage = if proposal.stage == ProposalStage::Pending {
                ProposalStage::Expired
            } else {
                ProposalStage::Withdrawn
            };
            return Some((stage, Trigger::Superseded));
        }
        // One after the other: two canaries could not be told apart.
        let is_free = self.lessons.at(ProposalStage::Canary).is_empty();
        let to_canary = if learning.canary_sessions == 0 {
            Some(ProposalStage::Adopted)
        } else {
            is_free.then_some(ProposalStage::Canary)
        };
        let confirmed = |sessions: u32, next: Option<ProposalStage>| {
            if proposal.gains.here < sessions {
                None
            } else if proposal.agrees() {
                Some((next?, Trigger::Confirmed))
            } else {
                Some((ProposalStage::Withdrawn, Trigger::Unconfirmed))
            }
        };
        match proposal.stage {
            ProposalStage::Pending => (learning.expiry_sessions < proposal.waited)
                .then_some((ProposalStage::Expired, Trigger::Expiry)),
            ProposalStage::Approved if learning.shadow_sessions == 0 => {
                to_canary.map(|stage| (stage, Trigger::Session))
            }
            ProposalStage::Approved => Some((ProposalStage::Shadow, Trigger::Session)),
            ProposalStage::Shadow => confirmed(learning.shadow_sessions, to_canary),
            ProposalStage::Canary => {
                confirmed(learning.canary_sessions, Some(ProposalStage::Adopted))
            }
            ProposalStage::Adopted
            | ProposalStage::Rejected
            | ProposalStage::Expired
            | ProposalStage::Withdrawn => None,
        }
    }

    /// Brings a proposal to a stage, and the policy in force with it.
    fn enter(&mut self, id: ProposalId, stage: ProposalStage, trigger: Trigger, said: Said<'_>) {
        let (now, share) = (self.now, self.policy.learning.canary_share_pct);
        let Some(proposal) = self.lessons.proposal_mut(id) else { return };
        let from = proposal.stage;
        if stage == ProposalStage::Canary {
            proposal.share_pct = share;
        }
        proposal.enter(stage, now);
        self.tell((id, Some(from), stage), trigger, said);
        let touches = |stage| matches!(stage, ProposalStage::Canary | ProposalStage::Adopted);
        if touches(from) || touches(stage) {
            self.derive();
        }
    }

    fn tell(
        &mut self,
        (proposal, from, to): (ProposalId, Option<ProposalStage>, ProposalStage),
        by: Trigger,
        said: Said<'_>,
    ) {
        let who = said.map(|command| command.who.clone());
        let why = said.map(|command| command.why.clone()).filter(|why| !why.is_empty());
        self.because(Reason::Proposal(Box::new(ProposalMove { proposal, from, to, by, who, why })));
    }

    /// Takes back adopted proposals that a new base policy does not hold any more.
    fn supersede(&mut self) {
        let adopted: Vec<_> =
            self.lessons.at(ProposalStage::Adopted).into_iter().map(|p| p.id).collect();
        let mut policy = self.base.clone();
        for id in adopted {
            let changes = &self.lessons.proposal(id).expect("it was just listed").finding.changes;
            if is_possible(&policy, changes) {
                policy = policy.with(changes).expect("a possible change can be made");
            } else {
                self.enter(id, ProposalStage::Withdrawn, Trigger::Superseded, None);
            }
        }
    }

    // By which rules.

    pub(super) fn adopt(&mut self, adopted: &PolicyAdopted) {
        let names_match = self.accounts.is_empty()
            || adopted.policy.accounts.keys().eq(self.policy.accounts.keys());
        if adopted.version.0 != self.version.0 + 1 || !names_match {
            return self.ignore(Ignored::PolicyOutOfOrder);
        }
        self.base = adopted.policy.clone();
        self.version = adopted.version;
        self.supersede();
        self.derive();
        for index in self.accounts.len()..self.policy.accounts.len() {
            let id = AccountId(u8::try_from(index).expect("a policy holds at most 32 accounts"));
            self.accounts.push(Account::new(id));
            self.ask_report(index);
        }
    }

    /// Recomputes what follows from the policy.
    pub(crate) fn derive(&mut self) {
        self.policy = self.lessons.over(&self.base);
        self.scratch.canary = self.lessons.canary(&self.policy).map(Box::new);
        self.market.board.adopt(&self.policy);
        self.scratch.least_volume = trend::least_volume(&self.policy.trend);
        if let Some(canary) = &self.scratch.canary {
            let least = trend::least_volume(&canary.policy.trend);
            self.scratch.least_volume = self.scratch.least_volume.min(least);
        }
        self.scratch.limits = self.policy.accounts.values().cloned().collect();
        self.scratch.policy_bytes.clear();
        self.base.put(&mut self.scratch.policy_bytes);
        self.scratch.policy_hash = *blake3::hash(&self.scratch.policy_bytes).as_bytes();
        let leaving = self.positions.iter().filter(|(_, position)| position.leaving.is_some());
        self.scratch.leaving = leaving.map(|(key, _)| (*key, ())).collect();
    }

    /// The proposal that a symbol goes by in this entry, if it is in a canary's share.
    pub(super) fn canary_of(&self, slot: Slot) -> Option<ProposalId> {
        let canary = self.scratch.canary.as_deref()?;
        canary.takes(self.seq, slot).then_some(canary.id)
    }

    /// The rules by which a signal is made and judged.
    pub(super) fn rules(&self, canary: Option<ProposalId>) -> &Policy {
        self.canary_named(canary).map_or(&self.policy, |canary| &canary.policy)
    }

    /// The limits of an account by those rules.
    pub(super) fn limits_by(&self, canary: Option<ProposalId>) -> &[AccountPolicy] {
        self.canary_named(canary).map_or(&self.scratch.limits, |canary| &canary.limits)
    }

    fn canary_named(&self, canary: Option<ProposalId>) -> Option<&Canary> {
        let id = canary?;
        self.scratch.canary.as_deref().filter(|canary| canary.id == id)
    }

    /// What the desk holds of learning.
    pub fn lessons(&self) -> &Lessons {
        &self.lessons
    }

    /// The policy that was adopted last, without what proposals changed.
    pub fn base_policy(&self) -> &Policy {
        &self.base
    }
}

#[cfg(test)]
mod tests;
