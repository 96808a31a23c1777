use super::*;

fn desk() -> DeskFile {
    DeskFile {
        seed: 9,
        world: "wild".to_owned(),
        symbols: 12,
        start: Date::parse("2025-03-03").unwrap(),
        faults: "storm".to_owned(),
    }
}

#[test]
fn a_desk_file_survives_its_own_text() {
    assert_eq!(DeskFile::parse(&desk().text()), Ok(desk()));
}

#[test]
fn every_wrong_line_is_named() {
    let text = desk().text();
    for (from, to, named) in [
        ("seed = 9", "seed = -9", "`seed`"),
        ("seed = 9", "sead = 9", "`sead`"),
        ("symbols = 12", "symbols = 0", "`symbols`"),
        ("2025-03-03", "1925-03-03", "`start`"),
    ] {
        let problem = DeskFile::parse(&text.replace(from, to)).unwrap_err();
        assert!(problem.contains(named), "{problem}");
    }
}
