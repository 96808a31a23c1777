//! Lines of text, as RFC 4180 has them: a header, commas, quotes doubled where they must be.
//!
//! Nothing known is an empty cell, an empty text is `""`. Times are UTC and say so.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Column, Sheet};
use crate::value::Value;

/// A file of lines.
pub(super) struct Csv {
    file: Box<dyn Write + Send>,
}

impl Csv {
    pub(super) fn begin(mut file: Box<dyn Write + Send>, columns: &[Column]) -> io::Result<Self> {
        let names: Vec<Value> = columns.iter().map(|column| column.name.into()).collect();
        file.write_all(line(&names).as_bytes())?;
        Ok(Self { file })
    }
}

impl Sheet for Csv {
    fn take(&mut self, row: Vec<Value>) -> io::Result<()> {
        self.file.write_all(line(&row).as_bytes())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.file.flush()
    }
}

/// A row as a line.
pub fn line(row: &[Value]) -> String {
    let cells: Vec<Cow<'_, str>> = row.iter().map(cell).collect();
    cells.join(",") + "\n"
}

fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Text(text) => quoted(text),
        Value::Json(text) => quoted(text),
        Value::Time(time) => time.to_string().into(),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Real(_)
        | Value::Decimal { .. }
        | Value::Date(_)
        | Value::Bytes(_) => value.to_string().into(),
    }
}

fn quoted(text: &str) -> Cow<'_, str> {
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}
