//! Files that are taken in: organisations, projects, targets, applications, counts of participants
//! and values. Each row goes through the same domain call as one that is posted, so that a file can
//! do nothing that its sender couldn't.
//!
//! **Small files** (up to 20,000 rows) are held against the rules and written in one transaction,
//! all of it or nothing. **Large files** of counts are staged in the database in short steps,
//! checked as a whole, and written in short steps too, so that others go on writing meanwhile: see
//! [`large`].

mod annotated;
mod applications;
#[cfg(test)]
mod catalogue;
mod forget;
pub mod large;
mod organisations;
mod projects;
pub mod routes;
mod rows;
mod small;
mod staging;
mod targets;
mod template;
mod values;
mod works;

use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{Read, Seek};
use utoipa::ToSchema;

pub use small::MOST_ROWS;
pub use template::template;
pub use works::Works;

use self::rows::ImportRow;
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::{ImportId, ProgrammeId, UserId};
use crate::messages::Lang;
use crate::paging::{Listing, Page};
use crate::sheets::{Column, File, ImportError, RowFault, Source};
use crate::store::types::text_enum;
use crate::store::{Chain, Db, Store, Within};

/// As many as anybody reads; all of them are counted, and stand in the file that comes back.
const ERRORS_TOLD: usize = 1_000;

text_enum! {
    /// What a file holds.
    pub enum ImportKind {
        Organisations = "organisations",
        Projects = "projects",
        /// Indicators with their targets.
        Targets = "targets",
        /// Applications with recommendation and decision.
        Applications = "applications",
        /// Counts of participants.
        Participation = "participation",
        /// Posted figures of indicators that can't be counted.
        Values = "values",
    }
}

text_enum! {
    /// How far an import has come.
    pub enum ImportState {
        /// The rows of a large file are read in.
        Staging = "staging",
        /// They are held against the rules.
        Checking = "checking",
        /// They are written; should the program end meanwhile, that goes on later.
        Applying = "applying",
        /// A dry run, done: nothing was written.
        Checked = "checked",
        /// There were errors, and nothing was written.
        Refused = "refused",
        /// Done.
        Applied = "applied",
        /// What somebody else wrote meanwhile contradicts the rest of the file, or whoever sent it
        /// may not any more. What is written so far stays, and the file comes back with the rows
        /// that are not; sent again, those that are there are unchanged.
        Stopped = "stopped",
        /// It could not be carried through, and nothing was written.
        Failed = "failed",
    }
}

impl ImportState {
    const UNDER_WAY: &'static [ImportState] =
        &[ImportState::Staging, ImportState::Checking, ImportState::Applying];

    pub fn is_under_way(self) -> bool {
        ImportState::UNDER_WAY.contains(&self)
    }

    /// Whether any row of it may be written.
    pub fn has_written(self) -> bool {
        matches!(self, ImportState::Applied | ImportState::Stopped)
    }
}

impl ImportKind {
    /// In the order in which a template has them.
    pub fn columns(self) -> &'static [Column] {
        match self {
            ImportKind::Organisations => organisations::COLUMNS,
            ImportKind::Projects => projects::COLUMNS,
            ImportKind::Targets => targets::COLUMNS,
            ImportKind::Applications => applications::COLUMNS,
            ImportKind::Participation => crate::participation::columns::COLUMNS,
            ImportKind::Values => values::COLUMNS,
        }
    }

    /// What a person fills in of a template's row; a row of which all is known has none.
    fn filled_in(self) -> &'static [&'static str] {
        match self {
            ImportKind::Participation => crate::participation::columns::FILLED_IN,
            ImportKind::Values => values::FILLED_IN,
            _ => &[],
        }
    }
}

/// What a file did, or would do, or why it can't.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportReport {
    /// The import, where anything was written.
    pub import_id: Option<ImportId>,
    /// Whether anything was written: not in a dry run, and not where there is any error, unless
    /// the good rows were asked for.
    pub applied: bool,
    /// `checked` after a dry run, `refused` for its errors, `applied`; from the command line, where
    /// a large file is waited for, also how else that can end.
    pub state: ImportState,
    /// How many rows the file has.
    pub rows: usize,
    /// As all rows would do, where none has an error; else 0, like the next three. With `partial`,
    /// as the good ones do.
    pub created: usize,
    pub corrected: usize,
    pub unchanged: usize,
    /// Counts that are not in the file: posted "so far" before, with a share of their total that
    /// is another now.
    pub adjusted: usize,
    /// Rows that are left out for their errors, with `partial`.
    pub skipped: usize,
    /// Rows of a template that nobody filled in, which are passed over.
    pub unfilled: usize,
    /// Rows that are neither written nor left out, where it was stopped midway.
    pub not_written: usize,
    /// Why it failed or stopped, where no row tells.
    pub failure: Option<String>,
    /// How many errors there are.
    pub error_count: usize,
    /// The first 1,000 errors, in the order of the file.
    pub errors: Vec<ImportError>,
}

