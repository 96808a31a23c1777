//! Desks of a trial that hear the same market: its features are computed once for all of them.
//!
//! What a desk believes of the market follows from the entries and from few settings
//! ([`Market::is_shared`]); everything else (signals, gates, accounts, orders, exits) is its own. So
//! a fleet has one market, lends it to each desk in turn, and each desk decides exactly what it
//! would decide alone. A candidate that would see another market is run by itself.

use backsight_domain::event::{Entry, Event};
use backsight_domain::policy::Policy;
use backsight_engine::market::Market;

use super::course::Course;
use super::runner::{Runner, Terms};

/// Desks that share a market.
#[derive(Clone, Debug)]
pub struct Fleet {
    market: Box<Market>,
    desks: Vec<Runner>,
    /// The least volume that any of them looks at.
    least_volume: f64,
}

impl Fleet {
    /// Desks before the first entry of a course, one for each policy.
    ///
    /// # Panics
    /// Panics when two of the policies do not see the same market.
    pub fn begin(course: &Course, policies: &[&Policy], terms: &Terms) -> Self {
        let is_shared = |pair: &[&Policy]| Market::is_shared(pair[0], pair[1]);
        assert!(policies.windows(2).all(is_shared), "a fleet has one market");
        let mut desks: Vec<Runner> =
            policies.iter().map(|policy| course.begin(policy, terms)).collect();
        let mut market = Box::default();
        for desk in &mut desks {
            // All of them are equal; the last one stays.
            market = desk.leave_market();
        }
        let least = desks.iter().map(|desk| desk.engine().least_volume());
        let least_volume = least.fold(f64::INFINITY, f64::min);
        Self { market, desks, least_volume }
    }

    /// Takes what the market did.
    pub fn take(&mut self, entry: &Entry) {
        // What is due before it must not see what it brings.
        for desk in self.desks.iter_mut().filter(|desk| desk.is_due(entry.at)) {
            desk.swap_market(&mut self.market);
            desk.wait(entry.at);
            desk.swap_market(&mut self.market);
        }
        let is_minute = matches!(entry.event, Event::Minute(_));
        let Some((first, others)) = self.desks.split_first_mut() else { return };
        // The first desk always hears, so that the market takes the entry.
        first.swap_market(&mut self.market);
        first.hear(entry);
        first.swap_market(&mut self.market);
        let busy = if is_minute { self.market.busy(self.least_volume) } else { Vec::new() };
        for desk in others {
            if is_minute && desk.sleeps_through(&self.market, &busy) {
                continue;
            }
            desk.swap_market(&mut self.market);
            desk.hear(entry);
            desk.swap_market(&mut self.market);
        }
    }

    /// The desks, in the order of their policies; what they believe of the market is elsewhere.
    pub fn desks(&self) -> &[Runner] {
        &self.desks
    }

    /// The desks, each with the market, in the order of their policies.
    pub fn into_desks(self) -> impl Iterator<Item = Runner> {
        let Self { market, desks, .. } = self;
        desks.into_iter().map(move |mut desk| {
            desk.swap_market(&mut market.clone());
            desk
        })
    }
}

#[cfg(test)]
mod tests;
