//! What the engine decided about one entry, as it is journaled.

use std::fmt;

use crate::desk::{Alarm, TradingState};
use crate::id::{AccountId, ExecutionId, GhostId, IntentId, PositionId, Seq};
use crate::instrument::{Contract, Instrument, Ticker};
use crate::market::{MinuteFlaw, Slot};
use crate::money::Money;
use crate::order::{ExitReason, Intent};
use crate::price::Price;
use crate::proposal::ProposalMove;
use crate::quantity::Quantity;
use crate::signal::{Direction, Playbook, Signal};
use crate::time::Time;
use crate::verdict::{Gate, Verdict};

/// Effects and the reasons for them. An empty decision is not journaled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The entry that was decided about.
    pub cause: Seq,
    /// What is to be done, in order.
    pub effects: Vec<Effect>,
    /// Why, in order.
    pub because: Vec<Reason>,
}

/// Something to be done outside the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this intent, once.
    Submit(Intent),
    /// Send an intent again under the same id: the venue does not know it and it is still valid.
    Resubmit(Intent),
    /// Cancel an order.
    Cancel {
        /// The account.
        account: AccountId,
        /// The order.
        intent: IntentId,
    },
    /// Cancel an order that carries our id but has no intent, or is not ours to keep.
    CancelForeign {
        /// The account.
        account: AccountId,
        /// The venue's name for it.
        venue: crate::id::VenueId,
    },
    /// Ask what the venue knows under an intent's client order id.
    Lookup {
        /// The account.
        account: AccountId,
        /// The order.
        intent: IntentId,
    },
    /// Ask for the whole state of an account.
    Report(AccountId),
    /// Ask for the quotes of a share's contracts.
    AskChain(Slot),
    /// Ask for the quote of one contract.
    AskQuote(Contract),
    /// Call a person.
    Alarm(Alarm),
}

/// One reason of a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A playbook wished to trade.
    Signal(Box<Signal>),
    /// A playbook looked closely and wants nothing.
    Held(Hold),
    /// The gates spoke for one account.
    Verdict(Box<Verdict>),
    /// A position exists from now on.
    Opened(Opening),
    /// A ghost follows a signal from now on.
    Haunted(Haunting),
    /// A position took the place of one that was rolled.
    Rolled(Rolling),
    /// A position or a ghost ended.
    Closed(Box<Outcome>),
    /// A position came to the next stage of its exit rules.
    Stage(StageMove),
    /// An order moved from one state to another.
    Order(OrderMove),
    /// A fill was applied.
    Filled {
        /// The execution.
        execution: ExecutionId,
        /// The order.
        intent: IntentId,
        /// Signed: bought above zero, sold below.
        quantity: Quantity,
        /// At what price.
        price: Price,
    },
    /// The desk's trading state changed.
    State {
        /// Before.
        from: TradingState,
        /// After.
        to: TradingState,
    },
    /// A proposal came to another stage, or was found again.
    Proposal(Box<ProposalMove>),
    /// The entry was recorded and otherwise left alone.
    Ignored(Ignored),
    /// A session ended: the hash of the whole state and the equity of each account.
    Closing {
        /// BLAKE3 of the state.
        fingerprint: Fingerprint,
        /// Equity by account.
        equity: Vec<Money>,
    },
}

/// A playbook looked closely and wants nothing, and says why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hold {
    /// The playbook.
    pub playbook: Playbook,
    /// The symbol.
    pub ticker: Ticker,
    /// What was missing.
    pub why: HoldReason,
    /// What was seen.
    pub observed: f64,
    /// What would have been enough.
    pub threshold: f64,
}

/// What a playbook that looked closely found missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldReason {
    /// Too little of the thesis still holds.
    ThesisWeak,
    /// A claim on which the whole thesis rests does not hold.
    ThesisBroken,
    /// No claim of the thesis can be looked at.
    ThesisUntestable,
    /// It fell too far for a dip.
    FellTooFar,
    /// The price has already moved by more than a story should be chased.
    AlreadyMoved,
    /// Story and chart together are too weak.
    CombinedWeak,
}

