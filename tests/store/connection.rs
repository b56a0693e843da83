//! TLS to PostgreSQL, and what is said when it can't be had.

use std::path::PathBuf;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use maaltal::store::{Conn, Store};

use crate::database::server;

#[derive(QueryableByName)]
struct Encrypted {
    #[diesel(sql_type = Bool)]
    ssl: bool,
}

fn ca_file() -> PathBuf {
    let file = std::env::var_os("MAALTAL_TEST_POSTGRES_CA");
    file.expect("MAALTAL_TEST_POSTGRES_CA is not set: export what tests/postgres prints").into()
}

fn is_encrypted(store: &Store) -> Result<bool, String> {
    let asked = store.read_here(|db| {
        let Conn::Postgres(c) = db.conn() else { panic!("this is PostgreSQL") };
        let query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        Ok(diesel::sql_query(query).get_result::<Encrypted>(&mut **c)?.ssl)
    });
    asked.map_err(|error| error.to_string())
}

fn with_mode(mode: &str) -> String {
    format!("{}?sslmode={mode}", server())
}

#[test]
fn tls_is_spoken_where_it_is_required() {
    let store = Store::open_postgres(&with_mode("require"), Some(&ca_file()), 1).expect("a store");
    assert_eq!(is_encrypted(&store), Ok(true));
}

#[test]
fn it_is_plain_where_it_is_disabled() {
    let store = Store::open_postgres(&with_mode("disable"), None, 1).expect("a store");
    assert_eq!(is_encrypted(&store), Ok(false));
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let store = Store::open_postgres(&with_mode("require"), None, 1).expect("a store");
    assert!(is_encrypted(&store).is_err());
}

#[test]
fn a_missing_ca_file_is_named() {
    let missing = PathBuf::from("/nowhere/ca.pem");
    let Err(error) = Store::open_postgres(&with_mode("require"), Some(&missing), 1) else {
        panic!("a CA file that isn't there was taken");
    };
    assert!(error.contains("/nowhere/ca.pem"), "{error}");
}
