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

use crate::error::{Error, Result};
use crate::store::Store;

/// Writes a whole table on this thread: for the command line. Fails where not all of it is written.
pub fn export(store: &Store, mut export: Export, out: &mut impl Write) -> Result<()> {
    while let Some(part) = store.read_here(|db| export.next_part(db))? {
        out.write_all(&part).map_err(Error::unexpected)?;
    }
    out.flush().map_err(Error::unexpected)
}
