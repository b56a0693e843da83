//! Transactions of many small writes that belong to several programmes, one after the other.

use super::{Db, Inner, Store};
use crate::error::Result;

/// Whoever writes them. In a rush it keeps its connection: the pool asks a server before it hands
/// one out whether it is still there, which takes as long as a statement.
pub struct Batches {
    store: Store,
    kept: Option<Db>,
}

impl Store {
    pub fn batches(&self) -> Batches {
        Batches { store: self.clone(), kept: None }
    }

    /// As [`Batches::write`], once.
    pub fn write_batch_here<T>(&self, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.batches().write(f)
    }
}

impl Batches {
    /// One transaction, on this thread. It holds no programme's lock, or whoever corrects a table
    /// would hold back every pupil who answers, and so it can't write to an audit trail: only for
    /// what is exempt from it. What must not happen side by side, it holds with
    /// [`Db::hold_also`]. On SQLite it takes its turn like every write.
    pub fn write<T>(&mut self, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        let _turn = match &*self.store.inner {
            Inner::Sqlite { turn, .. } => Some(turn.clone().blocking_lock_owned()),
            Inner::Postgres { .. } => None,
        };
        let mut db = match self.kept.take() {
            Some(db) => db,
            None => self.store.connection()?,
        };
        let result = db.run(true, f);
        if result.is_ok() {
            self.kept = Some(db);
        }
        result
    }

    /// Gives the connection back: nobody knows when there is more to write.
    pub fn rest(&mut self) {
        self.kept = None;
    }
}