/// A file that was taken in, or is being taken in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Import {
    pub id: ImportId,
    pub kind: ImportKind,
    pub state: ImportState,
    pub dry_run: bool,
    /// The good rows are taken, whatever is wrong with others.
    pub partial: bool,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// How many rows the file has, as far as they are read in.
    pub rows: i32,
    /// How many of them are done in the state that it is in: checked while it checks, written
    /// while it applies and afterwards.
    pub rows_done: i32,
    /// Rows that are left out for their errors, with `partial`.
    pub rows_skipped: i32,
    /// Rows of a template that nobody filled in, which are passed over.
    pub rows_unfilled: i32,
    pub created: i32,
    pub corrected: i32,
    pub unchanged: i32,
    /// Counts that are not in the file and whose share of a total "so far" is another now.
    pub adjusted: i32,
    /// How many errors there are.
    pub error_count: i32,
    /// Why it failed or stopped, where no row tells.
    pub failure: Option<String>,
    /// The account, or a machine token's id; null for the operator's command line.
    pub imported_by: Option<UserId>,
    pub imported_at: At,
    /// Null while it is under way.
    pub finished_at: Option<At>,
}

/// An import with what is wrong with its rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportStatus {
    pub import: Import,
    /// The first 1,000 errors, in the order of the file. The rows of a large file are kept for a
    /// day, and their errors with them.
    pub errors: Vec<ImportError>,
}

/// A file and what is to be done with it.
pub struct Sent {
    pub caller: Caller,
    pub programme: ProgrammeId,
    pub kind: ImportKind,
    pub file: File,
    /// The sheet of a workbook; the first where none is named.
    pub sheet: Option<String>,
    pub dry_run: bool,
    /// Takes the good rows, whatever is wrong with others.
    pub partial: bool,
    pub now: At,
}

/// A file that is open, and small enough or not.
pub struct Opened {
    order: Order,
    source: std::result::Result<Source, Fault>,
    /// The rows, where they are few; else the first of them.
    head: Vec<crate::sheets::Record>,
    is_large: bool,
}

/// What is to be done, without the file.
#[derive(Clone)]
struct Order {
    caller: Caller,
    programme: ProgrammeId,
    kind: ImportKind,
    dry_run: bool,
    partial: bool,
    now: At,
    sha256: [u8; 32],
}

impl Within for ImportId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::find(db, *self)?.ok_or(Error::NotFound)?.programme_id.into())
    }
}

/// Whether the caller may import that kind here at all; what it may do with a row, the row tells.
pub fn may_import(caller: &Caller, programme: ProgrammeId, kind: ImportKind) -> Result<()> {
    match kind {
        ImportKind::Participation => {
            crate::participation::may_import(&caller.counting(), programme)
        }
        ImportKind::Values => caller.sees_programme(programme),
        _ => caller.runs_programme(programme),
    }
}

impl Opened {
    /// Needs no database, and so is done before any is asked.
    pub fn open(sent: Sent) -> Result<Opened> {
        let Sent { caller, programme, kind, mut file, sheet, dry_run, partial, now } = sent;
        let sha256 = hash(&mut file)?;
        let order = Order { caller, programme, kind, dry_run, partial, now, sha256 };
        let mut source = match Source::open(file, sheet.as_deref())? {
            Ok(source) => source,
            Err(fault) => {
                let source = Err(fault);
                return Ok(Opened { order, source, head: Vec::new(), is_large: false });
            }
        };
        let most = small::most_rows(kind);
        let head = match source.records(most + 1)? {
            Ok(head) if head.is_empty() => Err(Fault::at("", "no_rows")),
            Ok(head) => Ok(head),
            Err(fault) => Err(fault),
        };
        let head = match head {
            Ok(head) => head,
            Err(fault) => {
                let source = Err(fault);
                return Ok(Opened { order, source, head: Vec::new(), is_large: false });
            }
        };
        let mut is_large = head.len() > most;
        let mut source = Ok(source);
        if is_large && kind != ImportKind::Participation {
            is_large = false;
            source = Err(Fault::at("", "too_many_rows").with("max", most));
        }
        Ok(Opened { order, source, head, is_large })
    }

