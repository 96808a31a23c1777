//! What a number of records do to the tables, before any database is asked.

use crate::value::Value;

/// Rows to add and statements to run, in one transaction: all rows first, then the statements in
/// order. Statements change rows that are there and add none, so that a database is free to load
/// rows in bulk.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Batch {
    /// New rows, in order.
    pub(crate) rows: Vec<Row>,
    /// Changes of rows, in order.
    pub(crate) changes: Vec<Change>,
}

/// A new row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// The table.
    pub(crate) table: &'static str,
    /// Its columns, the same for every row of the table.
    pub(crate) columns: &'static [&'static str],
    /// The values of the columns.
    pub(crate) values: Vec<Value>,
}

/// A statement with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    /// The statement; parameters are `$1`, `$2` and so on, each named in order.
    pub(crate) sql: &'static str,
    /// The parameters.
    pub(crate) values: Vec<Value>,
}

impl Batch {
    /// Adds a row; `row!` writes the call.
    pub(crate) fn add(&mut self, row: Row) {
        assert_eq!(row.columns.len(), row.values.len(), "a row has a value for each column");
        self.rows.push(row);
    }

    /// Adds a change.
    pub(crate) fn change(&mut self, sql: &'static str, values: impl Into<Vec<Value>>) {
        self.changes.push(Change { sql, values: values.into() });
    }

    /// How much there is to do.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() + self.changes.len()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.changes.clear();
    }
}

/// One row of a table: `row!(signals { seq: 1, ticker: ticker })`.
macro_rules! row {
    ($table:ident { $($column:ident : $value:expr),+ $(,)? }) => {
        $crate::batch::Row {
            table: stringify!($table),
            columns: &[$(stringify!($column)),+],
            values: vec![$($crate::value::Value::from($value)),+],
        }
    };
}

pub(crate) use row;
