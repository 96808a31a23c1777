//! PostgreSQL, by URL.
//!
//! Rows of a batch are copied in, table by table; changes follow as prepared statements. Times are
//! told and read in UTC.

mod wire;

use std::collections::BTreeMap;
use std::net::IpAddr;

use postgres::config::Host;
use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, IsolationLevel, NoTls, Statement, Transaction};

use crate::batch::{Batch, Row};
use crate::database::{Answer, Database, Engine, Fault, Limit, MOVE, Question, Step, Take};
use crate::value::Value;

use self::wire::{Raw, copied};

/// Rows that are fetched at once of an answer that may be long.
const FETCH: i32 = 1000;

/// Two functions that read the packed columns of minutes, as SQLite has them built in.
const FUNCTIONS: &str = "
CREATE OR REPLACE FUNCTION i32_at(packed BYTEA, slot BIGINT) RETURNS INTEGER
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN 0 <= slot AND slot * 4 + 4 <= length(packed) THEN
        get_byte(packed, (slot * 4)::int)
        | (get_byte(packed, (slot * 4 + 1)::int) << 8)
        | (get_byte(packed, (slot * 4 + 2)::int) << 16)
        | (get_byte(packed, (slot * 4 + 3)::int) << 24)
    END
$$;
CREATE OR REPLACE FUNCTION bit_at(packed BYTEA, slot BIGINT) RETURNS INTEGER
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN 0 <= slot AND slot / 8 < length(packed) THEN
        (get_byte(packed, (slot / 8)::int) >> (slot % 8)::int) & 1
    END
$$;";

/// A connection to a server.
pub(crate) struct Postgres {
    client: Client,
    /// Statements that are kept ready, by their words.
    ready: BTreeMap<String, Statement>,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postgres")
    }
}

impl Postgres {
    /// Connects to write.
    pub(crate) fn create(url: &str, shown: &str) -> Result<Self, Fault> {
        let mut postgres = Self::connect(url, shown)?;
        // What was committed may be lost with the server's machine: it is read again from the
        // journal.
        let settings = "SET synchronous_commit = off; SET client_min_messages = warning";
        postgres.client.batch_execute(settings).map_err(failed("be set up"))?;
        // Two that define the same function at once are in each other's way; it is there then.
        postgres.client.batch_execute(FUNCTIONS).map_err(failed("define its functions"))?;
        Ok(postgres)
    }

    /// Connects to read.
    pub(crate) fn read(url: &str, shown: &str) -> Result<Self, Fault> {
        let mut postgres = Self::connect(url, shown)?;
        let settings = "SET default_transaction_read_only = on";
        postgres.client.batch_execute(settings).map_err(failed("be set up"))?;
        Ok(postgres)
    }

    fn connect(url: &str, shown: &str) -> Result<Self, Fault> {
        let open = |source: postgres::Error| Fault::Open {
            address: shown.to_owned(),
            source: source.into(),
        };
        let mut config: postgres::Config = url.parse().map_err(open)?;
        if config.get_password().is_some()
            && let Some(host) = config.get_hosts().iter().find_map(elsewhere)
        {
            return Err(Fault::Cleartext { address: shown.to_owned(), host });
        }
        config.application_name("backsight");
        config.connect_timeout(std::time::Duration::from_secs(10));
        config.keepalives(true);
        let mut client = config.connect(NoTls).map_err(open)?;
        client.batch_execute("SET TIME ZONE 'UTC'").map_err(failed("be set up"))?;
        Ok(Self { client, ready: BTreeMap::new() })
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.ready.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.ready.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Prepares what a batch needs, then writes it; whether the views stood where believed.
    fn write(&mut self, batch: &Batch, step: &Step) -> Result<bool, postgres::Error> {
        let place = self.statement(MOVE)?;
        let mut changes = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            changes.push((self.statement(change.sql)?, &change.values));
        }
        let mut transaction = self.client.transaction()?;
        if transaction.execute(&place, &parameters(&step.values()))? != 1 {
            return Ok(false);
        }
        copy(&mut transaction, &batch.rows)?;
        for (statement, values) in changes {
            transaction.execute(&statement, &parameters(values))?;
        }
        transaction.commit()?;
        Ok(true)
    }
}

impl Database for Postgres {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn run(&mut self, statements: &str) -> Result<(), Fault> {
        self.ready.clear();
        let whole = format!("BEGIN;\n{statements}\n;COMMIT;");
        self.client.batch_execute(&whole).map_err(|fault| {
            self.client.batch_execute("ROLLBACK").ok();
            failed("change its tables")(fault)
        })
    }

