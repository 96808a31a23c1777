//! SQLite, built into the program.
//!
//! One connection writes; others read beside it, each with a view of its own (write-ahead log).

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement, ToSql};

use crate::batch::{Batch, Row};
use crate::database::{Answer, Database, Engine, Fault, Limit, MOVE, Question, Step, Take};
use crate::dialect;
use crate::value::{Value, parse_time, time_text};

/// Before it a database could lose what was written when its log was begun anew.
const VERSION_MIN: (i32, &str) = (3_051_003, "3.51.3");
/// Instructions of a user's statement between two looks at the time.
const INSTRUCTIONS: i32 = 20_000;
/// Statements that are kept ready.
const STATEMENTS: usize = 128;

/// A connection to a file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    connection: Connection,
    /// How a row is added, by table.
    inserts: BTreeMap<&'static str, String>,
}

impl Sqlite {
    /// Opens the file as its one writer; begins it when there is none.
    pub(crate) fn create(path: &Path) -> Result<Self, Fault> {
        let sqlite = Self::open(path, OpenFlags::default())?;
        // A view can be rebuilt, so the log need not be synced before each commit: what was
        // committed stands whole after a crash of the program, and a part of it after a loss of
        // power; the place it stands at is in the same transaction.
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; \
             PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864";
        sqlite.connection.execute_batch(settings).map_err(failed("be set up"))?;
        Ok(sqlite)
    }

    /// Opens a file that is there to read it.
    pub(crate) fn read(path: &Path) -> Result<Self, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sqlite = Self::open(path, flags)?;
        let settings = "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; \
             PRAGMA cache_size = -32768";
        sqlite.connection.execute_batch(settings).map_err(failed("be set up"))?;
        Ok(sqlite)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self, Fault> {
        if rusqlite::version_number() < VERSION_MIN.0 {
            let found = rusqlite::version().to_owned();
            return Err(Fault::Version { found, wanted: VERSION_MIN.1 });
        }
        let open = || {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS);
            dialect::define(&connection)?;
            Ok(connection)
        };
        let connection = open().map_err(|source: rusqlite::Error| Fault::Open {
            address: path.display().to_string(),
            source: source.into(),
        })?;
        Ok(Self { connection, inserts: BTreeMap::new() })
    }

    /// How a row of this shape is added.
    fn insert(&mut self, row: &Row) -> String {
        let sentence = || {
            let places: Vec<String> = (1..=row.columns.len()).map(|n| format!("?{n}")).collect();
            format!(
                "INSERT INTO {} ({}) VALUES ({})",
                row.table,
                row.columns.join(", "),
                places.join(", ")
            )
        };
        self.inserts.entry(row.table).or_insert_with(sentence).clone()
    }

    /// Writes a batch; returns whether the views stood where they were believed to.
    fn write(&mut self, batch: &Batch, step: &Step) -> rusqlite::Result<bool> {
        let place = step.values();
        let mut statement = self.connection.prepare_cached(MOVE)?;
        if statement.execute(rusqlite::params_from_iter(&place))? != 1 {
            return Ok(false);
        }
        drop(statement);
        let mut rest = &batch.rows[..];
        // Rows of one table stand together more often than not.
        while let Some(first) = rest.first() {
            let alike = rest.iter().take_while(|row| row.table == first.table).count();
            let sentence = self.insert(first);
            let mut statement = self.connection.prepare_cached(&sentence)?;
            for row in &rest[..alike] {
                statement.execute(rusqlite::params_from_iter(&row.values))?;
            }
            rest = &rest[alike..];
        }
        for change in &batch.changes {
            let mut statement = self.connection.prepare_cached(change.sql)?;
            statement.execute(rusqlite::params_from_iter(&change.values))?;
        }
        Ok(true)
    }
}

