//! The site: REST and WebSocket API, log-in, and the dashboard's files.
//!
//! ```text
//! journal ──► mirror (a second engine) ──► shapes ──► api, socket ──► browser, scripts
//! browser, scripts ──► guard ──► api::commands ──► the desk's inbox
//! ```
//!
//! It reads the journal and writes only to the inbox. It shares no lock and no memory with the desk,
//! so nothing that a browser does can make a decision later or other.
//!
//! | Question | Module |
//! |---|---|
//! | what is true now, and what was? | [`mirror`], [`shape`] |
//! | who may ask? | [`access`], `guard`, [`routes`] |
//! | what can be asked? | `api`, `socket`, `hub` |
//! | how is it carried? | `server`, `assets`, `problem` |

pub mod access;
mod api;
mod app;
mod assets;
pub mod clock;
mod diary;
mod guard;
mod hub;
mod meters;
pub mod mirror;
mod problem;
pub mod routes;
mod server;
pub mod shape;
mod site;
mod socket;
mod study;

pub use self::api::alerts::Channel;
pub use self::app::{Inbox, Tables};
pub use self::site::{Site, SiteFault, Wish};
