//! What the market is like on average. Seeds are fixed, so these can only fail after a change.

use super::*;

/// Prices and volumes of a whole run, by minute and slot.
struct History {
    closes: Vec<Vec<f64>>,
    volumes: Vec<Vec<f64>>,
    /// The minute of the session, counted from its open.
    minutes: Vec<u16>,
    /// Readings by the minute during which they arrived, with their sign.
    readings: Vec<(usize, usize, f64)>,
}

impl History {
    /// Sessions without splits, so that closes can be compared across them.
    fn of(world: &World, minutes: u32) -> Self {
        let mut history =
            Self { closes: vec![], volumes: vec![], minutes: vec![], readings: vec![] };
        let mut seen = BTreeSet::new();
        run(World { splits: 0.0, ..world.clone() }, minutes, |market, news, minute, happenings| {
            let index = history.closes.len();
            for happening in happenings.iter().filter(|h| news.session.contains(h.at)) {
                let Event::Reading(reading) = &happening.event else { continue };
                let slot = market.companies().iter().position(|c| c.ticker == reading.ticker);
                if seen.insert(reading.story) && 0.3 < reading.sentiment.abs() {
                    history.readings.push((index, slot.unwrap(), reading.sentiment.signum()));
                }
            }
            let since_open = (minute.start - news.session.open()).minutes_floor();
            history.minutes.push(u16::try_from(since_open).unwrap());
            history.closes.push(minute.close.iter().map(|&x| f64::from(x)).collect());
            history.volumes.push(minute.volume.iter().map(|&x| f64::from(x)).collect());
        });
        history
    }

    fn change(&self, slot: usize, from: usize, to: usize) -> f64 {
        self.closes[to][slot] / self.closes[from][slot] - 1.0
    }

    /// Minute returns of a symbol within sessions.
    fn returns(&self, slot: usize) -> Vec<f64> {
        let inside = (1..self.closes.len()).filter(|&at| 0 < self.minutes[at]);
        inside.map(|at| self.change(slot, at - 1, at)).collect()
    }

    /// Signed returns over the next `horizon` minutes after minutes with three times the volume of
    /// the 20 before and at least `least` usual moves, in units of that symbol's usual move.
    fn after_surges(&self, least: f64, horizon: usize) -> Vec<f64> {
        let mut after = Vec::new();
        for slot in 0..self.closes[0].len() {
            let usual = deviation(&self.returns(slot));
            for at in 21..self.closes.len() - horizon {
                let fits = 21 <= self.minutes[at] && self.minutes[at] < self.minutes[at + horizon];
                let before: f64 = (at - 20..at).map(|i| self.volumes[i][slot]).sum();
                let first = self.change(slot, at - 1, at);
                let loud = 3.0 * before / 20.0 < self.volumes[at][slot];
                if fits && loud && least * usual < first.abs() {
                    after.push(first.signum() * self.change(slot, at, at + horizon) / usual);
                }
            }
        }
        after
    }

    /// Signed returns over the hour after the minute in which a story was first read.
    fn after_readings(&self) -> Vec<f64> {
        let fits = |at: usize| self.minutes.get(at + 60).is_some_and(|&m| self.minutes[at] < m);
        let readings = self.readings.iter().filter(|(at, _, _)| fits(*at));
        readings
            .map(|&(at, slot, sign)| {
                sign * self.change(slot, at, at + 60) / deviation(&self.returns(slot))
            })
            .collect()
    }
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / f64::from(u32::try_from(numbers.len()).unwrap())
}

fn deviation(numbers: &[f64]) -> f64 {
    correlation_parts(numbers, numbers).sqrt()
}

fn correlation_parts(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    mean(&a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).collect::<Vec<_>>())
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    correlation_parts(a, b) / (deviation(a) * deviation(b))
}

/// How many standard errors the mean lies above zero.
fn t_value(numbers: &[f64]) -> f64 {
    mean(numbers) / deviation(numbers) * f64::from(u32::try_from(numbers.len()).unwrap()).sqrt()
}

#[test]
fn volatility_and_volume_are_high_at_both_ends_of_the_day() {
    let history = History::of(&World::standard(11), 20 * 390);
    let mut moves = [vec![], vec![], vec![]];
    let mut volumes = [vec![], vec![], vec![]];
    for at in 1..history.closes.len() {
        let part = match history.minutes[at] {
            1..30 => 0,
            165..225 => 1,
            360.. => 2,
            _ => continue,
        };
        for slot in 0..50 {
            moves[part].push(history.change(slot, at - 1, at).abs());
            volumes[part].push(history.volumes[at][slot]);
        }
    }
    let [open, noon, close] = moves.map(|part| mean(&part));
    assert!(1.5 * noon < open && 1.2 * noon < close, "{open} {noon} {close}");
    let [open, noon, close] = volumes.map(|part| mean(&part));
    assert!(2.0 * noon < open && 2.0 * noon < close, "{open} {noon} {close}");
}

