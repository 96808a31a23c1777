#![expect(clippy::cast_precision_loss, reason = "small numbers")]

use std::collections::BTreeMap;

use backsight_domain::instrument::Right;
use backsight_domain::market::Minute;
use backsight_domain::session::Session;
use backsight_domain::time::Span;

use super::*;
use crate::market::{Cause, Market, World};

/// Plays a world and shows every 30th minute, at its end.
fn play(world: World, sessions: u32, mut see: impl FnMut(&Market, Time)) {
    let mut market = Market::new(world);
    let (mut minute, mut happenings) = (Minute::default(), Vec::new());
    for _ in 0..sessions {
        for count in 0.. {
            let news = market.next_minute(&mut minute, &mut happenings);
            if count % 30 == 29 {
                see(&market, minute.end() - Span::from_seconds(1));
            }
            if news.closes {
                break;
            }
        }
    }
}

fn optionable(market: &Market) -> Vec<Slot> {
    let slots = (0..market.companies().len()).map(|slot| Slot(u16::try_from(slot).unwrap()));
    slots.filter(|slot| market.has_options(*slot)).collect()
}

fn wide(market: &Market) -> ChainFilter {
    let date = market.date();
    ChainFilter { expiries: date..=date.plus_days(160), strikes_bps: 3_000, right: None }
}

/// The quotes of a chain by right and expiry, strikes rising.
fn sheets(chain: &Chain) -> BTreeMap<(Right, Date), Vec<ContractQuote>> {
    let mut sheets: BTreeMap<_, Vec<ContractQuote>> = BTreeMap::new();
    for quote in &chain.quotes {
        sheets.entry((quote.right, quote.expiry)).or_default().push(*quote);
    }
    sheets
}

/// Variance to expiry that the straddle nearest to the price implies, in squares of a return.
fn variance_at_the_money(market: &Market, slot: Slot, at: Time, expiry: Date) -> Option<f64> {
    let chain = market.chain(slot, at, &wide(market))?;
    let spot = market.course().path(slot)[3].dollars();
    let mid = |right: Right| {
        let quotes = chain.quotes.iter().filter(|q| q.expiry == expiry && q.right == right);
        let distance = |q: &&ContractQuote| (q.strike.dollars() - spot).abs();
        let nearest = quotes.min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        Some((
            f64::midpoint(nearest.bid as f64, nearest.ask as f64) / 1e4,
            nearest.strike.dollars(),
        ))
    };
    let ((call, strike), (put, _)) = (mid(Right::Call)?, mid(Right::Put)?);
    let vanilla =
        Vanilla { spot, strike, years: 1.0, rate: 0.0, dividend_yield: 0.0, right: Right::Call };
    // Parity takes the intrinsic part out of both.
    let level = f64::midpoint(call, put + spot - strike);
    european::implied_volatility(&vanilla, level).map(|volatility| volatility * volatility)
}

#[test]
fn half_of_the_usual_symbols_have_options_and_the_demo_has_more_than_eight() {
    let market = Market::new(World::standard(1));
    let count = optionable(&market).len();
    assert!((15..=35).contains(&count), "{count} of 50");
}

#[test]
fn quotes_never_cross_and_far_strikes_have_no_bid() {
    let mut unbid = 0;
    play(World { symbols: 12, ..World::wild(3) }, 2, |market, at| {
        for slot in optionable(market) {
            let Some(chain) = market.chain(slot, at, &wide(market)) else { continue };
            for quote in &chain.quotes {
                assert!(0 <= quote.bid && quote.bid < quote.ask, "{quote:?}");
                assert_eq!((quote.bid % 100, quote.ask % 100), (0, 0), "whole cents");
                unbid += u32::from(quote.bid == 0);
            }
        }
    });
    assert!(0 < unbid);
}

