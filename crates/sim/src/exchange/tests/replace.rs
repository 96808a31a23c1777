use backsight_domain::order::OrderRef;
use backsight_domain::order::OrderStatus as Status;

use super::*;

impl Bench {
    /// An intent for what another orders, at another limit.
    fn instead_of(&mut self, old: &Intent, shares: i64, kind: OrderKind) -> Intent {
        let new = self.intent(old.side, shares, kind);
        Intent { replaces: Some(old.id), ..new }
    }

    /// Ten shares that are held, and a resting sale of them.
    fn resting_sale(&mut self) -> Intent {
        self.place(minute(1), Side::Buy, 10, OrderKind::Market);
        self.place(minute(2), Side::Sell, 10, limit(10_100))
    }

    fn stages(&self) -> Vec<Stage> {
        self.exchange.orders().iter().skip(1).map(|order| order.stage).collect()
    }
}

fn refused(refusal: Refusal) -> Answer {
    Answer::Refused(refusal)
}

#[test]
fn one_takes_the_place_of_the_other_one_travel_after_it_was_taken() {
    let mut bench = Bench::new(plain());
    let old = bench.resting_sale();
    let new = bench.instead_of(&old, 10, limit(10_050));
    bench.exchange.ask(minute(3), Request::Submit(new));
    bench.run(minute(3) + Span::from_millis(10));
    assert_eq!(bench.stages(), [Stage::PendingReplace, Stage::Pending]);
    assert_eq!(bench.exchange.promised(CASH)[&share("ACME")], Quantity::shares(10));
    bench.run(minute(3) + Span::from_millis(20));
    assert_eq!(bench.stages(), [Stage::Replaced(OrderRef::Ours(new.id)), Stage::Working]);
    assert_eq!(bench.exchange.promised(CASH)[&share("ACME")], Quantity::shares(10));
    bench.run(minute(4));
    let by = OrderRef::Ours(new.id);
    let told: Vec<Status> = bench.statuses().into_iter().skip(3).collect();
    assert_eq!(
        told,
        [Status::PendingReplace, Status::Accepted, Status::Replaced { by }, Status::New]
    );
}

#[test]
fn what_fills_before_the_swap_is_less_for_the_new_order() {
    let mut bench = Bench::new(plain());
    // The market trades through the limit while the two wait to be swapped.
    let between = minute(3) + Span::from_millis(15);
    bench.print("ACME", between, [10_190, 10_210, 10_200]);
    bench.print("ACME", between + Span::from_millis(1), [9_990, 10_010, 10_000]);
    let old = bench.resting_sale();
    bench.exchange.config.partial = 1.0;
    let new = bench.instead_of(&old, 10, limit(10_150));
    bench.exchange.ask(minute(3), Request::Submit(new));
    bench.run(minute(4));
    let [_, first, second] = bench.exchange.orders() else { panic!("a purchase and two sales") };
    assert!(first.filled.is_positive() && second.stage == Stage::Working);
    assert_eq!(first.filled + second.terms.quantity, old.quantity);
    let held = bench.exchange.holdings(CASH)[0].quantity;
    assert_eq!(bench.exchange.promised(CASH)[&share("ACME")], held);
}

#[test]
fn an_order_that_fills_first_keeps_its_place_and_the_new_one_is_rejected() {
    let mut bench = Bench::new(plain());
    bench.print("ACME", minute(3) + Span::from_millis(15), [10_190, 10_210, 10_200]);
    let old = bench.resting_sale();
    let new = bench.instead_of(&old, 10, limit(10_050));
    assert!(matches!(bench.submit(minute(3), new), Answer::Known(_)));
    assert_eq!(bench.stages(), [Stage::Filled, Stage::Rejected]);
    assert_eq!(bench.exchange.holdings(CASH), []);
}