/// A hash of the whole state of an engine.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// A new position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The position.
    pub position: PositionId,
    /// The account.
    pub account: AccountId,
    /// What.
    pub instrument: Instrument,
    /// Signed quantity.
    pub quantity: Quantity,
    /// Average price.
    pub price: Price,
}

/// A position in a later expiry took another's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rolling {
    /// The position that was closed.
    pub from: PositionId,
    /// The position that was opened.
    pub to: PositionId,
    /// What the exchange cost for one execution of it, before fees; below zero when it paid.
    pub cost: Money,
}

/// How far a holding has come under its exit rules. It never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Its first stop holds.
    #[default]
    Open,
    /// It gained enough never to become a loss.
    Protected,
    /// A part was sold, or would have been had it been more than one lot.
    PartTaken,
    /// A share of its best gain is kept.
    Trailing,
}

/// A position came to the next stage of its exit rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageMove {
    /// The position.
    pub position: PositionId,
    /// Before.
    pub from: Stage,
    /// After.
    pub to: Stage,
}

/// A new ghost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Haunting {
    /// The ghost.
    pub ghost: GhostId,
    /// Where it would have entered.
    pub price: Price,
    /// Whether a real quote or the fill model says so.
    pub pricing: Pricing,
}

/// Where a price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pricing {
    /// From executions.
    Filled,
    /// From a quote that really came.
    Quoted,
    /// From a bar and the fill model.
    Modelled,
}

/// What became of a position or a ghost; both are told in the same words.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Whose outcome.
    pub subject: Subject,
    /// The symbol.
    pub instrument: Instrument,
    /// Which way.
    pub direction: Direction,
    /// How much, above zero. A ghost counts one share: its refusing accounts scale it.
    pub quantity: Quantity,
    /// When it was opened.
    pub opened: Time,
    /// When it ended.
    pub closed: Time,
    /// Average entry.
    pub entry: Price,
    /// Average exit.
    pub exit: Price,
    /// Where the prices come from.
    pub pricing: Pricing,
    /// Why it ended.
    pub reason: ExitReason,
    /// What it made after fees.
    pub pnl: Money,
    /// `pnl` in units of the risk first taken.
    pub r_multiple: f64,
    /// The best it ever was, in percent of the entry; never below zero.
    pub mfe_pct: f64,
    /// The worst it ever was, in percent of the entry; never above zero.
    pub mae_pct: f64,
    /// How much of the best gain was given back by the end, in percent of the entry.
    pub give_back_pct: f64,
    /// How far it came under its exit rules.
    pub stage: Stage,
    /// Whole minutes held.
    pub minutes: u32,
    /// +1 for a win, -1 for a loss, 0 within half a percent.
    pub label: i8,
}

/// A position or a ghost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A position, the account that held it and the signal it was opened on.
    Position {
        /// The position.
        position: PositionId,
        /// The account.
        account: AccountId,
    },
    /// A ghost, and what each refusing account would have traded and why it did not.
    Ghost {
        /// The ghost.
        ghost: GhostId,
        /// One row for each refusing account.
        refused: Vec<Refused>,
    },
}

/// One account's refusal of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// The account.
    pub account: AccountId,
    /// The first gate that stopped it.
    pub gate: Gate,
    /// What it would have traded.
    pub quantity: Quantity,
}

/// An order moved from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderMove {
    /// The order.
    pub intent: IntentId,
    /// Before.
    pub from: OrderPhase,
    /// After.
    pub to: OrderPhase,
}

