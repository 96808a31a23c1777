//! The strategy that barter's engine asks after every event.

use barter::engine::state::EngineState;
use barter::engine::state::instrument::filter::InstrumentFilter;
use barter::engine::{Engine, Processor};
use barter::strategy::algo::AlgoStrategy;
use barter::strategy::close_positions::ClosePositionsStrategy;
use barter::strategy::on_disconnect::OnDisconnectStrategy;
use barter::strategy::on_trading_disabled::OnTradingDisabled;
use barter_data::event::MarketEvent;
use barter_data::subscription::candle::Candle;
use barter_execution::AccountEvent;
use barter_execution::order::id::{ClientOrderId, StrategyId};
use barter_execution::order::request::{OrderRequestCancel, OrderRequestOpen, RequestOpen};
use barter_execution::order::{OrderKey, OrderKind, TimeInForce};
use barter_instrument::asset::AssetIndex;
use barter_instrument::exchange::{ExchangeId, ExchangeIndex};
use barter_instrument::instrument::InstrumentIndex;
use rust_decimal::Decimal;

use crate::rules::Symbol;

pub(crate) type State = EngineState<Latest, Symbol>;

/// The instrument whose bar came last: the strategy need not look at all others after each event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latest(Option<InstrumentIndex>);

impl Processor<&MarketEvent<InstrumentIndex, Candle>> for Latest {
    type Audit = ();

    fn process(&mut self, event: &MarketEvent<InstrumentIndex, Candle>) {
        self.0 = Some(event.instrument);
    }
}

impl Processor<&AccountEvent> for Latest {
    type Audit = ();

    fn process(&mut self, _: &AccountEvent) {
        self.0 = None;
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Anchor;

impl AlgoStrategy for Anchor {
    type State = State;

    fn generate_algo_orders(
        &self,
        state: &State,
    ) -> (impl IntoIterator<Item = OrderRequestCancel>, impl IntoIterator<Item = OrderRequestOpen>)
    {
        let latest = state.global.0.map(|latest| state.instruments.instrument_index(&latest));
        let open = latest.and_then(|latest| {
            Some(OrderRequestOpen {
                key: OrderKey {
                    exchange: latest.instrument.exchange,
                    instrument: latest.key,
                    strategy: StrategyId::new("anchor"),
                    cid: ClientOrderId::random(),
                },
                state: RequestOpen {
                    side: latest.data.wish?,
                    price: Decimal::new(latest.data.close, 4),
                    quantity: Decimal::ONE_HUNDRED,
                    kind: OrderKind::Market,
                    time_in_force: TimeInForce::ImmediateOrCancel,
                },
            })
        });
        (None, open)
    }
}

impl ClosePositionsStrategy for Anchor {
    type State = State;

    fn close_positions_requests<'a>(
        &'a self,
        _: &'a State,
        _: &'a InstrumentFilter,
    ) -> (
        impl IntoIterator<Item = OrderRequestCancel> + 'a,
        impl IntoIterator<Item = OrderRequestOpen> + 'a,
    )
    where
        ExchangeIndex: 'a,
        AssetIndex: 'a,
        InstrumentIndex: 'a,
    {
        (None, None)
    }
}

impl<Clock, Txs, Risk> OnDisconnectStrategy<Clock, State, Txs, Risk> for Anchor {
    type OnDisconnect = ();

    fn on_disconnect(_: &mut Engine<Clock, State, Txs, Self, Risk>, _: ExchangeId) {}
}

impl<Clock, Txs, Risk> OnTradingDisabled<Clock, State, Txs, Risk> for Anchor {
    type OnTradingDisabled = ();

    fn on_trading_disabled(_: &mut Engine<Clock, State, Txs, Self, Risk>) {}
}
