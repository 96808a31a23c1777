use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Debug;

use proptest::prelude::*;

use super::*;

fn check<T: Wire + PartialEq + Debug>(value: T) {
    let bytes = to_bytes(&value);
    assert_eq!(from_bytes::<T>(&bytes), Ok(value));
    for end in 0..bytes.len() {
        assert!(from_bytes::<T>(&bytes[..end]).is_err(), "the front {end} bytes are a value");
    }
}

fn refuses<T: Wire + PartialEq + Debug>(bytes: &[u8], why: Malformed) {
    assert_eq!(from_bytes::<T>(bytes), Err(why));
}

#[derive(Debug, PartialEq)]
enum Shape {
    Point,
    Line(u16, bool),
    Area { width: i64, names: Vec<Box<str>> },
}

crate::wire_enum!(Shape { 0 => Point, 1 => Line(length, dashed), 7 => Area { width, names } });

#[test]
fn every_kind_of_value_comes_back() {
    check((u64::MAX, i64::MIN, u16::MAX));
    check((i64::MAX, -1_i64, 0_u32));
    check((i8::MIN, i16::MIN, i32::MIN));
    check((u128::MAX, i128::MIN, usize::MAX));
    check((true, -0.0_f64, f64::INFINITY));
    check((vec![1_i32, -2], vec![1_u64, u64::MAX], vec![1_u8, 2]));
    check((Some(Box::new(3_u32)), None::<u8>, String::from("å")));
    check(([[1_u8; 32]; 2], Box::<[u16]>::from([1, 2]), VecDeque::from([1_i32, 2])));
    check((BTreeMap::from([(1_u8, 2_i8), (3, 4)]), BTreeSet::from([5_i64, 6])));
    check(Shape::Point);
    check(Shape::Line(300, true));
    check(Shape::Area { width: -70_000, names: vec!["a".into(), "".into()] });
}

#[test]
fn a_nan_keeps_its_bits() {
    let odd = f64::from_bits(0x7ff8_0000_0000_beef);
    let back: f64 = from_bytes(&to_bytes(&odd)).unwrap();
    assert_eq!(back.to_bits(), odd.to_bits());
}

#[test]
fn a_rotated_deque_reads_like_any_other() {
    let mut deque = VecDeque::from([1_u16, 2, 3]);
    deque.rotate_left(1);
    deque.push_back(4);
    check(deque);
}

#[test]
fn a_value_has_one_encoding() {
    let overlong = Malformed::Impossible("integer");
    refuses::<u64>(&[0b01, 0x00], overlong);
    refuses::<u64>(&[0b0011, 0x00, 0x00], overlong);
    refuses::<u64>(&[0b1101, 0x01], overlong);
    refuses::<u64>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00], overlong);
    refuses::<u16>(&[0b0011, 0x00, 0x80], overlong);
    refuses::<bool>(&[2], Malformed::Tag { of: "bool", tag: 2 });
    refuses::<Shape>(&[3], Malformed::Tag { of: "Shape", tag: 3 });
    refuses::<BTreeSet<u8>>(&[2 << 1, 1, 1], Malformed::Impossible("set in ascending order"));
    let unsorted = Malformed::Impossible("map in ascending order");
    refuses::<BTreeMap<u8, u8>>(&[2 << 1, 9, 0, 1, 0], unsorted);
    refuses::<u8>(&[1, 2, 3], Malformed::LeftOver(2));
    refuses::<Box<str>>(&[1 << 1, 0xff], Malformed::Impossible("text"));
}

#[test]
fn a_length_beyond_the_input_is_refused_before_room_is_made() {
    let mut bytes = Vec::new();
    put_varint(u64::MAX, &mut bytes);
    refuses::<Vec<i32>>(&bytes, Malformed::Truncated);
    refuses::<Vec<Shape>>(&bytes, Malformed::Truncated);
    refuses::<String>(&bytes, Malformed::Truncated);
    // Three items are announced, and the three bytes that are left hold none of them.
    refuses::<Vec<u64>>(&[3 << 1, 0, 0, 0], Malformed::Truncated);
}

proptest! {
    #[test]
    fn prop_integers_come_back(a: u64, b: i64, c: i16, d: u32) {
        check((a, b, (c, d)));
    }

    #[test]
    fn prop_any_bytes_are_a_value_or_refused(bytes: Vec<u8>) {
        type Everything = (Vec<Shape>, BTreeMap<u16, Option<String>>, Vec<[i64; 3]>);
        if let Ok(value) = from_bytes::<Everything>(&bytes) {
            prop_assert_eq!(to_bytes(&value), bytes);
        }
    }
}

#[test]
fn integers_take_a_byte_for_each_seven_bits_and_tell_their_length_first() {
    assert_eq!(to_bytes(&0_u64), [0]);
    assert_eq!(to_bytes(&0x7f_u64), [0x7f << 1]);
    assert_eq!(to_bytes(&0x80_u64), [0b01, 0x80 >> 6]);
    assert_eq!(to_bytes(&u64::MAX), [0xff; 9]);
    let edges = (0..64).flat_map(|bit| [(1_u64 << bit) - 1, 1 << bit, u64::MAX >> bit]);
    for value in edges.chain([0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210 >> 9]) {
        let bytes = to_bytes(&value);
        let bits = value.checked_ilog2().map_or(1, |top| top as usize + 1);
        assert_eq!(bytes.len(), bits.div_ceil(7).min(9), "{value:#x}");
        assert_eq!(bytes[0].trailing_ones() as usize, bytes.len() - 1, "{value:#x}");
        check(value);
    }
}
