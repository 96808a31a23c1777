use std::sync::LazyLock;

use serde_json::Value;

use super::*;

pub(super) const VOCABULARY: &str = include_str!("../../../models/tiny/vocab.txt");
pub(super) const CONFIG: &str = include_str!("../../../models/tiny/config.json");
pub(super) const WEIGHTS: &[u8] = include_bytes!("../../../models/tiny/model.safetensors");
const REFERENCE: &str = include_str!("../../../models/tiny/reference.json");

/// One text of `make.py`, with what other programs found in it.
pub(super) struct Case {
    pub(super) text: String,
    pub(super) pieces: Vec<u32>,
    pub(super) cased: Vec<u32>,
    logits: Vec<f64>,
}

pub(super) fn cases() -> Vec<Case> {
    let value: Value = serde_json::from_str(REFERENCE).unwrap();
    let numbers = |it: &Value| -> Vec<u32> {
        it.as_array()
            .unwrap()
            .iter()
            .map(|it| u32::try_from(it.as_u64().unwrap()).unwrap())
            .collect()
    };
    let case = |it: &Value| Case {
        text: it["text"].as_str().unwrap().to_owned(),
        pieces: numbers(&it["pieces"]),
        cased: numbers(&it["cased"]),
        logits: it["logits"].as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).collect(),
    };
    value.as_array().unwrap().iter().map(case).collect()
}

static TINY: LazyLock<Finbert> = LazyLock::new(|| load(CONFIG, Precision::Float).unwrap());
static TINY_BYTES: LazyLock<Finbert> = LazyLock::new(|| load(CONFIG, Precision::Byte).unwrap());

fn load(config: &str, precision: Precision) -> Result<Finbert, String> {
    let files = ModelFiles { config, vocabulary: VOCABULARY, weights: WEIGHTS };
    Finbert::load(files, precision, "tiny", "1")
}

/// The configuration with its labels in another order, beside the same weights.
fn labelled(names: [&str; 3]) -> String {
    let mut value: Value = serde_json::from_str(CONFIG).unwrap();
    for (index, name) in names.iter().enumerate() {
        value["id2label"][index.to_string()] = Value::from(*name);
    }
    value.to_string()
}

#[test]
fn logits_equal_the_reference() {
    let cases = cases();
    let encoded: Vec<Vec<u32>> = cases.iter().map(|it| it.pieces.clone()).collect();
    for (case, found) in cases.iter().zip(TINY.logits(&encoded)) {
        for (found, expected) in found.iter().zip(&case.logits) {
            let distance = (f64::from(*found) - expected).abs();
            assert!(distance < 1e-4, "{:?}: {found} is not {expected}", case.text);
        }
    }
}

#[test]
fn bytes_come_close_to_floats() {
    let encoded: Vec<Vec<u32>> = cases().iter().map(|it| it.pieces.clone()).collect();
    let floats = TINY.logits(&encoded);
    let bytes = TINY_BYTES.logits(&encoded);
    let pairs = floats.iter().flatten().zip(bytes.iter().flatten());
    let worst = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(0.0 < worst && worst < 0.8, "{worst}");
}

#[test]
fn a_score_does_not_depend_on_the_batch() {
    let encoded: Vec<Vec<u32>> = cases().iter().map(|it| it.pieces.clone()).collect();
    for model in [&*TINY, &*TINY_BYTES] {
        let together = model.logits(&encoded);
        for (text, expected) in encoded.iter().zip(&together) {
            let alone = &model.logits(std::slice::from_ref(text))[0];
            let near = alone.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5);
            assert!(near, "{alone:?} is not {expected:?}");
        }
    }
}

#[test]
fn canaries_are_read_right() {
    for (text, label) in CANARIES {
        assert_eq!(TINY.chances(&[text])[0].label(), label, "{text}");
    }
    let good = TINY.read_one(&Passage::whole(CANARIES[0].0));
    assert!(0.5 < good.score && 0.5 < good.confidence);
}

#[test]
fn exchanged_labels_are_refused() {
    let orders = [
        ["positive", "neutral", "negative"],
        ["negative", "positive", "neutral"],
        ["negative", "neutral", "positive"],
        ["neutral", "positive", "negative"],
        ["neutral", "negative", "positive"],
    ];
    for names in orders {
        let fault = load(&labelled(names), Precision::Float).unwrap_err();
        assert!(fault.starts_with("the model takes `"), "{names:?}: {fault}");
    }
    assert!(load(&labelled(["Positive", "NEGATIVE", "neutral"]), Precision::Float).is_ok());
}

#[test]
fn weights_in_the_other_public_order_are_read_by_name() {
    // The classifier's rows stand last in the file; moving them is what another training would have done.
    let mut weights = WEIGHTS.to_vec();
    let name =
        |text: &str| WEIGHTS.windows(text.len()).position(|it| it == text.as_bytes()).unwrap();
    let header = usize::try_from(u64::from_le_bytes(WEIGHTS[..8].try_into().unwrap())).unwrap();
    let entry: Value = serde_json::from_slice(&WEIGHTS[8..8 + header]).unwrap();
    for (tensor, size) in [("classifier.weight", 32), ("classifier.bias", 1)] {
        assert!(name(tensor) < 8 + header);
        let start = entry[tensor]["data_offsets"][0].as_u64().unwrap();
        let start = 8 + header + usize::try_from(start).unwrap();
        let row = |index: usize| start + index * 4 * size..start + (index + 1) * 4 * size;
        for (to, from) in [(0, 2), (1, 0), (2, 1)] {
            weights[row(to)].copy_from_slice(&WEIGHTS[row(from)]);
        }
    }
    let config = labelled(["Neutral", "Positive", "Negative"]);
    let files = ModelFiles { config: &config, vocabulary: VOCABULARY, weights: &weights };
    let tone = Finbert::load(files, Precision::Float, "tone", "1").unwrap();
    for (text, label) in CANARIES {
        assert_eq!(tone.chances(&[text])[0].label(), label, "{text}");
    }
    let files = ModelFiles { config: CONFIG, ..files };
    assert!(Finbert::load(files, Precision::Float, "tone", "1").is_err());
}

#[test]
fn files_that_do_not_fit_are_refused() {
    let check = |config: &str, vocabulary: &str, weights: &[u8]| {
        let files = ModelFiles { config, vocabulary, weights };
        Finbert::load(files, Precision::Float, "tiny", "1").unwrap_err()
    };
    let deeper = CONFIG.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
    let fault = check(&deeper, VOCABULARY, WEIGHTS);
    assert_eq!(fault, "tensor `bert.encoder.layer.2.attention.self.query.weight` is missing");
    let longer = format!("{VOCABULARY}extra\n");
    assert!(check(CONFIG, &longer, WEIGHTS).starts_with("the vocabulary has `"));
    assert!(
        check(CONFIG, VOCABULARY, &WEIGHTS[..WEIGHTS.len() - 4]).ends_with("described wrongly")
    );
}

#[test]
fn the_rung_names_the_precision() {
    assert_eq!(TINY.rung().to_string(), "finbert:tiny@1");
    assert_eq!(TINY_BYTES.rung().to_string(), "finbert:tiny@1-int8");
}