impl Database for Sqlite {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn run(&mut self, statements: &str) -> Result<(), Fault> {
        let run = |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            transaction.execute_batch(statements)?;
            transaction.commit()
        };
        run(&mut self.connection).map_err(failed("change its tables"))
    }

    fn ask(&mut self, sql: &str, values: &[Value]) -> Result<Answer, Fault> {
        let ask = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            answer(&mut statement, values, usize::MAX)
        };
        ask().map_err(failed("be read"))
    }

    fn apply(&mut self, batch: &Batch, step: &Step) -> Result<(), Fault> {
        let begun = self.connection.execute_batch("BEGIN IMMEDIATE");
        begun.map_err(failed("begin a transaction"))?;
        let outcome = match self.write(batch, step) {
            Ok(true) => self.connection.execute_batch("COMMIT").map_err(failed("commit")),
            Ok(false) => Err(Fault::Contended),
            Err(fault) => Err(failed("take a batch")(fault)),
        };
        if outcome.is_err() {
            // A transaction that the fault ended already cannot be ended again.
            self.connection.execute_batch("ROLLBACK").ok();
        }
        outcome
    }

    fn stream(&mut self, questions: &[Question], take: Take<'_>) -> Result<(), Fault> {
        // What is read in one transaction is read as of its first look.
        let whole = self.connection.unchecked_transaction().map_err(failed("be read"))?;
        for (place, question) in questions.iter().enumerate() {
            let mut statement = whole.prepare(&question.sql).map_err(failed("be read"))?;
            let kinds = kinds(&statement);
            let values = rusqlite::params_from_iter(&question.values);
            let mut rows = statement.query(values).map_err(failed("be read"))?;
            while let Some(row) = rows.next().map_err(failed("be read"))? {
                take(place, read(row, &kinds).map_err(failed("be read"))?)?;
            }
        }
        Ok(())
    }

    fn query(&mut self, sql: &str, limit: &Limit) -> Result<Answer, Fault> {
        let sentence = dialect::sqlite(sql).map_err(Fault::Statement)?;
        let (watch, seconds) = (limit.watch.clone(), limit.seconds);
        #[expect(clippy::cast_precision_loss, reason = "a limit of seconds is small")]
        let is_over = move || seconds as f64 <= watch();
        self.connection
            .progress_handler(INSTRUCTIONS, Some(is_over))
            .map_err(failed("watch a statement"))?;
        let ask = || {
            let mut statement = self.connection.prepare(&sentence)?;
            answer(&mut statement, &[], limit.rows)
        };
        let found = ask();
        let none: Option<fn() -> bool> = None;
        self.connection.progress_handler(0, none).map_err(failed("watch a statement"))?;
        found.map_err(|fault| match fault.sqlite_error_code() {
            Some(rusqlite::ErrorCode::OperationInterrupted) => Fault::TooLong(limit.seconds),
            Some(rusqlite::ErrorCode::ReadOnly) => Fault::Statement(
                "the statement would change something; this connection only reads".to_owned(),
            ),
            Some(_) | None => Fault::Statement(message(&fault)),
        })
    }
}

/// A fault in the words of a person who wrote the statement.
fn message(fault: &rusqlite::Error) -> String {
    if let rusqlite::Error::SqlInputError { msg, .. } = fault {
        return msg.clone();
    }
    if let rusqlite::Error::SqliteFailure(_, Some(text)) = fault {
        return text.clone();
    }
    fault.to_string()
}

fn failed(attempt: &'static str) -> impl Fn(rusqlite::Error) -> Fault {
    move |fault| Fault::failed(attempt, fault)
}

/// Runs a statement and reads what it finds, by the types its columns were declared with.
fn answer(
    statement: &mut Statement<'_>,
    values: &[Value],
    most: usize,
) -> rusqlite::Result<Answer> {
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let kinds = kinds(statement);
    let mut found = Answer { columns, ..Answer::default() };
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        if found.rows.len() == most {
            found.is_cut = true;
            break;
        }
        found.rows.push(read(row, &kinds)?);
    }
    Ok(found)
}

/// What its columns were declared to hold.
fn kinds(statement: &Statement<'_>) -> Vec<Kind> {
    statement.columns().map(|column| Kind::declared(column.decl_type())).collect()
}

fn read(row: &rusqlite::Row<'_>, kinds: &[Kind]) -> rusqlite::Result<Vec<Value>> {
    let value = |(index, kind): (usize, &Kind)| row.get_ref(index).map(|raw| kind.read(raw));
    kinds.iter().enumerate().map(value).collect()
}

/// What a column was declared to hold.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Any,
    Bool,
    Real,
    Json,
    Time,
    Date,
}

impl Kind {
    fn declared(kind: Option<&str>) -> Self {
        match kind {
            Some("BOOLEAN") => Self::Bool,
            Some("REAL" | "DOUBLE PRECISION") => Self::Real,
            Some("JSONB") => Self::Json,
            Some("TIMESTAMPTZ") => Self::Time,
            Some("DATE") => Self::Date,
            Some(_) | None => Self::Any,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "what is shown needs no sixteenth digit")]
    fn read(self, raw: ValueRef<'_>) -> Value {
        match (self, raw) {
            (_, ValueRef::Null) => Value::Null,
            (Self::Bool, ValueRef::Integer(value)) => Value::Bool(value != 0),
            (Self::Real, ValueRef::Integer(value)) => Value::Real(value as f64),
            (_, ValueRef::Integer(value)) => Value::Int(value),
            (_, ValueRef::Real(value)) => Value::Real(value),
            (_, ValueRef::Blob(bytes)) => Value::Bytes(bytes.into()),
            (_, ValueRef::Text(text)) => self.text(&String::from_utf8_lossy(text)),
        }
    }

    fn text(self, text: &str) -> Value {
        let known = match self {
            Self::Json => Some(Value::Json(text.into())),
            Self::Time => parse_time(text).map(Value::Time),
            Self::Date => backsight_domain::time::Date::parse(text).map(Value::Date),
            Self::Any | Self::Bool | Self::Real => None,
        };
        known.unwrap_or_else(|| Value::Text(text.to_owned().into()))
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let borrowed = |text| ToSqlOutput::Borrowed(ValueRef::Text(text));
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Bool(value) => ToSqlOutput::from(*value),
            Self::Int(value) => ToSqlOutput::from(*value),
            Self::Real(value) => ToSqlOutput::from(*value),
            Self::Decimal { .. } => ToSqlOutput::from(self.as_real().unwrap_or_default()),
            Self::Text(text) => borrowed(text.as_bytes()),
            Self::Json(text) => borrowed(text.as_bytes()),
            Self::Time(time) => ToSqlOutput::from(time_text(*time)),
            Self::Date(date) => ToSqlOutput::from(date.to_string()),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}
