//! `divergence`: a session as it was and as a back-test, and a cause for each cent.

use backsight_domain::money::Money;
use backsight_domain::session::{Session, covers_date};
use backsight_domain::time::Date;
use backsight_journal::Reader;
use backsight_learning::divergence::{
    AccountDivergence, Cause, Difference, SessionDivergence, diverge,
};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Divergence;
use crate::command::{Context, status};
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::view::View;
use crate::words;

/// Differences that are shown for each account.
const LARGEST: usize = 8;

/// Decides a session again and tells why it made other money.
pub(crate) fn run(context: &Context, wish: &Divergence) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let view = View::read(&context.home)?;
    let closed = view.history.closings.last().map(|closing| words::trading_date(closing.at));
    let session = match &wish.date {
        Some(text) => parse(text)?,
        None => match closed.and_then(Session::on) {
            Some(session) => session,
            None => return Ok(nothing(context)),
        },
    };
    let disk = context.home.disk();
    let Some(told) = diverge(Reader::open(&disk)?, session)? else {
        let message = format!("the journal has no minute of `{}`", session.date());
        return Err(Failure::new(Exit::Usage, message));
    };
    let mut page = context.page();
    write(&mut page, &view, &told);
    let accounts = told.accounts.iter().map(|account| account_json(&view, account));
    let json = json!({
        "session": told.session.to_string(),
        "accounts": accounts.collect::<Vec<_>>(),
    });
    Ok(Answer::fine(page, json))
}

fn parse(text: &str) -> Result<Session, Failure> {
    let date = Date::parse(text).filter(|date| covers_date(*date));
    date.and_then(Session::on).ok_or_else(|| {
        let message = format!("`{text}` is no session; write a trading day such as `2024-01-05`");
        Failure::new(Exit::Usage, message)
    })
}

fn nothing(context: &Context) -> Answer {
    let mut page = context.page();
    page.line(Tone::Plain, "No session has closed yet.");
    page.line(Tone::Dim, "Let the desk run: backsight demo");
    Answer::fine(page, json!({ "session": Value::Null, "accounts": [], "next": "backsight demo" }))
}

fn write(page: &mut Page, view: &View, told: &SessionDivergence) {
    page.heading(&format!("{} as it was and as a back-test", told.session));
    let mut table = Table::new(&["account", ">recorded", ">back-test", ">difference"]);
    for account in &told.accounts {
        table.row([
            view.engine.account_name(account.account).into(),
            words::result(account.recorded),
            words::result(account.rerun),
            words::result(account.gap()),
        ]);
    }
    page.table(&table);
    page.heading("Why");
    let mut table = Table::new(&["cause", "account", ">dollars", "what it is"]);
    for cause in Cause::ALL {
        for account in &told.accounts {
            let money = account.of(cause);
            if money != Money::ZERO {
                table.row([
                    cause.to_string().into(),
                    view.engine.account_name(account.account).into(),
                    words::result(money),
                    Cell::toned(Tone::Dim, meaning(cause)),
                ]);
            }
        }
    }
    if table.is_empty() {
        page.line(Tone::Good, "  Both made the same, to the last cent.");
        return;
    }
    page.table(&table);
    for account in &told.accounts {
        write_largest(page, view, account);
    }
}

fn write_largest(page: &mut Page, view: &View, account: &AccountDivergence) {
    let mut largest: Vec<&Difference> = account.differences.iter().collect();
    largest.sort_by_key(|it| (std::cmp::Reverse(it.money.magnitude()), it.instrument, it.cause));
    if largest.is_empty() {
        return;
    }
    page.heading(&format!("Largest of {}", view.engine.account_name(account.account)));
    let mut table = Table::new(&["instrument", "cause", ">dollars"]);
    for it in largest.into_iter().take(LARGEST) {
        let name = it.instrument.map_or("-".to_owned(), |instrument| instrument.to_string());
        table.row([
            Cell::toned(Tone::Strong, name),
            it.cause.to_string().into(),
            words::result(it.money),
        ]);
    }
    page.table(&table);
}

const fn meaning(cause: Cause) -> &'static str {
    match cause {
        Cause::Signal => "only one of the two wanted to trade",
        Cause::Fill => "both wanted it, and the venue filled less",
        Cause::Size => "different quantities were wanted",
        Cause::Timing => "what the market moved in between",
        Cause::Price => "spread and slippage against the fill model",
        Cause::Cost => "fees",
        Cause::Other => "what happened beside the trades",
    }
}

fn account_json(view: &View, account: &AccountDivergence) -> Value {
    let causes: Map<String, Value> = Cause::ALL
        .into_iter()
        .map(|cause| (cause.to_string(), json::money(account.of(cause))))
        .collect();
    let differences = account.differences.iter().map(|it| {
        json!({
            "instrument": it.instrument.map(|instrument| instrument.to_string()),
            "cause": it.cause.to_string(),
            "money": json::money(it.money),
        })
    });
    json!({
        "account": view.engine.account_name(account.account),
        "recorded": json::money(account.recorded),
        "back_test": json::money(account.rerun),
        "difference": json::money(account.gap()),
        "causes": causes,
        "differences": differences.collect::<Vec<_>>(),
    })
}
