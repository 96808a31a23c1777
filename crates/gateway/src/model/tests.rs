use super::*;

const TEXT: &str = r#"
name = "tiny-bert"
version = "1"
labels = ["positive", "negative", "neutral"]

[[file]]
name = "model.safetensors"
url = "https://models.example/a/model.safetensors"
bytes = 1000
sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

[[file]]
name = "vocab.txt"
url = "https://models.example/a/vocab.txt"
bytes = 20
sha256 = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
"#;

fn refused(from: &str, to: &str) -> String {
    assert!(TEXT.contains(from), "{from}");
    Manifest::parse(&TEXT.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn a_manifest_says_what_belongs_to_a_model() {
    let manifest = Manifest::parse(TEXT).unwrap();
    assert_eq!((&*manifest.name, &*manifest.version), ("tiny-bert", "1"));
    assert_eq!(manifest.bytes(), 1_020);
    let (name, parcel) = &manifest.files[1];
    assert_eq!((&**name, parcel.sha256), ("vocab.txt", Sha256::of_bytes(b"")));
    assert_eq!(&*manifest.text, TEXT, "the rest is for whoever loads it");
}

#[test]
fn a_manifest_that_is_none_says_what_would_be_right() {
    assert_eq!(refused("version = \"1\"", ""), "`version` must be a text in quotes");
    assert!(refused("tiny-bert", "../bert").starts_with("`name`: `../bert` names no model"));
    assert_eq!(
        refused("bytes = 1000", "bytes = -1"),
        "file 1: `bytes` must be the whole number of its bytes"
    );
    assert_eq!(refused("bytes = 20", ""), "file 2: `bytes` must be the whole number of its bytes");
    assert_eq!(refused("E3B0", "E3B"), "file 2: `sha256` must be 64 digits of 0-9 and a-f");
    assert_eq!(
        refused("vocab.txt", "model.safetensors"),
        "file 2: `model.safetensors` is named twice"
    );
    assert!(refused("https://models", "file:///models").starts_with("file 1: `url`: "));
    assert!(
        Manifest::parse("name = \"a\"\nversion = \"1\"").unwrap_err().contains("1 to 64 files")
    );
}

#[test]
fn no_file_leaves_its_folder() {
    for name in [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\\\b",
        "/etc/passwd",
        ".hidden",
        "x.",
        "manifest.toml",
        "a.unfinished",
        "é",
    ] {
        let fault = refused("vocab.txt", name);
        assert!(fault.starts_with("file 2: "), "{name}: {fault}");
    }
}
