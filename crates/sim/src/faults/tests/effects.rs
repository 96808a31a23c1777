use backsight_domain::order::{Asked, OrderRef, OrderStatus};

use super::*;

#[test]
fn lost_request_has_no_effect_and_an_unclear_outcome() {
    let mut wire = Wire::only(FaultKind::RequestLost, 1.0);
    for turn in 0..20 {
        wire.submit(minute(turn));
    }
    wire.run(minute(30));
    assert_eq!(wire.taken(), 0);
    let answers: Vec<Answer> = wire.replies().into_iter().map(|(_, reply)| reply.answer).collect();
    assert!(answers.contains(&Answer::Unclear(Unclear::TimedOut)));
    assert!(answers.contains(&Answer::Unclear(Unclear::Reset)));
    assert_eq!(answers.len(), 20);
}

#[test]
fn delayed_request_takes_effect_later_perhaps_after_it_was_given_up() {
    let mut wire = Wire::only(FaultKind::RequestDelayed, 1.0);
    for turn in 0..40 {
        wire.submit(minute(turn));
    }
    wire.run(minute(60));
    let mut given_up = 0;
    for (order, turn) in wire.layer.exchange().orders().iter().zip(0..) {
        let delay = order.received - minute(turn);
        assert!(Span::from_seconds(4) <= delay && delay < Span::from_seconds(20), "{delay}");
        given_up += usize::from(Span::from_seconds(10) <= delay);
    }
    let is_unclear =
        |(_, reply): &&(Time, Reply)| reply.answer == Answer::Unclear(Unclear::TimedOut);
    assert_eq!(wire.taken(), 40);
    assert!(0 < given_up);
    assert_eq!(wire.replies().iter().filter(is_unclear).count(), given_up);
    assert_eq!(wire.replies().len(), 40);
}

#[test]
fn lost_reply_leaves_an_order_behind() {
    let mut wire = Wire::only(FaultKind::ReplyLost, 1.0);
    let intent = wire.submit(minute(1));
    wire.run(minute(2));
    assert_eq!(wire.layer.exchange().orders_per_intent(CASH, intent.id), 1);
    assert!(matches!(wire.replies()[0].1.answer, Answer::Unclear(_)));
}

#[test]
fn late_reply_comes_within_the_time_out_or_is_unclear() {
    let mut wire = Wire::only(FaultKind::ReplyDelayed, 1.0);
    for turn in 0..40 {
        wire.submit(minute(turn));
    }
    wire.run(minute(60));
    let (mut known, mut unclear) = (0, 0);
    for ((at, reply), turn) in wire.replies().into_iter().zip(0..) {
        let after = at - minute(turn);
        if reply.answer == Answer::Unclear(Unclear::TimedOut) {
            assert_eq!(after, Span::from_seconds(10));
            unclear += 1;
        } else {
            assert!(Span::from_seconds(4) <= after && after < Span::from_seconds(10), "{after}");
            known += 1;
        }
    }
    assert!(0 < known && 0 < unclear && known + unclear == 40);
}

#[test]
fn server_error_says_nothing_about_the_effect() {
    let mut wire = Wire::only(FaultKind::ServerError, 1.0);
    for turn in 0..40 {
        wire.submit(minute(turn));
    }
    wire.run(minute(60));
    assert!((5..35).contains(&wire.taken()), "{}", wire.taken());
    let server_error = Answer::Unclear(Unclear::ServerError);
    assert!(wire.replies().iter().all(|(_, reply)| reply.answer == server_error));
}

#[test]
fn order_that_was_taken_is_not_found_at_first_and_found_later() {
    let mut wire = Wire::only(FaultKind::ReadLag, 1.0);
    let intent = wire.submit(minute(1));
    wire.layer.ask(minute(1) + Span::from_millis(100), Request::Lookup(CASH, intent.id));
    wire.layer.ask(minute(1) + Span::from_seconds(16), Request::Lookup(CASH, intent.id));
    wire.run(minute(2));
    let replies = wire.replies();
    assert_eq!(replies[1].1.asked, Asked::Lookup);
    assert_eq!(replies[1].1.answer, Answer::NotFound);
    assert!(matches!(replies[2].1.answer, Answer::Known(_)));
}

#[test]
fn bursts_turn_everything_away_and_end() {
    for (kind, refusal) in [
        (FaultKind::RateLimited, Refusal::RateLimited),
        (FaultKind::Unauthorised, Refusal::Unauthorised),
    ] {
        let mut wire = Wire::only(kind, 0.02);
        for second in 0..3_000 {
            wire.submit(minute(1) + Span::from_seconds(second));
        }
        wire.run(minute(60));
        let refused = wire.replies().into_iter().map(|(_, r)| r.answer == Answer::Refused(refusal));
        let refused: Vec<bool> = refused.collect();
        let turned_away = refused.iter().filter(|refused| **refused).count();
        assert!(100 < turned_away && turned_away < 2_900, "{kind:?} {turned_away}");
        assert!(refused.windows(3).any(|three| three == [true; 3]), "a burst lasts");
        let longest = refused.chunk_by(|a, b| a == b).filter(|run| run[0]).map(<[bool]>::len);
        assert!(4 < longest.max().unwrap());
    }
}

