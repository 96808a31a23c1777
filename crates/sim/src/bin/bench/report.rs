//! What the bench prints, and where its clock and its memory figures come from.

use std::fmt::Display;
use std::io::Write;
use std::time::Instant;

/// One figure of the page.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: String,
    pub(crate) unit: &'a str,
    pub(crate) goal: &'a str,
    pub(crate) note: String,
}

impl Row<'_> {
    pub(crate) fn print(&self) {
        let Row { name, value, unit, goal, note } = self;
        say(format_args!("ROW | {name} | {value} | {unit} | {goal} | {note}"));
    }
}

/// Prints a digest that must not depend on the build.
pub(crate) fn digest(name: &str, hex: impl Display) {
    say(format_args!("DIGEST | {name} | {hex}"));
}

pub(crate) fn say(line: impl Display) {
    writeln!(std::io::stdout().lock(), "{line}").ok();
}

pub(crate) fn complain(line: impl Display) {
    writeln!(std::io::stderr().lock(), "{line}").ok();
}

/// Times of repeated runs, in nanoseconds.
#[derive(Clone, Debug)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// Runs a piece of work repeatedly, once more than asked for: the first run warms up.
    pub(crate) fn of(runs: usize, mut work: impl FnMut()) -> Self {
        work();
        let mut times: Vec<_> = (0..runs.max(1)).map(|_| once(&mut work)).collect();
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    pub(crate) fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    pub(crate) fn fastest(&self) -> f64 {
        self.0[0]
    }

    pub(crate) fn slowest(&self) -> f64 {
        self.0[self.0.len() - 1]
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

/// Nanoseconds of one run.
#[expect(clippy::disallowed_methods, clippy::cast_precision_loss, reason = "a bench needs a clock")]
pub(crate) fn once(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_nanos() as f64
}

/// The most memory this process ever held, in MiB.
pub(crate) fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}