/// The name of an order's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderPhase {
    /// Decided and durable; the venue's answer is awaited.
    Sent,
    /// Nobody knows whether the venue has it.
    Unknown,
    /// The venue has it.
    Working,
    /// A cancel is on its way.
    Cancelling,
    /// Another order of ours is on its way to take its place.
    Replacing,
    /// Somebody else's order took its place and is not known to have ended.
    Displaced,
    /// All filled.
    Filled,
    /// Ended by a cancel or its time in force, perhaps partly filled.
    Cancelled,
    /// Ended by an order that took its place, perhaps partly filled.
    Replaced,
    /// Refused.
    Rejected,
    /// Given up after the fence: the venue never knew it.
    Abandoned,
}

/// Why an entry changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ignored {
    /// The execution was applied before.
    RepeatedFill,
    /// The command was applied before.
    RepeatedCommand,
    /// It is about an order of somebody else; the next report shows its effect.
    ForeignOrder,
    /// It is older than what is known.
    Outdated,
    /// The minute cannot be used.
    Minute(MinuteFlaw),
    /// The quote is zero, crossed or for no symbol.
    ImpossibleQuote,
    /// The reading's sentiment or confidence is no number in its range.
    ImpossibleReading,
    /// An announcement holds a number that cannot be.
    ImpossibleNotice,
    /// It names a symbol outside the universe.
    UnknownSymbol,
    /// The execution to be taken back is not known.
    UnknownExecution,
    /// The universe drops or reorders symbols.
    UniverseShrinks,
    /// The policy's version is not the next one.
    PolicyOutOfOrder,
    /// It changes what may not be learned, by too much, or from a value that is not in force.
    ImpossibleProposal,
    /// Its sample is too small, its interval holds zero, or it could be chance.
    WeakEvidence,
    /// There are as many open proposals as are kept.
    TooManyProposals,
    /// No such proposal is known.
    UnknownProposal,
    /// It names a position that is not held.
    UnknownPosition,
    /// The proposal is at a stage at which this means nothing.
    WrongStage,
    /// The policy does not let this person.
    NotAllowed,
    /// Another person must say so too.
    NeedsAnother,
}

impl Decision {
    /// Whether there is nothing to journal.
    pub fn is_empty(&self) -> bool {
        self.effects.is_empty() && self.because.is_empty()
    }

    /// Whether an effect must be durable before it leaves the desk.
    pub fn must_be_durable(&self) -> bool {
        self.effects.iter().any(|effect| match effect {
            Effect::Submit(_)
            | Effect::Resubmit(_)
            | Effect::Cancel { .. }
            | Effect::CancelForeign { .. } => true,
            Effect::Lookup { .. }
            | Effect::Report(_)
            | Effect::AskChain(_)
            | Effect::AskQuote(_)
            | Effect::Alarm(_) => false,
        })
    }
}

impl OrderPhase {
    /// Whether nothing can follow. What was abandoned may still turn up.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Filled | Self::Cancelled | Self::Replaced | Self::Rejected)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Display for HoldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ThesisWeak => "too little of the thesis holds",
            Self::ThesisBroken => "a decisive claim of the thesis does not hold",
            Self::ThesisUntestable => "no claim of the thesis can be looked at",
            Self::FellTooFar => "it fell too far for a dip",
            Self::AlreadyMoved => "the price has already moved too far",
            Self::CombinedWeak => "story and chart together are too weak",
        })
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Open => "open",
            Self::Protected => "protected",
            Self::PartTaken => "part_taken",
            Self::Trailing => "trailing",
        })
    }
}

impl fmt::Display for OrderPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Working => "working",
            Self::Cancelling => "cancelling",
            Self::Replacing => "replacing",
            Self::Displaced => "displaced",
            Self::Filled => "filled",
            Self::Cancelled => "cancelled",
            Self::Replaced => "replaced",
            Self::Rejected => "rejected",
            Self::Abandoned => "abandoned",
        })
    }
}

impl fmt::Display for Pricing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Filled => "filled",
            Self::Quoted => "quoted",
            Self::Modelled => "modelled",
        })
    }
}
