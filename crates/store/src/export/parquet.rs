//! Columns, compressed, with their types: what analysts' tools like to read.
//!
//! Rows wait until a group is full; then each column of it is written. A group is bounded by its
//! rows and by its bytes, since a row of signals weighs as much as a hundred of bars.

use std::io::{self, Write};
use std::sync::Arc;

use backsight_domain::time::Date;
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use super::{Column, Kind, Sheet};
use crate::value::Value;

/// Most rows of a group.
const ROWS: usize = 65_536;
/// Bytes of text after which a group ends too.
const BYTES: usize = 8 << 20;

/// A file of groups of columns.
pub(super) struct Parquet {
    writer: SerializedFileWriter<Box<dyn Write + Send>>,
    columns: Vec<Pile>,
    rows: usize,
    bytes: usize,
}

/// What waits of one column: whether each row has a value, and the values.
struct Pile {
    is_there: Vec<i16>,
    values: Values,
}

enum Values {
    Text(Vec<ByteArray>),
    Int(Vec<i64>),
    Real(Vec<f64>),
    Bool(Vec<bool>),
    /// Microseconds since 1970.
    Time(Vec<i64>),
    /// Days since 1970.
    Date(Vec<i32>),
}

impl Parquet {
    pub(super) fn begin(
        file: Box<dyn Write + Send>,
        name: &str,
        columns: &[Column],
    ) -> io::Result<Self> {
        let fields: Vec<String> = columns.iter().map(field).collect();
        let schema = format!("message {name} {{ {} }}", fields.join(" "));
        let schema = Arc::new(parse_message_type(&schema).map_err(fault)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("backsight".to_owned())
            .build();
        let writer =
            SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(fault)?;
        let columns = columns.iter().map(|column| Pile::new(column.kind)).collect();
        Ok(Self { writer, columns, rows: 0, bytes: 0 })
    }

    /// Writes what waits as one group.
    fn write(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for pile in &mut self.columns {
            let mut column = group.next_column()?.expect("the schema has a column for each pile");
            pile.write(&mut column)?;
            column.close()?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Sheet for Parquet {
    fn take(&mut self, row: Vec<Value>) -> io::Result<()> {
        for (pile, value) in self.columns.iter_mut().zip(&row) {
            self.bytes += pile.push(value);
        }
        self.rows += 1;
        if self.rows == ROWS || BYTES <= self.bytes { self.write().map_err(fault) } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.write().map_err(fault)?;
        self.writer.close().map_err(fault)?;
        Ok(())
    }
}

impl Pile {
    const fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Int => Values::Int(Vec::new()),
            Kind::Real => Values::Real(Vec::new()),
            Kind::Bool => Values::Bool(Vec::new()),
            Kind::Time => Values::Time(Vec::new()),
            Kind::Date => Values::Date(Vec::new()),
        };
        Self { is_there: Vec::new(), values }
    }

    /// Takes a value; returns how many bytes of text it has.
    fn push(&mut self, value: &Value) -> usize {
        let mut bytes = 0;
        let is_there = match &mut self.values {
            Values::Text(values) => add(
                values,
                (!value.is_null()).then(|| {
                    let text = value.as_text().map_or_else(|| value.to_string(), str::to_owned);
                    bytes = text.len();
                    ByteArray::from(text.into_bytes())
                }),
            ),
            Values::Int(values) => add(values, value.as_int()),
            Values::Real(values) => add(values, value.as_real()),
            Values::Bool(values) => add(values, value.as_bool()),
            Values::Time(values) => {
                add(values, value.as_time().map(|time| time.nanos().div_euclid(1000)))
            }
            Values::Date(values) => add(values, value.as_date().map(Date::days)),
        };
        self.is_there.push(i16::from(is_there));
        bytes
    }

    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let there = Some(&self.is_there[..]);
        match &mut self.values {
            Values::Text(values) => {
                column.typed::<ByteArrayType>().write_batch(values, there, None)?;
                values.clear();
            }
            Values::Int(values) | Values::Time(values) => {
                column.typed::<Int64Type>().write_batch(values, there, None)?;
                values.clear();
            }
            Values::Real(values) => {
                column.typed::<DoubleType>().write_batch(values, there, None)?;
                values.clear();
            }
            Values::Bool(values) => {
                column.typed::<BoolType>().write_batch(values, there, None)?;
                values.clear();
            }
            Values::Date(values) => {
                column.typed::<Int32Type>().write_batch(values, there, None)?;
                values.clear();
            }
        }
        self.is_there.clear();
        Ok(())
    }
}

fn add<T>(values: &mut Vec<T>, value: Option<T>) -> bool {
    let is_there = value.is_some();
    values.extend(value);
    is_there
}

/// A column in the words of the format's own schemas.
fn field(column: &Column) -> String {
    let kind = match column.kind {
        Kind::Text => ["BYTE_ARRAY", " (UTF8)"],
        Kind::Int => ["INT64", ""],
        Kind::Real => ["DOUBLE", ""],
        Kind::Bool => ["BOOLEAN", ""],
        Kind::Time => ["INT64", " (TIMESTAMP(MICROS,true))"],
        Kind::Date => ["INT32", " (DATE)"],
    };
    format!("OPTIONAL {} {}{};", kind[0], column.name, kind[1])
}

fn fault(fault: ParquetError) -> io::Error {
    io::Error::other(fault)
}
