//! `help`: what the door opens.

use std::process::ExitCode;

use crate::say::say;

const TEXT: &str = "\
cargo xtask: the one door for building and checking Backsight

Run
  demo [ARGS]         build the pages and the desk (release) and run
                      `backsight demo ARGS`

Check
  test                install what tests need, then run every check:
                      format, lint, documents, tests, tidy, simulation
    --only STEP         one step of the table at its end, such as tables or fuzz
    --quick             20 simulated seeds instead of 200
    --fuzz              also try all that reads strangers' text, 60 s each,
                        and every property for longer
  tidy                arrows between crates, names, leftovers, sizes, Markdown,
                      dependencies, purity, licences
  sim [ARGS]          simulate whole desks with every check on
    --seeds A..B --profile P
    --seed S --crash-at K --trace

Build
  ui                  check the pages and build them into ui/dist, from where
                      they go into the binary (needs Node 20.19 and npm)
    --look              also open every page in Chromium; screenshots in
                        target/pages

Measure
  bench [ARGS]        time a generic, a native and a scalar build and write the
                      generated part of docs/PERFORMANCE.md
    --peers             beside other systems (needs Python 3.11, pip and g++)
    --only TITLE        print the tables whose titles begin so; write nothing

Hand out
  release             build and lay the binary under target/dist

  help                this page
";

/// Prints the page.
pub(crate) fn run() -> ExitCode {
    say(TEXT.trim_end());
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests;
