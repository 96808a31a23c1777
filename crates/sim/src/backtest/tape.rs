//! A tape: every bar of a back-test in memory, one block of integer rows for each minute.
//!
//! ```text
//! minute 0: open × symbols | high × symbols | low × symbols | close × symbols | volume × symbols
//! minute 1: ...
//! ```
//!
//! Prices are in 1/10,000 dollar and always whole cents, volumes in whole shares. The same blocks,
//! little endian after a short head, are the file that other programs read.
//!
//! A generated tape is a pure function of its plan: 64-bit integers from `SplitMix64`, and floats
//! that meet only `+ - * /`, square roots and rounding. It knows nothing of the simulated market,
//! whose prices have other uses. The formulas stand in `docs/PERFORMANCE.md`.

use std::io::{self, Read, Write};

use backsight_domain::market::Minute;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Time};

mod walk;

use self::walk::Walk;

/// Rows of one minute.
const COLUMNS: usize = 5;

/// The place of a row within the block of a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say everything")]
#[repr(usize)]
pub enum Column {
    Open,
    High,
    Low,
    Close,
    Volume,
}

/// What a generated tape follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many symbols.
    pub symbols: u16,
    /// How many full sessions of 390 minutes; half days are left out.
    pub sessions: usize,
    /// The first session is the first full one after this date.
    pub after: Date,
    /// Everything that is drawn follows from it.
    pub seed: u64,
}

/// Every bar of a back-test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tape {
    symbols: usize,
    starts: Vec<Time>,
    cells: Vec<i32>,
}

/// The first bytes of a tape in a file.
const MAGIC: &[u8; 8] = b"BSTAPE01";

/// Minutes that are written at once.
const HASHED_MINUTES: usize = 64;

impl Tape {
    /// The tape of a plan.
    pub fn generate(plan: Plan) -> Self {
        let symbols = usize::from(plan.symbols);
        let mut walks: Vec<_> = (0..plan.symbols).map(|s| Walk::new(plan.seed, s)).collect();
        let starts = full_sessions(plan.after, plan.sessions);
        let mut cells = Vec::with_capacity(starts.len() * COLUMNS * symbols);
        for minute in 0..starts.len() {
            let block = cells.len();
            cells.resize(block + COLUMNS * symbols, 0);
            for (symbol, walk) in walks.iter_mut().enumerate() {
                let row = cells[block + symbol..].iter_mut().step_by(symbols);
                row.zip(walk.bar(minute % MINUTES)).for_each(|(cell, value)| *cell = value);
            }
        }
        Self { symbols, starts, cells }
    }

    /// The number of symbols.
    pub const fn symbols(&self) -> usize {
        self.symbols
    }

    /// When each minute begins.
    pub fn starts(&self) -> &[Time] {
        &self.starts
    }

    /// The number of bars.
    pub fn bars(&self) -> usize {
        self.starts.len() * self.symbols
    }

    /// One row of a minute.
    pub fn row(&self, minute: usize, column: Column) -> &[i32] {
        let from = (minute * COLUMNS + column as usize) * self.symbols;
        &self.cells[from..from + self.symbols]
    }

    /// One cell.
    pub fn at(&self, minute: usize, column: Column, symbol: usize) -> i32 {
        self.row(minute, column)[symbol]
    }

    /// Copies a minute into columns of the same length.
    pub fn read(&self, minute: usize, into: &mut Minute) {
        into.start = self.starts[minute];
        into.open.copy_from_slice(self.row(minute, Column::Open));
        into.high.copy_from_slice(self.row(minute, Column::High));
        into.low.copy_from_slice(self.row(minute, Column::Low));
        into.close.copy_from_slice(self.row(minute, Column::Close));
        into.volume.copy_from_slice(self.row(minute, Column::Volume));
    }

