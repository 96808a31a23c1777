use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn prop_rows_find_what_a_look_at_every_sketch_finds(
        start in any::<u64>(),
        flips in proptest::collection::vec((0_u32..64, 0_u32..64, 0_u32..64, any::<bool>()), 1..200),
        bits_max in 0..BANDS,
        kept in 1_u64..100,
    ) {
        let mut near = Near::new();
        let mut all: Vec<(u64, u64)> = Vec::new();
        let mut sketch = start;
        for ((one, other, third, anew), number) in flips.into_iter().zip(0_u64..) {
            let from = if anew { start } else { sketch };
            sketch = from ^ 1 << one ^ 1 << other ^ 1 << third;
            let oldest = number.saturating_sub(kept);
            let plain = all.iter().filter(|it| oldest <= it.1);
            let plain = plain.map(|it| ((it.0 ^ sketch).count_ones(), it.1));
            let plain = plain.filter(|it| it.0 <= bits_max && it.1 % 7 != 3).min();
            let found = near.nearest(sketch, bits_max, |it| oldest <= it && it % 7 != 3);
            prop_assert_eq!(found, plain.map(|(bits, number)| (number, bits)));
            near.insert(sketch, number, oldest);
            all.push((sketch, number));
        }
    }
}

#[test]
fn rows_hold_little_more_than_what_is_remembered() {
    let mut near = Near::new();
    for number in 0..10_000_u64 {
        near.insert(7, number, number.saturating_sub(10));
    }
    assert!(near.rows.iter().all(|row| row.capacity() <= 64));
}
