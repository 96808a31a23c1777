use crate::past::history::SIGNALS_MAX;
use crate::told::played;

#[test]
fn every_outcome_finds_its_signal() {
    let history = played().history;
    let told: usize = history.signals.values().map(|tale| tale.trades.len()).sum();
    let ghosts = history.signals.values().filter(|tale| tale.ghost.is_some()).count();
    assert!(0 < told && 0 < ghosts, "the desk trades and declines");
    assert_eq!(told, history.trades.len(), "no position was adopted from elsewhere");
    assert_eq!(ghosts, history.ghosts.len());
    assert!(history.signals.len() < SIGNALS_MAX);
    assert_eq!(history.forgotten, 0);
}

#[test]
fn every_position_begins_with_an_opening() {
    let history = played().history;
    for tale in history.signals.values() {
        assert!(tale.trades.len() <= tale.opened.len(), "{:?}", tale.signal.id);
    }
    assert_eq!(history.closings.len(), 3);
    assert_eq!(history.policy().1.0, 1);
}
