//! After the close: what each account made, what was traded and what was missed, what rules were
//! worth, and what to look at tomorrow.

use backsight_domain::alert::Severity;
use backsight_domain::decision::{Outcome, Subject};
use backsight_domain::id::AccountId;
use backsight_domain::money::Money;
use backsight_domain::session::Session;
use backsight_learning::gates::{self, GateRow};
use backsight_learning::missed::{self, Declined, Judgement};
use backsight_learning::past::Past;
use backsight_learning::past::history::Closing;
use backsight_learning::past::trading_date;
use backsight_learning::sample::Calendar;
use serde_json::{Value, json};

use super::{write_held, write_proposals, write_waiting};
use crate::command::{gates as gates_command, learn, missed as missed_command};
use crate::json;
use crate::page::{Cell, Table, Tone};
use crate::sheet::Sheet;
use crate::words;

/// Trades that are told.
const TRADES: usize = 40;
/// Missed trades that are told, the best first.
const MISSED: usize = 6;
/// Gates that are told, those that refused most first.
const GATES: usize = 10;

/// Makes the digest after a session's close; nothing when it did not close.
pub(super) fn write(past: &Past, session: Session) -> Option<(Sheet, Value)> {
    let closings = &past.history.closings;
    let place = closings.iter().position(|it| trading_date(it.at) == session.date())?;
    let closing = &closings[place];
    let before = place.checked_sub(1).and_then(|place| closings.get(place));
    let of_session = |trade: &&Outcome| trading_date(trade.closed) == session.date();
    let trades: Vec<&Outcome> = past.history.trades.iter().filter(of_session).collect();
    let mut sheet = Sheet::new(format!("After the close of {}", session.date()));
    sheet.heading("What each account made");
    let accounts = write_accounts(&mut sheet, past, (before, closing), &trades);
    sheet.heading("Trades that ended");
    write_trades(&mut sheet, past, &trades);
    sheet.heading("Missed");
    let (missed, declined) = write_missed(&mut sheet, past, session);
    sheet.heading("What refusals were worth, all sessions so far");
    let gates = write_gates(&mut sheet, past);
    sheet.heading("Alerts of the session");
    let alerts = write_alerts(&mut sheet, past, session);
    sheet.heading("Proposals");
    let proposals = write_proposals(&mut sheet, past, closing.at);
    let next = Session::next(session.date());
    sheet.heading(format!("To look at on {}", next.date()));
    if next.is_half_day() {
        sheet.words(Tone::Warn, "It is a half day.");
    }
    let waiting = write_waiting(&mut sheet, past);
    let held = write_held(&mut sheet, past, closing.at);
    let json = json!({
        "accounts": accounts,
        "trades": trades.iter().map(|it| trade_json(past, it)).collect::<Vec<_>>(),
        "declined": declined,
        "missed": missed,
        "gates": gates,
        "alerts": alerts,
        "proposals": proposals,
        "next": { "session": next.date().to_string(), "alerts": waiting, "held": held },
    });
    Some((sheet, json))
}

fn account_of(trade: &Outcome) -> Option<AccountId> {
    match trade.subject {
        Subject::Position { account, .. } => Some(account),
        Subject::Ghost { .. } => None,
    }
}

fn write_accounts(
    sheet: &mut Sheet,
    past: &Past,
    (before, closing): (Option<&Closing>, &Closing),
    trades: &[&Outcome],
) -> Value {
    let columns = ["account", ">equity", ">in the session", ">trades", ">won", ">closed for"];
    let mut table = Table::new(&columns);
    let mut rows = Vec::new();
    for (id, equity) in (0_u8..).zip(&closing.equity) {
        let own: Vec<_> =
            trades.iter().filter(|it| account_of(it) == Some(AccountId(id))).collect();
        let won = own.iter().filter(|it| Money::ZERO < it.pnl).count();
        let closed: Money = own.iter().fold(Money::ZERO, |sum, it| sum + it.pnl);
        let last = before.and_then(|it| it.equity.get(usize::from(id)));
        let made = last.map(|last| *equity - *last);
        table.row([
            Cell::toned(Tone::Strong, past.account_name(AccountId(id))),
            words::money(*equity).into(),
            made.map_or("first session".into(), words::result),
            words::count(own.len()).into(),
            words::count(won).into(),
            words::result(closed),
        ]);
        rows.push(json!({
            "account": past.account_name(AccountId(id)),
            "equity": json::money(*equity),
            "made": made.map(json::money),
            "trades": own.len(),
            "won": won,
            "closed": json::money(closed),
        }));
    }
    sheet.table(table, "There is no account.");
    rows.into()
}

