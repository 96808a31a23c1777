//! Every test that the page of lessons names exists.

use std::fs;
use std::path::{Path, PathBuf};

/// The file in which a test such as `engine: gate::tests::confidence` must be.
fn file_of(krate: &str, path: &[&str]) -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let source = crates.join(krate);
    if path.contains(&"tests") {
        return source.join("src").join(path.join("/")).with_extension("rs");
    }
    source.join("tests/it").join(path.join("/")).with_extension("rs")
}

#[test]
fn every_test_that_is_named_exists() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/LESSONS.md");
    let page = fs::read_to_string(page).expect("the page of lessons");
    let named = page.split('`').skip(1).step_by(2).filter(|name| name.contains(": "));
    let mut count = 0;
    let mut missing = Vec::new();
    for name in named.filter(|name| *name != "engine: scripts::x") {
        let (krate, test) = name.split_once(": ").expect("it was just found");
        let parts: Vec<&str> = test.split("::").collect();
        let (last, module) = parts.split_last().expect("a path");
        let source = fs::read_to_string(file_of(krate, module)).unwrap_or_default();
        let script = module == ["scripts"] && source.contains(&format!("    {last},\n"));
        if !script && !source.contains(&format!("fn {last}(")) {
            missing.push(name);
        }
        count += 1;
    }
    assert!(missing.is_empty(), "docs/LESSONS.md names tests that do not exist: {missing:#?}");
    assert!(60 < count, "only {count} tests are named");
}
