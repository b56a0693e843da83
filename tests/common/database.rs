//! A database for one test, on either engine, gone when the test is over.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use maaltal::store::{Engine, Store};

/// The files of one SQLite database, or the name of one PostgreSQL database. The template of a
/// process stays until `tests/run` clears its folder, or the throw-away server stops.
pub struct Database {
    engine: Engine,
    name: String,
}

impl Database {
    /// A new one: empty, or a copy of the template, which nobody may have open meanwhile.
    pub fn create(engine: Engine, template: Option<&Database>) -> Database {
        // Random, since the server and the folder outlive a process, and its number comes again.
        let name = format!("maaltal_{}", uuid::Uuid::new_v4().simple());
        match engine {
            Engine::Sqlite => {
                std::fs::create_dir_all(folder(&name)).expect("a folder for the database");
                if let Some(template) = template {
                    let copy = folder(&name).join(FILE);
                    // Several tests start at once, and wait for each other.
                    let command =
                        format!("PRAGMA busy_timeout = 10000; VACUUM INTO '{}'", copy.display());
                    let original = folder(&template.name).join(FILE);
                    SqliteConnection::establish(original.to_str().expect("UTF-8"))
                        .expect("the template")
                        .batch_execute(&command)
                        .expect("a copy of the template");
                }
            }
            Engine::Postgres => {
                let of = template.map(|one| format!(" TEMPLATE {}", one.name)).unwrap_or_default();
                administer(format!("CREATE DATABASE {name}{of}"));
            }
        }
        Database { engine, name }
    }

    /// Opened with few connections, since many tests run side by side.
    pub fn open(&self) -> Store {
        match self.engine {
            Engine::Sqlite => Store::open_sqlite(&folder(&self.name), 4),
            Engine::Postgres => Store::open_postgres(&self.address(), None, 4),
        }
        .unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn address(&self) -> String {
        let server = server();
        let (server, _) = server.rsplit_once('/').expect("an address that ends in a database");
        format!("{server}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        match self.engine {
            Engine::Sqlite => std::fs::remove_dir_all(folder(&self.name)).unwrap_or_default(),
            Engine::Postgres => {
                administer(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
            }
        }
    }
}

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(name)
}

const FILE: &str = "maaltal.db";

/// The throw-away server that the tests run on. There is no skipping one engine.
pub fn server() -> String {
    std::env::var("MAALTAL_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "MAALTAL_TEST_POSTGRES is not set, and every test runs on PostgreSQL too: run \
             tests/run, or start a server with tests/postgres and export what it prints"
        )
    })
}

/// Runs one command on the server, outside of any transaction.
fn administer(command: String) {
    let address = server();
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(async {
            let connecting = tokio_postgres::connect(&address, tokio_postgres::NoTls);
            let (client, connection) = connecting.await.map_err(told)?;
            let connection = tokio::spawn(connection);
            let done = client.batch_execute(&command).await;
            drop(client);
            let _ = connection.await;
            done.map_err(told)
        })
    };
    // A thread of its own: the tests themselves run on a runtime, where blocking is not allowed.
    let done = std::thread::spawn(run).join().unwrap_or_else(|_| Err("it panicked".to_string()));
    // A second panic while a failed test is unwound would hide the first.
    if let Err(error) = done
        && !std::thread::panicking()
    {
        panic!("the test server: {error}");
    }
}

fn told(error: tokio_postgres::Error) -> String {
    // The error itself says "db error" and keeps what that was.
    error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)
}
