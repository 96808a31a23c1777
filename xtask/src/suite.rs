//! `test`: every check in a row.
//!
//! A step that fails does not stop the ones after it: the table at the end shows everything there is to mend.
//! Continuous integration runs the same command.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::say::say;
use crate::stopwatch::Stopwatch;
use crate::{packages, shell, sim, tidy};

/// How much to run.
#[derive(Default)]
struct Extent {
    quick: bool,
    fuzz: bool,
}

struct Step {
    name: &'static str,
    run: fn(&Extent) -> Result<()>,
}

/// What a step came to.
struct Outcome {
    name: &'static str,
    passed: bool,
    seconds: f64,
}

const STEPS: &[Step] = &[
    Step { name: "packages", run: |_| packages::ensure() },
    Step { name: "format", run: |_| cargo(&["fmt", "--all", "--check"]) },
    Step { name: "lint", run: |_| lint() },
    Step { name: "documents", run: |_| documents() },
    Step { name: "tests", run: |_| cargo(&["test", "--workspace", "--locked"]) },
    Step { name: "tidy", run: |_| tidy::check() },
    Step {
        name: "simulation",
        run: |extent| sim::sweep(if extent.quick { "0..20" } else { "0..200" }),
    },
];

/// The properties once more, on seeds of their own and a hundred times longer than in `tests`.
const FUZZ: Step = Step { name: "fuzz", run: |_| fuzz() };

/// Runs all steps and shows a table of them.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let extent = Extent::parse(words)?;
    let steps = STEPS.iter().chain(extent.fuzz.then_some(&FUZZ));
    let outcomes: Vec<Outcome> = steps.map(|step| step.take(&extent)).collect();
    say("\nstep          result    seconds");
    for Outcome { name, passed, seconds } in &outcomes {
        say(format_args!("{name:<12}  {:<6}  {seconds:>9.1}", verdict(*passed)));
    }
    let passed = outcomes.iter().all(|outcome| outcome.passed);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Extent {
    fn parse(words: &[&str]) -> Result<Self> {
        let mut extent = Self::default();
        for word in words {
            match *word {
                "--quick" => extent.quick = true,
                "--fuzz" => extent.fuzz = true,
                unknown => bail!("`cargo xtask test` does not know `{unknown}`"),
            }
        }
        Ok(extent)
    }
}

impl Step {
    fn take(&self, extent: &Extent) -> Outcome {
        let name = self.name;
        say(format_args!("\n== {name}"));
        let watch = Stopwatch::start();
        let result = (self.run)(extent);
        let seconds = watch.seconds();
        if let Err(error) = &result {
            say(format_args!("{error:#}"));
        }
        let passed = result.is_ok();
        say(format_args!("== {name}: {} after {seconds:.1} s", verdict(passed)));
        Outcome { name, passed, seconds }
    }
}

fn verdict(passed: bool) -> &'static str {
    if passed { "ok" } else { "FAILED" }
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

fn fuzz() -> Result<()> {
    let words = ["test", "--workspace", "--locked", "--profile", "sweep", "prop_"];
    shell::succeed(shell::cargo(&words).env("PROPTEST_CASES", "25600"))
}

#[cfg(test)]
mod tests;
