//! `--fuzz`: whatever reads what strangers send, a minute each on inputs nobody thought of; then every
//! property once more, on seeds of its own and a hundred times longer than in `tests`.
//!
//! A case that fails is shrunk and kept by `proptest` beside the tests (`proptest-regressions`), so
//! that from then on every run begins with it.

use anyhow::Result;

use crate::say::say;
use crate::shell;
use crate::stopwatch::Stopwatch;

/// How long each target is tried.
const SECONDS: f64 = 60.0;
/// Cases of one round.
const CASES: &str = "4096";

/// What reads what strangers send: the package and the property.
const TARGETS: [(&str, &str); 17] = [
    ("backsight-reading", "feed::tests::prop_any_rss_is_read"),
    ("backsight-reading", "feed::tests::prop_any_atom_is_read"),
    ("backsight-reading", "feed::tests::prop_any_json_is_read"),
    ("backsight-reading", "feed::tests::prop_any_bytes_are_read"),
    ("backsight-reading", "feed::html::tests::prop_any_html_becomes_tidy_words"),
    ("backsight-reading", "feed::json::tests::prop_any_text_is_walked"),
    ("backsight-reading", "clean::tests::prop_clean_text_is_bounded_and_stays_as_it_is"),
    ("backsight-reading", "url::tests::prop_a_normal_spelling_is_its_own"),
    ("backsight-reading", "url::tests::prop_joining_never_leaves_the_web"),
    ("backsight-reading", "company::resolver::tests::prop_any_text_is_read"),
    (
        "backsight-reading",
        "sentiment::finbert::wordpiece::tests::prop_every_text_has_pieces_within_the_limit",
    ),
    (
        "backsight-reading",
        "sentiment::finbert::safetensors::tests::prop_any_bytes_are_a_file_or_a_fault",
    ),
    ("backsight-reading", "story::tests::prop_any_bytes_are_refused_or_read"),
    ("backsight-gateway", "http::coding::tests::prop_no_bytes_unpack_to_more_than_the_limit"),
    ("backsight-gateway", "http::coding::tests::prop_no_bytes_are_brotli_beyond_the_limit"),
    ("backsight-gateway", "http::coding::tests::prop_damaged_brotli_is_bounded"),
    ("backsight-gateway", "feed::kept::tests::prop_any_text_is_read_or_refused"),
];

/// Runs every target, says what was run, and fails when any did.
pub(super) fn run() -> Result<()> {
    let mut failed = Vec::new();
    for (package, property) in TARGETS {
        let (watch, mut rounds) = (Stopwatch::start(), 0_u32);
        let mut outcome = Ok(());
        while outcome.is_ok() && watch.seconds() < SECONDS {
            outcome = round(package, property);
            rounds += 1;
        }
        let verdict = if outcome.is_ok() { "ok" } else { "FAILED" };
        let seconds = watch.seconds();
        say(format_args!("{verdict:<6} {seconds:>5.0} s  {rounds:>3} x {CASES}  {property}"));
        if outcome.is_err() {
            failed.push(property);
        }
    }
    let words = ["test", "--workspace", "--locked", "--profile", "sweep", "prop_"];
    shell::succeed(shell::cargo(&words).env("PROPTEST_CASES", "25600"))?;
    anyhow::ensure!(failed.is_empty(), "these properties do not hold: {}", failed.join(", "));
    Ok(())
}

fn round(package: &str, property: &str) -> Result<()> {
    let program = ["test", "--quiet", "--locked", "--profile", "sweep", "--package", package];
    let words = [&program[..], &["--lib", property, "--", "--exact"]].concat();
    let said = shell::capture(shell::cargo(&words).env("PROPTEST_CASES", CASES))?;
    anyhow::ensure!(said.contains("1 passed"), "`{property}` is no property of `{package}`");
    Ok(())
}
