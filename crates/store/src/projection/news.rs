//! News, and what was understood of it.

use backsight_domain::story::{Reader, Reading, Story};

use super::{Place, Projection};
use crate::batch::{Batch, row};
use crate::value::Value;

pub(super) fn tell(place: Place, story: &Story, batch: &mut Batch) {
    batch.add(row!(stories {
        seq: place.seq(),
        at: place.at,
        story: name(story.id),
        source: &story.source,
        headline: &story.headline,
        summary: &story.summary,
        link: &story.link,
        published: story.published,
    }));
}

impl Projection {
    pub(super) fn read(&self, place: Place, reading: &Reading, batch: &mut Batch) {
        batch.add(row!(readings {
            seq: place.seq(),
            at: place.at,
            story: name(reading.story),
            ticker: reading.ticker,
            sentiment: reading.sentiment,
            confidence: reading.confidence,
            rung: self.rung.clone(),
        }));
    }

    pub(super) fn change_reader(&mut self, place: Place, reader: &Reader, batch: &mut Batch) {
        self.rung = Some(reader.rung.to_string());
        batch.add(row!(readers {
            seq: place.seq(),
            at: place.at,
            rung: Value::text(reader.rung),
            model: &reader.model,
            version: &reader.version,
            instead_of: reader.instead_of.map(|rung| rung.to_string()),
            why: &reader.why,
            fell: reader.is_fall(),
        }));
    }
}

/// A story's identity as text.
fn name(story: u64) -> String {
    format!("{story:016x}")
}
