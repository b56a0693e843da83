//! Both migration trees make the schema that `src/store/schema.rs` names, there and back.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use maaltal::store::{Conn, Engine, Store};

use crate::database::Database;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What each engine says about itself, one fact per line.
fn lines(store: &Store, sqlite: &str, postgres: &str) -> BTreeSet<String> {
    let found: Vec<Line> = store
        .read_here(|db| {
            Ok(match db.conn() {
                Conn::Sqlite(c) => diesel::sql_query(sqlite).load(&mut **c)?,
                Conn::Postgres(c) => diesel::sql_query(postgres).load(&mut **c)?,
            })
        })
        .expect("the catalogue");
    found.into_iter().map(|found| found.line).collect()
}

const SQLITE_TABLES: &str = "sqlite_master m JOIN";
const OURS: &str = "m.type = 'table' AND m.name NOT IN ('__diesel_schema_migrations')";

/// `table.column type`, with ` NOT NULL` where it is so.
fn columns(store: &Store) -> BTreeSet<String> {
    let sqlite = format!(
        "SELECT m.name || '.' || p.name || ' ' || p.type
             || CASE WHEN p.\"notnull\" THEN ' NOT NULL' ELSE '' END AS line
         FROM {SQLITE_TABLES} pragma_table_info(m.name) p WHERE {OURS}"
    );
    let postgres = "
        SELECT (table_name || '.' || column_name || ' ' || udt_name
            || CASE WHEN is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END)::text AS line
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'";
    lines(store, &sqlite, postgres)
}

/// `[unique] table(column, column) [WHERE ...]`: primary keys, constraints and indexes alike.
fn indexes(store: &Store) -> BTreeSet<String> {
    let sqlite = format!(
        "SELECT CASE WHEN i.\"unique\" THEN 'unique ' ELSE '' END || m.name || '('
             || (SELECT group_concat(name, ', ' ORDER BY seqno) FROM pragma_index_info(i.name))
             || ')' || CASE WHEN i.partial
                 THEN (SELECT substr(sql, instr(sql, ' WHERE ')) FROM sqlite_master
                       WHERE type = 'index' AND name = i.name)
                 ELSE '' END AS line
         FROM {SQLITE_TABLES} pragma_index_list(m.name) i WHERE {OURS}"
    );
    let postgres = "
        SELECT CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || t.relname || '('
            || (SELECT string_agg(a.attname, ', ' ORDER BY k.place)
                FROM unnest(i.indkey) WITH ORDINALITY k (number, place)
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number)
            || ')' || coalesce(' WHERE ' || trim(BOTH '()' FROM pg_get_expr(i.indpred, t.oid)), '')
            AS line
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = 'public' AND t.relname <> '__diesel_schema_migrations'";
    lines(store, &sqlite, postgres)
}

/// `table.column -> table.column [ON DELETE CASCADE]`.
fn references(store: &Store) -> BTreeSet<String> {
    let sqlite = format!(
        "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\"
             || CASE f.on_delete WHEN 'CASCADE' THEN ' ON DELETE CASCADE' ELSE '' END AS line
         FROM {SQLITE_TABLES} pragma_foreign_key_list(m.name) f WHERE {OURS}"
    );
    let postgres = "
        SELECT t.relname || '.' || a.attname || ' -> ' || o.relname || '.' || b.attname
            || CASE c.confdeltype WHEN 'c' THEN ' ON DELETE CASCADE' ELSE '' END AS line
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        JOIN pg_class o ON o.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
        JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1]
        WHERE c.contype = 'f'";
    lines(store, &sqlite, postgres)
}

/// What a programme takes along names accounts in columns that are known by their name.
#[test]
fn accounts_are_known_by_the_names_of_their_columns() {
    let (_database, store) = migrated(Engine::Sqlite);
    let travels = |name: &str| maaltal::transfer::TRAVELS.iter().any(|one| one.0 == name);
    let mut named: Vec<String> = Vec::new();
    for table in maaltal::transfer::shapes().iter().filter(|table| travels(table.name)) {
        named.extend(table.accounts().map(|column| format!("{}.{}", table.name, column.name)));
    }
    let pointing: BTreeSet<String> = references(&store)
        .into_iter()
        .filter_map(|line| line.strip_suffix(" -> users.id").map(str::to_string))
        .filter(|place| travels(place.split('.').next().unwrap_or_default()))
        .collect();
    same("foreign keys to accounts, columns named so", pointing, named.into_iter().collect());
}