fn write_trades(sheet: &mut Sheet, past: &Past, trades: &[&Outcome]) {
    let mut table = Table::new(&["account", "what", ">in", ">out", ">made", ">R", "why"]);
    for trade in trades.iter().take(TRADES) {
        let account = account_of(trade).map_or("-", |id| past.account_name(id));
        table.row([
            account.into(),
            format!("{} {}", words::instrument(trade.instrument), trade.direction).into(),
            trade.entry.to_string().into(),
            trade.exit.to_string().into(),
            words::dollars(trade.pnl),
            words::multiple(trade.r_multiple),
            trade.reason.to_string().into(),
        ]);
    }
    sheet.table(table, "No position ended.");
    if TRADES < trades.len() {
        sheet.words(
            Tone::Dim,
            format!("and {} more: backsight orders --all", trades.len() - TRADES),
        );
    }
}

fn trade_json(past: &Past, trade: &Outcome) -> Value {
    json!({
        "account": account_of(trade).map(|id| past.account_name(id)),
        "instrument": trade.instrument.to_string(),
        "direction": trade.direction.to_string(),
        "quantity": json::quantity(trade.quantity),
        "entry": json::price(trade.entry),
        "exit": json::price(trade.exit),
        "pnl": json::money(trade.pnl),
        "r_multiple": trade.r_multiple,
        "reason": trade.reason.to_string(),
    })
}

fn write_missed(sheet: &mut Sheet, past: &Past, session: Session) -> (Value, Value) {
    let mut all = missed::missed(past);
    all.retain(|it| trading_date(it.at) == session.date());
    let day = missed::by_session(&all).remove(&session.date()).unwrap_or_default();
    sheet.words(
        Tone::Plain,
        format!(
            "{} declined: {} would have won, {} would have lost.",
            day.declined, day.missed, day.spared
        ),
    );
    let r = |it: &Declined| it.made.and_then(|made| made.r);
    let mut best: Vec<&Declined> =
        all.iter().filter(|it| it.judgement == Judgement::Missed).collect();
    best.retain(|it| r(it).is_some());
    best.sort_by(|a, b| r(b).unwrap_or(0.0).total_cmp(&r(a).unwrap_or(0.0)));
    best.truncate(MISSED);
    let mut table = Table::new(&["symbol", "way", ">R", ">%", "what stood in the way"]);
    for it in &best {
        let mut names: Vec<String> = it.obstacles.iter().map(missed::Obstacle::name).collect();
        names.sort();
        names.dedup();
        table.row([
            Cell::toned(Tone::Strong, it.ticker.as_str()),
            it.direction.map_or("-".to_owned(), |way| way.to_string()).into(),
            r(it).map_or("-".into(), words::multiple),
            it.made.map_or("-".to_owned(), |made| format!("{:+.1}", made.pct)).into(),
            names.join(", ").into(),
        ]);
    }
    sheet.table(table, "No refused signal has won so far.");
    let rows = best.iter().map(|it| missed_command::declined_json(past, it)).collect();
    let day = json!({
        "declined": day.declined,
        "missed": day.missed,
        "spared": day.spared,
        "missed_pct": day.missed_pct,
    });
    (rows, day)
}

fn write_gates(sheet: &mut Sheet, past: &Past) -> Value {
    let calendar = Calendar::of(past);
    let mut rows = gates::ledger(&past.history, &calendar, past.policy().lookback.near_pct);
    rows.sort_by_key(|row| (std::cmp::Reverse(row.refusals), row.gate, row.account));
    let all: Value = rows.iter().map(|row| gates_command::row_json(past, row)).collect();
    rows.truncate(GATES);
    sheet.words(
        Tone::Dim,
        "Above zero a gate saved, below it cost: of what it alone refused, with the interval that \
         holds it 95 times of 100.",
    );
    let mut table = Table::new(&["gate", "account", ">refused", ">R each", "95 in 100", "so it"]);
    for row in &rows {
        table.row(gate_cells(past, row));
    }
    sheet.table(table, "No gate refused anything.");
    all
}

fn gate_cells(past: &Past, row: &GateRow) -> [Cell; 6] {
    [
        row.gate.name().into(),
        past.account_name(row.account).into(),
        words::count(row.refusals).into(),
        words::expectancy(&row.alone.r),
        words::interval(row.alone.r.interval).into(),
        gates_command::verdict(&row.alone),
    ]
}

fn write_alerts(sheet: &mut Sheet, past: &Past, session: Session) -> Value {
    let alerts = past.alerts.iter().filter(|alert| {
        Severity::Info < alert.notice.severity && trading_date(alert.notice.at) == session.date()
    });
    let alerts: Vec<_> = alerts.collect();
    let mut table = Table::new(&["at", "severity", "what", "seen by"]);
    for alert in &alerts {
        table.row([
            words::time_of_day(alert.notice.at).into(),
            alert.notice.severity.to_string().into(),
            match alert.repeats {
                0 => alert.notice.text.clone(),
                repeats => format!("{}, {repeats} more", alert.notice.text),
            }
            .into(),
            alert.acknowledged.as_ref().map_or("-", |seen| &seen.who).into(),
        ]);
    }
    sheet.table(table, "None.");
    alerts.iter().map(|alert| learn::alert_json(alert)).collect()
}
