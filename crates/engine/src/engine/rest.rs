//! Minutes that a desk may sleep through: nothing is held, ordered or waited for, and no playbook
//! would look closer. Desks that share a market are not woken for them.

use backsight_domain::market::Slot;
use backsight_domain::signal::Playbook;
use backsight_domain::time::Span;

use super::Engine;
use crate::feature::marked;
use crate::market::Market;
use crate::playbook::trend;

impl Engine {
    /// Whether nothing is under way, so that a minute concerns the desk only by its signals.
    pub fn is_at_rest(&self) -> bool {
        self.positions.is_empty()
            && self.live.is_empty()
            && self.pending.is_empty()
            && self.ghosts.is_empty()
            && self.fresh.is_empty()
            && self.recent_orders.is_empty()
            && self.latch.is_none()
    }

    /// Whether a desk at rest may sleep through the minute that a market took last: it opened no
    /// session, and nothing in it could become a signal.
    pub fn sleeps_through(&self, market: &Market, busy: &[Slot]) -> bool {
        let policy = &self.policy;
        let has_thesis = || market.outlook.symbols.iter().any(|symbol| symbol.thesis.is_some());
        let ideas = self.scratch.canary.is_some()
            || policy.gap_fade.enabled && self.fades_gaps(market)
            || policy.explosive.enabled && !market.outlook.candidates.is_empty()
            || policy.dip.enabled && has_thesis();
        let wakes = |slot: &Slot| policy.trend.enabled && self.might_signal(market, *slot);
        !market.opens && !ideas && !busy.iter().any(wakes)
    }

    fn fades_gaps(&self, market: &Market) -> bool {
        let (session, last) = (market.session(), market.last_minute());
        let window = Span::from_minutes(i64::from(self.policy.gap_fade.window_minutes) + 1);
        session.zip(last).is_none_or(|(session, last)| last <= session.open() + window)
    }

    fn might_signal(&self, market: &Market, slot: Slot) -> bool {
        let (policy, board) = (&self.policy.trend, &market.board);
        let rearm = Span::from_minutes(i64::from(policy.rearm_minutes));
        let since = market.last_minute().map(|last| last - rearm);
        board.volume_reaches(slot, self.scratch.least_volume)
            && trend::hope(policy, board, slot).is_some_and(|direction| {
                let which = (slot, Playbook::Trend, direction);
                since.is_none_or(|since| !self.has_signalled(which, since))
            })
    }

    /// The least volume that the trend playbook looks at.
    pub fn least_volume(&self) -> f64 {
        self.scratch.least_volume
    }
}

impl Market {
    /// The symbols that traded so much in the last minute that somebody may look at them.
    pub fn busy(&self, least_volume: f64) -> Vec<Slot> {
        let mut marks = Vec::new();
        self.board.mark_volume(least_volume, &mut marks);
        marked(&marks).filter(|slot| self.board.minutes_silent(*slot) == Some(0)).collect()
    }
}
