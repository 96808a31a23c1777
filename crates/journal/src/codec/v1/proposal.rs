//! What is learned, and what becomes of it.

use backsight_domain::id::ProposalId;
use backsight_domain::proposal::{
    Cadence, Change, Cycle, Evidence, Finding, Lesson, Measured, ProposalMove, ProposalStage,
    TrialId, Trigger,
};

use crate::{wire_enum, wire_newtype, wire_struct};

wire_newtype!(ProposalId(backsight_domain::id::Seq));
wire_newtype!(TrialId([u8; 16]));
wire_enum!(Lesson { 0 => Cycle(cycle), 1 => Found(finding), 2 => Measured(measured) });
wire_struct!(Cycle { cadence, session, through, closed, trials });
wire_enum!(Cadence { 0 => Daily, 1 => Weekly, 2 => Asked });
wire_struct!(Finding { changes, evidence, commentary });
wire_struct!(Change { path, from, to });
wire_struct!(Evidence {
    trial,
    through,
    sessions,
    sample,
    effect,
    low,
    high,
    spread,
    in_sample,
    out_of_time,
    without_best,
    stressed,
    before,
    after,
    drawdown,
    trials,
    p,
    q,
    deflated_sharpe,
    overfitting,
    curve,
});
wire_struct!(Measured { proposal, session, trades, gained });
wire_struct!(ProposalMove { proposal, from, to, by, who, why });
wire_enum!(ProposalStage {
    0 => Pending,
    1 => Approved,
    2 => Shadow,
    3 => Canary,
    4 => Adopted,
    5 => Rejected,
    6 => Expired,
    7 => Withdrawn,
});
wire_enum!(Trigger {
    0 => Found,
    1 => FoundAgain,
    2 => Person,
    3 => FirstPerson,
    4 => Session,
    5 => Confirmed,
    6 => Unconfirmed,
    7 => Expiry,
    8 => Harm,
    9 => Drift,
    10 => Drawdown,
    11 => Superseded,
});
