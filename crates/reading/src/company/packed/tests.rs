use super::*;

#[test]
fn what_is_packed_is_read_back() {
    let text = "backsight companies 1\nC|1|XYZ:N:2025-01-21,SQ:N::2025-01-21|Block, Inc.|SQUARE INC\nF|SPY:P QQQ:Q\n";
    let directory = Directory::unpack(text).expect("the text is well formed");
    assert_eq!(directory.len(), 3);
    assert_eq!(directory.pack(), text);
}

#[test]
fn a_damaged_list_names_its_line() {
    let check = |row: &str, expected: &str| {
        let refused = Directory::unpack(&format!("{HEADER}\n{row}")).expect_err("it is damaged");
        assert_eq!(refused.to_string(), expected);
    };
    check("X|1", "packed list line 2: neither `C|` nor `F|`");
    check("C|1|AAPL:Q", "packed list line 2: an issuer needs a number, symbols and a name");
    check("C|x|AAPL:Q|Apple", "packed list line 2: `x` is no number");
    check("C|1|aapl:Q|Apple", "packed list line 2: `aapl` is no symbol");
    check("C|1|AAPL:7|Apple", "packed list line 2: `7` is no exchange");
    check("C|1|AAPL:Q:soon|Apple", "packed list line 2: `soon` is no date");
    assert!(Directory::unpack("<html>").is_err());
}

#[test]
fn the_built_in_list_is_whole() {
    let directory = Directory::builtin();
    assert!(12_000 <= directory.len());
    assert!(BUILTIN.len() <= 400 * 1024);
}
