//! JSON as text, written once and never read here.

use std::fmt::Write;

use backsight_domain::money::Money;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;

use crate::value::{Value, decimal_text, time_text};

/// Something that is written as JSON.
pub(crate) trait Jot {
    /// Writes it behind what is there.
    fn jot(&self, out: &mut String);
}

/// An object that is being written.
#[derive(Debug)]
pub(crate) struct Object(String);

/// A list that is being written.
#[derive(Debug)]
pub(crate) struct List(String);

impl Object {
    /// An object without members.
    pub(crate) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Adds a member.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "values are small, and calls read better")]
    pub(crate) fn put(mut self, name: &str, value: impl Jot) -> Self {
        if 1 < self.0.len() {
            self.0.push(',');
        }
        name.jot(&mut self.0);
        self.0.push(':');
        value.jot(&mut self.0);
        self
    }

    fn text(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

impl List {
    /// A list of all items.
    pub(crate) fn of<T: Jot>(items: impl IntoIterator<Item = T>) -> Self {
        let mut text = "[".to_owned();
        for item in items {
            if 1 < text.len() {
                text.push(',');
            }
            item.jot(&mut text);
        }
        text.push(']');
        Self(text)
    }
}

impl Jot for Object {
    fn jot(&self, out: &mut String) {
        out.push_str(&self.0);
        out.push('}');
    }
}

impl Jot for List {
    fn jot(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Json(object.text().into())
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::Json(list.0.into())
    }
}

impl<T: Jot> Jot for Option<T> {
    fn jot(&self, out: &mut String) {
        match self {
            Some(value) => value.jot(out),
            None => out.push_str("null"),
        }
    }
}

impl Jot for str {
    fn jot(&self, out: &mut String) {
        out.push('"');
        for letter in self.chars() {
            match letter {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                // PostgreSQL's JSON holds no zero character.
                '\0' => {}
                other if other < ' ' => show(out, format_args!("\\u{:04x}", u32::from(other))),
                other => out.push(other),
            }
        }
        out.push('"');
    }
}

impl Jot for &str {
    fn jot(&self, out: &mut String) {
        (**self).jot(out);
    }
}

impl Jot for String {
    fn jot(&self, out: &mut String) {
        self.as_str().jot(out);
    }
}

impl Jot for bool {
    fn jot(&self, out: &mut String) {
        show(out, format_args!("{self}"));
    }
}

/// A number that is none is unknown.
impl Jot for f64 {
    fn jot(&self, out: &mut String) {
        if self.is_finite() { show(out, format_args!("{self}")) } else { out.push_str("null") }
    }
}

macro_rules! jot_integer {
    ($($kind:ty),+) => {
        $(impl Jot for $kind {
            fn jot(&self, out: &mut String) {
                show(out, format_args!("{self}"));
            }
        })+
    };
}

jot_integer!(i8, i64, u16, u32);

impl Jot for Price {
    fn jot(&self, out: &mut String) {
        out.push_str(&decimal_text(self.ticks(), 4));
    }
}

impl Jot for Money {
    fn jot(&self, out: &mut String) {
        out.push_str(&decimal_text(self.units(), 4));
    }
}

impl Jot for Quantity {
    fn jot(&self, out: &mut String) {
        out.push_str(&decimal_text(self.units(), 9));
    }
}

impl Jot for Time {
    fn jot(&self, out: &mut String) {
        time_text(*self).jot(out);
    }
}

fn show(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a text can be written to");
}