#[test]
fn symbols_of_one_sector_move_together_more_than_others() {
    let world = World { thin_share: 0.0, ..World::null(12) };
    let history = History::of(&world, 10 * 390);
    let returns: Vec<Vec<f64>> = (0..32).map(|slot| history.returns(slot)).collect();
    let (mut within, mut across) = (vec![], vec![]);
    for a in 0..32 {
        for b in 0..a {
            let pairs = if a % 8 == b % 8 { &mut within } else { &mut across };
            pairs.push(correlation(&returns[a], &returns[b]));
        }
    }
    let (within, across) = (mean(&within), mean(&across));
    assert!(0.1 < across && across + 0.1 < within && within < 0.7, "{within} {across}");
}

#[test]
fn large_moves_are_more_frequent_than_a_bell_curve_has_them() {
    let history = History::of(&World::null(13), 20 * 390);
    for slot in 0..50 {
        let returns = history.returns(slot);
        let squares: Vec<f64> = returns.iter().map(|r| r * r).collect();
        let fourths: Vec<f64> = squares.iter().map(|s| s * s).collect();
        let kurtosis = mean(&fourths) / (mean(&squares) * mean(&squares));
        assert!(3.5 < kurtosis, "slot {slot}: {kurtosis}");
    }
}

#[test]
fn volume_goes_with_the_size_of_moves() {
    let history = History::of(&World::null(14), 5 * 390);
    let sizes: Vec<f64> = (0..50)
        .map(|slot| {
            let moves: Vec<f64> = history.returns(slot).iter().map(|r| r.abs()).collect();
            let inside = (1..history.minutes.len()).filter(|&at| 0 < history.minutes[at]);
            let volumes: Vec<f64> = inside.map(|at| history.volumes[at][slot]).collect();
            correlation(&moves, &volumes)
        })
        .collect();
    assert!(0.2 < mean(&sizes), "{}", mean(&sizes));
}

#[test]
fn in_a_null_world_nothing_seen_tells_the_next_direction() {
    let history = History::of(&World::null(15), 120 * 390);
    for (least, horizon) in [(0.0, 1), (0.0, 20), (3.0, 5), (3.0, 20)] {
        let after = history.after_surges(least, horizon);
        assert!(2_000 < after.len(), "only {} surges", after.len());
        assert!(t_value(&after).abs() < 2.5, "{least} {horizon}: {}", t_value(&after));
    }
    let after = history.after_readings();
    assert!(
        150 < after.len() && t_value(&after).abs() < 2.5,
        "{} {}",
        after.len(),
        t_value(&after)
    );
    let lagged = (0..50).map(|slot| {
        let returns = history.returns(slot);
        correlation(&returns[1..], &returns[..returns.len() - 1])
    });
    let lagged: Vec<f64> = lagged.collect();
    assert!(mean(&lagged).abs() < 0.003, "{}", mean(&lagged));
}

#[test]
fn in_the_standard_world_surges_continue_and_stories_move_prices() {
    let history = History::of(&World::standard(15), 60 * 390);
    let after = history.after_surges(3.0, 20);
    assert!(6.0 < t_value(&after) && 0.5 < mean(&after), "{} {}", t_value(&after), mean(&after));
    let after = history.after_readings();
    assert!(3.0 < t_value(&after), "{} {}", after.len(), t_value(&after));
}

#[test]
fn the_truth_lists_what_was_planted_and_a_null_world_has_none() {
    let mut planted = Vec::new();
    run(World::standard(16), 2 * WEEK, |market, _, _, _| {
        planted.clone_from(&market.truth().planted);
    });
    let surges = planted.iter().filter(|p| p.cause == Cause::Surge).count();
    // 0.7 surges per symbol and session, and 0.12 stories of which one in fourteen is empty.
    assert!((290..410).contains(&surges), "{surges}");
    let stories = planted.iter().filter(|p| matches!(p.cause, Cause::Story(_))).count();
    assert!((40..90).contains(&stories), "{stories}");
    assert!(planted.is_sorted_by_key(|p| p.at));
    run(World::null(16), 2 * WEEK, |market, _, _, _| assert!(market.truth().planted.is_empty()));
}
