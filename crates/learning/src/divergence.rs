//! A recorded session decided again as a back-test, and why the two made different money.
//!
//! Up to the session's first minute the journal is replayed. From there the engine goes on twice:
//! once as recorded, once hearing only the market, with a venue that fills every order at once and
//! whole, at the fill model's price and never beyond its limit. Every instrument of every account
//! then has two results, and their difference is split:
//!
//! | Cause | What it is |
//! |---|---|
//! | `signal` | only one of the two wanted to trade it at all |
//! | `fill` | both wanted it; the venue filled less, or nothing |
//! | `size` | both traded it, and wanted different quantities |
//! | `timing` | the same trade at another minute: what the market moved in between |
//! | `price` | the same trade in the same market at another price: spread and slippage |
//! | `cost` | fees |
//! | `other` | what happened to the account beside its trades |
//!
//! With `Q` the quantity that went in and out (what was held before and is held after counts as
//! bought and sold at the marks), `b` and `s` mean prices of buying and selling and `m` the market's
//! marks at those moments, a result is `Q (s - b) - fees`. Then, recorded `r` against back-test `i`:
//!
//! ```text
//! size or fill = (Qr - Qi) (si - bi)
//! timing       = Qr ((msr - msi) - (mbr - mbi))
//! cost         = fees i - fees r
//! price        = the rest = Qr (((sr - msr) - (si - msi)) - ((br - mbr) - (bi - mbi)))
//! ```
//!
//! so the parts of an instrument are its difference to the last unit of money, and those of an
//! account, with `other`, the difference of its equity.

mod lane;
mod split;

use std::collections::BTreeSet;
use std::fmt;

use backsight_domain::event::Event;
use backsight_domain::id::AccountId;
use backsight_domain::instrument::Instrument;
use backsight_domain::money::Money;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Span};
use backsight_engine::Engine;
use backsight_journal::{Record, Stamped};

use self::lane::{Lane, Rerun, equities};
use self::split::{Sides, Wanted, split};

/// How long after the close the venue's last messages are waited for.
const SETTLING: Span = Span::from_minutes(5);

/// Why two results differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Only one of the two wanted to trade it.
    Signal,
    /// The venue filled less than was wanted.
    Fill,
    /// Different quantities were wanted.
    Size,
    /// It was traded at another time.
    Timing,
    /// It was traded at another price in the same market.
    Price,
    /// Fees.
    Cost,
    /// What happened beside the trades.
    Other,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 7] =
        [Self::Signal, Self::Fill, Self::Size, Self::Timing, Self::Price, Self::Cost, Self::Other];
}

/// A session, as it was and as a back-test.
#[derive(Clone, Debug)]
pub struct SessionDivergence {
    /// The session.
    pub session: Date,
    /// Each account.
    pub accounts: Vec<AccountDivergence>,
}

/// One account's two results.
#[derive(Clone, Debug)]
pub struct AccountDivergence {
    /// The account.
    pub account: AccountId,
    /// What its equity did, as recorded.
    pub recorded: Money,
    /// What it does in the back-test.
    pub rerun: Money,
    /// Why they differ; the parts sum to the difference.
    pub differences: Vec<Difference>,
}

/// One part of a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The instrument; `None` for what concerns the whole account.
    pub instrument: Option<Instrument>,
    /// Why.
    pub cause: Cause,
    /// How much more was made as recorded than in the back-test.
    pub money: Money,
}

impl AccountDivergence {
    /// How much more was made as recorded than in the back-test.
    pub fn gap(&self) -> Money {
        self.recorded - self.rerun
    }

    /// The part of one cause.
    pub fn of(&self, cause: Cause) -> Money {
        let parts = self.differences.iter().filter(|difference| difference.cause == cause);
        parts.map(|difference| difference.money).sum()
    }
}

/// Decides a recorded session again; `None` when the journal has no minute of it.
///
/// # Errors
/// Returns the reader's fault.
pub fn diverge<E>(
    records: impl IntoIterator<Item = Result<Stamped, E>>,
    session: Session,
) -> Result<Option<SessionDivergence>, E> {
    let mut recorded = Lane::new(Engine::new());
    let mut rerun: Option<Rerun> = None;
    for stamped in records {
        let stamped = stamped?;
        if session.close() + SETTLING < stamped.at {
            break;
        }
        let Record::Entry(entry) = &stamped.record else { continue };
        let is_minute =
            matches!(&entry.event, Event::Minute(minute) if session.contains(minute.start));
        if is_minute && rerun.is_none() {
            // What was traded before counts in both.
            recorded = Lane::new(recorded.engine);
            rerun = Some(Rerun::new(recorded.engine.clone()));
        }
        recorded.step(entry);
        if let Some(rerun) = &mut rerun {
            rerun.hear(entry);
        }
    }
    Ok(rerun.map(|rerun| compare(session.date(), &recorded, &rerun.lane)))
}

fn compare(session: Date, recorded: &Lane, rerun: &Lane) -> SessionDivergence {
    let accounts = recorded.engine.accounts().iter().map(|account| {
        let place = usize::from(account.id.0);
        let made = |lane: &Lane| {
            let end = equities(&lane.engine).get(place).copied().unwrap_or_default();
            end - lane.start.get(place).copied().unwrap_or_default()
        };
        let (ours, theirs) = (made(recorded), made(rerun));
        let mut differences = Vec::new();
        let mut instruments: BTreeSet<Instrument> = instruments(recorded, account.id);
        instruments.extend(self::instruments(rerun, account.id));
        for instrument in instruments {
            let key = (account.id, instrument);
            let sides = [recorded, rerun].map(|lane| Sides::of(lane, key));
            let wanted = [recorded, rerun].map(|lane| Wanted {
                quantity: lane.wanted.get(&key).copied().unwrap_or_default(),
                is_approved: lane.approved.contains(&(account.id, instrument.underlying())),
            });
            differences.extend(split(instrument, &sides, wanted));
        }
        let told: Money = differences.iter().map(|difference| difference.money).sum();
        let rest = ours - theirs - told;
        if rest != Money::ZERO {
            differences.push(Difference { instrument: None, cause: Cause::Other, money: rest });
        }
        AccountDivergence { account: account.id, recorded: ours, rerun: theirs, differences }
    });
    SessionDivergence { session, accounts: accounts.collect() }
}

fn instruments(lane: &Lane, account: AccountId) -> BTreeSet<Instrument> {
    let traded = lane.trades.iter().filter(|trade| trade.account == account);
    let held = lane.held.keys().filter(|(holder, _)| *holder == account);
    let traded = traded.map(|trade| trade.instrument);
    traded.chain(held.map(|(_, instrument)| *instrument)).collect()
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Signal => "signal",
            Self::Fill => "fill",
            Self::Size => "size",
            Self::Timing => "timing",
            Self::Price => "price",
            Self::Cost => "cost",
            Self::Other => "other",
        })
    }
}

#[cfg(test)]
mod tests;
