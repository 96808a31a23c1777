//! Verdicts: what the gates said to one account after the other about the same signal.
//!
//! Most of it is the same for all, and for the next signal too, so a verdict leaves out every answer
//! that stands in an earlier verdict of the same decision: the last one for its account, or else the
//! last one.
//!
//! ```text
//! signal | account | instrument | side | quantity | price | choice | gates | left out | the other answers
//! ```
//!
//! Both sets are integers with a bit for the number of each gate. An answer begins with a byte: the
//! threshold's kind in four bits, the outcome in two, and in two whether what was seen is of the same
//! kind (0), nothing (1) or of the kind in the next byte (2). Then come the two values.

use backsight_domain::decision::Reason;
use backsight_domain::desk::TradingState;
use backsight_domain::id::AccountId;
use backsight_domain::verdict::{Answer, CheckOutcome, Checks, Gate, Kind, Observed, Verdict};

use crate::wire::{Input, Malformed, Wire, put_varint};

/// Appends a verdict that follows other reasons.
pub(super) fn put(verdict: &Verdict, because: &[Reason], out: &mut Vec<u8>) {
    let Verdict { signal, account, checks, instrument, side, quantity, price, choice } = verdict;
    (*signal, *account, *instrument).put(out);
    (*side, *quantity, *price).put(out);
    choice.put(out);
    put_checks(checks, told(because, *account), out);
}

/// Reads a verdict that follows other reasons.
pub(super) fn take(because: &[Reason], input: &mut Input<'_>) -> Result<Verdict, Malformed> {
    let (signal, account, instrument) = Wire::take(input)?;
    let (side, quantity, price) = Wire::take(input)?;
    let choice = Wire::take(input)?;
    let checks = take_checks(told(because, account), input)?;
    Ok(Verdict { signal, account, checks, instrument, side, quantity, price, choice })
}

/// The checks that need not be repeated.
fn told(because: &[Reason], account: AccountId) -> Option<&Checks> {
    let mut verdicts = because.iter().rev().filter_map(|reason| {
        if let Reason::Verdict(verdict) = reason { Some(verdict) } else { None }
    });
    let last = verdicts.clone().next();
    let same = verdicts.find(|verdict| verdict.account == account);
    same.or(last).map(|verdict| &verdict.checks)
}

fn put_checks(checks: &Checks, told: Option<&Checks>, out: &mut Vec<u8>) {
    let asked = checks.asked();
    let known = told.map_or(0, |told| checks.repeated(told));
    put_varint(asked, out);
    put_varint(known, out);
    let mut left = asked & !known;
    while left != 0 {
        put_answer(&checks.answers()[left.trailing_zeros() as usize], out);
        left &= left - 1;
    }
}

fn take_checks(told: Option<&Checks>, input: &mut Input<'_>) -> Result<Checks, Malformed> {
    let (asked, known) = (input.varint()?, input.varint()?);
    let mut checks = Checks::default();
    for gate in Gate::ALL {
        let bit = 1 << gate_number(gate);
        if known & bit != 0 {
            checks.note(gate, *told.and_then(|told| told.get(gate)).ok_or(BAD_VERDICT)?);
        } else if asked & bit != 0 {
            checks.note(gate, take_answer(input)?);
        }
    }
    let repeated = told.map_or(0, |told| checks.repeated(told));
    if (asked, known) == (checks.asked(), repeated) { Ok(checks) } else { Err(BAD_VERDICT) }
}

const BAD_VERDICT: Malformed = Malformed::Impossible("verdict");
const BAD_CHECK: Malformed = Malformed::Impossible("check");

const SAME: u8 = 0;
const NOTHING: u8 = 1;
const OTHER: u8 = 2;

fn put_answer(answer: &Answer, out: &mut Vec<u8>) {
    let (observed, threshold) = (answer.observed(), answer.threshold());
    let head = kind_number(threshold.0) | outcome_number(answer.outcome()) << 4;
    if observed.0 == threshold.0 {
        out.push(head | SAME << 6);
    } else if observed.0 == Kind::Nothing {
        out.push(head | NOTHING << 6);
    } else {
        out.extend_from_slice(&[head | OTHER << 6, kind_number(observed.0)]);
    }
    put_value(observed, out);
    put_value(threshold, out);
}

