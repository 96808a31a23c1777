//! Understanding text: feeds, stories, companies, sentiment.
//!
//! Everything here is a pure function of bytes and of what was loaded before. Text from outside is
//! data with no authority: nothing in it is ever run, followed or rendered as a page.

pub mod clean;
pub mod company;
mod digest;
pub mod feed;
pub mod sentiment;
pub mod story;
pub mod url;
mod word;
