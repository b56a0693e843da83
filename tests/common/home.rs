//! Where a service keeps its data.

use std::path::PathBuf;
use std::process::Command;

use maaltal::store::{Engine, Store};

use crate::database::Database;

/// A database of its own, gone when the test is over.
pub enum Home {
    Sqlite(PathBuf),
    Postgres(Database),
}

impl Home {
    /// With the tables in it and nothing else.
    pub fn new(engine: Engine) -> Home {
        let home = match engine {
            Engine::Sqlite => Home::Sqlite(new_folder()),
            Engine::Postgres => Home::Postgres(Database::create(engine, None)),
        };
        home.open().migrate().expect("the migrations");
        home
    }

    /// The same data once more. Nobody may have it open.
    pub fn copy(&self) -> Home {
        match self {
            Home::Sqlite(folder) => {
                let copy = new_folder();
                std::fs::create_dir_all(&copy).expect("a folder");
                std::fs::copy(folder.join(FILE), copy.join(FILE)).expect("a copy");
                Home::Sqlite(copy)
            }
            Home::Postgres(database) => {
                Home::Postgres(Database::create(Engine::Postgres, Some(database)))
            }
        }
    }

    pub fn open(&self) -> Store {
        match self {
            Home::Sqlite(folder) => Store::open_sqlite(folder, 2).expect("the database"),
            Home::Postgres(database) => database.open(),
        }
    }

    /// Tells a command where the data is.
    pub fn name_to(&self, command: &mut Command) {
        command.env("MAALTAL_SIGNING_KEY", SIGNING_KEY);
        match self {
            Home::Sqlite(folder) => command.arg("--data").arg(folder),
            Home::Postgres(database) => command.env("DATABASE_URL", database.address()),
        };
    }
}

pub const SIGNING_KEY: &str = "vT3qYw9sLk2nRz8eXb5uHc7mJd4pGf6a";

const FILE: &str = "maaltal.db";

impl Drop for Home {
    fn drop(&mut self) {
        if let Home::Sqlite(folder) = self {
            std::fs::remove_dir_all(folder).unwrap_or_default();
        }
    }
}

fn new_folder() -> PathBuf {
    std::env::temp_dir().join(format!("maaltal-live-{}", uuid::Uuid::new_v4().simple()))
}
