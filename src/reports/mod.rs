//! The tables of the status report, and the faces that they leave by: CSV, JSON, a workbook, a
//! page.

pub mod cell;
mod edition;
pub mod faces;
pub mod folder;
mod reading;
pub mod routes;
pub mod tables;

use std::io::Write;

pub use edition::{Asked, Edition};
pub use faces::csv::Export;
pub use reading::{Reading, Wanted};
pub use tables::TableName;

use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::ProgrammeId;
use crate::store::{AsOf, Store};
use crate::surveys::results::{self, Of};

/// Releases the answers that are due before any of these tables is read, so that every face of a
/// table shows the same whoever looked first. Of an earlier day nothing is due.
pub async fn release_due(
    store: &Store,
    caller: &Caller,
    programme: ProgrammeId,
    mut tables: impl Iterator<Item = TableName>,
    as_of: AsOf,
    now: At,
) -> Result<()> {
    match tables.any(TableName::reads_answers) {
        true => results::refresh(store, caller, Of::Programme(programme), as_of, now).await,
        false => Ok(()),
    }
}

/// As [`release_due`], on this thread: for the command line.
pub fn release_due_here(
    store: &Store,
    caller: &Caller,
    programme: ProgrammeId,
    tables: impl Iterator<Item = TableName>,
    as_of: AsOf,
    now: At,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(Error::unexpected)?;
    runtime.block_on(release_due(store, caller, programme, tables, as_of, now))
}

/// Writes a whole table on this thread: for the command line. Fails where not all of it is written.
pub fn export(store: &Store, mut export: Export, out: &mut impl Write) -> Result<()> {
    while let Some(part) = store.read_here(|db| export.next_part(db))? {
        out.write_all(&part).map_err(Error::unexpected)?;
    }
    out.flush().map_err(Error::unexpected)
}
