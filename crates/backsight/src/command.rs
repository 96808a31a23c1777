//! The commands, one module each.

pub(crate) mod alerts;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod cycle;
pub(crate) mod demo;
pub(crate) mod digest;
pub(crate) mod divergence;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod feeds;
pub(crate) mod gates;
pub(crate) mod import;
pub(crate) mod learn;
pub(crate) mod missed;
pub(crate) mod model;
pub(crate) mod order;
pub(crate) mod orders;
pub(crate) mod positions;
pub(crate) mod proposals;
pub(crate) mod read;
pub(crate) mod rebuild;
pub(crate) mod replay;
pub(crate) mod sql;
pub(crate) mod status;
pub(crate) mod users;
pub(crate) mod verify;
pub(crate) mod why;

use crate::home::Home;
use crate::output::Output;
use crate::page::Page;

/// What every command is given.
#[derive(Debug)]
pub(crate) struct Context {
    /// The desk's folder.
    pub(crate) home: Home,
    /// Where the answer will go.
    pub(crate) output: Output,
}

impl Context {
    /// An empty page in the output's colours.
    pub(crate) fn page(&self) -> Page {
        Page::new(self.output.paint())
    }
}
