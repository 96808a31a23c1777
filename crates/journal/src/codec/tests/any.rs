//! Strategies for events and decisions.

use std::collections::BTreeMap;

use backsight_domain::alert::{AlertKey, Metric, Station};
use backsight_domain::decision::{
    Decision, Effect, Fingerprint, Ignored, Opening, OrderMove, OrderPhase, Outcome, Pricing,
    Reason, Refused, Stage, Subject,
};
use backsight_domain::desk::{Alarm, Command, OperatorCommand, TradingState, WorldFault};
use backsight_domain::event::{Bust, Event};
use backsight_domain::id::{
    AccountId, ExecutionId, GhostId, IntentId, PolicyVersion, PositionId, ProposalId, Seq,
    SignalId, VenueId,
};
use backsight_domain::instrument::{Contract, ExerciseStyle, Instrument, Right, Ticker};
use backsight_domain::market::{Halt, Minute, Quote, Slot, Split};
use backsight_domain::money::Money;
use backsight_domain::order::{
    AccountReport, Answer, Asked, ExitReason, Fill, Holding, Intent, OrderKind, OrderRef,
    OrderStatus, OrderUpdate, Purpose, Refusal, Reply, Side, TimeInForce, Unclear,
};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::{
    Direction, Factor, FactorName, Features, Horizon, Playbook, Signal, Terms,
};
use backsight_domain::story::{Reader, Reading, Rung, Story};
use backsight_domain::time::{Date, Span, Time};
use backsight_domain::verdict::{Check, CheckOutcome, Checks, Choice, Gate, Observed, Verdict};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

pub(super) fn event() -> impl Strategy<Value = Event> {
    let slot = any::<u16>().prop_map(Slot);
    prop_oneof![
        minute().prop_map(Event::Minute),
        (slot.clone(), any::<i64>(), any::<i64>(), time())
            .prop_map(|(slot, bid, ask, at)| Event::Quote(Quote { slot, bid, ask, at })),
        (slot.clone(), any::<bool>()).prop_map(|(slot, halted)| Event::Halt(Halt { slot, halted })),
        (slot, any::<u16>(), any::<u16>()).prop_map(|(slot, numerator, denominator)| {
            Event::Split(Split { slot, numerator, denominator })
        }),
        (any::<u64>(), text(), text(), text(), text(), proptest::option::of(time())).prop_map(
            |(id, source, headline, link, summary, published)| {
                Event::Story(Story { id, source, headline, link, summary, published })
            }
        ),
        reader().prop_map(Event::Reader),
        (any::<u64>(), ticker(), any::<f64>(), any::<f64>()).prop_map(
            |(story, ticker, sentiment, confidence)| {
                Event::Reading(Reading { story, ticker, sentiment, confidence })
            }
        ),
        reply().prop_map(Event::Reply),
        update().prop_map(Event::Order),
        fill().prop_map(Event::Fill),
        execution().prop_map(|execution| Event::Bust(Bust { execution })),
        report().prop_map(Event::Report),
        command().prop_map(Event::Operator),
        fault().prop_map(Event::Fault),
        Just(Event::Tick),
    ]
}

fn reader() -> impl Strategy<Value = Reader> {
    let rung = select(&[Rung::Finbert, Rung::Linear, Rung::Lexicon, Rung::None][..]);
    (rung.clone(), text(), text(), proptest::option::of(rung), text()).prop_map(
        |(rung, model, version, instead_of, why)| Reader { rung, model, version, instead_of, why },
    )
}

pub(super) fn decision() -> impl Strategy<Value = Decision> {
    let cause = any::<u64>().prop_map(Seq);
    (cause, vec(effect(), 0..4), vec(reason(), 0..6), account()).prop_map(
        |(cause, effects, mut because, account)| {
            // A verdict leaves out what stands in an earlier one, so some must be alike.
            because.extend(twins(&because, account));
            Decision { cause, effects, because }
        },
    )
}

fn twins(because: &[Reason], account: AccountId) -> Vec<Reason> {
    let mut verdicts: Vec<_> = because
        .iter()
        .filter_map(|reason| {
            if let Reason::Verdict(verdict) = reason { Some(verdict.clone()) } else { None }
        })
        .collect();
    for verdict in &mut verdicts {
        verdict.account = account;
        verdict.checks = verdict.checks.iter().skip(1).collect();
    }
    verdicts.into_iter().map(Reason::Verdict).collect()
}

