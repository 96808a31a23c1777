//! The tape that `bench --export` wrote, as the candles that barter reads, and the trades beside it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use barter::backtest::market_data::MarketDataInMemory;
use barter_data::event::MarketEvent;
use barter_data::streams::consumer::MarketStreamEvent;
use barter_data::subscription::candle::Candle;
use barter_instrument::exchange::ExchangeId;
use barter_instrument::instrument::InstrumentIndex;
use chrono::{DateTime, TimeDelta, Utc};

use crate::rules::Deal;

/// Every bar as one event, minute by minute and symbol by symbol.
pub(crate) struct Tape {
    pub(crate) symbols: usize,
    pub(crate) opening: DateTime<Utc>,
    pub(crate) events: Arc<Vec<MarketStreamEvent<InstrumentIndex, Candle>>>,
}

impl Tape {
    /// Reads magic, digest, symbols, minutes, starts and blocks.
    pub(crate) fn read(path: &Path) -> std::io::Result<Self> {
        let bytes = fs::read(path)?;
        assert_eq!(&bytes[..8], b"BSTAPE01", "not a tape of this version");
        let long = |at: usize| i64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"));
        let count = |at| usize::try_from(long(at)).expect("counts are small");
        let (symbols, minutes) = (count(40), count(48));
        let blocks = 56 + 8 * minutes;
        let cell = |at: usize| {
            let from = blocks + 4 * at;
            f64::from(i32::from_le_bytes(bytes[from..from + 4].try_into().expect("4 bytes")))
        };
        let mut events = Vec::with_capacity(minutes * symbols);
        for minute in 0..minutes {
            let start = DateTime::from_timestamp_nanos(long(56 + 8 * minute));
            let close_time = start + TimeDelta::minutes(1);
            for symbol in 0..symbols {
                let column = |column| cell((minute * 5 + column) * symbols + symbol);
                let kind = Candle {
                    close_time,
                    open: column(0),
                    high: column(1),
                    low: column(2),
                    close: column(3),
                    volume: column(4),
                    trade_count: 0,
                };
                events.push(MarketStreamEvent::Item(MarketEvent {
                    time_exchange: close_time,
                    time_received: close_time,
                    exchange: ExchangeId::Mock,
                    instrument: InstrumentIndex(symbol),
                    kind,
                }));
            }
        }
        let opening = DateTime::from_timestamp_nanos(long(56));
        Ok(Self { symbols, opening, events: Arc::new(events) })
    }

    pub(crate) fn bars(&self) -> usize {
        self.events.len()
    }

    /// The form in which barter's own back-tests take their events.
    pub(crate) fn in_memory(&self) -> MarketDataInMemory<Candle> {
        MarketDataInMemory::new(Arc::clone(&self.events))
    }
}

/// Reads the trades that must be found.
pub(crate) fn expected(tape: &Path) -> std::io::Result<Vec<Deal>> {
    let list = fs::read_to_string(tape.with_extension("trades"))?;
    let deal = |line: &str| {
        let numbers = line.split(' ').map(|number| number.parse().expect("a number"));
        let numbers: Vec<i64> = numbers.collect();
        Deal::try_from(numbers).expect("five numbers")
    };
    Ok(list.lines().map(deal).collect())
}
