use super::*;

const CONFIG: &str = include_str!("../../../models/tiny/config.json");

fn pins() -> BTreeMap<String, Pin> {
    REQUIRED.iter().map(|name| ((*name).to_owned(), Pin::of(name.as_bytes()))).collect()
}

fn manifest() -> Manifest {
    Manifest::describe("tiny", "1", "MIT", pins(), CONFIG).unwrap()
}

#[test]
fn a_hash_is_sha256() {
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(Pin::of(b"abc"), Pin { bytes: 3, sha256: expected.to_owned() });
    let mut measure = Measure::default();
    measure.add(b"a");
    measure.add(b"bc");
    assert_eq!(measure.pin().sha256, expected);
}

#[test]
fn a_manifest_survives_a_round_trip() {
    assert_eq!(manifest().labels, ["positive", "negative", "neutral"]);
    assert_eq!(Manifest::parse(&manifest().to_json()), Ok(manifest()));
}

#[test]
fn changed_files_are_named() {
    let manifest = manifest();
    assert_eq!(manifest.verify(&pins()), Ok(()));
    let mut found = pins();
    found.insert("README.md".to_owned(), Pin::of(b"more"));
    assert_eq!(manifest.verify(&found), Ok(()));
    found.insert("vocab.txt".to_owned(), Pin::of(b"vocab.txu"));
    assert!(
        manifest.verify(&found).unwrap_err().to_string().starts_with("`vocab.txt` has SHA-256 `")
    );
    found.insert("vocab.txt".to_owned(), Pin::of(b"short"));
    let fault = manifest.verify(&found).unwrap_err();
    assert_eq!(fault.to_string(), "`vocab.txt` has `5` bytes, the manifest says `9`");
    found.remove("vocab.txt");
    assert_eq!(manifest.verify(&found), Err(ManifestFault::Missing("vocab.txt".to_owned())));
}

#[test]
fn labels_in_another_order_are_named() {
    let manifest = manifest();
    assert_eq!(manifest.verify_labels(CONFIG), Ok(()));
    let other = CONFIG.replace("\"positive\"", "\"neutral\"");
    let fault = manifest.verify_labels(&other).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "`config.json` does not name the labels `positive, negative, neutral` in this order"
    );
}

#[test]
fn manifests_that_could_do_harm_are_refused() {
    let check = |from: &str, to: &str| {
        let text = manifest().to_json();
        assert!(text.contains(from), "{from}");
        Manifest::parse(&text.replace(from, to)).unwrap_err()
    };
    for name in ["../vocab.txt", "/etc/passwd", ".vocab", "a b", "", "manifest.json"] {
        let fault = check("\"vocab.txt\"", &format!("\"{name}\""));
        assert_eq!(fault, ManifestFault::Malformed("files"), "{name}");
    }
    assert_eq!(check("\"vocab.txt\"", "\"vocab.old\""), ManifestFault::Unpinned("vocab.txt"));
    assert_eq!(check("\"tiny\"", "\"../tiny\""), ManifestFault::Malformed("name"));
    assert_eq!(check("\"bytes\": 9", "\"bytes\": 99999999999"), ManifestFault::Malformed("files"));
    assert_eq!(check("\"positive\",", ""), ManifestFault::Malformed("labels"));
    assert_eq!(check("{", "["), ManifestFault::Malformed("JSON"));
    let upper = manifest().files["vocab.txt"].sha256.clone();
    assert_eq!(check(&upper, &upper.to_uppercase()), ManifestFault::Malformed("files"));
}
