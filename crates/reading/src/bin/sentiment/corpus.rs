//! The labelled headlines, which are not part of the project.

use std::ops::Range;
use std::path::Path;

use backsight_reading::sentiment::train::Example;
use backsight_reading::sentiment::{Label, Passage};

/// A labelled headline.
pub(crate) struct Headline {
    pub(crate) text: String,
    /// The label of the whole; `None` when its companies disagree.
    label: Option<Label>,
    /// The companies that were found in the text, each with its label.
    mentions: Vec<(Range<usize>, Label)>,
    part: Part,
    /// The spans of the mentions other than each.
    others: Vec<Vec<Range<usize>>>,
}

/// What a headline is used for, by a hash of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Weights are found on it.
    Train,
    /// Chances are calibrated on it.
    Tune,
    /// Nothing but the report sees it.
    Test,
}

/// One of the sets.
pub(crate) struct Corpus {
    pub(crate) name: &'static str,
    pub(crate) headlines: Vec<Headline>,
}

impl Corpus {
    /// Examples of the whole headlines of a part.
    pub(crate) fn wholes(&self, part: Part) -> impl Iterator<Item = Example<'_>> {
        self.part(part).filter_map(|it| {
            let passage = Passage::whole(&it.text);
            it.label.map(|label| Example { passage, label })
        })
    }

    /// Examples of the companies in the headlines of a part.
    pub(crate) fn mentions(&self, part: Part) -> impl Iterator<Item = Example<'_>> {
        self.part(part).flat_map(Headline::examples)
    }

    /// Examples of the companies in headlines that have different labels for different companies.
    pub(crate) fn conflicts(&self, part: Part) -> impl Iterator<Item = Example<'_>> {
        self.part(part).filter(|it| it.is_conflict()).flat_map(Headline::examples)
    }

    fn part(&self, part: Part) -> impl Iterator<Item = &Headline> {
        self.headlines.iter().filter(move |it| it.part == part)
    }
}

impl Part {
    pub(crate) const ALL: [Self; 3] = [Self::Train, Self::Tune, Self::Test];
}

impl Headline {
    fn new(text: String, label: Option<Label>, mentions: Vec<(Range<usize>, Label)>) -> Self {
        let rest = |skip: usize| {
            let others = mentions.iter().enumerate().filter(|(index, _)| *index != skip);
            others.map(|(_, (span, _))| span.clone()).collect()
        };
        let others = (0..mentions.len()).map(rest).collect();
        let part = part(&text);
        Self { text, label, mentions, part, others }
    }

    fn is_conflict(&self) -> bool {
        self.mentions.windows(2).any(|pair| pair[0].1 != pair[1].1)
    }

    fn examples(&self) -> impl Iterator<Item = Example<'_>> {
        self.mentions.iter().zip(&self.others).map(|((span, label), others)| {
            let passage = Passage { text: &self.text, about: Some(span.clone()), others };
            Example { passage, label: *label }
        })
    }
}

/// Parts by the words without numbers, links and names of users, so that one story told with two prices is in one part.
fn part(text: &str) -> Part {
    let words = text.split_whitespace().filter(|word| !word.starts_with("http"));
    let letters = words.flat_map(|word| word.bytes().chain([b' ']));
    let letters = letters.filter(|it| it.is_ascii_alphabetic() || *it == b' ' || !it.is_ascii());
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in letters {
        hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
    }
    match (hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 & 0xff {
        0..=38 => Part::Test,
        39..=63 => Part::Tune,
        _ => Part::Train,
    }
}

/// Reads both sets; `None` when the folder is absent.
pub(crate) fn read(folder: &Path) -> Option<[Corpus; 2]> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let sentfin = rows(&read("SEntFiN.csv")?).iter().skip(1).filter_map(|it| sentfin(it)).collect();
    let tweets = rows(&read("tfns_train.csv")?).iter().skip(1).filter_map(|it| tweet(it)).collect();
    Some([
        Corpus { name: "SEntFiN", headlines: sentfin },
        Corpus { name: "TFNS", headlines: tweets },
    ])
}

fn tweet(row: &[String]) -> Option<Headline> {
    let label = match row.get(1)?.as_str() {
        "0" => Label::Bad,
        "1" => Label::Good,
        "2" => Label::Neutral,
        _ => return None,
    };
    Some(Headline::new(row[0].clone(), Some(label), Vec::new()))
}

fn sentfin(row: &[String]) -> Option<Headline> {
    let (title, decisions) = (row.get(1)?, row.get(2)?);
    let mut labels = Vec::new();
    let mut mentions = Vec::new();
    for (name, label) in parse_decisions(decisions) {
        labels.push(label);
        if let Some(span) = find(title, name) {
            mentions.push((span, label));
        }
    }
    mentions.sort_by_key(|(span, _)| span.start);
    let agreed = labels.iter().all(|it| *it == labels[0]);
    let label = labels.first().copied().filter(|_| agreed);
    Some(Headline::new(title.clone(), label, mentions))
}

/// Reads `{'Name': 'positive', "Other's": 'neutral'}`, whose names may hold quotes.
fn parse_decisions(text: &str) -> Vec<(&str, Label)> {
    let labels = [("positive", Label::Good), ("negative", Label::Bad), ("neutral", Label::Neutral)];
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let at = labels.iter().filter_map(|(word, label)| {
            ["'", "\""].iter().find_map(|quote| {
                let ending = format!(": {quote}{word}{quote}");
                rest.find(&ending).map(|at| (at, ending.len(), *label))
            })
        });
        let Some((at, length, label)) = at.min_by_key(|(at, _, _)| *at) else { return found };
        let name = rest[..at].trim_start_matches(['{', ',', ' ']);
        found.push((name.trim_matches(['\'', '"']), label));
        rest = &rest[at + length..];
    }
}

fn find(title: &str, name: &str) -> Option<Range<usize>> {
    let lower = title.to_ascii_lowercase();
    let start = lower.find(&name.to_ascii_lowercase()).filter(|_| !name.is_empty())?;
    Some(start..start + name.len())
}

/// Reads comma-separated rows with quoted fields, which may hold line ends.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut row, mut field, mut quoted) = (Vec::<String>::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            _ => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}
