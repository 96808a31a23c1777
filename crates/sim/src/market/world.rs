//! What a simulated world is like: every number of the market and the newsroom, and four presets.

use backsight_domain::market::Slot;
use backsight_domain::time::Date;

/// The settings of a simulated world. Two equal worlds produce equal bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// The seed of everything drawn.
    pub seed: u64,
    /// How many symbols are listed.
    pub symbols: u16,
    /// The first session is the first one on or after this date.
    pub start: Date,
    /// Factor on every symbol's volatility.
    pub volatility: f64,
    /// Share of the symbols that trade so rarely that minutes pass without a trade.
    pub thin_share: f64,
    /// Jumps of one symbol in one session, on average.
    pub jumps: f64,
    /// Size of jumps in daily volatilities.
    pub jump_size: f64,
    /// Move within one minute from which a halt follows.
    pub halt_move: f64,
    /// Random splits of one symbol in one session, on average.
    pub splits: f64,
    /// Volume surges of one symbol in one session, on average.
    pub surges: f64,
    /// Planted: the part of a surge's first move that follows it as drift. Negative reverts it.
    pub surge_drift: f64,
    /// Planted: factor on the effect that true stories have on prices.
    pub news_effect: f64,
    /// True stories about one symbol on one weekday, on average.
    pub stories: f64,
    /// Irrelevant and ambiguous stories of one weekday, on average.
    pub chatter: f64,
    /// Hostile stories of one weekday, on average.
    pub hostile: f64,
    /// Probability that the simulated reader gets the sign of a true story right; `None` for no
    /// reader, so that no [`Reading`](backsight_domain::story::Reading) is made.
    pub reader: Option<f64>,
    /// Quotes published in each minute.
    pub quotes: u16,
    /// Shares that trade as many dollars a day have options.
    pub options_from: f64,
    /// Scares of the whole market in one session, on average: its volatility is many times the usual
    /// one, and calms down within two weeks.
    pub scares: f64,
    /// Sessions before the first whose implied volatilities a vendor sells; 0 for no vendor.
    pub past: u16,
    /// Minutes between two values of the fear index.
    pub regime_minutes: u16,
    /// Size of the jump after earnings in ordinary daily volatilities.
    pub earnings_move: f64,
    /// Whether companies pay dividends, by which their price falls on the ex-date.
    pub dividends: bool,
    /// Planted: the drift after a true find of discovery, in session volatilities.
    pub discovery_drift: f64,
    /// Planted: the part of a dip that comes back while the share's thesis stands.
    pub thesis_drift: f64,
    /// One in so many shares is owned: somebody holds it and writes its thesis anew each week.
    pub owned: u16,
    /// Planted: the odds that an owned share falls hard overnight in a week.
    pub falls: f64,
}

impl World {
    /// The names that [`World::named`] knows.
    pub const NAMES: [&str; 4] = ["standard", "null", "calm", "wild"];

    /// A world with its planted effects: surges continue, stories move prices.
    pub fn standard(seed: u64) -> Self {
        Self {
            seed,
            symbols: 50,
            start: Date::from_ymd(2024, 1, 2).expect("the date exists"),
            volatility: 1.0,
            thin_share: 0.06,
            jumps: 0.03,
            jump_size: 1.5,
            halt_move: 0.05,
            splits: 0.0004,
            surges: 0.7,
            surge_drift: 1.5,
            news_effect: 1.0,
            stories: 0.12,
            chatter: 12.0,
            hostile: 1.0,
            reader: Some(0.9),
            quotes: 4,
            options_from: 300.0e6,
            scares: 0.0,
            past: 0,
            regime_minutes: 30,
            earnings_move: 2.5,
            dividends: true,
            discovery_drift: 0.8,
            thesis_drift: 0.6,
            owned: 6,
            falls: 0.08,
        }
    }

    /// A world that looks like the standard one and in which nothing predicts anything.
    pub fn null(seed: u64) -> Self {
        Self {
            surge_drift: 0.0,
            news_effect: 0.0,
            earnings_move: 0.0,
            dividends: false,
            discovery_drift: 0.0,
            thesis_drift: 0.0,
            falls: 0.0,
            ..Self::standard(seed)
        }
    }

    /// A world with half the volatility and without jumps, halts, splits and hostile stories.
    pub fn calm(seed: u64) -> Self {
        Self {
            volatility: 0.5,
            thin_share: 0.0,
            jumps: 0.0,
            halt_move: 1.0,
            splits: 0.0,
            hostile: 0.0,
            ..Self::standard(seed)
        }
    }

    /// A world with more of everything that goes wrong.
    pub fn wild(seed: u64) -> Self {
        Self {
            volatility: 1.8,
            thin_share: 0.3,
            jumps: 0.3,
            jump_size: 2.5,
            halt_move: 0.04,
            splits: 0.01,
            stories: 0.3,
            hostile: 20.0,
            ..Self::standard(seed)
        }
    }

    /// Whether somebody holds a share and writes its thesis anew each week.
    pub fn is_owned(&self, slot: Slot) -> bool {
        self.owned != 0 && slot.0 % self.owned == self.owned / 2
    }

    /// The preset of this name.
    pub fn named(name: &str, seed: u64) -> Option<Self> {
        match name {
            "standard" => Some(Self::standard(seed)),
            "null" => Some(Self::null(seed)),
            "calm" => Some(Self::calm(seed)),
            "wild" => Some(Self::wild(seed)),
            _ => None,
        }
    }
}
