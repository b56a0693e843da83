use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use super::{ImportKind, ImportState};
use crate::clock::At;
use crate::ids::{ImportId, ProgrammeId, UserId};
use crate::paging::Page;
use crate::store::schema::{import_faults, import_rows, import_steps, imports};
use crate::store::{Db, on_each};

/// SQLite binds about 32,000 values in one statement.
const CHUNK: usize = 2_000;

#[derive(Debug, Clone, Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = imports, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ImportRow {
    pub id: ImportId,
    pub programme_id: ProgrammeId,
    pub kind: ImportKind,
    pub sha256: Vec<u8>,
    pub rows_read: i32,
    pub created: i32,
    pub corrected: i32,
    pub unchanged: i32,
    pub imported_by: Option<UserId>,
    pub imported_at: At,
    pub state: ImportState,
    pub dry_run: bool,
    pub partial: bool,
    pub style: Option<Value>,
    pub header: Option<Value>,
    pub steps: i32,
    pub steps_done: i32,
    pub rows_done: i32,
    pub rows_skipped: i32,
    pub rows_unfilled: i32,
    pub adjusted: i32,
    pub error_count: i32,
    pub failure: Option<String>,
    pub worked_at: Option<At>,
    pub finished_at: Option<At>,
}

pub fn insert(db: &mut Db, row: &ImportRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(imports::table).values(row).execute(c))
}

pub fn update(db: &mut Db, row: &ImportRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(imports::table.find(row.id)).set(row).execute(c))
}

pub fn find(db: &mut Db, id: ImportId) -> QueryResult<Option<ImportRow>> {
    on_each!(db, |c| imports::table.find(id).select(ImportRow::as_select()).first(c).optional())
}

/// The newest first; of one account only, where `by` names it.
pub fn list(
    db: &mut Db,
    programme: ProgrammeId,
    by: Option<UserId>,
    page: &Page<ImportId>,
) -> QueryResult<Vec<ImportRow>> {
    on_each!(db, |c| {
        let mut query = imports::table
            .filter(imports::programme_id.eq(programme))
            .order(imports::id.desc())
            .limit(page.fetch())
            .select(ImportRow::as_select())
            .into_boxed();
        if let Some(user) = by {
            query = query.filter(imports::imported_by.eq(user));
        }
        if let Some(id) = page.after {
            query = query.filter(imports::id.lt(id));
        }
        query.load(c)
    })
}

/// Those in such a state that nobody has worked on since then.
pub fn abandoned(db: &mut Db, states: &[ImportState], since: At) -> QueryResult<Vec<ImportId>> {
    on_each!(db, |c| imports::table
        .filter(imports::state.eq_any(states))
        .filter(imports::worked_at.is_null().or(imports::worked_at.lt(since)))
        .order(imports::id)
        .select(imports::id)
        .load(c))
}

/// Takes one over; 0 where another was faster.
pub fn claim(db: &mut Db, id: ImportId, since: At, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(imports::table.find(id))
        .filter(imports::worked_at.is_null().or(imports::worked_at.lt(since)))
        .set(imports::worked_at.eq(now))
        .execute(c))
}

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = import_rows)]
pub struct StagedRow {
    pub import_id: ImportId,
    pub number: i32,
    pub line: i64,
    pub cells: String,
    pub faulty: bool,
}

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = import_steps)]
pub struct StepRow {
    pub import_id: ImportId,
    pub step: i32,
    pub number: i32,
}

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = import_faults, treat_none_as_default_value = false)]
pub struct FaultRow {
    pub import_id: ImportId,
    pub number: i32,
    pub position: i32,
    pub line: i64,
    pub column_name: Option<String>,
    pub value: Option<String>,
    pub code: String,
    pub args: Value,
}

pub fn stage(db: &mut Db, rows: &[StagedRow], steps: &[StepRow]) -> QueryResult<()> {
    for rows in rows.chunks(CHUNK) {
        on_each!(db, |c| diesel::insert_into(import_rows::table).values(rows).execute(c))?;
    }
    for steps in steps.chunks(CHUNK) {
        on_each!(db, |c| diesel::insert_into(import_steps::table).values(steps).execute(c))?;
    }
    Ok(())
}

/// The rows of a step in the order of the file, without those that are known to be faulty.
pub fn of_step(db: &mut Db, id: ImportId, step: i32) -> QueryResult<Vec<StagedRow>> {
    // Not as a join: SQLite would walk through all rows for each step.
    let numbers: Vec<i32> = on_each!(db, |c| import_steps::table
        .filter(import_steps::import_id.eq(id))
        .filter(import_steps::step.eq(step))
        .order(import_steps::number)
        .select(import_steps::number)
        .load(c))?;
    let mut rows = Vec::with_capacity(numbers.len());
    for numbers in numbers.chunks(CHUNK) {
        let found: Vec<StagedRow> = on_each!(db, |c| import_rows::table
            .filter(import_rows::import_id.eq(id))
            .filter(import_rows::number.eq_any(numbers))
            .filter(import_rows::faulty.eq(false))
            .order(import_rows::number)
            .select(StagedRow::as_select())
            .load(c))?;
        rows.extend(found);
    }
    Ok(rows)
}

