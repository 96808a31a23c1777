//! The little that is asked of a database, whichever it is.

use backsight_domain::id::Seq;
use backsight_domain::time::Time;
use backsight_journal::Chain;

use crate::batch::Batch;
use crate::value::Value;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of this machine.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
        }
    }
}

/// How far the views have come. It changes in the transaction that changes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The last record whose effect is in the views; zero before the first.
    pub seq: Seq,
    /// The journal's chain after it: another journal has another.
    pub chain: Chain,
    /// The record's time.
    pub at: Time,
}

impl Applied {
    /// Before the first record.
    pub const NOTHING: Self = Self { seq: Seq(0), chain: Chain::START, at: Time::from_nanos(0) };
}

/// From where to where a batch moves the views.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) from: Applied,
    pub(crate) to: Applied,
}

/// How the place is moved, on both databases: only from where it is believed to stand.
pub(crate) const MOVE: &str = "UPDATE projection SET applied_seq = $1, chain = $2, \
     applied_at = $3 WHERE applied_seq = $4";

impl Step {
    /// The parameters of [`MOVE`].
    pub(crate) fn values(&self) -> [Value; 4] {
        let number = |seq: Seq| i64::try_from(seq.0).expect("no journal has so many records");
        let Applied { seq, chain, at } = self.to;
        [number(seq).into(), Value::Bytes(chain.0.into()), at.into(), number(self.from.seq).into()]
    }
}

/// What a statement found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
    /// Whether there are more rows than were asked for.
    pub is_cut: bool,
}

impl Answer {
    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// A value of a row by the name of its column.
    pub fn value(&self, row: usize, name: &str) -> &Value {
        let column = self.column(name);
        column.and_then(|column| self.rows.get(row)?.get(column)).unwrap_or(&Value::Null)
    }
}

/// Why a database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It cannot be opened.
    #[error("cannot open `{address}`")]
    Open {
        /// Where it is, without its password.
        address: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A password would travel to another machine where everybody on the way can read it.
    #[error(
        "`{address}` names a password and `{host}` is another machine: the connection is not \
         encrypted, so nothing was sent; reach it through a tunnel and name `127.0.0.1`"
    )]
    Cleartext {
        /// Where it is, without its password.
        address: String,
        /// The other machine.
        host: String,
    },
    /// It refuses or fails.
    #[error("the database cannot {attempt}")]
    Failed {
        /// What was attempted.
        attempt: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The place moved in between.
    #[error("another process writes the same views; end one of them")]
    Contended,
    /// A user's statement is wrong.
    #[error("{0}")]
    Statement(String),
    /// A user's statement took too long.
    #[error(
        "the statement took longer than `{0}` s and was ended; ask for less, or allow more time"
    )]
    TooLong(u64),
    /// A file that is made of the tables cannot be written.
    #[error("cannot write `{path}`")]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Its tables were made by another build.
    #[error(transparent)]
    Schema(#[from] crate::migrate::SchemaFault),
    /// The library is too old.
    #[error(
        "SQLite `{found}` may lose what was written (fixed in `{wanted}`); rebuild with a newer one"
    )]
    Version {
        /// What is there.
        found: String,
        /// What is needed.
        wanted: &'static str,
    },
}

impl Fault {
    /// A failure while something was attempted.
    pub(crate) fn failed(
        attempt: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Failed { attempt, source: source.into() }
    }
}

/// A statement that reads, with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

/// Takes rows, each with the place of its question.
pub(crate) type Take<'t> = &'t mut dyn FnMut(usize, Vec<Value>) -> Result<(), Fault>;

/// A connection.
pub(crate) trait Database: Send + std::fmt::Debug {
    /// Which database it is.
    fn engine(&self) -> Engine;

    /// Runs statements without parameters, in one transaction.
    fn run(&mut self, statements: &str) -> Result<(), Fault>;

    /// Asks; parameters are `$1`, `$2` and so on, each named in order.
    fn ask(&mut self, sql: &str, values: &[Value]) -> Result<Answer, Fault>;

    /// Applies a batch and moves the place it stands at, in one transaction.
    fn apply(&mut self, batch: &Batch, step: &Step) -> Result<(), Fault>;

    /// Reads what several questions find, all as of one instant, and hands it on row by row with
    /// the place of its question.
    fn stream(&mut self, questions: &[Question], take: Take<'_>) -> Result<(), Fault>;

    /// Asks what a user wants to know: one statement that only reads, at most so many rows.
    fn query(&mut self, sql: &str, limit: &Limit) -> Result<Answer, Fault>;
}

/// How much a user's statement may cost.
#[derive(Clone)]
pub struct Limit {
    /// Rows that are returned.
    pub rows: usize,
    /// Seconds it may take.
    pub seconds: u64,
    /// Seconds since it began, told by somebody who has a clock.
    pub watch: std::sync::Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl std::fmt::Debug for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows, {} s", self.rows, self.seconds)
    }
}
