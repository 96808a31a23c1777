//! What can go wrong, and how often.

use std::cmp::Ordering;

use backsight_domain::time::Span;

use crate::chance::Chance;

/// One way in which the world fails. Its comment says what the probability is counted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// A request never reaches the exchange and its outcome is unclear; per request.
    RequestLost,
    /// A request reaches the exchange seconds later; per request.
    RequestDelayed,
    /// A request is done, but its reply is lost or unreadable; per request.
    ReplyLost,
    /// A reply comes seconds later; per request.
    ReplyDelayed,
    /// The venue answers 503 or 504, the request done or not; per request.
    ServerError,
    /// An order that was taken cannot be found for a while; per submission.
    ReadLag,
    /// The venue turns requests away for a while; begins at a request.
    RateLimited,
    /// The venue refuses the credentials for a while; begins at a request.
    Unauthorised,
    /// A message of the stream is missing; per message.
    StreamDropped,
    /// A message of the stream comes twice; per message.
    StreamRepeated,
    /// A message of the stream is overtaken by others; per message.
    StreamReordered,
    /// The stream breaks, noticed at once or late, and loses what it would have said; per message.
    StreamBroken,
    /// A quote is empty, crossed or wild; per quote.
    QuoteFlaw,
    /// One bar of a minute is impossible or wild; per minute.
    BarFlaw,
    /// A minute never comes; per minute.
    MinuteMissing,
    /// A minute comes twice, the second time perhaps after later ones; per minute.
    MinuteRepeated,
    /// A symbol falls silent for minutes; per minute.
    SymbolFrozen,
    /// The whole feed falls silent for minutes; per minute.
    FeedFrozen,
    /// The desk's clock jumps and later jumps back; per minute.
    ClockJump,
    /// An earlier execution is taken back; per minute.
    Bust,
    /// A person trades in one of the accounts; per minute.
    ManualTrade,
    /// A person cancels one of the orders; per minute.
    ManualCancel,
    /// A person replaces a resting order of the desk, if there is one; per minute.
    ManualReplace,
    /// A person trades contracts in one of the accounts; per minute.
    ManualOption,
    /// A question for quotes of contracts is never answered; per question.
    ChainLost,
    /// Quotes of contracts come seconds later; per answer.
    ChainDelayed,
    /// Quotes of contracts are stale, incomplete, crossed or without bids; per answer.
    ChainFlaw,
    /// A submission and its repetitions seem lost, and it arrives minutes later; per submission.
    Straggler,
}

