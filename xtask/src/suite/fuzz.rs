//! `--fuzz`: whatever reads what strangers send, a minute each on inputs nobody thought of (`fuzz`); then every
//! property once more, on seeds of its own and a hundred times longer than in `tests` (`properties`).
//!
//! A case that fails is shrunk and kept by `proptest` beside the tests (`proptest-regressions`), so
//! that from then on every run begins with it.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

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
pub(super) fn try_targets() -> Result<()> {
    let mut failed = Vec::new();
    let mut packages = TARGETS.map(|(package, _)| package).to_vec();
    packages.dedup();
    // Everything is built first, so that a minute is a minute of trying.
    let programs: Vec<Program> = packages.into_iter().map(Program::build).collect::<Result<_>>()?;
    for (package, property) in TARGETS {
        let program = programs.iter().find(|program| program.package == package);
        let program = program.expect("the packages are those of the targets");
        let (watch, mut rounds) = (Stopwatch::start(), 0_u32);
        let mut outcome = Ok(());
        while outcome.is_ok() && watch.seconds() < SECONDS {
            outcome = program.round(property);
            rounds += 1;
        }
        let verdict = if outcome.is_ok() { "ok" } else { "FAILED" };
        let seconds = watch.seconds();
        say(format_args!("{verdict:<6} {seconds:>5.0} s  {rounds:>3} x {CASES}  {property}"));
        if outcome.is_err() {
            failed.push(property);
        }
    }
    ensure!(failed.is_empty(), "these properties do not hold: {}", failed.join(", "));
    Ok(())
}

/// Runs every property a hundred times longer than `tests` does.
pub(super) fn try_properties() -> Result<()> {
    let words = ["test", "--workspace", "--locked", "--profile", "sweep", "prop_"];
    shell::succeed(shell::cargo(&words).env("PROPTEST_CASES", "25600"))
}

/// The tests of a package, built.
struct Program {
    package: &'static str,
    path: String,
    /// Where its tests run, as with cargo.
    folder: PathBuf,
}

impl Program {
    fn build(package: &'static str) -> Result<Self> {
        let words = ["test", "--no-run", "--locked", "--profile", "sweep", "--package", package];
        let form = ["--lib", "--message-format", "json-render-diagnostics"];
        let said = shell::capture(&mut shell::cargo(&[&words[..], &form].concat()))?;
        let mut executables = said.lines().filter_map(|line| {
            let message: Value = serde_json::from_str(line).ok()?;
            Some(message["executable"].as_str()?.to_owned())
        });
        let path = executables.next_back().with_context(|| format!("no tests in `{package}`"))?;
        let crate_name = package.trim_start_matches("backsight-");
        Ok(Self { package, path, folder: shell::root().join("crates").join(crate_name) })
    }

    fn round(&self, property: &str) -> Result<()> {
        let mut program = shell::program(&self.path, &["--quiet", "--exact", property]);
        let program = program.current_dir(&self.folder).env("PROPTEST_CASES", CASES);
        let said = shell::capture(program)?;
        ensure!(said.contains("1 passed"), "`{property}` is no property of `{}`", self.package);
        Ok(())
    }
}
