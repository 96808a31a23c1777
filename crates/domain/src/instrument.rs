//! What can be traded: a share, or an option contract with its OCC symbol.

use std::cmp::Ordering;
use std::fmt;

use crate::price::Price;
use crate::time::Date;

/// The symbol of a listed share, at most eight ASCII characters, stored in place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticker([u8; 8]);

/// One tradable thing, carried unchanged from signal to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Instrument {
    /// A share.
    Equity(Ticker),
    /// An option contract.
    Option(Contract),
    /// Two option contracts as one.
    Vertical(Vertical),
}

/// Two contracts of one share, expiry and right, one bought and one sold, traded as one.
///
/// It is told from the side that is worth something: its value lies between nothing and the
/// distance of its strikes. Who pays for it is long, who is paid for it is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vertical {
    bought: Contract,
    sold: Price,
}

/// A listed option contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contract {
    /// The share it is written on.
    pub underlying: Ticker,
    /// The last day it can be exercised.
    pub expiry: Date,
    /// Call or put.
    pub right: Right,
    /// The exercise price.
    pub strike: Price,
    /// Shares for one contract; 100 unless adjusted.
    pub multiplier: u16,
    /// When it can be exercised.
    pub style: ExerciseStyle,
}

/// The right an option gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// To buy.
    Call,
    /// To sell.
    Put,
}

/// When an option can be exercised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExerciseStyle {
    /// On any day, as listed US equity options.
    American,
    /// At expiry only, as most index options.
    European,
}

/// Why a text is not an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstrumentError {
    /// Not one to eight characters of `A-Z`, `0-9`, `.`, `-`, starting with a letter.
    BadTicker,
    /// Not an OCC symbol: root, six digits of date, `C` or `P`, eight digits of strike.
    BadOccSymbol,
    /// Not two contracts of one share, expiry and right, the dearer one first.
    BadVertical,
}

impl Ticker {
    /// Parses a symbol such as `BRK.B`.
    ///
    /// # Errors
    /// Returns [`InstrumentError::BadTicker`] when the text is no ticker.
    pub fn parse(text: &str) -> Result<Self, InstrumentError> {
        let bytes = text.as_bytes();
        let allowed =
            |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
        let starts_well = bytes.first().is_some_and(u8::is_ascii_uppercase);
        if 8 < bytes.len() || !starts_well || !bytes.iter().all(allowed) {
            return Err(InstrumentError::BadTicker);
        }
        let mut stored = [0; 8];
        stored[..bytes.len()].copy_from_slice(bytes);
        Ok(Self(stored))
    }

    /// The symbol as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0[..self.len()]).expect("tickers are ASCII by construction")
    }

    /// The number of its characters.
    #[expect(clippy::len_without_is_empty, reason = "a ticker has at least one")]
    pub const fn len(&self) -> usize {
        // No character is zero, so the zeros behind the last one are the room that is left.
        8 - u64::from_le_bytes(self.0).leading_zeros() as usize / 8
    }

    /// Its characters, which are ASCII, and zeros behind them.
    pub const fn padded(&self) -> &[u8; 8] {
        &self.0
    }
}

impl Instrument {
    /// Shares behind one unit: 1 for a share, the contract's multiplier for an option.
    pub const fn multiplier(&self) -> u16 {
        match self {
            Self::Equity(_) => 1,
            Self::Option(contract) => contract.multiplier,
            Self::Vertical(vertical) => vertical.bought.multiplier,
        }
    }

    /// The share whose price drives the instrument.
    pub const fn underlying(&self) -> Ticker {
        match self {
            Self::Equity(ticker) => *ticker,
            Self::Option(contract) => contract.underlying,
            Self::Vertical(vertical) => vertical.bought.underlying,
        }
    }

    /// The last day on which it exists; a share has none.
    pub const fn expiry(&self) -> Option<Date> {
        match self {
            Self::Equity(_) => None,
            Self::Option(contract) => Some(contract.expiry),
            Self::Vertical(vertical) => Some(vertical.bought.expiry),
        }
    }

    /// What an account holds of each part for one unit: bought above zero, sold below.
    pub fn legs(&self) -> impl Iterator<Item = (Self, i64)> {
        let (first, second) = match *self {
            Self::Equity(_) | Self::Option(_) => (*self, None),
            Self::Vertical(vertical) => {
                (Self::Option(vertical.bought()), Some(Self::Option(vertical.sold())))
            }
        };
        std::iter::once((first, 1)).chain(second.map(|leg| (leg, -1)))
    }

    /// Parses a ticker, an OCC symbol, or two of them as a vertical.
    ///
    /// # Errors
    /// Returns which of the forms the text fails.
    pub fn parse(text: &str) -> Result<Self, InstrumentError> {
        if let Some((bought, sold)) = text.split_once('/') {
            let (bought, sold) = (Contract::parse_occ(bought)?, Contract::parse_occ(sold)?);
            let vertical = Vertical::of(bought, sold).ok_or(InstrumentError::BadVertical)?;
            Ok(Self::Vertical(vertical))
        } else if text.len() <= 8 {
            Ticker::parse(text).map(Self::Equity)
        } else {
            Contract::parse_occ(text).map(Self::Option)
        }
    }
}

