//! What the market did, as a journal recorded it: everything a trial needs and nothing a desk did.

use backsight_domain::event::{Entry, Event, Source};
use backsight_domain::id::Seq;
use backsight_domain::market::Universe;
use backsight_domain::money::Money;
use backsight_domain::policy::Policy;
use backsight_domain::time::{Date, Time};
use backsight_engine::market::Market;
use backsight_journal::{Record, Stamped};

use super::fleet::Fleet;
use super::runner::{Runner, Terms, Trade};
use crate::past::trading_date;

/// Places between two recorded entries.
const SPACING: u64 = 1 << 20;

/// The recorded entries of the market, in order.
#[derive(Clone, Debug, Default)]
pub struct Course {
    entries: Vec<Entry>,
    universe: Universe,
    cash: Vec<Option<Money>>,
    numbers: Numbers,
    began: Time,
}

/// How entries of the market are numbered for the desks of trials: with room for what each hears from
/// its venue in between.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    count: u64,
    sessions: Vec<Date>,
}

impl Numbers {
    /// The entry as desks of trials take it; nothing when the market did not do it.
    pub(super) fn next(&mut self, entry: &Entry) -> Option<Entry> {
        // Who reads the news is no part of what happened.
        let is_reader = matches!(entry.event, Event::Reader(_));
        if entry.event.source() != Source::Market || is_reader {
            return None;
        }
        if let Event::Minute(minute) = &entry.event {
            let date = trading_date(minute.start);
            if self.sessions.last().is_none_or(|last| *last < date) {
                self.sessions.push(date);
            }
        }
        self.count += 1;
        Some(Entry { seq: self.seq(), ..entry.clone() })
    }

    fn seq(&self) -> Seq {
        Seq(self.count * SPACING)
    }

    /// The sessions that bars came from, oldest first.
    pub(super) fn sessions(&self) -> &[Date] {
        &self.sessions
    }
}

impl Course {
    /// Reads a journal from its first record on.
    ///
    /// # Errors
    /// Returns the reader's fault.
    pub fn read<E>(records: impl IntoIterator<Item = Result<Stamped, E>>) -> Result<Self, E> {
        let mut course = Self::default();
        for stamped in records {
            if let Record::Entry(entry) = stamped?.record {
                course.take(&entry);
            }
        }
        Ok(course)
    }

    /// Takes what happened, if the market did it.
    pub fn take(&mut self, entry: &Entry) {
        if self.began == Time::default() {
            self.began = entry.at;
        }
        if let Event::Universe(universe) = &entry.event
            && self.universe.listings.is_empty()
        {
            self.universe = universe.clone();
            return;
        }
        if let Event::Report(report) = &entry.event {
            let index = usize::from(report.account.0);
            if self.cash.len() <= index {
                self.cash.resize(index + 1, None);
            }
            self.cash[index].get_or_insert(report.cash);
        }
        self.entries.extend(self.numbers.next(entry));
    }

    /// The sessions that bars came from, oldest first.
    pub fn sessions(&self) -> &[Date] {
        self.numbers.sessions()
    }

    /// How its entries are numbered.
    pub(super) fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// What the market did, and when.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The time of its last entry, as an entry after all of them.
    pub(super) fn end(&self) -> Entry {
        let at = self.entries.last().map_or(self.began, |entry| entry.at);
        Entry { seq: Seq((self.numbers.count + 1) * SPACING), at, event: Event::Tick }
    }

    /// A hash of everything that a trial sees.
    pub fn digest(&self) -> [u8; 32] {
        let (mut hasher, mut bytes) = (blake3::Hasher::new(), Vec::new());
        for entry in &self.entries {
            bytes.clear();
            backsight_journal::codec::encode_event(&entry.event, &mut bytes);
            hasher.update(&entry.at.nanos().to_le_bytes()).update(&bytes);
        }
        *hasher.finalize().as_bytes()
    }

    /// The terms on which a policy in force is compared with others.
    pub fn terms(&self, in_force: &Policy) -> Terms {
        let accounts = in_force.accounts.len();
        let told = |index: usize| self.cash.get(index).copied().flatten().unwrap_or_default();
        Terms {
            cash: (0..accounts).map(told).collect(),
            costs: 1,
            risk_bps: in_force.exits.stop_bps,
            option_risk_pct: in_force.option_exits.stop_pct,
        }
    }

    /// A desk before the first entry.
    pub fn begin(&self, policy: &Policy, terms: &Terms) -> Runner {
        Runner::new(policy, &self.universe, terms, self.began)
    }

    /// What a policy would have traded.
    pub fn run(&self, policy: &Policy, terms: &Terms) -> Vec<Trade> {
        let mut runner = self.begin(policy, terms);
        self.entries.iter().for_each(|entry| runner.take(entry));
        runner.trades().to_vec()
    }

    /// What each of many policies would have traded. Those that see the same market are run as one
    /// fleet, and everybody's trades are the same as alone.
    pub fn run_all(&self, policies: &[Policy], terms: &Terms) -> Vec<Vec<Trade>> {
        let mut trades = vec![Vec::new(); policies.len()];
        let mut left: Vec<usize> = (0..policies.len()).collect();
        while let Some(first) = left.first().copied() {
            let is_shared = |index: &usize| Market::is_shared(&policies[first], &policies[*index]);
            let (group, others): (Vec<usize>, _) = left.into_iter().partition(is_shared);
            let together: Vec<&Policy> = group.iter().map(|index| &policies[*index]).collect();
            let mut fleet = Fleet::begin(self, &together, terms);
            self.entries.iter().for_each(|entry| fleet.take(entry));
            for (index, desk) in group.into_iter().zip(fleet.desks()) {
                trades[index] = desk.trades().to_vec();
            }
            left = others;
        }
        trades
    }

    /// The first entries, up to and with a session.
    #[must_use]
    pub fn until(&self, session: Date) -> Self {
        let mut course =
            Self { universe: self.universe.clone(), began: self.began, ..Self::default() };
        course.cash.clone_from(&self.cash);
        let kept = self.entries.iter().take_while(|entry| trading_date(entry.at) <= session);
        kept.for_each(|entry| course.entries.extend(course.numbers.next(entry)));
        course
    }
}
