//! How often the best of many candidates is no good elsewhere.
//!
//! Combinatorially symmetric cross-validation after Bailey, Borwein, López de Prado and Zhu (*The
//! Probability of Backtest Overfitting*, 2017): the results are cut into an even number of blocks;
//! for each choice of half of them the candidate that is best there is looked up in the other half.
//! The probability is the share of choices in which it is below the middle.

/// Blocks into which results are cut: 70 choices of four of them.
pub const BLOCKS: usize = 8;

/// The probability that the best of candidates in one half is below the middle in the other.
///
/// `results` has a row for each candidate, and in it a result for each session. `None` with fewer
/// than two candidates, rows of different lengths, or fewer than two sessions in a block.
pub fn probability(results: &[Vec<f64>]) -> Option<f64> {
    let sessions = results.first()?.len();
    let is_table = results.iter().all(|row| row.len() == sessions);
    if results.len() < 2 || sessions < 2 * BLOCKS || !is_table {
        return None;
    }
    let sums: Vec<[f64; BLOCKS]> = results.iter().map(|row| block_sums(row)).collect();
    let halves = (0_u32..1 << BLOCKS).filter(|half| half.count_ones() as usize * 2 == BLOCKS);
    let (mut choices, mut below) = (0.0, 0.0);
    for half in halves {
        let inside = |row: &[f64; BLOCKS]| sum_of(row, half);
        let best = sums
            .iter()
            .enumerate()
            .max_by(|(_, a), (_, b)| inside(a).total_cmp(&inside(b)))
            .map(|(index, _)| index)?;
        let outside = |row: &[f64; BLOCKS]| sum_of(row, !half);
        let there = outside(&sums[best]);
        let worse = sums.iter().filter(|row| outside(row) < there).count();
        let equal = sums.iter().filter(|row| outside(row).total_cmp(&there).is_eq()).count();
        // The best's own rank among all, its equals counted half.
        let rank = 2 * worse + equal;
        choices += 1.0;
        below += if rank < sums.len() { 1.0 } else { 0.0 };
    }
    Some(below / choices)
}

fn block_sums(row: &[f64]) -> [f64; BLOCKS] {
    std::array::from_fn(|block| {
        let (from, to) = (row.len() * block / BLOCKS, row.len() * (block + 1) / BLOCKS);
        row[from..to].iter().sum()
    })
}

fn sum_of(row: &[f64; BLOCKS], half: u32) -> f64 {
    row.iter().enumerate().filter(|(block, _)| half >> block & 1 == 1).map(|(_, sum)| sum).sum()
}

#[cfg(test)]
mod tests;
