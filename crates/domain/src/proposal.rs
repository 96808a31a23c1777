//! Proposals: changes of the policy that the past speaks for, and what became of each.
//!
//! ```text
//! pending ──► approved ──► shadow ──► canary ──► adopted
//!    │            └───────────┴─────────┴──────────┴──► withdrawn
//!    └──► rejected, expired
//! ```
//!
//! Whoever learns files a [`Finding`]; it changes nothing. A person's approval starts its way, which
//! what is measured ends early when it does harm. Words that somebody wrote about a finding travel
//! beside it: nothing reads them.

use std::fmt;

use crate::id::{ProposalId, Seq};
use crate::time::Date;

/// What a cycle of learning tells the desk.
#[derive(Clone, Debug, PartialEq)]
pub enum Lesson {
    /// It looked back, and tried so many candidate policies.
    Cycle(Cycle),
    /// It found a change that the past speaks for.
    Found(Box<Finding>),
    /// It followed a proposal for one more session.
    Measured(Measured),
}

/// One look back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// How often such a look is taken.
    pub cadence: Cadence,
    /// The last session that was looked at.
    pub session: Date,
    /// The last entry that was looked at.
    pub through: Seq,
    /// Trades and ghosts that had ended by then.
    pub closed: u32,
    /// Candidate policies that were tried.
    pub trials: u32,
}

/// How often a look back is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadence {
    /// After each session.
    Daily,
    /// After the last session of a week.
    Weekly,
    /// When a person asked.
    Asked,
}

/// One setting before and after, by its path such as `exits.stop_bps`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The setting.
    pub path: Box<str>,
    /// Its value in the policy that was in force, as TOML.
    pub from: Box<str>,
    /// The value that is proposed, as TOML.
    pub to: Box<str>,
}

/// A change of the policy that the past speaks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What would change.
    pub changes: Vec<Change>,
    /// What speaks for it.
    pub evidence: Evidence,
    /// What somebody wrote about it. It has no authority.
    pub commentary: Option<Box<str>>,
}

/// What speaks for a change. Effects are in R: multiples of the risk first taken.
///
/// Everything shown was measured on sessions that the choice of the change did not see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The name under which the same numbers can be computed again.
    pub trial: TrialId,
    /// The last entry that was looked at.
    pub through: Seq,
    /// Sessions that were looked at.
    pub sessions: u32,
    /// Closed trades that the change concerns.
    pub sample: u32,
    /// What it adds to the result of a session, on average.
    pub effect: f64,
    /// The lower end of the interval of that.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The standard deviation of what it adds from session to session.
    pub spread: f64,
    /// The same effect in the sessions by which it was chosen.
    pub in_sample: f64,
    /// The same effect in the last sessions, which nothing else was measured on.
    pub out_of_time: f64,
    /// The effect without its best session.
    pub without_best: f64,
    /// The effect at twice the costs.
    pub stressed: f64,
    /// The result of a trade before.
    pub before: f64,
    /// The result of a trade after.
    pub after: f64,
    /// The deepest fall of the added results.
    pub drawdown: f64,
    /// Candidate policies ever tried when it was found.
    pub trials: u64,
    /// How often chance alone would look like this.
    pub p: f64,
    /// The same, given everything that was ever tried.
    pub q: f64,
    /// How sure a positive Sharpe ratio is, given everything that was ever tried.
    pub deflated_sharpe: f64,
    /// How often the best of the candidates in one half of the sessions is below the middle in the
    /// other.
    pub overfitting: f64,
    /// What was added up to the end of each of a few equal stretches of the sessions.
    pub curve: Vec<f64>,
}

/// The name of a trial: a hash of what it was computed from.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrialId(pub [u8; 16]);

/// What a proposal added in one session, with the same entries before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The proposal.
    pub proposal: ProposalId,
    /// The session.
    pub session: Date,
    /// Trades that differ.
    pub trades: u32,
    /// What it added to the session's result, in R.
    pub gained: f64,
}

/// How far a proposal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProposalStage {
    /// It waits for a person.
    Pending,
    /// It begins with the next session.
    Approved,
    /// It is followed beside the desk and trades nothing.
    Shadow,
    /// A share of the signals goes by it.
    Canary,
    /// Everything goes by it.
    Adopted,
    /// A person did not want it.
    Rejected,
    /// Nobody wanted it in time.
    Expired,
    /// It was taken back.
    Withdrawn,
}

/// A proposal came to another stage, or was looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalMove {
    /// The proposal.
    pub proposal: ProposalId,
    /// Before; nothing when it is new.
    pub from: Option<ProposalStage>,
    /// After.
    pub to: ProposalStage,
    /// What moved it.
    pub by: Trigger,
    /// Who: an operator's name, or nobody when it was the desk itself.
    pub who: Option<Box<str>>,
    /// An operator's words.
    pub why: Option<Box<str>>,
}

/// What moves a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trigger {
    /// It was found.
    Found,
    /// It was found once more.
    FoundAgain,
    /// A person said so.
    Person,
    /// One of two persons said so.
    FirstPerson,
    /// A session opened.
    Session,
    /// It was followed for long enough, and what it promised was there.
    Confirmed,
    /// It was followed for long enough, and what it promised was not there.
    Unconfirmed,
    /// Nobody answered in time.
    Expiry,
    /// It loses, beyond what chance explains.
    Harm,
    /// What it promised is no longer there.
    Drift,
    /// What was traded under it fell too deep.
    Drawdown,
    /// Another policy took its place.
    Superseded,
}

impl ProposalStage {
    /// Whether nothing can follow.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Rejected | Self::Expired | Self::Withdrawn)
    }

    /// Whether it is followed session by session.
    pub const fn is_followed(self) -> bool {
        matches!(self, Self::Shadow | Self::Canary | Self::Adopted)
    }
}

impl Finding {
    /// Whether another finding is about the same settings, in the same direction or not.
    pub fn is_about(&self, other: &Self) -> bool {
        self.changes.iter().map(|change| &change.path).eq(other.changes.iter().map(|c| &c.path))
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Asked => "asked",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {} -> {}", self.path, self.from, self.to))
    }
}

impl fmt::Debug for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Display for ProposalStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Shadow => "shadow",
            Self::Canary => "canary",
            Self::Adopted => "adopted",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        })
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Found => "found",
            Self::FoundAgain => "found again",
            Self::Person => "a person",
            Self::FirstPerson => "the first of two persons",
            Self::Session => "a session opened",
            Self::Confirmed => "confirmed",
            Self::Unconfirmed => "not confirmed",
            Self::Expiry => "nobody answered",
            Self::Harm => "harm",
            Self::Drift => "drift",
            Self::Drawdown => "drawdown",
            Self::Superseded => "another policy",
        })
    }
}
