//! The oracle: holds a run to the invariants of trading, knowing both sides of the wire.
//!
//! During the run, after every event: no venue order without a journaled intent, at most one for
//! each intent and each signal, nothing filled beyond what was ordered, nothing opened while the
//! desk may not, one exit at a time, no more offered than is held, no order at work for long that
//! the desk calls ended. At the end, when faults have ceased and time has passed: every order has
//! ended on both sides, and positions and cash are the venue's to the last unit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use backsight_domain::decision::{Decision, Effect, OrderPhase, Reason};
use backsight_domain::desk::TradingState;
use backsight_domain::id::{AccountId, ExecutionId, IntentId, SignalId};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::Money;
use backsight_domain::order::{Intent, Purpose};
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;
use backsight_domain::time::{Span, Time};
use backsight_engine::Engine;
use backsight_engine::order::Order;

use crate::exchange::{Exchange, Stage};

/// What the oracle remembers of a run.
#[derive(Clone, Debug, Default)]
pub struct Oracle {
    /// Every intent that was journaled.
    intents: BTreeSet<IntentId>,
    /// Venue orders looked at so far.
    seen: usize,
    /// The venue order of each intent.
    places: BTreeMap<(AccountId, IntentId), usize>,
    per_signal: BTreeMap<(AccountId, SignalId), u32>,
    /// Settlements seen so far.
    settled: BTreeSet<ExecutionId>,
    /// Orders of the desk that work at the venue, and since when the desk calls them ended.
    working: BTreeMap<usize, Option<Time>>,
    /// Splits seen so far.
    splits: usize,
    /// Instruments in which somebody else traded: their holdings are not ours to explain.
    foreign: BTreeSet<(AccountId, Instrument)>,
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The invariant, in words.
    pub rule: &'static str,
    /// What was found.
    pub found: String,
}

/// How soon after its last close a contract is settled, with room for a wrong clock.
const SETTLED_WITHIN: Span = Span::from_minutes(5);

type Verdict = Result<(), Violation>;

/// How long an order may work at the venue that the desk calls ended: until it hears of it, and its
/// cancel gets through.
const STRAY_LONGEST: Span = Span::from_minutes(10);

impl Oracle {
    /// Checks what can be checked after every event.
    ///
    /// # Errors
    /// Returns the first invariant that does not hold.
    pub fn watch(&mut self, engine: &Engine, exchange: &Exchange, decision: &Decision) -> Verdict {
        self.note(engine, decision)?;
        self.inspect_new_orders(exchange)?;
        self.follow_splits(exchange);
        check_promises(exchange)?;
        self.check_contracts(engine, exchange)?;
        check_displaced(engine, exchange, decision)?;
        self.check_strays(engine, exchange)?;
        self.check_fills(engine, exchange, decision)
    }

    /// A contract on a share that was split is another one, whoever traded it.
    fn follow_splits(&mut self, exchange: &Exchange) {
        for (ticker, split) in &exchange.splits()[self.splits..] {
            let on_it = self.foreign.iter().filter(|(_, what)| what.underlying() == *ticker);
            let renamed = on_it.map(|(account, what)| (*account, split.instrument(*what).0));
            let renamed: Vec<_> = renamed.collect();
            self.foreign.extend(renamed);
        }
        self.splits = exchange.splits().len();
    }

    /// No contract that was sold is covered by nothing, none is held after its last day, and no
    /// settlement is told twice.
    fn check_contracts(&mut self, engine: &Engine, exchange: &Exchange) -> Verdict {
        for settlement in &exchange.settlements()[self.settled.len()..] {
            let is_new = self.settled.insert(settlement.id);
            hold(is_new, "a settlement counts once", || format!("{settlement:?}"))?;
        }
        for account in exchange.accounts() {
            hold(exchange.is_covered(account), "no sold contract is uncovered", || {
                format!("account {}: {:?}", account.0, exchange.holdings(account))
            })?;
            for held in exchange.holdings(account) {
                let session = held.instrument.expiry().and_then(Session::on);
                let is_over =
                    session.is_some_and(|last| last.close() + SETTLED_WITHIN <= engine.now());
                hold(!is_over, "nothing is held after its last day", || {
                    format!("account {}: {}", account.0, held.instrument)
                })?;
            }
        }
        Ok(())
    }

    /// No order of the desk works on at the venue once the desk calls it ended.
    fn check_strays(&mut self, engine: &Engine, exchange: &Exchange) -> Verdict {
        let (orders, now) = (exchange.orders(), engine.now());
        self.working.retain(|place, _| !orders[*place].stage.is_final());
        for (place, since) in &mut self.working {
            let intent = orders[*place].intent.expect("only orders of the desk are followed");
            let is_ended = engine.order(intent.id).is_none_or(Order::is_done);
            *since = is_ended.then(|| since.unwrap_or(now));
            let strays = since.map_or(Span::ZERO, |since| now - since);
            hold(strays <= STRAY_LONGEST, "no order works on that the desk calls ended", || {
                format!("{} since {}", intent.id, now - strays)
            })?;
        }
        Ok(())
    }

