//! One worker that hashes, with a short queue, so that sign-ins can't starve the rest.

use std::future::Future;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use tokio::sync::oneshot;

use super::password;
use super::secret::Secret;
use crate::error::{Error, Result};

/// How many may wait, unless a test says otherwise: about half a second of work.
pub const QUEUE: usize = 16;

type Job = Box<dyn FnOnce() + Send>;

/// A thread of its own, which ends when the last handle to it is gone.
#[derive(Clone)]
pub struct Hasher {
    jobs: SyncSender<Job>,
}

impl Hasher {
    pub fn start(queue: usize) -> Result<Hasher, String> {
        let (jobs, waiting) = sync_channel(queue);
        std::thread::Builder::new()
            .name("hasher".to_string())
            .spawn(move || work(&waiting))
            .map_err(|error| format!("no thread for hashing passwords: {error}"))?;
        Ok(Hasher { jobs })
    }

    /// The PHC string to keep of a password.
    pub fn hash(&self, password: Secret) -> Result<impl Future<Output = Result<String>> + use<>> {
        self.submit(move || password::hash(&password))
    }

    /// Whether it is the password of that hash; where there is none, no, after as long.
    pub fn verify(
        &self,
        password: Secret,
        hash: Option<String>,
    ) -> Result<impl Future<Output = Result<bool>> + use<>> {
        self.submit(move || password::verify(&password, hash.as_deref()))
    }

    /// Takes its place in the queue at once, or says that there is none.
    fn submit<T, F>(&self, job: F) -> Result<impl Future<Output = Result<T>> + use<T, F>>
    where
        F: FnOnce() -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Whoever hung up needs no answer.
            if !answer.is_closed() {
                let _ = answer.send(job());
            }
        });
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::Busy(1),
            TrySendError::Disconnected(_) => Error::unexpected("the hasher is gone"),
        })?;
        Ok(async { answered.await.map_err(Error::unexpected)? })
    }
}

fn work(waiting: &Receiver<Job>) {
    password::warm_up();
    while let Ok(job) = waiting.recv() {
        // A job that panics answers its caller by dropping the channel; the next ones go on.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
    }

    #[test]
    fn hashes_and_verifies() {
        let hasher = Hasher::start(QUEUE).expect("a thread");
        let password = || Secret::new("fjorten krabber på dækket");
        runtime().block_on(async {
            let hash = hasher.hash(password()).expect("a place").await.expect("a hash");
            let same = hasher.verify(password(), Some(hash)).expect("a place");
            assert!(same.await.expect("an answer"));
            let unknown = hasher.verify(password(), None).expect("a place");
            assert!(!unknown.await.expect("an answer"));
        });
    }

    #[test]
    fn past_its_queue_it_is_busy_and_outlives_a_panic() {
        let hasher = Hasher::start(1).expect("a thread");
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (started, has_started) = std::sync::mpsc::channel::<()>();
        let held = hasher.submit(move || {
            let _ = started.send(());
            let _ = wait.recv();
            Ok(())
        });
        has_started.recv().expect("it starts");
        let panics = hasher.submit(|| -> Result<()> { panic!("on purpose") });
        assert!(matches!(hasher.submit(|| Ok(())), Err(Error::Busy(1))));
        go.send(()).expect("it waits");
        runtime().block_on(async {
            assert!(held.expect("a place").await.is_ok());
            assert!(panics.expect("a place").await.is_err());
            let password = Secret::new("fjorten krabber på dækket");
            assert!(hasher.hash(password).expect("a place").await.is_ok());
        });
    }
}
