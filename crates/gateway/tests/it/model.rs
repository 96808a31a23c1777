//! Models on a shelf: whole, or not installed.

use std::fs;

use backsight_gateway::model::{Choice, Engine, Label, Shelf, ShelfFault, Store, describe};
use backsight_gateway::newsstand::{Manner, Newsstand, Page};
use backsight_gateway::pull::Pulled;
use backsight_reading::sentiment::manifest::{Manifest, ManifestFault};

use crate::shop::{CALM, Folder, client, stand};

const CONFIG: &str =
    "{\"id2label\": {\"0\": \"positive\", \"1\": \"negative\", \"2\": \"neutral\"}}";
const WEIGHTS: &[u8] = &[7; 90_000];
const WORDS: &[u8] = b"up\ndown\n";

/// A server of a model, a folder with the same, and the manifest of both.
fn model(folder: &Folder) -> (Newsstand, Store, Manifest) {
    let source = folder.0.join("source");
    fs::create_dir_all(&source).expect("the folder can be made");
    let stand = stand(Page::new("", "text/plain"));
    let files =
        [("config.json", CONFIG.as_bytes()), ("model.safetensors", WEIGHTS), ("vocab.txt", WORDS)];
    for (name, bytes) in files {
        stand.put(&format!("/tiny/{name}"), Page::new(bytes, "application/octet-stream"));
        fs::write(source.join(name), bytes).expect("the folder can be written");
    }
    let label = Label { name: "tiny", version: "3", licence: "MIT" };
    let manifest = describe(&source, label).expect("the folder has a model");
    let store = Store::web(client(CALM), &stand.url("/tiny").to_string());
    (stand, store.expect("the address is good"), manifest)
}

fn install(shelf: &Shelf, store: &Store, manifest: &Manifest) -> Result<Vec<Pulled>, ShelfFault> {
    Ok(shelf.pull(store, manifest, &mut |_, _| {})?.into_values().collect())
}

#[test]
fn a_model_is_installed_when_all_of_it_is_there() {
    let folder = Folder::new("shelf");
    let (stand, store, manifest) = model(&folder);
    let shelf = Shelf::new(&folder.0.join("models"));
    assert!(shelf.names().unwrap().is_empty());
    stand.serve("/tiny/vocab.txt", Manner::Status(404));
    let fault = install(&shelf, &store, &manifest).unwrap_err();
    assert_eq!(fault.to_string(), "cannot fetch `vocab.txt`");
    assert!(shelf.names().unwrap().is_empty(), "two of three files are no model");
    assert!(matches!(shelf.manifest("tiny"), Err(ShelfFault::Absent(_))));

    stand.serve("/tiny/vocab.txt", Manner::Well);
    let pulled = install(&shelf, &store, &manifest).unwrap();
    assert_eq!(pulled, [Pulled::Present, Pulled::Present, Pulled::Fetched { resumed: 0 }]);
    assert_eq!(shelf.names().unwrap(), ["tiny".into()]);
    assert_eq!(shelf.manifest("tiny").unwrap(), manifest);
    shelf.verify(&manifest).unwrap();
    assert_eq!(fs::read(shelf.path("tiny").join("vocab.txt")).unwrap(), WORDS);
}

#[test]
fn a_model_is_installed_from_a_folder_without_any_network() {
    let folder = Folder::new("offline-shelf");
    let (_, _, manifest) = model(&folder);
    let shelf = Shelf::new(&folder.0.join("models"));
    let store = Store::Folder(folder.0.join("source"));
    assert_eq!(install(&shelf, &store, &manifest).unwrap().len(), 3);
    shelf.verify(&manifest).unwrap();
    fs::write(folder.0.join("source/vocab.txt"), "down\nup\n").unwrap();
    shelf.remove("tiny").unwrap();
    assert!(install(&shelf, &store, &manifest).is_err(), "the copy is another");
    fs::remove_file(folder.0.join("source/vocab.txt")).unwrap();
    let label = Label { name: "tiny", version: "3", licence: "MIT" };
    assert!(matches!(describe(&folder.0.join("source"), label), Err(ShelfFault::Storage { .. })));
}

#[test]
fn damage_is_found_and_mended() {
    let folder = Folder::new("mend");
    let (_stand, store, manifest) = model(&folder);
    let shelf = Shelf::new(&folder.0.join("models"));
    install(&shelf, &store, &manifest).unwrap();
    let fault = |shelf: &Shelf| match shelf.verify(&manifest) {
        Err(ShelfFault::Manifest { fault, .. }) => fault,
        other => panic!("{other:?}"),
    };
    fs::write(shelf.path("tiny").join("vocab.txt"), "up\ndowN\n").unwrap();
    assert!(matches!(fault(&shelf), ManifestFault::Hash { .. }));
    fs::remove_file(shelf.path("tiny").join("config.json")).unwrap();
    assert_eq!(fault(&shelf), ManifestFault::Missing("config.json".into()));
    install(&shelf, &store, &manifest).unwrap();
    shelf.verify(&manifest).unwrap();
    fs::write(shelf.path("tiny").join("manifest.json"), "{}").unwrap();
    assert!(matches!(shelf.manifest("tiny"), Err(ShelfFault::Manifest { .. })));
}

#[test]
fn a_choice_is_kept_until_its_model_goes() {
    let folder = Folder::new("choice");
    let (_stand, store, manifest) = model(&folder);
    let shelf = Shelf::new(&folder.0.join("models"));
    assert_eq!(shelf.in_use().unwrap(), None);
    install(&shelf, &store, &manifest).unwrap();
    for engine in Engine::ALL {
        let choice = Choice { name: "tiny".into(), engine };
        shelf.put_in_use(Some(&choice)).unwrap();
        assert_eq!(shelf.in_use().unwrap(), Some(choice));
        assert_eq!(Engine::of_version(&engine.version("7"), "7"), Some(engine));
    }
    assert_eq!(shelf.names().unwrap().len(), 1, "the choice is no model");
    assert!(shelf.remove("tiny").unwrap(), "it was in use");
    assert_eq!(shelf.in_use().unwrap(), None);
    assert!(shelf.names().unwrap().is_empty() && !shelf.path("tiny").exists());
    for name in ["tiny", "../models", "in-use", ".", ""] {
        assert!(matches!(shelf.remove(name), Err(ShelfFault::Absent(_))), "{name}");
    }
    shelf.put_in_use(None).unwrap();
}