#[test]
fn no_strike_or_expiry_can_be_traded_against_another_for_a_sure_profit() {
    play(World { symbols: 16, dividends: false, ..World::standard(5) }, 2, |market, at| {
        for slot in optionable(market) {
            let Some(chain) = market.chain(slot, at, &wide(market)) else { continue };
            let sheets = sheets(&chain);
            for ((right, expiry), quotes) in &sheets {
                for three in quotes.windows(3) {
                    let [low, mid, high] = three else { unreachable!() };
                    assert!(
                        2 * mid.bid <= low.ask + high.ask,
                        "butterfly {right:?} {expiry} {mid:?}"
                    );
                    let (dear, cheap) = if *right == Right::Call { (low, mid) } else { (mid, low) };
                    assert!(cheap.bid <= dear.ask, "a better strike is not cheaper");
                    let width = mid.strike.ticks() - low.strike.ticks();
                    assert!(dear.bid - cheap.ask <= width, "a vertical is worth its width at most");
                }
            }
            for ((right, expiry), quotes) in &sheets {
                let next = sheets.range((*right, expiry.plus_days(1))..).next();
                let Some((_, later)) = next.filter(|((side, _), _)| side == right) else {
                    continue;
                };
                for (near, far) in quotes.iter().zip(later) {
                    assert_eq!(near.strike, far.strike);
                    assert!(near.bid <= far.ask, "calendar {near:?} {far:?}");
                }
            }
        }
    });
}

#[test]
fn puts_below_the_market_are_dearer_than_calls_above_it() {
    let (mut richer, mut all) = (0, 0);
    play(World { symbols: 16, ..World::standard(2) }, 1, |market, at| {
        for slot in optionable(market) {
            let view = market.view(slot, at);
            let Some(view) = view else { continue };
            let character = market.options.characters[slot.index()].unwrap();
            let expiry = listing::expiries(market.date(), false)[2];
            let theta = Horizon { sky: &view.sky, premium: 1.0 }.variance(expiry);
            all += 1;
            let (put, call) =
                (character.smile.variance(theta, -0.05), character.smile.variance(theta, 0.05));
            richer += u32::from(call < put);
        }
    });
    assert_eq!(richer, all);
    assert!(0 < all);
}

#[test]
fn a_calm_share_has_a_rising_term_structure_and_a_stressed_one_a_falling_one() {
    let (mut calm, mut stressed) = ((0, 0), (0, 0));
    let world = World { earnings_move: 0.0, surge_drift: 0.0, ..World::standard(4) };
    play(world, 60, |market, at| {
        if 1.0 < market.sky(Slot(0), at).minutes {
            return;
        }
        for slot in optionable(market) {
            let Some(view) = market.view(slot, at) else { continue };
            let daily = |expiry: Date| {
                let horizon = Horizon { sky: &view.sky, premium: 1.0 };
                let sessions = Session::elapsed(market.date(), expiry);
                (horizon.variance(expiry) - horizon.variance(market.date())) / sessions as f64
            };
            let expiries = listing::expiries(market.date(), false);
            let (near, far) = (daily(expiries[1]), daily(expiries[6]));
            let level: f64 = view.sky.levels.iter().map(|level| level.now).sum();
            // The mean of the square lies above the square of the mean.
            if level < -0.2 {
                calm.0 += u32::from(near < far);
                calm.1 += 1;
            } else if 0.3 < level {
                stressed.0 += u32::from(far < near);
                stressed.1 += 1;
            }
        }
    });
    assert!(50 < calm.1 && 50 < stressed.1, "{calm:?} {stressed:?}");
    assert_eq!((calm.0, stressed.0), (calm.1, stressed.1));
}

