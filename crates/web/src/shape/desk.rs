//! The desk in one screen.

use backsight_domain::alert::{self, Severity};
use backsight_domain::decision::Subject;
use backsight_domain::event::Mode;
use backsight_domain::id::AccountId;
use backsight_domain::money::Money;
use backsight_domain::proposal::ProposalStage;
use backsight_domain::session::{Session, covers};
use backsight_domain::time::Time;
use backsight_domain::verdict::Verdict;
use backsight_engine::Engine;
use backsight_engine::ledger::Book;
use serde::Serialize;
use utoipa::ToSchema;

use super::position::{mark, value};
use super::{dollars, percent};
use crate::mirror::Mirror;

/// The desk in one screen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Desk {
    /// The desk's name; empty before it began.
    pub name: String,
    /// Where orders go: `sim`, `paper` or `live`.
    pub mode: String,
    /// Whether it may trade: `active`, `reconciling`, `reducing`, `halted` or `flattening`.
    pub state: String,
    /// Since when.
    pub since: Option<String>,
    /// What an operator last ordered.
    pub command: Option<Ordered>,
    /// The session at the desk's time.
    pub session: Phase,
    /// The desk's time: that of its last entry.
    pub at: String,
    /// The last record that this answer knows.
    pub seq: u64,
    /// Whether this is all that was written.
    pub is_current: bool,
    /// The first record at which the desk decided something else than we did; always `null`.
    pub diverged: Option<u64>,
    /// The version of the policy in force.
    pub policy: u32,
    /// Since when.
    pub policy_since: Option<String>,
    /// The build that runs the desk.
    pub build: String,
    /// The build that answers.
    pub web: String,
    /// How many symbols are watched.
    pub symbols: usize,
    /// Who reads the news.
    pub reader: Option<String>,
    /// The market's fear index.
    pub fear: Option<f64>,
    /// Its accounts.
    pub accounts: Vec<Account>,
    /// What happened in this session.
    pub today: Today,
    /// Alerts that wait for somebody or for an end.
    pub alerts_open: usize,
    /// Proposals that wait for a person.
    pub proposals_pending: usize,
    /// The chain after the last record.
    pub receipt: String,
}

/// What an operator ordered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ordered {
    /// When.
    pub at: String,
    /// The command.
    pub command: String,
    /// Who gave it.
    pub who: String,
    /// Why.
    pub why: String,
}

/// A session at an instant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Phase {
    /// `open` or `closed`.
    pub phase: String,
    /// The date of the session, or of the next one.
    pub date: Option<String>,
    /// When it opens.
    pub opens: Option<String>,
    /// When it closes.
    pub closes: Option<String>,
    /// Minutes until then, while it is open.
    pub minutes_left: Option<u16>,
}

/// One account in numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its size in the words of the policy's `sizing`: `tiny`, `small`, `medium` or `large`.
    pub tier: Option<String>,
    /// Cash and holdings.
    pub equity: Option<f64>,
    /// Cash.
    pub cash: f64,
    /// What it made in this session.
    pub day_result: Option<f64>,
    /// The same in percent of its equity at the session's start.
    pub day_result_pct: Option<f64>,
    /// What it may lose in a session.
    pub loss_budget: Option<f64>,
    /// What is left of that.
    pub loss_budget_left: Option<f64>,
    /// What it may have in the market.
    pub exposure_max: Option<f64>,
    /// What it has in the market.
    pub exposure: f64,
    /// What it loses when every stop is hit at its price.
    pub open_risk: f64,
    /// How many positions it has.
    pub positions: usize,
    /// How many it may have.
    pub positions_max: Option<u32>,
    /// What it made since the desk began.
    pub pnl: Option<f64>,
    /// Whether the desk and the venue agree about it.
    pub reconciled: bool,
}

/// What happened in a session.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Today {
    /// The session.
    pub date: Option<String>,
    /// Signals.
    pub signals: usize,
    /// Signals that an account took.
    pub taken: usize,
    /// Signals that every account refused.
    pub refused: usize,
    /// Ghosts that are followed now.
    pub ghosts: usize,
    /// Ghosts of the session that ended with a gain: what was missed.
    pub missed: usize,
    /// Stories.
    pub stories: u32,
    /// Positions that ended.
    pub trades: usize,
    /// What they made.
    pub trades_result: f64,
}