#[test]
fn neither_can_be_cancelled_while_they_are_swapped() {
    let mut bench = Bench::new(plain());
    let old = bench.resting_sale();
    let new = bench.instead_of(&old, 10, limit(10_050));
    bench.exchange.ask(minute(3), Request::Submit(new));
    bench.exchange.ask(minute(3), Request::Cancel(CASH, old.id));
    bench.exchange.ask(minute(3), Request::Cancel(CASH, new.id));
    bench.run(minute(4));
    let refused = bench.heard.iter().filter(|(_, event)| {
        matches!(event, Event::Reply(reply) if reply.answer == refused(Refusal::NotCancelable))
    });
    assert_eq!(refused.count(), 2);
    assert_eq!(bench.stages(), [Stage::Replaced(OrderRef::Ours(new.id)), Stage::Working]);
}

#[test]
fn refusals_name_their_rule() {
    let mut bench = Bench::new(plain());
    let old = bench.resting_sale();
    let stranger = bench.intent(Side::Sell, 10, limit(10_050));
    let check = |bench: &mut Bench, at: i64, intent: Intent| bench.submit(minute(at), intent);

    let lost = bench.instead_of(&stranger, 10, limit(10_050));
    assert_eq!(check(&mut bench, 3, lost), refused(Refusal::NotReplaceable));
    let same = bench.instead_of(&old, 10, limit(10_100));
    assert_eq!(check(&mut bench, 4, same), refused(Refusal::Unchanged));
    let market = bench.instead_of(&old, 10, OrderKind::Market);
    assert_eq!(check(&mut bench, 5, market), refused(Refusal::Malformed));
    let more = bench.instead_of(&old, 11, limit(10_050));
    assert_eq!(check(&mut bench, 6, more), refused(Refusal::NotHeld));

    let first = bench.instead_of(&old, 10, limit(10_050));
    assert!(matches!(check(&mut bench, 7, first), Answer::Known(_)));
    assert_eq!(check(&mut bench, 8, first), refused(Refusal::DuplicateId));
    let second = bench.instead_of(&old, 10, limit(10_060));
    assert_eq!(check(&mut bench, 9, second), refused(Refusal::AlreadyReplaced));
    bench.exchange.ask(minute(10), Request::Cancel(CASH, first.id));
    bench.run(minute(11));
    let late = bench.instead_of(&first, 10, limit(10_060));
    assert_eq!(check(&mut bench, 12, late), refused(Refusal::NotReplaceable));
}

#[test]
fn an_order_must_want_more_than_the_old_one_filled() {
    let mut bench = Bench::new(plain());
    bench.print("ACME", minute(4), [10_190, 10_210, 10_200]);
    let old = bench.resting_sale();
    bench.exchange.config.partial = 1.0;
    bench.run(minute(5));
    let filled = bench.exchange.orders()[1].filled.whole();
    assert!(0 < filled && filled < 10, "{filled} of 10");
    let new = bench.instead_of(&old, filled, limit(10_300));
    assert_eq!(bench.submit(minute(6), new), refused(Refusal::NothingLeft));
}

#[test]
fn a_person_replaces_an_order_of_the_desk_by_a_foreign_one() {
    let mut bench = Bench::new(plain());
    let old = bench.resting_sale();
    let venue = bench.exchange.orders()[1].venue;
    let terms = (limit(10_050), Quantity::shares(4));
    bench.exchange.replace_by_hand(minute(3), (CASH, venue), terms);
    bench.run(minute(4));
    let theirs = bench.exchange.orders()[2];
    assert_eq!((theirs.intent, theirs.terms.quantity), (None, Quantity::shares(4)));
    let by = OrderRef::Foreign(theirs.venue);
    assert_eq!(bench.ask(minute(5), Request::Lookup(CASH, old.id)), {
        let filled = Quantity::ZERO;
        let (account, order) = (CASH, OrderRef::Ours(old.id));
        Answer::Known(OrderUpdate {
            account,
            order,
            venue,
            status: Status::Replaced { by },
            filled,
        })
    });
}
