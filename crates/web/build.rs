//! Takes the dashboard's bundle into the binary: `ui/dist`, when `cargo xtask ui` has built it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/dist");
    // Cargo watches what is there, so an empty folder stands for a bundle that may come.
    fs::create_dir_all(&dist).ok();
    println!("cargo:rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    collect(&dist, &mut files);
    files.sort();
    let mut rows = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&dist).unwrap_or(file).display().to_string();
        let name = name.replace('\\', "/");
        writeln!(rows, "({name:?}, include_bytes!({:?})),", file.display().to_string())
            .expect("writing to a string cannot fail");
    }
    rows.push(']');
    let out = std::env::var_os("OUT_DIR").expect("cargo names the folder");
    fs::write(PathBuf::from(out).join("bundle.rs"), rows).expect("cargo's folder can be written");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
