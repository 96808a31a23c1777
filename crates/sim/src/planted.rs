//! Small worlds with one true effect, for those who must show that learning finds it.
//!
//! Each session every symbol rises gently for an hour and then breaks out once. What follows is
//! noise, and in a planted world something more: it depends on one property of the breakout (its
//! volume, the news, the time of day), or its path suits other exits than the policy's. Only the
//! minutes that matter are there, so that a hundred sessions are played in a moment; they go through
//! the same engine as everything else. A null world has the same breakouts and nothing behind them.

use backsight_domain::event::{Entry, Event};
use backsight_domain::id::{AccountId, Seq};
use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Bar, Listing, Minute, Slot, Universe};
use backsight_domain::money::Money;
use backsight_domain::order::AccountReport;
use backsight_domain::policy::Policy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::story::Reading;
use backsight_domain::time::{Date, Span, Time};

use crate::chance::Chance;

/// Symbols of a planted world.
const SYMBOLS: u16 = 8;
/// Quiet minutes before the first breakout can come.
const QUIET: i64 = 55;
/// Minutes of a block.
const BLOCK: i64 = 165;
/// Minutes within which a breakout comes.
const WINDOW: usize = 40;
/// Noise of a minute, in basis points.
const NOISE: f64 = 6.0;
/// How far a breakout jumps, in basis points.
const MOVE: f64 = 53.0;
/// What getting in and out costs by the fill model of the policy, in basis points.
const COSTS: f64 = 4.0;
/// How much a breakout moves in all when the effect works on it, in basis points.
const DRIFT: f64 = 45.0;

