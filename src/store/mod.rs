//! Two engines behind one door. A query is written once, in [`on_each!`], and compiled for both.

mod batches;
mod connect;
mod history;
mod locks;
mod memory;
mod migrate;
mod pgconn;
mod runs;
pub mod schema;
pub mod types;

use std::sync::Arc;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool, PooledConnection};
use tokio::sync::{Mutex, OwnedMutexGuard};
use uuid::Uuid;

pub use batches::Batches;
pub use connect::Engine;
pub use history::AsOf;
pub(crate) use history::recorded_as_of;
use memory::Memory;
pub use pgconn::PgConn;
pub(crate) use runs::on_run;

use crate::error::{Error, Result};
use crate::ids::ProgrammeId;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    memory: Arc<Memory>,
}

enum Inner {
    Sqlite {
        pool: Pool<ConnectionManager<SqliteConnection>>,
        /// SQLite has one writer at a time and no fair queue before it; this is that queue.
        turn: Arc<Mutex<()>>,
    },
    Postgres {
        pool: Pool<pgconn::PgManager>,
    },
}

/// A connection within a transaction, and whose writers it holds back.
pub struct Db {
    conn: Conn,
    held: Option<Chain>,
    writes: bool,
    memory: Arc<Memory>,
}

#[doc(hidden)]
#[allow(clippy::large_enum_variant, reason = "one for each transaction, and never many together")]
pub enum Conn {
    Sqlite(PooledConnection<ConnectionManager<SqliteConnection>>),
    Postgres(PooledConnection<pgconn::PgManager>),
}

/// Whose writers follow each other: a programme's, or those of what stands above programmes.
/// It is also whose audit trail is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain(Uuid);

impl Chain {
    pub const INSTALLATION: Chain = Chain(Uuid::nil());

    pub fn of(id: Uuid) -> Chain {
        Chain(id)
    }

    pub fn id(self) -> Uuid {
        self.0
    }

    /// The two halves folded: the first half of a time-ordered id is nearly the same for all.
    fn lock_key(self) -> i64 {
        let (high, low) = self.0.as_u64_pair();
        (high ^ low) as i64
    }
}

/// In the order in which all lock them.
fn keys(chains: &[Chain]) -> Vec<i64> {
    let mut keys: Vec<i64> = chains.iter().map(|chain| chain.lock_key()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl From<ProgrammeId> for Chain {
    fn from(id: ProgrammeId) -> Chain {
        Chain(id.0)
    }
}

/// Tells which programme a write belongs to, so that it can be locked before anything is decided.
/// That a project is of a programme never changes, so it may be asked before the lock.
pub trait Within: Send + 'static {
    fn chain(&self, db: &mut Db) -> Result<Chain>;
}

impl Within for ProgrammeId {
    fn chain(&self, _: &mut Db) -> Result<Chain> {
        Ok((*self).into())
    }
}

/// Writes that belong to no programme: accounts, sessions, a new programme.
pub struct Installation;

impl Within for Installation {
    fn chain(&self, _: &mut Db) -> Result<Chain> {
        Ok(Chain::INSTALLATION)
    }
}

/// Runs one body on whichever engine the connection is; the compiler checks it for both, so that
/// each gets its own SQL for upserts, batches, RETURNING and JSON.
macro_rules! on_each {
    ($db:expr, |$c:ident| $body:expr) => {
        match $db.conn() {
            $crate::store::Conn::Sqlite(c) => {
                let $c: &mut diesel::SqliteConnection = &mut **c;
                $body
            }
            $crate::store::Conn::Postgres(c) => {
                let $c: &mut $crate::store::PgConn = &mut **c;
                $body
            }
        }
    };
}
pub(crate) use on_each;

impl Db {
    #[doc(hidden)]
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    /// Whose lock this transaction holds; nobody's in a read.
    pub fn held(&self) -> Option<Chain> {
        self.held
    }

    /// What this process keeps of the database, one of each type; every process has its own. None
    /// in a transaction that writes: what it sees may never come to be.
    pub fn memory<T: Default + Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        (!self.writes).then(|| self.memory.get())
    }

    fn begin(&mut self, write: bool) -> QueryResult<()> {
        self.writes = write;
        match &mut self.conn {
            // A deferred transaction that reads first can't be upgraded under load.
            Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(
                &mut **c,
                if write { "BEGIN IMMEDIATE" } else { "BEGIN" },
            ),
            Conn::Postgres(c) => {
                type Manager = <PgConn as Connection>::TransactionManager;
                Manager::begin_transaction(&mut **c)?;
                if write {
                    return Ok(());
                }
                c.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            }
        }
    }

    fn lock(&mut self, chain: Chain) -> QueryResult<()> {
        if let Conn::Postgres(c) = &mut self.conn {
            locks::alone(c, keys(&[chain]))?;
        }
        self.held = Some(chain);
        Ok(())
    }

    /// Holds back the writers of these chains too, until the transaction ends. In one order for
    /// all, and once in a transaction, so that no two wait for each other. On SQLite nobody else
    /// writes anyway.
    pub fn hold_also(&mut self, chains: &[Chain]) -> QueryResult<()> {
        match &mut self.conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(c) => locks::alone(c, keys(chains)),
        }
    }

    /// As [`Db::hold_also`], but beside all others that hold them in this way.
    pub fn hold_beside(&mut self, chains: &[Chain]) -> QueryResult<()> {
        match &mut self.conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(c) => locks::beside(c, keys(chains)),
        }
    }

    fn end(&mut self, commit: bool) -> QueryResult<()> {
        fn finish<C: Connection>(c: &mut C, commit: bool) -> QueryResult<()> {
            if commit {
                C::TransactionManager::commit_transaction(c)
            } else {
                C::TransactionManager::rollback_transaction(c)
            }
        }
        on_each!(self, |c| finish(c, commit))
    }

    /// A part of a transaction: what fails in it, or is not to be kept, leaves the rest as it was.
    pub fn part<T>(
        &mut self,
        f: impl FnOnce(&mut Db) -> Result<T>,
        keep: impl FnOnce(&T) -> bool,
    ) -> Result<T> {
        fn begin<C: Connection>(c: &mut C) -> QueryResult<()> {
            C::TransactionManager::begin_transaction(c)
        }
        on_each!(self, |c| begin(c))?;
        let result = f(self);
        let kept = result.as_ref().is_ok_and(keep);
        self.end(kept)?;
        result
    }

    fn run<T>(&mut self, write: bool, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.begin(write)?;
        let result = f(self);
        match &result {
            Ok(_) => self.end(true)?,
            // The first error is the one to tell; a connection that can't roll back is broken
            // and the pool drops it.
            Err(_) => self.end(false).unwrap_or(()),
        }
        result
    }
}

