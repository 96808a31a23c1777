use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;

/// Builds what another reader would build.
fn built(value: &Value<'_>) -> Json {
    match value.raw.as_bytes().first() {
        Some(b'{') => value.members().map(|(name, it)| (name.into_owned(), built(&it))).collect(),
        Some(b'[') => value.elements().map(|it| built(&it)).collect(),
        Some(b'"') => Json::String(value.string().unwrap().into_owned()),
        _ => serde_json::from_str(value.raw).unwrap(),
    }
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::from),
        ".{0,8}".prop_map(Json::String),
        "[\\\\\"/{}\\[\\]:, \n]{0,8}".prop_map(Json::String),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            proptest::collection::btree_map(".{0,4}", inner, 0..5)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

#[test]
fn escapes_are_resolved_and_broken_ones_survive() {
    let text = r#""a\"b\\c\/d\n\u00e9\ud83d\ude80\ud83dx\u12\q""#;
    let value = Value::first(text, 0);
    assert_eq!(value.string().unwrap(), "a\"b\\c/d\né🚀\u{fffd}x\u{fffd}12q");
}

#[test]
fn a_value_without_an_end_is_known_as_such() {
    for text in ["{\"a\": [1, 2", "[[[[", "\"abc", "{\"a\": \"\\"] {
        assert!(!Value::first(text, 0).whole, "{text}");
    }
    let value = Value::first("[1, {\"a\": 2}, {\"b\"", 0);
    let elements: Vec<(&str, bool)> = value.elements().map(|it| (it.raw, it.whole)).collect();
    assert_eq!(elements, [("1", true), ("{\"a\": 2}", true), ("{\"b\"", false)]);
}

proptest! {
    #[test]
    fn prop_whole_values_are_those_that_serde_finds(json in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
        let text = text.unwrap();
        let value = Value::first(&text, 0);
        prop_assert!(value.whole && value.raw == text);
        prop_assert_eq!(built(&value), json);
    }

    #[test]
    fn prop_any_text_is_walked(text in "(\\{|\\}|\\[|\\]|\"|\\\\|,|:|1|a| |\\PC){0,60}") {
        let value = Value::first(&text, 0);
        let members = value.members().count() + value.elements().count();
        prop_assert!(members <= text.len());
    }
}
