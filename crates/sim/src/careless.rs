//! Safety rules that can be switched off at the desk's plugs, to show that each one matters.

use backsight_domain::decision::Decision;
use backsight_domain::event::Entry;
use backsight_domain::id::Seq;
use backsight_domain::time::Time;
use backsight_journal::{Chain, Flush, Log, LogFault};

/// A rule that keeps orders, fills and state from being lost or doubled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// An intent is durable before it leaves.
    DurableBeforeSend,
    /// An intent that is sent again keeps its id.
    SameIdOnResend,
    /// A fill is applied once, by its execution id.
    FillsByExecution,
    /// The venue is asked; its stream is only a hint.
    AskTheVenue,
    /// A snapshot is believed only when its hash holds.
    HashedSnapshot,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 5] = [
        Self::DurableBeforeSend,
        Self::SameIdOnResend,
        Self::FillsByExecution,
        Self::AskTheVenue,
        Self::HashedSnapshot,
    ];

    /// The name on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DurableBeforeSend => "durable-before-send",
            Self::SameIdOnResend => "same-id-on-resend",
            Self::FillsByExecution => "fills-by-execution",
            Self::AskTheVenue => "ask-the-venue",
            Self::HashedSnapshot => "hashed-snapshot",
        }
    }
}

/// A log that keeps its promises, unless that is what is switched off.
#[derive(Debug)]
pub struct Careless<L> {
    log: L,
    without: Option<Rule>,
}

impl<L: Log> Careless<L> {
    /// A log without a rule.
    pub const fn new(log: L, without: Option<Rule>) -> Self {
        Self { log, without }
    }

    /// The log itself.
    pub const fn inner_mut(&mut self) -> &mut L {
        &mut self.log
    }
}

impl<L: Log> Log for Careless<L> {
    fn next_seq(&self) -> Seq {
        self.log.next_seq()
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        self.log.append_entry(entry)
    }

    fn append_decision(&mut self, seq: Seq, decision: &Decision) -> Result<(), LogFault> {
        self.log.append_decision(seq, decision)
    }

    fn flush(&mut self, class: Flush) -> Result<(), LogFault> {
        let waits = self.without == Some(Rule::DurableBeforeSend);
        self.log.flush(if waits { Flush::C } else { class })
    }

    fn maintain(&mut self, now: Time) -> Result<(), LogFault> {
        self.log.maintain(now)
    }

    fn due(&self) -> Option<Time> {
        self.log.due()
    }

    fn chain(&self) -> Chain {
        self.log.chain()
    }
}
