use super::*;

fn ticker(text: &str) -> Ticker {
    Ticker::parse(text).expect("the test names a symbol")
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("the test names a date")
}

#[test]
fn a_symbol_belongs_to_whom_the_day_says() {
    let mut first = Subject::unlisted(Kind::Company, "Sprint");
    let until = Some(day("2020-04-02"));
    first.lines.push(Line { until, ..Line::undated(ticker("S"), Exchange::Nyse) });
    let mut second = Subject::unlisted(Kind::Company, "SentinelOne");
    let from = Some(day("2021-06-30"));
    second.lines.push(Line { from, ..Line::undated(ticker("S"), Exchange::Nyse) });
    let directory = Directory::new(vec![first, second]);
    let holder = |date| directory.by_ticker(ticker("S"), day(date)).map(|found| found.0.0);
    assert_eq!(holder("2019-01-02"), Some(0));
    assert_eq!(holder("2024-01-02"), Some(1));
    assert_eq!(directory.by_ticker(ticker("X"), day("2024-01-02")), None);
}
