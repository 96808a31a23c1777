use super::super::tests::CONFIG;
use super::*;

/// What is wrong with the configuration of the tiny model after an exchange of words.
fn check(from: &str, to: &str) -> String {
    assert!(CONFIG.contains(from), "{from}");
    Config::parse(&CONFIG.replace(from, to)).unwrap_err()
}

#[test]
fn both_public_orders_are_read_by_name() {
    use Label::{Bad, Good, Neutral};
    assert_eq!(Config::parse(CONFIG).unwrap().labels, [Good, Bad, Neutral]);
    let tone = CONFIG.replace("\"0\": \"positive\"", "\"0\": \"Neutral\"");
    let tone = tone.replace("\"1\": \"negative\"", "\"1\": \"Positive\"");
    let tone = tone.replace("\"2\": \"neutral\"", "\"2\": \"Negative\"");
    assert_eq!(Config::parse(&tone).unwrap().labels, [Neutral, Good, Bad]);
}

#[test]
fn labels_without_names_are_refused() {
    let fault = check("\"positive\"", "\"LABEL_0\"");
    assert_eq!(fault, "label `0` is called `LABEL_0`, which says nothing");
    let fault = check("\"positive\"", "\"neutral\"");
    assert_eq!(fault, "the labels are not `positive`, `negative` and `neutral`, each once");
    assert_eq!(check("id2label", "labels"), "`id2label` is missing");
}

#[test]
fn networks_of_another_kind_are_refused() {
    assert_eq!(
        check("\"bert\"", "\"roberta\""),
        "`model_type` is `roberta`, this build knows `bert`"
    );
    assert_eq!(check("\"gelu\"", "\"relu\""), "`hidden_act` is `relu`, this build knows `gelu`");
    assert_eq!(
        check("\"hidden_size\": 32", "\"hidden_size\": 0"),
        "`hidden_size` is missing or out of range"
    );
    assert_eq!(check("\"hidden_size\": 32", "\"hidden_size\": 33"), "`4` heads do not share `33`");
    assert!(check("{", "").starts_with("the configuration is no JSON"));
}