/// The numbers of all rows of that step and those after it, in order; a million are four megabytes.
pub fn of_steps_from(db: &mut Db, id: ImportId, step: i32) -> QueryResult<Vec<i32>> {
    let mut numbers: Vec<i32> = on_each!(db, |c| import_steps::table
        .filter(import_steps::import_id.eq(id))
        .filter(import_steps::step.ge(step))
        .select(import_steps::number)
        .load(c))?;
    numbers.sort_unstable();
    Ok(numbers)
}

/// Rows in the order of the file, from that number on.
pub fn rows_from(db: &mut Db, id: ImportId, from: i32, most: i64) -> QueryResult<Vec<StagedRow>> {
    on_each!(db, |c| import_rows::table
        .filter(import_rows::import_id.eq(id))
        .filter(import_rows::number.ge(from))
        .order(import_rows::number)
        .limit(most)
        .select(StagedRow::as_select())
        .load(c))
}

pub fn mark_faulty(db: &mut Db, id: ImportId, numbers: &[i32]) -> QueryResult<()> {
    for numbers in numbers.chunks(CHUNK) {
        on_each!(db, |c| diesel::update(import_rows::table)
            .filter(import_rows::import_id.eq(id))
            .filter(import_rows::number.eq_any(numbers))
            .set(import_rows::faulty.eq(true))
            .execute(c))?;
    }
    Ok(())
}

pub fn add_faults(db: &mut Db, faults: &[FaultRow]) -> QueryResult<()> {
    for faults in faults.chunks(CHUNK) {
        on_each!(db, |c| diesel::insert_into(import_faults::table).values(faults).execute(c))?;
    }
    Ok(())
}

/// The first faults, in the order of the file.
pub fn faults(db: &mut Db, id: ImportId, most: i64) -> QueryResult<Vec<FaultRow>> {
    on_each!(db, |c| import_faults::table
        .filter(import_faults::import_id.eq(id))
        .order((import_faults::number, import_faults::position))
        .limit(most)
        .select(FaultRow::as_select())
        .load(c))
}

/// The faults of rows from one number to before another.
pub fn faults_between(
    db: &mut Db,
    id: ImportId,
    from: i32,
    before: i32,
) -> QueryResult<Vec<FaultRow>> {
    on_each!(db, |c| import_faults::table
        .filter(import_faults::import_id.eq(id))
        .filter(import_faults::number.ge(from))
        .filter(import_faults::number.lt(before))
        .order((import_faults::number, import_faults::position))
        .select(FaultRow::as_select())
        .load(c))
}

/// Some of an import's staged rows, so that nobody waits for a million; whether there may be more.
pub fn forget_rows(db: &mut Db, id: ImportId, most: i32) -> QueryResult<bool> {
    let first: Option<i32> = on_each!(db, |c| import_rows::table
        .filter(import_rows::import_id.eq(id))
        .order(import_rows::number)
        .select(import_rows::number)
        .first(c)
        .optional())?;
    let Some(first) = first else { return Ok(false) };
    on_each!(db, |c| diesel::delete(import_rows::table)
        .filter(import_rows::import_id.eq(id))
        .filter(import_rows::number.lt(first + most))
        .execute(c))?;
    Ok(true)
}

/// As [`forget_rows`], for the steps and the faults: the rows of that many steps.
pub fn forget_steps(db: &mut Db, id: ImportId, most: i32) -> QueryResult<bool> {
    let first: Option<i32> = on_each!(db, |c| import_steps::table
        .filter(import_steps::import_id.eq(id))
        .order(import_steps::step)
        .select(import_steps::step)
        .first(c)
        .optional())?;
    let Some(first) = first else { return Ok(false) };
    on_each!(db, |c| diesel::delete(import_steps::table)
        .filter(import_steps::import_id.eq(id))
        .filter(import_steps::step.lt(first + most))
        .execute(c))?;
    Ok(true)
}

pub fn forget_faults(db: &mut Db, id: ImportId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(import_faults::table)
        .filter(import_faults::import_id.eq(id))
        .execute(c))
}

/// Imports that were finished before then and whose rows are still kept.
pub fn finished_before(db: &mut Db, before: At) -> QueryResult<Vec<ImportId>> {
    on_each!(db, |c| imports::table
        .filter(imports::finished_at.lt(before))
        .filter(imports::steps.gt(0))
        .order(imports::id)
        .select(imports::id)
        .load(c))
}

pub fn set_forgotten(db: &mut Db, id: ImportId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(imports::table.find(id)).set(imports::steps.eq(0)).execute(c))
}
