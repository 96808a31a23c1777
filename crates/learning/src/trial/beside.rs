//! Shadow desks stepped beside a running one, on the entries that it hears.
//!
//! They begin with the past that the journal holds, once, and from then on take each entry as the
//! desk does; so a close costs nothing but a sum. When the desk follows other proposals, or stands on
//! another policy, they begin again.

use backsight_domain::event::Entry;
use backsight_domain::id::{PolicyVersion, ProposalId};
use backsight_domain::proposal::{Measured, ProposalStage};
use backsight_domain::time::Date;
use backsight_engine::Engine;
use backsight_engine::proposal::Lessons;

use super::course::{Course, Numbers};
use super::shadow::Shadows;

/// The shadow desks of what a desk follows.
#[derive(Clone, Debug)]
pub struct Beside {
    about: About,
    shadows: Shadows,
    numbers: Numbers,
}

/// What shadow desks depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct About {
    version: PolicyVersion,
    followed: Vec<ProposalId>,
    adopted: Vec<ProposalId>,
}

impl Beside {
    /// Shadow desks that have played a past.
    pub fn begin(course: &Course, engine: &Engine) -> Self {
        let mut shadows = Shadows::begin(course, engine.base_policy(), engine.lessons());
        course.entries().iter().for_each(|entry| shadows.take(entry));
        Self { about: About::of(engine), shadows, numbers: course.numbers().clone() }
    }

    /// Whether these are the desks for what is followed now.
    pub fn is_about(&self, engine: &Engine) -> bool {
        self.about == About::of(engine)
    }

    /// Takes what the desk hears.
    pub fn take(&mut self, entry: &Entry) {
        if let Some(entry) = self.numbers.next(entry) {
            self.shadows.take(&entry);
        }
    }

    /// The sessions that were played, oldest first.
    pub fn sessions(&self) -> &[Date] {
        self.numbers.sessions()
    }

    /// What each proposal added in each session that was not told yet.
    pub fn measured(&self, lessons: &Lessons) -> Vec<Measured> {
        self.shadows.measured(lessons, self.sessions())
    }
}

impl About {
    fn of(engine: &Engine) -> Self {
        let lessons = engine.lessons();
        let followed = lessons.proposals.iter().filter(|proposal| proposal.stage.is_followed());
        let adopted = lessons.at(ProposalStage::Adopted);
        Self {
            version: engine.policy_version(),
            followed: followed.map(|proposal| proposal.id).collect(),
            adopted: adopted.into_iter().map(|proposal| proposal.id).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
