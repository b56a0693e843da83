//! The rows of a large file are deleted once nobody needs them any more.

use super::rows;
use crate::clock::At;
use crate::error::Result;
use crate::ids::ImportId;
use crate::store::Store;

/// How long the rows of an import that is done are kept, for the file with its errors, in seconds.
const ROWS_KEPT: i64 = 24 * 60 * 60;

/// Deletes the rows of imports that are done since a day.
pub(super) fn forget_old(store: &Store, now: At) -> Result<()> {
    let before = now.plus_seconds(-ROWS_KEPT);
    for id in store.read_here(|db| Ok(rows::finished_before(db, before)?))? {
        forget(store, id)?;
    }
    Ok(())
}

/// Deletes the rows of an import, in short steps.
pub(super) fn forget(store: &Store, id: ImportId) -> Result<()> {
    while store.write_batch_here(|db| Ok(rows::forget_rows(db, id, 5_000)?))? {}
    while store.write_batch_here(|db| Ok(rows::forget_steps(db, id, 10)?))? {}
    store.write_batch_here(|db| {
        rows::forget_faults(db, id)?;
        rows::set_forgotten(db, id)?;
        Ok(())
    })
}
