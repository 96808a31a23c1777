//! What a desk began with: a desk goes on as it began, whatever its files say later.

use backsight_domain::event::{Event, PolicyAdopted, Started};
use backsight_domain::policy::Policy;
use backsight_journal::{Reader, Record};

use crate::answer::Failure;
use crate::home::Home;

/// What the first entries of a journal say.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The desk and the build that began it.
    pub(crate) started: Started,
    /// The policy it adopted first.
    pub(crate) policy: Policy,
}

impl Origin {
    /// Reads the first entries; nothing when there are none.
    pub(crate) fn read(home: &Home) -> Result<Option<Self>, Failure> {
        if !home.has_journal() {
            return Ok(None);
        }
        let disk = home.disk();
        let mut started = None;
        // Start, universe and policy come first, with a decision behind each at most.
        for stamped in Reader::open(&disk)?.take(6) {
            let Record::Entry(entry) = stamped?.record else { continue };
            if let Event::Started(event) = &entry.event {
                started = started.or_else(|| Some(event.clone()));
            }
            if let Event::PolicyAdopted(adopted) = entry.event {
                let PolicyAdopted { policy, .. } = *adopted;
                return Ok(started.map(|started| Self { started, policy }));
            }
        }
        Ok(None)
    }
}
