//! `status`: the desk in one screen.

use backsight_domain::desk::TradingState;
use backsight_domain::event::Mode;
use backsight_domain::id::{AccountId, Seq};
use backsight_domain::money::Money;
use backsight_domain::session::{Session, covers};
use backsight_domain::time::Time;
use backsight_engine::Engine;
use backsight_web::shape::position::{mark, value};
use serde_json::{Value, json};

use crate::answer::{Answer, Failure};
use crate::command::Context;
use crate::command::config::PENDING;
use crate::home::Home;
use crate::inbox;
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::view::View;
use crate::{views, words};
use backsight_learning::past::history::History;

/// Tells how the desk is.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    let home = &context.home;
    if !home.has_journal() {
        return Ok(no_desk(context));
    }
    let view = View::read(home)?;
    let (running, queued) = (home.running(), inbox::look(home).waiting.len());
    let bytes = home.journal_bytes();
    let mut page = context.page();
    page.pieces(&badges(&view.engine));
    page.pair("desk", words::path(home.root()));
    page.pair("process", running.as_ref().map_or("none; the desk rests".to_owned(), Clone::clone));
    if 0 < queued {
        let text = format!("{queued} command(s) wait for the desk: backsight demo");
        page.pair("inbox", Cell::toned(Tone::Warn, text));
    }
    write_policy(&mut page, home, &view);
    write_alarms(&mut page, &view.history);
    page.pair("last entry", words::stamp(view.engine.now()));
    page.pair("session", phase(view.engine.now()));
    write_accounts(&mut page, &view);
    page.heading("Journal");
    let (records, signals) = (words::count(view.records), words::count(view.history.signals.len()));
    page.pair("records", format!("{records} in {}", words::bytes(bytes)));
    page.pair("decided", format!("{signals} signals, {} trades", view.history.trades.len()));
    page.hash("receipt", &view.chain);
    let lag = views::lag(home, Seq(view.records));
    page.pair("tables", tables(lag.as_ref()));
    page.blank();
    page.line(Tone::Dim, "More: backsight positions, orders, why SYMBOL, verify");
    let json = json!({
        "mode": mode(&view.engine),
        "state": view.engine.state().to_string(),
        "policy": view.engine.policy_version().0,
        "alarms": view.history.alarms.len(),
        "running": running,
        "queued_commands": queued,
        "last_entry": view.engine.now().to_string(),
        "session": view.engine.market().session().map(|session| session.date().to_string()),
        "accounts": accounts(&view).iter().map(Row::json).collect::<Vec<_>>(),
        "records": view.records,
        "bytes": bytes,
        "signals": view.history.signals.len(),
        "trades": view.history.trades.len(),
        "receipt": view.chain.to_string(),
        "tables": tables_json(lag.as_ref()),
    });
    Ok(Answer::fine(page, json))
}

/// Whether the tables that SQL is asked follow the journal.
fn tables(lag: Option<&Result<u64, String>>) -> Cell {
    match lag {
        None => Cell::toned(Tone::Dim, "none yet: backsight rebuild"),
        Some(Ok(0)) => "up to date".into(),
        Some(Ok(lag)) => format!("{} records behind", words::count(*lag)).into(),
        Some(Err(fault)) => Cell::toned(Tone::Warn, fault.as_str()),
    }
}

fn tables_json(lag: Option<&Result<u64, String>>) -> Value {
    json!({
        "lag": lag.and_then(|lag| lag.as_ref().ok()),
        "fault": lag.and_then(|lag| lag.as_ref().err()),
    })
}

/// Which policy is in force since when, and whether the file says something else.
fn write_policy(page: &mut Page, home: &Home, view: &View) {
    page.pair("policy", policy(&view.history));
    let note = match home.written_policy() {
        Ok(Some(written)) if written != *view.engine.policy() => PENDING,
        Ok(_) => return,
        Err(_) => "policy.toml is bad, so no desk starts: backsight config check",
    };
    page.pair("", Cell::toned(Tone::Warn, note));
}

/// How often a person was called, and why last.
pub(crate) fn write_alarms(page: &mut Page, history: &History) {
    if let Some((at, alarm)) = history.alarms.last() {
        let count = words::count(history.alarms.len());
        let text = format!("{count}, the last {alarm} at {}", words::stamp(*at));
        page.pair("alarms", Cell::toned(Tone::Bad, text));
    }
}

/// The version of the policy in force, and since when.
pub(crate) fn policy(history: &History) -> String {
    let (since, version) = history.policy();
    format!("{}, since {}", version.0, words::stamp(since))
}