/// Implied variance of the same expiry around each jump after earnings: last session, first session.
fn around_earnings(world: World) -> Vec<(f64, f64)> {
    let mut last: BTreeMap<Slot, (Date, f64)> = BTreeMap::new();
    let mut around = Vec::new();
    play(world, 45, |market, at| {
        let noon = market.sky(Slot(0), at).minutes;
        if !(150.0..180.0).contains(&noon) {
            return;
        }
        for slot in optionable(market) {
            let next = market.notices.next_reaction(slot);
            let is_before = Session::elapsed(market.date(), next) == 1;
            let expiries = listing::expiries(market.date(), false);
            if is_before {
                let expiry = *expiries.iter().find(|expiry| next.plus_days(2) < **expiry).unwrap();
                if let Some(variance) = variance_at_the_money(market, slot, at, expiry) {
                    last.insert(slot, (expiry, variance));
                }
            } else if let Some((expiry, before)) = last.remove(&slot)
                && let Some(after) = variance_at_the_money(market, slot, at, expiry)
            {
                around.push((before, after));
            }
        }
    });
    around
}

#[test]
fn implied_variance_is_crushed_by_the_report_of_earnings_and_not_in_a_null_world() {
    let crush = |around: &[(f64, f64)]| {
        let ratios: Vec<f64> = around.iter().map(|(before, after)| after / before).collect();
        assert!(8 < ratios.len(), "{} reports", ratios.len());
        ratios.iter().sum::<f64>() / ratios.len() as f64
    };
    let (real, null) = (around_earnings(World::standard(6)), around_earnings(World::null(6)));
    let (real, null) = (crush(&real), crush(&null));
    // One session of a week passes anyway.
    assert!(real < 0.75, "{real}");
    assert!(0.75 < null, "{null}");
}

#[test]
fn variance_is_sold_for_a_little_more_than_it_turns_out_to_be() {
    for world in [World::standard(8), World::null(8)] {
        let world = World { earnings_move: 0.0, dividends: false, splits: 0.0, ..world };
        let mut open: BTreeMap<Slot, (f64, f64)> = BTreeMap::new();
        let (mut implied, mut realised) = (0.0, 0.0);
        play(world, 120, |market, at| {
            if 1.0 < market.sky(Slot(0), at).minutes {
                return;
            }
            let week = Session::plus_sessions(market.date(), 1).date();
            for slot in optionable(market) {
                let Some(view) = market.view(slot, at) else { continue };
                if let Some((spot, variance)) = open.remove(&slot) {
                    let moved = libm::log(view.spot / spot);
                    // Twice as many shares are no move.
                    if moved.abs() < 0.5 {
                        realised += moved * moved;
                        implied += variance;
                    }
                }
                let horizon = Horizon { sky: &view.sky, premium: 1.15 };
                open.insert(slot, (view.spot, horizon.variance(week)));
            }
        });
        let ratio = implied / realised;
        assert!((1.0..1.4).contains(&ratio), "{ratio}");
    }
}

#[test]
fn a_contract_of_the_day_decays_to_what_exercise_pays() {
    let mut values: Vec<(f64, f64)> = Vec::new();
    play(World { symbols: 40, ..World::calm(9) }, 1, |market, at| {
        let slot = *optionable(market)
            .iter()
            .find(|slot| market.options.characters[slot.index()].unwrap().terms.is_daily())
            .unwrap();
        let today = variance_at_the_money(market, slot, at, market.date());
        values.push((market.sky(slot, at).minutes, today.unwrap_or(0.0)));
    });
    let first = values.first().unwrap().1;
    let late = values[values.len() - 2].1;
    assert!(0.0 < first && late < 0.5 * first, "{values:?}");
}

#[test]
fn asking_changes_nothing_and_answers_the_same() {
    let mut market = Market::new(World { symbols: 12, ..World::standard(1) });
    let (mut minute, mut happenings) = (Minute::default(), Vec::new());
    market.next_minute(&mut minute, &mut happenings);
    let slot = optionable(&market)[0];
    let (at, filter) = (minute.end() - Span::from_seconds(20), ChainFilter::usual(market.date()));
    let chain = market.chain(slot, at, &filter).unwrap();
    assert_eq!(market.chain(slot, at, &filter).as_ref(), Some(&chain));
    let ticker = market.companies()[slot.index()].ticker;
    for quote in &chain.quotes {
        assert_eq!(market.contract_quote(slot, &quote.contract(ticker), at), Some(*quote));
    }
}

