use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use super::reported_facts::{FactDimension, FactUnit, Filter, ReportedFact};
use crate::clock::At;
use crate::ids::{FactId, ProgrammeId, UserId, VersionId};
use crate::paging::Page;
use crate::quantity::Quantity;
use crate::store::schema::reported_fact_versions;
use crate::store::{AsOf, Db, on_each, recorded_as_of};

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = reported_fact_versions, treat_none_as_default_value = false)]
pub struct FactRow {
    pub id: VersionId,
    pub fact_id: FactId,
    pub programme_id: ProgrammeId,
    pub natural_key: String,
    pub measure: String,
    pub year: Option<i32>,
    pub dimension: Option<FactDimension>,
    pub category: Option<String>,
    pub unit: FactUnit,
    pub thousandths: i64,
    pub printed: Option<String>,
    pub on_date: Option<NaiveDate>,
    pub source: String,
    pub page: Option<String>,
    pub note: Option<String>,
    pub withdrawn: bool,
    pub reason: Option<String>,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
    /// A list of texts; none where nothing is named.
    pub projects: Option<serde_json::Value>,
}

impl From<FactRow> for ReportedFact {
    fn from(row: FactRow) -> ReportedFact {
        ReportedFact {
            id: row.fact_id,
            programme_id: row.programme_id,
            measure: row.measure,
            year: row.year,
            dimension: row.dimension,
            category: row.category,
            unit: row.unit,
            value: Quantity::of_thousandths(row.thousandths),
            printed: row.printed,
            on_date: row.on_date,
            source: row.source,
            page: row.page,
            note: row.note,
            projects: row.projects.map(named).unwrap_or_default(),
            withdrawn: row.withdrawn,
            reason: row.reason,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            superseded_at: row.superseded_at,
        }
    }
}

fn named(projects: serde_json::Value) -> Vec<String> {
    // It was written from such a list.
    serde_json::from_value(projects).unwrap_or_default()
}

/// As they stood, in the order in which they were first recorded.
pub fn list(
    db: &mut Db,
    programme: ProgrammeId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<FactId>,
) -> QueryResult<Vec<FactRow>> {
    on_each!(db, |c| {
        let mut query = reported_fact_versions::table
            .filter(reported_fact_versions::programme_id.eq(programme))
            .filter(recorded_as_of!(reported_fact_versions, as_of))
            .order(reported_fact_versions::fact_id)
            .limit(page.fetch())
            .select(FactRow::as_select())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(reported_fact_versions::fact_id.gt(id));
        }
        if let Some(measure) = &filter.measure {
            query = query.filter(reported_fact_versions::measure.eq(measure));
        }
        if let Some(year) = filter.year {
            query = query.filter(reported_fact_versions::year.eq(year));
        }
        if let Some(dimension) = filter.dimension {
            query = query.filter(reported_fact_versions::dimension.eq(dimension));
        }
        if !filter.with_withdrawn {
            query = query.filter(reported_fact_versions::withdrawn.eq(false));
        }
        query.load(c)
    })
}

pub fn all(db: &mut Db, programme: ProgrammeId, as_of: AsOf) -> QueryResult<Vec<FactRow>> {
    on_each!(db, |c| reported_fact_versions::table
        .filter(reported_fact_versions::programme_id.eq(programme))
        .filter(reported_fact_versions::withdrawn.eq(false))
        .filter(recorded_as_of!(reported_fact_versions, as_of))
        .order(reported_fact_versions::fact_id)
        .select(FactRow::as_select())
        .load(c))
}

/// What stands under that natural key, withdrawn or not.
pub fn at_key(db: &mut Db, programme: ProgrammeId, key: &str) -> QueryResult<Option<FactRow>> {
    on_each!(db, |c| reported_fact_versions::table
        .filter(reported_fact_versions::programme_id.eq(programme))
        .filter(reported_fact_versions::natural_key.eq(key))
        .filter(recorded_as_of!(reported_fact_versions, AsOf::NOW))
        .select(FactRow::as_select())
        .first(c)
        .optional())
}

/// A fact as it stands, withdrawn or not.
pub fn current(db: &mut Db, id: FactId) -> QueryResult<Option<FactRow>> {
    on_each!(db, |c| reported_fact_versions::table
        .filter(reported_fact_versions::fact_id.eq(id))
        .filter(recorded_as_of!(reported_fact_versions, AsOf::NOW))
        .select(FactRow::as_select())
        .first(c)
        .optional())
}

/// Every version of a fact, the oldest first.
pub fn history(db: &mut Db, id: FactId) -> QueryResult<Vec<FactRow>> {
    on_each!(db, |c| reported_fact_versions::table
        .filter(reported_fact_versions::fact_id.eq(id))
        .order((reported_fact_versions::recorded_at, reported_fact_versions::id))
        .select(FactRow::as_select())
        .load(c))
}

pub fn programme_of(db: &mut Db, id: FactId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| reported_fact_versions::table
        .filter(reported_fact_versions::fact_id.eq(id))
        .select(reported_fact_versions::programme_id)
        .first(c)
        .optional())
}

pub fn insert(db: &mut Db, row: &FactRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(reported_fact_versions::table).values(row).execute(c))
}

pub fn supersede(db: &mut Db, version: VersionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(reported_fact_versions::table.find(version))
        .set(reported_fact_versions::superseded_at.eq(now))
        .execute(c))
}
