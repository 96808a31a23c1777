use backsight_domain::desk::{Command, OperatorCommand};
use backsight_domain::event::Event;
use backsight_domain::proposal::{Change, Evidence, Finding, Lesson};
use backsight_sim::planted::{Kind, Planted};

use super::*;
use crate::past::trading_date;
use crate::trial::{known, shadow};

#[test]
fn stepping_beside_a_desk_is_replaying_it_at_each_close() {
    let (kind, sessions) = (Kind::TargetNear, 14);
    let course = known::course(Planted { kind, seed: 3, sessions, dies: sessions });
    let mut policy = kind.policy();
    policy.learning.shadow_sessions = 0;
    policy.learning.canary_sessions = 0;
    let mut desk = course.begin(&policy, &course.terms(&policy));
    let mut beside: Option<Beside> = None;
    for (index, entry) in course.entries().iter().enumerate() {
        desk.take(entry);
        if let Some(beside) = &mut beside {
            beside.take(entry);
        }
        let date = trading_date(entry.at);
        let next = course.entries().get(index + 1);
        if next.is_some_and(|next| trading_date(next.at) == date) {
            continue;
        }
        if date == course.sessions()[3] {
            teach(&mut desk, entry.at);
        }
        if date == course.sessions()[6] {
            beside = Some(Beside::begin(&course.until(date), desk.engine()));
        }
    }
    let (beside, engine) = (beside.unwrap(), desk.engine());
    assert!(beside.is_about(engine));
    let measured = beside.measured(engine.lessons());
    assert_eq!(measured, shadow::follow(&course, engine.base_policy(), engine.lessons()));
    assert!(measured.iter().any(|measured| measured.gained != 0.0), "{measured:?}");
    assert!(!Beside::begin(&course.until(course.sessions()[0]), &Engine::new()).is_about(engine));
}

fn teach(desk: &mut crate::trial::runner::Runner, at: backsight_domain::time::Time) {
    let path = "exits.target_bps".into();
    let changes = vec![Change { path, from: "80".into(), to: "120".into() }];
    let evidence = Evidence {
        sessions: 60,
        sample: 120,
        effect: 0.5,
        low: 0.2,
        high: 0.8,
        spread: 1.0,
        out_of_time: 0.4,
        stressed: 0.3,
        q: 0.01,
        ..Evidence::default()
    };
    let finding = Finding { changes, evidence, commentary: None };
    desk.tell(Event::Learned(Lesson::Found(Box::new(finding))), at);
    let id = desk.engine().lessons().proposals[0].id;
    let (who, why) = ("ada".into(), "test".into());
    let command = Command::Approve(id);
    desk.tell(Event::Operator(OperatorCommand { command, who, why, key: 1 }), at);
}