#[test]
fn refused_credentials_are_told_when_a_report_fails() {
    let mut wire = Wire::only(FaultKind::Unauthorised, 1.0);
    wire.layer.ask(minute(1), Request::Report(CASH, minute(0)));
    wire.run(minute(2));
    assert_eq!(wire.faults()[0].1, WorldFault::Unauthorised(CASH));
    assert_eq!(wire.heard.len(), 1);
}

#[test]
fn lost_report_simply_does_not_come() {
    for kind in [FaultKind::RequestLost, FaultKind::ReplyLost] {
        let mut wire = Wire::only(kind, 1.0);
        wire.layer.ask(minute(1), Request::Report(CASH, minute(0)));
        wire.run(minute(2));
        assert_eq!(wire.heard, []);
    }
}

#[test]
fn stream_drops_and_repeats() {
    for (kind, times) in [(FaultKind::StreamDropped, 0), (FaultKind::StreamRepeated, 2)] {
        let mut wire = Wire::only(kind, 1.0);
        wire.submit(minute(1));
        wire.run(minute(2));
        let updates = wire.heard.iter().filter(|(_, e)| matches!(e, Event::Order(_))).count();
        assert_eq!(updates, times);
        assert_eq!(wire.replies().len(), 1, "replies travel on their own");
    }
}

#[test]
fn stream_is_reordered_within_three_seconds() {
    let mut wire = Wire::only(FaultKind::StreamReordered, 1.0);
    let mut disorder = 0;
    for turn in 0..20 {
        let intent = wire.bench.intent(Side::Buy, 1, OrderKind::Market);
        wire.layer.ask(minute(turn), Request::Submit(intent));
        wire.run(minute(turn + 1));
        let heard = wire.heard.split_off(0);
        let stream: Vec<(Time, Event)> =
            heard.into_iter().filter(|(_, event)| !matches!(event, Event::Reply(_))).collect();
        assert_eq!(stream.len(), 3);
        assert!(stream.iter().all(|(at, _)| *at - minute(turn) < Span::from_millis(3_041)));
        let is_new_first = matches!(&stream[0].1, Event::Order(u) if u.status == OrderStatus::New);
        disorder += usize::from(!is_new_first);
    }
    assert!(5 < disorder, "{disorder}");
}

#[test]
fn broken_stream_loses_what_it_would_have_said_and_says_when_it_is_back() {
    let mut wire = Wire::only(FaultKind::StreamBroken, 1.0);
    let mut half_dead = 0;
    for turn in 0..20 {
        let at = minute(turn * 10);
        wire.submit(at);
        wire.submit(at + Span::from_millis(500));
        wire.run(at + Span::from_minutes(9));
        let heard = wire.heard.split_off(0);
        assert!(!heard.iter().any(|(_, event)| matches!(event, Event::Order(_))));
        wire.heard = heard;
        let faults = wire.faults();
        let names: Vec<WorldFault> = faults.iter().map(|(_, fault)| *fault).collect();
        assert_eq!(names, [WorldFault::StreamLost(CASH), WorldFault::StreamBack(CASH)]);
        half_dead += usize::from(at + Span::from_seconds(1) < faults[0].0);
        wire.heard.clear();
    }
    assert!((4..=16).contains(&half_dead), "{half_dead}");
}

#[test]
fn flawed_quotes_are_never_sane_or_far_off() {
    let mut wire = Wire::only(FaultKind::QuoteFlaw, 1.0);
    for turn in 0..50 {
        wire.layer.show(minute(turn), quote(minute(turn)));
    }
    wire.run(minute(60));
    assert_eq!(wire.heard.len(), 50);
    let mut insane = 0;
    for (at, event) in &wire.heard {
        let Event::Quote(flawed) = event else { panic!("{event:?}") };
        assert_ne!(*event, quote(*at));
        let wild = flawed.sane().is_some_and(|(bid, ask)| bid.ticks() * 5 < ask.ticks());
        assert!(flawed.sane().is_none() || wild);
        insane += usize::from(flawed.sane().is_none());
    }
    assert!(10 < insane && insane < 50, "{insane}");
}

#[test]
fn flawed_minute_has_one_bad_bar() {
    let mut wire = Wire::only(FaultKind::BarFlaw, 1.0);
    for turn in 0..50 {
        wire.layer.show(minute(turn), Event::Minute(bars(minute(turn))));
    }
    wire.run(minute(60));
    let mut impossible = 0;
    for (at, event) in &wire.heard {
        let Event::Minute(flawed) = event else { panic!("{event:?}") };
        let good = bars(*at);
        let changed = |slot: &Slot| flawed.bar(*slot) != good.bar(*slot);
        let bad: Vec<Slot> = [Slot(0), Slot(1), Slot(2)].into_iter().filter(changed).collect();
        assert_eq!(bad.len(), 1);
        impossible += usize::from(flawed.bar(bad[0]).is_none());
    }
    assert!(20 < impossible && impossible < 50, "{impossible}");
}

