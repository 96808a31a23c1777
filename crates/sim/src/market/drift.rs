//! Planted drift: returns that are still to come, fading with one of three half-lives.

/// Trading minutes in which half of a drift comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HalfLife {
    /// 4 minutes.
    Short,
    /// 20 minutes.
    Medium,
    /// 90 minutes.
    Long,
}

impl HalfLife {
    /// The half-life in trading minutes.
    pub const fn minutes(self) -> u16 {
        match self {
            Self::Short => 4,
            Self::Medium => 20,
            Self::Long => 90,
        }
    }
}

/// What stays of a drift from one minute to the next, 2^(-1/half-life), by half-life.
const STAYS: [f64; 3] = [0.840_896_415_253_714_5, 0.965_936_328_924_845_5, 0.992_327_946_262_943_5];

/// The drift of one symbol, by half-life.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Drift([f64; 3]);

impl Drift {
    /// Adds returns whose sum over all time is `total`.
    pub(super) fn push(&mut self, half_life: HalfLife, total: f64) {
        let place = half_life as usize;
        self.0[place] += total * (1.0 - STAYS[place]);
    }

    /// The return that is still to come, in all.
    pub(super) fn rest(&self) -> f64 {
        self.0.iter().zip(STAYS).map(|(part, stays)| part / (1.0 - stays)).sum()
    }

    /// The return of the next minute.
    #[inline]
    pub(super) fn next(&mut self) -> f64 {
        let [short, medium, long] = self.0;
        self.0 = [short * STAYS[0], medium * STAYS[1], long * STAYS[2]];
        short + medium + long
    }
}
