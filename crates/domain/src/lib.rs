//! The words of Backsight: money, instruments, time, orders, events, decisions, policy.
//!
//! This crate knows nothing of the others. It reads no clock, draws no chance and does no I/O.
//! Units are types over integers; money never touches a float. Floats appear only as features,
//! confidences and settings, which are data here and are computed elsewhere.
//!
//! | Subject | Modules |
//! |---|---|
//! | when | [`time`], [`session`] |
//! | how much | [`price`], [`quantity`], [`money`], [`cover`] |
//! | what | [`instrument`], [`market`], [`option`], [`story`], [`notice`] |
//! | who and which | [`id`] |
//! | why | [`signal`], [`verdict`], [`policy`], [`proposal`], [`judgement`] |
//! | what is done | [`order`], [`desk`], [`decision`], [`event`] |
//! | who is told | [`alert`] |

#![deny(clippy::float_arithmetic)]

pub mod alert;
pub mod cover;
pub mod decision;
pub mod desk;
pub mod event;
pub mod id;
pub mod instrument;
pub mod judgement;
pub mod market;
pub mod money;
pub mod notice;
pub mod option;
pub mod order;
pub mod policy;
pub mod price;
pub mod proposal;
pub mod quantity;
pub mod session;
pub mod signal;
pub mod story;
pub mod time;
pub mod verdict;
