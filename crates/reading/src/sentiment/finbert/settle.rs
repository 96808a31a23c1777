//! Moves what bytes compute to where floats have it, in the mean.
//!
//! A weight that was rounded is wrong by the same amount for every text, and what texts have in common (the first piece
//! above all) is what a layer sees most of. So a few headlines are read in floats and in bytes while a model is loaded,
//! layer by layer, and the mean difference of each output goes into the bias: one for the first pieces, one for all others.

/// What is read while a model is loaded. Nothing is measured on these.
pub(super) const SAMPLES: [&str; 24] = [
    "Regional lender doubles provisions for bad property loans",
    "Shipbuilder books record orders for gas carriers",
    "Toymaker to close its oldest plant and move work abroad",
    "Utility seeks approval to raise prices from next spring",
    "Airline group carries more passengers than before the crisis",
    "Miner suspends dividend after flood at its largest pit",
    "Software maker names insider as next chief executive",
    "Court throws out lawsuit over faulty heart valves",
    "Grocer's margins narrow as shoppers turn to cheaper brands",
    "Central bank leaves rates where they are, as expected",
    "Shares of battery start-up slump after first results since listing",
    "Brewer buys craft rival for $2.4 billion in cash",
    "Insurer keeps full-year targets despite storm claims",
    "Truck maker recalls 18,000 vehicles over steering fault",
    "Regulator clears merger of two cable operators with conditions",
    "Quarterly net profit rose to EUR 41 mn from EUR 33 mn a year ago",
    "Operating loss widened to USD 7.2 million on higher costs",
    "The board will propose an unchanged dividend to shareholders",
    "Retail chain files for protection from its creditors",
    "Analysts lift price targets after strong cloud sales",
    "Steel prices fall for a fifth week on weak demand from builders",
    "Drug trial stopped early because patients did so well",
    "Hedge fund takes 6% stake and asks for seats on the board",
    "The company moves its head office to Rotterdam in June",
];

/// By how much an output is moved.
pub(super) struct Shift {
    /// Of every row that is not fine.
    pub(super) coarse: Vec<f32>,
    /// Of the rows that are.
    pub(super) fine: Vec<f32>,
}

impl Shift {
    /// The mean way from what was found to what was wanted, rows of `width` numbers each.
    pub(super) fn between(found: &[f32], wanted: &[f32], width: usize, fine: &[usize]) -> Self {
        let mut sums = [vec![0.0; width], vec![0.0; width]];
        let mut counts = [0.0_f32; 2];
        for (at, (found, wanted)) in found.chunks(width).zip(wanted.chunks(width)).enumerate() {
            let kind = usize::from(fine.binary_search(&at).is_ok());
            counts[kind] += 1.0;
            for ((sum, found), wanted) in sums[kind].iter_mut().zip(found).zip(wanted) {
                *sum += wanted - found;
            }
        }
        for (sum, count) in sums.iter_mut().zip(counts) {
            for it in sum.iter_mut() {
                *it /= count.max(1.0);
            }
        }
        let [coarse, fine] = sums;
        Self { coarse, fine }
    }

    /// Moves rows.
    pub(super) fn apply(&self, rows: &mut [f32], fine: &[usize]) {
        for (at, row) in rows.chunks_mut(self.coarse.len()).enumerate() {
            let is_fine = fine.binary_search(&at).is_ok();
            let shift = if is_fine { &self.fine } else { &self.coarse };
            row.iter_mut().zip(shift).for_each(|(number, shift)| *number += shift);
        }
    }
}

#[cfg(test)]
mod tests;
