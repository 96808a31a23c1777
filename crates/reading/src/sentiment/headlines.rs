//! Headlines that were written and labelled for this project.
//!
//! No model is trained on them: they say how a reader does on words that nobody fitted, also where no data set is at
//! hand.

use std::ops::Range;

use super::train::Example;
use super::{Label, Passage};

const LINES: &str = include_str!("../../models/headlines.txt");

/// A headline of ours.
#[derive(Clone, Debug)]
pub struct Headline {
    text: &'static str,
    about: Option<Range<usize>>,
    others: Vec<Range<usize>>,
    label: Label,
}

impl Headline {
    /// The headline as a labelled passage.
    pub fn example(&self) -> Example<'_> {
        let passage = Passage { text: self.text, about: self.about.clone(), others: &self.others };
        Example { passage, label: self.label }
    }
}

/// Reads the headlines of `models/headlines.txt`, in order.
pub fn own() -> Vec<Headline> {
    let lines = LINES.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| parse(line).expect("the built-in headlines are read by a test")).collect()
}

fn parse(line: &'static str) -> Option<Headline> {
    let label = match line.chars().next()? {
        '+' => Label::Good,
        '-' => Label::Bad,
        '0' => Label::Neutral,
        _ => return None,
    };
    let Some((names, text)) = line[1..].strip_prefix('[').and_then(|it| it.split_once("] ")) else {
        let text = line[1..].trim_start();
        return Some(Headline { text, about: None, others: Vec::new(), label });
    };
    let span = |name: &str| text.find(name).map(|start| start..start + name.len());
    let mut spans = names.split('|').map(span).collect::<Option<Vec<_>>>()?;
    let about = Some(spans.remove(0));
    Some(Headline { text, about, others: spans, label })
}

#[cfg(test)]
mod tests;
