//! Values as bytes: little endian, one value one encoding, total on any input.
//!
//! The journal's payloads, snapshots and the engine's fingerprint are all written through [`Wire`].
//! There is no schema in the bytes: a reader must know the type and the version it was written in.
//!
//! | Type | Bytes |
//! |---|---|
//! | `u8` `i8` `bool` `i32` `u128` `f64` | raw, floats by their bits |
//! | `u16` `u32` `u64` `usize` | one byte for each seven bits, see below |
//! | `i16` `i64` | zigzag, then as above |
//! | `Vec` and other sequences | length, then the items; `i32`, `u64` and `u8` items are raw |
//! | `Option` | 0, or 1 and the value |
//! | enum | one tag byte, then the fields |
//!
//! An integer of up to 7, 14, ... 56 bits takes 1, 2, ... 8 bytes: from the lowest bit up, one `1` for
//! each byte after the first, a `0`, and the value. A longer one is the byte `ff` and eight raw bytes.
//! The first byte tells the length, so that neither side loops over the others.
//!
//! Reading never panics and never reserves more than a small multiple of the input: a length is
//! checked against the bytes that are there, and every item takes at least one byte. Encodings that
//! `put` does not produce (overlong integers, unsorted maps, tags of no variant) are refused.
//! [`wire_struct!`](crate::wire_struct), [`wire_newtype!`](crate::wire_newtype) and
//! [`wire_enum!`](crate::wire_enum) write an implementation from a list of fields; a field or
//! variant that is missing from the list does not compile.

pub(crate) mod sequence;

/// A value that can be written as bytes and read back.
pub trait Wire: Sized {
    /// Appends the value to `out`.
    fn put(&self, out: &mut Vec<u8>);

    /// Reads one value from the front of `input`.
    ///
    /// # Errors
    /// Returns what is wrong with the bytes.
    fn take(input: &mut Input<'_>) -> Result<Self, Malformed>;

    /// Appends items without their number.
    fn put_all(items: &[Self], out: &mut Vec<u8>) {
        for item in items {
            item.put(out);
        }
    }

    /// Reads `count` items.
    ///
    /// # Errors
    /// Returns what is wrong with the bytes.
    fn take_all(count: usize, input: &mut Input<'_>) -> Result<Vec<Self>, Malformed> {
        let mut items = Vec::with_capacity(count.min(RESERVED_ITEMS_MAX));
        for _ in 0..count {
            items.push(Self::take(input)?);
        }
        Ok(items)
    }
}

/// Items for which room is made before the first was read.
const RESERVED_ITEMS_MAX: usize = 1024;

/// Why bytes are not a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes end inside a value.
    #[error("the bytes end too early")]
    Truncated,
    /// Bytes are left after the value.
    #[error("`{0}` bytes are left over")]
    LeftOver(usize),
    /// A tag names no variant.
    #[error("`{tag}` is no variant of `{of}`")]
    Tag {
        /// The type.
        of: &'static str,
        /// The tag.
        tag: u8,
    },
    /// The bytes are a value that the type does not have, or not its one encoding.
    #[error("the bytes are no `{0}`")]
    Impossible(&'static str),
}

/// Bytes that are being read.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    /// Reads from the front of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub const fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// Returns [`Malformed::Truncated`] when fewer are left.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// Returns [`Malformed::Truncated`] when fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>().ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }

