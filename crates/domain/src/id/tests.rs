use super::*;

fn desk(name: &str) -> DeskName {
    DeskName(Ticker::parse(name).unwrap())
}

#[test]
fn a_client_order_id_is_a_pure_function_of_the_intent_and_names_it() {
    let intent = IntentId { cause: Seq(4711), leg: 2 };
    let id = desk("DEMO").client_order_id(intent);
    assert_eq!(id, "bs-demo-4711.2");
    assert_eq!(desk("DEMO").intent_of(&id), Some(intent));
}

#[test]
fn orders_of_other_desks_and_of_people_are_foreign() {
    for foreign in ["bs-other-4711.2", "manual", "bs-demo-4711", "bs-demo-04711.2", "bs-demo-1.2x"]
    {
        assert_eq!(desk("DEMO").intent_of(foreign), None, "{foreign}");
    }
}
