//! A home for one test, and the binary run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// Two sessions of twenty symbols: enough for trades, ghosts and faults.
pub(crate) const TWO_DAYS: [&str; 6] = ["demo", "--headless", "--days", "2", "--symbols", "20"];

/// A folder in which a desk can live; it is empty at first and goes with the test.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        Self(path)
    }

    /// A home with two simulated sessions behind it.
    pub(crate) fn with_two_days(name: &str) -> Self {
        let home = Self::new(name);
        home.json(&TWO_DAYS);
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn segment(&self) -> PathBuf {
        self.path("journal/0000000001.bsj")
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backsight"));
        command.args(words).env("BACKSIGHT_HOME", &self.0);
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the binary was built")
    }

    /// What a command prints as JSON; it must succeed.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let (value, exit) = self.json_and_exit(words);
        assert_eq!(exit, 0, "{words:?}: {value}");
        value
    }

    /// What a command prints as JSON, and how it ended.
    pub(crate) fn json_and_exit(&self, words: &[&str]) -> (Value, i32) {
        let mut words = words.to_vec();
        words.push("--json");
        let output = self.run(&words);
        let exit = output.status.code().expect("nothing killed it");
        let text = if output.stdout.is_empty() { &output.stderr } else { &output.stdout };
        let first_line = text.iter().position(|byte| *byte == b'\n');
        assert_eq!(first_line.map(|end| end + 1), Some(text.len()), "{words:?}: one line");
        let value = serde_json::from_slice(text);
        (value.unwrap_or_else(|fault| panic!("{words:?}: {fault}: {output:?}")), exit)
    }

    /// What a command prints as a page, whatever it ends with.
    pub(crate) fn page(&self, words: &[&str]) -> String {
        String::from_utf8(self.run(words).stdout).expect("pages are text")
    }

    pub(crate) fn spawn(&self, words: &[&str]) -> Running {
        let mut command = self.command(words);
        Running(
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("the binary was built"),
        )
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// A process that does not outlive its test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Ends it as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.0.kill().ok();
        self.0.wait().expect("it is our child");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}
