use backsight_domain::decision::{Effect, Ignored, Reason};
use backsight_domain::desk::Alarm;

use super::*;

fn decision(effects: Vec<Effect>, because: Vec<Reason>) -> Decision {
    Decision { cause: Seq(4), effects, because }
}

#[test]
fn a_missing_decision_is_a_difference() {
    let decided = decision(vec![Effect::Alarm(Alarm::Overfill)], Vec::new());
    let mut replayed = Replayed::default();
    replayed.compare(true, Some(&decided), None);
    let difference = replayed.difference.expect("it is one");
    assert_eq!((difference.seq, difference.recorded.as_str()), (Seq(4), "cause 0"));
}

#[test]
fn the_first_differing_part_is_named() {
    let alarm = Effect::Alarm(Alarm::Overfill);
    let recorded = decision(vec![alarm], vec![Reason::Ignored(Ignored::Outdated)]);
    let decided = decision(vec![alarm], vec![Reason::Ignored(Ignored::UnknownSymbol)]);
    let (recorded, decided) = first_difference(&recorded, &decided);
    assert!(recorded.contains("Outdated") && decided.contains("UnknownSymbol"));
}

#[test]
fn nothing_is_compared_unless_asked() {
    let decided = decision(vec![Effect::Alarm(Alarm::Overfill)], Vec::new());
    let mut replayed = Replayed::default();
    replayed.compare(false, Some(&decided), None);
    assert!(replayed.difference.is_none());
}
