//! The description of the API that is committed, because the types of the pages are made from it.

use std::fs;
use std::path::Path;

use backsight_web::routes::document;

#[test]
fn the_committed_description_is_the_one_of_the_code() {
    let described = format!("{}\n", document());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &described).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(described == committed, "UPDATE_EXPECT=1 rewrites `crates/web/openapi.json`");
}
