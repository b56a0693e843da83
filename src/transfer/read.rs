//! In: all of the zip in one transaction, or nothing.

use std::io::{BufRead, BufReader, Read, Seek};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::accounts::{Account, Accounts};
use super::shape::{TableShape, travelling};
use super::{ACCOUNTS, FORMAT, Imported, MANIFEST, Manifest, ManifestFile, file_of, wrong};
use crate::accounts::Caller;
use crate::audit::{self, Event, Verdict};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::ProgrammeId;
use crate::store::{Conn, Db, Engine, Installation, Store};

/// Rows that are inserted at a time.
const INSERTED: usize = 500;

/// Reads a programme in; `told` is called with each file that is done.
pub fn import(
    store: &Store,
    caller: &Caller,
    from: impl Read + Seek,
    now: At,
    mut told: impl FnMut(&ManifestFile),
) -> Result<Imported> {
    if !caller.is_operator() {
        return Err(Error::Forbidden("operator_only"));
    }
    let mut zip = ZipArchive::new(from).map_err(wrong)?;
    let manifest = manifest(&mut zip)?;
    let schema = store.schema_version()?;
    if manifest.schema != schema {
        return Err(wrong(format!(
            "the file was written by version {} of the program (schema {}), and this database is \
             of schema {schema}: bring both to the same version first",
            manifest.maaltal, manifest.schema
        )));
    }
    let tables = travelling();
    check_files(&manifest, &tables)?;
    store.write_here(Installation, |db| {
        refuse_known(db, &manifest)?;
        if let Conn::Sqlite(c) = db.conn() {
            // A code may stand before the one above it; PostgreSQL looks when all of them are in.
            c.batch_execute("PRAGMA defer_foreign_keys = ON")?;
        }
        let mut accounts = Accounts::default();
        let file = described(&manifest, ACCOUNTS)?;
        each_line(&mut zip, file, |line| {
            let account: Account = serde_json::from_slice(line).map_err(wrong)?;
            accounts.add(db, account, now)
        })?;
        told(file);
        for table in &tables {
            let file = described(&manifest, &file_of(table.name))?;
            read_table(db, &mut zip, table, file, &accounts)?;
            told(file);
        }
        let programme = manifest.programme.id;
        match audit::verify(db, programme.into())? {
            Verdict::Whole { entries, head }
                if entries == manifest.audit_entries && head == manifest.audit_head => {}
            _ => return Err(wrong("the audit trail is not the one that the manifest tells of")),
        }
        audit::record(db, caller.actor(), now, Event::new("programme.imported", programme))?;
        Ok(Imported {
            accounts_matched: accounts.matched,
            accounts_made: accounts.made,
            manifest: manifest.clone(),
        })
    })
}

fn manifest(zip: &mut ZipArchive<impl Read + Seek>) -> Result<Manifest> {
    let not_ours = |error: &dyn std::fmt::Display| {
        wrong(format!("this is no programme that `maaltal programme export` wrote: {error}"))
    };
    let file = zip.by_name(MANIFEST).map_err(|error| not_ours(&error))?;
    let manifest: Manifest = serde_json::from_reader(file).map_err(|error| not_ours(&error))?;
    match manifest.format == FORMAT {
        true => Ok(manifest),
        false => Err(not_ours(&format!("its format is {:?}", manifest.format))),
    }
}

fn check_files(manifest: &Manifest, tables: &[TableShape]) -> Result<()> {
    for name in
        std::iter::once(ACCOUNTS.to_string()).chain(tables.iter().map(|one| file_of(one.name)))
    {
        described(manifest, &name)?;
    }
    match manifest.files.len() == tables.len() + 1 {
        true => Ok(()),
        false => Err(wrong("the manifest tells of files that this program does not know")),
    }
}

fn described<'a>(manifest: &'a Manifest, name: &str) -> Result<&'a ManifestFile> {
    let found = manifest.files.iter().find(|file| file.name == name);
    found.ok_or_else(|| wrong(format!("the manifest does not tell of {name}")))
}

fn refuse_known(db: &mut Db, manifest: &Manifest) -> Result<()> {
    use crate::store::on_each;
    use crate::store::schema::programmes;
    let about = &manifest.programme;
    let known: Option<ProgrammeId> = on_each!(db, |c| programmes::table
        .filter(programmes::id.eq(about.id).or(programmes::code.eq(&about.code)))
        .select(programmes::id)
        .first(c)
        .optional())?;
    match known {
        None => Ok(()),
        Some(_) => Err(wrong(format!("there is a programme {:?} already", about.code))),
    }
}

/// Every line of a file, which must be the file that the manifest tells of.
fn each_line(
    zip: &mut ZipArchive<impl Read + Seek>,
    file: &ManifestFile,
    mut call: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut reader = BufReader::new(zip.by_name(&file.name).map_err(wrong)?);
    let (mut hash, mut rows, mut line) = (Sha256::new(), 0, Vec::new());
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(wrong)? == 0 {
            break;
        }
        hash.update(&line);
        rows += 1;
        call(&line)?;
    }
    if rows != file.rows || hex(hash) != file.sha256 {
        return Err(wrong(format!("{} is not what the manifest tells of", file.name)));
    }
    Ok(())
}

pub(super) fn hex(hash: Sha256) -> String {
    let bytes: [u8; 32] = hash.finalize().into();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_table(
    db: &mut Db,
    zip: &mut ZipArchive<impl Read + Seek>,
    table: &TableShape,
    file: &ManifestFile,
    accounts: &Accounts,
) -> Result<()> {
    // A row may point at a later one of the same table: those go in by one statement.
    let most = if table.name == "codes" { usize::MAX } else { INSERTED };
    let engine = match db.conn() {
        Conn::Sqlite(_) => Engine::Sqlite,
        Conn::Postgres(_) => Engine::Postgres,
    };
    let insert = table.insert(engine);
    let mut rows: Vec<Value> = Vec::new();
    each_line(zip, file, |line| {
        let mut row: Value = serde_json::from_slice(line).map_err(wrong)?;
        let fields = row.as_object_mut().ok_or_else(|| wrong("a row that is no object"))?;
        if table.name == "memberships" {
            // Nothing to do for those whose account kept its id.
            let _ = accounts.give_role(fields);
        }
        let known = |name: &String| table.columns.iter().any(|one| one.name == name);
        if fields.len() != table.columns.len() || !fields.keys().all(known) {
            return Err(wrong(format!("{}: a row with other columns", file.name)));
        }
        rows.push(row);
        if rows.len() >= most {
            put(db, &insert, &mut rows)?;
        }
        Ok(())
    })?;
    put(db, &insert, &mut rows)
}

fn put(db: &mut Db, insert: &str, rows: &mut Vec<Value>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let array = serde_json::to_string(&std::mem::take(rows)).map_err(wrong)?;
    match db.conn() {
        Conn::Sqlite(c) => diesel::sql_query(insert).bind::<Text, _>(array).execute(&mut **c)?,
        Conn::Postgres(c) => diesel::sql_query(insert).bind::<Text, _>(array).execute(&mut **c)?,
    };
    Ok(())
}
