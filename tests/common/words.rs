//! What is in a database, read past the program.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use maaltal::store::{Conn, Store};

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Nullable<Text>)]
    words: Option<String>,
}

/// The one column of a query, which is called `words`.
pub fn words(store: &Store, query: &str) -> Vec<String> {
    let rows = store.read_here(|db| {
        Ok(match db.conn() {
            Conn::Sqlite(c) => diesel::sql_query(query).load::<Words>(&mut **c)?,
            Conn::Postgres(c) => diesel::sql_query(query).load::<Words>(&mut **c)?,
        })
    });
    let rows = rows.unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.into_iter().filter_map(|row| row.words).collect()
}