    /// The next byte.
    ///
    /// # Errors
    /// Returns [`Malformed::Truncated`] when none is left.
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let (&byte, rest) = self.rest.split_first().ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(byte)
    }

    /// An integer: see the head of the module.
    ///
    /// # Errors
    /// Returns what is wrong with the bytes.
    pub fn varint(&mut self) -> Result<u64, Malformed> {
        let first = *self.rest.first().ok_or(Malformed::Truncated)?;
        let bytes = first.trailing_ones() + 1;
        if bytes == 9 {
            let [_, value @ ..] = self.array::<9>()?;
            let value = u64::from_le_bytes(value);
            return if value >> 56 == 0 { Err(OVERLONG) } else { Ok(value) };
        }
        let mut word = [0; 8];
        word[..bytes as usize].copy_from_slice(self.bytes(bytes as usize)?);
        let value = u64::from_le_bytes(word) >> bytes;
        // A value that fits the bytes before has a shorter encoding.
        if 1 < bytes && value >> (7 * (bytes - 1)) == 0 { Err(OVERLONG) } else { Ok(value) }
    }

    /// The number of items that follow; never more than bytes are left.
    ///
    /// # Errors
    /// Returns what is wrong with the bytes.
    pub fn count(&mut self) -> Result<usize, Malformed> {
        let count = usize::try_from(self.varint()?).map_err(|_| Malformed::Truncated)?;
        if count <= self.left() { Ok(count) } else { Err(Malformed::Truncated) }
    }

    /// Checks that everything was read.
    ///
    /// # Errors
    /// Returns [`Malformed::LeftOver`] when bytes are left.
    pub const fn finish(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed::LeftOver(self.rest.len())) }
    }
}

const OVERLONG: Malformed = Malformed::Impossible("integer");

/// Appends an integer: see the head of the module.
#[inline]
pub fn put_varint(value: u64, out: &mut Vec<u8>) {
    if value < 0x80 {
        out.push((value << 1).to_le_bytes()[0]);
    } else {
        put_long_varint(value, out);
    }
}

fn put_long_varint(value: u64, out: &mut Vec<u8>) {
    if out.spare_capacity_mut().len() < LONGEST {
        return put_in_new_room(value, out);
    }
    let more = (u64::BITS - 1 - value.leading_zeros()) / 7;
    if 7 < more {
        out.push(0xff);
        return out.extend_from_slice(&value.to_le_bytes());
    }
    let ones = !(u64::MAX << more);
    let end = out.len() + more as usize + 1;
    // Eight bytes are one store; what is beyond the value is taken back.
    out.extend_from_slice(&((value << more << 1) | ones).to_le_bytes());
    out.truncate(end);
}

/// The bytes of the longest integer.
const LONGEST: usize = 9;

/// Kept apart, so that whoever has the room has nothing to put aside for a call.
#[cold]
fn put_in_new_room(value: u64, out: &mut Vec<u8>) {
    out.reserve(LONGEST);
    put_long_varint(value, out);
}

/// The bytes of one value.
pub fn to_bytes(value: &impl Wire) -> Vec<u8> {
    let mut out = Vec::new();
    value.put(&mut out);
    out
}

/// Reads one value that takes all of `bytes`.
///
/// # Errors
/// Returns what is wrong with the bytes.
pub fn from_bytes<T: Wire>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut input = Input::new(bytes);
    let value = T::take(&mut input)?;
    input.finish()?;
    Ok(value)
}

impl Wire for u8 {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        input.byte()
    }

    fn put_all(items: &[Self], out: &mut Vec<u8>) {
        out.extend_from_slice(items);
    }

    fn take_all(count: usize, input: &mut Input<'_>) -> Result<Vec<Self>, Malformed> {
        input.bytes(count).map(<[Self]>::to_vec)
    }
}

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        match input.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            tag => Err(Malformed::Tag { of: "bool", tag }),
        }
    }
}

impl Wire for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        put_varint(*self, out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        input.varint()
    }

    // Items are columns of bits, where every value is as likely as any other.
    fn put_all(items: &[Self], out: &mut Vec<u8>) {
        out.extend(items.iter().flat_map(|item| item.to_le_bytes()));
    }

    fn take_all(count: usize, input: &mut Input<'_>) -> Result<Vec<Self>, Malformed> {
        let (items, _) = raw(count, 8, input)?.as_chunks();
        Ok(items.iter().map(|item| Self::from_le_bytes(*item)).collect())
    }
}

impl Wire for i32 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        input.array().map(Self::from_le_bytes)
    }

    fn put_all(items: &[Self], out: &mut Vec<u8>) {
        out.extend(items.iter().flat_map(|item| item.to_le_bytes()));
    }

    fn take_all(count: usize, input: &mut Input<'_>) -> Result<Vec<Self>, Malformed> {
        let (items, _) = raw(count, 4, input)?.as_chunks();
        Ok(items.iter().map(|item| Self::from_le_bytes(*item)).collect())
    }
}

