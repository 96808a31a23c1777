use backsight_sim::chance::Chance;

use super::{SESSIONS_MIN, Session, block_length, of_mean, of_sum};

fn sessions(results: &[f64]) -> Vec<Session> {
    results.iter().map(|&sum| Session { sum, count: 1.0 }).collect()
}

#[test]
fn a_few_sessions_have_no_interval() {
    let chance = Chance::root(1);
    assert_eq!(of_mean(&sessions(&[1.0; SESSIONS_MIN - 1]), 1, &chance), None);
    assert!(of_mean(&sessions(&[1.0; SESSIONS_MIN]), 1, &chance).is_some());
    let mut lonely = vec![Session::default(); 50];
    lonely[7] = Session { sum: 5.0, count: 20.0 };
    assert_eq!(
        of_mean(&lonely, 1, &chance),
        None,
        "one session is no sample, however much it holds"
    );
}

#[test]
fn the_same_seed_gives_the_same_interval() {
    let results: Vec<f64> = (0..40).map(|day| f64::from(day % 7) - 3.0).collect();
    let interval = |seed| of_mean(&sessions(&results), 1, &Chance::root(seed));
    assert_eq!(interval(5), interval(5));
    assert_ne!(interval(5), interval(6));
}

#[test]
fn blocks_are_as_long_as_the_cube_root() {
    assert_eq!([1, 7, 8, 26, 27, 250].map(block_length), [1, 1, 2, 2, 3, 6]);
}

#[test]
fn the_interval_of_a_mean_holds_it_about_as_often_as_it_says() {
    // Sessions that lean on the one before by a third: an interval of single results would be too
    // narrow by a quarter.
    let (mut held, worlds) = (0, 300);
    for world in 0..worlds {
        let root = Chance::root(world);
        let mut chance = root.branch("results");
        let mut before = 0.0;
        let results: Vec<f64> = (0..120)
            .map(|_| {
                before = before / 3.0 + chance.normal();
                before + 0.2
            })
            .collect();
        let interval = of_mean(&sessions(&results), 1, &root).unwrap();
        held += u64::from(interval.low <= 0.2 && 0.2 <= interval.high);
    }
    let share = 100 * held / worlds;
    assert!((87..=97).contains(&share), "{share} %");
}

#[test]
fn a_sum_is_a_mean_times_its_count_when_every_session_has_one_result() {
    let chance = Chance::root(3);
    let results: Vec<f64> = (0..30).map(|day| f64::from(day % 5)).collect();
    let (mean, sum) = (
        of_mean(&sessions(&results), 1, &chance).unwrap(),
        of_sum(&sessions(&results), 1, &chance).unwrap(),
    );
    assert!((mean.low * 30.0 - sum.low).abs() < 1e-9);
    assert!((mean.high * 30.0 - sum.high).abs() < 1e-9);
    assert_eq!(sum.side(), 1);
}

#[test]
fn results_that_reach_over_many_sessions_are_drawn_in_blocks_as_long() {
    let chance = Chance::root(9);
    // Thirty sessions up, thirty down, and so on: sessions by themselves look independent.
    let results: Vec<f64> =
        (0..240).map(|day| if (day / 30) % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let width = |span| {
        let interval = of_mean(&sessions(&results), span, &chance).unwrap();
        interval.high - interval.low
    };
    assert!(1.2 * width(1) < width(30), "{} {}", width(1), width(30));
    assert_eq!(of_mean(&sessions(&results[..50]), 30, &chance), None, "two blocks at least");
}
