//! A share's contracts: quotes, implied volatilities, Greeks.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use backsight_domain::instrument::{Contract, Right, Ticker};
use backsight_domain::market::Slot;
use backsight_domain::price::Price;
use backsight_domain::time::{Date, Time};
use backsight_engine::outlook::{KnownQuote, Prospect};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Json, slot_of};
use crate::app::App;
use crate::mirror::Mirror;
use crate::problem::Problem;
use crate::shape::price;

/// The contracts on a share as they were last quoted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Chain {
    /// The share.
    symbol: String,
    /// When its contracts were last quoted.
    quoted: Option<String>,
    /// The share's last price.
    underlying: Option<f64>,
    /// Where the implied volatility stands in its year, 0 to 1.
    iv_rank: Option<f64>,
    /// By the last day of trading.
    expiries: Vec<Expiry>,
}

/// The contracts of one expiry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Expiry {
    /// The last day.
    date: String,
    /// Days until then.
    days: i32,
    /// One row for each contract, by strike.
    quotes: Vec<ContractRow>,
}

/// One contract.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ContractRow {
    /// Its name.
    contract: String,
    /// `call` or `put`.
    right: String,
    /// The exercise price.
    strike: f64,
    /// When it was quoted: a contract that the last chain left out keeps its older quote.
    quoted: String,
    /// Bid.
    bid: Option<f64>,
    /// Offer.
    ask: Option<f64>,
    /// The middle of both.
    mid: Option<f64>,
    /// Contracts traded in the session.
    volume: Option<u32>,
    /// Contracts open.
    open_interest: Option<u32>,
    /// Implied volatility for a year, as contracts are chosen by.
    iv: Option<f64>,
    /// Dollars per dollar of the share.
    delta: Option<f64>,
    /// Delta per dollar of the share.
    gamma: Option<f64>,
    /// Dollars per day.
    theta: Option<f64>,
    /// Dollars per 1.00 of volatility.
    vega: Option<f64>,
}

/// The contracts on a share: quotes, implied volatility, Greeks, rank in the year.
#[utoipa::path(get, path = "/api/v1/symbols/{symbol}/chain", tag = "market",
    params(("symbol" = String, Path, description = "As `QNTL`")),
    responses((status = 200, body = Chain), (status = 404, body = Problem)))]
pub(crate) async fn chain(
    State(app): State<App>,
    Path(symbol): Path<String>,
) -> Result<Json<Chain>, Problem> {
    let chain = app.mirror.ask(move |mirror| {
        let found = slot_of(mirror, &symbol)?;
        Ok(tell(mirror, found))
    });
    chain.await?.map(Json)
}

fn tell(mirror: &Mirror, (ticker, slot): (Ticker, Slot)) -> Chain {
    let engine = mirror.engine();
    let prospect = engine.market().outlook.symbol(slot);
    let today = engine.now().utc_date();
    let mut expiries: BTreeMap<Date, Vec<ContractRow>> = BTreeMap::new();
    let mut spots: BTreeMap<Time, Option<Price>> = BTreeMap::new();
    for (contract, known) in prospect.into_iter().flat_map(|it| it.contracts(ticker)) {
        let spot = *spots.entry(known.at).or_insert_with(|| mirror.bars.price_at(slot, known.at));
        expiries.entry(contract.expiry).or_default().push(row(mirror, contract, (known, spot)));
    }
    let expiries = expiries.into_iter().map(|(date, mut quotes)| {
        quotes.sort_by(|a, b| a.strike.total_cmp(&b.strike).then(a.right.cmp(&b.right)));
        Expiry { date: date.to_string(), days: date.days() - today.days(), quotes }
    });
    Chain {
        symbol: ticker.as_str().to_owned(),
        quoted: prospect.and_then(Prospect::quoted).map(|at| at.to_string()),
        underlying: engine.market().last_price(slot).map(price),
        iv_rank: prospect.and_then(Prospect::standing).map(|standing| standing.rank),
        expiries: expiries.collect(),
    }
}

/// A quote speaks of the share's price when it was made, which may be another by now.
fn row(
    mirror: &Mirror,
    contract: Contract,
    (known, spot): (KnownQuote, Option<Price>),
) -> ContractRow {
    let quote = known.quote;
    let mid = quote.sane().map(|(bid, ask)| f64::midpoint(bid.dollars(), ask.dollars()));
    let greeks = mid
        .zip(spot)
        .and_then(|(mid, spot)| mirror.engine().greeks(contract, mid, (spot, known.at)));
    ContractRow {
        contract: contract.occ(),
        right: (if contract.right == Right::Call { "call" } else { "put" }).to_owned(),
        strike: price(contract.strike),
        quoted: known.at.to_string(),
        bid: Price::from_ticks(quote.bid).map(price),
        ask: Price::from_ticks(quote.ask).map(price),
        mid,
        volume: quote.volume,
        open_interest: quote.open_interest,
        iv: greeks.map(|(iv, _)| iv),
        delta: greeks.map(|(_, greeks)| greeks.delta),
        gamma: greeks.map(|(_, greeks)| greeks.gamma),
        theta: greeks.map(|(_, greeks)| greeks.theta),
        vega: greeks.map(|(_, greeks)| greeks.vega),
    }
}
