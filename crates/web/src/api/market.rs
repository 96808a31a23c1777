//! Symbols, bars, what stands on a chart, and news.

use axum::extract::{Path, State};
use backsight_domain::time::{Span, Time};
use serde::Deserialize;
use utoipa::IntoParams;

use super::desk::is;
use super::{Json, Page, Query, instant, limit, session_on, slot_of};
use crate::app::App;
use crate::mirror::Mirror;
use crate::problem::Problem;
use crate::shape::chart::{Columns, Marks, Symbol};
use crate::shape::news::Story;

/// Which stories.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichStories {
    /// About one symbol.
    symbol: Option<String>,
    /// Words that the headline holds.
    search: Option<String>,
    /// Only those that the desk had before this time.
    before: Option<String>,
    /// How many, 100 when nothing is said.
    limit: Option<usize>,
}

/// Stories, newest first, with what was understood of them.
#[utoipa::path(get, path = "/api/v1/stories", tag = "market", params(WhichStories),
    responses((status = 200, body = Page<Story>)))]
pub(crate) async fn stories(
    State(app): State<App>,
    Query(which): Query<WhichStories>,
) -> Result<Json<Page<Story>>, Problem> {
    let limit = limit(which.limit)?;
    let until = which.before.as_deref().map(|text| instant("before", text)).transpose()?;
    let until = until.unwrap_or(Time::from_nanos(i64::MAX));
    let items = app.mirror.ask(move |mirror| {
        let words = which.search.as_deref().unwrap_or_default().to_lowercase();
        Story::list(mirror, until, limit, |told, reads| {
            let about = |read: &&_| is(which.symbol.as_ref(), symbol_of(read));
            (which.symbol.is_none() || reads.iter().any(about))
                && told.story.headline.to_lowercase().contains(&words)
        })
    });
    Ok(Json(Page { items: items.await?, next: None }))
}

fn symbol_of(read: &backsight_learning::past::press::Read) -> &str {
    read.reading.ticker.as_str()
}

/// The symbols that are watched, with their last prices.
#[utoipa::path(get, path = "/api/v1/symbols", tag = "market",
    responses((status = 200, body = Page<Symbol>)))]
pub(crate) async fn symbols(State(app): State<App>) -> Result<Json<Page<Symbol>>, Problem> {
    let items = app.mirror.ask(Symbol::all).await?;
    Ok(Json(Page { items, next: None }))
}

/// Which time of a symbol.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    /// One session, such as `2024-01-05`; the last one when nothing is said.
    session: Option<String>,
    /// From this time on.
    from: Option<String>,
    /// Up to this time.
    to: Option<String>,
    /// Of bars: minutes of one, `1`, `5`, `15`, `60`, or `1d` for whole sessions.
    minutes: Option<String>,
}

impl When {
    fn range(&self, mirror: &Mirror) -> Result<(Time, Time), Problem> {
        if let Some(text) = &self.session {
            let session = session_on(text)?;
            return Ok((session.open(), session.close() + Span::from_minutes(1)));
        }
        if self.from.is_none() && self.to.is_none() && !self.is_daily() {
            let last = mirror.engine().market().session();
            let range = last.map(|it| (it.open(), it.close() + Span::from_minutes(1)));
            return Ok(range.unwrap_or_default());
        }
        let part = |name, text: &Option<String>, otherwise| match text {
            Some(text) => instant(name, text),
            None => Ok(Time::from_nanos(otherwise)),
        };
        Ok((part("from", &self.from, 0)?, part("to", &self.to, i64::MAX)?))
    }

    fn is_daily(&self) -> bool {
        self.minutes.as_deref() == Some("1d")
    }

    /// Minutes of one bar; 0 for whole sessions.
    fn length(&self) -> Result<i64, Problem> {
        match self.minutes.as_deref() {
            None | Some("1") => Ok(1),
            Some("5") => Ok(5),
            Some("15") => Ok(15),
            Some("60") => Ok(60),
            Some("1d") => Ok(0),
            Some(other) => Err(Problem::bad(format!(
                "`minutes` is `1`, `5`, `15`, `60` or `1d`, got `{other}`"
            ))),
        }
    }
}

/// Bars of a symbol as columns.
#[utoipa::path(get, path = "/api/v1/symbols/{symbol}/bars", tag = "market",
    params(("symbol" = String, Path, description = "As `QNTL`"), When),
    responses((status = 200, body = Columns), (status = 404, body = Problem)))]
pub(crate) async fn bars(
    State(app): State<App>,
    Path(symbol): Path<String>,
    Query(when): Query<When>,
) -> Result<Json<Columns>, Problem> {
    let minutes = when.length()?;
    let columns = app.mirror.ask(move |mirror| {
        let (ticker, slot) = slot_of(mirror, &symbol)?;
        let range = when.range(mirror)?;
        let candles = if minutes == 0 {
            let mut days = mirror.bars.daily(slot);
            days.retain(|day| range.0 <= day.at && day.at < range.1);
            days
        } else {
            mirror.bars.candles(slot, range, minutes)
        };
        Ok(Columns::of(ticker, minutes, &candles))
    });
    columns.await?.map(Json)
}

/// What stands on a symbol's chart: stories, signals, orders, ends, and the lines of positions.
#[utoipa::path(get, path = "/api/v1/symbols/{symbol}/marks", tag = "market",
    params(("symbol" = String, Path, description = "As `QNTL`"), When),
    responses((status = 200, body = Marks), (status = 404, body = Problem)))]
pub(crate) async fn marks(
    State(app): State<App>,
    Path(symbol): Path<String>,
    Query(when): Query<When>,
) -> Result<Json<Marks>, Problem> {
    let marks = app.mirror.ask(move |mirror| {
        let (ticker, _) = slot_of(mirror, &symbol)?;
        Ok(Marks::of(mirror, ticker, when.range(mirror)?))
    });
    marks.await?.map(Json)
}
