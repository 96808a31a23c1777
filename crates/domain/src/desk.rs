//! The desk's own states, what an operator can order, and what went wrong in the world.

use std::fmt;

use crate::alert::AlertKey;
use crate::id::{AccountId, PositionId, ProposalId};

/// Whether and how the desk may trade, from freest to strictest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TradingState {
    /// Openings and closings.
    Active,
    /// The desk is making sure that it and the venue agree: closings only.
    #[default]
    Reconciling,
    /// Closings only, and an over-limit book is wound down.
    Reducing,
    /// No openings; open positions keep their exits.
    Halted,
    /// Every order is cancelled and every position is being closed.
    Flattening,
}

impl TradingState {
    /// Every state, from freest to strictest.
    pub const ALL: [Self; 5] =
        [Self::Active, Self::Reconciling, Self::Reducing, Self::Halted, Self::Flattening];

    /// Whether positions may be opened.
    pub const fn allows_openings(self) -> bool {
        matches!(self, Self::Active)
    }
}

/// What an operator orders. It reaches the engine as a journal entry, with who and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorCommand {
    /// The command.
    pub command: Command,
    /// Who gave it.
    pub who: Box<str>,
    /// Why.
    pub why: Box<str>,
    /// The key under which it is applied once, however often it is delivered.
    pub key: u64,
}

/// The commands an operator has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// Stop opening positions; latched until resumed.
    Halt,
    /// Close-only, winding down what is over a limit; latched until resumed.
    Reduce,
    /// Cancel every order and close every position; latched until resumed.
    Flatten,
    /// Allow openings again.
    Resume,
    /// Let a proposal begin its way into the policy.
    Approve(ProposalId),
    /// Do not want a proposal.
    Reject(ProposalId),
    /// Take a proposal back.
    Withdraw(ProposalId),
    /// Leave one position, whatever its rules say.
    Close(PositionId),
    /// A person has seen every alert that a key raised so far.
    Acknowledge(AlertKey),
}

/// Something the world did wrong that the desk was told about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorldFault {
    /// The stream of order updates broke for an account; what it would have said is unknown.
    StreamLost(AccountId),
    /// The stream is back.
    StreamBack(AccountId),
    /// The venue refuses the account's credentials.
    Unauthorised(AccountId),
    /// The wall clock disagrees with the venue by this many milliseconds.
    ClockSkew(i64),
}

/// Something a person must see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alarm {
    /// An order of ours at the venue has no intent in the journal.
    OrphanOrder,
    /// More was filled than was ordered.
    Overfill,
    /// The venue's positions differ from ours and no missing fill explains it.
    PositionDrift,
    /// An order stayed unknown past its fence and was abandoned.
    OrderAbandoned,
    /// An exit was refused or not filled again and again.
    ExitStuck,
    /// The account lost its daily budget.
    DailyLossReached,
    /// The venue refuses the account's credentials.
    AccountLocked,
    /// Too many orders were wanted in a short time.
    RunawayStopped,
    /// A fill was taken back by the venue.
    FillBusted,
    /// The cash at the venue differs from the ledger.
    CashDrift,
    /// The wall clock is far from the venue's.
    ClockSkewed,
    /// Somebody else replaced an order of ours by hand.
    OrderDisplaced,
    /// An order that was abandoned turned up at the venue.
    OrderReturned,
    /// What an option is worth has not been known for long.
    MarkStale,
    /// The news is read by a worse reader than was to be had.
    ReaderFellBack,
    /// A proposal did not keep what it promised and was taken back.
    ProposalWithdrawn,
}

impl Alarm {
    /// Every call for a person.
    pub const ALL: [Self; 16] = [
        Self::OrphanOrder,
        Self::Overfill,
        Self::PositionDrift,
        Self::OrderAbandoned,
        Self::ExitStuck,
        Self::DailyLossReached,
        Self::AccountLocked,
        Self::RunawayStopped,
        Self::FillBusted,
        Self::CashDrift,
        Self::ClockSkewed,
        Self::OrderDisplaced,
        Self::OrderReturned,
        Self::MarkStale,
        Self::ReaderFellBack,
        Self::ProposalWithdrawn,
    ];
}

impl Command {
    /// The proposal that it is about.
    pub const fn proposal(self) -> Option<ProposalId> {
        match self {
            Self::Approve(id) | Self::Reject(id) | Self::Withdraw(id) => Some(id),
            Self::Halt
            | Self::Reduce
            | Self::Flatten
            | Self::Resume
            | Self::Close(_)
            | Self::Acknowledge(_) => None,
        }
    }
}

impl fmt::Display for TradingState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Active => "active",
            Self::Reconciling => "reconciling",
            Self::Reducing => "reducing",
            Self::Halted => "halted",
            Self::Flattening => "flattening",
        })
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Halt => "halt",
            Self::Reduce => "reduce",
            Self::Flatten => "flatten",
            Self::Resume => "resume",
            Self::Approve(_) => "approve",
            Self::Reject(_) => "reject",
            Self::Withdraw(_) => "withdraw",
            Self::Close(_) => "close",
            Self::Acknowledge(_) => "acknowledge",
        })
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OrphanOrder => "orphan_order",
            Self::Overfill => "overfill",
            Self::PositionDrift => "position_drift",
            Self::OrderAbandoned => "order_abandoned",
            Self::ExitStuck => "exit_stuck",
            Self::DailyLossReached => "daily_loss_reached",
            Self::AccountLocked => "account_locked",
            Self::RunawayStopped => "runaway_stopped",
            Self::FillBusted => "fill_busted",
            Self::CashDrift => "cash_drift",
            Self::ClockSkewed => "clock_skewed",
            Self::OrderDisplaced => "order_displaced",
            Self::OrderReturned => "order_returned",
            Self::MarkStale => "mark_stale",
            Self::ReaderFellBack => "reader_fell_back",
            Self::ProposalWithdrawn => "proposal_withdrawn",
        })
    }
}
