use std::path::Path;

use serde_json::{Value, json};

use super::tree::{Leaf, Tree};
use super::{Finding, findings};
use crate::metadata::Metadata;

/// A repository without findings, which each test spoils in one way.
struct Repository {
    leaves: Vec<Leaf>,
    packages: Vec<Value>,
}

impl Repository {
    fn tidy() -> Self {
        let exact = "#![deny(clippy::float_arithmetic)]\n";
        let manifest = "[workspace.dependencies]\nbacksight-domain = { path = \"crates/domain\" }\nanyhow = \"1\"\n";
        let repository = Self { leaves: Vec::new(), packages: Vec::new() };
        repository
            .file("Cargo.toml", manifest)
            .file("Cargo.lock", "[[package]]\nname = \"anyhow\"\n")
            .file("docs/decisions/0001-spine.md", "# Spine\n\n- `anyhow`: errors of the shell.\n")
            .file("crates/domain/src/lib.rs", exact)
            .file("crates/journal/src/lib.rs", exact)
            .ours("backsight-journal", &["backsight-domain"], &["anyhow"])
            .theirs("anyhow", "MIT OR Apache-2.0")
    }

    /// Lays a file, in place of one with the same path.
    fn file(mut self, path: &str, text: &str) -> Self {
        self.leaves.retain(|leaf| leaf.path != path);
        self.leaves.push(Leaf::new(path, text.as_bytes().to_vec()));
        self
    }

    fn ours(mut self, name: &str, inner: &[&str], outer: &[&str]) -> Self {
        let folder = name.strip_prefix("backsight-").unwrap_or(name);
        let inner = inner.iter().map(|name| json!({ "name": name, "source": null }));
        let outer = outer.iter().map(|name| json!({ "name": name, "source": "registry" }));
        self.packages.push(json!({
            "name": name, "version": "0.0.0", "source": null, "license": null,
            "manifest_path": format!("/repository/crates/{folder}/Cargo.toml"),
            "dependencies": inner.chain(outer).collect::<Vec<_>>(),
        }));
        self
    }

    fn theirs(mut self, name: &str, licence: &str) -> Self {
        self.packages.push(json!({
            "name": name, "version": "1.0.0", "source": "registry", "license": licence,
            "manifest_path": "/elsewhere/Cargo.toml", "dependencies": [],
        }));
        self
    }

    fn findings(self) -> Vec<Finding> {
        let value = json!({ "packages": self.packages, "target_directory": "/repository/target" });
        let metadata = Metadata::parse(&value, Path::new("/repository")).expect("well formed");
        findings(&Tree { leaves: self.leaves }, &metadata).expect("has a manifest")
    }
}

/// Checks that the findings are exactly the expected ones, each given as `path:line: what`.
#[track_caller]
fn check(repository: Repository, expected: &[&str]) {
    let found = repository.findings();
    let found: Vec<_> =
        found.iter().map(|it| format!("{}:{}: {}", it.path, it.line, it.what)).collect();
    assert_eq!(found, expected);
}

/// Checks one file, added to a tidy repository.
#[track_caller]
fn check_file(path: &str, text: &str, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|rest| format!("{path}:{rest}")).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(Repository::tidy().file(path, text), &expected);
}

#[test]
fn tidy_repository_has_no_findings() {
    check(Repository::tidy(), &[]);
}

#[test]
fn finding_says_where_what_and_what_to_do() {
    let found = Repository::tidy().file("docs/a.md", "no title\n").findings();
    let expected =
        "docs/a.md:1: 0 titles instead of one - keep one line that starts with a single `#`";
    assert_eq!(found[0].to_string(), expected);
}

#[test]
fn arrow_may_not_point_up() {
    let repository = Repository::tidy()
        .file("crates/quant/Cargo.toml", "[dependencies]\nbacksight-engine.workspace = true\n")
        .ours("backsight-quant", &["backsight-domain", "backsight-engine"], &[]);
    check(repository, &["crates/quant/Cargo.toml:2: `quant` uses `engine`"]);
}

#[test]
fn every_crate_has_a_row_and_its_own_folder() {
    let unknown = Repository::tidy().ours("backsight-oracle", &[], &[]);
    check(
        unknown,
        &["crates/oracle/Cargo.toml:1: crate `oracle` has no row in the table of arrows"],
    );
    let misplaced = Repository::tidy().ours("xtask", &[], &[]);
    check(misplaced, &["crates/xtask/Cargo.toml:1: crate `xtask` is not in `xtask`"]);
}

