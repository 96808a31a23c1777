//! Measures the back-test loop, after proving that it trades exactly like a plain reference.
//!
//! ```text
//! bench [--runs N] [--seed N] [--quick]    measure; rows and digests on standard output
//! bench --anchor [--data A|B] [--runs N]   time the anchor strategy alone
//! bench --export FILE [--data A|B]         write the tape and the reference's trades for other programs
//! bench --cold FILE                        run one exported tape from a cold process
//! ```

mod measure;
mod reference;
mod report;
mod rules;
mod words;

use std::error::Error;
use std::process::ExitCode;

use crate::words::Words;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(format_args!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let words = Words::read(std::env::args().skip(1))?;
    if let Some(path) = &words.cold {
        return measure::cold(path);
    }
    if let Some(path) = &words.export {
        return measure::export(path, words.data);
    }
    if words.anchor { measure::anchor_alone(&words) } else { measure::all(&words) }
}

#[cfg(test)]
mod tests;