    pub fn is_large(&self) -> bool {
        self.is_large
    }
}

fn hash(file: &mut File) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    file.rewind().map_err(Error::unexpected)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut buffer).map_err(Error::unexpected)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
}

/// Imports a file on this thread, from its first row to its last: for the command line.
pub fn import_here(
    store: &Store,
    sent: Sent,
    lang: Lang,
    clock: &dyn Fn() -> At,
    progress: &mut dyn FnMut(&Import),
) -> Result<ImportReport> {
    let opened = Opened::open(sent)?;
    if !opened.is_large() {
        return Ok(small::run(store, opened, lang)?.report);
    }
    let id = large::begin(store, &opened.order)?;
    staging::stage(store, id, opened, clock, progress)?;
    large::work(store, id, clock, progress)?;
    let status = store.read_here(|db| status(db, &Caller::Operator, id, lang))?;
    Ok(report_of(status))
}

fn report_of(ImportStatus { import, errors }: ImportStatus) -> ImportReport {
    let number = |number: i32| usize::try_from(number).unwrap_or(0);
    let elsewhere = import.rows_done + import.rows_skipped + import.rows_unfilled;
    let stopped = import.state == ImportState::Stopped;
    ImportReport {
        import_id: Some(import.id),
        applied: import.state.has_written(),
        state: import.state,
        rows: number(import.rows),
        created: number(import.created),
        corrected: number(import.corrected),
        unchanged: number(import.unchanged),
        adjusted: number(import.adjusted),
        skipped: number(import.rows_skipped),
        unfilled: number(import.rows_unfilled),
        not_written: if stopped { number(import.rows - elsewhere) } else { 0 },
        failure: import.failure,
        error_count: number(import.error_count),
        errors,
    }
}

/// The imports, the newest first: all of the programme for those who see it as a whole, else the
/// caller's own.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    page: &Page<ImportId>,
) -> Result<Listing<Import>> {
    let caller = &*caller.counting();
    caller.sees_programme(programme)?;
    let whole = caller.reads_programme(programme).is_ok();
    let by = if whole { None } else { caller.actor() };
    let rows = rows::list(db, programme, by, page)?;
    Ok(page.listing(rows, |row| row.id).map(Import::from))
}

/// One import, for those who see the programme as a whole and for whoever sent it.
pub fn status(db: &mut Db, caller: &Caller, id: ImportId, lang: Lang) -> Result<ImportStatus> {
    let row = seen(db, caller, id)?;
    let faults = rows::faults(db, id, ERRORS_TOLD as i64)?;
    let errors = faults.into_iter().map(|fault| Ok(large::fault_of(fault)?.told(lang)));
    Ok(ImportStatus { import: row.into(), errors: errors.collect::<Result<_>>()? })
}

fn seen(db: &mut Db, caller: &Caller, id: ImportId) -> Result<ImportRow> {
    let row = rows::find(db, id)?.ok_or(Error::NotFound)?;
    let caller = &*caller.counting();
    caller.sees_programme(row.programme_id)?;
    if caller.reads_programme(row.programme_id).is_ok() || row.imported_by == caller.actor() {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

impl From<ImportRow> for Import {
    fn from(row: ImportRow) -> Import {
        Import {
            id: row.id,
            kind: row.kind,
            state: row.state,
            dry_run: row.dry_run,
            partial: row.partial,
            sha256: row.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
            rows: row.rows_read,
            rows_done: row.rows_done,
            rows_skipped: row.rows_skipped,
            rows_unfilled: row.rows_unfilled,
            created: row.created,
            corrected: row.corrected,
            unchanged: row.unchanged,
            adjusted: row.adjusted,
            error_count: row.error_count,
            failure: row.failure,
            imported_by: row.imported_by,
            imported_at: row.imported_at,
            finished_at: row.finished_at,
        }
    }
}

/// All that is wrong with the header of a file.
fn header_faults(all: Vec<(String, Fault)>) -> Vec<RowFault> {
    all.into_iter().map(|(name, fault)| RowFault::of_header(Some(name), fault)).collect()
}
