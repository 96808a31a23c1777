//! Reading the tables: pages of rows by sequence, and bars.
//!
//! A page is asked for by where it begins. Rows are told in the order of the record that made
//! them, or that changed them last, so that who has read up to a record asks for what came after
//! it and misses nothing.

use std::fmt::Write;

use backsight_domain::id::Seq;
use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Bar, Slot};
use backsight_domain::time::Time;

use crate::database::{Answer, Fault};
use crate::projection::minute_of;
use crate::store::Store;
use crate::value::Value;

/// Most rows of a page.
pub const PAGE_MAX: usize = 1000;
/// Most minutes whose bars are read at once: about two months of sessions.
pub const BARS_MAX: usize = 20_000;

macro_rules! tables {
    ($($kind:ident $name:literal $order:literal $what:literal;)+) => {
        /// A table that is read in pages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table {
            $(#[doc = $what] $kind,)+
        }

        impl Table {
            /// Every table.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Its name in the database.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// The column that orders its rows: the record that made or last changed them.
            pub const fn order(self) -> &'static str {
                match self {
                    $(Self::$kind => $order,)+
                }
            }
        }
    };
}

tables! {
    Starts "starts" "seq" "Processes that opened the desk.";
    Policies "policies" "seq" "Policies that took effect.";
    Commands "commands" "seq" "What people ordered.";
    States "states" "seq" "Changes of the trading state.";
    Alarms "alarms" "seq" "Calls for a person.";
    Faults "faults" "seq" "What the world did wrong.";
    Sessions "sessions" "seq" "Equity of each account at the end of each session.";
    Pipeline "pipeline" "seq" "What passed through each stage in a session.";
    Listings "listings" "seq" "The symbols that are watched.";
    Regimes "regimes" "seq" "The market's fear.";
    Notices "notices" "seq" "Halts, splits, dividends, earnings and theses.";
    Chains "chains" "seq" "Chains of option quotes.";
    Finds "finds" "seq" "What discovery found.";
    Readers "readers" "seq" "Who reads the news.";
    Stories "stories" "seq" "News as it arrived.";
    Readings "readings" "seq" "What was understood of news.";
    Signals "signals" "seq" "Wishes to trade.";
    Verdicts "verdicts" "seq" "What the gates said, by account.";
    Refusals "refusals" "seq" "Each gate that stopped a signal.";
    Holds "holds" "seq" "Playbooks that looked closely and wanted nothing.";
    Ghosts "ghosts" "changed" "What refused signals would have done.";
    GhostRefusals "ghost_refusals" "seq" "What each refusal of an ended ghost was worth.";
    Orders "orders" "changed" "Orders and where they stand.";
    OrderMoves "order_moves" "seq" "Every move of every order.";
    Fills "fills" "seq" "Executions.";
    Positions "positions" "changed" "Positions, open and closed.";
    Stages "stages" "seq" "How positions came along under their exit rules.";
    Marks "marks" "seq" "What open positions were worth, minute by minute.";
    Cycles "cycles" "seq" "Looks back.";
    Proposals "proposals" "changed" "Changes of the policy that the past speaks for.";
    ProposalMoves "proposal_moves" "seq" "How proposals came along.";
    Measurements "measurements" "seq" "How followed proposals did, session by session.";
    Ignored "ignored" "seq" "Entries that changed nothing, and why.";
}

/// Which rows of a table are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The table.
    pub table: Table,
    /// Rows of records behind this one only.
    pub after: Option<Seq>,
    /// Rows of records before this one only.
    pub before: Option<Seq>,
    /// Rows that have these values in these columns only.
    pub where_equal: Vec<(&'static str, Value)>,
    /// Whether the newest stand first.
    pub newest_first: bool,
    /// How many rows, at most [`PAGE_MAX`].
    pub limit: usize,
}

impl Wish {
    /// The newest rows of a table.
    pub const fn newest(table: Table, limit: usize) -> Self {
        Self {
            table,
            after: None,
            before: None,
            where_equal: Vec::new(),
            newest_first: true,
            limit,
        }
    }

    /// The rows of a table behind a record, the oldest first.
    pub fn since(table: Table, after: Seq, limit: usize) -> Self {
        Self { after: Some(after), newest_first: false, ..Self::newest(table, limit) }
    }

    /// Only rows that have a value in a column.
    #[must_use]
    pub fn only(mut self, column: &'static str, value: impl Into<Value>) -> Self {
        self.where_equal.push((column, value.into()));
        self
    }

    /// The statement and its parameters.
    fn statement(&self) -> (String, Vec<Value>) {
        let (name, order) = (self.table.name(), self.table.order());
        let (mut conditions, mut values) = (Vec::new(), Vec::new());
        let mut add = |condition: String, value: Value| {
            values.push(value);
            conditions.push(condition.replace("$?", &format!("${}", values.len())));
        };
        let seq = |seq: Seq| Value::Int(i64::try_from(seq.0).unwrap_or(i64::MAX));
        if let Some(after) = self.after {
            add(format!("$? < {order}"), seq(after));
        }
        if let Some(before) = self.before {
            add(format!("{order} < $?"), seq(before));
        }
        for (column, value) in &self.where_equal {
            add(format!("{column} = $?"), value.clone());
        }
        let mut sql = format!("SELECT * FROM {name}");
        if !conditions.is_empty() {
            write!(sql, " WHERE {}", conditions.join(" AND ")).expect("a text can be written to");
        }
        let direction = if self.newest_first { "DESC" } else { "ASC" };
        let limit = self.limit.min(PAGE_MAX);
        write!(sql, " ORDER BY {order} {direction} LIMIT {limit}")
            .expect("a text can be written to");
        (sql, values)
    }
}

impl Store {
    /// Reads a page of a table.
    ///
    /// # Errors
    /// Returns a failing database, or a column that the table does not have.
    pub fn page(&mut self, wish: &Wish) -> Result<Answer, Fault> {
        let (sql, values) = wish.statement();
        self.ask(&sql, &values)
    }

    /// Bars of one symbol from an instant on and before another, at most [`BARS_MAX`] minutes;
    /// each with the minute it began in.
    ///
    /// # Errors
    /// Returns a failing database.
    pub fn bars(
        &mut self,
        ticker: Ticker,
        from: Time,
        until: Time,
    ) -> Result<Vec<(Time, Bar)>, Fault> {
        let slot = self.ask("SELECT slot FROM listings WHERE ticker = $1", &[ticker.into()])?;
        let slot = slot.value(0, "slot").as_int().and_then(|slot| u16::try_from(slot).ok());
        let Some(slot) = slot.map(Slot) else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT start, traded, open, high, low, close, volume FROM minutes \
             WHERE $1 <= start AND start < $2 ORDER BY start LIMIT {BARS_MAX}"
        );
        let answer = self.ask(&sql, &[from.into(), until.into()])?;
        let bar = |row| {
            let minute = minute_of(&answer, row);
            minute.bar(slot).map(|bar| (minute.start, bar))
        };
        Ok((0..answer.rows.len()).filter_map(bar).collect())
    }
}

#[cfg(test)]
mod tests;
