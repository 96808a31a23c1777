//! A projection that goes on behind some record: what it must remember, read from the tables.

use backsight_domain::decision::Stage;
use backsight_domain::id::{AccountId, DeskName, Seq};
use backsight_domain::instrument::{Contract, Instrument, Ticker};
use backsight_domain::market::Minute;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;
use backsight_domain::signal::Direction;

use super::Projection;
use super::desk::Lookback;
use super::ghost::Watch;
use super::market::session_number;
use super::position::{Held, Touch};
use crate::database::{Answer, Database, Fault};
use crate::value::Value;

impl Projection {
    /// Reads back what is remembered.
    pub(crate) fn restore(database: &mut dyn Database) -> Result<Self, Fault> {
        let mut projection = Self::default();
        let answer = database.ask("SELECT desk FROM starts ORDER BY seq DESC LIMIT 1", &[])?;
        let desk = answer.value(0, "desk").as_text().map(Ticker::parse);
        projection.desk = desk.and_then(Result::ok).map(DeskName);
        let answer = database.ask("SELECT name FROM accounts ORDER BY id", &[])?;
        projection.accounts = texts(&answer, "name");
        let sql = "SELECT version, surge_bps, half_spread_bps FROM policies \
                   ORDER BY seq DESC LIMIT 1";
        let answer = database.ask(sql, &[])?;
        let setting = |name: &str| whole(answer.value(0, name)).unwrap_or(0);
        projection.policy = setting("version");
        projection.lookback = Lookback {
            surge_bps: setting("surge_bps"),
            half_spread_bps: setting("half_spread_bps"),
        };
        let answer = database.ask("SELECT ticker FROM listings ORDER BY slot", &[])?;
        projection.listings =
            texts(&answer, "ticker").iter().filter_map(|text| Ticker::parse(text).ok()).collect();
        let answer = database.ask("SELECT rung FROM readers ORDER BY seq DESC LIMIT 1", &[])?;
        projection.rung = answer.value(0, "rung").as_text().map(str::to_owned);
        let answer = database.ask("SELECT MAX(seq) AS seq FROM pipeline", &[])?;
        projection.last_closing = answer.value(0, "seq").as_int().unwrap_or(0);
        projection.restore_session(database)?;
        projection.restore_held(database)?;
        projection.restore_quotes(database)?;
        projection.restore_watched(database)?;
        Ok(projection)
    }

    /// The session's number, and its bars when they were not written yet.
    fn restore_session(&mut self, database: &mut dyn Database) -> Result<(), Fault> {
        let answer = database.ask("SELECT start FROM minutes ORDER BY start DESC LIMIT 1", &[])?;
        self.last_minute = answer.value(0, "start").as_time();
        let Some(session) = self.last_minute.and_then(Session::at) else { return Ok(()) };
        let number = session_number(None, session);
        self.session = Some((session, number));
        let sql = "SELECT COUNT(*) AS count FROM daily_bars WHERE session_date = $1";
        let written = database.ask(sql, &[session.date().into()])?;
        if written.value(0, "count").as_int() != Some(0) {
            return Ok(());
        }
        let sql = "SELECT start, traded, open, high, low, close, volume FROM minutes \
                   WHERE session_date = $1 ORDER BY start";
        let answer = database.ask(sql, &[session.date().into()])?;
        for row in 0..answer.rows.len() {
            let minute = minute_of(&answer, row);
            self.add_to_day(&minute);
        }
        Ok(())
    }

    fn restore_held(&mut self, database: &mut dyn Database) -> Result<(), Fault> {
        let sql = "SELECT p.*, a.id AS account_id FROM positions p \
                   JOIN accounts a ON a.name = p.account WHERE p.status = 'open'";
        let answer = database.ask(sql, &[])?;
        for row in 0..answer.rows.len() {
            let value = |name: &str| answer.value(row, name);
            let account = whole(value("account_id")).and_then(|id| u8::try_from(id).ok());
            let Some((account, held)) = account.zip(held_of(&answer, row)) else { continue };
            self.held.insert((AccountId(account), held.instrument), held);
        }
        Ok(())
    }

    fn restore_quotes(&mut self, database: &mut dyn Database) -> Result<(), Fault> {
        let answer = database.ask("SELECT contract, seq, at, bid, ask FROM quotes", &[])?;
        let quote = |row| {
            let value = |name: &str| answer.value(row, name);
            let contract = Contract::parse_occ(value("contract").as_text()?).ok()?;
            let (bid, ask) = (price(value("bid"))?, price(value("ask"))?);
            let (seq, at) = (value("seq").as_int()?, value("at").as_time()?);
            Some((contract, Touch { bid, ask, seq, at }))
        };
        self.quotes = (0..answer.rows.len()).filter_map(quote).collect();
        Ok(())
    }

