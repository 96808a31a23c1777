//! The thread that looks back: its questions take long, so that nobody else may wait for them.
//!
//! It reads the journal when it is first asked, and what was written since whenever it is asked
//! again. An answer is kept for a moment, for the same page is often asked for by several people.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use backsight_journal::{ReadFault, Reader, RealDisk};
use backsight_learning::past::Past;
use backsight_learning::sample::Calendar;
use serde::Serialize;

use crate::clock::Stopwatch;
use crate::mirror::mailbox::Question;

/// How long an answer is good for.
const FRESH: Duration = Duration::from_secs(3);

/// The past, and what was said about it a moment ago.
#[derive(Debug, Default)]
pub(crate) struct Study {
    pub(crate) past: Past,
    said: RefCell<BTreeMap<String, (Stopwatch, Arc<str>)>>,
}

impl Study {
    /// What a function of the past says, as JSON.
    pub(crate) fn say<T: Serialize>(
        &self,
        name: &str,
        look: impl FnOnce(&Past, &Calendar) -> T,
    ) -> Arc<str> {
        let said = self.said.borrow().get(name).cloned();
        if let Some((_, text)) = said.filter(|(since, _)| since.elapsed() < FRESH) {
            return text;
        }
        let calendar = Calendar::of(&self.past);
        let text = serde_json::to_string(&look(&self.past, &calendar)).unwrap_or_default();
        let text: Arc<str> = text.into();
        let mut said = self.said.borrow_mut();
        said.retain(|_, (since, _)| since.elapsed() < FRESH);
        said.insert(name.to_owned(), (Stopwatch::start(), text.clone()));
        text
    }
}

/// Answers until nobody can ask any more.
pub(crate) fn run(journal: &Path, questions: &Receiver<Question<Study>>) {
    let disk = RealDisk::new(journal);
    let mut study = Study::default();
    let mut reader = None;
    while let Ok(question) = questions.recv() {
        // What cannot be read now is read when the next question comes.
        read_on(&disk, &mut reader, &mut study.past).ok();
        question(&study);
    }
}

fn read_on<'d>(
    disk: &'d RealDisk,
    reader: &mut Option<Reader<'d, RealDisk>>,
    past: &mut Past,
) -> Result<(), ReadFault> {
    let reader = match reader {
        Some(reader) => {
            reader.resume()?;
            reader
        }
        None => reader.insert(Reader::open(disk)?),
    };
    reader.by_ref().try_for_each(|stamped| stamped.map(|stamped| past.take(&stamped)))
}
