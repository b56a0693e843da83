//! Files of counts: read and checked first, then applied in one step, all of it or nothing.

use std::collections::HashMap;

use csv::StringRecord;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::cells::{Cells, Named};
use super::columns::{self, Column, Header};
use super::csv_in::{self, Record, Sheet};
use super::input::{Place, Words, resolve};
use super::ledger::{Fate, Wanted};
use super::plan::{Plan, Stamp, plan};
use super::rows::{self, ImportRow};
use crate::accounts::{Caller, Role};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::{ImportId, ProgrammeId, ProjectId, UserId};
use crate::messages::Lang;
use crate::paging::{Listing, Page};
use crate::problem::FaultView;
use crate::projects;
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
                faults.extend(all.into_iter().map(|fault| reader.told(index, record, fault)));
            }
        }
    }
    let stamp = Stamp { programme, actor: caller.actor(), now };
    let (plan, more) = plan(db, stamp, wanted)?;
    for (row, fault) in more {
        let index = places.get(row).copied().unwrap_or(row);
        if let Some(record) = sheet.records.get(index) {
            faults.push(reader.told(index, record, fault));
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
        Caller::Operator => true,
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

/// Turns rows into counts.
struct Reader<'a> {
    caller: &'a Caller,
    programme: ProgrammeId,
    header: Header,
    decimal_mark: char,
    words: Words,
    /// By code and, in small letters, by title; none where two projects share it.
    projects: HashMap<String, Option<ProjectId>>,
    /// None where the caller is nothing to the project.
    places: HashMap<ProjectId, Option<Place>>,
    /// What cells name, since the same few words stand in thousands of rows.
    named: Named,
}

/// A row that could be read, or all that is wrong with it.
type Read<T> = std::result::Result<T, Vec<Fault>>;

impl<'a> Reader<'a> {
    fn load(
        db: &mut Db,
        caller: &'a Caller,
        programme: ProgrammeId,
        sheet: &Sheet,
        header: Header,
    ) -> Result<Reader<'a>> {
        let names = projects::names_of(db, programme)?;
        let mut projects = HashMap::new();
        for (id, _, title) in &names {
            projects.entry(title.to_lowercase()).and_modify(|one| *one = None).or_insert(Some(*id));
        }
        projects.extend(names.into_iter().map(|(id, code, _)| (code, Some(id))));
        Ok(Reader {
            caller,
            programme,
            header,
            decimal_mark: sheet.decimal_mark(),
            words: Words::load(db, programme)?,
            projects,
            places: HashMap::new(),
            named: HashMap::new(),
        })
    }

    /// The count that a row puts, or all that is wrong with the row.
    fn wanted(&mut self, db: &mut Db, record: &Record) -> Result<Read<Wanted>> {
        let cells = &record.cells;
        let excess = cells.iter().skip(self.header.width()).any(|cell| !cell.trim().is_empty());
        if cells.len() < self.header.width() || excess {
            // Which cell is which can't be told; a file that was cut ends like this too.
            let fault = Fault::at("", "cells").with("expected", self.header.width());
            return Ok(Err(vec![fault.with("found", cells.len())]));
        }
        let project = self.project(db, cells)?;
        let place = project.as_ref().ok().and_then(|id| self.places.get(id)?.as_ref());
        let mut cells = Cells::of(&self.header, cells, self.decimal_mark);
        let input = cells.input(&self.words, place, &mut self.named);
        let mut faults = cells.faults;
        let place = match (project, place) {
            (Ok(_), Some(place)) => place,
            (Ok(_), None) => return Err(Error::unexpected("a project that was found is gone")),
            (Err(fault), _) => {
                faults.insert(0, fault);
                return Ok(Err(faults));
            }
        };
        match resolve(&self.words, place, &input) {
            Ok(wanted) if !place.standing.may_count(wanted.series.organisation) => {
                faults.push(Fault::at("/organisation", "other_organisation"));
            }
            Ok(wanted) if faults.is_empty() => return Ok(Ok(wanted)),
            Ok(_) => {}
            Err(more) => {
                // A cell that can't be read has been told of already.
                let is_new =
                    |fault: &Fault| !faults.iter().any(|told| is_of_same_cell(told, fault));
                let more: Vec<Fault> = more.into_iter().filter(is_new).collect();
                faults.extend(more);
            }
        }
        Ok(Err(faults))
    }

    fn project(
        &mut self,
        db: &mut Db,
        cells: &StringRecord,
    ) -> Result<std::result::Result<ProjectId, Fault>> {
        let pointer = "/project";
        let Some(name) = self.header.cell(cells, Column::Project) else {
            return Ok(Err(Fault::at(pointer, "required")));
        };
        let found = self.projects.get(name).or_else(|| self.projects.get(&name.to_lowercase()));
        // What the caller is nothing to is told of as what isn't there.
        let unknown = || Fault::at(pointer, "unknown_project").with("value", name);
        let Some(id) = found.copied().flatten() else { return Ok(Err(unknown())) };
        if !self.places.contains_key(&id) {
            let place = match self.caller.standing(self.programme, id) {
                Ok(standing) => Some(Place::load(db, id, standing)?),
                Err(Error::NotFound) => None,
                Err(error) => return Err(error),
            };
            self.places.insert(id, place);
        }
        Ok(match self.places.get(&id).and_then(Option::as_ref) {
            None => Err(unknown()),
            Some(place) if !place.posts() => Err(Fault::at(pointer, "not_yours")),
            Some(_) => Ok(id),
        })
    }

    /// Where a fault is, in the words of the file.
    fn told(&self, index: usize, record: &Record, fault: Fault) -> RowFault {
        let column = self.header.column(&fault.pointer, &record.cells);
        RowFault {
            index: Some(index),
            line: record.line,
            column: column.map(|column| self.header.name(column)),
            value: column
                .and_then(|column| self.header.cell(&record.cells, column))
                .map(str::to_string),
            fault,
        }
    }
}

fn is_of_same_cell(told: &Fault, fault: &Fault) -> bool {
    let both = |start| told.pointer.starts_with(start) && fault.pointer.starts_with(start);
    told.pointer == fault.pointer || both("/period")
}
