//! Version 1: the [`Wire`] form of every word of the domain, and the numbers of the events.

mod decision;
mod notice;
mod order;
mod proposal;
mod verdict;
mod words;

use backsight_domain::event::{Bust, Event, Mode, PolicyAdopted, Started};
use backsight_domain::policy::Policy;

use crate::wire::sequence::take_text;
use crate::wire::{Input, Malformed, Wire};
use crate::{wire_enum, wire_struct};

/// Writes the table of event kinds once, for both directions.
macro_rules! event_kinds {
    ($($kind:literal => $variant:ident $(($item:ident))?),* $(,)?) => {
        /// Appends the fields of an event and returns its kind.
        pub(super) fn put_event(event: &Event, out: &mut Vec<u8>) -> u16 {
            match event {$(
                Event::$variant $(($item))? => {
                    $($item.put(out);)?
                    $kind
                }
            )*}
        }

        /// Reads the fields of an event; `None` when the kind is no event's.
        pub(super) fn take_event(
            kind: u16,
            input: &mut Input<'_>,
        ) -> Option<Result<Event, Malformed>> {
            Some(match kind {
                $($kind => event_kinds!(@take input, $variant $(($item))?),)*
                _ => return None,
            })
        }
    };
    (@take $input:ident, $variant:ident ($item:ident)) => {
        Wire::take($input).map(Event::$variant)
    };
    (@take $input:ident, $variant:ident) => {
        Ok(Event::$variant)
    };
}

event_kinds! {
    1 => Started(it),
    2 => PolicyAdopted(it),
    3 => Universe(it),
    4 => Minute(it),
    5 => Quote(it),
    6 => Halt(it),
    7 => Split(it),
    8 => Story(it),
    9 => Reading(it),
    10 => Reply(it),
    11 => Order(it),
    12 => Fill(it),
    13 => Bust(it),
    14 => Report(it),
    15 => Operator(it),
    16 => Fault(it),
    17 => Tick,
    18 => Chain(it),
    19 => Dividend(it),
    20 => Earnings(it),
    21 => Regime(it),
    22 => Discovery(it),
    23 => Thesis(it),
    24 => Settlement(it),
    25 => Reader(it),
    26 => Learned(it),
    27 => Payout(it),
    28 => PastVolatility(it),
}

wire_struct!(Started { desk, build, mode });
wire_enum!(Mode { 0 => Simulated, 1 => Paper, 2 => Live });
wire_struct!(PolicyAdopted { version, policy, who });
wire_struct!(Bust { execution });

/// A policy is its own text: readable in any tool, and checked by the one strict reader.
impl Wire for Policy {
    fn put(&self, out: &mut Vec<u8>) {
        self.to_bare_toml().put(out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Self::from_toml(take_text(input)?).map_err(|_| Malformed::Impossible("policy"))
    }
}