/// What is true in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Breakouts on little volume lose, and are traded.
    VolumeLoose,
    /// Breakouts on less volume gain, and are not traded.
    VolumeStrict,
    /// Unsure breakouts lose, and are traded.
    ConfidenceLoose,
    /// Unsure breakouts gain, and a gate refuses them.
    ConfidenceStrict,
    /// Breakouts against the news lose: the news helps when it is aligned.
    Sentiment,
    /// What does not break out loses.
    NoBreakout,
    /// A trailing stop gives back too much.
    GivesBack,
    /// A target is never reached before the price turns.
    TargetFar,
    /// A target is reached long before the price stops rising.
    TargetNear,
    /// A stop is hit before the price turns up.
    StopTight,
    /// What falls goes on falling.
    StopWide,
    /// Late entries lose.
    LateLoses,
    /// A gate refuses late entries that gain.
    CutoffCosts,
    /// Early entries lose.
    EarlyLoses,
    /// A gate refuses early entries that gain.
    DelayCosts,
    /// The gain is had early, and what is held longer loses it.
    HeldTooLong,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::VolumeLoose,
        Self::VolumeStrict,
        Self::ConfidenceLoose,
        Self::ConfidenceStrict,
        Self::Sentiment,
        Self::NoBreakout,
        Self::GivesBack,
        Self::TargetFar,
        Self::TargetNear,
        Self::StopTight,
        Self::StopWide,
        Self::LateLoses,
        Self::CutoffCosts,
        Self::EarlyLoses,
        Self::DelayCosts,
        Self::HeldTooLong,
    ];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VolumeLoose => "volume threshold too loose",
            Self::VolumeStrict => "volume threshold too strict",
            Self::ConfidenceLoose => "confidence gate too loose",
            Self::ConfidenceStrict => "confidence gate costs money",
            Self::Sentiment => "sentiment helps only when aligned",
            Self::NoBreakout => "no breakout, no gain",
            Self::GivesBack => "trailing level gives back",
            Self::TargetFar => "target too far",
            Self::TargetNear => "target too near",
            Self::StopTight => "stop too tight",
            Self::StopWide => "stop too wide",
            Self::LateLoses => "late entries lose",
            Self::CutoffCosts => "cut-off gate costs money",
            Self::EarlyLoses => "early entries lose",
            Self::DelayCosts => "delay gate costs money",
            Self::HeldTooLong => "held too long",
        }
    }

    /// The changes that are right: settings, and whether up or down.
    pub const fn right(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::VolumeLoose => &[
                ("trend.volume_min", 1.0),
                ("trend.volume_factor_weak", -1.0),
                ("confidence_min", 1.0),
            ],
            Self::VolumeStrict => &[("trend.volume_min", -1.0)],
            Self::ConfidenceLoose => &[("confidence_min", 1.0)],
            Self::ConfidenceStrict => &[("confidence_min", -1.0)],
            Self::Sentiment => &[("trend.sentiment_penalty", 1.0)],
            Self::NoBreakout => &[("trend.no_breakout_factor", -1.0)],
            Self::GivesBack => &[
                ("exits.trail_keep_pct", 1.0),
                ("exits.trail_from_bps", -1.0),
                ("exits.target_bps", -1.0),
            ],
            Self::TargetFar => &[("exits.target_bps", -1.0)],
            Self::TargetNear => &[("exits.target_bps", 1.0)],
            Self::StopTight => &[("exits.stop_bps", 1.0)],
            Self::StopWide => &[("exits.stop_bps", -1.0)],
            Self::LateLoses => &[("gates.day_cutoff_minutes", 1.0)],
            Self::CutoffCosts => &[("gates.day_cutoff_minutes", -1.0)],
            Self::EarlyLoses => &[("gates.open_delay_minutes", 1.0)],
            Self::DelayCosts => &[("gates.open_delay_minutes", -1.0)],
            Self::HeldTooLong => &[("exits.time_stop_minutes", -1.0)],
        }
    }

    /// The policy that is wrong about it.
    pub fn policy(self) -> Policy {
        let base = "[gap_fade]\nenabled = false\n[news]\nenabled = false\n\
             [explosive]\nenabled = false\n[dip]\nenabled = false\n[orders]\nentry_limit = false\n\
             [sizing]\nfixed_shares = 100\n\
             [accounts.one]\noptions = false\nmax_positions = 100\nmax_exposure = 100000000\n\
             max_daily_loss = 100000000\nmax_weekly_loss = 100000000\n";
        let text = |accounts: &str, features: &str, rest: &str| {
            format!("[features]\nchart = false\n{features}\n{rest}\n{base}{accounts}")
        };
        let exits = "[exits]\ntrail_from_bps = 0\ntime_stop_minutes = 45\n";
        let sure = "confidence_min = 0.75\n";
        let (accounts, rest) = match self {
            Self::VolumeLoose => {
                ("", format!("[trend]\nvolume_factor_weak = 1.0\nvolume_min = 1.0\n{exits}"))
            }
            Self::VolumeStrict => {
                ("", format!("[trend]\nvolume_factor_weak = 1.0\nvolume_min = 1.5\n{exits}"))
            }
            Self::ConfidenceLoose => ("", exits.to_owned()),
            Self::ConfidenceStrict => (sure, exits.to_owned()),
            Self::Sentiment => {
                let news = "sentiment_penalty = 0.0\nsentiment_full_readings = 1\n";
                (sure, format!("[trend]\n{news}{exits}"))
            }
            Self::NoBreakout => (sure, format!("[trend]\nno_breakout_factor = 1.0\n{exits}")),
            Self::GivesBack => {
                let exits = "[exits]\ntrail_from_bps = 80\ntrail_keep_pct = 30\ntarget_bps = 300\n\
                             time_stop_minutes = 60\n";
                ("", exits.to_owned())
            }
            Self::TargetFar => ("", format!("{exits}target_bps = 220\n")),
            Self::TargetNear => ("", format!("{exits}target_bps = 80\n")),
            Self::StopTight => ("", format!("{exits}stop_bps = 50\ntarget_bps = 120\n")),
            Self::StopWide => ("", format!("{exits}stop_bps = 150\n")),
            Self::LateLoses => ("", format!("[gates]\nday_cutoff_minutes = 30\n{exits}")),
            Self::CutoffCosts => ("", format!("[gates]\nday_cutoff_minutes = 140\n{exits}")),
            Self::EarlyLoses => ("", format!("[gates]\nopen_delay_minutes = 50\n{exits}")),
            Self::DelayCosts => ("", format!("[gates]\nopen_delay_minutes = 80\n{exits}")),
            Self::HeldTooLong => {
                ("", "[exits]\ntrail_from_bps = 0\ntime_stop_minutes = 100\n".to_owned())
            }
        };
        Policy::from_toml(&text(accounts, "", &rest)).expect("a planted policy is a policy")
    }

    const fn is_about_time(self) -> bool {
        matches!(self, Self::LateLoses | Self::CutoffCosts)
    }
}

/// A world to be played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planted {
    /// What its policy is wrong about.
    pub kind: Kind,
    /// Everything that is drawn follows from it.
    pub seed: u64,
    /// How many sessions.
    pub sessions: usize,
    /// From which session on nothing is true any more; a null world's effect is dead from 0 on.
    pub dies: usize,
}

/// One breakout.
#[derive(Clone, Copy, Debug)]
struct Breakout {
    minute: i64,
    volume: f64,
    /// Whether it is of the sort that the effect works on.
    is_special: bool,
    /// Whether it is one at all: as often the price falls as far, and nobody could know.
    is_up: bool,
}

