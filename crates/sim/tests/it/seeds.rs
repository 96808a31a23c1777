//! Drills that failed once.

use backsight_sim::drill::Drill;

#[test]
fn every_drill_that_failed_once_passes() {
    for line in include_str!("../seeds.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (profile, seed) = (words.next().unwrap(), words.next().unwrap());
        let drill = Drill::of_seed(seed.parse().unwrap(), profile).unwrap();
        let outcome = drill.play(|_, _| {});
        assert!(outcome.is_ok(), "{line}: {}", outcome.unwrap_err());
    }
}
