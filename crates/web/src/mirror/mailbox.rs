//! Questions to the mirror, and how they wait.

use std::sync::mpsc::{SyncSender, TrySendError};

use tokio::sync::oneshot;

use crate::mirror::Mirror;
use crate::problem::Problem;

/// Questions that may wait at a time; more are told to come back.
pub(crate) const QUESTIONS_MAX: usize = 256;

/// What is asked: a function of the mirror.
pub(crate) type Question = Box<dyn FnOnce(&Mirror) + Send>;

/// Where questions are put.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox(pub(crate) SyncSender<Question>);

impl Mailbox {
    /// Asks the mirror. The function runs on the mirror's thread and should be short.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Mirror) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, waiting) = oneshot::channel();
        let question: Question = Box::new(move |mirror| {
            // Who asked may have gone away meanwhile.
            answer.send(question(mirror)).ok();
        });
        match self.0.try_send(question) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Problem::busy()),
            Err(TrySendError::Disconnected(_)) => return Err(Problem::no_mirror()),
        }
        waiting.await.map_err(|_| Problem::no_mirror())
    }
}
