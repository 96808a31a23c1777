//! Who is asked next, and what an answer means.
//!
//! ```text
//! Resting(due) ──next──► Asked ──200, 304──► Resting(due + interval)
//!      ▲                   │ ├──redirect──► Onward ──next──► Asked
//!      └─────back off──────┘ └──fault
//! ```
//!
//! One request per host at a time, and a gap after each. Intervals are spread by a seeded draw, so
//! that feeds do not march in step. A feed that fails is asked less and less often, and one that
//! keeps failing is called dead: a person hears of it once, and again when it comes back. What one
//! feed does changes nothing for a feed on another host.

use std::collections::BTreeMap;

use backsight_domain::time::{Span, Time};
use backsight_reading::feed::fingerprint;

use super::{Alarm, BODY_MAX, Feed, FeedId, Fetched, Outcome, Turn};
use crate::http::coding::unpack;
use crate::http::date::retry_after;
use crate::http::fault::Fault;
use crate::http::trail::Trail;
use crate::http::{Answer, Ask, Head, Validators};
use crate::url::Url;

/// Feeds of the longest list.
pub const FEEDS_MAX: usize = 512;

/// How politely and how patiently feeds are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Between two requests to one host.
    pub gap: Span,
    /// Over which the first round is spread.
    pub first_round: Span,
    /// The longest interval of a feed that fails.
    pub back_off_max: Span,
    /// The longest time that a server's wish to be left alone is heeded.
    pub retry_max: Span,
    /// Failures in a row after which a feed is called dead.
    pub failures_max: u32,
}

/// What is kept of a feed between two turns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Where it moved for good.
    pub moved: Option<Url>,
    /// The validators of the last body, and the address that gave them: no other hears of them.
    pub validators: Option<(Url, Validators)>,
    /// The hash of the last body as it was sent.
    pub hash: Option<u64>,
    /// When it last answered well.
    pub heard: Option<Time>,
    /// Failures in a row.
    pub failures: u32,
    /// Whether a person was told that it is dead.
    pub is_dead: bool,
    /// When it is asked again.
    pub due: Option<Time>,
}

/// A request to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// For which feed.
    pub feed: FeedId,
    /// The request.
    pub ask: Ask,
}

/// When every feed is asked.
#[derive(Clone, Debug)]
pub struct Schedule {
    standings: Vec<Standing>,
    hosts: BTreeMap<String, Host>,
    manners: Manners,
    seed: u64,
}

/// One feed, what is known of it, and what it is doing.
#[derive(Clone, Debug)]
struct Standing {
    feed: Feed,
    memory: Memory,
    phase: Phase,
    /// How many turns it had, which is what the spread of the next is drawn from.
    turns: u64,
}

#[derive(Clone, Debug)]
enum Phase {
    Resting(Time),
    Onward(Trail, Time),
    Asked(Trail),
}

#[derive(Clone, Copy, Debug)]
struct Host {
    is_busy: bool,
    free_at: Time,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            gap: Span::from_seconds(2),
            first_round: Span::from_seconds(20),
            back_off_max: Span::from_minutes(6 * 60),
            retry_max: Span::from_minutes(24 * 60),
            failures_max: 6,
        }
    }
}

impl Schedule {
    /// A schedule of feeds that were never asked.
    pub fn new(feeds: Vec<Feed>, manners: Manners, seed: u64, now: Time) -> Self {
        let feeds = feeds.into_iter().map(|feed| (feed, Memory::default())).collect();
        Self::resume(feeds, manners, seed, now)
    }

    /// A schedule of feeds with what was kept of them.
    pub fn resume(feeds: Vec<(Feed, Memory)>, manners: Manners, seed: u64, now: Time) -> Self {
        assert!(feeds.len() <= FEEDS_MAX, "the list is bounded where it is read");
        let mut schedule = Self { standings: Vec::new(), hosts: BTreeMap::new(), manners, seed };
        for (index, (feed, memory)) in feeds.into_iter().enumerate() {
            let delay = spread(manners.first_round, draw(seed, index as u64, 0));
            // A clock that was wrong when the turn was set must not silence a feed for good.
            let longest = now + manners.retry_max.max(feed.every);
            let due = memory.due.filter(|due| *due <= longest);
            let phase = Phase::Resting((now + delay).later(due.unwrap_or(now)));
            schedule.standings.push(Standing { feed, memory, phase, turns: 1 });
        }
        schedule
    }

    /// Every feed with its number.
    pub fn feeds(&self) -> impl Iterator<Item = (FeedId, &Feed)> {
        let number = |index| FeedId(u16::try_from(index).expect("a schedule has few feeds"));
        self.standings.iter().enumerate().map(move |(index, it)| (number(index), &it.feed))
    }

    /// A feed.
    pub fn feed(&self, feed: FeedId) -> &Feed {
        &self.standings[usize::from(feed.0)].feed
    }

    /// What is known of a feed.
    pub fn memory(&self, feed: FeedId) -> &Memory {
        &self.standings[usize::from(feed.0)].memory
    }

