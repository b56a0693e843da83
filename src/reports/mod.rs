//! The tables of the status report, as CSV.

pub mod answers;
mod changes;
pub mod csv_out;
mod participation;
mod progress;
mod response_rates;
mod results;
pub mod routes;
mod rows;
pub mod tables;

use std::io::Write;

use uuid::Uuid;

pub use tables::TableName;

use crate::accounts::Caller;
use crate::clock::At;
use crate::csv_text::Dialect;
use crate::error::{Error, Result};
use crate::ids::{CountId, ProgrammeId, ProjectId, QuestionnaireId};
use crate::programmes;
use crate::store::{AsOf, Db, Store};

const COUNTS_A_PAGE: usize = 1_000;
/// Each may have dozens of rows.
const PROJECTS_A_PAGE: u32 = 100;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub table: TableName,
    pub dialect: Dialect,
    pub as_of: AsOf,
}

/// A table on its way out, page by page. All pages show the same moment, and no transaction stays
/// open between them.
#[derive(Debug, Clone)]
pub struct Export {
    caller: Caller,
    programme: ProgrammeId,
    /// The programme's code.
    code: String,
    wanted: Wanted,
    now: At,
    file_name: String,
    at: Place,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Start,
    /// The key of the last row already written.
    After(Uuid),
    End,
}

impl Export {
    /// For those who see the whole programme.
    pub fn open(
        db: &mut Db,
        caller: &Caller,
        programme: ProgrammeId,
        wanted: Wanted,
        now: At,
    ) -> Result<Export> {
        caller.reads_programme(programme)?;
        let code = programmes::get(db, caller, programme)?.code;
        let file_name = format!("{code}-{}-{}.csv", wanted.table, wanted.as_of.day(now));
        let wanted = Wanted { as_of: wanted.as_of.pinned(now), ..wanted };
        let caller = caller.clone();
        Ok(Export { caller, programme, code, wanted, now, file_name, at: Place::Start })
    }

    /// Such as `nordjylland-progress-2026-11-22.csv`.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The next part of the file, never empty; none after the last.
    pub fn next_part(&mut self, db: &mut Db) -> Result<Option<Vec<u8>>> {
        let mut part = Vec::new();
        while part.is_empty() {
            let after = match self.at {
                Place::Start => {
                    let names = self.wanted.table.columns().into_iter().map(|column| column.name);
                    part = csv_out::header(self.wanted.dialect, names)?;
                    None
                }
                Place::After(key) => Some(key),
                Place::End => return Ok(None),
            };
            let next = self.write_page(db, after, &mut part)?;
            self.at = next.map_or(Place::End, Place::After);
        }
        Ok(Some(part))
    }

    fn write_page(
        &self,
        db: &mut Db,
        after: Option<Uuid>,
        part: &mut Vec<u8>,
    ) -> Result<Option<Uuid>> {
        let Wanted { table, dialect, as_of } = self.wanted;
        let (rows, next) = match table {
            TableName::Participation => {
                let after = after.map(CountId);
                let (rows, next) = participation::page(
                    db,
                    self.programme,
                    &self.code,
                    as_of,
                    after,
                    COUNTS_A_PAGE,
                )?;
                (rows, next.map(Uuid::from))
            }
            TableName::Progress => {
                let Export { caller, programme, code, now, .. } = self;
                let walk = progress::Walk { caller, programme: *programme, code, as_of, now: *now };
                let after = after.map(ProjectId);
                let (rows, next) = progress::page(db, &walk, after, PROJECTS_A_PAGE)?;
                (rows, next.map(Uuid::from))
            }
            TableName::Results
            | TableName::Codebook
            | TableName::CoreResults
            | TableName::Changes
            | TableName::ResponseRates => {
                let Export { caller, programme, code, now, .. } = self;
                let walk = results::Walk { caller, programme: *programme, code, as_of, now: *now };
                let after = after.map(QuestionnaireId);
                let (rows, next) = match table {
                    TableName::Codebook => results::codebook(db, &walk, after)?,
                    TableName::CoreResults => (results::core_rows(db, &walk)?, None),
                    TableName::Changes => changes::page(db, &walk, after)?,
                    TableName::ResponseRates => response_rates::page(db, &walk, after)?,
                    _ => results::page(db, &walk, after)?,
                };
                (rows, next.map(Uuid::from))
            }
        };
        part.extend(csv_out::rows(dialect, &rows)?);
        Ok(next)
    }
}

/// Writes a whole table on this thread: for the command line. Fails where not all of it is written.
pub fn export(
    store: &Store,
    caller: &Caller,
    programme: ProgrammeId,
    wanted: Wanted,
    now: At,
    out: &mut impl Write,
) -> Result<()> {
    let mut export = store.read_here(|db| Export::open(db, caller, programme, wanted, now))?;
    while let Some(part) = store.read_here(|db| export.next_part(db))? {
        out.write_all(&part).map_err(Error::unexpected)?;
    }
    out.flush().map_err(Error::unexpected)
}