fn effect() -> impl Strategy<Value = Effect> {
    let alarm = select(&[Alarm::OrphanOrder, Alarm::Overfill, Alarm::CashDrift][..]);
    prop_oneof![
        intent().prop_map(Effect::Submit),
        intent().prop_map(Effect::Resubmit),
        (account(), intent_id()).prop_map(|(account, intent)| Effect::Cancel { account, intent }),
        (account(), venue()).prop_map(|(account, venue)| Effect::CancelForeign { account, venue }),
        (account(), intent_id()).prop_map(|(account, intent)| Effect::Lookup { account, intent }),
        account().prop_map(Effect::Report),
        any::<u16>().prop_map(|slot| Effect::AskChain(Slot(slot))),
        alarm.prop_map(Effect::Alarm),
    ]
}

fn reason() -> impl Strategy<Value = Reason> {
    let phase = || select(&[OrderPhase::Sent, OrderPhase::Working, OrderPhase::Abandoned][..]);
    prop_oneof![
        signal().prop_map(|signal| Reason::Signal(Box::new(signal))),
        verdict().prop_map(|verdict| Reason::Verdict(Box::new(verdict))),
        outcome().prop_map(|outcome| Reason::Closed(Box::new(outcome))),
        (intent_id(), account(), instrument(), quantity(), price()).prop_map(
            |(id, account, instrument, quantity, price)| {
                let position = PositionId(id);
                Reason::Opened(Opening { position, account, instrument, quantity, price })
            }
        ),
        (intent_id(), phase(), phase()).prop_map(|(intent, from, to)| Reason::Order(OrderMove {
            intent,
            from,
            to
        })),
        (execution(), intent_id(), quantity(), price()).prop_map(
            |(execution, intent, quantity, price)| {
                Reason::Filled { execution, intent, quantity, price }
            }
        ),
        (state(), state()).prop_map(|(from, to)| Reason::State { from, to }),
        select(&[Ignored::RepeatedFill, Ignored::UniverseShrinks][..]).prop_map(Reason::Ignored),
        (any::<[u8; 32]>(), vec(money(), 0..3)).prop_map(|(hash, equity)| {
            Reason::Closing { fingerprint: Fingerprint(hash), equity }
        }),
    ]
}

fn time() -> impl Strategy<Value = Time> + Clone {
    any::<i64>().prop_map(Time::from_nanos)
}

fn money() -> impl Strategy<Value = Money> {
    any::<i64>().prop_map(Money::from_units)
}

fn quantity() -> impl Strategy<Value = Quantity> {
    any::<i64>().prop_map(Quantity::from_units)
}

fn price() -> impl Strategy<Value = Price> {
    (1..=Price::MAX.ticks()).prop_map(Price::from_ticks_clamped)
}

fn text() -> impl Strategy<Value = Box<str>> {
    any::<String>().prop_map(Box::from)
}

fn ticker() -> impl Strategy<Value = Ticker> {
    "[A-Z][A-Z0-9.-]{0,7}".prop_map(|text| Ticker::parse(&text).unwrap())
}

fn account() -> impl Strategy<Value = AccountId> {
    any::<u8>().prop_map(AccountId)
}

fn venue() -> impl Strategy<Value = VenueId> {
    any::<u128>().prop_map(VenueId)
}

fn execution() -> impl Strategy<Value = ExecutionId> {
    any::<u128>().prop_map(ExecutionId)
}

fn intent_id() -> impl Strategy<Value = IntentId> {
    (any::<u64>(), any::<u16>()).prop_map(|(cause, leg)| IntentId { cause: Seq(cause), leg })
}

fn signal_id() -> impl Strategy<Value = SignalId> {
    (any::<u64>(), any::<u16>()).prop_map(|(cause, index)| SignalId { cause: Seq(cause), index })
}

fn state() -> impl Strategy<Value = TradingState> {
    select(&[TradingState::Active, TradingState::Reconciling, TradingState::Flattening][..])
}

fn side() -> impl Strategy<Value = Side> {
    select(&[Side::Buy, Side::Sell][..])
}

fn exit_reason() -> impl Strategy<Value = ExitReason> {
    select(&ExitReason::ALL[..])
}

fn instrument() -> impl Strategy<Value = Instrument> {
    let right = select(&[Right::Call, Right::Put][..]);
    let style = select(&[ExerciseStyle::American, ExerciseStyle::European][..]);
    let expiry = any::<i32>().prop_map(Date::from_days);
    let contract = (ticker(), expiry, right, price(), any::<u16>(), style);
    prop_oneof![
        ticker().prop_map(Instrument::Equity),
        contract.prop_map(|(underlying, expiry, right, strike, multiplier, style)| {
            let contract = Contract { underlying, expiry, right, strike, multiplier, style };
            Instrument::Option(contract)
        }),
    ]
}

