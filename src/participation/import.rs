//! Files of counts: read and checked first, then applied in one step, all of it or nothing.

use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::columns::{self, Header};
use super::csv_in::{self, Record, Sheet};
use super::ledger::Fate;
use super::plan::{Plan, Stamp, plan};
use super::reader::Reader;
use super::rows::{self, ImportRow};
use crate::accounts::{Caller, Role};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::{ImportId, ProgrammeId, UserId};
use crate::messages::Lang;
use crate::paging::{Listing, Page};
use crate::problem::FaultView;
use crate::store::types::text_enum;
use crate::store::{Db, Store};

/// As many as anybody reads; all of them are counted, and stand in the file that comes back.
const ERRORS_TOLD: usize = 1_000;

text_enum! {
    /// What a file holds.
    pub enum ImportKind {
        /// Counts of participants.
        Participation = "participation",
    }
}

/// What a file did, or would do, or why it can't.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportReport {
    /// Whether anything was written: not in a dry run, and not where there is any error.
    pub applied: bool,
    /// How many rows with counts the file has.
    pub rows: usize,
    /// As all rows would do, where none has an error; else 0, like the next three.
    pub created: usize,
    pub corrected: usize,
    pub unchanged: usize,
    /// Counts that are not in the file: posted "so far" before, with a share of their total that
    /// is another now.
    pub adjusted: usize,
    /// How many errors there are.
    pub error_count: usize,
    /// The first 1,000 errors, in the order of the file.
    pub errors: Vec<ImportError>,
}

/// What is wrong with one cell, one row or the header of a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportError {
    /// The line of the file on which the row starts; the header's is 1.
    pub row: u64,
    /// As the file calls it; null where the row as a whole is meant.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// Stable, for programs.
    pub code: String,
    /// For a person.
    pub detail: String,
}

/// A file that was applied.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Import {
    pub id: ImportId,
    pub kind: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    pub rows: i32,
    pub created: i32,
    pub corrected: i32,
    pub unchanged: i32,
    /// The account; null for the operator's command line.
    pub imported_by: Option<UserId>,
    pub imported_at: At,
}

/// A file that is read and not yet held against anything.
pub struct Staged {
    sheet: std::result::Result<Sheet, Fault>,
    sha256: [u8; 32],
}

/// What came of holding a file against the rules.
pub struct Judged {
    faults: Vec<RowFault>,
    plan: Plan,
}

struct RowFault {
    /// The row's place in the sheet; none for the header, or the file as a whole.
    index: Option<usize>,
    line: u64,
    column: Option<String>,
    value: Option<String>,
    fault: Fault,
}

