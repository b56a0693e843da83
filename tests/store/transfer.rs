//! A whole programme goes from SQLite to PostgreSQL and back, and is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use maaltal::accounts::{Caller, Role, Scope, members, users};
use maaltal::audit::{self, Verdict};
use maaltal::clock::{At, Clock};
use maaltal::demo;
use maaltal::ids::ProgrammeId;
use maaltal::paging::Page;
use maaltal::programmes;
use maaltal::store::{Engine, Installation, Store};
use maaltal::surveys::code_key::CodeKey;
use maaltal::surveys::{releases, tally};
use maaltal::transfer::{self, STAYS, TRAVELS};

use super::filled;
use crate::database::Database;

const OPERATOR: Caller = Caller::Operator;

fn now() -> At {
    Clock::System.now()
}

fn migrated(engine: Engine) -> (Database, Store) {
    let database = Database::create(engine, None);
    let store = database.open();
    store.migrate().expect("the migrations");
    (database, store)
}

fn programme(store: &Store, code: &str) -> ProgrammeId {
    store.read_here(|db| programmes::by_code(db, &OPERATOR, code)).expect("a programme").id
}

fn exported(store: &Store, code: &str) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let id = programme(store, code);
    transfer::export(store, &OPERATOR, id, &mut file, now(), |_| {}).expect("a file");
    file.into_inner()
}

fn imported(store: &Store, file: &[u8]) -> Result<transfer::Imported, String> {
    let file = Cursor::new(file.to_vec());
    transfer::import(store, &OPERATOR, file, now(), |_| {}).map_err(|error| error.to_string())
}

/// The files of a zip without the manifest, which tells when it was written.
fn files(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).expect("a file");
        let name = file.name().expect("a name").to_string();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        if name != "manifest.json" {
            files.insert(name, bytes);
        }
    }
    files
}

fn key() -> CodeKey {
    CodeKey::of(b"the key of the tests, which nobody else has any use for").expect("a key")
}

/// The demo's two programmes.
fn with_demo() -> (Database, Store) {
    let (database, store) = migrated(Engine::Sqlite);
    demo::load(&store, key(), now()).expect("the demo");
    (database, store)
}

fn is_sound(store: &Store, code: &str) {
    let id = programme(store, code);
    let verdict = store.read_here(|db| audit::verify(db, id.into())).expect("a verdict");
    assert!(matches!(verdict, Verdict::Whole { entries, .. } if entries > 10), "{verdict:?}");
    let counts = store.read_here(|db| maaltal::participation::verify(db, id)).expect("a look");
    assert_eq!(counts, Vec::<String>::new());
    assert!(store.read_here(tally::verify).expect("a recount").is_empty());
    assert!(store.read_here(releases::verify).expect("a look").is_empty());
}

#[test]
fn both_of_the_demos_programmes_come_home_as_they_went() {
    let (_first, first) = with_demo();
    let (_second, second) = migrated(Engine::Postgres);
    let (_third, third) = migrated(Engine::Sqlite);
    let both = ["nordjylland", "midtjylland"].map(|code| programme(&first, code));
    filled::fill(&first, both[0], both[1], &key(), now());
    let mut empty: BTreeSet<String> =
        TRAVELS.iter().map(|(name, _)| format!("{name}.jsonl")).collect();
    for code in ["nordjylland", "midtjylland"] {
        let there = exported(&first, code);
        let done = imported(&second, &there).expect("all of it");
        assert!(done.accounts_made > 0 || done.accounts_matched > 0);
        is_sound(&second, code);
        let back = exported(&second, code);
        imported(&third, &back).expect("all of it");
        is_sound(&third, code);
        let again = exported(&third, code);

        let (one, two, three) = (files(&there), files(&back), files(&again));
        assert_eq!(one.len(), TRAVELS.len() + 1);
        for (name, bytes) in &one {
            assert!(two.get(name) == Some(bytes), "{code}: {name} on PostgreSQL");
            assert!(three.get(name) == Some(bytes), "{code}: {name} back on SQLite");
        }
        empty.retain(|name| one[name].is_empty());
    }
    assert!(empty.is_empty(), "nothing of these travels, so nothing is shown of them: {empty:?}");
    let responses = &files(&exported(&third, "midtjylland"))["responses.jsonl"];
    let responses = String::from_utf8_lossy(responses);
    let lines: Vec<&str> = responses.lines().collect();
    assert!(lines.len() > 10, "the demo has answers");
}

#[test]
fn nothing_that_opens_a_door_travels() {
    let (_database, store) = with_demo();
    let all = files(&exported(&store, "nordjylland"));
    for (name, _) in STAYS {
        assert!(!all.contains_key(&format!("{name}.jsonl")), "{name}");
    }
    let accounts = String::from_utf8_lossy(&all["accounts.jsonl"]);
    assert!(accounts.contains("maaltal.example") && !accounts.contains("argon2"), "{accounts}");
}

#[test]
fn accounts_are_matched_by_their_mail_address_or_made_disabled() {
    let (_first, first) = with_demo();
    let file = exported(&first, "nordjylland");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (_database, store) = migrated(engine);
        let mail = "sekretariat@maaltal.example";
        let known = store
            .write_here(Installation, |db| {
                users::add(db, &OPERATOR, mail, "Et menneske", "x", now())
            })
            .expect("an account");
        let done = imported(&store, &file).expect("all of it");
        assert_eq!(done.accounts_matched, 1);
        is_sound(&store, "nordjylland");
        let id = programme(&store, "nordjylland");
        let listed = store
            .read_here(|db| members::list(db, &OPERATOR, id, &Page::of(None, 100)))
            .expect("members");
        let secretariat = listed.items.iter().find(|one| one.role == Role::Secretariat);
        let secretariat = secretariat.expect("a secretariat");
        assert_eq!((secretariat.user_id, secretariat.disabled), (known, false));
        assert!(listed.items.iter().any(|one| one.disabled));
        // The role has the key that it would have been given here.
        let again = store.write_here(id, |db| {
            members::grant(db, &OPERATOR, known, Role::Secretariat, Scope::programme(id), now())
        });
        assert_eq!(again.expect("it is there"), secretariat.id);
    }
}

#[test]
fn what_is_there_or_is_not_whole_is_refused_and_nothing_is_left() {
    let (_first, first) = with_demo();
    let file = exported(&first, "nordjylland");
    let refused = imported(&first, &file).expect_err("it is there");
    assert!(refused.contains("already"), "{refused}");

    // One byte of a table changed, and the rest as it was.
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut old = zip::ZipArchive::new(Cursor::new(file.clone())).expect("a zip");
    for index in 0..old.len() {
        let mut part = old.by_index(index).expect("a file");
        let name = part.name().expect("a name").to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        if name == "count_versions.jsonl" {
            text = text.replacen("\"participants\":5", "\"participants\":6", 1);
        }
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file");
        std::io::Write::write_all(&mut zip, text.as_bytes()).expect("its bytes");
    }
    let changed = zip.finish().expect("a zip").into_inner();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (_database, store) = migrated(engine);
        let refused = imported(&store, &changed).expect_err("it is changed");
        assert!(refused.contains("count_versions"), "{refused}");
        let cut = imported(&store, &file[..file.len() / 2]).expect_err("it is cut");
        assert!(!cut.is_empty());
        let left = store.read_here(|db| programmes::list(db, &OPERATOR)).expect("a list");
        assert!(left.is_empty());
        let accounts = store.read_here(|db| users::list(db, &OPERATOR, &Page::of(None, 100)));
        assert!(accounts.expect("a list").items.is_empty());
        imported(&store, &file).expect("the whole file goes in after all");
    }
}
