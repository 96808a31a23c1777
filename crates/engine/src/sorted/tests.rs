use std::collections::BTreeMap;
use std::ops::Bound;

use backsight_journal::wire::{from_bytes, to_bytes};
use proptest::prelude::*;

use super::*;

fn pairs<K: Copy + Ord, V: Copy>(map: &Sorted<K, V>) -> Vec<(K, V)> {
    map.iter().map(|(key, value)| (*key, *value)).collect()
}

proptest! {
    #[test]
    fn prop_it_is_the_map_that_a_tree_would_be(acts: Vec<(u8, Option<u16>)>, floor: u16) {
        let (mut tree, mut sorted) = (BTreeMap::new(), Sorted::default());
        for (key, value) in acts {
            if let Some(value) = value {
                tree.insert(key, value);
                sorted.insert(key, value);
            } else {
                prop_assert_eq!(tree.remove(&key), sorted.remove(&key));
            }
            prop_assert_eq!(tree.get(&key), sorted.get(&key));
            prop_assert_eq!(tree.contains_key(&key), sorted.contains_key(&key));
            let after: Vec<_> = tree.range((Bound::Excluded(key), Bound::Unbounded)).collect();
            prop_assert!(after.into_iter().map(|(_, value)| value).eq(sorted.after(&key)));
        }
        prop_assert_eq!(to_bytes(&tree), to_bytes(&sorted));
        prop_assert_eq!(from_bytes::<Sorted<u8, u16>>(&to_bytes(&tree)), Ok(sorted.clone()));
        tree.retain(|_, value| floor <= *value);
        sorted.retain(|_, value| floor <= *value);
        prop_assert_eq!(pairs(&sorted), tree.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn bytes_out_of_order_are_no_map() {
    let unsorted = Malformed::Impossible("map in ascending order");
    assert_eq!(from_bytes::<Sorted<u8, u8>>(&[2 << 1, 9, 0, 1, 0]), Err(unsorted));
}
