use super::*;

fn wired(seq: u64, topic: Topic) -> Wired {
    Wired { seq: Seq(seq), topic, text: "".into() }
}

fn seqs(missed: Option<Vec<Wired>>) -> Option<Vec<u64>> {
    missed.map(|all| all.iter().map(|it| it.seq.0).collect())
}

#[test]
fn who_was_away_gets_what_was_said_meanwhile_and_nothing_twice() {
    let mut backlog = Backlog { kept: VecDeque::new(), since: Seq(10) };
    for seq in 11..=20 {
        backlog.push(wired(seq, if seq % 2 == 0 { Topic::Desk } else { Topic::Orders }));
    }
    assert_eq!(seqs(backlog.after(Seq(15), &[Topic::Desk])), Some(vec![16, 18, 20]));
    assert_eq!(seqs(backlog.after(Seq(20), &[Topic::Desk, Topic::Orders])), Some(vec![]));
    assert_eq!(seqs(backlog.after(Seq(9), &[Topic::Desk])), None, "before what is kept");
}

#[test]
fn what_is_forgotten_is_not_told_as_if_it_were_all() {
    let mut backlog = Backlog::default();
    for seq in 1..=KEPT as u64 + 5 {
        backlog.push(wired(seq, Topic::Prices));
    }
    assert_eq!(seqs(backlog.after(Seq(4), &[Topic::Prices])), None);
    assert_eq!(seqs(backlog.after(Seq(5), &[Topic::Prices])).map(|all| all.len()), Some(KEPT));
}
