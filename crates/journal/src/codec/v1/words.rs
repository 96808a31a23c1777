//! Numbers, times, instruments, the market, news and signals.

use backsight_domain::alert::{AlertKey, Metric, Station};
use backsight_domain::desk::{Alarm, Command, OperatorCommand, TradingState, WorldFault};
use backsight_domain::id::{
    AccountId, DeskName, ExecutionId, GhostId, IntentId, PolicyVersion, PositionId, Seq, SignalId,
    VenueId,
};
use backsight_domain::instrument::{Contract, ExerciseStyle, Instrument, Right, Ticker, Vertical};
use backsight_domain::market::{
    Bar, Halt, Listing, Minute, MinuteFlaw, Quote, Slot, Split, Universe,
};
use backsight_domain::money::Money;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::{
    Direction, Factor, FactorName, Features, Horizon, Playbook, Rolled, Signal, Terms,
};
use backsight_domain::story::{Reader, Reading, Rung, Story};
use backsight_domain::time::{Date, Span, Time};

use crate::wire::sequence::take_text;
use crate::wire::{Input, Malformed, Wire, put_varint};
use crate::{wire_enum, wire_newtype, wire_struct};

/// Implements [`Wire`] for a type that shows its one number through functions only.
macro_rules! wire_through {
    ($type:ty, $inner:ty, $value:ident, $from:expr) => {
        impl Wire for $type {
            fn put(&self, out: &mut Vec<u8>) {
                <$inner>::put(&self.$value(), out);
            }

            fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
                <$inner>::take(input).map($from)
            }
        }
    };
}

wire_through!(Span, i64, nanos, Self::from_nanos);
wire_through!(Money, i64, units, Self::from_units);
wire_through!(Quantity, i64, units, Self::from_units);
wire_through!(Date, i32, days, Self::from_days);

/// An instant is eight raw bytes, since its top ones are never zero.
impl Wire for Time {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.nanos().to_le_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        input.array().map(|bytes| Self::from_nanos(i64::from_le_bytes(bytes)))
    }
}

impl Wire for Price {
    fn put(&self, out: &mut Vec<u8>) {
        put_varint(self.ticks().cast_unsigned(), out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let ticks = i64::try_from(input.varint()?).ok();
        ticks.and_then(Self::from_ticks).ok_or(Malformed::Impossible("price"))
    }
}

impl Wire for Ticker {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        let end = out.len() + self.len();
        // Eight bytes are one store; what is beyond the text is taken back.
        out.extend_from_slice(self.padded());
        out.truncate(end);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Self::parse(take_text(input)?).map_err(|_| Malformed::Impossible("ticker"))
    }
}

wire_newtype!(Seq(u64));
wire_newtype!(AccountId(u8));
wire_newtype!(PositionId(IntentId));
wire_newtype!(GhostId(SignalId));
wire_newtype!(VenueId(u128));
wire_newtype!(ExecutionId(u128));
wire_newtype!(PolicyVersion(u32));
wire_newtype!(DeskName(Ticker));
wire_newtype!(Slot(u16));
wire_struct!(SignalId { cause, index });
wire_struct!(IntentId { cause, leg });

wire_enum!(Instrument { 0 => Equity(ticker), 1 => Option(contract), 2 => Vertical(vertical) });
wire_struct!(Contract { underlying, expiry, right, strike, multiplier, style });

