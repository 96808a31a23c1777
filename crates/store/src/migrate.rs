//! The tables' history: one ordered set of migrations for both databases, checksummed.
//!
//! A database remembers the checksum of each migration it was given. At start all of them must be
//! ours, in order; what is missing is applied. A database that a newer build made is refused, and
//! so is one whose migrations say something else. Nothing is lost by either: views are rebuilt.

use std::fmt::Write;

use crate::database::{Database, Engine, Fault};
use crate::value::Value;

/// One step of the tables' history. A step that was handed out is never edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its place, from 1 on.
    pub version: i64,
    /// What it is about.
    pub name: &'static str,
    /// The statements, in the words of PostgreSQL.
    pub sql: &'static str,
}

/// Every migration in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "tables", sql: include_str!("../migrations/0001_tables.sql") },
    Migration {
        version: 2,
        name: "views of the earlier systems",
        sql: include_str!("../migrations/0002_views.sql"),
    },
];

/// Why the tables are not ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaFault {
    /// A newer build made them.
    #[error(
        "the tables have migration `{found}` and this build knows up to `{known}`; start the newer \
         build, or `backsight rebuild` to make the tables anew from the journal"
    )]
    Newer {
        /// The last migration that is there.
        found: i64,
        /// The last one that is known.
        known: i64,
    },
    /// A migration is not what it was.
    #[error(
        "migration `{version}` was applied with other words than this build has; \
         `backsight rebuild` makes the tables anew from the journal"
    )]
    Changed {
        /// Which.
        version: i64,
    },
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (\
     version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, \
     applied_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP)";

impl Migration {
    /// The hash of its words.
    pub fn checksum(&self) -> String {
        blake3::hash(self.sql.as_bytes()).to_hex().to_string()
    }

    /// The statements in a database's own words.
    fn words(&self, engine: Engine) -> String {
        match engine {
            Engine::Postgres => self.sql.to_owned(),
            // The key of a row needs the one name that SQLite knows for it, and numbers with
            // decimals must not become whole ones, whose quotients are whole.
            Engine::Sqlite => self
                .sql
                .replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
                .replace("NUMERIC(20,4)", "REAL")
                .replace("NUMERIC(28,9)", "REAL"),
        }
    }
}

/// Checks what was applied and applies what is missing.
pub(crate) fn migrate(database: &mut dyn Database, all: &[Migration]) -> Result<(), Fault> {
    database.run(LEDGER)?;
    let applied = check(database, all)?;
    for migration in &all[applied..] {
        let name = migration.name;
        let note = format!(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES ({}, '{name}', '{}');",
            migration.version,
            migration.checksum()
        );
        let statements = format!("{};\n{note}", migration.words(database.engine()));
        database.run(&statements)?;
    }
    Ok(())
}

/// Checks that what was applied is ours; returns how many migrations that are.
pub(crate) fn check(database: &mut dyn Database, all: &[Migration]) -> Result<usize, Fault> {
    let answer =
        database.ask("SELECT version, checksum FROM schema_migrations ORDER BY version", &[])?;
    let known = all.last().map_or(0, |last| last.version);
    for (index, row) in answer.rows.iter().enumerate() {
        let version = row[0].as_int().unwrap_or(0);
        let Some(ours) = all.get(index).filter(|ours| ours.version == version) else {
            return Err(SchemaFault::Newer { found: version, known }.into());
        };
        if row[1] != Value::from(ours.checksum()) {
            return Err(SchemaFault::Changed { version }.into());
        }
    }
    Ok(answer.rows.len())
}

/// Drops every table and view that the migrations make, and what rests on them.
pub(crate) fn drop_all(database: &mut dyn Database, all: &[Migration]) -> Result<(), Fault> {
    let cascade = match database.engine() {
        Engine::Postgres => " CASCADE",
        Engine::Sqlite => "",
    };
    let mut statements = String::new();
    for (kind, name) in objects(all).rev() {
        let kind = kind.to_ascii_uppercase();
        writeln!(statements, "DROP {kind} IF EXISTS {name}{cascade};")
            .expect("a text can be written to");
    }
    statements.push_str("DROP TABLE IF EXISTS schema_migrations;");
    database.run(&statements)
}

/// Every table and view that the migrations make, in order.
pub(crate) fn objects(
    all: &[Migration],
) -> impl DoubleEndedIterator<Item = (&'static str, &'static str)> {
    let object = |line: &'static str| {
        let kinds = [("table", "CREATE TABLE "), ("view", "CREATE VIEW ")];
        kinds.into_iter().find_map(|(kind, words)| {
            let name = line.strip_prefix(words)?.split_whitespace().next()?;
            Some((kind, name))
        })
    };
    all.iter().flat_map(|migration| migration.sql.lines()).filter_map(object)
}

/// The columns of a table that the migrations make: names and types, in order.
pub(crate) fn columns(table: &str) -> Vec<(&'static str, &'static str)> {
    let begin = format!("CREATE TABLE {table} (");
    let lines = MIGRATIONS.iter().flat_map(|migration| migration.sql.lines());
    let inside = lines.skip_while(|line| *line != begin).skip(1);
    let column = |line: &'static str| {
        let (name, rest) = line.trim().split_once(' ')?;
        let kind = rest.split([',', '(']).next()?.split(" NOT NULL").next()?;
        Some((name, kind.split(" PRIMARY").next()?))
    };
    inside
        .take_while(|line| *line != ");")
        .filter(|line| !line.trim_start().starts_with("PRIMARY KEY"))
        .filter_map(column)
        .collect()
}