impl Store {
    pub fn engine(&self) -> Engine {
        match &*self.inner {
            Inner::Sqlite { .. } => Engine::Sqlite,
            Inner::Postgres { .. } => Engine::Postgres,
        }
    }

    fn connection(&self) -> Result<Db> {
        let conn = match &*self.inner {
            Inner::Sqlite { pool, .. } => Conn::Sqlite(pool.get()?),
            Inner::Postgres { pool } => Conn::Postgres(pool.get()?),
        };
        Ok(Db { conn, held: None, writes: false, memory: self.memory.clone() })
    }

    /// One consistent look, on the blocking pool.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        F: FnOnce(&mut Db) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let store = self.clone();
        blocking(move || store.read_here(f)).await
    }

    /// One transaction under the lock of the programme that `within` names, on the blocking pool.
    /// Nothing slow happens inside: hash before, mail after.
    pub async fn write<T, F>(&self, within: impl Within, f: F) -> Result<T>
    where
        F: FnOnce(&mut Db) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let turn = match &*self.inner {
            Inner::Sqlite { turn, .. } => Some(turn.clone().lock_owned().await),
            Inner::Postgres { .. } => None,
        };
        let store = self.clone();
        // The turn goes along: a client that hangs up doesn't end a transaction under way.
        blocking(move || store.write_in_turn(turn, within, f)).await
    }

    /// Work of several transactions, on the blocking pool.
    pub async fn on_pool<T, F>(&self, f: F) -> Result<T>
    where
        F: FnOnce(&Store) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let store = self.clone();
        blocking(move || f(&store)).await
    }

    /// As [`Store::read`], on this thread: for the command line.
    pub fn read_here<T>(&self, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.connection()?.run(false, f)
    }

    /// As [`Store::write`], on this thread: for the command line.
    pub fn write_here<T>(
        &self,
        within: impl Within,
        f: impl FnOnce(&mut Db) -> Result<T>,
    ) -> Result<T> {
        let turn = match &*self.inner {
            Inner::Sqlite { turn, .. } => Some(turn.clone().blocking_lock_owned()),
            Inner::Postgres { .. } => None,
        };
        self.write_in_turn(turn, within, f)
    }

    /// Makes the engine let go of what deleted rows leave behind: on SQLite all of the file is
    /// written anew and the log emptied, on PostgreSQL these tables are, in the order of their
    /// keys. Writers wait meanwhile.
    pub async fn vacuum(&self, tables: &'static [&'static str]) -> Result<()> {
        let turn = match &*self.inner {
            Inner::Sqlite { turn, .. } => Some(turn.clone().lock_owned().await),
            Inner::Postgres { .. } => None,
        };
        let store = self.clone();
        blocking(move || {
            let _turn = turn;
            match &mut store.connection()?.conn {
                // The copy that is made meanwhile may be larger than the memory.
                Conn::Sqlite(c) => {
                    c.batch_execute(
                        "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY",
                    )?;
                    let Checkpoint { busy } = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)")
                        .get_result(&mut **c)?;
                    if busy != 0 {
                        return Err(Error::unexpected("somebody reads what is still in the log"));
                    }
                }
                Conn::Postgres(c) => {
                    for table in tables {
                        // VACUUM FULL keeps the order in which the rows lie, and that of closed
                        // links still depends on where there was room between the live ones. Who
                        // reads for long must not make everybody wait behind this.
                        c.transaction(|c| {
                            c.batch_execute(&format!(
                                "SET LOCAL lock_timeout = '3s'; CLUSTER {table} USING {table}_pkey"
                            ))
                        })?;
                    }
                }
            }
            Ok(())
        })
        .await
    }

    fn write_in_turn<T>(
        &self,
        _turn: Option<OwnedMutexGuard<()>>,
        within: impl Within,
        f: impl FnOnce(&mut Db) -> Result<T>,
    ) -> Result<T> {
        self.connection()?.run(true, |db| {
            let chain = within.chain(db)?;
            db.lock(chain)?;
            f(db)
        })
    }
}

/// What SQLite says of emptying its log.
#[derive(diesel::QueryableByName)]
struct Checkpoint {
    /// 1 where some of it is still in use.
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    // Lines logged inside still name the request.
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(f)).await.map_err(Error::unexpected)?
}
