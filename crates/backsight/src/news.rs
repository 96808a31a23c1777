//! Reading a headline: whom it names, and what it says about each of them.
//!
//! The same reader serves the demo and the command `read`. It takes the best rung that is
//! installed, and says in a word of the journal who that is, and why when it is not who was chosen.

use std::fs;

use backsight_domain::story::{Reader, Rung};
use backsight_domain::time::Date;
use backsight_gateway::model::{Choice, Engine, Shelf};
use backsight_reading::company::{Directory, Mention, Resolver, Role};
use backsight_reading::sentiment::lexicon::Lexicon;
use backsight_reading::sentiment::linear::Linear;
use backsight_reading::sentiment::{self, Ladder, Passage, RungKind, Sentiment, Tone};

use crate::answer::{Exit, Failure};
use crate::command::model;
use crate::home::{Home, is_absent, show};

/// Understands headlines.
#[derive(Debug)]
pub(crate) struct NewsReader {
    resolver: Resolver,
    ladder: Ladder,
}

/// What a headline says about one of those it names.
#[derive(Clone, Debug)]
pub(crate) struct Understood {
    /// Who is named, and how.
    pub(crate) mention: Mention,
    /// What is said about it.
    pub(crate) tone: Tone,
}

impl NewsReader {
    /// Reads with a ladder about those of a resolver.
    pub(crate) const fn new(resolver: Resolver, ladder: Ladder) -> Self {
        Self { resolver, ladder }
    }

    /// The companies that a headline is about, with a symbol on that date, and the tone for each.
    pub(crate) fn read(&self, headline: &str, date: Date) -> Vec<Understood> {
        let mentions = self.resolver.read(headline, date);
        let about = subjects(&mentions);
        let others = others(&mentions, &about);
        let passages = passages(headline, &about, &others);
        let tones = self.ladder.read(&passages).unwrap_or_default();
        let about = about.into_iter().cloned().zip(tones);
        about.map(|(mention, tone)| Understood { mention, tone }).collect()
    }
}

/// The mentions that a text is about, with a symbol.
pub(crate) fn subjects(mentions: &[Mention]) -> Vec<&Mention> {
    let is_subject = |it: &&Mention| it.role == Role::Subject && it.ticker.is_some();
    mentions.iter().filter(is_subject).collect()
}

/// Who else is named, for each of those that a text is about.
pub(crate) fn others(mentions: &[Mention], about: &[&Mention]) -> Vec<Vec<std::ops::Range<usize>>> {
    let besides = |one: &&Mention| {
        let others = mentions.iter().filter(|it| it.subject != one.subject);
        others.map(|it| it.span.clone()).collect()
    };
    about.iter().map(besides).collect()
}

/// What to ask about each of those that a text is about.
pub(crate) fn passages<'a>(
    text: &'a str,
    about: &[&Mention],
    others: &'a [Vec<std::ops::Range<usize>>],
) -> Vec<Passage<'a>> {
    let about = about.iter().zip(others);
    about.map(|(it, others)| Passage { text, about: Some(it.span.clone()), others }).collect()
}

/// Every rung that is installed, best first, and the word for the best; that one says why when it
/// stands in the place of the model that was chosen.
pub(crate) fn rungs(home: &Home) -> Result<(Vec<Box<dyn Sentiment>>, Reader), Failure> {
    let shelf = Shelf::new(&home.models());
    let chosen = shelf.in_use().map_err(|fault| model::failure(&fault))?;
    let mut rungs: Vec<Box<dyn Sentiment>> = Vec::new();
    let why = match chosen.as_ref().map(|choice| (&choice.name, finbert(&shelf, choice))) {
        None => "no model is chosen".to_owned(),
        Some((_, Ok(reader))) => {
            rungs.push(reader);
            "it was chosen".to_owned()
        }
        Some((name, Err(failure))) => format!("`{name}` was chosen; {}", failure.message()),
    };
    rungs.extend(built_in());
    let first = rungs.first().expect("some are built in").rung();
    let fell = chosen.is_some() && first.kind != RungKind::Finbert;
    let reader = word(first, fell.then_some(Rung::Finbert), &why);
    Ok((rungs, reader))
}

fn built_in() -> [Box<dyn Sentiment>; 2] {
    [Box::new(Linear::new()), Box::new(Lexicon::new())]
}

fn finbert(shelf: &Shelf, choice: &Choice) -> Result<Box<dyn Sentiment>, Failure> {
    let manifest = shelf.manifest(&choice.name).map_err(|fault| model::failure(&fault))?;
    Ok(Box::new(model::load(shelf, &manifest, choice.engine)?))
}

/// The model of a reader that a journal names, with whoever computed then.
fn finbert_again(shelf: &Shelf, reader: &Reader) -> Result<Box<dyn Sentiment>, Failure> {
    let manifest = shelf.manifest(&reader.model).map_err(|fault| model::failure(&fault))?;
    let engine = Engine::of_version(&reader.version, &manifest.version).unwrap_or_default();
    finbert(shelf, &Choice { name: reader.model.clone(), engine })
}

/// The ladder of a desk that begins now, and the word for its reader.
pub(crate) fn ladder(home: &Home) -> Result<(Ladder, Reader), Failure> {
    let (rungs, reader) = rungs(home)?;
    Ok((of(rungs), reader))
}

/// The ladder of a desk whose journal names its reader: with that one, or not at all.
pub(crate) fn ladder_again(home: &Home, reader: &Reader) -> Result<Ladder, Failure> {
    let is_it = |it: &sentiment::Rung| {
        rung(it.kind) == reader.rung && it.name == reader.model && it.version == reader.version
    };
    let mut rungs: Vec<Box<dyn Sentiment>> = built_in().into();
    if reader.rung == Rung::Finbert {
        rungs.insert(0, finbert_again(&Shelf::new(&home.models()), reader)?);
    }
    rungs.retain(|it| is_it(it.rung()));
    if rungs.is_empty() && reader.rung != Rung::None {
        let Reader { rung, model, version, .. } = reader;
        let message = format!(
            "the news of this desk was read by {rung} `{model}` {version}, which is not here; put \
             it back, or choose another `--home`"
        );
        return Err(Failure::new(Exit::Configuration, message));
    }
    Ok(of(rungs))
}

fn of(rungs: Vec<Box<dyn Sentiment>>) -> Ladder {
    let mut ladder = Ladder::new();
    for rung in rungs {
        // Nobody reads yet whose place could be taken.
        drop(ladder.install(rung));
    }
    ladder
}

fn word(of: &sentiment::Rung, instead_of: Option<Rung>, why: &str) -> Reader {
    let (rung, model, version) = (rung(of.kind), of.name.clone(), of.version.clone());
    Reader { rung, model, version, instead_of, why: why.into() }
}

const fn rung(kind: RungKind) -> Rung {
    match kind {
        RungKind::Finbert => Rung::Finbert,
        RungKind::Linear => Rung::Linear,
        RungKind::Lexicon => Rung::Lexicon,
        RungKind::None => Rung::None,
    }
}

/// Who is who: the lists that a person imported, or those in the binary. Says whether it is the
/// former.
pub(crate) fn directory(home: &Home) -> Result<(Directory, bool), Failure> {
    let path = home.companies_file();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(fault) if is_absent(&fault) => return Ok((Directory::builtin(), false)),
        Err(fault) => {
            return Err(Failure::from(fault).context(format!("cannot read `{}`", show(&path))));
        }
    };
    Directory::unpack(&text)
        .map(|directory| (directory, true))
        .map_err(|fault| Failure::new(Exit::Configuration, format!("`{}`: {fault}", show(&path))))
}
