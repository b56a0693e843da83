//! The two migration trees, with the same names.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, Db, Store};
use crate::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number that nothing else in the database locks: two `migrate` at once wait for each other.
const MIGRATION_LOCK: i64 = 0x6d61616c74616c;

#[derive(QueryableByName)]
struct Broken {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

impl Store {
    /// Runs what is pending; how many those were.
    pub fn migrate(&self) -> Result<usize> {
        self.on_migrations(|db| db.run_pending())
    }

    /// Takes everything back, down to an empty database: for the tests of the migrations.
    pub fn unmigrate(&self) -> Result<()> {
        self.on_migrations(|db| match &mut db.conn {
            Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map(drop),
            Conn::Postgres(c) => c.revert_all_migrations(POSTGRES).map(drop),
        })
    }

    /// Whether the database is reached and as new as this program.
    pub fn is_ready(&self) -> Result<bool> {
        let mut db = self.connection()?;
        let pending = match &mut db.conn {
            Conn::Sqlite(c) => c.has_pending_migration(SQLITE),
            Conn::Postgres(c) => c.has_pending_migration(POSTGRES),
        };
        Ok(!pending.map_err(Error::unexpected)?)
    }

    /// The newest migration that this program knows, which the database has when it is ready.
    pub fn schema_version(&self) -> Result<String> {
        let mut db = self.connection()?;
        let applied = match &mut db.conn {
            Conn::Sqlite(c) => c.applied_migrations(),
            Conn::Postgres(c) => c.applied_migrations(),
        };
        let newest = applied.map_err(Error::unexpected)?.into_iter().max();
        Ok(newest.map(|version| version.to_string()).unwrap_or_default())
    }

    fn on_migrations<T>(
        &self,
        f: impl FnOnce(&mut Db) -> diesel::migration::Result<T>,
    ) -> Result<T> {
        let mut db = self.connection()?;
        // Inside of a migration's transaction this pragma does nothing.
        db.script(
            "PRAGMA foreign_keys = OFF",
            &format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"),
        )?;
        let result = f(&mut db).map_err(Error::unexpected);
        db.script(
            "PRAGMA foreign_keys = ON",
            &format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"),
        )?;
        result
    }
}

impl Db {
    fn run_pending(&mut self) -> diesel::migration::Result<usize> {
        match &mut self.conn {
            Conn::Sqlite(c) => {
                let run = c.run_pending_migrations(SQLITE)?.len();
                let broken =
                    diesel::sql_query("SELECT COUNT(*) AS n FROM pragma_foreign_key_check")
                        .get_result::<Broken>(&mut **c)?;
                if broken.n > 0 {
                    Err("a migration left broken references".into())
                } else {
                    Ok(run)
                }
            }
            Conn::Postgres(c) => Ok(c.run_pending_migrations(POSTGRES)?.len()),
        }
    }

    fn script(&mut self, sqlite: &str, postgres: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(c) => c.batch_execute(sqlite)?,
            Conn::Postgres(c) => c.batch_execute(postgres)?,
        }
        Ok(())
    }
}
