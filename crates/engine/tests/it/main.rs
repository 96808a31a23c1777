//! The engine played from scripts that a trader can read.
//!
//! A script is a text in `crates/engine/scripts`: lines of what happens, `---`, and what the desk
//! did about it. The desk is the real one with a journal in memory; the broker and the clock belong
//! to the script. `UPDATE_EXPECT=1 cargo test -p backsight-engine --test it` rewrites what the desk
//! did. Every script ends with a replay of its journal: the same decisions, from the beginning and
//! from a snapshot of the middle.

mod broker;
mod chaos;
mod converge;
mod desk;
mod lessons;
mod lines;
mod notices;
mod past;
mod play;
mod proposals;
mod scripts;
mod teller;
