use backsight_domain::alert::{AlertKey, Severity};
use backsight_domain::decision::{Effect, Reason};
use backsight_domain::desk::{Alarm, Command, OperatorCommand, TradingState};
use backsight_domain::event::Event;

use crate::past::Past;
use crate::told::{Teller, at, played};

fn rows(past: &Past) -> Vec<(AlertKey, Severity, u32, bool)> {
    let alerts = past.alerts.iter();
    alerts.map(|it| (it.notice.key, it.notice.severity, it.repeats, it.is_open())).collect()
}

#[test]
fn a_call_is_one_alert_that_somebody_acknowledges() {
    let mut teller = Teller::new(1);
    let call = AlertKey::Called(Alarm::ExitStuck);
    for minute in [1, 5, 9] {
        let cause = teller.happen(at((1, 2), minute), Event::Tick);
        teller.decide(cause, Vec::new(), vec![Effect::Alarm(Alarm::ExitStuck)]);
    }
    assert_eq!(rows(&teller.past()), [(call, Severity::Emergency, 2, true)]);
    let (who, why) = ("ann".into(), "on it".into());
    let command = OperatorCommand { command: Command::Acknowledge(call), who, why, key: 1 };
    teller.happen(at((1, 2), 10), Event::Operator(command));
    let past = teller.past();
    assert_eq!(rows(&past), [(call, Severity::Emergency, 2, false)]);
    assert_eq!(&*past.alerts.iter().next().unwrap().acknowledged.as_ref().unwrap().who, "ann");
}

#[test]
fn a_halt_is_over_when_the_desk_is_active_again() {
    let mut teller = Teller::new(1);
    for (minute, from, to) in [
        (1, TradingState::Active, TradingState::Halted),
        (2, TradingState::Halted, TradingState::Active),
        (3, TradingState::Active, TradingState::Halted),
    ] {
        let cause = teller.happen(at((1, 2), minute), Event::Tick);
        teller.decide(cause, vec![Reason::State { from, to }], Vec::new());
    }
    let halted = AlertKey::State(TradingState::Halted);
    let seen = rows(&teller.past());
    let row = |open| (halted, Severity::Warning, 0, open);
    assert_eq!(seen, [row(false), row(true)]);
}

#[test]
fn every_position_is_told_when_it_opens_and_when_it_closes() {
    let past = played();
    let closed = |key: AlertKey| matches!(key, AlertKey::Closed(_));
    let told = past.alerts.iter().filter(|it| closed(it.notice.key)).count();
    assert_eq!(told, past.history.trades.len());
    let first = past.alerts.iter().find(|it| matches!(it.notice.key, AlertKey::Opened(_)));
    let text = &first.expect("the world trades").notice.text;
    assert!(text.contains(" opened ") && text.contains("with confidence"), "{text}");
}
