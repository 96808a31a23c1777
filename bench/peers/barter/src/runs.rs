//! Two ways to run a tape through barter's engine.
//!
//! - `system`: barter's back-test as its documents show it. Bars go through an unbounded channel, orders to the mock
//!   exchange, and fills come back from tasks that sleep on the wall clock, as soon as they can.
//! - `inline`: the same engine under `sync_run`, fed by an iterator that fills every order before the next bar. No
//!   tasks, no exchange, no channel for bars: the least that the engine can do and still hold positions.

use std::collections::VecDeque;
use std::sync::Arc;

use barter::EngineEvent;
use barter::backtest::market_data::BacktestMarketData;
use barter::engine::Engine;
use barter::engine::clock::HistoricalClock;
use barter::engine::execution_tx::MultiExchangeTxMap;
use barter::engine::run::sync_run;
use barter::engine::state::builder::EngineStateBuilder;
use barter::engine::state::trading::TradingState;
use barter::execution::AccountStreamEvent;
use barter::execution::request::ExecutionRequest;
use barter::risk::DefaultRiskManager;
use barter::system::builder::{AuditMode, EngineFeedMode, SystemArgs, SystemBuilder};
use barter::system::config::{ExecutionConfig, InstrumentConfig};
use barter_data::streams::consumer::MarketStreamEvent;
use barter_data::subscription::candle::Candle;
use barter_execution::balance::{AssetBalance, Balance};
use barter_execution::client::mock::MockExecutionConfig;
use barter_execution::order::Order;
use barter_execution::order::id::OrderId;
use barter_execution::order::request::OrderRequestOpen;
use barter_execution::order::state::OrderState;
use barter_execution::trade::{AssetFees, Trade, TradeId};
use barter_execution::{AccountEvent, AccountEventKind, UnindexedAccountSnapshot};
use barter_instrument::Underlying;
use barter_instrument::exchange::ExchangeId;
use barter_instrument::index::IndexedInstruments;
use barter_instrument::instrument::InstrumentIndex;
use barter_instrument::instrument::kind::InstrumentKind;
use barter_instrument::instrument::quote::InstrumentQuoteAsset;
use barter_integration::channel::{UnboundedRx, mpsc_unbounded};
use barter_integration::collection::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use tokio::runtime::Runtime;

use crate::rules::Symbol;
use crate::strategy::{Anchor, Latest, State};
use crate::tape::Tape;

type Event = EngineEvent<Candle>;

/// One spot instrument for each symbol; barter sorts them by name.
pub(crate) fn instruments(symbols: usize) -> IndexedInstruments {
    IndexedInstruments::new((0..symbols).map(|symbol| {
        let base = format!("s{symbol:05}");
        InstrumentConfig {
            exchange: ExchangeId::Mock,
            name_exchange: base.as_str().into(),
            underlying: Underlying::new(base.as_str(), "usd"),
            quote: InstrumentQuoteAsset::UnderlyingQuote,
            kind: InstrumentKind::Spot,
            spec: None,
        }
    }))
}

/// Runs the tape through a whole system and returns what the engine knows at the end.
pub(crate) fn system(runtime: &Runtime, tape: &Tape, instruments: &IndexedInstruments) -> State {
    runtime.block_on(async {
        let market = tape.in_memory().stream().await.expect("memory does not fail");
        let args = SystemArgs::new(
            instruments,
            vec![exchange(tape.opening)],
            HistoricalClock::new(tape.opening),
            Anchor,
            DefaultRiskManager::default(),
            market,
            Latest::default(),
            Symbol::of,
        );
        let build = SystemBuilder::new(args)
            .engine_feed_mode(EngineFeedMode::Stream)
            .audit_mode(AuditMode::Disabled)
            .trading_state(TradingState::Enabled)
            .build::<Event, _>()
            .expect("the instruments are indexed");
        let system = build.init().await.expect("the mock exchange answers");
        let (engine, _) = system.shutdown_after_backtest().await.expect("no task panics");
        engine.state
    })
}

/// An exchange with more cash than anybody needs; fees are a share of the value there, so there are none.
fn exchange(opening: DateTime<Utc>) -> ExecutionConfig {
    let cash = Decimal::from(1_000_000_000_000_000_i64);
    let balance = AssetBalance {
        asset: "usd".into(),
        balance: Balance { total: cash, free: cash },
        time_exchange: opening,
    };
    ExecutionConfig::Mock(MockExecutionConfig {
        mocked_exchange: ExchangeId::Mock,
        initial_state: UnindexedAccountSnapshot {
            exchange: ExchangeId::Mock,
            balances: vec![balance],
            instruments: Vec::new(),
        },
        latency_ms: 0,
        fees_percent: Decimal::ZERO,
    })
}

/// Runs the tape through the engine alone, with a fill for each order before the next bar.
pub(crate) fn inline(tape: &Tape, instruments: &IndexedInstruments) -> State {
    let state = EngineStateBuilder::new(instruments, Latest::default(), Symbol::of)
        .time_engine_start(tape.opening)
        .trading_state(TradingState::Enabled)
        .build();
    let (tx, requests) = mpsc_unbounded();
    let mut engine = Engine::new(
        HistoricalClock::new(tape.opening),
        state,
        MultiExchangeTxMap::from_iter([(ExchangeId::Mock, Some(tx))]),
        Anchor,
        DefaultRiskManager::default(),
    );
    let events = Arc::clone(&tape.events);
    let mut feed = Feed { events, next: 0, orders: 0, requests, answers: VecDeque::new() };
    sync_run(&mut feed, &mut engine);
    engine.state
}

/// The bars of a tape, with the answers to orders between them.
struct Feed {
    events: Arc<Vec<MarketStreamEvent<InstrumentIndex, Candle>>>,
    next: usize,
    orders: u64,
    requests: UnboundedRx<ExecutionRequest>,
    answers: VecDeque<Event>,
}

impl Iterator for Feed {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        while let Ok(request) = self.requests.rx.try_recv() {
            if let ExecutionRequest::Open(order) = request {
                self.fill(order);
            }
        }
        if let Some(answer) = self.answers.pop_front() {
            return Some(answer);
        }
        let event = self.events.get(self.next)?.clone();
        self.next += 1;
        Some(EngineEvent::Market(event))
    }
}

impl Feed {
    /// Answers like the mock exchange, at once and with a fee of one dollar.
    fn fill(&mut self, order: OrderRequestOpen) {
        let Some(MarketStreamEvent::Item(bar)) = self.events.get(self.next - 1) else { return };
        self.orders += 1;
        let id = self.orders.to_string();
        let trade = Trade {
            id: TradeId::new(&id),
            order_id: OrderId::new(&id),
            instrument: order.key.instrument,
            strategy: order.key.strategy.clone(),
            time_exchange: bar.time_exchange,
            side: order.state.side,
            price: order.state.price,
            quantity: order.state.quantity,
            fees: AssetFees::quote_fees(Decimal::ONE),
        };
        let exchange = order.key.exchange;
        let filled = Order {
            key: order.key,
            side: order.state.side,
            price: order.state.price,
            quantity: order.state.quantity,
            kind: order.state.kind,
            time_in_force: order.state.time_in_force,
            state: OrderState::fully_filled(),
        };
        let kinds =
            [AccountEventKind::OrderSnapshot(Snapshot(filled)), AccountEventKind::Trade(trade)];
        let events = kinds.map(|kind| AccountEvent { exchange, kind });
        self.answers
            .extend(events.map(|event| EngineEvent::Account(AccountStreamEvent::Item(event))));
    }
}