fn minute() -> impl Strategy<Value = Minute> {
    let column = || vec(any::<i32>(), 0..20);
    (time(), [column(), column(), column(), column(), column()], vec(any::<u64>(), 0..4)).prop_map(
        |(start, [open, high, low, close, volume], traded)| Minute {
            start,
            open,
            high,
            low,
            close,
            volume,
            traded,
        },
    )
}

fn update() -> impl Strategy<Value = OrderUpdate> {
    let known = [OrderStatus::Accepted, OrderStatus::Filled, OrderStatus::PendingReplace];
    let status = prop_oneof![
        select(known.to_vec()),
        order().prop_map(|by| OrderStatus::Replaced { by }),
        text().prop_map(OrderStatus::Other)
    ];
    (account(), order(), venue(), status, quantity()).prop_map(
        |(account, order, venue, status, filled)| OrderUpdate {
            account,
            order,
            venue,
            status,
            filled,
        },
    )
}

fn order() -> impl Strategy<Value = OrderRef> {
    prop_oneof![intent_id().prop_map(OrderRef::Ours), venue().prop_map(OrderRef::Foreign)]
}

fn fill() -> impl Strategy<Value = Fill> {
    let order = (execution(), account(), order(), instrument(), side());
    (order, (quantity(), price(), money(), time())).prop_map(
        |((execution, account, order, instrument, side), (quantity, price, fee, at))| Fill {
            execution,
            account,
            order,
            instrument,
            side,
            quantity,
            price,
            fee,
            at,
        },
    )
}

fn reply() -> impl Strategy<Value = Reply> {
    let refusal = select(&[Refusal::BuyingPower, Refusal::DuplicateId, Refusal::RateLimited][..]);
    let unclear = select(&[Unclear::TimedOut, Unclear::Reset, Unclear::Unreadable][..]);
    let answer = prop_oneof![
        update().prop_map(Answer::Known),
        refusal.prop_map(Answer::Refused),
        Just(Answer::NotFound),
        unclear.prop_map(Answer::Unclear),
    ];
    let asked = select(&[Asked::Submit, Asked::Cancel, Asked::Lookup][..]);
    (account(), intent_id(), asked, answer).prop_map(|(account, intent, asked, answer)| Reply {
        account,
        intent,
        asked,
        answer,
    })
}

fn report() -> impl Strategy<Value = AccountReport> {
    let holding = (instrument(), quantity())
        .prop_map(|(instrument, quantity)| Holding { instrument, quantity });
    (account(), money(), vec(holding, 0..4), vec(update(), 0..3), vec(fill(), 0..3)).prop_map(
        |(account, cash, holdings, open_orders, fills)| AccountReport {
            account,
            cash,
            holdings,
            open_orders,
            fills,
            busts: vec![ExecutionId(u128::from(account.0))],
            settlements: Vec::new(),
            payouts: Vec::new(),
        },
    )
}

fn command() -> impl Strategy<Value = OperatorCommand> {
    let command = prop_oneof![
        select(&[Command::Halt, Command::Flatten, Command::Resume][..]),
        any::<u64>().prop_map(|seq| Command::Approve(ProposalId(Seq(seq)))),
        select(
            &[
                AlertKey::Called(Alarm::Overfill),
                AlertKey::State(TradingState::Halted),
                AlertKey::Unusual(Station::News, Metric::Share),
                AlertKey::Silent(Station::Fills),
            ][..],
        )
        .prop_map(Command::Acknowledge),
    ];
    (command, text(), text(), any::<u64>()).prop_map(|(command, who, why, key)| OperatorCommand {
        command,
        who,
        why,
        key,
    })
}

fn fault() -> impl Strategy<Value = WorldFault> {
    prop_oneof![
        account().prop_map(WorldFault::StreamLost),
        account().prop_map(WorldFault::Unauthorised),
        any::<i64>().prop_map(WorldFault::ClockSkew),
    ]
}

fn intent() -> impl Strategy<Value = Intent> {
    let kind = prop_oneof![
        Just(OrderKind::Market),
        price().prop_map(OrderKind::Limit),
        (price(), price()).prop_map(|(stop, limit)| OrderKind::StopLimit { stop, limit }),
    ];
    let purpose = prop_oneof![
        signal_id().prop_map(Purpose::Open),
        (intent_id(), exit_reason())
            .prop_map(|(id, reason)| Purpose::Close { position: PositionId(id), reason }),
    ];
    let lasts = select(&[TimeInForce::Day, TimeInForce::UntilCancelled][..]);
    let order = (intent_id(), account(), instrument(), side(), quantity());
    let replaces = proptest::option::of(intent_id());
    (order, (kind, lasts, purpose, replaces), (time(), any::<u32>())).prop_map(
        |(order, (kind, lasts, purpose, replaces), (until, policy))| {
            let (id, account, instrument, side, quantity) = order;
            Intent {
                id,
                account,
                instrument,
                side,
                quantity,
                kind,
                lasts,
                purpose,
                replaces,
                valid_until: until,
                policy: PolicyVersion(policy),
            }
        },
    )
}

