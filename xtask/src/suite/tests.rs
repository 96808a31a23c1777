use super::{Extent, Step};

#[test]
fn extent_knows_its_two_words_and_no_other() {
    let extent = Extent::parse(&["--fuzz", "--quick"]).expect("both are known");
    assert!(extent.fuzz && extent.quick);
    assert!(Extent::parse(&["--slow"]).is_err());
}

#[test]
fn failing_step_is_reported_as_failed() {
    let step = Step { name: "doomed", run: |_| anyhow::bail!("no") };
    assert_eq!(step.take(&Extent::default()).verdict(), "FAILED");
    let step = Step { name: "fine", run: |_| Ok(()) };
    assert_eq!(step.take(&Extent::default()).verdict(), "ok");
}