    /// The desk never believes that more was filled than the venue executed.
    fn check_fills(&self, engine: &Engine, exchange: &Exchange, decision: &Decision) -> Verdict {
        for reason in &decision.because {
            let Reason::Filled { intent, .. } = reason else { continue };
            let Some(order) = engine.order(*intent) else { continue };
            let place = self.places.get(&(order.intent.account, *intent));
            let executed = place.map_or(Quantity::ZERO, |place| exchange.orders()[*place].filled);
            hold(order.filled <= executed, "no execution is counted twice", || {
                format!("{intent}: {} here, {executed} there", order.filled)
            })?;
        }
        Ok(())
    }

    /// Remembers intents, and checks that openings were allowed.
    ///
    /// # Errors
    /// Returns the first invariant that does not hold.
    pub fn note(&mut self, engine: &Engine, decision: &Decision) -> Verdict {
        for effect in &decision.effects {
            let Effect::Submit(intent) = effect else { continue };
            self.intents.insert(intent.id);
            check_alone(engine, intent)?;
            if matches!(intent.purpose, Purpose::Open(_)) {
                let account = &engine.accounts()[usize::from(intent.account.0)];
                let may = engine.state() == TradingState::Active && account.is_reconciled();
                hold(may, "nothing is opened unless desk and account are active", || {
                    format!("{} while {}", intent.id, engine.state())
                })?;
                check_caps(engine, intent.account)?;
            }
        }
        Ok(())
    }

    /// Takes the intents that outlived a crash; whatever the venue knows must be among them.
    ///
    /// # Errors
    /// Returns an order whose intent is gone.
    pub fn survive(&mut self, intents: BTreeSet<IntentId>, exchange: &Exchange) -> Verdict {
        self.intents = intents;
        // Nobody could hear of them while the desk was away.
        self.working.values_mut().for_each(|since| *since = None);
        let known = |intent: &IntentId| self.intents.contains(intent);
        let mut lost = exchange.orders().iter().filter_map(|order| order.intent);
        let lost = lost.find(|intent| !known(&intent.id));
        hold(lost.is_none(), "every order has a journaled intent", || {
            format!("{} was lost in a crash", lost.map_or_else(String::new, |i| i.id.to_string()))
        })
    }

    fn inspect_new_orders(&mut self, exchange: &Exchange) -> Verdict {
        let orders = exchange.orders();
        for (place, order) in orders.iter().enumerate().skip(self.seen) {
            let account = order.terms.account;
            let Some(intent) = order.intent else {
                for (leg, _) in order.terms.instrument.legs() {
                    self.foreign.insert((account, leg));
                    // What it is exercised for is not ours to explain either.
                    self.foreign.insert((account, Instrument::Equity(leg.underlying())));
                }
                continue;
            };
            hold(self.intents.contains(&intent.id), "every order has a journaled intent", || {
                format!("{} in account {}", intent.id, account.0)
            })?;
            self.working.insert(place, None);
            let earlier = self.places.insert((account, intent.id), place);
            hold(earlier.is_none(), "one intent is at most one order", || intent.id.to_string())?;
            if let Purpose::Open(signal) = intent.purpose {
                let count = self.per_signal.entry((account, signal)).or_default();
                *count += 1;
                hold(*count == 1, "one signal opens at most once per account", || {
                    signal.to_string()
                })?;
            }
        }
        self.seen = orders.len();
        Ok(())
    }

    /// Checks that everything has come to an end and both sides agree.
    ///
    /// # Errors
    /// Returns the first invariant that does not hold.
    pub fn judge(&self, engine: &Engine, exchange: &Exchange) -> Verdict {
        exchange.audit();
        nothing_is_overfilled(exchange)?;
        for order in engine.orders() {
            hold(order.is_done() && !order.lacks_fills(), "every order comes to an end", || {
                format!("{} is {}", order.intent.id, order.phase())
            })?;
        }
        let mut ours = exchange.orders().iter().filter(|order| !order.stage.is_final());
        let working = ours.find_map(|order| order.intent);
        hold(working.is_none(), "no order of the desk is left at the venue", || {
            working.map_or_else(String::new, |intent| intent.id.to_string())
        })?;
        for account in engine.accounts() {
            self.holdings_agree(engine, exchange, account.id)?;
            let (ours, theirs) = (account.cash(), exchange.cash(account.id).unwrap_or(Money::ZERO));
            hold(ours == theirs, "cash is the venue's to the last unit", || {
                format!("account {}: {ours} here, {theirs} there", account.id.0)
            })?;
        }
        Ok(())
    }