#[test]
fn empty_names_of_files_and_folders_are_found() {
    check_file("crates/sim/src/price_utils.rs", "", &["1: the path says `utils`"]);
    check_file("xtask/src/misc/tests.rs", "", &["1: the path says `misc`"]);
    check_file("ui/src/dataFeed.ts", "", &["1: the path says `data`"]);
    check_file("crates/sim/src/database.rs", "", &[]);
    check_file("docs/data.svg", "", &[]);
}

#[test]
fn empty_names_of_types_are_found() {
    let path = "crates/sim/src/exchange.rs";
    check_file(path, "\npub struct OrderManager;\n", &["2: a type is called `OrderManager`"]);
    check_file(path, "trait Handler {}\n", &["1: a type is called `Handler`"]);
    check_file(path, "enum VenueImpl {}\n", &["1: a type is called `VenueImpl`"]);
    check_file(path, "// a struct Manager\nstruct Database;\nlet data = 1;\n", &[]);
    check_file("ui/src/chart.ts", "interface ChartData {}\n", &["1: a type is called `ChartData`"]);
}

#[test]
fn unfinished_code_is_found() {
    let path = "crates/sim/src/run.rs";
    check_file(path, "fn f() {\n    todo!()\n}\n", &["2: `todo!(` is left"]);
    check_file(path, "unimplemented!(\"x\")", &["1: `unimplemented!(` is left"]);
    check_file(path, "let x = dbg!(x);", &["1: `dbg!(` is left"]);
    check_file(path, "#[ignore = \"slow\"]", &["1: `#[ignore` is left"]);
    check_file(path, "#[allow(dead_code)]", &["1: `[allow(` is left"]);
    check_file(path, "#![allow(dead_code)]", &["1: `[allow(` is left"]);
}

#[test]
fn notes_to_oneself_are_found() {
    let path = "crates/sim/src/run.rs";
    check_file(path, "// FIXME: later\n", &["1: `FIXME` is left"]);
    check_file(path, "/* a\n XXX */\n", &["2: `XXX` is left"]);
    check_file(path, "// TODO later\n", &["1: `TODO` is left"]);
    check_file(path, "// TODO(#x): later\n", &["1: `TODO` is left"]);
    check_file(path, "// TODO(#12): a, TODO: b\n", &["1: `TODO` is left"]);
    check_file(path, "// TODO(#12): later\n", &[]);
    check_file("deny.toml", "# FIXME\n", &["1: `FIXME` is left"]);
    check_file("docs/style.md", "# Style\n\nFIXME is refused.\n", &[]);
}

#[test]
fn strings_and_comments_are_not_code() {
    let path = "crates/sim/src/run.rs";
    for text in [
        "let s = \"todo!() HashMap\";",
        "let s = \"a \\\" dbg!(\";",
        "let s = r#\"a \" dbg!( tokio\"#;",
        "// dbg!(x), never a HashMap\n/* outer /* HashMap */ tokio */\n",
        "let quote = '\"'; // HashMap \"\nlet escaped = '\\''; // tokio\n",
    ] {
        check_file(path, text, &[]);
    }
    check_file(path, "fn f<'a>(x: &'a str) { dbg!(x) }", &["1: `dbg!(` is left"]);
    check_file(path, "let s = \"\n\"; dbg!(s)", &["2: `dbg!(` is left"]);
    check_file(path, "let s = \"// FIXME\"; // fine", &[]);
}

#[test]
fn long_module_needs_an_explanation() {
    let path = "crates/sim/src/exchange.rs";
    let body = "fn f() {}\n".repeat(601);
    check_file(path, &body, &["1: 601 lines are more than 600 without an explanation"]);
    check_file(path, &"fn f() {}\n".repeat(600), &[]);
    check_file(
        path,
        &format!("//! A book.\n//! It is one\n//! thing because of fees.\n{body}"),
        &[],
    );
    check_file("crates/sim/src/exchange/tests.rs", &body, &[]);
    let inline = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{body}}}\n");
    check_file(path, &inline, &[]);
}

#[test]
fn longest_module_fails_whatever_it_explains() {
    let text = format!("//! It is one thing because.\n{}", "fn f() {}\n".repeat(1000));
    check_file("crates/sim/src/exchange.rs", &text, &["1: 1001 lines are more than 1000"]);
}

#[test]
fn large_blob_is_found() {
    let large = "x".repeat(512 * 1024 + 1);
    check_file("docs/picture.svg", &large, &["1: 524289 bytes are more than 524288"]);
    check_file("docs/picture.svg", &large[1..], &[]);
}

