//! What the engine does when the operator speaks. Commands latch and survive a restart, because
//! they are entries like everything else.

use backsight_domain::decision::Ignored;
use backsight_domain::desk::{Command, OperatorCommand};
use backsight_domain::id::PositionId;
use backsight_domain::order::ExitReason;

use super::Engine;

/// Keys of commands remembered, so that a repeated delivery is recognised.
const KEYS_MAX: usize = 4096;

impl Engine {
    pub(super) fn obey(&mut self, command: &OperatorCommand) {
        if self.obeyed.contains(&command.key) {
            return self.ignore(Ignored::RepeatedCommand);
        }
        self.obeyed.push_back(command.key);
        if KEYS_MAX < self.obeyed.len() {
            self.obeyed.pop_front();
        }
        match command.command {
            Command::Resume => self.latch = None,
            Command::Halt => {
                self.latch = Some(Command::Halt);
                self.withdraw_openings();
            }
            Command::Reduce => {
                self.latch = Some(Command::Reduce);
                self.withdraw_openings();
            }
            Command::Flatten => {
                self.latch = Some(Command::Flatten);
                self.withdraw_openings();
                self.leave_everything();
            }
            Command::Approve(_) | Command::Reject(_) | Command::Withdraw(_) => {
                let taken = self.answer(command);
                self.heed(taken);
            }
            Command::Close(position) => {
                let left = self.leave_one(position);
                if !left {
                    self.ignore(Ignored::UnknownPosition);
                }
            }
            // That somebody saw it is all there is to it: the entry says so.
            Command::Acknowledge(_) => {}
        }
    }

    /// Begins to leave one position; false when it is not held.
    fn leave_one(&mut self, position: PositionId) -> bool {
        let held = self.positions.iter_mut().find(|(_, held)| held.id == position);
        let Some((key, held)) = held else { return false };
        if held.leave(ExitReason::Manual) {
            self.scratch.leaving.add(*key);
        }
        true
    }

    /// Begins to leave every position that is not being left.
    pub(super) fn leave_everything(&mut self) {
        for (key, position) in &mut self.positions {
            if position.leave(ExitReason::Manual) {
                self.scratch.leaving.add(*key);
            }
        }
    }
}
