use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use super::spending::Spending;
use crate::clock::At;
use crate::ids::{ProjectId, SpendingId, UserId, VersionId};
use crate::store::schema::spending_versions;
use crate::store::{AsOf, Db, on_each, recorded_as_of};

/// Ids that go into one statement.
const BATCH: usize = 500;

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = spending_versions, treat_none_as_default_value = false)]
pub struct SpendingRow {
    pub id: VersionId,
    pub spending_id: SpendingId,
    pub project_id: ProjectId,
    pub on_date: NaiveDate,
    pub spent_ore: i64,
    pub note: Option<String>,
    pub withdrawn: bool,
    pub reason: Option<String>,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
}

impl From<SpendingRow> for Spending {
    fn from(row: SpendingRow) -> Spending {
        Spending {
            id: row.spending_id,
            project_id: row.project_id,
            on_date: row.on_date,
            spent_ore: row.spent_ore,
            note: row.note,
            withdrawn: row.withdrawn,
            reason: row.reason,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            superseded_at: row.superseded_at,
        }
    }
}

/// The figures of a project as they stood, by date, withdrawn ones too.
pub fn of_project(db: &mut Db, project: ProjectId, as_of: AsOf) -> QueryResult<Vec<SpendingRow>> {
    on_each!(db, |c| spending_versions::table
        .filter(spending_versions::project_id.eq(project))
        .filter(recorded_as_of!(spending_versions, as_of))
        .order(spending_versions::on_date)
        .select(SpendingRow::as_select())
        .load(c))
}

/// What stood in these projects up to a day, by date.
pub fn up_to(
    db: &mut Db,
    projects: &[ProjectId],
    as_of: AsOf,
    day: NaiveDate,
) -> QueryResult<Vec<SpendingRow>> {
    let mut all = Vec::new();
    for batch in projects.chunks(BATCH) {
        let rows: Vec<SpendingRow> = on_each!(db, |c| spending_versions::table
            .filter(spending_versions::project_id.eq_any(batch))
            .filter(spending_versions::on_date.le(day))
            .filter(spending_versions::withdrawn.eq(false))
            .filter(recorded_as_of!(spending_versions, as_of))
            .order((spending_versions::project_id, spending_versions::on_date))
            .select(SpendingRow::as_select())
            .load(c))?;
        all.extend(rows);
    }
    Ok(all)
}

/// What stands on that date, withdrawn or not.
pub fn on_date(
    db: &mut Db,
    project: ProjectId,
    day: NaiveDate,
) -> QueryResult<Option<SpendingRow>> {
    on_each!(db, |c| spending_versions::table
        .filter(spending_versions::project_id.eq(project))
        .filter(spending_versions::on_date.eq(day))
        .filter(recorded_as_of!(spending_versions, AsOf::NOW))
        .select(SpendingRow::as_select())
        .first(c)
        .optional())
}

/// A figure as it stands, withdrawn or not.
pub fn current(db: &mut Db, id: SpendingId) -> QueryResult<Option<SpendingRow>> {
    on_each!(db, |c| spending_versions::table
        .filter(spending_versions::spending_id.eq(id))
        .filter(recorded_as_of!(spending_versions, AsOf::NOW))
        .select(SpendingRow::as_select())
        .first(c)
        .optional())
}

/// Every version of a figure, the oldest first.
pub fn history(db: &mut Db, id: SpendingId) -> QueryResult<Vec<SpendingRow>> {
    on_each!(db, |c| spending_versions::table
        .filter(spending_versions::spending_id.eq(id))
        .order((spending_versions::recorded_at, spending_versions::id))
        .select(SpendingRow::as_select())
        .load(c))
}

pub fn project_of(db: &mut Db, id: SpendingId) -> QueryResult<Option<ProjectId>> {
    on_each!(db, |c| spending_versions::table
        .filter(spending_versions::spending_id.eq(id))
        .select(spending_versions::project_id)
        .first(c)
        .optional())
}

pub fn insert(db: &mut Db, row: &SpendingRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(spending_versions::table).values(row).execute(c))
}

pub fn supersede(db: &mut Db, version: VersionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(spending_versions::table.find(version))
        .set(spending_versions::superseded_at.eq(now))
        .execute(c))
}
