//! The way of an answer into the store: one bounded queue, one writer, one transaction for all
//! that is waiting. Callers are answered when their answer is on disk, and not before.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::answers::{Added, Compiled};
use super::batch;
use super::room::{Place, Room, Share};
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::LinkId;
use crate::store::{Batches, Engine, Store};

/// As many may wait, half of them at the same link; who comes then is told to come again.
const QUEUE: usize = 2_048;
/// As many are stored in one transaction.
const BATCH: usize = 256;
/// After a batch of so many, a rush, the next one is waited for step by step, until enough of it
/// is there or it was so often.
const RUSH: usize = 8;
const STEP: Duration = Duration::from_micros(250);
const STEPS: usize = 8;
/// Seconds after which who was turned away may try again.
const RETRY: u64 = 1;

/// What a response is stored under: half of a hash over the link and the id that the form made.
/// It tells no order, and neither of the two can be found from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = crate::store::types::Uid)]
pub struct ResponseId(Uuid);

crate::store::types::uid_column!(ResponseId);

impl ResponseId {
    pub fn of(link: LinkId, form: Uuid) -> ResponseId {
        let mut hash = Sha256::new();
        hash.update(link.0.as_bytes());
        hash.update(form.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        ResponseId(Uuid::from_bytes(half))
    }
}

/// A response that fits its version, on its way to the writer.
pub struct Checked {
    pub link: LinkId,
    pub id: ResponseId,
    /// The hash of the code that came with it.
    pub code: Option<Vec<u8>>,
    /// In canonical form.
    pub answers: String,
    pub version: Arc<Compiled>,
    pub added: Added,
    /// It came too fast, too late, from no form of ours or from a trap.
    pub suspicious: bool,
    pub now: At,
}

/// What became of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Stored,
    /// The same was stored before.
    Known,
    /// Under this id other answers were stored before.
    Differs,
    NoLink,
    Planned,
    Closed,
    Full,
    CodeMissing,
    CodeUnknown,
}

impl Verdict {
    /// Stored, now or before; or why not.
    pub fn into_result(self) -> Result<()> {
        match self {
            Verdict::Stored | Verdict::Known => Ok(()),
            Verdict::Differs => Err(Error::invalid("/id", "response_differs")),
            Verdict::NoLink => Err(Error::NotFound),
            Verdict::Planned => Err(Error::Conflict("link_planned")),
            Verdict::Closed => Err(Error::Conflict("link_closed")),
            Verdict::Full => Err(Error::Conflict("link_full")),
            Verdict::CodeMissing => Err(Fault::at("/code", "required").into()),
            Verdict::CodeUnknown => Err(Error::invalid("/code", "code_not_good")),
        }
    }
}

enum Work {
    Store(Checked, Place, oneshot::Sender<Result<Verdict, ()>>),
    /// Whatever was queued before is stored, and nothing after it is taken.
    Stop,
}

/// The queue before the writer. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    queue: mpsc::Sender<Work>,
    room: Arc<Room>,
    writer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Intake {
    /// Starts the writer. It ends when it is told to, or when nobody can send to it any more.
    pub fn start(store: Store) -> Result<Intake> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let writer = std::thread::Builder::new()
            .name("intake".to_string())
            .spawn(move || write(&store, receiver))
            .map_err(Error::unexpected)?;
        let writer = Arc::new(Mutex::new(Some(writer)));
        Ok(Intake { queue: sender, room: Room::new(QUEUE), writer })
    }

    /// Queues a response and waits until it is stored or refused. Who hangs up meanwhile has
    /// answered all the same, and hears so when sending again. `share` is the link's own.
    pub async fn take(&self, response: Checked, share: &Share) -> Result<Verdict> {
        let (answer, verdict) = oneshot::channel();
        let place = self.room.enter(share)?;
        self.queue
            .try_send(Work::Store(response, place, answer))
            .map_err(|_| Error::Busy(RETRY))?;
        match verdict.await {
            Ok(Ok(verdict)) => Ok(verdict),
            // The transaction failed as a whole, or the writer is gone.
            Ok(Err(())) | Err(_) => Err(Error::Busy(RETRY)),
        }
    }

    /// Waits until all that is queued is stored, and takes nothing more. Blocks: for the end of
    /// the program, after the last request.
    pub fn drain(&self) {
        // A closed queue has a writer that has ended by itself.
        let _ = self.queue.blocking_send(Work::Stop);
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = writer.map(JoinHandle::join) {
            tracing::error!("the intake's writer ended in a panic");
        }
    }
}

fn write(store: &Store, mut queue: mpsc::Receiver<Work>) {
    let (engine, mut batches) = (store.engine(), store.batches());
    let mut waiting = Vec::with_capacity(BATCH);
    while queue.blocking_recv_many(&mut waiting, BATCH) > 0 {
        let taken = waiting.len();
        let mut responses = Vec::with_capacity(waiting.len());
        let mut callers = Vec::with_capacity(waiting.len());
        for work in waiting.drain(..) {
            match work {
                Work::Store(response, _place, caller) => {
                    responses.push(response);
                    callers.push(caller);
                }
                Work::Stop => queue.close(),
            }
        }
        if responses.is_empty() {
            continue;
        }
        let verdicts = store_batch(&mut batches, &responses);
        for (index, caller) in callers.into_iter().enumerate() {
            let verdict = verdicts.as_ref().and_then(|verdicts| verdicts.get(index)).copied();
            // Who has hung up doesn't hear it.
            let _ = caller.send(verdict.ok_or(()));
        }
        // In a rush the first to come would have a transaction of its own, which takes nearly as
        // long as one for all who are right behind it.
        let mut left = if taken >= RUSH { STEPS } else { 0 };
        while left > 0 && queue.len() < enough(engine, taken) {
            std::thread::sleep(STEP);
            left -= 1;
        }
        if queue.is_empty() {
            batches.rest();
        }
    }
}

/// How many are a good next batch after one of so many. On PostgreSQL a batch takes several round
/// trips, and instances take turns at the tallies: fewer and larger ones are worth more waiting.
fn enough(engine: Engine, taken: usize) -> usize {
    match engine {
        Engine::Sqlite => taken / 2,
        Engine::Postgres => taken * 3 / 4,
    }
}

/// None where the transaction failed. The line tells how many it were and why, and nothing of
/// any answer.
fn store_batch(batches: &mut Batches, responses: &[Checked]) -> Option<Vec<Verdict>> {
    metrics::histogram!("intake_batch_size").record(responses.len() as f64);
    let attempt = || batch::store(batches, responses);
    // One panic must not end the intake for good.
    match std::panic::catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(Ok(verdicts)) => Some(verdicts),
        Ok(Err(error)) => {
            tracing::error!(%error, responses = responses.len(), "a batch was not stored");
            None
        }
        Err(_) => {
            tracing::error!(responses = responses.len(), "a batch ended in a panic");
            None
        }
    }
}
