//! Models on a shelf: whole, or not installed.

use std::fs;

use backsight_gateway::model::{Manifest, Shelf, ShelfFault};
use backsight_gateway::newsstand::{Manner, Newsstand, Page};
use backsight_gateway::pull::{Pulled, Sha256};

use crate::shop::{CALM, Folder, client, stand};

const WEIGHTS: &[u8] = &[7; 90_000];
const WORDS: &[u8] = b"up\ndown\n";

/// A server of a model of two files, and the manifest of it.
fn model(name: &str) -> (Newsstand, Manifest) {
    let stand = stand(Page::new("", "text/plain"));
    let files = [("/weights", "weights.bin", WEIGHTS), ("/words", "vocab.txt", WORDS)];
    let sections = files.map(|(path, file, bytes)| {
        stand.put(path, Page::new(bytes, "application/octet-stream"));
        let (url, hash, length) = (stand.url(path), Sha256::of_bytes(bytes), bytes.len());
        format!(
            "[[file]]\nname = \"{file}\"\nurl = \"{url}\"\nbytes = {length}\nsha256 = \"{hash}\"\n"
        )
    });
    let text = format!("name = \"{name}\"\nversion = \"3\"\n{}", sections.concat());
    (stand, Manifest::parse(&text).expect("the manifest is a good one"))
}

fn install(shelf: &Shelf, manifest: &Manifest) -> Result<Vec<Pulled>, ShelfFault> {
    shelf.pull(&client(CALM), manifest, &mut |_, _| {})
}

#[test]
fn a_model_is_installed_when_all_of_it_is_there() {
    let (folder, (stand, manifest)) = (Folder::new("shelf"), model("tiny"));
    let shelf = Shelf::new(&folder.0);
    assert!(shelf.names().unwrap().is_empty());
    stand.serve("/words", Manner::Status(404));
    let fault = install(&shelf, &manifest).unwrap_err();
    assert_eq!(fault.to_string(), "cannot fetch `vocab.txt`");
    assert!(shelf.names().unwrap().is_empty(), "one of two files is no model");
    assert!(matches!(shelf.manifest("tiny"), Err(ShelfFault::Absent(_))));

    stand.serve("/words", Manner::Well);
    let pulled = install(&shelf, &manifest).unwrap();
    assert_eq!(pulled, [Pulled::Present, Pulled::Fetched { resumed: 0 }]);
    assert_eq!(shelf.names().unwrap(), ["tiny".into()]);
    assert_eq!(shelf.manifest("tiny").unwrap(), manifest);
    assert!(shelf.wrong_files(&manifest).unwrap().is_empty());
    assert_eq!(fs::read(shelf.path("tiny").join("vocab.txt")).unwrap(), WORDS);
}

#[test]
fn damage_is_found_and_mended() {
    let (folder, (_stand, manifest)) = (Folder::new("mend"), model("tiny"));
    let shelf = Shelf::new(&folder.0);
    install(&shelf, &manifest).unwrap();
    fs::write(shelf.path("tiny").join("vocab.txt"), "up\nup!!\n").unwrap();
    fs::remove_file(shelf.path("tiny").join("weights.bin")).unwrap();
    let wrong = shelf.wrong_files(&manifest).unwrap();
    assert_eq!(wrong, ["weights.bin".into(), "vocab.txt".into()]);
    install(&shelf, &manifest).unwrap();
    assert!(shelf.wrong_files(&manifest).unwrap().is_empty());
}

#[test]
fn a_choice_is_kept_until_its_model_goes() {
    let (folder, (_stand, manifest)) = (Folder::new("choice"), model("tiny"));
    let shelf = Shelf::new(&folder.0);
    assert_eq!(shelf.in_use().unwrap(), None);
    install(&shelf, &manifest).unwrap();
    shelf.put_in_use(Some("tiny")).unwrap();
    assert_eq!(shelf.in_use().unwrap().as_deref(), Some("tiny"));
    assert_eq!(shelf.names().unwrap().len(), 1, "the choice is no model");
    assert!(shelf.remove("tiny").unwrap(), "it was in use");
    assert_eq!(shelf.in_use().unwrap(), None);
    assert!(shelf.names().unwrap().is_empty() && !shelf.path("tiny").exists());
    assert!(matches!(shelf.remove("tiny"), Err(ShelfFault::Absent(_))));
    assert!(matches!(shelf.remove("../choice"), Err(ShelfFault::Absent(_))));
    shelf.put_in_use(None).unwrap();
}
