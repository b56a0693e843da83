//! Out: every table streamed into the zip, in one consistent look.

use std::io::{Seek, Write};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::shape::{self, TableShape, travelling};
use super::{
    ACCOUNTS, FORMAT, MANIFEST, Manifest, ManifestFile, ManifestProgramme, file_of, wrong,
};
use crate::accounts::Caller;
use crate::audit::{self, Event, Verdict};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::ProgrammeId;
use crate::programmes;
use crate::store::{Conn, Db, Installation, Store};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Rows that PostgreSQL hands over at a time.
const FETCHED: usize = 1_000;

/// Writes a programme; `told` is called with each file that is done.
pub fn export(
    store: &Store,
    caller: &Caller,
    programme: ProgrammeId,
    out: impl Write + Seek,
    now: At,
    mut told: impl FnMut(&ManifestFile),
) -> Result<Manifest> {
    if !caller.is_operator() {
        return Err(Error::Forbidden("operator_only"));
    }
    let (engine, schema) = (store.engine(), store.schema_version()?);
    let manifest = store.read_here(|db| {
        let about = programmes::get(db, caller, programme)?;
        let (entries, head) = match audit::verify(db, programme.into())? {
            Verdict::Whole { entries, head } => (entries, head),
            Verdict::Broken { number } => {
                return Err(wrong(format!("the audit trail breaks at entry {number}")));
            }
        };
        let mut zip = ZipWriter::new(out);
        let mut files = Vec::new();
        let accounts = super::accounts::select(engine, programme);
        for (name, select) in std::iter::once((ACCOUNTS.to_string(), accounts)).chain(
            travelling().iter().map(|table| {
                let filter = shape::filter(engine, table.name, programme);
                (file_of(table.name), TableShape::select(table, engine, &filter))
            }),
        ) {
            let file = write_file(db, &mut zip, name, &select)?;
            told(&file);
            files.push(file);
        }
        let manifest = Manifest {
            format: FORMAT.to_string(),
            maaltal: env!("CARGO_PKG_VERSION").to_string(),
            schema: schema.clone(),
            programme: ManifestProgramme {
                id: about.id,
                code: about.code,
                name_da: about.name_da,
                name_en: about.name_en,
            },
            exported_at: now,
            audit_entries: entries,
            audit_head: head,
            files,
        };
        zip.start_file(MANIFEST, options()).map_err(wrong)?;
        serde_json::to_writer_pretty(&mut zip, &manifest).map_err(wrong)?;
        zip.finish().map_err(wrong)?;
        Ok(manifest)
    })?;
    // In the installation's trail, and not in the programme's: that is the same on both sides.
    store.write_here(Installation, |db| {
        audit::record(db, caller.actor(), now, Event::new("programme.exported", programme))
    })?;
    Ok(manifest)
}

fn options() -> SimpleFileOptions {
    // A million responses are more than 4 GB.
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true)
}

fn write_file(
    db: &mut Db,
    zip: &mut ZipWriter<impl Write + Seek>,
    name: String,
    select: &str,
) -> Result<ManifestFile> {
    zip.start_file(name.as_str(), options()).map_err(wrong)?;
    let (mut hash, mut rows) = (Sha256::new(), 0);
    each_line(db, select, |line| {
        // Both engines write the same row in the same bytes.
        let value: Value = serde_json::from_str(line).map_err(wrong)?;
        let mut line = serde_json::to_vec(&value).map_err(wrong)?;
        line.push(b'\n');
        hash.update(&line);
        rows += 1;
        zip.write_all(&line).map_err(wrong)
    })?;
    Ok(ManifestFile { name, rows, sha256: super::read::hex(hash) })
}

/// Calls for each row as it comes, so that no table is held in memory.
fn each_line(db: &mut Db, select: &str, mut call: impl FnMut(&str) -> Result<()>) -> Result<()> {
    match db.conn() {
        Conn::Sqlite(c) => {
            let lines = diesel::sql_query(select)
                .load_iter::<Line, diesel::connection::DefaultLoadingMode>(&mut **c)?;
            for line in lines {
                call(&line?.line)?;
            }
            Ok(())
        }
        Conn::Postgres(c) => {
            c.batch_execute(&format!("DECLARE travelling NO SCROLL CURSOR FOR {select}"))?;
            loop {
                let fetch = format!("FETCH {FETCHED} FROM travelling");
                let lines: Vec<Line> = diesel::sql_query(fetch).load(&mut **c)?;
                if lines.is_empty() {
                    break;
                }
                for Line { line } in lines {
                    call(&line)?;
                }
            }
            c.batch_execute("CLOSE travelling")?;
            Ok(())
        }
    }
}