/// The number of kinds.
pub(super) const KINDS: usize = FaultKind::ALL.len();

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 28] = [
        Self::RequestLost,
        Self::RequestDelayed,
        Self::ReplyLost,
        Self::ReplyDelayed,
        Self::ServerError,
        Self::ReadLag,
        Self::RateLimited,
        Self::Unauthorised,
        Self::StreamDropped,
        Self::StreamRepeated,
        Self::StreamReordered,
        Self::StreamBroken,
        Self::QuoteFlaw,
        Self::BarFlaw,
        Self::MinuteMissing,
        Self::MinuteRepeated,
        Self::SymbolFrozen,
        Self::FeedFrozen,
        Self::ClockJump,
        Self::Bust,
        Self::ManualTrade,
        Self::ManualCancel,
        Self::ManualReplace,
        Self::ManualOption,
        Self::ChainLost,
        Self::ChainDelayed,
        Self::ChainFlaw,
        Self::Straggler,
    ];

    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// Its probability under the light, the standard and the storm profile.
    const fn odds(self) -> [f64; 3] {
        match self {
            Self::RequestLost => [0.002, 0.02, 0.10],
            Self::RequestDelayed => [0.002, 0.02, 0.10],
            Self::ReplyLost => [0.005, 0.05, 0.20],
            Self::ReplyDelayed => [0.002, 0.02, 0.10],
            Self::ServerError => [0.003, 0.03, 0.15],
            Self::ReadLag => [0.005, 0.05, 0.25],
            Self::RateLimited => [0.0, 0.002, 0.02],
            Self::Unauthorised => [0.0, 0.000_2, 0.005],
            Self::StreamDropped => [0.005, 0.05, 0.20],
            Self::StreamRepeated => [0.005, 0.05, 0.20],
            Self::StreamReordered => [0.005, 0.05, 0.20],
            Self::StreamBroken => [0.001, 0.01, 0.05],
            Self::QuoteFlaw => [0.001, 0.01, 0.05],
            Self::BarFlaw => [0.001, 0.01, 0.05],
            Self::MinuteMissing => [0.001, 0.005, 0.03],
            Self::MinuteRepeated => [0.001, 0.005, 0.03],
            Self::SymbolFrozen => [0.001, 0.005, 0.03],
            Self::FeedFrozen => [0.0, 0.001, 0.01],
            Self::ClockJump => [0.0, 0.000_5, 0.005],
            Self::Bust => [0.0, 0.000_5, 0.005],
            Self::ManualTrade => [0.0, 0.002, 0.02],
            Self::ManualCancel => [0.0, 0.001, 0.01],
            Self::ManualReplace => [0.0, 0.02, 0.2],
            Self::ManualOption => [0.0, 0.003, 0.03],
            Self::ChainLost => [0.002, 0.02, 0.10],
            Self::ChainDelayed => [0.002, 0.02, 0.10],
            Self::ChainFlaw => [0.002, 0.02, 0.10],
            Self::Straggler => [0.0, 0.002, 0.05],
        }
    }
}

/// How often each kind strikes, and how long delays last.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultProfile {
    odds: [f64; KINDS],
    /// The longest delay of a request or reply; the shortest is 4 seconds.
    pub longest_delay: Span,
}

impl FaultProfile {
    /// A perfect world.
    pub fn none() -> Self {
        Self { odds: [0.0; KINDS], longest_delay: Span::from_seconds(19) }
    }

    /// A good day: about one tenth of the standard rates.
    pub fn light() -> Self {
        Self::preset(0, 19)
    }

    /// The rates under which the order protocol was designed.
    pub fn standard() -> Self {
        Self::preset(1, 19)
    }

    /// A bad day: several times the standard rates, and delays beyond every time-out.
    pub fn storm() -> Self {
        Self::preset(2, 90)
    }

    /// A world of its own for each seed: half the kinds never strike, the others at any rate up to
    /// the storm's, rare ones as likely as frequent ones.
    pub fn swarm(chance: &mut Chance) -> Self {
        let mut profile = if chance.happens(0.5) { Self::standard() } else { Self::storm() };
        // Branches of their own leave the worlds of older seeds as they were.
        let (mut later, mut last) = (chance.branch("replace"), chance.branch("options"));
        for kind in FaultKind::ALL {
            let chance = match kind.cmp(&FaultKind::ManualReplace) {
                Ordering::Less => &mut *chance,
                Ordering::Equal => &mut later,
                Ordering::Greater => &mut last,
            };
            let [.., storm] = kind.odds();
            let scale = libm::exp(chance.between(-5.0, 0.0));
            let strikes = chance.happens(0.5);
            profile.odds[kind.index()] = if strikes { storm * scale } else { 0.0 };
        }
        profile
    }

    fn preset(column: usize, longest_seconds: i64) -> Self {
        let odds = FaultKind::ALL.map(|kind| kind.odds()[column]);
        Self { odds, longest_delay: Span::from_seconds(longest_seconds) }
    }

    /// The profile with another probability of one kind.
    #[must_use]
    pub fn with(mut self, kind: FaultKind, probability: f64) -> Self {
        self.odds[kind.index()] = probability;
        self
    }

    /// The probability of one kind.
    pub fn probability(&self, kind: FaultKind) -> f64 {
        self.odds[kind.index()]
    }
}
