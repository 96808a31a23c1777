//! All that is remembered, as bytes: version, settings, stories in order, little-endian.
//!
//! The indexes are not kept; they are made again from the stories.

use backsight_domain::time::{Span, Time};

use super::{KEYS_MAX, OUTLETS_MAX, Settings, Stories, Told};

const VERSION: u64 = 1;

impl Stories {
    /// Everything that is remembered, as bytes for [`Stories::decode`].
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        let settings = &self.settings;
        out.numbers([
            VERSION,
            settings.window.nanos().cast_unsigned(),
            wide(settings.stories_max),
            u64::from(settings.headline_bits),
            u64::from(settings.text_bits),
            self.oldest,
            self.latest.nanos().cast_unsigned(),
            wide(self.told.len()),
        ]);
        for told in &self.told {
            out.told(told);
        }
        out.0
    }

    /// What [`Stories::encode`] wrote; `None` when the bytes are anything else.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        if reader.number()? != VERSION {
            return None;
        }
        let settings = Settings {
            window: Span::from_nanos(reader.number()?.cast_signed()),
            stories_max: usize::try_from(reader.number()?).ok()?,
            headline_bits: u32::try_from(reader.number()?).ok()?,
            text_bits: u32::try_from(reader.number()?).ok()?,
        };
        let mut stories = Self::new(settings);
        stories.oldest = reader.number()?;
        stories.latest = Time::from_nanos(reader.number()?.cast_signed());
        let count = reader.number()?;
        stories.oldest.checked_add(count)?;
        if settings != stories.settings || wide(settings.stories_max) < count {
            return None;
        }
        for _ in 0..count {
            let told = reader.told()?;
            stories.index(told);
        }
        reader.0.is_empty().then_some(stories)
    }

    fn index(&mut self, told: Told) {
        let number = self.oldest + wide(self.told.len());
        self.by_key.extend(told.keys.iter().map(|key| (*key, number)));
        if told.headline != 0 {
            self.by_headline.insert(told.headline, number, self.oldest);
        }
        if let Some(text) = told.text {
            self.by_text.insert(text, number, self.oldest);
        }
        self.told.push_back(told);
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn numbers(&mut self, numbers: impl IntoIterator<Item = u64>) {
        self.0.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
    }

    fn told(&mut self, told: &Told) {
        let Told { id, first_seen, sightings, outlets, keys, words, marks, headline, text } = told;
        let seen = first_seen.nanos().cast_unsigned();
        self.numbers([*id, seen, u64::from(*sightings), *marks, *headline]);
        self.numbers([u64::from(text.is_some()), text.unwrap_or_default()]);
        for list in [outlets, keys] {
            self.numbers([wide(list.len())]);
            self.numbers(list.iter().copied());
        }
        self.numbers([wide(words.len())]);
        self.numbers(words.iter().copied().map(u64::from));
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    fn list(&mut self, length_max: usize) -> Option<Vec<u64>> {
        let length = usize::try_from(self.number()?).ok()?;
        if length_max < length {
            return None;
        }
        (0..length).map(|_| self.number()).collect()
    }

    fn told(&mut self) -> Option<Told> {
        let id = self.number()?;
        let first_seen = Time::from_nanos(self.number()?.cast_signed());
        let sightings = u32::try_from(self.number()?).ok()?;
        let (marks, headline) = (self.number()?, self.number()?);
        let text = match (self.number()?, self.number()?) {
            (0, 0) => None,
            (1, text) => Some(text),
            _ => return None,
        };
        let (outlets, keys) = (self.list(OUTLETS_MAX)?, self.list(KEYS_MAX)?);
        // A headline has at most as many words as bytes.
        let words = self.list(4096)?.into_iter().map(|word| u32::try_from(word).ok());
        let words = words.collect::<Option<Vec<u32>>>()?;
        Some(Told { id, first_seen, sightings, outlets, keys, words, marks, headline, text })
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).expect("lengths fit 64 bits")
}
