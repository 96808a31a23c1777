use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Runs a world for some minutes and shows each to the observer.
fn run(
    world: World,
    minutes: u32,
    mut observe: impl FnMut(&Market, MinuteNews, &Minute, &[Happening]),
) {
    let mut market = Market::new(world);
    let (mut minute, mut happenings) = (Minute::default(), Vec::new());
    for _ in 0..minutes {
        let news = market.next_minute(&mut minute, &mut happenings);
        observe(&market, news, &minute, &happenings);
    }
}

const WEEK: u32 = 5 * 390;

/// FNV-1a over everything a week of a world shows.
fn fingerprint(world: World, minutes: u32) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut fold = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    };
    run(world, minutes, |_, _, minute, happenings| {
        for column in [&minute.open, &minute.high, &minute.low, &minute.close, &minute.volume] {
            for number in column {
                fold(&number.to_le_bytes());
            }
        }
        for word in &minute.traded {
            fold(&word.to_le_bytes());
        }
        for happening in happenings {
            fold(format!("{happening:?}").as_bytes());
        }
    });
    hash
}

#[test]
fn a_week_of_every_world_is_these_bytes_on_every_machine() {
    let weeks = World::NAMES.map(|name| fingerprint(World::named(name, 7).unwrap(), WEEK));
    assert_eq!(
        weeks.map(|hash| format!("{hash:016x}")),
        ["0e187bbb2afdaaef", "23aa6f19fd5a25f7", "8dbb235f277566da", "56516d270bacfbbc"]
    );
    assert_ne!(fingerprint(World::standard(8), 390), fingerprint(World::standard(7), 390));
}

#[test]
fn a_symbol_does_not_notice_how_many_others_there_are() {
    let closes = |symbols| {
        let mut seen = Vec::new();
        // Stories and finds are shared out among all symbols, so a world without them is compared.
        let world = World { symbols, stories: 0.0, discovery_drift: 0.0, ..World::standard(3) };
        run(world, 800, |_, _, minute, _| seen.push((minute.close[4], minute.volume[4])));
        seen
    };
    assert_eq!(closes(5), closes(120));
}

#[test]
fn minutes_follow_the_session_calendar_and_half_days_have_210() {
    // The Friday after Thanksgiving is a half day.
    let start = Date::from_ymd(2024, 11, 27).unwrap();
    let mut lengths = BTreeMap::new();
    let mut last = Time::default();
    run(
        World { start, symbols: 3, ..World::standard(1) },
        390 + 210 + 390,
        |_, news, minute, happenings| {
            let length = lengths.entry(news.session.date().to_string()).or_insert(0);
            assert_eq!(news.opens, *length == 0);
            *length += 1;
            assert_eq!(news.closes, *length == news.session.minutes());
            assert!(news.session.contains(minute.start));
            assert!(last < minute.start);
            assert!(happenings.is_sorted_by_key(|h| h.at));
            for happening in happenings {
                assert!(last <= happening.at && happening.at <= minute.end(), "{happening:?}");
            }
            last = minute.start;
        },
    );
    let expected = [("2024-11-27", 390), ("2024-11-29", 210), ("2024-12-02", 390)];
    assert_eq!(lengths, expected.map(|(date, n)| (date.to_owned(), n)).into());
}

#[test]
fn every_bar_is_possible_and_sums_up_its_course() {
    for world in [World::wild(5), World::standard(5)] {
        run(world, 2 * WEEK, |market, _, minute, _| {
            for slot in (0..50).map(Slot) {
                let path = market.course().path(slot);
                assert_eq!(i64::from(minute.close[slot.index()]), path[3].ticks());
                let lowest = *path.iter().min().unwrap();
                assert!(20_000 <= lowest.ticks() || !minute.has_traded(slot), "{lowest}");
                if !minute.has_traded(slot) {
                    assert_eq!(minute.volume[slot.index()], 0);
                    continue;
                }
                let bar = minute.bar(slot).expect("a traded bar is possible");
                let highest = *path.iter().max().unwrap();
                assert_eq!((bar.open, bar.low, bar.high), (path[0], lowest, highest));
                assert!(
                    bar.high.ticks() <= 20_000_000 && path.iter().all(|p| p.ticks() % 100 == 0)
                );
                let shares: i32 =
                    (0..POINTS).map(|point| market.course().shares(slot, point)).sum();
                assert_eq!(shares, bar.volume);
                assert!(0 < bar.volume);
            }
        });
    }
}

