//! The one place that reads the environment of the process.

/// The value of a variable; `None` when it is unset, empty or no text.
#[expect(clippy::disallowed_methods, reason = "settings enter the program here and nowhere else")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
