//! The one place that prints.
//!
//! Answers go to the standard output, complaints to the standard error. A reader that went away
//! (`backsight orders | head`) is no failure.

use std::io::{self, IsTerminal, Write};

use crate::answer::{Answer, Failure};
use crate::environment;
use crate::page::Paint;

/// How answers are given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// As JSON for a program, or as a page for a person.
    pub(crate) json: bool,
}

impl Output {
    /// The colours that fit where the output goes: none but on a terminal, none with `NO_COLOR`.
    pub(crate) fn paint(self) -> Paint {
        let wanted = !self.json && environment::variable("NO_COLOR").is_none();
        if wanted && is_terminal() { Paint::Colours } else { Paint::Plain }
    }

    /// Prints an answer. In a pipe its JSON is one line, so that the last line is the answer
    /// whatever a wrapper printed before.
    pub(crate) fn answer(self, answer: &Answer) {
        if self.json && is_terminal() {
            say(&format!("{:#}\n", answer.json));
        } else if self.json {
            say(&format!("{}\n", answer.json));
        } else {
            say(&answer.page);
        }
    }

    /// Prints an answer that more follows: its JSON stands on one line everywhere.
    pub(crate) fn interim(self, answer: &Answer) {
        if self.json {
            say(&format!("{}\n", answer.json));
        } else {
            say(&format!("{}\n", answer.page));
        }
    }

    /// Prints why there is no answer.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.json {
            complain(&format!("{}\n", failure.json()));
        } else {
            complain(&format!("backsight: {}\n", failure.message()));
        }
    }
}

/// Whether a person looks at the answers.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints a text as it is.
pub(crate) fn say(text: &str) {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).ok();
}

/// Prints a text where complaints go.
pub(crate) fn complain(text: &str) {
    io::stderr().lock().write_all(text.as_bytes()).ok();
}
