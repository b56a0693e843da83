//! The database itself, on both engines: its schema, and the way to it.

#[path = "common/database.rs"]
mod database;

mod store {
    mod connection;
    mod filled;
    mod schema;
    mod transfer;
}
