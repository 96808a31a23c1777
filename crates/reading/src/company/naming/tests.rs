use super::*;

#[test]
fn legal_parts_are_left_out_of_a_core() {
    let check = |name: &str, expected: &str| assert_eq!(core(name).join(" "), expected, "`{name}`");
    check("Apple Inc.", "apple");
    check("The Coca-Cola Company", "coca cola");
    check("Grupo Televisa, S.A.B. de C.V.", "grupo televisa");
    check("Banco Santander, S.A.", "banco santander");
    check("Procter & Gamble Company", "procter & gamble");
    check("Tiffany & Co.", "tiffany");
}

#[test]
fn a_first_word_stands_for_the_whole_only_before_words_of_trade() {
    let check = |name: &str, expected: Option<&str>| {
        assert_eq!(short(&core(name)), expected, "`{name}`");
    };
    check("Micron Technology, Inc.", Some("micron"));
    check("General Motors Company", None);
    check("Capital One Financial Corp", None);
    check("American Resources Corp", None);
}

#[test]
fn a_security_says_its_issuer_and_whether_it_is_a_share() {
    assert_eq!(issuer_of_security("Ford Motor Company Common Stock"), "Ford Motor Company");
    assert_eq!(issuer_of_security("AAON, Inc. - Common Stock"), "AAON, Inc.");
    assert!(is_share("Ford Motor Company Common Stock"));
    assert!(!is_share("Gores Holdings X, Inc. - Warrants"));
    assert!(!is_share("Ford Motor Company 6.20% Notes due June 1, 2059"));
}

#[test]
fn marks_of_state_are_cut() {
    assert_eq!(tidy("WELLS FARGO & COMPANY/MN"), "WELLS FARGO & COMPANY");
    assert_eq!(tidy("TARGET CORP /DE/"), "TARGET CORP");
    assert_eq!(tidy("A/S Something"), "A/S Something");
}