    /// The next request that may be made now; `None` when there is none. It must be answered with
    /// [`Self::finish`].
    pub fn next(&mut self, now: Time) -> Option<Errand> {
        // Redirects of strangers name any number of hosts.
        self.hosts.retain(|_, host| host.is_busy || now < host.free_at);
        let ready = self.feeds().filter_map(|(id, _)| {
            let at = self.ready_at(id)?;
            (at <= now).then_some((self.is_resting(id), at, id))
        });
        let (_, _, id) = ready.min()?;
        let standing = &mut self.standings[usize::from(id.0)];
        let trail = match &standing.phase {
            Phase::Resting(_) => {
                standing.turns += 1;
                Trail::new(standing.address().clone())
            }
            Phase::Onward(trail, _) => trail.clone(),
            Phase::Asked(_) => unreachable!("a feed that is asked is not ready"),
        };
        let ask = standing.ask(trail.last());
        let host = Host { is_busy: true, free_at: now };
        self.hosts.insert(trail.last().place(), host);
        standing.phase = Phase::Asked(trail);
        Some(Errand { feed: id, ask })
    }

    /// When [`Self::next`] is worth asking again; `None` until an answer comes.
    pub fn wake(&self) -> Option<Time> {
        self.feeds().filter_map(|(id, _)| self.ready_at(id)).min()
    }

    /// Takes what came of an errand. A body that is new must be judged next, with [`Self::accept`]
    /// or [`Self::reject`]: only who reads it knows whether it is a feed.
    pub fn finish(&mut self, feed: FeedId, result: Result<Answer, Fault>, now: Time) -> Turn {
        let standing = &mut self.standings[usize::from(feed.0)];
        let Phase::Asked(trail) = standing.phase.clone() else {
            panic!("an answer came for a feed that was not asked");
        };
        let host = Host { is_busy: false, free_at: now + self.manners.gap };
        self.hosts.insert(trail.last().place(), host);
        match result {
            Err(fault) => self.fail(feed, fault, Span::ZERO, now),
            Ok(answer) => self.take(feed, trail, answer, now),
        }
    }

    /// Takes note that a body could be read.
    pub fn accept(&mut self, feed: FeedId, now: Time) -> Option<Alarm> {
        let memory = &mut self.standings[usize::from(feed.0)].memory;
        memory.heard = Some(now);
        let failures = std::mem::take(&mut memory.failures);
        std::mem::take(&mut memory.is_dead).then_some(Alarm::Alive { failures })
    }

    /// Takes note that a body could not be read: the feed failed after all, and its next body is
    /// new even when it is the same.
    pub fn reject(&mut self, feed: FeedId, fault: Fault, now: Time) -> Turn {
        let memory = &mut self.standings[usize::from(feed.0)].memory;
        memory.validators = None;
        memory.hash = None;
        self.fail(feed, fault, Span::ZERO, now)
    }

    fn take(&mut self, feed: FeedId, mut trail: Trail, answer: Answer, now: Time) -> Turn {
        let Answer { head, body } = answer;
        let asked = trail.last().clone();
        match trail.advance(&head) {
            Ok(false) => {}
            Ok(true) => return self.redirect(feed, &asked, trail, now),
            Err(source) => {
                let url = Box::new(trail.first().clone());
                return self.fail(feed, Fault::Trail { url, source }, Span::ZERO, now);
            }
        }
        let standing = &mut self.standings[usize::from(feed.0)];
        let had_copy = !standing.ask(&asked).validators.is_empty();
        if let Some(moved) = trail.moved() {
            standing.memory.moved = Some(moved.clone());
        }
        match head.status {
            200 => self.take_body(feed, asked, Answer { head, body }, now),
            304 if had_copy => self.rest(feed, Outcome::Unchanged, now),
            status => {
                let wish = self.heed(&asked, &head, now);
                let url = Box::new(asked);
                self.fail(feed, Fault::Status { url, status }, wish, now)
            }
        }
    }

    fn take_body(&mut self, feed: FeedId, url: Url, answer: Answer, now: Time) -> Turn {
        let Answer { head, body } = answer;
        let memory = &mut self.standings[usize::from(feed.0)].memory;
        let hash = fingerprint(&body);
        let outcome = if memory.hash == Some(hash) {
            Outcome::Unchanged
        } else {
            match unpack(head.content_encoding.as_deref(), body, BODY_MAX) {
                Ok(bytes) => {
                    let (url, content_type) = (url.clone(), head.content_type);
                    Outcome::Fetched(Fetched { feed, url, bytes, content_type, received_at: now })
                }
                Err(source) => {
                    let url = Box::new(url);
                    return self.fail(feed, Fault::Coding { url, source }, Span::ZERO, now);
                }
            }
        };
        memory.hash = Some(hash);
        memory.validators = (!head.validators.is_empty()).then_some((url, head.validators));
        self.rest(feed, outcome, now)
    }

