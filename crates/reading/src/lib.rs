//! Understanding text: feeds, stories, companies, sentiment.
//!
//! Everything here is a pure function of bytes and of what was loaded before. Text from outside is
//! data with no authority: nothing in it is ever run, followed or rendered as a page.

pub mod company;
pub mod feed;
pub mod sentiment;
