//! What is to come, in order of time; equal times keep the order in which they were planned.

use std::collections::BTreeMap;

use backsight_domain::time::Time;

/// Things planned for instants.
#[derive(Clone, Debug)]
pub(crate) struct Agenda<T> {
    due: BTreeMap<(Time, u64), T>,
    planned: u64,
}

impl<T> Agenda<T> {
    pub(crate) const fn new() -> Self {
        Self { due: BTreeMap::new(), planned: 0 }
    }

    pub(crate) fn plan(&mut self, at: Time, what: T) {
        self.due.insert((at, self.planned), what);
        self.planned += 1;
    }

    /// Brings forward to `at` what is planned for later and `matters`, in its order.
    pub(crate) fn hasten(&mut self, at: Time, matters: impl Fn(&T) -> bool) {
        let later = (at, u64::MAX);
        let hastened: Vec<T> =
            self.due.extract_if(later.., |_, what| matters(what)).map(|(_, what)| what).collect();
        for what in hastened {
            self.plan(at, what);
        }
    }

    /// When the first thing is due.
    pub(crate) fn next(&self) -> Option<Time> {
        self.due.first_key_value().map(|(&(at, _), _)| at)
    }

    /// The first thing due at `now` or before.
    pub(crate) fn pop(&mut self, now: Time) -> Option<(Time, T)> {
        let first = self.due.first_entry().filter(|first| first.key().0 <= now)?;
        let ((at, _), what) = first.remove_entry();
        Some((at, what))
    }
}
