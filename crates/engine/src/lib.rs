//! The engine decides: [`Engine::step`] takes one journal entry and returns a decision.
//!
//! It is a state machine: synchronous, single-threaded, total. It reads no clock, opens no file,
//! draws no chance and cannot fail. What it knows came as entries, in the order of their sequence.
//! Nothing here knows whether it runs a back-test, a simulation or a real desk.
//!
//! Read [`Engine::step`] first, then [`desk::Desk::take`], the loop around it.
//!
//! | Question | Module |
//! |---|---|
//! | what do we believe? | [`market`], [`feature`] |
//! | what do we want? | [`playbook`] |
//! | may we? | [`gate`], `size` |
//! | what is under way? | [`order`], [`position`], [`account`], [`ledger`] |
//! | when do we leave? | [`exit`] |
//! | what if we had? | [`ghost`] |
//! | what did we learn? | [`proposal`] |
//! | is it the same state? | [`state`] |

pub mod engine;
pub use engine::{Engine, Step};
pub mod account;
mod contract;
pub mod desk;
pub mod exit;
pub mod feature;
pub mod fresh;
pub mod gate;
pub mod ghost;
pub mod ledger;
mod mark;
pub mod market;
pub mod order;
pub mod outlook;
mod plan;
pub mod playbook;
pub mod position;
pub mod proposal;
pub mod regime;
pub mod replay;
mod size;
mod sorted;
pub mod state;