fn take_answer(input: &mut Input<'_>) -> Result<Answer, Malformed> {
    let head = input.byte()?;
    let kind = |number: u8| kind_of(number).ok_or(BAD_CHECK);
    let wanted = kind(head & 15)?;
    let saw = match head >> 6 {
        SAME => wanted,
        NOTHING => Kind::Nothing,
        OTHER => Some(kind(input.byte()?)?).filter(|saw| *saw != Kind::Nothing).ok_or(BAD_CHECK)?,
        _ => return Err(BAD_CHECK),
    };
    if head >> 6 != SAME && saw == wanted {
        return Err(BAD_CHECK);
    }
    let outcome = outcome_of(head >> 4 & 3).ok_or(BAD_CHECK)?;
    let (observed, threshold) = (take_value(saw, input)?, take_value(wanted, input)?);
    Ok(Answer::new(outcome, observed, threshold))
}

/// The bits of a value of some kind.
#[inline]
fn put_value((kind, bits): (Kind, i64), out: &mut Vec<u8>) {
    match kind {
        Kind::Nothing => {}
        Kind::Ratio => out.extend_from_slice(&bits.to_le_bytes()),
        Kind::Count
        | Kind::Money
        | Kind::Span
        | Kind::MinuteOfDay
        | Kind::Quantity
        | Kind::State
        | Kind::Flag => bits.put(out),
    }
}

fn take_value(kind: Kind, input: &mut Input<'_>) -> Result<Observed, Malformed> {
    Ok(match kind {
        Kind::Nothing => Observed::Nothing,
        Kind::Count => Observed::Count(Wire::take(input)?),
        Kind::Money => Observed::Money(Wire::take(input)?),
        Kind::Ratio => Observed::Ratio(Wire::take(input)?),
        Kind::Span => Observed::Span(Wire::take(input)?),
        Kind::MinuteOfDay => Observed::MinuteOfDay(small(input)?),
        Kind::Quantity => Observed::Quantity(Wire::take(input)?),
        Kind::State => {
            let state = TradingState::ALL.get(usize::from(small(input)?));
            Observed::State(*state.ok_or(BAD_CHECK)?)
        }
        Kind::Flag => match small(input)? {
            0 => Observed::Flag(false),
            1 => Observed::Flag(true),
            _ => return Err(BAD_CHECK),
        },
    })
}

fn small(input: &mut Input<'_>) -> Result<u16, Malformed> {
    u16::try_from(i64::take(input)?).map_err(|_| BAD_CHECK)
}

/// Numbers variants once, for both directions.
macro_rules! numbers {
    ($type:ty, $number:ident, $of:ident { $($value:literal => $variant:ident),* $(,)? }) => {
        const fn $number(value: $type) -> u8 {
            match value { $(<$type>::$variant => $value,)* }
        }

        const fn $of(number: u8) -> Option<$type> {
            match number { $($value => Some(<$type>::$variant),)* _ => None }
        }
    };
}

numbers!(CheckOutcome, outcome_number, outcome_of { 0 => Pass, 1 => Refuse, 2 => Missing });
numbers!(Kind, kind_number, kind_of {
    0 => Nothing,
    1 => Count,
    2 => Money,
    3 => Ratio,
    4 => Span,
    5 => MinuteOfDay,
    6 => Quantity,
    7 => State,
    8 => Flag,
});
numbers!(Gate, gate_number, gate_of {
    0 => TradingState,
    1 => DailyLoss,
    2 => WeeklyLoss,
    3 => LossStreak,
    4 => OrderRate,
    5 => Regime,
    6 => SessionHours,
    7 => SymbolOpen,
    8 => CorporateAction,
    9 => Earnings,
    10 => BarFreshness,
    11 => FeatureFreshness,
    12 => SignalFreshness,
    13 => QuoteFreshness,
    14 => QuoteSanity,
    15 => DuplicatePosition,
    16 => HoldingNeeded,
    17 => WashTrade,
    18 => MaxPositions,
    19 => MaxExposure,
    20 => SectorShare,
    21 => SymbolDailyLimit,
    22 => CoolDown,
    23 => Confidence,
    24 => ActionAllowed,
    25 => SellNeedsPosition,
    26 => BuyingPower,
    27 => IntradayMargin,
    28 => DayTrades,
    29 => ContractQuality,
    30 => Liquidity,
    31 => IvRank,
    32 => DaysToExpiry,
    33 => ExpiryClock,
    34 => PriceCollar,
    35 => Size,
});

/// The sets above have a bit for each place in the order of precedence, which is also its number.
const _: () = {
    let mut place = 0;
    while place < Gate::ALL.len() {
        assert!(gate_number(Gate::ALL[place]) as usize == place, "numbers are places");
        place += 1;
    }
};

impl Wire for Gate {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(gate_number(*self));
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let tag = input.byte()?;
        gate_of(tag).ok_or(Malformed::Tag { of: "Gate", tag })
    }
}
