//! What a series of results comes to: never a win rate alone.
//!
//! A desk that wins more often than it loses can still lose money, and a mean says nothing about
//! how wins and losses compare. A record therefore always carries all of it.

/// What a series of results comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Record {
    /// How many results.
    pub count: usize,
    /// How many above zero.
    pub wins: usize,
    /// The mean result; `None` without results.
    pub expectancy: Option<f64>,
    /// The mean win over the mean loss; `None` without one of each.
    pub payoff: Option<f64>,
    /// What was given back from the best, on average; `None` when nobody said.
    pub give_back: Option<f64>,
}

impl Record {
    /// The record of results, in the order in which they came.
    pub fn of(results: impl IntoIterator<Item = f64>) -> Self {
        let (mut all, mut won, mut lost) = (Sum::default(), Sum::default(), Sum::default());
        for result in results {
            all.add(result);
            if 0.0 < result {
                won.add(result);
            } else if result < 0.0 {
                lost.add(-result);
            }
        }
        let payoff = won.mean().zip(lost.mean()).map(|(win, loss)| win / loss);
        let (count, wins, expectancy) = (all.count, won.count, all.mean());
        Self { count, wins, expectancy, payoff, give_back: None }
    }

    /// The same record with what each result gave back from its best.
    #[must_use]
    pub fn giving_back(self, given: impl IntoIterator<Item = f64>) -> Self {
        let mut all = Sum::default();
        given.into_iter().for_each(|back| all.add(back));
        Self { give_back: all.mean(), ..self }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    count: usize,
    total: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        self.count += 1;
        self.total += value;
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 results")]
    fn mean(self) -> Option<f64> {
        (0 < self.count).then(|| self.total / self.count as f64)
    }
}

#[cfg(test)]
mod tests;
