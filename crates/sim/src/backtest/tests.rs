use backsight_domain::policy::Policy;
use backsight_domain::time::Date;

use super::*;

fn plan() -> Plan {
    let after = Date::from_ymd(2023, 11, 20).expect("the date exists");
    Plan { symbols: 9, sessions: 3, after, seed: 7 }
}

/// Symbols that trade, with the policy that ships.
fn setup(tape: &Tape) -> Setup {
    let mut policy = Policy::default();
    policy.orders.entry_limit = false;
    policy.orders.exit_market = true;
    policy.gates.day_cutoff_minutes = 0;
    policy.gates.swing_cutoff_minutes = 0;
    let symbols = u16::try_from(tape.symbols()).unwrap();
    Setup { policy, cash: vec![Money::dollars(40_000), Money::dollars(500)], symbols }
}

fn played(tape: &Tape) -> Backtest<BacktestLog> {
    let log = BacktestLog::over(tape.digest());
    let mut test = Backtest::open(&setup(tape), log, tape.starts()[0]).unwrap();
    test.play(tape).unwrap();
    test
}

#[test]
fn bars_are_possible_and_prices_are_whole_cents() {
    let tape = Tape::generate(plan());
    for minute in 0..tape.starts().len() {
        for symbol in 0..tape.symbols() {
            let at = |column| tape.at(minute, column, symbol);
            let (open, close) = (at(Column::Open), at(Column::Close));
            assert!(0 < at(Column::Low) && at(Column::Low) <= open.min(close));
            assert!(open.max(close) <= at(Column::High) && 0 < at(Column::Volume));
            assert!([open, close, at(Column::High), at(Column::Low)].iter().all(|p| p % 100 == 0));
        }
    }
}

#[test]
fn sessions_are_full_days_of_the_exchange() {
    // Thanksgiving 2023 is a holiday and the day after it a half day.
    let tape = Tape::generate(plan());
    let days: Vec<_> = tape.starts().iter().step_by(390).map(ToString::to_string).collect();
    assert_eq!(days, ["2023-11-21T14:30:00Z", "2023-11-22T14:30:00Z", "2023-11-27T14:30:00Z"]);
}

#[test]
fn a_tape_is_its_plan_and_nothing_else() {
    assert_eq!(Tape::generate(plan()), Tape::generate(plan()));
    assert_ne!(Tape::generate(plan()), Tape::generate(Plan { seed: 8, ..plan() }));
}

#[test]
fn a_written_tape_plays_like_the_one_in_memory() {
    let tape = Tape::generate(plan());
    let mut file = Vec::new();
    tape.write(&mut file).unwrap();
    let mut reader = TapeReader::open(file.as_slice()).unwrap();
    assert_eq!((reader.symbols(), reader.digest()), (tape.symbols(), tape.digest()));
    let log = BacktestLog::over(reader.digest());
    let opening = reader.next_start().unwrap();
    let mut test = Backtest::open(&setup(&tape), log, opening).unwrap();
    while reader.next_start().is_some() {
        test.minute(|minute| assert!(reader.read(minute).unwrap())).unwrap();
    }
    assert_eq!(test.log().chain(), played(&tape).log().chain());
}

#[test]
fn bytes_that_are_no_tape_are_refused() {
    assert!(TapeReader::open(&b"BSTAPE00 and more"[..]).is_err());
    assert!(TapeReader::open(&b"BSTAPE01"[..]).is_err());
}

#[test]
fn the_receipt_covers_every_bar() {
    let tape = Tape::generate(plan());
    let other = Tape::generate(Plan { seed: 8, ..plan() });
    assert_eq!(played(&tape).log().chain(), played(&tape).log().chain());
    assert_ne!(played(&tape).log().chain(), played(&other).log().chain());
}

#[test]
fn every_dollar_is_where_the_trades_put_it() {
    let tape = Tape::generate(plan());
    let test = played(&tape);
    assert!(!test.trades().is_empty() && 0 < test.tally().ghosts);
    for (account, cash) in test.engine().accounts().iter().zip(setup(&tape).cash) {
        let held: Vec<_> =
            test.engine().positions().filter(|held| held.account == account.id).collect();
        assert_eq!(test.desk.venue.cash(account.id), account.cash());
        if held.is_empty() {
            assert_eq!(account.cash(), cash + account.ledger.realised());
        }
    }
    let pnl: Money = test.trades().iter().map(|trade| trade.pnl).sum();
    assert_ne!(pnl, Money::ZERO);
}
