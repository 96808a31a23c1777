use backsight_domain::decision::Reason;
use backsight_domain::verdict::Gate;
use proptest::prelude::*;

use super::*;
use crate::sample;
use crate::wire::{from_bytes, to_bytes};

mod any;
mod samples;

fn check(payload: &Payload) {
    let mut bytes = Vec::new();
    let kind = match payload {
        Payload::Event(event) => encode_event(event, &mut bytes),
        Payload::Decision(decision) => encode_decision(decision, &mut bytes),
    };
    assert_eq!(decode(VERSION, kind, &bytes).as_ref(), Ok(payload));
    for end in 0..bytes.len() {
        let cut = decode(VERSION, kind, &bytes[..end]);
        assert!(matches!(cut, Err(Undecodable::Malformed { .. })), "{end} bytes: {cut:?}");
    }
}

#[test]
fn every_kind_of_event_comes_back() {
    let mut kinds = Vec::new();
    for event in sample::events() {
        kinds.push(encode_event(&event, &mut Vec::new()));
        check(&Payload::Event(event));
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, (1..=28).collect::<Vec<u16>>());
}

#[test]
fn a_rich_decision_comes_back() {
    check(&Payload::Decision(sample::decision(backsight_domain::id::Seq(9))));
}

#[test]
fn a_verdict_leaves_out_what_was_said_before() {
    let mut decision = sample::decision(backsight_domain::id::Seq(9));
    let alone = to_bytes(&decision).len();
    let verdict = decision.because.iter().find(|reason| matches!(reason, Reason::Verdict(_)));
    decision.because.extend(verdict.cloned());
    let Some(Reason::Verdict(verdict)) = decision.because.last() else {
        panic!("the sample has a verdict")
    };
    let one_verdict = to_bytes(&**verdict).len();
    let both = to_bytes(&decision).len() - alone;
    assert!(both + 5 * Gate::ALL.len() < one_verdict, "{both} of {one_verdict} bytes");
    check(&Payload::Decision(decision));
}

#[test]
fn unknown_versions_and_kinds_are_named() {
    assert_eq!(decode(2, 17, &[]), Err(Undecodable::UnknownVersion(2)));
    assert_eq!(decode(1, 0, &[]), Err(Undecodable::UnknownKind(0)));
    assert_eq!(decode(1, 29, &[]), Err(Undecodable::UnknownKind(29)));
    let source = Malformed::LeftOver(1);
    assert_eq!(decode(1, 17, &[0]), Err(Undecodable::Malformed { kind: 17, source }));
}

#[test]
fn what_the_domain_cannot_build_is_not_decoded() {
    use backsight_domain::instrument::Ticker;
    use backsight_domain::price::Price;
    let impossible_price = Err(Malformed::Impossible("price"));
    assert_eq!(from_bytes::<Price>(&to_bytes(&0_u64)), impossible_price);
    assert_eq!(from_bytes::<Price>(&to_bytes(&(1_u64 << 31))), impossible_price);
    assert_eq!(from_bytes::<Price>(&to_bytes(&u64::MAX)), impossible_price);
    for text in ["", "acme", "TOOLONGER", "A\0"] {
        let bytes = to_bytes(&String::from(text));
        assert_eq!(from_bytes::<Ticker>(&bytes), Err(Malformed::Impossible("ticker")), "{text}");
    }
}

#[test]
fn a_minute_of_ten_thousand_symbols_fits_a_frame() {
    let mut bytes = Vec::new();
    encode_event(&Event::Minute(sample::minute(10_000)), &mut bytes);
    assert!(bytes.len() < 202_000, "{} bytes", bytes.len());
}

proptest! {
    #[test]
    fn prop_events_come_back(event in any::event()) {
        check(&Payload::Event(event));
    }

    #[test]
    fn prop_decisions_come_back(decision in any::decision()) {
        check(&Payload::Decision(decision));
    }

    #[test]
    fn prop_any_bytes_are_decoded_or_refused(kind in 1_u16..=24, bytes: Vec<u8>) {
        for kind in [kind, DECISION] {
            if let Ok(Payload::Decision(decision)) = decode(VERSION, kind, &bytes) {
                prop_assert_eq!(to_bytes(&decision), bytes.clone());
            }
        }
    }

    #[test]
    fn prop_a_damaged_payload_is_decoded_or_refused(
        event in any::event(),
        at: proptest::sample::Index,
        byte: u8,
    ) {
        let mut bytes = Vec::new();
        let kind = encode_event(&event, &mut bytes);
        prop_assume!(!bytes.is_empty());
        let at = at.index(bytes.len());
        bytes[at] = byte;
        // One value has one encoding, so bytes that decode are the bytes of what they decode to.
        if let Ok(Payload::Event(event)) = decode(VERSION, kind, &bytes) {
            let mut again = Vec::new();
            encode_event(&event, &mut again);
            prop_assert_eq!(again, bytes);
        }
    }

    #[test]
    fn prop_a_damaged_decision_is_decoded_or_refused(
        decision in any::decision(),
        at: proptest::sample::Index,
        byte: u8,
    ) {
        let mut bytes = to_bytes(&decision);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(Payload::Decision(decision)) = decode(VERSION, DECISION, &bytes) {
            prop_assert_eq!(to_bytes(&decision), bytes);
        }
    }
}
