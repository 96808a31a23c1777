//! Double-entry books of each account: every posting sums to zero.
//!
//! Fills move money between cash, holdings, fees and result, dividends between cash and income. What the venue reports beyond that
//! (deposits, a person's own trades) is booked against the outside, so that a difference is never
//! hidden and never enters the day's result.

use backsight_domain::money::Money;

/// The ledger accounts of one trading account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Book {
    /// Cash at the venue.
    Cash,
    /// What open positions cost; negative for short ones.
    Holdings,
    /// Realised result before fees, with the sign turned: income is a credit.
    Result,
    /// Fees paid.
    Fees,
    /// Dividends, with the sign turned: income is a credit.
    Income,
    /// What came from outside the desk, with the sign turned.
    Outside,
}

const BOOKS: usize = 6;

/// The books of one trading account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    pub(crate) balances: [Money; BOOKS],
}

impl Ledger {
    /// The balance of one book.
    pub fn balance(&self, book: Book) -> Money {
        self.balances[book as usize]
    }

    /// Books a transaction.
    ///
    /// # Panics
    /// Panics when the amounts do not sum to zero: money would appear or vanish.
    pub(crate) fn post(&mut self, postings: &[(Book, Money)]) {
        let sum: Money = postings.iter().map(|(_, amount)| *amount).sum();
        assert_eq!(sum, Money::ZERO, "postings sum to zero: {postings:?}");
        for (book, amount) in postings {
            self.balances[*book as usize] += *amount;
        }
    }

    /// Books one fill of `value`, signed like the quantity (bought above zero). A fill that reduces
    /// a holding names the cost it releases, signed like the holding.
    pub(crate) fn fill(&mut self, value: Money, released: Option<Money>, fee: Money) {
        let (holdings, result) = match released {
            None => (value, Money::ZERO),
            Some(cost) => (-cost, cost + value),
        };
        self.post(&[
            (Book::Cash, -value - fee),
            (Book::Holdings, holdings),
            (Book::Result, result),
            (Book::Fees, fee),
        ]);
    }

    /// Books a dividend that was received, or paid for shares that were sold short.
    pub(crate) fn income(&mut self, cash: Money) {
        self.post(&[(Book::Cash, cash), (Book::Income, -cash)]);
    }

    /// Books a difference that the venue reports and nothing of ours explains.
    pub(crate) fn outside(&mut self, cash: Money, holdings: Money) {
        self.post(&[
            (Book::Cash, cash),
            (Book::Holdings, holdings),
            (Book::Outside, -(cash + holdings)),
        ]);
    }

    /// Realised result after fees, with dividends; income is positive.
    pub fn realised(&self) -> Money {
        -self.balance(Book::Result) - self.balance(Book::Fees) - self.balance(Book::Income)
    }
}

#[cfg(test)]
mod tests;
