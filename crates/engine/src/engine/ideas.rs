//! Signals of the playbooks beside `trend`: few symbols at a time, each with its own reason to be
//! looked at.

use backsight_domain::decision::{Hold, Ignored, Reason};
use backsight_domain::id::SignalId;
use backsight_domain::market::Slot;
use backsight_domain::policy::Policy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Features, Playbook, Signal};
use backsight_domain::story::{Reading, Story};
use backsight_domain::time::{Span, Time};

use super::{Engine, Signals};
use crate::fresh::FreshStory;
use crate::playbook::news::Opinion;
use crate::playbook::{Missing, Wish, confidence, dip, explosive, gap_fade, news, trend};
use crate::regime;

/// When each playbook last signalled a symbol long and short.
pub(crate) type Signalled = [[Option<Time>; 2]; Playbook::ALL.len()];

impl Engine {
    /// What the playbooks beside `trend` wish for at the end of a minute.
    pub(super) fn look_for_ideas(&mut self, session: Session, signals: &mut Signals) {
        let open_for = (self.now - session.open()).minutes_floor();
        let delay = |policy: &Policy| i64::from(policy.gates.open_delay_minutes);
        let canary = self.scratch.canary.as_ref().map(|canary| delay(&canary.policy));
        if open_for < canary.unwrap_or(i64::MAX).min(delay(&self.policy)) {
            return;
        }
        if self.policy.gap_fade.enabled {
            self.fade_gaps(session, open_for, signals);
        }
        if self.policy.news.enabled {
            self.read_news(signals);
        }
        if self.policy.explosive.enabled {
            self.follow_finds(session, signals);
        }
        if self.policy.dip.enabled {
            self.weigh_dips(session, signals);
        }
    }

    fn fade_gaps(&mut self, session: Session, open_for: i64, signals: &mut Signals) {
        if i64::from(self.policy.gap_fade.window_minutes) < open_for {
            return;
        }
        for slot in self.market.slots() {
            let gap = self.market.board.gap(slot.index());
            if gap.is_none_or(|gap| gap.abs() < self.policy.gap_fade.gap_min) {
                continue;
            }
            let Some((features, price)) = self.seen(slot) else { continue };
            let wish = gap_fade::wish(
                &self.rules(self.canary_of(slot)).gap_fade,
                &features,
                price,
                open_for,
            );
            let fresh = |direction| {
                !self.has_signalled((slot, Playbook::GapFade, direction), session.open())
            };
            if let Some(wish) = wish.filter(|wish| fresh(wish.direction)) {
                signals.push(self.signal((slot, Playbook::GapFade), wish, (features, price)));
            }
        }
    }

    /// Counts the outlets of a story.
    pub(super) fn take_story(&mut self, story: &Story) {
        let now = self.now;
        let told = self.market.once(self.seq, |market| {
            market.push_story(story, now);
            Ok(())
        });
        self.heed(told);
        let outlets = self.market.outlook.outlets(story.id);
        for fresh in self.fresh.values_mut().filter(|fresh| fresh.story == story.id) {
            fresh.outlets = outlets;
        }
    }

    /// Takes a reading, and keeps what is strong enough to be traded.
    pub(super) fn take_reading(&mut self, reading: &Reading) -> Result<(), Ignored> {
        let now = self.now;
        self.market.once(self.seq, |market| market.push_reading(reading, now))?;
        let policy = &self.policy.news;
        let strong = policy.reading_confidence_min <= reading.confidence
            && policy.sentiment_min <= reading.sentiment.abs();
        let Some(slot) = self.market.slot_of(reading.ticker).filter(|_| strong && policy.enabled)
        else {
            return Ok(());
        };
        if let Some(before) = self.market.last_price(slot) {
            let outlets = self.market.outlook.outlets(reading.story);
            FreshStory::new(reading, (now, before), outlets).replace(slot, &mut self.fresh);
        }
        Ok(())
    }

    fn read_news(&mut self, signals: &mut Signals) {
        let policy = &self.policy.news;
        let fresh = Span::from_minutes(i64::from(policy.fresh_minutes));
        let hold_off = Span::from_seconds(i64::from(policy.hold_off_s));
        let now = self.now;
        self.fresh.retain(|_, story| now - story.at <= fresh);
        let due = self.fresh.iter().filter(|(_, story)| hold_off <= now - story.at);
        let due: Vec<(Slot, FreshStory)> = due.map(|(slot, story)| (*slot, *story)).collect();
        for (slot, story) in due {
            let Some((features, price)) = self.seen(slot) else { continue };
            match news::opinion(&self.rules(self.canary_of(slot)).news, &features, &story, price) {
                Opinion::Wait => {}
                Opinion::Watch(base) => {
                    let story = self.fresh.get_mut(&slot);
                    story.expect("it was just read").watched = Some(base);
                }
                Opinion::Hold(missing) => {
                    self.fresh.remove(&slot);
                    self.hold((slot, Playbook::News), missing);
                }
                Opinion::Trade(wish) => {
                    self.fresh.remove(&slot);
                    let days = Span::from_minutes(i64::from(self.policy.news.repeat_days) * 1440);
                    let which = (slot, Playbook::News, wish.direction);
                    if !self.has_signalled(which, self.now - days) {
                        signals.push(self.signal((slot, Playbook::News), wish, (features, price)));
                    }
                }
            }
        }
    }

