//! The store: views of a journal in SQLite or PostgreSQL.
//!
//! Nothing here is true by itself. A [`Projector`] reads the journal's files behind the desk and
//! writes what it finds into tables, a transaction at a time; everybody else only reads. Tables can
//! be deleted at any moment and come back the same from the journal.
//!
//! | Subject | Modules |
//! |---|---|
//! | what a record does to the tables | `projection`, `batch`, [`value`], `json` |
//! | where the tables are | [`store`], [`database`], `sqlite`, `postgres` |
//! | what the tables look like | [`migrate`], and `migrations/` |
//! | following a journal | [`projector`] |
//! | handing tables out as files | [`export`] |
//! | users' own questions | `dialect` |
//!
//! It must not know what decides: it takes what the journal says in the journal's words.

mod batch;
pub mod database;
mod dialect;
pub mod export;
mod json;
pub mod migrate;
mod postgres;
mod projection;
pub mod projector;
mod sqlite;
pub mod store;
pub mod value;

pub use self::database::{Answer, Applied, Engine, Fault, Limit};
pub use self::export::{Dataset, Export, Format};
pub use self::projector::{ProjectionFault, Projector};
pub use self::store::{Address, Store};
pub use self::value::Value;
