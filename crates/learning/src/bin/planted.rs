//! Shows what learning finds in worlds whose truth is known.
//!
//! `planted SEEDS NULLS [SESSIONS]`: so many seeds of each kind of effect, so many null worlds, of
//! so many sessions each (120). The rows are the table of `docs/LEARNING.md`.

use std::process::ExitCode;

use backsight_learning::trial::known::{self, Answer};
use backsight_sim::planted::Kind;

fn main() -> ExitCode {
    let words: Result<Vec<u64>, _> = std::env::args().skip(1).map(|word| word.parse()).collect();
    let (seeds, nulls, sessions) = match words.as_deref() {
        Ok([seeds, nulls]) => (*seeds, *nulls, 120),
        Ok([seeds, nulls, sessions]) => (*seeds, *nulls, *sessions),
        Ok(_) | Err(_) => {
            say("planted SEEDS NULLS [SESSIONS]: three whole numbers, such as `planted 10 50`");
            return ExitCode::from(2);
        }
    };
    let sessions = usize::try_from(sessions).unwrap_or(120);
    say(&format!("Seeds 0 to {} of each kind, {sessions} sessions each.\n", seeds.max(1) - 1));
    say("| What is true | first | among | other | nothing | died: withdrawn after | stated |");
    say("|---|--:|--:|--:|--:|--:|--:|");
    for kind in Kind::ALL {
        say(&row(kind, seeds, sessions));
    }
    let found: Vec<_> = (0..nulls).map(|seed| known::null(seed, sessions)).collect();
    let loud = found.iter().filter(|findings| !findings.is_empty()).count();
    say(&format!("\nNull worlds with an adoptable proposal: {loud} of {nulls}."));
    for (seed, findings) in found.iter().enumerate() {
        for finding in findings {
            let q = finding.evidence.q;
            say(&format!("  seed {seed}: {} (q {q:.4})", finding.changes[0]));
        }
    }
    ExitCode::SUCCESS
}

fn row(kind: Kind, seeds: u64, sessions: usize) -> String {
    let answers: Vec<_> = (0..seeds).map(|seed| known::planted(kind, seed, sessions)).collect();
    let count = |wanted| answers.iter().filter(|answer| **answer == wanted).count();
    let deaths: Vec<_> = (0..seeds).filter_map(|seed| known::death(kind, seed, sessions)).collect();
    let mut after: Vec<_> = deaths.iter().filter_map(|death| death.after).collect();
    after.sort_unstable();
    let soon = deaths.iter().filter(|death| death.too_soon).count();
    let median = after.get(after.len() / 2).map_or("-".to_owned(), ToString::to_string);
    let stated = deaths.iter().map(|death| death.stated).fold(0.0, f64::max);
    format!(
        "| {} | {} | {} | {} | {} | {median} ({} of {}, {soon} too soon) | {stated:.0} |",
        kind.name(),
        count(Answer::Right),
        count(Answer::Among),
        count(Answer::Wrong),
        count(Answer::Nothing),
        after.len(),
        deaths.len(),
    )
}

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn say(line: &str) {
    println!("{line}");
}