#[test]
fn earnings_and_dividends_are_in_the_truth_and_a_null_world_has_none() {
    let planted = |world: World| {
        let mut market = Market::new(world);
        let (mut minute, mut happenings) = (Minute::default(), Vec::new());
        for _ in 0..60 * 390 {
            market.next_minute(&mut minute, &mut happenings);
        }
        let mut causes = BTreeMap::new();
        for planted in &market.truth().planted {
            let name = match planted.cause {
                Cause::Surge => "surge",
                Cause::Story(_) => "story",
                Cause::Earnings => "earnings",
                Cause::Dividend => "dividend",
                Cause::Discovery => "discovery",
                Cause::Dip => "dip",
                Cause::Fall => "fall",
            };
            *causes.entry(name).or_insert(0) += 1;
        }
        causes
    };
    let standard = planted(World::standard(3));
    for cause in ["surge", "story", "earnings", "dividend", "discovery", "dip", "fall"] {
        assert!(1 < *standard.get(cause).unwrap_or(&0), "{cause}: {standard:?}");
    }
    assert_eq!(planted(World::null(3)), BTreeMap::new());
}

/// Returns in session volatilities from each planted effect of a kind over the next 300 minutes,
/// and from finds that nothing follows.
fn after(world: World, cause: Cause) -> (Vec<f64>, Vec<f64>) {
    let mut market = Market::new(world);
    let (mut minute, mut happenings) = (Minute::default(), Vec::new());
    let mut open: Vec<(Slot, usize, f64, f64, bool)> = Vec::new();
    let (mut followed, mut idle, mut seen) = (Vec::new(), Vec::new(), 0);
    for count in 0..80 * 390 {
        market.next_minute(&mut minute, &mut happenings);
        let price = |slot: Slot| f64::from(minute.close[slot.index()]);
        let volatility = |slot: Slot| market.stocks[slot.index()].session_volatility();
        let planted = &market.truth().planted[seen..];
        seen += planted.len();
        let is_true =
            |slot: Slot| planted.iter().any(|p| p.slot == slot && p.cause == Cause::Discovery);
        for effect in planted.iter().filter(|planted| planted.cause == cause) {
            let slot = effect.slot;
            open.push((slot, count + 300, price(slot), volatility(slot), true));
        }
        for happening in &happenings {
            let backsight_domain::event::Event::Discovery(found) = &happening.event else {
                continue;
            };
            for slot in found.candidates.iter().map(|found| found.slot) {
                if cause == Cause::Discovery && !is_true(slot) {
                    open.push((slot, count + 300, price(slot), volatility(slot), false));
                }
            }
        }
        for (slot, _, begun, volatility, is_real) in open.extract_if(.., |o| o.1 == count) {
            let moved = (price(slot) / begun - 1.0) / volatility;
            if is_real { followed.push(moved) } else { idle.push(moved) }
        }
    }
    (followed, idle)
}

fn t_value(sample: &[f64]) -> f64 {
    let n = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / n;
    let variance = sample.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    mean / (variance / n).sqrt()
}

#[test]
fn true_finds_drift_and_false_ones_do_not() {
    let (real, idle) = after(World { splits: 0.0, ..World::standard(11) }, Cause::Discovery);
    assert!(100 < real.len() && 100 < idle.len(), "{} {}", real.len(), idle.len());
    assert!(4.0 < t_value(&real), "{}", t_value(&real));
    assert!(t_value(&idle).abs() < 3.0, "{}", t_value(&idle));
    let (real, idle) = after(World { splits: 0.0, ..World::null(11) }, Cause::Discovery);
    assert_eq!(real, []);
    assert!(t_value(&idle).abs() < 3.0, "{}", t_value(&idle));
}

#[test]
fn dips_recover_while_their_thesis_stands() {
    let (real, _) = after(World { splits: 0.0, ..World::standard(12) }, Cause::Dip);
    assert!(30 < real.len(), "{}", real.len());
    assert!(3.0 < t_value(&real), "{} of {}", t_value(&real), real.len());
}
