//! Questions to a thread that owns what is asked about, and how they wait.

use std::sync::mpsc::{SyncSender, TrySendError};

use tokio::sync::oneshot;

use crate::problem::Problem;

/// Questions that may wait at a time; more are told to come back.
pub(crate) const QUESTIONS_MAX: usize = 256;

/// What is asked: a function of what a thread owns.
pub(crate) type Question<S> = Box<dyn FnOnce(&S) + Send>;

/// Where questions are put.
#[derive(Debug)]
pub(crate) struct Mailbox<S>(pub(crate) SyncSender<Question<S>>);

impl<S: 'static> Mailbox<S> {
    /// Asks. The function runs on the owner's thread, and others wait meanwhile.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&S) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, waiting) = oneshot::channel();
        let question: Question<S> = Box::new(move |state| {
            // Who asked may have gone away meanwhile.
            answer.send(question(state)).ok();
        });
        match self.0.try_send(question) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Problem::busy()),
            Err(TrySendError::Disconnected(_)) => return Err(Problem::no_mirror()),
        }
        waiting.await.map_err(|_| Problem::no_mirror())
    }
}
