use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use crate::clock::At;
use crate::ids::{LockId, OpeningId, ProgressReportId, ProjectId, UserId};
use crate::store::schema::{period_locks, period_openings};
use crate::store::{Db, on_each};

/// As many ids as either engine takes in one statement.
const BATCH: usize = 500;

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = period_locks, treat_none_as_default_value = false)]
pub struct LockRow {
    pub id: LockId,
    pub project_id: ProjectId,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub report_id: ProgressReportId,
    pub locked_at: At,
    pub locked_by: Option<UserId>,
}

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = period_openings, treat_none_as_default_value = false)]
pub struct OpeningRow {
    pub id: OpeningId,
    pub project_id: ProjectId,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub reason: String,
    pub open_until: NaiveDate,
    pub opened_at: At,
    pub opened_by: Option<UserId>,
    pub closed_at: Option<At>,
    pub closed_by: Option<UserId>,
}

pub fn insert_lock(db: &mut Db, row: &LockRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(period_locks::table).values(row).execute(c))
}

/// The locks of these projects, by their first day.
pub fn locks(db: &mut Db, projects: &[ProjectId]) -> QueryResult<Vec<LockRow>> {
    let mut all = Vec::new();
    for batch in projects.chunks(BATCH) {
        let rows: Vec<LockRow> = on_each!(db, |c| period_locks::table
            .filter(period_locks::project_id.eq_any(batch))
            .order((period_locks::period_start, period_locks::id))
            .select(LockRow::as_select())
            .load(c))?;
        all.extend(rows);
    }
    Ok(all)
}

pub fn insert_opening(db: &mut Db, row: &OpeningRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(period_openings::table).values(row).execute(c))
}

pub fn opening(db: &mut Db, id: OpeningId) -> QueryResult<Option<OpeningRow>> {
    on_each!(db, |c| period_openings::table
        .find(id)
        .select(OpeningRow::as_select())
        .first(c)
        .optional())
}

/// The openings of these projects, the newest first.
pub fn openings(db: &mut Db, projects: &[ProjectId]) -> QueryResult<Vec<OpeningRow>> {
    let mut all = Vec::new();
    for batch in projects.chunks(BATCH) {
        let rows: Vec<OpeningRow> = on_each!(db, |c| period_openings::table
            .filter(period_openings::project_id.eq_any(batch))
            .order(period_openings::id.desc())
            .select(OpeningRow::as_select())
            .load(c))?;
        all.extend(rows);
    }
    Ok(all)
}

pub fn close_opening(
    db: &mut Db,
    id: OpeningId,
    by: Option<UserId>,
    now: At,
) -> QueryResult<usize> {
    let change = (period_openings::closed_at.eq(now), period_openings::closed_by.eq(by));
    on_each!(db, |c| diesel::update(period_openings::table.find(id)).set(change).execute(c))
}