impl Desk {
    /// Tells the desk.
    pub fn of(mirror: &Mirror) -> Self {
        let (engine, history) = (mirror.engine(), &mirror.past.history);
        let started = engine.started();
        let known = engine.policy_version().0 != 0;
        let command = history.commands.last().map(|(at, command)| Ordered {
            at: at.to_string(),
            command: command.command.to_string(),
            who: command.who.to_string(),
            why: command.why.to_string(),
        });
        Self {
            name: started.map(|it| it.desk.0.as_str().to_owned()).unwrap_or_default(),
            mode: mode(engine).to_owned(),
            state: engine.state().to_string(),
            since: history.states.last().map(|(at, _)| at.to_string()),
            command,
            session: Phase::at(engine.now()),
            at: engine.now().to_string(),
            seq: mirror.seq.0,
            is_current: true,
            diverged: mirror.diverged.map(|seq| seq.0),
            policy: engine.policy_version().0,
            policy_since: known.then(|| history.policy().0.to_string()),
            build: started.map(|it| it.build.to_string()).unwrap_or_default(),
            web: concat!("backsight ", env!("CARGO_PKG_VERSION")).to_owned(),
            symbols: engine.market().universe.listings.len(),
            reader: mirror.past.press.rung().map(|rung| rung.to_string()),
            fear: engine.market().outlook.regime().map(|regime| regime.index),
            accounts: engine.accounts().iter().map(|it| Account::of(it.id, mirror)).collect(),
            today: Today::of(mirror),
            alerts_open: Alert::count_open(mirror),
            proposals_pending: engine.lessons().at(ProposalStage::Pending).len(),
            receipt: mirror.chain().to_string(),
        }
    }
}

/// Where orders go.
pub fn mode(engine: &Engine) -> &'static str {
    match engine.started().map(|started| started.mode) {
        Some(Mode::Paper) => "paper",
        Some(Mode::Live) => "live",
        Some(Mode::Simulated) | None => "sim",
    }
}

impl Phase {
    /// The session at an instant, or the next one.
    pub fn at(now: Time) -> Self {
        if !covers(now) {
            return Self {
                phase: "closed".to_owned(),
                date: None,
                opens: None,
                closes: None,
                minutes_left: None,
            };
        }
        let open = Session::at(now);
        let session = open.unwrap_or_else(|| Session::next_after(now));
        Self {
            phase: (if open.is_some() { "open" } else { "closed" }).to_owned(),
            date: Some(session.date().to_string()),
            opens: Some(session.open().to_string()),
            closes: Some(session.close().to_string()),
            minutes_left: open.and_then(|session| session.minutes_to_close(now)),
        }
    }
}

impl Account {
    /// Tells one account.
    pub fn of(id: AccountId, mirror: &Mirror) -> Self {
        let engine = mirror.engine();
        let index = usize::from(id.0);
        let (account, name) = (&engine.accounts()[index], engine.account_name(id));
        let equity = engine.equity(id);
        let start = mirror.day_start.get(index).copied().flatten();
        let day = equity.zip(start).map(|(now, start)| now - start);
        let limits = engine.policy().accounts.get(name);
        let budget = limits.map(|limits| limits.max_daily_loss);
        let left = budget.zip(day);
        let left = left.map(|(budget, day)| (budget + day.min(Money::ZERO)).max(Money::ZERO));
        let share = day.zip(start).filter(|(_, start)| *start != Money::ZERO);
        Self {
            name: name.to_owned(),
            tier: equity.map(|equity| tier(engine, equity).to_owned()),
            equity: equity.map(dollars),
            cash: dollars(account.cash()),
            day_result: day.map(dollars),
            day_result_pct: share.map(|(day, start)| percent(dollars(day) / dollars(start))),
            loss_budget: budget.map(dollars),
            loss_budget_left: left.map(dollars),
            exposure_max: limits.map(|limits| dollars(limits.max_exposure)),
            exposure: dollars(exposure(engine, id)),
            open_risk: dollars(open_risk(engine, id)),
            positions: engine.positions().filter(|held| held.account == id).count(),
            positions_max: limits.map(|limits| limits.max_positions),
            pnl: result(engine, id).map(dollars),
            reconciled: account.is_reconciled(),
        }
    }
}

fn tier(engine: &Engine, equity: Money) -> &'static str {
    let sizing = &engine.policy().sizing;
    if equity <= sizing.tiny_up_to {
        "tiny"
    } else if equity <= sizing.small_up_to {
        "small"
    } else if equity <= sizing.medium_up_to {
        "medium"
    } else {
        "large"
    }
}

