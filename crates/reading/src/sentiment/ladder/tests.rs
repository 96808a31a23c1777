use super::super::lexicon::Lexicon;
use super::super::linear::Linear;
use super::*;

#[test]
fn an_empty_ladder_gives_no_tone() {
    let ladder = Ladder::new();
    assert_eq!(ladder.rung().kind, RungKind::None);
    assert_eq!(ladder.read(&[Passage::whole("Profit rises")]), None);
}

#[test]
fn the_best_reader_reads() {
    let mut ladder = Ladder::new();
    let change = ladder.install(Box::new(Lexicon::new())).unwrap();
    assert_eq!((change.from.kind, change.to.kind), (RungKind::None, RungKind::Lexicon));
    assert!(!change.is_fall());
    assert!(ladder.install(Box::new(Linear::new())).is_some());
    assert_eq!(ladder.rung().to_string(), "linear:backsight-linear@1");
    let tones = ladder.read(&[Passage::whole("Profit rises"), Passage::whole("Profit falls")]);
    assert!(tones.is_some_and(|it| it[1].score < it[0].score));
}

#[test]
fn a_lost_reader_is_a_fall() {
    let mut ladder = Ladder::new();
    ladder.install(Box::new(Linear::new()));
    assert_eq!(ladder.install(Box::new(Lexicon::new())), None, "a worse reader changes nothing");
    let change = ladder.remove(RungKind::Linear).unwrap();
    assert!(change.is_fall());
    assert_eq!(change.to.kind, RungKind::Lexicon);
    assert_eq!(ladder.remove(RungKind::Linear), None);
    assert!(ladder.remove(RungKind::Lexicon).unwrap().is_fall());
}

#[test]
fn the_same_reader_again_is_no_change() {
    let mut ladder = Ladder::new();
    ladder.install(Box::new(Linear::new()));
    assert_eq!(ladder.install(Box::new(Linear::new())), None);
}