impl Judged {
    pub fn is_fine(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Reads a file. Needs no database, and so is done before any is asked.
pub fn stage(bytes: &[u8]) -> Staged {
    Staged { sheet: csv_in::read(bytes), sha256: Sha256::digest(bytes).into() }
}

/// Imports a file on this thread: for the command line, in the same steps as by the API.
pub fn import_file(
    store: &Store,
    caller: &Caller,
    programme: ProgrammeId,
    bytes: &[u8],
    dry_run: bool,
    now: At,
    lang: Lang,
) -> Result<ImportReport> {
    let staged = stage(bytes);
    let judged = store.read_here(|db| judge(db, caller, programme, &staged, now))?;
    if dry_run || !judged.is_fine() {
        return Ok(report(&staged, &judged, false, lang));
    }
    let judged = store.write_here(programme, |db| apply(db, caller, programme, &staged, now))?;
    Ok(report(&staged, &judged, judged.is_fine(), lang))
}

/// Holds a file against the rules; writes nothing.
pub fn judge(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    staged: &Staged,
    now: At,
) -> Result<Judged> {
    let caller = &*caller.counting();
    may_import(caller, programme)?;
    let refused = |faults| Ok(Judged { faults, plan: Plan::default() });
    let sheet = match &staged.sheet {
        Ok(sheet) => sheet,
        Err(fault) => return refused(vec![of_header(None, fault.clone())]),
    };
    let header = match Header::read(sheet) {
        Ok(header) => header,
        Err(all) => {
            let told = all.into_iter().map(|(name, fault)| of_header(Some(name), fault));
            return refused(told.collect());
        }
    };
    let mut reader = Reader::load(db, caller, programme, sheet, header)?;
    let mut faults = Vec::new();
    let mut wanted = Vec::with_capacity(sheet.records.len());
    let mut places = Vec::with_capacity(sheet.records.len());
    for (index, record) in sheet.records.iter().enumerate() {
        match reader.wanted(db, record)? {
            Ok(one) => {
                wanted.push(one);
                places.push(index);
            }
            Err(all) => {
                faults.extend(
                    all.into_iter().map(|fault| told(&reader.header, index, record, fault)),
                );
            }
        }
    }
    let stamp = Stamp { programme, actor: caller.actor(), now };
    let (plan, more) = plan(db, stamp, wanted)?;
    for (row, fault) in more {
        let index = places.get(row).copied().unwrap_or(row);
        if let Some(record) = sheet.records.get(index) {
            faults.push(told(&reader.header, index, record, fault));
        }
    }
    faults.sort_by_key(|fault| fault.index);
    Ok(Judged { faults, plan })
}

/// Applies a file in the transaction that holds the programme's lock. All is judged again there:
/// roles, codes and counts may have changed since it was staged.
pub fn apply(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    staged: &Staged,
    now: At,
) -> Result<Judged> {
    let judged = judge(db, caller, programme, staged, now)?;
    if !judged.is_fine() {
        return Ok(judged);
    }
    judged.plan.carry_out(db, Stamp { programme, actor: caller.actor(), now })?;
    let number = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let row = ImportRow {
        id: ImportId::new(),
        programme_id: programme,
        kind: ImportKind::Participation.to_string(),
        sha256: staged.sha256.to_vec(),
        rows_read: number(judged.plan.placed.len()),
        created: number(judged.plan.how_many(Fate::Created)),
        corrected: number(judged.plan.how_many(Fate::Corrected)),
        unchanged: number(judged.plan.how_many(Fate::Unchanged)),
        imported_by: caller.actor(),
        imported_at: now,
    };
    rows::insert_import(db, &row)?;
    audit::record(db, caller.actor(), now, Event::new("import.applied", row.id))?;
    Ok(judged)
}

pub fn report(staged: &Staged, judged: &Judged, applied: bool, lang: Lang) -> ImportReport {
    let count = |fate| if judged.is_fine() { judged.plan.how_many(fate) } else { 0 };
    let error = |one: &RowFault| {
        let FaultView { code, detail, .. } = FaultView::of(&one.fault, lang);
        let (column, value) = (one.column.clone(), one.value.clone());
        ImportError { row: one.line, column, value, code, detail }
    };
    ImportReport {
        applied,
        rows: staged.sheet.as_ref().map_or(0, |sheet| sheet.records.len()),
        created: count(Fate::Created),
        corrected: count(Fate::Corrected),
        unchanged: count(Fate::Unchanged),
        adjusted: if judged.is_fine() { judged.plan.adjusted } else { 0 },
        error_count: judged.faults.len(),
        errors: judged.faults.iter().take(ERRORS_TOLD).map(error).collect(),
    }
}

/// The file as it came, with a column that says what is wrong with each row.
pub fn annotated(staged: &Staged, judged: &Judged, lang: Lang) -> Result<Vec<u8>> {
    let sheet = match &staged.sheet {
        Ok(sheet) => sheet,
        // What can't be read can't be given back.
        Err(fault) => return Err(fault.clone().into()),
    };
    let mut texts = vec![String::new(); sheet.records.len()];
    for one in &judged.faults {
        // What is wrong with the header stands in the first row below it.
        let index = one.index.unwrap_or(0);
        if texts.is_empty() {
            texts.push(String::new());
        }
        if let Some(text) = texts.get_mut(index) {
            if !text.is_empty() {
                text.push(' ');
            }
            if let Some(column) = &one.column {
                text.push_str(&format!("[{column}] "));
            }
            text.push_str(&FaultView::of(&one.fault, lang).detail);
        }
    }
    sheet.with_column(columns::ERROR, &texts).map_err(Error::unexpected)
}

/// The files that were applied, the newest first: all of the programme for those who see it as a
/// whole, else the caller's own.
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
    let rows = rows::imports(db, programme, by, page)?;
    Ok(page.listing(rows, |row| row.id).map(|row| Import {
        id: row.id,
        kind: row.kind,
        sha256: row.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
        rows: row.rows_read,
        created: row.created,
        corrected: row.corrected,
        unchanged: row.unchanged,
        imported_by: row.imported_by,
        imported_at: row.imported_at,
    }))
}

/// Posts counts somewhere in the programme; which rows those may be, each row tells.
fn may_import(caller: &Caller, programme: ProgrammeId) -> Result<()> {
    caller.sees_programme(programme)?;
    let posts = match caller {
        Caller::Operator | Caller::Machine(_) => true,
        Caller::User(account) => account
            .memberships
            .iter()
            .any(|one| one.programme == programme && one.role != Role::Reader),
    };
    if posts { Ok(()) } else { Err(Error::Forbidden("counters_only")) }
}

fn of_header(name: Option<String>, fault: Fault) -> RowFault {
    RowFault { index: None, line: 1, value: None, column: name, fault }
}

/// Where a fault is, in the words of the file.
fn told(header: &Header, index: usize, record: &Record, fault: Fault) -> RowFault {
    let column = header.column(&fault.pointer, &record.cells);
    let value = column.and_then(|column| header.cell(&record.cells, column));
    RowFault {
        index: Some(index),
        line: record.line,
        column: column.map(|column| header.name(column)),
        value: value.map(str::to_string),
        fault,
    }
}