impl Planted {
    /// Everything that the market does.
    pub fn entries(&self) -> Vec<Entry> {
        let chance = Chance::root(self.seed).branch("planted");
        let mut world = World { entries: Vec::new(), closes: vec![1_000_000.0; SYMBOLS.into()] };
        let mut session = Session::next(Date::from_ymd(2024, 1, 1).expect("the date exists"));
        world.begin(session.open() - Span::from_minutes(10));
        for number in 0..self.sessions {
            while session.is_half_day() {
                session = Session::next(session.date());
            }
            self.play(&mut world, session, number, &chance.branch_n(number as u64));
            session = Session::next(session.date());
        }
        world.entries
    }

    fn play(&self, world: &mut World, session: Session, number: usize, chance: &Chance) {
        let is_true = number < self.dies;
        let is_late = self.kind.is_about_time() && number % 2 == 1;
        // A late block's breakouts come between 13:45 and 14:25.
        let from = if is_late { 200 } else { 0 };
        let mut walks: Vec<(Breakout, Chance)> = (0..u64::from(SYMBOLS))
            .map(|symbol| {
                let mut chance = chance.branch_n(symbol);
                (self.breakout(&mut chance, is_late), chance)
            })
            .collect();
        for minute in 0..BLOCK {
            let start = session.open() + Span::from_minutes(from + minute);
            if self.kind == Kind::Sentiment {
                world.read(start, minute, &walks);
            }
            let mut columns = Minute::of_length(start, SYMBOLS.into());
            for (slot, (breakout, chance)) in walks.iter_mut().enumerate() {
                let bar = self.bar(&mut world.closes[slot], minute, (breakout, chance), is_true);
                columns.set(Slot(u16::try_from(slot).expect("symbols are few")), bar);
            }
            world.minute(columns);
        }
        // The last minutes, in which everything is left.
        for before in (1..=6).rev() {
            let mut columns =
                Minute::of_length(session.close() - Span::from_minutes(before), SYMBOLS.into());
            for (slot, close) in world.closes.iter().enumerate() {
                let price = ticks(*close);
                let bar = Bar { open: price, high: price, low: price, close: price, volume: 1000 };
                columns.set(Slot(u16::try_from(slot).expect("symbols are few")), bar);
            }
            world.minute(columns);
        }
    }

    fn breakout(&self, chance: &mut Chance, is_late: bool) -> Breakout {
        let offset = i64::try_from(chance.below(WINDOW)).expect("a window is short");
        let minute = QUIET + offset;
        let coin = chance.happens(0.4);
        let is_special = match self.kind {
            Kind::EarlyLoses | Kind::DelayCosts => offset < 22,
            Kind::LateLoses | Kind::CutoffCosts => is_late,
            Kind::VolumeLoose
            | Kind::VolumeStrict
            | Kind::ConfidenceLoose
            | Kind::ConfidenceStrict
            | Kind::Sentiment
            | Kind::NoBreakout
            | Kind::GivesBack
            | Kind::TargetFar
            | Kind::TargetNear
            | Kind::StopTight
            | Kind::StopWide
            | Kind::HeldTooLong => coin,
        };
        let volume = match self.kind {
            Kind::VolumeLoose | Kind::VolumeStrict if is_special => 1.25,
            Kind::ConfidenceLoose | Kind::ConfidenceStrict if is_special => 1.7,
            Kind::VolumeLoose
            | Kind::VolumeStrict
            | Kind::ConfidenceLoose
            | Kind::ConfidenceStrict
            | Kind::Sentiment
            | Kind::NoBreakout
            | Kind::GivesBack
            | Kind::TargetFar
            | Kind::TargetNear
            | Kind::StopTight
            | Kind::StopWide
            | Kind::LateLoses
            | Kind::CutoffCosts
            | Kind::EarlyLoses
            | Kind::DelayCosts
            | Kind::HeldTooLong => 2.6,
        };
        Breakout { minute, volume, is_special, is_up: chance.happens(0.5) }
    }

