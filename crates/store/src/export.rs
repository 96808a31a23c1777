//! Tables as files that other programs read: Parquet and CSV.
//!
//! ```text
//! one read transaction ──rows──► a file each ──► `.part` ──renamed when whole──► bars.parquet
//! ```
//!
//! All files of one export tell the desk as of the same record. Rows go through one at a time and
//! are written in groups of bounded size, so a long history needs no more memory than a short one.
//! The columns are those of the table, so a column that is added is exported.

mod csv;
mod parquet;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use backsight_domain::id::Seq;
use backsight_domain::time::Time;

use crate::database::{Fault, Question};
use crate::migrate;
use crate::store::Store;
use crate::value::Value;

pub use self::csv::line;

/// Something that can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// Its name, and the beginning of its file's.
    pub name: &'static str,
    /// What a row of it is.
    pub about: &'static str,
    /// The table or view.
    table: &'static str,
    /// The column that says when a row happened.
    when: &'static str,
    /// What orders the rows; there is an index for it, so that nothing is sorted.
    order: &'static str,
}

macro_rules! datasets {
    ($($name:literal $table:literal $when:literal $order:literal $about:literal;)+) => {
        &[$(Dataset { name: $name, about: $about, table: $table, when: $when, order: $order }),+]
    };
}

impl Dataset {
    /// Everything that can be exported.
    pub const ALL: &[Self] = datasets! {
        "bars" "bars" "start" "m.seq, l.slot" "a minute of a symbol";
        "signals" "signals" "at" "seq" "a wish to trade, with factors and features";
        "verdicts" "verdicts" "at" "seq" "what the gates said to one account";
        "refusals" "refusals" "at" "signal, account, gate" "a gate that stopped a signal";
        "ghosts" "ghosts" "at" "seq" "what a refused signal would have done";
        "orders" "orders" "at" "seq" "an order and where it stands";
        "fills" "fills" "at" "seq" "an execution";
        "positions" "positions" "opened_at" "seq" "a position, open or closed";
        "marks" "marks" "at" "position, seq" "the worth of a position in a minute";
        "stories" "stories" "at" "seq" "news as it arrived";
        "readings" "readings" "at" "seq" "what news said of a symbol";
        "sessions" "sessions" "at" "session_date, account" "an account's equity at a close";
    };

    /// The one of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|dataset| dataset.name == name)
    }

    /// What its columns are called and hold.
    fn columns(&self) -> Vec<Column> {
        if self.table == "bars" {
            let column = |(name, kind)| Column { name, kind };
            return BARS.into_iter().map(column).collect();
        }
        let columns = migrate::columns(self.table).into_iter();
        columns.map(|(name, kind)| Column { name, kind: Kind::of(kind) }).collect()
    }

    /// The statement that reads its rows.
    fn question(&self, wish: &Export<'_>) -> Question {
        let names: Vec<&str> = self.columns().iter().map(|column| column.name).collect();
        let (select, from) = if self.table == "bars" {
            (BAR.to_owned(), "minutes m JOIN listings l ON bit_at(m.traded, l.slot) = 1")
        } else {
            (names.join(", "), self.table)
        };
        let (when, order) = (self.when, self.order);
        let (mut conditions, mut values) = (Vec::new(), Vec::new());
        if let Some(from) = wish.from {
            values.push(Value::from(from));
            conditions.push(format!("${} <= {when}", values.len()));
        }
        if let Some(until) = wish.until {
            values.push(Value::from(until));
            conditions.push(format!("{when} < ${}", values.len()));
        }
        let filter = if conditions.is_empty() { "" } else { " WHERE " };
        let conditions = conditions.join(" AND ");
        let sql = format!("SELECT {select} FROM {from}{filter}{conditions} ORDER BY {order}");
        Question { sql, values }
    }
}

/// The columns of bars, which no table has as such.
const BARS: [(&str, Kind); 8] = [
    ("ticker", Kind::Text),
    ("start", Kind::Time),
    ("session_date", Kind::Date),
    ("open", Kind::Real),
    ("high", Kind::Real),
    ("low", Kind::Real),
    ("close", Kind::Real),
    ("volume", Kind::Int),
];
const BAR: &str = "l.ticker, m.start, m.session_date, i32_at(m.open, l.slot) / 10000.0, \
     i32_at(m.high, l.slot) / 10000.0, i32_at(m.low, l.slot) / 10000.0, \
     i32_at(m.close, l.slot) / 10000.0, i32_at(m.volume, l.slot)";

/// A column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Column {
    name: &'static str,
    kind: Kind,
}

/// What a column of a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Int,
    /// Money and quantities too: the nearest double, with which other programs calculate.
    Real,
    Bool,
    Time,
    Date,
}

