//! Finds the sketches that differ in few bits from a given one.
//!
//! Two sketches that differ in at most seven bits have at least one of eight bands of eight bits in common. So there is a
//! row of sketches for each value of each band, and only those rows are compared, each a short run of memory. Who is
//! forgotten stays in a row until the row is full; nobody finds him.

/// Bands in a sketch.
pub(super) const BANDS: u32 = 8;
const BAND_VALUES: usize = 256;

/// Sketches of one kind and the stories that have them.
#[derive(Clone, Debug)]
pub(super) struct Near {
    rows: Vec<Vec<Sketched>>,
}

#[derive(Clone, Copy, Debug)]
struct Sketched {
    sketch: u64,
    number: u64,
}

impl Near {
    /// Knows no sketch.
    pub(super) fn new() -> Self {
        Self { rows: vec![Vec::new(); BANDS as usize * BAND_VALUES] }
    }

    /// Takes a story's sketch in; stories before `oldest` are forgotten.
    pub(super) fn insert(&mut self, sketch: u64, number: u64, oldest: u64) {
        for place in places(sketch) {
            let row = &mut self.rows[place];
            if row.len() == row.capacity() {
                row.retain(|it| oldest <= it.number);
            }
            row.push(Sketched { sketch, number });
        }
    }

    /// The nearest story that fits and differs in at most so many bits, the oldest of those that are equally near.
    pub(super) fn nearest(
        &self,
        sketch: u64,
        bits_max: u32,
        fits: impl Fn(u64) -> bool,
    ) -> Option<(u64, u32)> {
        let mut nearest: Option<(u32, u64)> = None;
        for place in places(sketch) {
            for it in &self.rows[place] {
                let bits = (it.sketch ^ sketch).count_ones();
                let nearer = nearest.is_none_or(|nearest| (bits, it.number) < nearest);
                if bits <= bits_max && nearer && fits(it.number) {
                    nearest = Some((bits, it.number));
                }
            }
        }
        nearest.map(|(bits, number)| (number, bits))
    }
}

/// The rows that a sketch stands in.
fn places(sketch: u64) -> impl Iterator<Item = usize> {
    let values = sketch.to_le_bytes().into_iter().map(usize::from);
    values.enumerate().map(|(band, value)| band * BAND_VALUES + value)
}

#[cfg(test)]
mod tests;
