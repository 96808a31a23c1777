use super::*;

const DRAWS: u32 = 200_000;

/// Mean, variance and fourth moment over the squared variance.
fn moments(mut draw: impl FnMut() -> f64) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for _ in 0..DRAWS {
        let x = draw();
        sums[0] += x;
        sums[1] += x * x;
        sums[2] += x * x * x * x;
    }
    let [mean, second, fourth] = sums.map(|sum| sum / f64::from(DRAWS));
    [mean, second - mean * mean, fourth / (second * second)]
}

#[track_caller]
fn check([mean, variance, kurtosis]: [f64; 3], expected: [f64; 3]) {
    let near = |a: f64, b: f64, slack: f64| assert!((a - b).abs() < slack, "{a} is not {b}");
    near(mean, expected[0], 0.015);
    near(variance, expected[1], 0.03);
    near(kurtosis, expected[2], 0.08);
}

#[test]
fn the_same_path_draws_the_same_and_the_numbers_are_these() {
    let draw = |seed: u64| Chance::root(seed).branch("market").branch_n(3).bits();
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
    let mut chance = Chance::root(7).branch("market");
    let drawn = [
        chance.bits(),
        chance.bits(),
        chance.normal().to_bits(),
        chance.exponential(2.0).to_bits(),
    ];
    assert_eq!(
        drawn,
        [
            3_426_038_828_756_810_769,
            7_547_429_128_413_780_107,
            13_826_992_950_527_037_632,
            4_618_989_915_681_059_301,
        ]
    );
}

#[test]
fn a_draw_moves_no_other_branch() {
    let mut root = Chance::root(7);
    let mut before = root.branch("news");
    let mut sibling = root.branch("market");
    root.bits();
    sibling.bits();
    let mut after = root.branch("news");
    for _ in 0..100 {
        assert_eq!(before.bits(), after.bits());
    }
    assert_ne!(root.branch("a").bits(), root.branch("b").bits());
    assert_ne!(root.branch("ab").bits(), root.branch("ba").bits());
    assert_ne!(root.branch_n(0).bits(), root.branch_n(1).bits());
}

#[test]
fn distributions_have_their_moments() {
    let mut chance = Chance::root(1);
    check(moments(|| chance.normal()), [0.0, 1.0, 3.0]);
    check(moments(|| chance.bell()), [0.0, 1.0, 2.7]);
    check(moments(|| chance.uniform() - 0.5), [0.0, 1.0 / 12.0, 1.8]);
    check(moments(|| chance.sign()), [0.0, 1.0, 1.0]);
    let [mean, variance, _] = moments(|| chance.exponential(1.0));
    assert!((mean - 1.0).abs() < 0.02 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
    let [mean, variance, _] = moments(|| f64::from(u32::try_from(chance.count(2.5)).unwrap()));
    assert!((mean - 2.5).abs() < 0.02 && (variance - 2.5).abs() < 0.05, "{mean} {variance}");
}

#[test]
fn quarters_do_not_know_each_other() {
    let mut chance = Chance::root(2);
    let mut products = [0.0; 3];
    for _ in 0..DRAWS {
        let [a, b, c, d] = chance.quarters();
        products[0] += a * b;
        products[1] += a * d;
        products[2] += b * c;
    }
    for product in products {
        assert!((product / f64::from(DRAWS)).abs() < 0.003);
    }
}

#[test]
fn whole_numbers_stay_below_their_bound_and_reach_all_of_it() {
    let mut chance = Chance::root(3);
    let mut seen = [0; 7];
    for _ in 0..7_000 {
        seen[chance.below(7)] += 1;
    }
    assert!(seen.iter().all(|&n| (850..1150).contains(&n)), "{seen:?}");
    let mut items: Vec<usize> = (0..50).collect();
    chance.shuffle(&mut items);
    assert_ne!(items, (0..50).collect::<Vec<_>>());
    items.sort_unstable();
    assert_eq!(items, (0..50).collect::<Vec<_>>());
}