#[test]
fn quotes_surround_the_last_trade_and_answer_the_same_twice() {
    run(World::standard(2), 780, |market, _, _, happenings| {
        for slot in (0..50).map(Slot) {
            for second in [0, 20, 59] {
                let offset = Span::from_seconds(second);
                let Some(touch) = market.course().quote_at(slot, offset) else { continue };
                let trade = market.course().path(slot)[Course::point_at(offset)];
                assert!(touch.bid <= trade && trade <= touch.ask && touch.bid < touch.ask);
                assert!(100 <= touch.bid_shares.min(touch.ask_shares));
                assert_eq!(market.course().quote_at(slot, offset), Some(touch));
            }
        }
        for happening in happenings {
            let Event::Quote(quote) = &happening.event else { continue };
            let offset = quote.at - market.course().start();
            let touch = market.course().quote_at(quote.slot, offset).unwrap();
            assert_eq!(quote.sane(), Some((touch.bid, touch.ask)));
        }
    });
}

#[test]
fn a_halted_symbol_does_not_trade_until_it_is_released() {
    let mut halted = BTreeSet::new();
    let mut halts = 0;
    run(World::wild(4), 4 * WEEK, |market, _, minute, happenings| {
        let told = |wanted: bool| {
            happenings.iter().filter_map(move |happening| {
                let Event::Halt(halt) = happening.event else { return None };
                (halt.halted == wanted).then_some(halt.slot)
            })
        };
        for slot in told(false) {
            assert!(halted.remove(&slot), "{slot:?} was released twice");
        }
        for &slot in &halted {
            assert!(!minute.has_traded(slot) && market.course().is_halted(slot));
            assert_eq!(market.course().quote_at(slot, Span::ZERO), None);
        }
        for slot in told(true) {
            halts += 1;
            assert!(halted.insert(slot), "{slot:?} was halted twice");
        }
    });
    assert!(10 < halts, "only {halts} halts");
}

#[test]
fn a_split_comes_before_the_open_and_keeps_the_value() {
    let mut closes = vec![0; 50];
    let mut ratios = Vec::new();
    run(World { splits: 0.02, ..World::standard(6) }, 8 * WEEK, |_, news, minute, happenings| {
        for happening in happenings {
            if let Event::Split(split) = happening.event {
                assert!(news.opens && happening.at < news.session.open());
                let before = Price::from_ticks(closes[split.slot.index()]).unwrap();
                let open = minute.open[split.slot.index()];
                ratios.push(f64::from(open) / split.price(before).dollars() / 10_000.0);
            }
        }
        closes = minute.close.iter().map(|&close| i64::from(close)).collect();
    });
    assert!(8 <= ratios.len(), "only {} splits", ratios.len());
    // What remains is the gap of a night.
    assert!(ratios.iter().all(|ratio| (0.85..1.15).contains(ratio)), "{ratios:?}");
}
#[test]
fn prices_stay_between_two_and_two_thousand_dollars_for_years() {
    let (mut lowest, mut highest, mut splits) = (i32::MAX, 0, 0);
    run(World { symbols: 3, ..World::wild(9) }, 5 * 252 * 390, |_, _, minute, happenings| {
        lowest = lowest.min(*minute.low.iter().min().unwrap());
        highest = highest.max(*minute.high.iter().max().unwrap());
        splits += happenings.iter().filter(|h| matches!(h.event, Event::Split(_))).count();
    });
    assert!(20_000 <= lowest && highest <= 20_000_000, "{lowest} {highest}");
    assert!(5 < splits, "only {splits} splits");
}

mod statistics;