fn raw<'a>(count: usize, width: usize, input: &mut Input<'a>) -> Result<&'a [u8], Malformed> {
    input.bytes(count.checked_mul(width).ok_or(Malformed::Truncated)?)
}

impl Wire for i8 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        input.array().map(Self::from_le_bytes)
    }
}

impl Wire for u128 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        input.array().map(Self::from_le_bytes)
    }
}

impl Wire for i128 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        input.array().map(Self::from_le_bytes)
    }
}

impl Wire for f64 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_bits().to_le_bytes());
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        input.array().map(|bytes| Self::from_bits(u64::from_le_bytes(bytes)))
    }
}

impl Wire for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        put_varint(((self << 1) ^ (self >> 63)).cast_unsigned(), out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let value = input.varint()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }
}

impl Wire for i16 {
    fn put(&self, out: &mut Vec<u8>) {
        i64::from(*self).put(out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Self::try_from(i64::take(input)?).map_err(|_| OVERLONG)
    }
}

impl Wire for u16 {
    fn put(&self, out: &mut Vec<u8>) {
        put_varint(u64::from(*self), out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Self::try_from(input.varint()?).map_err(|_| OVERLONG)
    }
}

impl Wire for u32 {
    fn put(&self, out: &mut Vec<u8>) {
        put_varint(u64::from(*self), out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Self::try_from(input.varint()?).map_err(|_| OVERLONG)
    }
}

impl Wire for usize {
    fn put(&self, out: &mut Vec<u8>) {
        put_varint(u64::try_from(*self).expect("no machine counts beyond 64 bits"), out);
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        Self::try_from(input.varint()?).map_err(|_| OVERLONG)
    }
}

/// Implements [`Wire`] for a struct: its fields in the order of the list.
#[macro_export]
macro_rules! wire_struct {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::wire::Wire for $type {
            #[inline]
            fn put(&self, out: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($crate::wire::Wire::put($field, out);)*
            }

            fn take(
                input: &mut $crate::wire::Input<'_>,
            ) -> Result<Self, $crate::wire::Malformed> {
                Ok(Self { $($field: $crate::wire::Wire::take(input)?),* })
            }
        }
    };
}

/// Implements [`Wire`] for a struct around one value.
#[macro_export]
macro_rules! wire_newtype {
    ($type:ident($inner:ty)) => {
        impl $crate::wire::Wire for $type {
            #[inline]
            fn put(&self, out: &mut Vec<u8>) {
                <$inner as $crate::wire::Wire>::put(&self.0, out);
            }

            fn take(input: &mut $crate::wire::Input<'_>) -> Result<Self, $crate::wire::Malformed> {
                <$inner as $crate::wire::Wire>::take(input).map(Self)
            }
        }
    };
}

/// Implements [`Wire`] for an enum: a tag byte, then the variant's fields.
///
/// Variants are listed as `0 => Unit, 1 => Tuple(a, b), 2 => Struct { x, y }`.
#[macro_export]
macro_rules! wire_enum {
    ($type:ty { $(
        $tag:literal => $variant:ident $(($($item:ident),*))? $({ $($field:ident),* $(,)? })?
    ),* $(,)? }) => {
        impl $crate::wire::Wire for $type {
            #[inline]
            fn put(&self, out: &mut Vec<u8>) {
                match self {$(
                    Self::$variant $(($($item),*))? $({ $($field),* })? => {
                        out.push($tag);
                        $($($crate::wire::Wire::put($item, out);)*)?
                        $($($crate::wire::Wire::put($field, out);)*)?
                    }
                )*}
            }

            fn take(
                input: &mut $crate::wire::Input<'_>,
            ) -> Result<Self, $crate::wire::Malformed> {
                Ok(match input.byte()? {
                    $($tag => {
                        $($(let $item = $crate::wire::Wire::take(input)?;)*)?
                        $($(let $field = $crate::wire::Wire::take(input)?;)*)?
                        Self::$variant $(($($item),*))? $({ $($field),* })?
                    })*
                    tag => {
                        let of = stringify!($type);
                        return Err($crate::wire::Malformed::Tag { of, tag });
                    }
                })
            }
        }
    };
}

#[cfg(test)]
mod tests;