    fn holdings_agree(&self, engine: &Engine, exchange: &Exchange, account: AccountId) -> Verdict {
        let mut difference: BTreeMap<Instrument, Quantity> = BTreeMap::new();
        for holding in exchange.holdings(account) {
            *difference.entry(holding.instrument).or_default() += holding.quantity;
        }
        for position in engine.positions().filter(|position| position.account == account) {
            for (leg, count) in position.instrument.legs() {
                *difference.entry(leg).or_default() += -position.quantity.times(count);
            }
        }
        let others = &engine.accounts()[usize::from(account.0)];
        for (instrument, difference) in difference {
            let known = difference == others.foreign(instrument);
            hold(known, "what the venue holds is ours or known to be somebody else's", || {
                format!("account {}: {instrument} differs by {difference}", account.0)
            })?;
            let ours_to_explain = !self.foreign.contains(&(account, instrument))
                && !exchange.was_given(account, instrument);
            let agrees = difference.is_zero() || !ours_to_explain;
            hold(agrees, "positions are the venue's to the last unit", || {
                format!("account {}: {instrument} differs by {difference}", account.0)
            })?;
        }
        Ok(())
    }
}

/// While an exit is out the desk sends nothing else for the same shares, but what replaces it.
fn check_alone(engine: &Engine, intent: &Intent) -> Verdict {
    if matches!(intent.purpose, Purpose::Open(_)) {
        return Ok(());
    }
    let other = engine.orders().find(|order| {
        let is_same =
            (order.intent.account, order.intent.instrument) == (intent.account, intent.instrument);
        let is_known = order.intent.id == intent.id || Some(order.intent.id) == intent.replaces;
        is_same && !is_known && !order.is_done()
    });
    hold(other.is_none(), "an exit is alone in its symbol", || {
        let other = other.map_or_else(String::new, |order| order.intent.id.to_string());
        format!("{} beside {other}", intent.id)
    })
}

/// While somebody's order stands in the place of ours, and the desk knows of it, it sends nothing
/// for the same shares.
fn check_displaced(engine: &Engine, exchange: &Exchange, decision: &Decision) -> Verdict {
    let exits = decision.effects.iter().filter_map(|effect| match effect {
        Effect::Submit(intent) if matches!(intent.purpose, Purpose::Close { .. }) => Some(intent),
        Effect::Submit(_)
        | Effect::Resubmit(_)
        | Effect::Cancel { .. }
        | Effect::CancelForeign { .. }
        | Effect::Lookup { .. }
        | Effect::Report(_)
        | Effect::AskChain(_)
        | Effect::AskQuote(_)
        | Effect::Alarm(_) => None,
    });
    for exit in exits {
        let place = (exit.account, exit.instrument);
        let in_place = exchange.orders().iter().filter(|order| {
            order.intent.is_none()
                && !order.stage.is_final()
                && (order.terms.account, order.terms.instrument) == place
        });
        for theirs in in_place {
            let gone = Stage::Replaced(theirs.name());
            let ours = exchange.orders().iter().find(|order| order.stage == gone);
            let known =
                ours.and_then(|order| engine.order(order.intent?.id)).is_some_and(|order| {
                    matches!(order.phase(), OrderPhase::Displaced | OrderPhase::Replaced)
                });
            hold(!known, "nothing is sent beside the order that displaced ours", || {
                exit.id.to_string()
            })?;
        }
    }
    Ok(())
}

/// Open sales never promise more than is held, whoever ordered and replaced them.
fn check_promises(exchange: &Exchange) -> Verdict {
    for account in exchange.accounts().filter(|account| !exchange.may_short(*account)) {
        let promised = exchange.promised(account);
        if promised.is_empty() {
            continue;
        }
        let holdings = exchange.holdings(account);
        for (instrument, promised) in promised {
            let held = holdings.iter().find(|held| held.instrument == instrument);
            let held = held.map_or(Quantity::ZERO, |held| held.quantity);
            hold(promised <= held, "no more is offered than is held", || {
                format!("account {}: {promised} of {held} {instrument}", account.0)
            })?;
        }
    }
    Ok(())
}

fn nothing_is_overfilled(exchange: &Exchange) -> Verdict {
    let overfilled = exchange.orders().iter().find(|order| order.terms.quantity < order.filled);
    hold(overfilled.is_none(), "nothing is filled beyond what was ordered", || {
        format!("{overfilled:?}")
    })
}

/// Openings never take an account beyond its limits, at the prices they were decided at.
fn check_caps(engine: &Engine, account: AccountId) -> Verdict {
    let limits = engine.policy().accounts.values().nth(account.0.into());
    let limits = limits.expect("an order names an account of the policy");
    let (positions, exposure) = engine.burden(account);
    hold(positions <= limits.max_positions, "positions stay within their number", || {
        format!("{positions} in account {}", account.0)
    })?;
    hold(exposure <= limits.max_exposure, "openings stay within the exposure", || {
        format!("{exposure} in account {}", account.0)
    })
}

fn hold(holds: bool, rule: &'static str, found: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(Violation { rule, found: found() }) }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.found)
    }
}
