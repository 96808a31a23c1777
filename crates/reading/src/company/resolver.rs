//! Reading a text: find, weigh, give parts, and merge what is said of one subject.

use backsight_domain::time::Date;

use super::directory::{Directory, Kind, SubjectId};
use super::hit::{self, Hit};
use super::mention::{Evidence, Mention, Role};
use super::names::{Form, Names};
use super::role;
use super::seen::Seen;
use super::weigh;

/// Reads which companies a text names.
#[derive(Clone, Debug)]
pub struct Resolver {
    directory: Directory,
    names: Names,
}

/// Log-odds from which a hit is a mention: even.
const FLOOR: f64 = 0.0;

impl Resolver {
    /// A resolver over a directory, which is extended by our own list of names.
    pub fn new(mut directory: Directory) -> Self {
        let names = Names::new(&mut directory);
        Self { directory, names }
    }

    /// A resolver over the built-in list.
    pub fn builtin() -> Self {
        Self::new(Directory::builtin())
    }

    /// Who is who.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Everything a text names, in the order of its first place; the date says whose symbol is whose.
    pub fn read(&self, text: &str, date: Date) -> Vec<Mention> {
        let seen = Seen::new(&self.names, text);
        let mut hits = hit::find(&self.names, &self.directory, &seen, date);
        weigh::weigh(&self.names, &self.directory, &seen, &mut hits);
        hits.retain(|hit| FLOOR < hit.score);
        let mut mentions: Vec<Mention> = Vec::with_capacity(hits.len());
        for index in 0..hits.len() {
            let role = role::role(&self.names, &seen, &hits, index);
            let one = self.mention(&seen, &hits[index], role, date);
            match mentions.iter_mut().find(|it| it.subject == one.subject) {
                Some(before) => merge(before, &one),
                None => mentions.push(one),
            }
        }
        let subjects = mentions.iter().filter(|it| it.role == Role::Subject).count();
        for mention in &mut mentions {
            mention.relevance = relevance(mention, text.len(), subjects);
        }
        mentions
    }

    fn mention(&self, seen: &Seen<'_>, hit: &Hit, role: Role, date: Date) -> Mention {
        let subject = self.directory.subject(hit.subject);
        let span = seen.tokens[hit.first].start..seen.tokens[hit.end - 1].end;
        let current = subject.ticker(date);
        // A symbol as written counts while it is valid; later the issuer's own one does.
        let written = hit.ticker.filter(|ticker| {
            subject.lines.iter().any(|line| line.ticker == *ticker && line.is_valid(date))
        });
        Mention {
            subject: hit.subject,
            kind: self.kind(hit.subject),
            ticker: written.or(current),
            span,
            evidence: hit.evidence,
            confidence: probability(hit.score),
            matched: self.matched(hit, written.is_some()),
            relevance: 0.0,
            role,
            count: 1,
        }
    }

    /// A company that trades over the counter only is, to a desk, listed elsewhere.
    fn kind(&self, id: SubjectId) -> Kind {
        let subject = self.directory.subject(id);
        match subject.kind {
            Kind::Company if !subject.is_listed() => Kind::Foreign,
            Kind::Company
            | Kind::Fund
            | Kind::Private
            | Kind::Foreign
            | Kind::Index
            | Kind::Commodity
            | Kind::Crypto => subject.kind,
        }
    }

    fn matched(&self, hit: &Hit, valid: bool) -> f64 {
        let Some(value) = hit.name else {
            return if valid { 0.99 } else { 0.8 };
        };
        let name = self.names.name(value);
        let known = match (hit.evidence, name.form) {
            (Evidence::LegalName, _) => 0.98,
            (_, Form::Core) => 0.95,
            (_, Form::Alias) => 0.95,
            (_, Form::Short) => 0.9,
            (_, Form::Product) => 0.85,
        };
        if name.contested { known - 0.3 } else { known }
    }
}

fn merge(before: &mut Mention, one: &Mention) {
    before.count += one.count;
    before.confidence = before.confidence.max(one.confidence);
    before.matched = before.matched.max(one.matched);
    before.role = before.role.min(one.role);
    if one.evidence < before.evidence {
        before.evidence = one.evidence;
        before.ticker = one.ticker.or(before.ticker);
    }
}

fn probability(score: f64) -> f64 {
    let odds = libm::exp(-score.clamp(-6.0, 4.6));
    1.0 / (1.0 + odds)
}

/// How much a text is about a subject: its part, its place, how often it is named, and beside how many.
#[expect(clippy::cast_precision_loss, reason = "lengths of texts are small")]
fn relevance(mention: &Mention, length: usize, subjects: usize) -> f64 {
    let part = match mention.role {
        Role::Source => return 0.0,
        Role::Background => 0.2,
        Role::Subject => 0.6,
    };
    let place = 1.0 - mention.span.start as f64 / length.max(1) as f64;
    let again = f64::from(mention.count.min(4) - 1) * 0.05;
    let crowd = subjects.saturating_sub(1).min(5) as f64 * 0.06;
    (part + 0.3 * place + again - crowd).clamp(0.05, 1.0)
}

#[cfg(test)]
mod tests;