    /// Ghosts of the session whose share has not closed yet, with what it did meanwhile.
    fn restore_watched(&mut self, database: &mut dyn Database) -> Result<(), Fault> {
        let Some((session, _)) = self.session else { return Ok(()) };
        let sql = "SELECT g.id, g.ret_15m_pct, g.ret_60m_pct, g.volume_after, s.at, s.price, \
                   s.ticker, s.direction, s.features->>'volume_avg_20' AS volume_mean \
                   FROM ghosts g JOIN signals s ON s.id = g.id \
                   WHERE s.session_date = $1 AND g.ret_close_pct IS NULL ORDER BY s.seq, s.id";
        let answer = database.ask(sql, &[session.date().into()])?;
        let sql = "SELECT start, traded, open, high, low, close, volume FROM minutes \
                   WHERE session_date = $1 ORDER BY start";
        let minutes = database.ask(sql, &[session.date().into()])?;
        let minutes: Vec<Minute> =
            (0..minutes.rows.len()).map(|row| minute_of(&minutes, row)).collect();
        for row in 0..answer.rows.len() {
            let Some(mut watch) = self.watch_of(&answer, row) else { continue };
            // What it saw before counts again; it was written before, to the same values.
            let mut forgotten = crate::batch::Batch::default();
            for minute in &minutes {
                let place = super::Place { seq: Seq(0), at: minute.end() };
                watch.follow((place, minute), self.lookback, &mut forgotten);
            }
            self.watched.push(watch);
        }
        Ok(())
    }

    fn watch_of(&self, answer: &Answer, row: usize) -> Option<Watch> {
        let value = |name: &str| answer.value(row, name);
        let ticker = Ticker::parse(value("ticker").as_text()?).ok()?;
        let mean = value("volume_mean");
        Some(Watch {
            ghost: value("id").as_text()?.to_owned(),
            slot: self.slot(ticker)?,
            at: value("at").as_time()?,
            price: price(value("price"))?,
            direction: direction(value("direction").as_text()?),
            volume_mean: mean.as_real().or_else(|| mean.as_text()?.parse().ok()),
            volume: 0,
            last: None,
            told: (false, false),
        })
    }
}

fn held_of(answer: &Answer, row: usize) -> Option<Held> {
    let value = |name: &str| answer.value(row, name);
    let direction = direction(value("direction").as_text()?);
    let magnitude = quantity(value("quantity"))?;
    let mark = price(value("mark")).zip(value("marked_at").as_time());
    Some(Held {
        id: value("id").as_text()?.to_owned(),
        instrument: Instrument::parse(value("instrument").as_text()?).ok()?,
        direction,
        quantity: if direction == Direction::Long { magnitude } else { -magnitude },
        most: quantity(value("quantity_most"))?,
        entry: price(value("entry"))?,
        stage: stage(value("stage").as_text()?),
        mark,
        marks: whole(value("marks"))?,
        best_pct: value("best_pct").as_real()?,
        worst_pct: value("worst_pct").as_real()?,
        changed: value("changed").as_int()?,
    })
}

fn direction(text: &str) -> Direction {
    if text == "long" { Direction::Long } else { Direction::Short }
}

fn stage(text: &str) -> Stage {
    let all = [Stage::Open, Stage::Protected, Stage::PartTaken, Stage::Trailing];
    all.into_iter().find(|stage| stage.to_string() == text).unwrap_or_default()
}

/// A minute as it was journaled, from its packed columns.
fn minute_of(answer: &Answer, row: usize) -> Minute {
    let bytes = |name: &str| answer.value(row, name).as_bytes().unwrap_or_default();
    let column = |name: &str| -> Vec<i32> {
        bytes(name).as_chunks().0.iter().map(|four| i32::from_le_bytes(*four)).collect()
    };
    Minute {
        start: answer.value(row, "start").as_time().unwrap_or_default(),
        open: column("open"),
        high: column("high"),
        low: column("low"),
        close: column("close"),
        volume: column("volume"),
        traded: bytes("traded")
            .as_chunks()
            .0
            .iter()
            .map(|eight| u64::from_le_bytes(*eight))
            .collect(),
    }
}

fn texts(answer: &Answer, name: &str) -> Vec<String> {
    let text = |row| answer.value(row, name).as_text().unwrap_or_default().to_owned();
    (0..answer.rows.len()).map(text).collect()
}

fn whole(value: &Value) -> Option<u32> {
    u32::try_from(value.as_int()?).ok()
}

/// The nearest price: a double holds each of them.
#[expect(clippy::cast_possible_truncation, reason = "a price in ticks is far below 2^53")]
fn price(value: &Value) -> Option<Price> {
    Price::from_ticks((value.as_real()? * 1e4).round() as i64)
}

/// The nearest quantity: a double holds each that a person would trade.
#[expect(clippy::cast_possible_truncation, reason = "what is held is far below 2^63 billionths")]
fn quantity(value: &Value) -> Option<Quantity> {
    Some(Quantity::from_units((value.as_real()? * 1e9).round() as i64))
}
