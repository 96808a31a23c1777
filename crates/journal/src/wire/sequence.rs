//! [`Wire`] for containers, texts and tuples.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Input, Malformed, Wire, put_varint};

fn put_count(count: usize, out: &mut Vec<u8>) {
    put_varint(u64::try_from(count).expect("no machine counts beyond 64 bits"), out);
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_count(self.len(), out);
        T::put_all(self, out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let count = input.count()?;
        T::take_all(count, input)
    }
}

impl<T: Wire> Wire for VecDeque<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_count(self.len(), out);
        let (front, back) = self.as_slices();
        T::put_all(front, out);
        T::put_all(back, out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Vec::take(input).map(Self::from)
    }
}

impl<T: Wire> Wire for Box<[T]> {
    fn put(&self, out: &mut Vec<u8>) {
        put_count(self.len(), out);
        T::put_all(self, out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Vec::take(input).map(Self::from)
    }
}

impl<T: Wire, const N: usize> Wire for [T; N] {
    fn put(&self, out: &mut Vec<u8>) {
        T::put_all(self, out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let items = T::take_all(N, input)?;
        Self::try_from(items).map_err(|_| Malformed::Impossible("array"))
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            None => out.push(0),
            Some(value) => {
                out.push(1);
                value.put(out);
            }
        }
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        match input.byte()? {
            0 => Ok(None),
            1 => T::take(input).map(Some),
            tag => Err(Malformed::Tag { of: "Option", tag }),
        }
    }
}

impl<T: Wire> Wire for Box<T> {
    fn put(&self, out: &mut Vec<u8>) {
        T::put(self, out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        T::take(input).map(Self::new)
    }
}

impl Wire for Box<str> {
    fn put(&self, out: &mut Vec<u8>) {
        put_count(self.len(), out);
        out.extend_from_slice(self.as_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        take_text(input).map(Self::from)
    }
}

impl Wire for String {
    fn put(&self, out: &mut Vec<u8>) {
        put_count(self.len(), out);
        out.extend_from_slice(self.as_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        take_text(input).map(Self::from)
    }
}

/// Reads a text without copying it.
pub(crate) fn take_text<'a>(input: &mut Input<'a>) -> Result<&'a str, Malformed> {
    let count = input.count()?;
    std::str::from_utf8(input.bytes(count)?).map_err(|_| Malformed::Impossible("text"))
}

impl<K: Wire + Ord, V: Wire> Wire for BTreeMap<K, V> {
    fn put(&self, out: &mut Vec<u8>) {
        put_count(self.len(), out);
        for (key, value) in self {
            key.put(out);
            value.put(out);
        }
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let mut map = Self::new();
        for _ in 0..input.count()? {
            let key = K::take(input)?;
            let ascending = map.last_key_value().is_none_or(|(last, _)| *last < key);
            if !ascending {
                return Err(Malformed::Impossible("map in ascending order"));
            }
            map.insert(key, V::take(input)?);
        }
        Ok(map)
    }
}

impl<T: Wire + Ord> Wire for BTreeSet<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_count(self.len(), out);
        for item in self {
            item.put(out);
        }
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let mut set = Self::new();
        for _ in 0..input.count()? {
            let item = T::take(input)?;
            if set.last().is_some_and(|last| item <= *last) {
                return Err(Malformed::Impossible("set in ascending order"));
            }
            set.insert(item);
        }
        Ok(set)
    }
}

/// Nothing takes no bytes: it is what a set is a map to.
impl Wire for () {
    fn put(&self, _out: &mut Vec<u8>) {}

    fn take(_input: &mut Input<'_>) -> Result<Self, Malformed> {
        Ok(())
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Ok((A::take(input)?, B::take(input)?))
    }
}

impl<A: Wire, B: Wire, C: Wire> Wire for (A, B, C) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
        self.2.put(out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Ok((A::take(input)?, B::take(input)?, C::take(input)?))
    }
}