    /// BLAKE3 of everything after it in a file: the name under which a journal refers to the bars.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        self.write_body(&mut hasher).expect("a hash takes every byte");
        *hasher.finalize().as_bytes()
    }

    /// Writes the tape: magic, digest, symbols, minutes, the starts, then the blocks.
    ///
    /// # Errors
    /// Returns what the writer returns.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(MAGIC)?;
        out.write_all(&self.digest())?;
        self.write_body(out)
    }

    fn write_body(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&(self.symbols as u64).to_le_bytes())?;
        out.write_all(&(self.starts.len() as u64).to_le_bytes())?;
        let mut bytes: Vec<u8> =
            self.starts.iter().flat_map(|start| start.nanos().to_le_bytes()).collect();
        out.write_all(&bytes)?;
        for block in self.cells.chunks((HASHED_MINUTES * COLUMNS * self.symbols).max(1)) {
            bytes.clear();
            bytes.extend(block.iter().flat_map(|cell| cell.to_le_bytes()));
            out.write_all(&bytes)?;
        }
        Ok(())
    }
}

/// A tape that is read minute by minute, never held as a whole.
#[derive(Debug)]
pub struct TapeReader<R> {
    input: R,
    digest: [u8; 32],
    symbols: usize,
    starts: std::vec::IntoIter<Time>,
    block: Vec<u8>,
}

impl<R: Read> TapeReader<R> {
    /// Reads the head.
    ///
    /// # Errors
    /// Returns what the reader returns, and `InvalidData` when it is no tape.
    pub fn open(mut input: R) -> io::Result<Self> {
        let (mut magic, mut digest) = ([0; MAGIC.len()], [0; 32]);
        input.read_exact(&mut magic)?;
        if &magic != MAGIC {
            return Err(no_tape());
        }
        input.read_exact(&mut digest)?;
        let symbols = u16::try_from(number(&mut input)?).map_err(|_| no_tape())?;
        let minutes = u32::try_from(number(&mut input)?).map_err(|_| no_tape())?;
        let mut starts = Vec::new();
        for _ in 0..minutes {
            starts.push(Time::from_nanos(number(&mut input)?.cast_signed()));
        }
        let symbols = usize::from(symbols);
        let block = vec![0; COLUMNS * symbols * size_of::<i32>()];
        Ok(Self { input, digest, symbols, starts: starts.into_iter(), block })
    }

    /// The number of symbols.
    pub const fn symbols(&self) -> usize {
        self.symbols
    }

    /// When the first minute begins that was not read.
    pub fn next_start(&self) -> Option<Time> {
        self.starts.as_slice().first().copied()
    }

    /// The digest that the head names.
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Reads the next minute into columns of the same length; `false` at the end.
    ///
    /// # Errors
    /// Returns what the reader returns.
    pub fn read(&mut self, into: &mut Minute) -> io::Result<bool> {
        let Some(start) = self.starts.next() else { return Ok(false) };
        self.input.read_exact(&mut self.block)?;
        into.start = start;
        let rows = self.block.chunks_exact((self.symbols * size_of::<i32>()).max(1));
        let columns =
            [&mut into.open, &mut into.high, &mut into.low, &mut into.close, &mut into.volume];
        for (column, row) in columns.into_iter().zip(rows) {
            for (cell, bytes) in column.iter_mut().zip(row.as_chunks::<4>().0) {
                *cell = i32::from_le_bytes(*bytes);
            }
        }
        Ok(true)
    }
}

fn number(input: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn no_tape() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a tape of this version")
}

/// Minutes of a full session.
const MINUTES: usize = 390;

/// The minutes of the first full sessions after a date.
fn full_sessions(after: Date, count: usize) -> Vec<Time> {
    let sessions =
        std::iter::successors(Some(Session::next(after)), |last| Some(Session::next(last.date())));
    let full = sessions.filter(|session| !session.is_half_day()).take(count);
    full.flat_map(|session| {
        std::iter::successors(Some(session.open()), |start| Some(*start + Minute::LENGTH))
            .take(MINUTES)
    })
    .collect()
}