#[test]
fn minutes_go_missing_and_come_twice() {
    for (kind, times) in [(FaultKind::MinuteMissing, 0), (FaultKind::MinuteRepeated, 20)] {
        let mut wire = Wire::only(kind, 1.0);
        for turn in 0..10 {
            wire.layer.show(minute(turn), Event::Minute(bars(minute(turn))));
        }
        wire.run(minute(60));
        assert_eq!(wire.heard.len(), times);
        let starts: Vec<Time> = wire
            .heard
            .iter()
            .filter_map(|(_, event)| {
                let Event::Minute(minute) = event else { return None };
                Some(minute.start)
            })
            .collect();
        assert_eq!(starts.is_sorted(), times == 0, "some copies come after later minutes");
    }
}

#[test]
fn frozen_feed_and_symbol_are_silent_for_minutes() {
    let profile = FaultProfile::none().with(FaultKind::SymbolFrozen, 1.0);
    let mut wire = Wire::new(profile, 4);
    wire.layer.show(minute(0), Event::Minute(bars(minute(0))));
    wire.run(minute(0));
    let Event::Minute(told) = &wire.heard[0].1 else { panic!() };
    let silent: Vec<Slot> =
        [Slot(0), Slot(1), Slot(2)].into_iter().filter(|slot| !told.has_traded(*slot)).collect();
    assert_eq!(silent.len(), 1);
    assert_eq!(told.close[silent[0].index()], 999_000, "the last price seen is carried");
    let ask = Event::Quote(Quote { slot: silent[0], bid: 1, ask: 2, at: minute(0) });
    wire.layer.show(minute(0), ask);
    wire.run(minute(0));
    assert_eq!(wire.heard.len(), 1);

    let mut wire = Wire::only(FaultKind::FeedFrozen, 1.0);
    wire.layer.show(minute(0), Event::Minute(bars(minute(0))));
    wire.layer.show(minute(0), quote(minute(0)));
    wire.run(minute(5));
    assert_eq!(wire.heard, []);
}

#[test]
fn clock_jumps_and_jumps_back() {
    let mut wire = Wire::only(FaultKind::ClockJump, 1.0);
    wire.layer.show(minute(0), Event::Minute(bars(minute(0))));
    let skew = wire.layer.skew(minute(0));
    assert_ne!(skew, Span::ZERO);
    assert_eq!(wire.layer.skew(minute(31)), Span::ZERO);
    wire.run(minute(31));
    let told: Vec<WorldFault> = wire.faults().into_iter().map(|(_, fault)| fault).collect();
    let skewed = WorldFault::ClockSkew(skew.millis_floor());
    assert_eq!(told, [skewed, WorldFault::ClockSkew(0)]);
}

#[test]
fn a_person_meddles_and_executions_are_taken_back() {
    let profile = FaultProfile::none().with(FaultKind::ManualTrade, 0.2).with(FaultKind::Bust, 0.2);
    let mut wire = Wire::new(profile, 6);
    for turn in 0..120 {
        wire.layer.show(minute(turn), Event::Minute(bars(minute(turn))));
        wire.run(minute(turn));
    }
    wire.run(minute(130));
    let foreign = |event: &Event| matches!(event, Event::Fill(fill) if matches!(fill.order, OrderRef::Foreign(_)));
    assert!(wire.heard.iter().any(|(_, event)| foreign(event)));
    assert!(wire.heard.iter().any(|(_, event)| matches!(event, Event::Bust(_))));
    assert!(wire.layer.exchange().executions().iter().any(|execution| execution.busted));

    let mut wire = Wire::only(FaultKind::ManualCancel, 1.0);
    wire.submit(minute(1));
    wire.run(minute(2));
    wire.layer.show(minute(2), Event::Minute(bars(minute(2))));
    wire.run(minute(3));
    let Some((_, Event::Order(last))) =
        wire.heard.iter().rfind(|(_, e)| matches!(e, Event::Order(_)))
    else {
        panic!()
    };
    assert_eq!(last.status, OrderStatus::Cancelled);

    let mut wire = Wire::only(FaultKind::ManualReplace, 1.0);
    wire.submit(minute(1));
    wire.run(minute(2));
    wire.layer.show(minute(2), Event::Minute(bars(minute(2))));
    wire.run(minute(3));
    let displaced = |event: &Event| {
        let Event::Order(update) = event else { return false };
        matches!(update.status, OrderStatus::Replaced { by: OrderRef::Foreign(_) })
    };
    assert!(wire.heard.iter().any(|(_, event)| displaced(event)));
}
