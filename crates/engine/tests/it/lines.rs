//! How a line of a script is read.

use backsight_domain::market::Bar;
use backsight_domain::money::Money;
use backsight_domain::order::Refusal;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Span;

/// The words of one line, taken from the front.
#[derive(Clone, Debug)]
pub(crate) struct Words<'a> {
    line: &'a str,
    rest: Vec<&'a str>,
}

impl<'a> Words<'a> {
    pub(crate) fn of(line: &'a str) -> Self {
        Self { line, rest: line.split_whitespace().rev().collect() }
    }

    pub(crate) fn next(&mut self) -> Option<&'a str> {
        self.rest.pop()
    }

    pub(crate) fn word(&mut self) -> &'a str {
        self.rest.pop().unwrap_or_else(|| panic!("a word is missing in `{}`", self.line))
    }

    /// Takes the word if it comes next.
    pub(crate) fn takes(&mut self, word: &str) -> bool {
        let there = self.rest.last() == Some(&word);
        if there {
            self.rest.pop();
        }
        there
    }

    pub(crate) fn expect(&mut self, word: &str) {
        let found = self.word();
        assert_eq!(found, word, "in `{}`", self.line);
    }

    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn end(&self) {
        assert!(self.rest.is_empty(), "too many words in `{}`", self.line);
    }

    fn read<T>(&mut self, what: &str, parse: impl Fn(&str) -> Option<T>) -> T {
        let word = self.word();
        parse(word).unwrap_or_else(|| panic!("`{word}` is no {what} in `{}`", self.line))
    }

    pub(crate) fn number(&mut self) -> i64 {
        self.read("number", |word| word.parse().ok())
    }

    pub(crate) fn ratio(&mut self) -> f64 {
        self.read("ratio", |word| word.parse().ok())
    }

    pub(crate) fn price(&mut self) -> Price {
        self.read("price", Price::parse)
    }

    pub(crate) fn money(&mut self) -> Money {
        self.read("amount", Money::parse)
    }

    pub(crate) fn quantity(&mut self) -> Quantity {
        self.read("quantity", Quantity::parse)
    }

    /// `#3`: the third order of the script.
    pub(crate) fn order(&mut self) -> usize {
        self.read("order such as `#1`", |word| word.strip_prefix('#')?.parse().ok())
    }

    /// `90s`, `250ms` or `15m`.
    pub(crate) fn span(&mut self) -> Span {
        self.read("span such as `90s`", |word| {
            let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let count: i64 = digits.parse().ok()?;
            match &word[digits.len()..] {
                "ms" => Some(Span::from_millis(count)),
                "s" => Some(Span::from_seconds(count)),
                "m" => Some(Span::from_minutes(count)),
                _ => None,
            }
        })
    }

    /// `11:45`: hour and minute in New York.
    pub(crate) fn clock(&mut self) -> (u8, u8) {
        self.read("time such as `11:45`", |word| {
            let (hour, minute) = word.split_once(':')?;
            Some((hour.parse().ok()?, minute.parse().ok()?))
        })
    }

    pub(crate) fn refusal(&mut self) -> Refusal {
        self.read("refusal", |word| {
            Some(match word {
                "buying_power" => Refusal::BuyingPower,
                "not_held" => Refusal::NotHeld,
                "wash_trade" => Refusal::WashTrade,
                "price_away" => Refusal::PriceAway,
                "not_tradable" => Refusal::NotTradable,
                "market_closed" => Refusal::MarketClosed,
                "duplicate_id" => Refusal::DuplicateId,
                "not_cancelable" => Refusal::NotCancelable,
                "not_replaceable" => Refusal::NotReplaceable,
                "already_replaced" => Refusal::AlreadyReplaced,
                "unauthorised" => Refusal::Unauthorised,
                "rate_limited" => Refusal::RateLimited,
                _ => return None,
            })
        })
    }

    /// `CLOSE VOLUME` from the last close, or `OPEN HIGH LOW CLOSE VOLUME`.
    pub(crate) fn bar(&mut self, last: Price) -> Bar {
        let first = self.price();
        if self.left() == 1 {
            let volume = self.volume();
            let (high, low) = (last.max(first), last.min(first));
            return Bar { open: last, high, low, close: first, volume };
        }
        let (high, low, close) = (self.price(), self.price(), self.price());
        Bar { open: first, high, low, close, volume: self.volume() }
    }

    fn volume(&mut self) -> i32 {
        i32::try_from(self.number()).expect("a volume fits a column")
    }
}
