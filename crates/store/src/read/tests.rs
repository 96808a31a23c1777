use super::*;

#[test]
fn a_wish_is_one_statement_with_its_parameters_in_order() {
    let wish = Wish::since(Table::Orders, Seq(7), 5000).only("account", "large");
    let (sql, values) = wish.statement();
    assert_eq!(
        sql,
        "SELECT * FROM orders WHERE $1 < changed AND account = $2 ORDER BY changed ASC LIMIT 1000"
    );
    assert_eq!(values, [Value::Int(7), Value::from("large")]);
}