#[test]
fn document_has_one_title() {
    check_file("docs/a.md", "## Only a part\n", &["1: 0 titles instead of one"]);
    check_file("docs/a.md", "# A\n\n# B\n", &["3: 2 titles instead of one"]);
    check_file("docs/a.md", "# A\n\n```sh\n# a comment\n```\n", &[]);
}

#[test]
fn document_names_no_path_of_a_machine() {
    check_file("docs/a.md", "# A\nsee `/home/someone/x`\n", &["2: a path under `/home/`"]);
    check_file("docs/a.md", "# A\n```\ncd /root/x\n```\n", &["3: a path under `/root/`"]);
    check_file("docs/a.md", "# A\nsee docs/work/b.md\n", &["2: a path under `/work/`"]);
}

#[test]
fn dependency_needs_a_decision() {
    let repository = Repository::tidy().file("docs/decisions/0001-spine.md", "# Spine\n\nanyhow\n");
    check(repository, &["Cargo.toml:3: dependency `anyhow` has no decision"]);
}

#[test]
fn dependency_stands_in_the_table_and_is_used() {
    let outside = Repository::tidy()
        .ours("backsight-sim", &[], &["rand"])
        .file("crates/sim/Cargo.toml", "[dependencies]\nrand = \"0.9\"\n");
    check(outside, &["crates/sim/Cargo.toml:2: dependency `rand` is not in the workspace's table"]);
    let idle = Repository::tidy()
        .file(
            "Cargo.toml",
            "[workspace.dependencies]\nanyhow = \"1\"\nlibm = \"0.2\"\n\n[profile.dev]\nx = 1\n",
        )
        .file("docs/decisions/0002-libm.md", "# `libm`\n");
    check(idle, &["Cargo.toml:3: dependency `libm` is used by no crate"]);
}

#[test]
fn pure_crates_know_no_world() {
    let path = "crates/engine/src/gate.rs";
    for (text, word) in [
        ("use std::time::Instant;", "Instant"),
        ("let t = SystemTime::now();", "SystemTime"),
        ("let f = std::fs::read(p);", "std::fs"),
        ("use std::net::TcpStream;", "std::net"),
        ("use std::collections::HashMap;", "HashMap"),
        ("fn f(s: HashSet<u8>) {}", "HashSet"),
        ("use tokio::time;", "tokio"),
        ("async fn f() {}", "async fn"),
        ("use std::thread;", "std::thread"),
        ("thread::sleep(d);", "thread::sleep"),
        ("use std::{\n    collections::BTreeMap,\n    fs,\n};", "std::fs"),
    ] {
        check_file(path, text, &[&format!("1: `{word}` in a crate that must be pure")]);
    }
    check_file(path, "struct Instantaneous; // not a HashMap", &[]);
}

#[test]
fn shells_of_pure_crates_may_touch_the_world() {
    let text = "use std::fs;\n";
    check_file("crates/journal/src/file.rs", text, &[]);
    check_file("crates/journal/src/file/segment.rs", text, &[]);
    check_file("crates/sim/src/bin/bench.rs", text, &[]);
    check_file("crates/sim/tests/it/main.rs", text, &[]);
    check_file("crates/backsight/src/clock.rs", text, &[]);
    let clock = "use std::time::Instant;\n";
    check_file("crates/journal/src/file.rs", clock, &["1: `Instant` in a crate that must be pure"]);
}

#[test]
fn exact_crates_deny_floats() {
    check_file("crates/domain/src/lib.rs", "//! Words.\n", &["1: floats are not denied"]);
    check_file(
        "crates/journal/src/lib.rs",
        "// #![deny(clippy::float_arithmetic)]\n",
        &["1: floats are not denied"],
    );
}

#[test]
fn licence_must_leave_a_permissive_choice() {
    let check_licence = |licence: &str, passes: bool| {
        let expected = format!("Cargo.lock:1: `x 1.0.0` has the licence `{licence}`");
        let expected: &[&str] = if passes { &[] } else { &[&expected] };
        check(Repository::tidy().theirs("x", licence), expected);
    };
    for licence in [
        "MIT",
        "MIT/Apache-2.0",
        "MIT OR GPL-3.0-only",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR MIT",
        "GPL-2.0-only OR BSD-3-Clause AND Zlib",
    ] {
        check_licence(licence, true);
    }
    for licence in [
        "GPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "(MIT OR Apache-2.0) AND MPL-2.0",
        "MIT WITH Unheard-exception",
        "(MIT",
        "MIT Apache-2.0",
        "",
    ] {
        check_licence(licence, false);
    }
}