    fn ask(&mut self, sql: &str, values: &[Value]) -> Result<Answer, Fault> {
        let ask = |this: &mut Self| {
            let statement = this.statement(sql)?;
            let rows = this.client.query(&statement, &parameters(values))?;
            answer(&statement, &rows)
        };
        ask(self).map_err(failed("be read"))
    }

    fn apply(&mut self, batch: &Batch, step: &Step) -> Result<(), Fault> {
        match self.write(batch, step) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Fault::Contended),
            Err(fault) => Err(failed("take a batch")(fault)),
        }
    }

    fn stream(&mut self, questions: &[Question], take: Take<'_>) -> Result<(), Fault> {
        let whole = self.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
        let mut whole = whole.read_only(true).start().map_err(failed("be read"))?;
        for (place, question) in questions.iter().enumerate() {
            let statement = whole.prepare(&question.sql).map_err(failed("be read"))?;
            let portal = whole.bind(&statement, &parameters(&question.values));
            let portal = portal.map_err(failed("be read"))?;
            loop {
                let rows = whole.query_portal(&portal, FETCH).map_err(failed("be read"))?;
                if rows.is_empty() {
                    break;
                }
                for row in &rows {
                    take(place, read(row).map_err(failed("be read"))?)?;
                }
            }
        }
        Ok(())
    }

    fn query(&mut self, sql: &str, limit: &Limit) -> Result<Answer, Fault> {
        let ask = |this: &mut Self| {
            let mut transaction = this.client.build_transaction().read_only(true).start()?;
            let time = format!("SET LOCAL statement_timeout = '{}s'", limit.seconds);
            transaction.batch_execute(&time)?;
            let statement = transaction.prepare(sql)?;
            // One more than wanted, to know whether there are more.
            let most = i32::try_from(limit.rows.saturating_add(1)).unwrap_or(i32::MAX);
            let portal = transaction.bind(&statement, &[])?;
            let mut rows = transaction.query_portal(&portal, most)?;
            let is_cut = limit.rows < rows.len();
            rows.truncate(limit.rows);
            answer(&statement, &rows).map(|found| Answer { is_cut, ..found })
        };
        ask(self).map_err(|fault| match fault.code() {
            Some(&SqlState::QUERY_CANCELED) => Fault::TooLong(limit.seconds),
            Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => Fault::Statement(
                "the statement would change something; this connection only reads".to_owned(),
            ),
            _ => match fault.as_db_error() {
                Some(told) => Fault::Statement(told.message().to_owned()),
                None => failed("be asked")(fault),
            },
        })
    }
}

/// The name of a host that is another machine; a tunnel ends on this one.
fn elsewhere(host: &Host) -> Option<String> {
    match host {
        Host::Tcp(name) => {
            let ip = name.parse::<IpAddr>();
            let is_here = name == "localhost" || ip.is_ok_and(|ip| ip.is_loopback());
            (!is_here).then(|| name.clone())
        }
        #[cfg(unix)]
        Host::Unix(_) => None,
    }
}

/// Copies rows in, all of a table at once.
fn copy(transaction: &mut Transaction<'_>, rows: &[Row]) -> Result<(), postgres::Error> {
    let mut tables: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        tables.entry(row.table).or_default().push(row);
    }
    for (table, rows) in tables {
        let columns = rows[0].columns.join(", ");
        let mut writer = transaction.copy_in(&format!("COPY {table} ({columns}) FROM STDIN"))?;
        let mut text = String::new();
        for row in rows {
            copied(&row.values, &mut text);
            if 1 << 20 < text.len() {
                send(&mut writer, &mut text);
            }
        }
        send(&mut writer, &mut text);
        writer.finish()?;
    }
    Ok(())
}

/// Sends text on. What breaks here is told by the end of the copy.
fn send(writer: &mut postgres::CopyInWriter<'_>, text: &mut String) {
    use std::io::Write;
    writer.write_all(text.as_bytes()).ok();
    text.clear();
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn answer(statement: &Statement, rows: &[postgres::Row]) -> Result<Answer, postgres::Error> {
    let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let mut found = Answer { columns, ..Answer::default() };
    for row in rows {
        found.rows.push(read(row)?);
    }
    Ok(found)
}

fn read(row: &postgres::Row) -> Result<Vec<Value>, postgres::Error> {
    let value = |index| row.try_get::<_, Option<Raw>>(index);
    (0..row.len()).map(|index| Ok(value(index)?.map_or(Value::Null, |raw| raw.0))).collect()
}

fn failed(attempt: &'static str) -> impl Fn(postgres::Error) -> Fault {
    move |fault| Fault::failed(attempt, fault)
}

#[cfg(test)]
mod tests;
