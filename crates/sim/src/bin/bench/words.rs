//! The command line of the bench.

use std::path::PathBuf;

use backsight_domain::time::Date;
use backsight_sim::backtest::Plan;

/// What was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// Timed runs of each figure.
    pub(crate) runs: usize,
    /// Seed of the random rule sets.
    pub(crate) seed: u64,
    pub(crate) export: Option<PathBuf>,
    pub(crate) cold: Option<PathBuf>,
    pub(crate) data: TapeName,
    /// Nothing but the anchor strategy on one tape, for a row beside other systems.
    pub(crate) anchor: bool,
    /// Small tapes: a check that everything works, not a measurement.
    pub(crate) quick: bool,
}

/// The data sets of the anchors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TapeName {
    /// 30 symbols, 250 sessions.
    A,
    /// 500 symbols, 20 sessions.
    B,
}

impl TapeName {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    /// The plan of its tape.
    pub(crate) fn plan(self, quick: bool) -> Plan {
        let after = Date::from_ymd(2022, 12, 31).expect("the date exists");
        let (symbols, sessions, seed) = match self {
            Self::A => (30, if quick { 5 } else { 250 }, 20_260_101),
            Self::B => (500, if quick { 2 } else { 20 }, 20_260_102),
        };
        Plan { symbols, sessions, after, seed }
    }
}

impl Words {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut read = Self {
            runs: 7,
            seed: 1,
            export: None,
            cold: None,
            data: TapeName::A,
            anchor: false,
            quick: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match word.as_str() {
                "--runs" => read.runs = number(&value()?)?,
                "--seed" => read.seed = number(&value()?)?,
                "--export" => read.export = Some(value()?.into()),
                "--cold" => read.cold = Some(value()?.into()),
                "--data" => read.data = data(&value()?)?,
                "--anchor" => read.anchor = true,
                "--quick" => read.quick = true,
                _ => return Err(format!("no option `{word}`")),
            }
        }
        Ok(read)
    }
}

fn number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn data(text: &str) -> Result<TapeName, String> {
    match text {
        "A" => Ok(TapeName::A),
        "B" => Ok(TapeName::B),
        _ => Err(format!("`{text}` is neither `A` nor `B`")),
    }
}
