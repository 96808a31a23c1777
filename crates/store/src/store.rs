//! A store: views of one journal in one database.

use std::path::{Path, PathBuf};

use backsight_domain::id::Seq;
use backsight_journal::Chain;

use crate::batch::Batch;
use crate::database::{Answer, Applied, Database, Engine, Fault, Limit, Question, Step, Take};
use crate::migrate::{self, MIGRATIONS};
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::value::Value;

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A file of SQLite.
    File(PathBuf),
    /// The URL of a PostgreSQL database.
    Server(String),
}

/// Views of a journal in a database.
#[derive(Debug)]
pub struct Store {
    database: Box<dyn Database>,
}

impl Address {
    /// An address as a person writes it: `postgres://...`, or a path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Server(text.to_owned())
        } else {
            Self::File(Path::new(text).to_owned())
        }
    }

    /// Which database it is.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::File(_) => Engine::Sqlite,
            Self::Server(_) => Engine::Postgres,
        }
    }
}

/// As it may be shown: without a password.
impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
                match rest.rsplit_once('@') {
                    Some((who, place)) => {
                        let who = who.split_once(':').map_or(who, |(name, _)| name);
                        write!(f, "{scheme}://{who}@{place}")
                    }
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}

impl Store {
    /// Opens the store to write it; makes its tables, or brings them up to date.
    ///
    /// # Errors
    /// Returns a database that does not open, or tables that another build made.
    pub fn create(address: &Address) -> Result<Self, Fault> {
        let mut store = Self::connect(address)?;
        store.prepare()?;
        Ok(store)
    }

    /// Opens the store to write it, without what its tables held.
    ///
    /// # Errors
    /// Returns a database that does not open or cannot change its tables.
    pub fn create_anew(address: &Address) -> Result<Self, Fault> {
        let mut store = Self::connect(address)?;
        migrate::drop_all(&mut *store.database, MIGRATIONS)?;
        store.prepare()?;
        Ok(store)
    }

    fn prepare(&mut self) -> Result<(), Fault> {
        migrate::migrate(&mut *self.database, MIGRATIONS)?;
        if self.ask("SELECT applied_seq FROM projection", &[])?.rows.is_empty() {
            let Applied { chain, at, .. } = Applied::NOTHING;
            let sql = "INSERT INTO projection (applied_seq, chain, applied_at) VALUES ($1, $2, $3)";
            self.ask(sql, &[0_i64.into(), Value::Bytes(chain.0.into()), at.into()])?;
        }
        Ok(())
    }

    fn connect(address: &Address) -> Result<Self, Fault> {
        let database: Box<dyn Database> = match address {
            Address::File(path) => Box::new(Sqlite::create(path)?),
            Address::Server(url) => Box::new(Postgres::create(url, &address.to_string())?),
        };
        Ok(Self { database })
    }

    /// Opens a store that is there, to read it.
    ///
    /// # Errors
    /// Returns a database that does not open, or tables that another build made.
    pub fn read(address: &Address) -> Result<Self, Fault> {
        let mut database: Box<dyn Database> = match address {
            Address::File(path) => Box::new(Sqlite::read(path)?),
            Address::Server(url) => Box::new(Postgres::read(url, &address.to_string())?),
        };
        migrate::check(&mut *database, MIGRATIONS)?;
        Ok(Self { database })
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.database.engine()
    }

    /// How far the views have come.
    ///
    /// # Errors
    /// Returns a failing database.
    pub fn applied(&mut self) -> Result<Applied, Fault> {
        let answer = self.ask("SELECT applied_seq, chain, applied_at FROM projection", &[])?;
        let seq = answer.value(0, "applied_seq").as_int().and_then(|seq| u64::try_from(seq).ok());
        let chain = answer.value(0, "chain").as_bytes().and_then(|bytes| bytes.try_into().ok());
        Ok(Applied {
            seq: Seq(seq.unwrap_or(0)),
            chain: Chain(chain.unwrap_or_default()),
            at: answer.value(0, "applied_at").as_time().unwrap_or_default(),
        })
    }

    /// Every table and view: its name, which of both it is, and how many columns it has.
    ///
    /// # Errors
    /// Returns a failing database.
    pub fn objects(&mut self) -> Result<Vec<(String, &'static str, usize)>, Fault> {
        let mut objects = Vec::new();
        for (kind, name) in migrate::objects(MIGRATIONS) {
            let columns = self.ask(&format!("SELECT * FROM {name} LIMIT 0"), &[])?.columns.len();
            objects.push((name.to_owned(), kind, columns));
        }
        Ok(objects)
    }

    /// Asks with a statement of ours; parameters are `$1`, `$2` and so on.
    ///
    /// # Errors
    /// Returns a failing database.
    pub fn ask(&mut self, sql: &str, values: &[Value]) -> Result<Answer, Fault> {
        self.database.ask(sql, values)
    }

    /// Asks with a user's statement, which must only read.
    ///
    /// # Errors
    /// Returns a statement that is wrong, would write, or took too long.
    pub fn query(&mut self, sql: &str, limit: &Limit) -> Result<Answer, Fault> {
        self.database.query(sql, limit)
    }

    /// Reads what several questions find, all as of one instant.
    pub(crate) fn stream(&mut self, questions: &[Question], take: Take<'_>) -> Result<(), Fault> {
        self.database.stream(questions, take)
    }

    pub(crate) fn apply(&mut self, batch: &Batch, step: &Step) -> Result<(), Fault> {
        self.database.apply(batch, step)
    }

    pub(crate) fn database(&mut self) -> &mut dyn Database {
        &mut *self.database
    }
}