/// A type of `schema.rs` as SQLite and PostgreSQL call it.
fn native(diesel: &str) -> (&'static str, &'static str) {
    match diesel {
        "Uid" => ("BLOB", "uuid"),
        "Binary" => ("BLOB", "bytea"),
        "Jsonb" => ("BLOB", "jsonb"),
        "Text" => ("TEXT", "text"),
        "Date" => ("TEXT", "date"),
        "Instant" => ("INTEGER", "timestamptz"),
        "Bool" => ("INTEGER", "bool"),
        "Integer" => ("INTEGER", "int4"),
        "BigInt" => ("INTEGER", "int8"),
        other => panic!("tests/store/schema.rs does not know the column type {other}"),
    }
}

/// The columns that the queries are compiled against.
fn expected(engine: Engine) -> BTreeSet<String> {
    let text = include_str!("../../src/store/schema.rs");
    let mut columns = BTreeSet::new();
    let mut table = "";
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (")
            && line.ends_with(") {")
        {
            table = name;
        }
        let Some((name, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> "))
        else {
            continue;
        };
        let (kind, not_null) = match kind.strip_prefix("Nullable<") {
            Some(inner) => (inner.trim_end_matches('>'), ""),
            None => (kind, " NOT NULL"),
        };
        let (sqlite, postgres) = native(kind);
        let native = if engine == Engine::Sqlite { sqlite } else { postgres };
        columns.insert(format!("{table}.{name} {native}{not_null}"));
    }
    assert!(columns.len() > 100, "schema.rs is not read any more");
    columns
}

fn same(what: &str, left: BTreeSet<String>, right: BTreeSet<String>) {
    let only_left: Vec<_> = left.difference(&right).collect();
    let only_right: Vec<_> = right.difference(&left).collect();
    assert!(
        only_left.is_empty() && only_right.is_empty(),
        "{what}\n  only in the first: {only_left:#?}\n  only in the second: {only_right:#?}"
    );
}

fn migrated(engine: Engine) -> (Database, Store) {
    let database = Database::create(engine, None);
    let store = database.open();
    store.migrate().expect("up");
    (database, store)
}

#[test]
fn sqlite_has_the_columns_that_queries_expect() {
    let (_database, store) = migrated(Engine::Sqlite);
    same("database, schema.rs", columns(&store), expected(Engine::Sqlite));
}

#[test]
fn postgres_has_the_columns_that_queries_expect() {
    let (_database, store) = migrated(Engine::Postgres);
    same("database, schema.rs", columns(&store), expected(Engine::Postgres));
}

#[test]
fn both_trees_make_the_same_keys() {
    let (_sqlite, sqlite) = migrated(Engine::Sqlite);
    let (_postgres, postgres) = migrated(Engine::Postgres);
    same("indexes: SQLite, PostgreSQL", indexes(&sqlite), indexes(&postgres));
    same("foreign keys: SQLite, PostgreSQL", references(&sqlite), references(&postgres));
}

fn goes_up_and_down_and_up(engine: Engine) {
    let (_database, store) = migrated(engine);
    let made = (columns(&store), indexes(&store), references(&store));
    assert!(store.is_ready().expect("a look"), "all migrations are applied");
    assert_eq!(store.migrate().expect("again"), 0, "nothing is pending");
    store.unmigrate().expect("down");
    assert!(!store.is_ready().expect("a look"), "all migrations are pending");
    same("what down leaves behind", columns(&store), BTreeSet::new());
    assert!(store.migrate().expect("up again") > 0);
    same("columns: first, second", made.0, columns(&store));
    same("indexes: first, second", made.1, indexes(&store));
    same("foreign keys: first, second", made.2, references(&store));
}

#[test]
fn sqlite_goes_up_and_down_and_up() {
    goes_up_and_down_and_up(Engine::Sqlite);
}

#[test]
fn postgres_goes_up_and_down_and_up() {
    goes_up_and_down_and_up(Engine::Postgres);
}