impl Kind {
    /// The kind of a column of ours.
    fn of(declared: &str) -> Self {
        match declared {
            "TEXT" | "JSONB" => Self::Text,
            "BIGINT" => Self::Int,
            "NUMERIC" | "DOUBLE PRECISION" => Self::Real,
            "BOOLEAN" => Self::Bool,
            "TIMESTAMPTZ" => Self::Time,
            "DATE" => Self::Date,
            other => panic!("no file has a column of `{other}`"),
        }
    }
}

/// How files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns, compressed, with their types.
    Parquet,
    /// Lines of text.
    Csv,
}

impl Format {
    /// The stable name, which files end in.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
        }
    }
}

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Export<'w> {
    /// What is exported.
    pub datasets: Vec<&'static Dataset>,
    /// How.
    pub format: Format,
    /// The folder, which is there.
    pub folder: &'w Path,
    /// Only what happened at this instant or later.
    pub from: Option<Time>,
    /// Only what happened before this one.
    pub until: Option<Time>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The last record that the files know.
    pub applied: Seq,
    /// The files, in the order of the wish.
    pub files: Vec<Written>,
}

/// A file that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The dataset.
    pub name: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// How many rows it has.
    pub rows: u64,
    /// How long it is.
    pub bytes: u64,
}

impl Export<'_> {
    /// Where a dataset goes.
    pub fn path(&self, dataset: &Dataset) -> PathBuf {
        self.folder.join(format!("{}.{}", dataset.name, self.format.name()))
    }
}

/// A file that is being written.
trait Sheet {
    /// Takes a row.
    fn take(&mut self, row: Vec<Value>) -> std::io::Result<()>;
    /// Ends the file.
    fn finish(self: Box<Self>) -> std::io::Result<()>;
}

impl Store {
    /// Writes tables into files, and tells how many rows each has so far.
    ///
    /// A file appears under its name when it is whole; what stood there before is replaced then.
    ///
    /// # Errors
    /// Returns a failing database, or a file that cannot be written.
    pub fn export(
        &mut self,
        wish: &Export<'_>,
        tell: &mut dyn FnMut(&'static str, u64),
    ) -> Result<Exported, Fault> {
        let applied = "SELECT applied_seq FROM projection".to_owned();
        let mut questions = vec![Question { sql: applied, values: Vec::new() }];
        questions.extend(wish.datasets.iter().map(|dataset| dataset.question(wish)));
        let drafts = wish.datasets.iter().map(|dataset| Draft::begin(wish, dataset));
        let mut drafts = drafts.collect::<Result<Vec<_>, _>>()?;
        let mut applied = Seq(0);
        self.stream(&questions, &mut |place, row| match place.checked_sub(1) {
            None => {
                applied = Seq(row[0].as_int().and_then(|seq| seq.try_into().ok()).unwrap_or(0));
                Ok(())
            }
            Some(place) => {
                let draft = &mut drafts[place];
                draft.rows += 1;
                tell(draft.name, draft.rows);
                draft.sheet.take(row).map_err(fault_at(&draft.part))
            }
        })?;
        let files = drafts.into_iter().map(Draft::finish).collect::<Result<_, _>>()?;
        Ok(Exported { applied, files })
    }
}

/// A file under another name, until it is whole.
struct Draft {
    name: &'static str,
    path: PathBuf,
    part: Part,
    rows: u64,
    sheet: Box<dyn Sheet>,
}

/// The place of a draft; what is not finished goes away.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // It is gone already when it got its name.
        fs::remove_file(&self.0).ok();
    }
}

impl Draft {
    fn begin(wish: &Export<'_>, dataset: &Dataset) -> Result<Self, Fault> {
        let path = wish.path(dataset);
        let part = Part(path.with_extension(format!("{}.part", wish.format.name())));
        let file = File::create(&part.0).map_err(fault_at(&part))?;
        let file: Box<dyn Write + Send> = Box::new(BufWriter::new(file));
        let columns = dataset.columns();
        let sheet: std::io::Result<Box<dyn Sheet>> = match wish.format {
            Format::Csv => csv::Csv::begin(file, &columns).map(|sheet| Box::new(sheet) as _),
            Format::Parquet => parquet::Parquet::begin(file, dataset.name, &columns)
                .map(|sheet| Box::new(sheet) as _),
        };
        let sheet = sheet.map_err(fault_at(&part))?;
        Ok(Self { name: dataset.name, path, part, rows: 0, sheet })
    }

    fn finish(self) -> Result<Written, Fault> {
        self.sheet.finish().map_err(fault_at(&self.part))?;
        fs::rename(&self.part.0, &self.path).map_err(fault_at(&self.part))?;
        let bytes = fs::metadata(&self.path).map_err(fault_at(&self.part))?.len();
        Ok(Written { name: self.name, path: self.path.clone(), rows: self.rows, bytes })
    }
}

fn fault_at(part: &Part) -> impl Fn(std::io::Error) -> Fault {
    let path = part.0.clone();
    move |source| Fault::File { path: path.clone(), source }
}

#[cfg(test)]
mod tests;
