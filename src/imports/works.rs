//! Where large files are worked on: one thread, one file after the other, so that a server with a
//! million rows to take in still answers.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::{Opened, forget, large, staging};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::ids::ImportId;
use crate::store::Store;

/// Files that wait, each on disk.
const QUEUE: usize = 8;
/// How often it looks for what another program left behind, and for what can be forgotten.
const LOOK: Duration = Duration::from_secs(60);

/// Cheap to clone; the thread ends with the last of them.
#[derive(Clone)]
pub struct Works(Arc<Inner>);

struct Inner {
    store: Store,
    queue: SyncSender<Job>,
    left: Arc<Left>,
}

/// How many jobs are not done yet.
#[derive(Default)]
struct Left {
    jobs: Mutex<usize>,
    none: Condvar,
}

enum Job {
    File(ImportId, Box<Opened>),
    /// Look around now.
    Resume,
}

impl Left {
    fn change(&self, by: isize) {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        *jobs = jobs.saturating_add_signed(by);
        if *jobs == 0 {
            self.none.notify_all();
        }
    }
}

impl Works {
    pub fn start(store: Store, clock: Clock) -> Result<Works> {
        let (queue, jobs) = sync_channel(QUEUE);
        let left = Arc::new(Left::default());
        let (theirs, counted) = (store.clone(), left.clone());
        std::thread::Builder::new()
            .name("imports".to_string())
            .spawn(move || run(&theirs, &clock, &jobs, &counted))
            .map_err(Error::unexpected)?;
        Ok(Works(Arc::new(Inner { store, queue, left })))
    }

    /// Looks for what a program that ended left behind, now and not in a minute.
    pub fn resume(&self) {
        self.send(Job::Resume).unwrap_or(());
    }

    /// Takes a large file; the import that it is from now on.
    pub fn take(&self, opened: Opened) -> Result<ImportId> {
        let Inner { store, .. } = &*self.0;
        let (order, id) = (opened.order.clone(), large::begin(store, &opened.order)?);
        if self.send(Job::File(id, Box::new(opened))).is_err() {
            large::give_up(store, id, "too many files wait", order.now)?;
            return Err(Error::Busy(60));
        }
        Ok(id)
    }

    fn send(&self, job: Job) -> Result<(), ()> {
        self.0.left.change(1);
        self.0.queue.try_send(job).map_err(|_| self.0.left.change(-1))
    }

    /// Waits until everything is done that was taken so far.
    pub fn wait(&self) {
        let mut jobs = self.0.left.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        while *jobs > 0 {
            jobs = self.0.left.none.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn run(store: &Store, clock: &Clock, jobs: &Receiver<Job>, left: &Left) {
    let now = || clock.now();
    loop {
        let job = match jobs.recv_timeout(LOOK) {
            Ok(job) => Some(job),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let counted = job.is_some();
        let done = match job {
            Some(Job::File(id, opened)) => staging::stage(store, id, *opened, &now, &mut |_| {})
                .and_then(|()| large::work(store, id, &now, &mut |_| {})),
            Some(Job::Resume) | None => look_around(store, clock),
        };
        if let Err(error) = done {
            tracing::error!(%error, "an import");
        }
        if counted {
            left.change(-1);
        }
    }
}

fn look_around(store: &Store, clock: &Clock) -> Result<()> {
    for id in large::abandoned(store, clock.now())? {
        large::resume(store, id, &|| clock.now())?;
    }
    forget::forget_old(store, clock.now())
}
