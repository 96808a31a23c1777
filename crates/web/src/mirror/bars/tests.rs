use backsight_domain::id::Seq;
use backsight_domain::time::Span;

use super::*;

const SLOT: Slot = Slot(0);

/// Bars of one symbol that closes at these dollars, minute by minute; at zero it did not trade.
fn closing_at(open: Time, dollars: &[i32]) -> Bars {
    let mut bars = Bars::default();
    for (minutes, dollars) in (0..).zip(dollars) {
        let price = vec![dollars * 10_000];
        let minute = Minute {
            start: open + Span::from_minutes(minutes),
            open: price.clone(),
            high: price.clone(),
            low: price.clone(),
            close: price,
            volume: vec![100],
            traded: vec![u64::from(*dollars != 0)],
        };
        let at = minute.end();
        bars.happen(&Entry { seq: Seq(1), at, event: Event::Minute(minute) });
    }
    bars
}

#[test]
fn a_price_is_that_of_the_last_complete_minute_that_traded() {
    let open = Session::on(Date::parse("2024-01-03").unwrap()).unwrap().open();
    let bars = closing_at(open, &[10, 20, 0, 30]);
    let dollars = |seconds: i64| {
        let price = bars.price_at(SLOT, open + Span::from_seconds(seconds));
        price.map(Price::dollars)
    };
    assert_eq!(dollars(59), None);
    assert_eq!(dollars(60), Some(10.0));
    assert_eq!(dollars(150), Some(20.0));
    assert_eq!(dollars(200), Some(20.0), "nobody traded in the third minute");
    assert_eq!(dollars(240), Some(30.0));
    assert_eq!(dollars(7200), Some(30.0));
}