    fn redirect(&mut self, feed: FeedId, from: &Url, trail: Trail, now: Time) -> Turn {
        let to = trail.last().clone();
        // A hop on the same host goes on with the same turn there.
        if to.place() == from.place() {
            self.hosts.insert(to.place(), Host { is_busy: false, free_at: now });
        }
        self.standings[usize::from(feed.0)].phase = Phase::Onward(trail, now);
        Turn { feed, outcome: Outcome::Redirected(to), alarm: None, due: None }
    }

    /// Leaves a host alone for as long as it asks for, within reason.
    fn heed(&mut self, asked: &Url, head: &Head, now: Time) -> Span {
        let is_busy = matches!(head.status, 429 | 503);
        let text = head.retry_after.as_deref().filter(|_| is_busy);
        let wish = text.and_then(|text| retry_after(text, now)).unwrap_or(Span::ZERO);
        let wish = wish.min(self.manners.retry_max);
        let host = Host { is_busy: false, free_at: now + wish.max(self.manners.gap) };
        self.hosts.insert(asked.place(), host);
        wish
    }

    /// Nothing is wrong; the next turn comes at its time.
    fn rest(&mut self, feed: FeedId, outcome: Outcome, now: Time) -> Turn {
        let is_known = outcome == Outcome::Unchanged;
        let alarm = if is_known { self.accept(feed, now) } else { None };
        let standing = &mut self.standings[usize::from(feed.0)];
        let draw = draw(self.seed, feed.0.into(), standing.turns);
        let due = now + jittered(standing.feed.every, draw);
        standing.rest_until(due);
        Turn { feed, outcome, alarm, due: Some(due) }
    }

    fn fail(&mut self, feed: FeedId, fault: Fault, wish: Span, now: Time) -> Turn {
        let manners = self.manners;
        let standing = &mut self.standings[usize::from(feed.0)];
        let memory = &mut standing.memory;
        // A move is believed as long as what it led to works.
        memory.moved = None;
        memory.failures = memory.failures.saturating_add(1);
        let is_gone = matches!(fault, Fault::Status { status: 410, .. });
        let is_news = !memory.is_dead && (is_gone || manners.failures_max <= memory.failures);
        memory.is_dead |= is_news;
        let Memory { failures, heard, .. } = *memory;
        let alarm = is_news.then_some(Alarm::Dead { failures, heard });
        let back_off = if is_gone {
            manners.back_off_max
        } else {
            backed_off(standing.feed.every, failures, manners.back_off_max)
        };
        let pause = jittered(back_off, draw(self.seed, feed.0.into(), standing.turns));
        let due = now + pause.max(wish);
        standing.rest_until(due);
        Turn { feed, outcome: Outcome::Failed(fault), alarm, due: Some(due) }
    }

    /// When a feed may be asked; `None` while it, or another feed of its host, is being asked.
    fn ready_at(&self, feed: FeedId) -> Option<Time> {
        let standing = &self.standings[usize::from(feed.0)];
        let (due, url) = match &standing.phase {
            Phase::Resting(due) => (*due, standing.address()),
            Phase::Onward(trail, since) => (*since, trail.last()),
            Phase::Asked(_) => return None,
        };
        match self.hosts.get(&url.place()) {
            Some(host) if host.is_busy => None,
            Some(host) => Some(due.later(host.free_at)),
            None => Some(due),
        }
    }

    fn is_resting(&self, feed: FeedId) -> bool {
        matches!(self.standings[usize::from(feed.0)].phase, Phase::Resting(_))
    }
}

impl Standing {
    fn rest_until(&mut self, due: Time) {
        self.phase = Phase::Resting(due);
        self.memory.due = Some(due);
    }

    fn address(&self) -> &Url {
        self.memory.moved.as_ref().unwrap_or(&self.feed.url)
    }

    fn ask(&self, url: &Url) -> Ask {
        let known = self.memory.validators.as_ref().filter(|(from, _)| from == url);
        let validators = known.map(|(_, validators)| validators.clone()).unwrap_or_default();
        Ask { validators, ..Ask::whole(url.clone()) }
    }
}

/// Twice the interval for each failure, up to the longest.
fn backed_off(every: Span, failures: u32, longest: Span) -> Span {
    let doublings = failures.min(20);
    let nanos = every.nanos().saturating_mul(1 << doublings);
    Span::from_nanos(nanos.min(longest.nanos().max(every.nanos())))
}

/// A span that is up to a tenth shorter or longer.
fn jittered(span: Span, draw: u64) -> Span {
    let tenth = Span::from_nanos(span.nanos() / 10);
    span + -tenth + spread(tenth + tenth, draw)
}

/// A part of a span, from none of it to all.
fn spread(span: Span, draw: u64) -> Span {
    let part = (i128::from(span.nanos()) * i128::from(draw >> 32)) >> 32;
    Span::from_nanos(i64::try_from(part).expect("a part is not larger than the whole"))
}

/// A draw that depends on the seed, the feed and its turn, and on nothing else.
fn draw(seed: u64, feed: u64, turn: u64) -> u64 {
    let mut bits = seed;
    for word in [feed, turn] {
        bits = bits.wrapping_add(word).wrapping_add(0x9E37_79B9_7F4A_7C15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
    }
    bits
}

#[cfg(test)]
mod tests;
