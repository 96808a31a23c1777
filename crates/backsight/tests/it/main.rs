//! The real binary in homes of its own: what a person does, and what must come of it.

mod config;
mod desk;
mod export;
mod feeds;
mod help;
mod journal;
mod lookback;
mod model;
mod news;
mod orders;
mod policy;
mod proposals;
mod store;
mod why;