/// What is said where there is no desk yet.
pub(crate) fn no_desk(context: &Context) -> Answer {
    let mut page = context.page();
    let root = words::path(context.home.root());
    page.line(Tone::Plain, &format!("No desk in {root} yet."));
    page.line(Tone::Dim, "Begin one: backsight demo");
    Answer::fine(page, json!({ "desk": Value::Null, "home": root, "next": "backsight demo" }))
}

/// Where orders go and whether the desk may trade.
pub(crate) fn badges(engine: &Engine) -> [Cell; 4] {
    let state = engine.state();
    let tone = match state {
        TradingState::Active => Tone::Good,
        TradingState::Reconciling => Tone::Warn,
        TradingState::Reducing | TradingState::Halted | TradingState::Flattening => Tone::Bad,
    };
    [
        Cell::toned(Tone::Strong, "Backsight "),
        Cell::toned(Tone::Warn, format!("[{}] ", mode(engine).to_uppercase())),
        Cell::toned(tone, state.to_string()),
        Cell::toned(Tone::Dim, format!("  policy {}", engine.policy_version().0)),
    ]
}

fn mode(engine: &Engine) -> &'static str {
    match engine.started().map(|started| started.mode) {
        Some(Mode::Paper) => "paper",
        Some(Mode::Live) => "live",
        Some(Mode::Simulated) | None => "sim",
    }
}

/// The phase of the session at an instant, and what comes next.
pub(crate) fn phase(now: Time) -> String {
    if !covers(now) {
        return "outside the calendar".to_owned();
    }
    if let Some(session) = Session::at(now) {
        let left = session.minutes_to_close(now).unwrap_or(0);
        let close = words::time_of_day(session.close());
        return format!("{} open; closes at {close}, in {left} min", session.date());
    }
    let next = Session::next_after(now);
    format!("closed; opens {} New York", words::minute(next.open()))
}

/// One account in numbers.
struct Row {
    name: String,
    equity: Option<Money>,
    day: Option<Money>,
    left: Option<Money>,
    exposure: Money,
    positions: usize,
    cash: Money,
    is_reconciled: bool,
    result: Option<Money>,
}

impl Row {
    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "equity": self.equity.map(json::money),
            "day_result": self.day.map(json::money),
            "loss_budget_left": self.left.map(json::money),
            "exposure": json::money(self.exposure),
            "positions": self.positions,
            "cash": json::money(self.cash),
            "pnl": self.result.map(json::money),
            "reconciled": self.is_reconciled,
        })
    }
}

fn accounts(view: &View) -> Vec<Row> {
    let engine = &view.engine;
    let row = |(index, account): (usize, &backsight_engine::account::Account)| {
        let equity = engine.equity(account.id);
        let start = view.day_start.get(index).copied().flatten();
        let day = equity.zip(start).map(|(now, start)| now - start);
        let name = engine.account_name(account.id);
        let budget = engine.policy().accounts.get(name).map(|limits| limits.max_daily_loss);
        Row {
            name: name.to_owned(),
            equity,
            day,
            left: budget
                .zip(day)
                .map(|(budget, day)| (budget + day.min(Money::ZERO)).max(Money::ZERO)),
            exposure: exposure(engine, account.id),
            positions: engine.positions().filter(|p| p.account == account.id).count(),
            cash: account.cash(),
            is_reconciled: account.is_reconciled(),
            result: result(engine, account.id),
        }
    };
    engine.accounts().iter().enumerate().map(row).collect()
}

/// What an account made: its equity without what came from outside.
pub(crate) fn result(engine: &Engine, account: AccountId) -> Option<Money> {
    use backsight_engine::ledger::Book;
    let ledger = &engine.accounts().get(usize::from(account.0))?.ledger;
    engine.equity(account).map(|equity| equity + ledger.balance(Book::Outside))
}

fn exposure(engine: &Engine, account: AccountId) -> Money {
    let held = engine.positions().filter(|position| position.account == account);
    held.map(|position| match mark(position, engine) {
        Some(mark) => value(position, mark).magnitude(),
        None => position.cost.magnitude(),
    })
    .sum()
}

/// The accounts as a table.
pub(crate) fn write_accounts(page: &mut Page, view: &View) {
    page.heading("Accounts");
    let mut table =
        Table::new(&["account", ">equity", ">today", ">loss left", ">exposure", ">held", ""]);
    for row in accounts(view) {
        let money = |amount: Option<Money>| amount.map_or("-".to_owned(), words::money);
        let note = if row.is_reconciled { "" } else { "not reconciled" };
        table.row([
            row.name.as_str().into(),
            money(row.equity).into(),
            row.day.map_or("-".into(), words::result),
            money(row.left).into(),
            words::money(row.exposure).into(),
            row.positions.to_string().into(),
            Cell::toned(Tone::Warn, note),
        ]);
    }
    page.table(&table);
}
