//! `test`: every check in a row.
//!
//! A step that fails does not stop the ones after it: the table at the end shows everything there is to mend.
//! Continuous integration runs the same command.

mod fuzz;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::say::say;
use crate::stopwatch::Stopwatch;
use crate::{packages, shell, sim, tables, tidy, ui};

/// How much to run.
#[derive(Default)]
struct Extent<'a> {
    quick: bool,
    fuzz: bool,
    /// The one step that is run.
    only: Option<&'a str>,
}

struct Step {
    name: &'static str,
    run: fn(&Extent<'_>) -> Result<()>,
}

/// What a step came to.
struct Outcome {
    name: &'static str,
    result: Result<()>,
    seconds: f64,
}

const STEPS: &[Step] = &[
    Step { name: "packages", run: |_| packages::ensure() },
    Step { name: "pages", run: |_| ui::build() },
    Step { name: "format", run: |_| cargo(&["fmt", "--all", "--check"]) },
    Step { name: "lint", run: |_| lint() },
    Step { name: "documents", run: |_| documents() },
    Step { name: "tests", run: |_| cargo(&["test", "--workspace", "--locked"]) },
    Step { name: "tables", run: |_| tables::check() },
    Step { name: "browser", run: |_| ui::look() },
    Step { name: "tidy", run: |_| tidy::check() },
    Step {
        name: "simulation",
        run: |extent| sim::sweep(if extent.quick { "0..20" } else { "0..200" }),
    },
    Step {
        name: "crashes",
        run: |extent| sim::crash_everywhere(if extent.quick { "0..1" } else { "0..20" }),
    },
];

/// What takes an hour: whatever reads what strangers send, a minute each, and every property for longer.
const FUZZ: &[Step] = &[
    Step { name: "fuzz", run: |_| fuzz::try_targets() },
    Step { name: "properties", run: |_| fuzz::try_properties() },
];

/// Runs all steps and shows a table of them.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let extent = Extent::parse(words)?;
    let mut outcomes = Vec::new();
    for step in extent.steps() {
        say(format_args!("\n== {}", step.name));
        let outcome = step.take(&extent);
        if let Err(error) = &outcome.result {
            say(format_args!("{error:#}"));
        }
        say(format_args!(
            "== {}: {} after {:.1} s",
            outcome.name,
            outcome.verdict(),
            outcome.seconds
        ));
        outcomes.push(outcome);
    }
    say("\nstep          result    seconds");
    for outcome in &outcomes {
        say(format_args!(
            "{:<12}  {:<6}  {:>9.1}",
            outcome.name,
            outcome.verdict(),
            outcome.seconds
        ));
    }
    let passed = outcomes.iter().all(|outcome| outcome.result.is_ok());
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl<'a> Extent<'a> {
    fn parse(words: &[&'a str]) -> Result<Self> {
        let mut extent = Self::default();
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            match word {
                "--quick" => extent.quick = true,
                "--fuzz" => extent.fuzz = true,
                "--only" => extent.only = Some(words.next().context("`--only` needs a step")?),
                unknown => bail!("`cargo xtask test` does not know `{unknown}`"),
            }
        }
        let names: Vec<&str> = STEPS.iter().chain(FUZZ).map(|step| step.name).collect();
        if let Some(name) = extent.only.filter(|name| !names.contains(name)) {
            bail!("no step is called `{name}`; there are {}", names.join(", "));
        }
        Ok(extent)
    }

    fn steps(&self) -> impl Iterator<Item = &'static Step> {
        let (only, fuzz) = (self.only, self.fuzz);
        let every = STEPS.iter().map(|step| (step, true));
        let all = every.chain(FUZZ.iter().map(move |step| (step, fuzz)));
        all.filter(move |(step, wanted)| only.map_or(*wanted, |name| name == step.name))
            .map(|(step, _)| step)
    }
}

impl Step {
    fn take(&self, extent: &Extent<'_>) -> Outcome {
        let watch = Stopwatch::start();
        let result = (self.run)(extent);
        Outcome { name: self.name, result, seconds: watch.seconds() }
    }
}

impl Outcome {
    fn verdict(&self) -> &'static str {
        if self.result.is_ok() { "ok" } else { "FAILED" }
    }
}

fn cargo(words: &[&str]) -> Result<()> {
    shell::succeed(&mut shell::cargo(words))
}

fn lint() -> Result<()> {
    cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])
}

fn documents() -> Result<()> {
    let words = ["doc", "--no-deps", "--workspace", "--document-private-items", "--locked"];
    shell::succeed(shell::cargo(&words).env("RUSTDOCFLAGS", "--deny warnings"))
}

#[cfg(test)]
mod tests;
