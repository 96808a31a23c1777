//! Now: state, accounts, positions, orders, equity.

use std::sync::atomic::Ordering;

use axum::extract::State;
use backsight_domain::id::IntentId;
use backsight_domain::time::Time;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Json, Page, Query, limit};
use crate::app::App;
use crate::mirror::Mirror;
use crate::problem::Problem;
use crate::shape::desk::Desk;
use crate::shape::dollars;
use crate::shape::order::Order;
use crate::shape::position::Position;

/// The desk in one screen.
#[utoipa::path(get, path = "/api/v1/desk", tag = "desk", responses((status = 200, body = Desk)))]
pub(crate) async fn desk(State(app): State<App>) -> Result<Json<Desk>, Problem> {
    let mut desk = app.mirror.ask(Desk::of).await?;
    desk.is_current = app.progress.is_current.load(Ordering::Relaxed);
    Ok(Json(desk))
}

/// Which positions.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichPositions {
    /// Of one account.
    account: Option<String>,
    /// In one symbol.
    symbol: Option<String>,
}

/// What is held, and how it will be left.
#[utoipa::path(get, path = "/api/v1/positions", tag = "desk", params(WhichPositions),
    responses((status = 200, body = Page<Position>)))]
pub(crate) async fn positions(
    State(app): State<App>,
    Query(which): Query<WhichPositions>,
) -> Result<Json<Page<Position>>, Problem> {
    let positions = app.mirror.ask(move |mirror| {
        let all = mirror.engine().positions().map(|held| Position::of(held, mirror));
        let fits = |row: &Position| {
            is(which.account.as_ref(), &row.account) && is(which.symbol.as_ref(), &row.symbol)
        };
        all.filter(fits).collect()
    });
    Ok(Json(Page { items: positions.await?, next: None }))
}

/// Which orders.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichOrders {
    /// Of one account.
    account: Option<String>,
    /// In one symbol.
    symbol: Option<String>,
    /// In one state, such as `working`.
    state: Option<String>,
    /// Only those that are not done.
    working: Option<bool>,
    /// Only those that were decided before this record.
    before: Option<u64>,
    /// How many, 100 when nothing is said.
    limit: Option<usize>,
}

/// Orders, newest first, with the states they went through.
#[utoipa::path(get, path = "/api/v1/orders", tag = "desk", params(WhichOrders),
    responses((status = 200, body = Page<Order>)))]
pub(crate) async fn orders(
    State(app): State<App>,
    Query(which): Query<WhichOrders>,
) -> Result<Json<Page<Order>>, Problem> {
    let limit = limit(which.limit)?;
    Ok(Json(app.mirror.ask(move |mirror| list_orders(mirror, &which, limit)).await?))
}

fn list_orders(mirror: &Mirror, which: &WhichOrders, limit: usize) -> Page<Order> {
    let fits = |row: &Order| {
        is(which.account.as_ref(), &row.account)
            && is(which.symbol.as_ref(), &row.symbol)
            && is(which.state.as_ref(), &row.state)
            && which.working.is_none_or(|working| working != row.done)
    };
    let before = which.before.unwrap_or(u64::MAX);
    let end = IntentId { cause: backsight_domain::id::Seq(before), leg: 0 };
    let older = mirror.past.history.orders.range(..end).rev();
    let mut rows = older.map(|(id, tale)| (id.cause.0, Order::told(tale, mirror)));
    let mut page = Page { items: Vec::new(), next: None };
    let mut last = None;
    for (cause, row) in rows.by_ref().filter(|(_, row)| fits(row)) {
        // Orders of one record stay on one page.
        if limit <= page.items.len() && last != Some(cause) {
            page.next = last;
            break;
        }
        last = Some(cause);
        page.items.push(row);
    }
    page
}

/// Whether a filter lets a word through.
pub(super) fn is(wanted: Option<&String>, word: &str) -> bool {
    wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(word))
}

/// Equity of every account as columns of equal length.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct Equity {
    /// One curve for each account.
    pub accounts: Vec<Curve>,
}

/// One account's equity.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct Curve {
    /// The account.
    pub account: String,
    /// At the end of each session.
    pub sessions: EquityLine,
    /// At the end of each minute of the last two sessions.
    pub minutes: EquityLine,
}

/// Equity and what is missing to its best so far.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct EquityLine {
    /// Seconds since 1970.
    pub t: Vec<i64>,
    /// Dollars.
    pub equity: Vec<f64>,
    /// Dollars below the best so far; never above zero.
    pub drawdown: Vec<f64>,
}

impl EquityLine {
    fn of(points: impl Iterator<Item = (Time, f64)>) -> Self {
        let mut line = Self::default();
        let mut best = f64::NEG_INFINITY;
        for (at, equity) in points {
            best = best.max(equity);
            line.t.push(at.nanos() / 1_000_000_000);
            line.equity.push(equity);
            line.drawdown.push(equity - best);
        }
        line
    }
}

/// Equity and drawdown of every account.
#[utoipa::path(get, path = "/api/v1/equity", tag = "desk", responses((status = 200, body = Equity)))]
pub(crate) async fn equity(State(app): State<App>) -> Result<Json<Equity>, Problem> {
    let curves = app.mirror.ask(|mirror| {
        let accounts = mirror.engine().accounts().iter().map(|account| account.id);
        accounts.map(|id| curve(mirror, id)).collect()
    });
    Ok(Json(Equity { accounts: curves.await? }))
}

fn curve(mirror: &Mirror, id: backsight_domain::id::AccountId) -> Curve {
    let index = usize::from(id.0);
    let closings = mirror.past.history.closings.iter();
    let sessions =
        closings.filter_map(|closing| Some((closing.at, dollars(*closing.equity.get(index)?))));
    let minutes = mirror.equity.iter();
    let minutes = minutes
        .filter_map(|(at, equity)| Some((*at, dollars(equity.get(index).copied().flatten()?))));
    Curve {
        account: mirror.engine().account_name(id).to_owned(),
        sessions: EquityLine::of(sessions),
        minutes: EquityLine::of(minutes),
    }
}
