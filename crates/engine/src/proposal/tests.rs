use super::*;

fn change(path: &str, from: &str, to: &str) -> Change {
    Change { path: path.into(), from: from.into(), to: to.into() }
}

fn is_one_possible(path: &str, from: &str, to: &str) -> bool {
    is_possible(&Policy::default(), &[change(path, from, to)])
}

pub(crate) fn evidence() -> Evidence {
    Evidence {
        sessions: 60,
        sample: 120,
        effect: 0.5,
        low: 0.2,
        high: 0.8,
        spread: 1.0,
        out_of_time: 0.4,
        stressed: 0.3,
        trials: 10,
        q: 0.01,
        ..Evidence::default()
    }
}

#[test]
fn steps_are_bounded_and_start_where_the_policy_is() {
    assert!(is_one_possible("exits.stop_bps", "100", "80"));
    assert!(is_one_possible("exits.stop_bps", "100", "150"));
    assert!(!is_one_possible("exits.stop_bps", "100", "151"), "the step is too large");
    assert!(!is_one_possible("exits.stop_bps", "100", "100"), "nothing changes");
    // P27: "current" values were hard coded and not read from what is in force.
    assert!(!is_one_possible("exits.stop_bps", "120", "100"));
    assert!(is_one_possible("accounts.large.confidence_min", "0.55", "0.5"));
    assert!(!is_one_possible("accounts.other.confidence_min", "0.55", "0.5"));
    assert!(is_one_possible("trend.shorts", "true", "false"));
}

#[test]
fn what_keeps_a_desk_safe_cannot_be_learned() {
    let policy = Policy::default();
    for path in [
        "accounts.large.max_daily_loss",
        "accounts.large.max_exposure",
        "gates.orders_per_minute",
        "gates.bar_age_max_s",
        "gates.margin_cushion_pct",
        "sizing.large_risk_bps",
        "orders.entry_limit",
        "learning.adopt_min",
        "people.ada.approves",
        "fill_model.fee",
    ] {
        assert_eq!(largest_step(path), None, "{path}");
    }
    for (path, step) in LEARNABLE {
        let path = path.replace('*', "large");
        assert!(policy.setting(&path).is_some_and(|value| number(&value).is_some()), "{path}");
        assert!(0.0 < *step, "{path}");
    }
}

#[test]
fn a_setting_is_named_from_a_closed_list() {
    // P29: names of fields were pasted into statements.
    for path in [
        "exits.stop_bps; drop",
        "exits",
        "",
        "accounts.a.b.confidence_min",
        "accounts..confidence_min",
    ] {
        assert_eq!(largest_step(path), None, "{path}");
        assert!(!is_one_possible(path, "100", "80"), "{path}");
    }
}

#[test]
fn changes_are_few_sorted_and_possible_together() {
    let (a, b) = (change("exits.stop_bps", "100", "80"), change("exits.target_bps", "200", "250"));
    let policy = Policy::default();
    assert!(is_possible(&policy, &[a.clone(), b.clone()]));
    assert!(!is_possible(&policy, &[b, a.clone()]));
    assert!(!is_possible(&policy, &[a.clone(), a]));
    assert!(!is_possible(&policy, &[]));
}

#[test]
fn weak_evidence_is_named_weak_whatever_else_is_strong() {
    let learning = LearningPolicy::default();
    let is_strong = |change: fn(&mut Evidence)| {
        let mut evidence = evidence();
        change(&mut evidence);
        is_strong(&evidence, &learning, 10)
    };
    assert!(is_strong(|_| {}));
    // P26: tiny samples, no interval, no costs, no control of how much was tried.
    assert!(!is_strong(|evidence| evidence.sample = 59));
    assert!(!is_strong(|evidence| evidence.sessions = 19));
    assert!(!is_strong(|evidence| evidence.low = 0.0));
    assert!(!is_strong(|evidence| evidence.q = 0.051));
    assert!(!is_strong(|evidence| evidence.stressed = -0.01));
    assert!(!is_strong(|evidence| evidence.out_of_time = 0.0));
    assert!(!is_strong(|evidence| evidence.effect = f64::NAN));
    assert!(!is_strong(|evidence| evidence.trials = 9), "something tried was left out");
}

#[test]
fn a_share_takes_its_share_and_always_the_same() {
    let id = ProposalId(Seq(77));
    let taken = |share| (0..10_000).filter(|n| is_in_share((id, share), Seq(*n), Slot(3))).count();
    assert!((2_350..2_650).contains(&taken(25)), "{}", taken(25));
    assert_eq!(taken(25), taken(25));
    assert_eq!(taken(0), 0);
    assert_eq!(taken(100), 10_000);
    let larger = |n| is_in_share((id, 50), Seq(n), Slot(3));
    assert!((0..1_000).filter(|n| is_in_share((id, 25), Seq(*n), Slot(3))).all(larger));
}

#[test]
fn a_lost_effect_is_missed_and_a_harmful_one_is_stopped_sooner() {
    let learning = LearningPolicy::default();
    let follow = |gained: f64| {
        let finding = Finding { changes: Vec::new(), evidence: evidence(), commentary: None };
        let mut proposal = Proposal::new(ProposalId(Seq(1)), finding, Time::default());
        proposal.enter(ProposalStage::Adopted, Time::default());
        let first = Date::from_ymd(2024, 1, 2).unwrap();
        (0..500).find_map(|day| {
            let session = first.plus_days(day);
            let measured = Measured { proposal: proposal.id, session, trades: 1, gained };
            proposal.measure(&measured, &learning).map(|trigger| (day, trigger))
        })
    };
    assert_eq!(follow(0.5), None);
    let (lost, why) = follow(0.0).unwrap();
    assert_eq!(why, Trigger::Drift);
    let (harmed, why) = follow(-1.5).unwrap();
    assert_eq!(why, Trigger::Harm);
    assert!(harmed < lost && lost < 60, "{harmed} {lost}");
}