impl Contract {
    /// Parses an OCC symbol, padded (`AAPL  240621C00190000`) or not, from its right end.
    ///
    /// The symbol carries neither multiplier nor style: the standard 100 and American are assumed.
    ///
    /// # Errors
    /// Returns [`InstrumentError::BadOccSymbol`] when the text has another shape.
    pub fn parse_occ(text: &str) -> Result<Self, InstrumentError> {
        let bad = InstrumentError::BadOccSymbol;
        if !text.is_ascii() || text.len() < 16 || 21 < text.len() {
            return Err(bad);
        }
        let (root, rest) = text.split_at(text.len() - 15);
        let (date, rest) = rest.split_at(6);
        let (right, strike) = rest.split_at(1);
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !digits(date) || !digits(strike) {
            return Err(bad);
        }
        let right = match right {
            "C" => Right::Call,
            "P" => Right::Put,
            _ => return Err(bad),
        };
        let number = |part: &str| part.parse::<i64>().map_err(|_| bad);
        let field = |part: &str| part.parse::<u8>().map_err(|_| bad);
        let year = 2000 + i32::from(field(&date[..2])?);
        let expiry = Date::from_ymd(year, field(&date[2..4])?, field(&date[4..6])?).ok_or(bad)?;
        // Eight digits in 1/1,000 dollar.
        let strike = Price::from_ticks(number(strike)? * 10).ok_or(bad)?;
        let underlying = Ticker::parse(root.trim_end_matches(' ')).map_err(|_| bad)?;
        if 6 < underlying.as_str().len() {
            return Err(bad);
        }
        let style = ExerciseStyle::American;
        Ok(Self { underlying, expiry, right, strike, multiplier: 100, style })
    }

    /// The OCC symbol without padding, as brokers write it.
    pub fn occ(&self) -> String {
        let (year, month, day) = self.expiry.ymd();
        let right = match self.right {
            Right::Call => 'C',
            Right::Put => 'P',
        };
        let mils = self.strike.ticks() / 10;
        format!("{}{:02}{month:02}{day:02}{right}{mils:08}", self.underlying, year % 100)
    }
}

impl Vertical {
    /// The vertical of two contracts; `None` when they differ in more than their strikes, or when
    /// the sold one is the dearer.
    pub fn of(bought: Contract, sold: Contract) -> Option<Self> {
        let alike = Contract { strike: bought.strike, ..sold } == bought;
        let dearer = match bought.right {
            Right::Call => bought.strike < sold.strike,
            Right::Put => sold.strike < bought.strike,
        };
        (alike && dearer).then_some(Self { bought, sold: sold.strike })
    }

    /// The contract that is bought.
    pub const fn bought(&self) -> Contract {
        self.bought
    }

    /// The contract that is sold.
    pub const fn sold(&self) -> Contract {
        Contract { strike: self.sold, ..self.bought }
    }

    /// The distance of the strikes in ticks: the most that one share of it can be worth.
    pub const fn width(&self) -> i64 {
        (self.bought.strike.ticks() - self.sold.ticks()).abs()
    }
}

/// The order of the alphabet.
impl Ord for Ticker {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        u64::from_be_bytes(self.0).cmp(&u64::from_be_bytes(other.0))
    }
}

impl PartialOrd for Ticker {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Shares by the alphabet, then contracts, then verticals. Tables of shares are searched all the
/// time, so they are compared first.
impl Ord for Instrument {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Equity(ticker), Self::Equity(other)) => ticker.cmp(other),
            (Self::Option(contract), Self::Option(other)) => contract.cmp(other),
            (Self::Vertical(vertical), Self::Vertical(other)) => vertical.cmp(other),
            (Self::Equity(_), _) | (_, Self::Vertical(_)) => Ordering::Less,
            (Self::Vertical(_), _) | (_, Self::Equity(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Instrument {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ticker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Ticker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equity(ticker) => fmt::Display::fmt(ticker, f),
            Self::Option(contract) => f.pad(&contract.occ()),
            Self::Vertical(vertical) => {
                f.pad(&format!("{}/{}", vertical.bought().occ(), vertical.sold().occ()))
            }
        }
    }
}

impl fmt::Display for InstrumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadTicker => {
                "not a ticker: one to eight of `A-Z`, `0-9`, `.`, `-`, starting with a letter"
            }
            Self::BadVertical => {
                "not a vertical: two contracts of one share, expiry and right, the dearer first"
            }
            Self::BadOccSymbol => {
                "not an OCC symbol: root, `YYMMDD`, `C` or `P`, eight digits of strike"
            }
        })
    }
}

impl std::error::Error for InstrumentError {}

#[cfg(test)]
mod tests;
