//! A person's settings file, read strictly and edited as text.
//!
//! Every problem is found, not only the first; a setting that nobody knows is one. What the program
//! adds and takes away are whole sections, so that comments and the order of the rest stay.

use toml::{Table, Value};

use crate::guard::Guard;

/// Letters of the longest name.
pub(crate) const NAME_MAX: usize = 40;

/// Something in a file that cannot be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub at: String,
    /// What, and what would be right.
    pub problem: String,
}

/// Collects every problem on the way.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) problems: Vec<Problem>,
}

/// The table of a file.
pub(crate) fn table(text: &str) -> Result<Table, Vec<Problem>> {
    text.parse().map_err(|fault: toml::de::Error| {
        vec![Problem { at: "the file".to_owned(), problem: fault.to_string() }]
    })
}

/// The first of the problems of a file that is refused.
pub(crate) fn first(problems: Vec<Problem>) -> Problem {
    problems.into_iter().next().expect("a file that is refused has a problem")
}

/// Whether a text can be a name: it needs no escape in the file and fits a column.
pub(crate) fn is_name(text: &str) -> bool {
    let is_letter = |letter: char| !letter.is_control() && !"\"\\`".contains(letter);
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= NAME_MAX
        && text.chars().all(is_letter)
}

/// What a name has to be like.
pub(crate) fn name_rule() -> String {
    format!("a name has 1 to {NAME_MAX} letters, none of them a quote or a backslash")
}

/// A file without one of its sections, or why that cannot be found in the text.
pub(crate) fn without_section(
    text: &str,
    head: &str,
    (index, count): (usize, usize),
    name: &str,
) -> Result<String, Problem> {
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |line: &str| line.trim_start().starts_with(head);
    let heads: Vec<usize> = (0..lines.len()).filter(|at| is_head(lines[*at])).collect();
    if heads.len() != count {
        let problem = "it is not written as a section of its own; take it out by hand".to_owned();
        return Err(Problem { at: format!("`{name}`"), problem });
    }
    let start = heads[index];
    let next = lines[start + 1..].iter().position(|line| line.trim_start().starts_with('['));
    let mut end = next.map_or(lines.len(), |next| start + 1 + next);
    // What stands right before the next section is about that one.
    let is_spare = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    while end < lines.len() && is_spare(lines[end - 1]) {
        end -= 1;
    }
    let rest = lines[end..].strip_prefix(&[""]).unwrap_or(&lines[end..]);
    Ok(format!("{}\n", [&lines[..start], rest].concat().join("\n").trim_end()))
}

impl Reader {
    /// Takes note of a problem.
    pub(crate) fn find(&mut self, at: &str, problem: impl Into<String>) {
        self.problems.push(Problem { at: at.to_owned(), problem: problem.into() });
    }

    /// Finds every setting that is none.
    pub(crate) fn expect_known(&mut self, table: &Table, at: &str, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            let place = if at.is_empty() { key.clone() } else { format!("{at}: {key}") };
            self.find(&place, format!("no such setting; known are {}", known.join(", ")));
        }
    }

    /// A section, empty when it is not there.
    pub(crate) fn section(&mut self, table: &Table, name: &str, known: &[&str]) -> Table {
        match table.get(name) {
            None => Table::new(),
            Some(Value::Table(section)) => {
                self.expect_known(section, name, known);
                section.clone()
            }
            Some(_) => {
                self.find(name, format!("must be a section, written [{name}]"));
                Table::new()
            }
        }
    }

    /// Every section of a list.
    pub(crate) fn sections(&mut self, table: &Table, name: &str) -> Vec<Table> {
        let rows: Option<Vec<Table>> = match table.get(name) {
            None => return Vec::new(),
            Some(Value::Array(rows)) => rows.iter().map(|row| row.as_table().cloned()).collect(),
            Some(_) => None,
        };
        if rows.is_none() {
            self.find(name, format!("must be sections, each written [[{name}]]"));
        }
        rows.unwrap_or_default()
    }

    /// A name that is not missing.
    pub(crate) fn name(&mut self, at: &str, section: &Table) -> Option<Box<str>> {
        let name = section.get("name").and_then(Value::as_str).filter(|name| is_name(name));
        if name.is_none() {
            self.find(&format!("{at}: name"), name_rule());
        }
        name.map(Into::into)
    }

    /// Who may be asked, as a section `access` says it; `standard` where it says nothing.
    pub(crate) fn guard(&mut self, access: &Table, standard: Guard) -> Guard {
        let mut guard = standard;
        match access.get("loopback").map(Value::as_bool) {
            None => {}
            Some(Some(loopback)) => guard.loopback = loopback,
            Some(None) => self.find("access: loopback", "must be true or false"),
        }
        let port = |value: &Value| {
            let number = value.as_integer().and_then(|number| u16::try_from(number).ok());
            number.filter(|port| *port != 0)
        };
        let ports = access.get("ports").map(|ports| ports.as_array().map(Vec::as_slice));
        match ports.map(|ports| ports?.iter().map(port).collect::<Option<Box<[u16]>>>()) {
            None => {}
            Some(Some(ports)) => guard.ports = ports,
            Some(None) => {
                self.find("access: ports", "must be a list of numbers from 1 to 65535: [80, 443]");
            }
        }
        guard
    }

    /// A whole number within bounds; nothing where nothing stands or it is out of them.
    pub(crate) fn number(
        &mut self,
        section: &Table,
        (at, name): (&str, &str),
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let number = section.get(name)?.as_integer().filter(|number| bounds.contains(number));
        if number.is_none() {
            let (least, most) = (bounds.start(), bounds.end());
            let problem = format!("must be a whole number from {least} to {most}");
            self.find(&format!("{at}: {name}"), problem);
        }
        number
    }

    /// What was read, when nothing was wrong.
    pub(crate) fn finish<T>(self, read: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() { Ok(read) } else { Err(self.problems) }
    }
}
