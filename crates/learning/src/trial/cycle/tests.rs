use backsight_domain::id::Seq;

use super::*;

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

fn told(cycles: &[(Cadence, &str)]) -> Lessons {
    let cycle = |(cadence, session): &(Cadence, &str)| {
        let session = date(session);
        let (cadence, through) = (*cadence, Seq(1));
        (cadence, Cycle { cadence, session, through, closed: 0, trials: 0 })
    };
    Lessons { cycles: cycles.iter().map(cycle).collect(), ..Lessons::default() }
}

#[test]
fn cycles_follow_the_calendar_and_catch_up() {
    // P1, P10, P12: sleeping in memory, exact days, and a calendar without holidays.
    let sessions = ["2024-03-26", "2024-03-27", "2024-03-28", "2024-04-01"].map(date);
    // Good Friday is no session, so that Thursday ends the week.
    assert_eq!(due(&told(&[]), &sessions), Some(Cadence::Weekly));
    assert_eq!(due(&told(&[]), &sessions[..2]), Some(Cadence::Daily));
    let weekly = told(&[(Cadence::Weekly, "2024-03-28")]);
    assert_eq!(due(&weekly, &sessions[..3]), None);
    assert_eq!(due(&weekly, &sessions), Some(Cadence::Daily));
    let both = told(&[(Cadence::Weekly, "2024-03-28"), (Cadence::Daily, "2024-04-01")]);
    assert_eq!(due(&both, &sessions), None);
    assert_eq!(due(&both, &[]), None);
}