fn signal() -> impl Strategy<Value = Signal> {
    let factor = (select(&[FactorName::Setup, FactorName::Move][..]), any::<f64>())
        .prop_map(|(name, value)| Factor { name, value });
    let number = || proptest::option::of(any::<f64>());
    let features = (any::<u32>(), number(), number(), proptest::option::of(any::<i8>())).prop_map(
        |(bars, sma50, atr, trend)| Features { bars, sma50, atr, trend, ..Features::default() },
    );
    let horizon = select(&[Horizon::Day, Horizon::Swing][..]);
    let direction = select(&[Direction::Long, Direction::Short][..]);
    let subject = (signal_id(), ticker(), any::<u16>(), direction, horizon);
    (subject, (time(), any::<f64>(), vec(factor, 0..5), price(), features)).prop_map(
        |((id, ticker, slot, direction, horizon), (at, confidence, breakdown, price, features))| {
            Signal {
                id,
                at,
                ticker,
                slot: Slot(slot),
                playbook: Playbook::Trend,
                direction,
                horizon,
                confidence,
                breakdown,
                price,
                features,
                expires: at,
                suits_options: false,
                terms: Terms::default(),
                canary: None,
            }
        },
    )
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let observed = || {
        prop_oneof![
            Just(Observed::Nothing),
            any::<i64>().prop_map(Observed::Count),
            any::<f64>().prop_map(Observed::Ratio),
            any::<i64>().prop_map(|nanos| Observed::Span(Span::from_nanos(nanos))),
            state().prop_map(Observed::State),
            any::<bool>().prop_map(Observed::Flag),
        ]
    };
    let said = select(&[CheckOutcome::Pass, CheckOutcome::Refuse, CheckOutcome::Missing][..]);
    let check = (select(&Gate::ALL[..]), said, observed(), observed()).prop_map(
        |(gate, outcome, observed, threshold)| Check { gate, outcome, observed, threshold },
    );
    let choice = (proptest::option::of(time()), any::<u32>(), proptest::option::of(any::<f64>()))
        .prop_map(|(quoted, seen, iv_rank)| Choice { quoted, seen, iv_rank, ..Choice::default() });
    let plan = (instrument(), quantity(), price(), proptest::option::of(choice.prop_map(Box::new)));
    (signal_id(), account(), vec(check, 0..16), plan).prop_map(
        |(signal, account, checks, (instrument, quantity, price, choice))| Verdict {
            signal,
            account,
            checks: in_order(checks),
            instrument,
            side: Side::Sell,
            quantity,
            price,
            choice,
        },
    )
}

/// The last check of each gate, in order of precedence.
fn in_order(checks: Vec<Check>) -> Checks {
    let by_gate: BTreeMap<_, _> = checks.into_iter().map(|check| (check.gate, check)).collect();
    by_gate.into_values().collect()
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let refused = (account(), select(&Gate::ALL[..]), quantity())
        .prop_map(|(account, gate, quantity)| Refused { account, gate, quantity });
    let subject = prop_oneof![
        (intent_id(), account())
            .prop_map(|(id, account)| Subject::Position { position: PositionId(id), account }),
        (signal_id(), vec(refused, 0..3))
            .prop_map(|(id, refused)| Subject::Ghost { ghost: GhostId(id), refused }),
    ];
    let trade = (subject, instrument(), quantity(), time(), price());
    (trade, (exit_reason(), money(), any::<f64>(), any::<u32>(), any::<i8>())).prop_map(
        |((subject, instrument, quantity, at, price), (reason, pnl, pct, minutes, label))| {
            Outcome {
                subject,
                instrument,
                direction: Direction::Short,
                quantity,
                opened: at,
                closed: at,
                entry: price,
                exit: price,
                pricing: Pricing::Filled,
                reason,
                pnl,
                r_multiple: pct,
                mfe_pct: pct,
                mae_pct: pct,
                give_back_pct: pct,
                stage: Stage::Trailing,
                minutes,
                label,
            }
        },
    )
}