/// What an account made: its equity without what came from outside.
pub fn result(engine: &Engine, account: AccountId) -> Option<Money> {
    let ledger = &engine.accounts().get(usize::from(account.0))?.ledger;
    engine.equity(account).map(|equity| equity + ledger.balance(Book::Outside))
}

/// What an account has in the market, at the last prices.
pub fn exposure(engine: &Engine, account: AccountId) -> Money {
    let held = engine.positions().filter(|position| position.account == account);
    let worth = |held| mark(held, engine).map_or(held.cost, |mark| value(held, mark)).magnitude();
    held.map(worth).sum()
}

/// What an account loses when every stop is hit at its price.
fn open_risk(engine: &Engine, account: AccountId) -> Money {
    let held = engine.positions().filter(|position| position.account == account);
    let risk = held.filter_map(|held| {
        let stop = held.track.bounds().stop?;
        Some((held.cost - value(held, stop)).max(Money::ZERO))
    });
    risk.sum()
}

impl Today {
    /// Tells the session in progress, or the last one.
    pub fn of(mirror: &Mirror) -> Self {
        let (engine, history) = (mirror.engine(), &mirror.past.history);
        let Some(session) = engine.market().session() else { return Self::default() };
        let open = session.open();
        let tales = history.signals.values().rev().take_while(|tale| open <= tale.signal.at);
        let mut today = Self {
            date: Some(session.date().to_string()),
            ghosts: engine.ghosts().len(),
            stories: engine.market().stories(),
            ..Self::default()
        };
        for tale in tales {
            today.signals += 1;
            let taken = tale.verdicts.iter().any(Verdict::is_approval);
            today.taken += usize::from(taken);
            today.refused += usize::from(!taken && !tale.verdicts.is_empty());
        }
        let missed = history.ghosts.iter().rev().take_while(|ghost| open <= ghost.closed);
        today.missed = missed.filter(|ghost| ghost.label == 1).count();
        let trades = history.trades.iter().rev().take_while(|trade| open <= trade.closed);
        for trade in trades.filter(|trade| matches!(trade.subject, Subject::Position { .. })) {
            today.trades += 1;
            today.trades_result += dollars(trade.pnl);
        }
        today
    }
}

/// Something that a person should know.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Alert {
    /// Its name: the key, and when it was raised.
    pub id: String,
    /// What it is about and what is wrong with it; what `acknowledge` takes as `target`.
    pub key: String,
    /// What it is about: `desk`, `position`, `proposal` or a station of the pipeline.
    pub kind: String,
    /// How bad: `info`, `warning`, `critical` or `emergency`.
    pub severity: String,
    /// In words.
    pub text: String,
    /// When it was raised.
    pub at: String,
    /// How often it was noticed again.
    pub repeats: u32,
    /// When it was noticed last.
    pub last: String,
    /// Whether it waits for somebody or for an end.
    pub open: bool,
    /// Whether somebody has to say that it was seen, and did not.
    pub wants_acknowledgement: bool,
    /// Who has seen it.
    pub acknowledged: Option<Seen>,
    /// When the trouble was over.
    pub resolved: Option<String>,
}

/// Who has seen an alert.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Seen {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
}

impl Alert {
    /// The last alerts that are at least so bad, newest first.
    pub fn last(mirror: &Mirror, least: Severity, limit: usize) -> Vec<Self> {
        let alerts = mirror.past.alerts.iter().rev();
        alerts.filter(|it| least <= it.notice.severity).take(limit).map(Self::of).collect()
    }

    /// How many wait for somebody or for an end.
    pub fn count_open(mirror: &Mirror) -> usize {
        mirror.past.alerts.open().count()
    }

    fn of(alert: &alert::Alert) -> Self {
        let alert::Alert { notice, repeats, last, acknowledged, resolved } = alert;
        Self {
            id: alert.id(),
            key: notice.key.to_string(),
            kind: notice.key.kind(),
            severity: notice.severity.to_string().to_lowercase(),
            text: notice.text.clone(),
            at: notice.at.to_string(),
            repeats: *repeats,
            last: last.to_string(),
            open: alert.is_open(),
            wants_acknowledgement: alert.wants_acknowledgement(),
            acknowledged: acknowledged
                .as_ref()
                .map(|seen| Seen { at: seen.at.to_string(), who: seen.who.to_string() }),
            resolved: resolved.map(|at| at.to_string()),
        }
    }
}
