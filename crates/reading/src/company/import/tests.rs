use super::*;

const SEC: &str = r#"{"fields":["cik","name","ticker","exchange"],"data":[
[320193,"Apple Inc.","AAPL","Nasdaq"],[1652044,"Alphabet Inc.","GOOGL","Nasdaq"],
[1652044,"Alphabet Inc.","GOOG","Nasdaq"],[1067983,"BERKSHIRE HATHAWAY INC","BRK-B","NYSE"],
[316709,"SCHWAB CHARLES CORP","SCHW","NYSE"],[316709,"SCHWAB CHARLES CORP","SCHW-PD","NYSE"],
[9,"NESTLE SA","NSRGY","OTC"]]}"#;
const NASDAQ: &str =
    "Symbol|Security Name|Market Category|Test Issue|Financial Status|Round Lot Size|ETF|NextShares
AAPL|Apple Inc. - Common Stock|Q|N|N|100|N|N
GOOG|Alphabet Inc. - Class C Capital Stock|Q|N|N|100|N|N
GOOGL|Alphabet Inc. - Class A Common Stock|Q|N|N|100|N|N
QQQ|Invesco QQQ Trust, Series 1|G|N|N|100|Y|N
ZAZZT|Tick Pilot Test Stock Class A Common Stock|G|Y|N|100|N|N
File Creation Time: 0721202521:31|||||||
";
const OTHER: &str =
    "ACT Symbol|Security Name|Exchange|CQS Symbol|ETF|Round Lot Size|Test Issue|NASDAQ Symbol
BRK.B|Berkshire Hathaway Inc. Class B|N|BRK.B|N|100|N|BRK.B
SCHW|Charles Schwab Corporation (The) Common Stock|N|SCHW|N|100|N|SCHW
File Creation Time: 0721202521:31||||||
";

fn ticker(text: &str) -> Ticker {
    Ticker::parse(text).expect("the test names a symbol")
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("the test names a date")
}

#[test]
fn share_classes_of_one_issuer_are_one_subject() {
    let (directory, report) = Directory::import(SEC, NASDAQ, OTHER).expect("the lists are whole");
    let today = day("2026-02-02");
    let of = |symbol| directory.by_ticker(ticker(symbol), today).expect("it is listed").0;
    assert_eq!(of("GOOG"), of("GOOGL"));
    assert_eq!(directory.subject(of("GOOG")).ticker(today), Some(ticker("GOOGL")));
    assert_eq!(&*directory.subject(of("SCHW")).name, "Charles Schwab Corporation");
    assert_eq!(directory.subject(of("NSRGY")).ticker(today), None);
    assert_eq!((report.issuers, report.tickers, report.funds), (5, 6, 1));
    assert_eq!((report.test_issues, report.unreadable_symbols), (1, 1));
}

#[test]
fn a_broken_list_names_file_line_and_fault() {
    let check = |sec: &str, nasdaq: &str, other: &str, expected: &str| {
        let refused = Directory::import(sec, nasdaq, other).expect_err("one list is broken");
        assert!(refused.to_string().starts_with(expected), "{refused}");
    };
    let cut = NASDAQ.split_inclusive('\n').take(3).collect::<String>();
    let short = NASDAQ.replace("|Q|N|N|100|N|N\nGOOG|", "|Q\nGOOG|");
    check("<html>", NASDAQ, OTHER, "`company_tickers_exchange.json` line 1: not JSON");
    check("[]", NASDAQ, OTHER, "`company_tickers_exchange.json` line 1: neither");
    check(r#"{"data":[[1]]}"#, NASDAQ, OTHER, "`company_tickers_exchange.json` line 1: row 1");
    check(SEC, "<html>", OTHER, "`nasdaqlisted.txt` line 1: the header");
    check(SEC, &cut, OTHER, "`nasdaqlisted.txt` line 3: the line `File Creation Time:`");
    check(SEC, &short, OTHER, "`nasdaqlisted.txt` line 2: expected 8 fields, found 3");
    check(SEC, NASDAQ, "", "`otherlisted.txt` line 1: the header");
}

#[test]
fn a_newer_list_dates_what_changed() {
    let (older, _) = Directory::import(SEC, NASDAQ, OTHER).expect("the lists are whole");
    let renamed = SEC
        .replace("\"SCHW\"", "\"CHAS\"")
        .replace("[320193,\"Apple Inc.\",\"AAPL\",\"Nasdaq\"],", "");
    let (newer, _) = Directory::import(&renamed, NASDAQ, OTHER).expect("the lists are whole");
    let both = older.succeeded_by(&newer, day("2026-02-01"));
    let schwab = both.by_ticker(ticker("SCHW"), day("2026-01-31")).expect("it was listed").0;
    assert_eq!(both.subject(schwab).ticker(day("2026-01-31")), Some(ticker("SCHW")));
    assert_eq!(both.subject(schwab).ticker(day("2026-02-01")), Some(ticker("CHAS")));
    let apple = both.by_ticker(ticker("AAPL"), day("2026-01-31")).expect("it was listed").0;
    assert_eq!(both.subject(apple).ticker(day("2026-02-01")), None);
}