    /// The next bar of a symbol; `close` is moved.
    fn bar(
        &self,
        close: &mut f64,
        minute: i64,
        (breakout, chance): (&Breakout, &mut Chance),
        is_true: bool,
    ) -> Bar {
        let after = minute - breakout.minute;
        // Less and less is traded, so that no quiet bar is above its average.
        let usual = 1_000.0 * libm::exp(-0.005 * float(minute));
        let mut volume = usual * (0.99 + 0.02 * chance.uniform());
        let is_quiet = after < 0;
        let step = if is_quiet {
            // So gently that holding it would not pay for a trade.
            if minute % 2 == 0 { 0.2 } else { 0.0 }
        } else if after == 0 {
            // Against the mean of the twenty minutes before.
            volume = usual * 1.054 * breakout.volume;
            if breakout.is_up { MOVE } else { -MOVE }
        } else {
            let is_told = is_true && breakout.is_up;
            let told = if is_told { self.told(after, breakout.is_special) } else { 0.0 };
            // What a trade costs comes back, so that neither more nor fewer of them is better.
            let costs = if after <= 40 { COSTS / 40.0 } else { 0.0 };
            NOISE * chance.normal() + costs + told
        };
        let open = *close;
        *close *= 1.0 + step / 10_000.0;
        let mut high = open.max(*close);
        // A spike some minutes before keeps a breakout from being one.
        let is_spiked = self.kind == Kind::NoBreakout && breakout.is_special;
        if is_spiked && after == -5 {
            high *= 1.012;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a few thousand shares")]
        let volume = volume as i32;
        Bar {
            open: ticks(open),
            high: ticks(high),
            low: ticks(open.min(*close)),
            close: ticks(*close),
            volume,
        }
    }

    /// What the effect adds to a minute after a breakout, in basis points.
    fn told(&self, after: i64, is_special: bool) -> f64 {
        let steady = |total: f64| if after <= 40 { total / 40.0 } else { 0.0 };
        // Up (or down) to one level by one minute, from there to another by another.
        let turn = |(level, by): (f64, i64), (end, until): (f64, i64)| {
            let share = |span: i64| 1.0 / float(span);
            if after <= by {
                level * share(by)
            } else if after <= until {
                (end - level) * share(until - by)
            } else {
                0.0
            }
        };
        match self.kind {
            Kind::VolumeLoose
            | Kind::ConfidenceLoose
            | Kind::Sentiment
            | Kind::NoBreakout
            | Kind::LateLoses
            | Kind::EarlyLoses => steady(if is_special { -DRIFT } else { 0.0 }),
            Kind::VolumeStrict | Kind::ConfidenceStrict | Kind::CutoffCosts | Kind::DelayCosts => {
                steady(if is_special { DRIFT } else { 0.0 })
            }
            Kind::GivesBack => turn((150.0, 15), (10.0, 40)),
            Kind::TargetFar if is_special => turn((160.0, 15), (-60.0, 40)),
            Kind::TargetNear => steady(200.0),
            Kind::StopTight if is_special => turn((-75.0, 10), (140.0, 35)),
            Kind::StopWide if is_special => steady(-260.0),
            Kind::HeldTooLong => turn((40.0, 35), (-50.0, 90)),
            Kind::TargetFar | Kind::StopTight | Kind::StopWide => 0.0,
        }
    }
}

struct World {
    entries: Vec<Entry>,
    closes: Vec<f64>,
}

impl World {
    fn begin(&mut self, at: Time) {
        let listing = |symbol: u16| Listing {
            ticker: Ticker::parse(&format!("P{symbol}")).expect("a letter and a digit"),
            sector: "none".into(),
            fractionable: false,
            shortable: false,
        };
        let listings = (0..SYMBOLS).map(listing).collect();
        self.push(at, Event::Universe(Universe { listings }));
        self.push(
            at + Span::from_seconds(1),
            Event::Report(AccountReport {
                account: AccountId(0),
                cash: Money::dollars(10_000_000),
                holdings: Vec::new(),
                open_orders: Vec::new(),
                fills: Vec::new(),
                busts: Vec::new(),
                settlements: Vec::new(),
                payouts: Vec::new(),
            }),
        );
    }

    fn minute(&mut self, minute: Minute) {
        self.push(minute.end(), Event::Minute(minute));
    }

    /// News right before a breakout: against it when it is special, with it otherwise.
    fn read(&mut self, at: Time, minute: i64, walks: &[(Breakout, Chance)]) {
        for (symbol, (breakout, _)) in walks.iter().enumerate() {
            if breakout.minute - 3 == minute {
                let ticker = Ticker::parse(&format!("P{symbol}")).expect("a letter and a digit");
                let sentiment = if breakout.is_special { -0.9 } else { 0.9 };
                let story = self.entries.len() as u64;
                self.push(
                    at + Span::from_seconds(i64::try_from(symbol).unwrap_or(0)),
                    Event::Reading(Reading { story, ticker, sentiment, confidence: 1.0 }),
                );
            }
        }
    }

    fn push(&mut self, at: Time, event: Event) {
        let seq = Seq(self.entries.len() as u64 + 1);
        self.entries.push(Entry { seq, at, event });
    }
}

#[expect(clippy::cast_precision_loss, reason = "minutes of a day")]
const fn float(minutes: i64) -> f64 {
    minutes as f64
}

#[expect(clippy::cast_possible_truncation, reason = "prices stay near a hundred dollars")]
fn ticks(price: f64) -> Price {
    Price::from_ticks_clamped(price.round() as i64)
}

#[cfg(test)]
mod tests;
