//! The anchor strategy in barter's engine.
//!
//! Usage: barter-peer TAPE RUNS NAME
//!
//! TAPE is written by `bench --export`; the trades beside it (`.trades`) must be found exactly, or nothing is timed.
//! Prints two lines: ROW | name | nanoseconds per bar, or `differs` | unit | goal | note

mod rules;
mod runs;
mod strategy;
mod tape;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use barter::engine::state::instrument::filter::InstrumentFilter;
use rust_decimal::Decimal;

use crate::rules::Deal;
use crate::strategy::State;
use crate::tape::Tape;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [path, count, name] = words.as_slice() else {
        return Err("usage: barter-peer TAPE RUNS NAME".into());
    };
    let path = Path::new(path);
    let count = count.parse()?;
    let tape = Tape::read(path)?;
    let expected = tape::expected(path)?;
    let instruments = runs::instruments(tape.symbols);

    let bench = Bench { tape: &tape, count, expected: &expected };
    let inline = || runs::inline(&tape, &instruments);
    bench.row(&format!("{name} engine, fills in line"), inline, |state| {
        let (found, wanted) = (result(state), worth(&expected));
        if found != wanted {
            return Err(format!("the engine's result is {found}, expected {wanted}"));
        }
        Ok("its own result equal too; the feed fills at once: no exchange, no tasks".to_owned())
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let system = || runs::system(&runtime, &tape, &instruments);
    bench.row(&format!("{name} back-test, mock exchange"), system, |state| {
        let fills: usize = symbols(state).map(|symbol| symbol.fills).sum();
        let orders = 2 * expected.len();
        Ok(format!(
            "orders compared, since {fills} of {orders} fills reached the engine in one run; no fees, several threads"
        ))
    });
    Ok(())
}

struct Bench<'a> {
    tape: &'a Tape,
    count: usize,
    expected: &'a [Deal],
}

impl Bench<'_> {
    /// Checks every run, and times all but the first, which warms up.
    #[expect(clippy::disallowed_methods, reason = "a bench needs a clock")]
    fn row(
        &self,
        name: &str,
        run: impl Fn() -> State,
        check: impl Fn(&State) -> Result<String, String>,
    ) {
        let mut times = Vec::new();
        let mut remark = String::new();
        for turn in 0..=self.count {
            let start = Instant::now();
            let state = run();
            let nanos = start.elapsed().as_nanos() as f64 / self.tape.bars() as f64;
            match self.compare(&state).and_then(|()| check(&state)) {
                Ok(said) => remark = said,
                Err(difference) => {
                    println!("ROW | {name} | differs | ns/bar |  | {difference}");
                    return;
                }
            }
            if 0 < turn {
                times.push(nanos);
            }
        }
        times.sort_by(f64::total_cmp);
        let (low, high) = (times[0], times[times.len() - 1]);
        let (median, trades) = (times[times.len() / 2], self.expected.len());
        println!(
            "ROW | {name} | {median:.2} | ns/bar |  | {} runs, {low:.2}..{high:.2}; \
             {trades} trades, equal to the reference; {remark}",
            self.count
        );
    }

    fn compare(&self, state: &State) -> Result<(), String> {
        let mut found: Vec<Deal> = symbols(state).flat_map(|symbol| symbol.deals.clone()).collect();
        found.sort_unstable();
        if found == self.expected {
            return Ok(());
        }
        let (found, expected) = (found.len(), self.expected.len());
        Err(format!("{found} trades, expected {expected}, or the same number and not the same"))
    }
}

fn symbols(state: &State) -> impl Iterator<Item = &rules::Symbol> {
    state.instruments.instrument_datas(&InstrumentFilter::None)
}

/// What the engine's own tear sheets say.
fn result(state: &State) -> Decimal {
    let sheets = state.instruments.tear_sheets(&InstrumentFilter::None);
    sheets.map(|sheet| sheet.pnl_returns.pnl_raw).sum()
}

/// What the trades are worth, less one dollar for each order.
fn worth(deals: &[Deal]) -> Decimal {
    deals.iter().map(|[.., entry, exit]| Decimal::new((exit - entry) * 100, 4) - Decimal::TWO).sum()
}
