//! What a desk began with, and the policy it follows since.
//!
//! A world is played again from what its desk began with, so the first policy goes into every
//! setup. An edited one is adopted as an event where the journal ends; the latest is in force.

use backsight_domain::event::{Event, PolicyAdopted, Started};
use backsight_domain::policy::Policy;
use backsight_domain::story::Reader as NewsReader;
use backsight_journal::{Reader, Record};

use crate::answer::{Exit, Failure};
use crate::home::{Home, show};

/// What the first entries of a journal say.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The desk and the build that began it.
    pub(crate) started: Started,
    /// The policy it adopted first.
    pub(crate) policy: Policy,
    /// Who read the news first; nothing when the journal ends before that was said.
    pub(crate) reader: Option<NewsReader>,
}

impl Origin {
    /// Reads the first entries; nothing when there are none.
    pub(crate) fn read(home: &Home) -> Result<Option<Self>, Failure> {
        if !home.has_journal() {
            return Ok(None);
        }
        let disk = home.disk();
        let (mut started, mut adopted, mut reader) = (None, None, None);
        // Start, universe, policy and reader come first, with a decision behind each at most.
        for stamped in Reader::open(&disk)?.take(8) {
            let Record::Entry(entry) = stamped?.record else { continue };
            if let Event::Started(event) = &entry.event {
                started = started.or_else(|| Some(event.clone()));
            }
            if let Event::Reader(event) = &entry.event {
                reader = reader.or_else(|| Some(event.clone()));
            }
            if let Event::PolicyAdopted(event) = entry.event {
                adopted = adopted.or(Some(event.policy));
            }
        }
        Ok(started.zip(adopted).map(|(started, policy)| Self { started, policy, reader }))
    }

    /// Refuses a policy with other accounts: they were opened at the venue when the desk began.
    pub(crate) fn expect_accounts(&self, home: &Home, written: &Policy) -> Result<(), Failure> {
        let (ours, theirs) = (names(&self.policy), names(written));
        if ours == theirs {
            return Ok(());
        }
        let path = show(&home.policy_file());
        let message = format!(
            "`{path}` has the accounts `{theirs}`, but this desk began with `{ours}` and keeps \
             them; name them so again, or choose another `--home`"
        );
        Err(Failure::new(Exit::Configuration, message))
    }
}

/// The policy that a desk follows where its journal ends; nothing when there is none.
pub(crate) fn policy_in_force(home: &Home) -> Result<Option<PolicyAdopted>, Failure> {
    let mut latest = None;
    if !home.has_journal() {
        return Ok(latest);
    }
    let disk = home.disk();
    for stamped in Reader::open(&disk)? {
        if let Record::Entry(entry) = stamped?.record
            && let Event::PolicyAdopted(adopted) = entry.event
        {
            latest = Some(*adopted);
        }
    }
    Ok(latest)
}

fn names(policy: &Policy) -> String {
    policy.accounts.keys().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}
