//! What a journal says: the engine stepped through it, and the history of its decisions.
//!
//! Nothing here is kept on the disk. A view is rebuilt from the journal whenever it is asked for,
//! so it cannot disagree with it.

pub(crate) mod ledger;
pub(crate) mod origin;

use backsight_domain::event::Event;
use backsight_domain::money::Money;
use backsight_domain::time::Time;
use backsight_engine::Engine;
use backsight_journal::{Chain, Reader, Record};

use crate::answer::Failure;
use crate::home::Home;
use backsight_learning::past::Past;
use backsight_learning::past::history::History;

/// A desk as its journal tells it.
#[derive(Debug)]
pub(crate) struct View {
    /// The engine after the last entry.
    pub(crate) engine: Engine,
    /// Everything that was decided.
    pub(crate) history: History,
    /// The chain after the last record: the receipt.
    pub(crate) chain: Chain,
    /// How many records were read.
    pub(crate) records: u64,
    /// Equity of each account when the session began.
    pub(crate) day_start: Vec<Option<Money>>,
}

/// What a journal says that can be learned from.
pub(crate) fn past(home: &Home) -> Result<Past, Failure> {
    let disk = home.disk();
    Ok(Past::read(Reader::open(&disk)?)?)
}

impl View {
    /// Reads the whole journal; nothing when there is none.
    pub(crate) fn read(home: &Home) -> Result<Self, Failure> {
        Self::read_until(home, None)
    }

    /// Reads the journal up to the entries of an instant.
    pub(crate) fn read_until(home: &Home, until: Option<Time>) -> Result<Self, Failure> {
        let mut view = Self {
            engine: Engine::new(),
            history: History::default(),
            chain: Chain::START,
            records: 0,
            day_start: Vec::new(),
        };
        if !home.has_journal() {
            return Ok(view);
        }
        let disk = home.disk();
        for stamped in Reader::open(&disk)? {
            let stamped = stamped?;
            if until.is_some_and(|until| until < stamped.at) {
                break;
            }
            (view.chain, view.records) = (stamped.chain, view.records + 1);
            view.history.take(&stamped.record);
            if let Record::Entry(entry) = &stamped.record {
                let session = view.engine.market().session();
                view.engine.step(entry);
                let is_minute = matches!(entry.event, Event::Minute(_));
                if is_minute && session != view.engine.market().session() {
                    view.day_start = view.equities();
                }
            }
        }
        Ok(view)
    }

    /// Equity of each account.
    pub(crate) fn equities(&self) -> Vec<Option<Money>> {
        let accounts = self.engine.accounts().iter();
        accounts.map(|account| self.engine.equity(account.id)).collect()
    }
}