    fn follow_finds(&mut self, session: Session, signals: &mut Signals) {
        let mut candidates = self.market.outlook.candidates.clone();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.slot.cmp(&b.slot)));
        let most = usize::try_from(self.policy.explosive.picks_max).unwrap_or(usize::MAX);
        for candidate in candidates.iter().take(most) {
            let which = (candidate.slot, Playbook::Explosive, Direction::Long);
            let strong = self.policy.explosive.score_min <= candidate.score;
            if !strong || self.has_signalled(which, session.open()) {
                continue;
            }
            let ranged = self.market.board.has_session_range(candidate.slot);
            let seen = if ranged { self.seen(candidate.slot) } else { None };
            let Some((features, price)) = seen else { continue };
            let rules = self.rules(self.canary_of(candidate.slot));
            let wish = explosive::wish(&rules.explosive, &features, candidate, price);
            if let Some(wish) = wish {
                let signal = self.signal((which.0, which.1), wish, (features, price));
                signals.push(signal);
            }
        }
    }

    /// Each thesis has one answer a session: at the first bar of a dip at which its claims can be
    /// looked at.
    fn weigh_dips(&mut self, session: Session, signals: &mut Signals) {
        for slot in self.market.slots() {
            let which = (slot, Playbook::Dip, Direction::Long);
            let thesis = self.market.outlook.symbol(slot).and_then(|s| s.thesis.as_ref());
            let fell = thesis.zip(self.market.last_price(slot)).is_some_and(|(thesis, price)| {
                price <= thesis.price.moved_bps(-i64::from(self.policy.dip.dip_bps))
            });
            if !fell || self.has_signalled(which, session.open()) {
                continue;
            }
            let Some((features, price)) = self.seen(slot) else { continue };
            if features.bars < self.policy.gates.feature_bars_min {
                continue;
            }
            let thesis = &self.market.outlook.symbols[slot.index()].thesis;
            let thesis = thesis.as_ref().expect("it was just found");
            let rules = self.rules(self.canary_of(slot));
            match dip::wish(&rules.dip, &features, thesis, (price, session.date())) {
                None => {}
                Some(Ok(wish)) => {
                    signals.push(self.signal((slot, Playbook::Dip), wish, (features, price)));
                }
                Some(Err(missing)) => {
                    self.note_signal(which);
                    self.hold((slot, Playbook::Dip), missing);
                }
            }
        }
    }

    /// What the trend playbook makes of a symbol at its last bar, be it too little for a signal;
    /// `None` without a direction.
    pub fn weigh(&self, slot: Slot) -> Option<Wish> {
        let features = self.market.features(slot, &self.policy, self.now);
        let price = self.market.last_price(slot)?;
        let policy = &self.policy.trend;
        trend::weigh(policy, self.sight(policy, slot, (&features, price)))
    }

    /// Features and price of a symbol that traded in the last minute.
    fn seen(&self, slot: Slot) -> Option<(Features, Price)> {
        if self.market.board.minutes_silent(slot) != Some(0) {
            return None;
        }
        let price = self.market.last_price(slot)?;
        Some((self.market.features(slot, &self.policy, self.now), price))
    }

    /// Whether a playbook signalled a symbol this way since a time.
    pub(super) fn has_signalled(
        &self,
        (slot, playbook, direction): (Slot, Playbook, Direction),
        since: Time,
    ) -> bool {
        let last = self.signalled[slot.index()][playbook as usize][direction as usize];
        last.is_some_and(|last| since < last)
    }

    fn note_signal(&mut self, (slot, playbook, direction): (Slot, Playbook, Direction)) {
        let now = self.now;
        self.signalled[slot.index()][playbook as usize][direction as usize] = Some(now);
    }

    fn hold(&mut self, (slot, playbook): (Slot, Playbook), (why, observed, threshold): Missing) {
        let ticker = self.market.ticker(slot);
        self.because(Reason::Held(Hold { playbook, ticker, why, observed, threshold }));
    }

    /// Makes a wish a signal, with what the market's fear leaves of its confidence.
    pub(super) fn signal(
        &mut self,
        (slot, playbook): (Slot, Playbook),
        wish: Wish,
        (features, price): (Features, Price),
    ) -> Box<Signal> {
        self.note_signal((slot, playbook, wish.direction));
        let canary = self.canary_of(slot);
        let mut breakdown = wish.breakdown;
        if wish.terms.rolls.is_none() {
            // What is carried over has felt it.
            breakdown.extend(regime::factor(&self.market, &self.rules(canary).regime, self.now));
        }
        let at = self.market.last_minute().expect("signals are made of minutes");
        Box::new(Signal {
            id: SignalId { cause: self.seq, index: 0 },
            at,
            ticker: self.market.ticker(slot),
            slot,
            playbook,
            direction: wish.direction,
            horizon: wish.horizon,
            confidence: confidence(&breakdown),
            breakdown,
            price,
            features,
            expires: at + Span::from_seconds(i64::from(self.policy.gates.signal_age_max_s)),
            suits_options: wish.suits_options,
            terms: wish.terms,
            canary,
        })
    }
}
