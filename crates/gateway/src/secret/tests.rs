use std::path::{Path, PathBuf};

use super::{Secret, SecretPlace};

fn variables(name: &str) -> Option<String> {
    (name == "WORD").then(|| "open sesame\n".to_owned())
}

#[test]
fn a_secret_has_no_text_form() {
    let secret = Secret::new("open sesame");
    assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "Secret(..) Some(Secret(..))");
    assert_eq!(secret.expose(), "open sesame");
}

#[test]
fn it_is_read_from_a_variable_or_a_file_of_the_folder() {
    let folder = std::env::temp_dir().join(format!("backsight-secret-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("word"), "from a file\r\n").unwrap();
    std::fs::write(folder.join("lines"), "two\nlines\n").unwrap();
    let read = |place: SecretPlace| place.read(&folder, variables);
    let word = read(SecretPlace::Variable("WORD".into())).unwrap();
    assert_eq!(word.expose(), "open sesame");
    let file = |name: &str| read(SecretPlace::File(PathBuf::from(name)));
    assert_eq!(file("word").unwrap().expose(), "from a file");
    assert!(file("lines").unwrap_err().contains("more than one line"));
    assert!(file("nothing").unwrap_err().contains("cannot read the secret"));
    let unset = SecretPlace::Variable("OTHER".into()).read(Path::new("."), variables);
    assert_eq!(unset.unwrap_err(), "the variable `OTHER` is not set; it holds the secret");
    std::fs::remove_dir_all(&folder).unwrap();
}
