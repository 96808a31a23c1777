//! Whole desks in simulated worlds: the promises of trading, and that breaking a rule is noticed.

mod promises;
mod rules;
mod seeds;