impl Wire for Vertical {
    fn put(&self, out: &mut Vec<u8>) {
        self.bought().put(out);
        self.sold().strike.put(out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let bought = Contract::take(input)?;
        let sold = Contract { strike: Price::take(input)?, ..bought };
        Self::of(bought, sold).ok_or(Malformed::Impossible("vertical"))
    }
}

wire_enum!(Right { 0 => Call, 1 => Put });
wire_enum!(ExerciseStyle { 0 => American, 1 => European });

wire_struct!(Universe { listings });
wire_struct!(Listing { ticker, sector, fractionable, shortable });
wire_struct!(Minute { start, open, high, low, close, volume, traded });
wire_enum!(MinuteFlaw { 0 => Ragged, 1 => OutOfOrder, 2 => OutsideSession, 3 => Unfinished });
wire_struct!(Bar { open, high, low, close, volume });
wire_struct!(Quote { slot, bid, ask, at });
wire_struct!(Halt { slot, halted });
wire_struct!(Split { slot, numerator, denominator });

wire_struct!(Story { id, source, headline, link, summary, published });
wire_struct!(Reading { story, ticker, sentiment, confidence });
wire_struct!(Reader { rung, model, version, instead_of, why });
wire_enum!(Rung { 0 => Finbert, 1 => Linear, 2 => Lexicon, 3 => None });

wire_enum!(TradingState {
    0 => Active, 1 => Reconciling, 2 => Reducing, 3 => Halted, 4 => Flattening,
});
wire_struct!(OperatorCommand { command, who, why, key });
wire_enum!(Command {
    0 => Halt,
    1 => Reduce,
    2 => Flatten,
    3 => Resume,
    4 => Approve(proposal),
    5 => Reject(proposal),
    6 => Withdraw(proposal),
    7 => Close(position),
    8 => Acknowledge(key),
});
wire_enum!(AlertKey {
    0 => Called(alarm),
    1 => State(state),
    2 => Unusual(station, metric),
    3 => Silent(station),
    4 => Proposed(proposal),
    5 => Opened(position),
    6 => Closed(position),
});
wire_enum!(Station {
    0 => Bars, 1 => News, 2 => Discovery, 3 => Signals, 4 => Gates, 5 => Orders, 6 => Fills,
});
wire_enum!(Metric { 0 => Given, 1 => Share, 2 => Duration });
wire_enum!(WorldFault {
    0 => StreamLost(account),
    1 => StreamBack(account),
    2 => Unauthorised(account),
    3 => ClockSkew(millis),
});
wire_enum!(Alarm {
    0 => OrphanOrder,
    1 => Overfill,
    2 => PositionDrift,
    3 => OrderAbandoned,
    4 => ExitStuck,
    5 => DailyLossReached,
    6 => AccountLocked,
    7 => RunawayStopped,
    8 => FillBusted,
    9 => CashDrift,
    10 => ClockSkewed,
    11 => OrderDisplaced,
    12 => OrderReturned,
    13 => MarkStale,
    14 => ReaderFellBack,
    15 => ProposalWithdrawn,
});

wire_struct!(Signal {
    id,
    at,
    ticker,
    slot,
    playbook,
    direction,
    horizon,
    confidence,
    breakdown,
    price,
    features,
    expires,
    suits_options,
    terms,
    canary,
});
wire_struct!(Terms {
    entry,
    stop,
    target,
    second_target,
    minutes,
    sessions,
    size_bps,
    size_pct,
    rolls,
});
wire_struct!(Rolled { position, account, instrument, quantity, exit });
wire_enum!(Playbook { 0 => Trend, 1 => GapFade, 2 => News, 3 => Explosive, 4 => Dip });
wire_enum!(Direction { 0 => Long, 1 => Short });
wire_enum!(Horizon { 0 => Day, 1 => Swing });
wire_struct!(Factor { name, value });
wire_enum!(FactorName {
    0 => Setup,
    1 => Sentiment,
    2 => Volume,
    3 => Move,
    4 => Momentum,
    5 => Gap,
    6 => Story,
    7 => Chart,
    8 => Reaction,
    9 => Score,
    10 => Thesis,
    11 => Drawdown,
    12 => Regime,
    13 => Trigger,
    14 => Carried,
});
wire_struct!(Features {
    bars,
    sma20,
    sma50,
    distance_sma20,
    distance_sma50,
    trend,
    recent_vol,
    baseline_vol,
    vol_ratio,
    volume,
    volume_mean,
    volume_ratio,
    atr,
    session_range,
    vwap,
    session_open,
    gap,
    breakout_high,
    breakout_low,
    surge,
    ema9,
    ema20,
    macd,
    rsi,
    vwap_upper,
    vwap_lower,
    range_high,
    range_low,
    slow_high,
    slow_low,
    width_percentile,
    relative_volume,
    curve_ratio,
    previous_move,
    sentiment,
    readings,
});
