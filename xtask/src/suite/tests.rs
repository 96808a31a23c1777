use super::{Extent, Step};

#[test]
fn extent_knows_its_two_words_and_no_other() {
    let extent = Extent::parse(&["--fuzz", "--quick"]).expect("both are known");
    assert!(extent.fuzz && extent.quick);
    assert!(Extent::parse(&["--slow"]).is_err());
}

#[test]
fn one_step_can_be_run_alone_and_an_unknown_one_names_those_there_are() {
    let names = |words: &[&'static str]| -> Vec<&str> {
        let extent = Extent::parse(words).expect("the words are known");
        extent.steps().map(|step| step.name).collect()
    };
    assert_eq!(names(&["--only", "fuzz"]), ["fuzz"]);
    assert_eq!(names(&["--only", "tidy"]), ["tidy"]);
    assert!(!names(&[]).contains(&"fuzz"));
    assert_eq!(names(&["--fuzz"]).len(), names(&[]).len() + 2);
    let refusal = Extent::parse(&["--only", "rain"]).err().expect("no such step");
    assert!(refusal.to_string().ends_with(", fuzz, properties"), "{refusal}");
    assert!(Extent::parse(&["--only"]).is_err());
}

#[test]
fn failing_step_is_reported_as_failed() {
    let step = Step { name: "doomed", run: |_| anyhow::bail!("no") };
    assert_eq!(step.take(&Extent::default()).verdict(), "FAILED");
    let step = Step { name: "fine", run: |_| Ok(()) };
    assert_eq!(step.take(&Extent::default()).verdict(), "ok");
}
