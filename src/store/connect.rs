//! Opening the database, with what each engine needs to be safe.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};

use super::{Inner, Store, pgconn};

/// Versions before this one have a bug in the write-ahead log that corrupts
/// (sqlite.org/wal.html, "the WAL-reset bug").
const OLDEST_SQLITE: i32 = 3_051_003;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        })
    }
}

#[derive(Debug)]
struct Pragmas;

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for Pragmas {
    fn on_acquire(&self, c: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        // Answers have random keys, so each is on a page of its own: with a log of 32 MB the file is
        // written an eighth as often as by default, and a page then holds several of them.
        c.batch_execute(
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
             PRAGMA wal_autocheckpoint = 8000; \
             PRAGMA secure_delete = ON;", // a used code, a row written anew: gone from the file too
        )
        .map_err(diesel::r2d2::Error::QueryError)
    }
}

impl Store {
    /// The embedded database in that folder, which is made (mode 0700) if it isn't there.
    pub fn open_sqlite(folder: &Path, connections: u32) -> Result<Store, String> {
        check_sqlite_version()?;
        configure_sqlite();
        make_folder(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let path = sqlite_file(folder);
        let address = path
            .to_str()
            .ok_or_else(|| format!("{}: the folder's name is not valid UTF-8", folder.display()))?;
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(10))
            .test_on_check_out(false) // a file doesn't go away as a server does
            .connection_customizer(Box::new(Pragmas))
            .build(ConnectionManager::<SqliteConnection>::new(address))
            .map_err(|error| format!("{address}: {error}"))?;
        let inner = Inner::Sqlite { pool, turn: Default::default() };
        Ok(Store { inner: inner.into(), memory: Default::default() })
    }

    /// A PostgreSQL server. It is not reached for before it is needed: readiness tells.
    pub fn open_postgres(
        url: &str,
        ca_file: Option<&Path>,
        connections: u32,
    ) -> Result<Store, String> {
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(5))
            .build_unchecked(pgconn::PgManager::new(url, ca_file)?);
        Ok(Store { inner: Inner::Postgres { pool }.into(), memory: Default::default() })
    }
}

/// Where the embedded database lies in its folder.
pub fn sqlite_file(folder: &Path) -> PathBuf {
    folder.join("maaltal.db")
}

fn check_sqlite_version() -> Result<(), String> {
    // SAFETY: takes nothing, touches nothing, returns a compiled-in number.
    let version = unsafe { libsqlite3_sys::sqlite3_libversion_number() };
    if version < OLDEST_SQLITE {
        return Err(format!(
            "SQLite {version} is linked; {OLDEST_SQLITE} or later is needed: older ones corrupt"
        ));
    }
    Ok(())
}

/// Without locks and counters of SQLite's own: a connection is one thread's at a time, and nobody
/// asks how much memory it takes.
fn configure_sqlite() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the arguments are those that each option takes. Where SQLite runs already, it
        // says so and changes nothing.
        unsafe {
            libsqlite3_sys::sqlite3_config(libsqlite3_sys::SQLITE_CONFIG_MULTITHREAD);
            libsqlite3_sys::sqlite3_config(libsqlite3_sys::SQLITE_CONFIG_MEMSTATUS, 0_i32);
        }
    });
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
