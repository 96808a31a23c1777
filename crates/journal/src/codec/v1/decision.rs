//! Decisions: effects, reasons, verdicts and outcomes.

use backsight_domain::decision::{
    Decision, Effect, Fingerprint, Haunting, Hold, HoldReason, Ignored, Opening, OrderMove,
    OrderPhase, Outcome, Pricing, Reason, Refused, Rolling, Stage, StageMove, Subject,
};
use backsight_domain::verdict::{Choice, Flaw, Structure, Tried, Verdict};

use super::verdict;
use crate::wire::{Input, Malformed, Wire};
use crate::{wire_enum, wire_newtype, wire_struct};

/// The tag of a verdict among reasons.
const VERDICT: u8 = 1;

/// A verdict is told by what it differs in from those before it, so that reasons are no list of
/// values each by itself.
impl Wire for Decision {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { cause, effects, because } = self;
        cause.put(out);
        effects.put(out);
        because.len().put(out);
        for (place, reason) in because.iter().enumerate() {
            if let Reason::Verdict(it) = reason {
                out.push(VERDICT);
                verdict::put(it, &because[..place], out);
            } else {
                reason.put(out);
            }
        }
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let (cause, effects) = Wire::take(input)?;
        let mut because = Vec::new();
        for _ in 0..input.count()? {
            let reason = if input.clone().byte()? == VERDICT {
                input.byte()?;
                Reason::Verdict(Box::new(verdict::take(&because, input)?))
            } else {
                Reason::take(input)?
            };
            because.push(reason);
        }
        Ok(Self { cause, effects, because })
    }
}

impl Wire for Verdict {
    fn put(&self, out: &mut Vec<u8>) {
        verdict::put(self, &[], out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        verdict::take(&[], input)
    }
}

wire_enum!(Effect {
    0 => Submit(intent),
    1 => Resubmit(intent),
    2 => Cancel { account, intent },
    3 => CancelForeign { account, venue },
    4 => Lookup { account, intent },
    5 => Report(account),
    6 => Alarm(alarm),
    7 => AskChain(slot),
    8 => AskQuote(contract),
});
wire_enum!(Reason {
    0 => Signal(signal),
    1 => Verdict(verdict),
    2 => Opened(opening),
    3 => Haunted(haunting),
    4 => Closed(outcome),
    5 => Order(moved),
    6 => Filled { execution, intent, quantity, price },
    7 => State { from, to },
    8 => Ignored(why),
    9 => Closing { fingerprint, equity },
    10 => Held(hold),
    11 => Stage(moved),
    12 => Proposal(moved),
    13 => Rolled(rolling),
});
wire_struct!(Rolling { from, to, cost });
wire_struct!(Hold { playbook, ticker, why, observed, threshold });
wire_enum!(HoldReason {
    0 => ThesisWeak,
    1 => ThesisBroken,
    2 => ThesisUntestable,
    3 => FellTooFar,
    4 => AlreadyMoved,
    5 => CombinedWeak,
});
wire_newtype!(Fingerprint([u8; 32]));
wire_struct!(Opening { position, account, instrument, quantity, price });
wire_struct!(StageMove { position, from, to });
wire_enum!(Stage { 0 => Open, 1 => Protected, 2 => PartTaken, 3 => Trailing });
wire_struct!(Haunting { ghost, price, pricing });
wire_enum!(Pricing { 0 => Filled, 1 => Quoted, 2 => Modelled });
wire_struct!(Outcome {
    subject,
    instrument,
    direction,
    quantity,
    opened,
    closed,
    entry,
    exit,
    pricing,
    reason,
    pnl,
    r_multiple,
    mfe_pct,
    mae_pct,
    give_back_pct,
    stage,
    minutes,
    label,
});
wire_enum!(Subject { 0 => Position { position, account }, 1 => Ghost { ghost, refused } });
wire_struct!(Refused { account, gate, quantity });
wire_struct!(OrderMove { intent, from, to });
wire_enum!(OrderPhase {
    0 => Sent,
    1 => Unknown,
    2 => Working,
    3 => Cancelling,
    4 => Replacing,
    5 => Displaced,
    6 => Filled,
    7 => Cancelled,
    8 => Replaced,
    9 => Rejected,
    10 => Abandoned,
});
wire_enum!(Ignored {
    0 => RepeatedFill,
    1 => RepeatedCommand,
    2 => ForeignOrder,
    3 => Outdated,
    4 => Minute(flaw),
    5 => ImpossibleQuote,
    6 => UnknownSymbol,
    7 => UnknownExecution,
    8 => UniverseShrinks,
    9 => PolicyOutOfOrder,
    10 => ImpossibleReading,
    11 => ImpossibleNotice,
    12 => ImpossibleProposal,
    13 => WeakEvidence,
    14 => TooManyProposals,
    15 => UnknownProposal,
    16 => WrongStage,
    17 => NotAllowed,
    18 => NeedsAnother,
    19 => UnknownPosition,
});

wire_struct!(Choice { structure, quoted, seen, suited, tried, iv_rank });
wire_struct!(Tried { contract, other, bid, ask, delta, iv, score, flaw });
wire_enum!(Structure {
    0 => Bought,
    1 => DebitVertical,
    2 => CreditVertical,
    3 => SecuredPut,
    4 => CoveredCall,
});
wire_enum!(Flaw {
    0 => NoMarket,
    1 => WideSpread,
    2 => SmallPremium,
    3 => LowVolume,
    4 => LowInterest,
    5 => NoVolatility,
    6 => LowScore,
});
