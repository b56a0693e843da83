use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use super::revisions::RevisionState;
use super::rows::BATCH;
use crate::clock::At;
use crate::ids::{IndicatorId, OrganisationId, ProgrammeId, RevisionId, UserId, VersionId};
use crate::store::schema::{indicators, target_parts, target_versions};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = target_versions, treat_none_as_default_value = false)]
pub struct VersionRow {
    pub id: VersionId,
    pub revision_id: RevisionId,
    pub indicator_id: IndicatorId,
    pub number: i32,
    pub target: Value,
    pub planned: Value,
    pub holds_from: Option<chrono::NaiveDate>,
    pub reason: Option<String>,
    pub reported: bool,
    pub source_note: Option<String>,
    pub state: RevisionState,
    pub proposed_by: Option<UserId>,
    pub proposed_at: At,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<At>,
    pub decision_note: Option<String>,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
}

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = target_parts, treat_none_as_default_value = false)]
pub struct PartRow {
    pub version_id: VersionId,
    pub organisation_id: OrganisationId,
    pub minimum: i32,
}

/// The revisions of these indicators as they stood, each indicator's in their order.
pub fn revisions(
    db: &mut Db,
    indicators: &[IndicatorId],
    as_of: AsOf,
) -> QueryResult<Vec<VersionRow>> {
    let mut all = Vec::new();
    for batch in indicators.chunks(BATCH) {
        let rows: Vec<VersionRow> = on_each!(db, |c| target_versions::table
            .filter(target_versions::indicator_id.eq_any(batch))
            .filter(recorded_as_of!(target_versions, as_of))
            .order((target_versions::indicator_id, target_versions::number))
            .select(VersionRow::as_select())
            .load(c))?;
        all.extend(rows);
    }
    Ok(all)
}

/// One revision as it stands.
pub fn revision(db: &mut Db, id: RevisionId) -> QueryResult<Option<VersionRow>> {
    on_each!(db, |c| target_versions::table
        .filter(target_versions::revision_id.eq(id))
        .filter(recorded_as_of!(target_versions, AsOf::NOW))
        .select(VersionRow::as_select())
        .first(c)
        .optional())
}

/// How those versions are split by organisation.
pub fn parts(db: &mut Db, versions: &[VersionId]) -> QueryResult<Vec<PartRow>> {
    let mut all = Vec::new();
    for batch in versions.chunks(BATCH) {
        let rows: Vec<PartRow> = on_each!(db, |c| target_parts::table
            .filter(target_parts::version_id.eq_any(batch))
            .order((target_parts::version_id, target_parts::organisation_id))
            .select(PartRow::as_select())
            .load(c))?;
        all.extend(rows);
    }
    Ok(all)
}

pub fn programme_of(db: &mut Db, id: RevisionId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| target_versions::table
        .inner_join(indicators::table)
        .filter(target_versions::revision_id.eq(id))
        .select(indicators::programme_id)
        .first(c)
        .optional())
}

/// Adds a version with its parts. The one it follows is to be superseded first.
pub fn insert(db: &mut Db, row: &VersionRow, parts: &[PartRow]) -> QueryResult<()> {
    on_each!(db, |c| {
        diesel::insert_into(target_versions::table).values(row).execute(c)?;
        diesel::insert_into(target_parts::table).values(parts).execute(c)
    })?;
    Ok(())
}

pub fn supersede(db: &mut Db, version: VersionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(target_versions::table.find(version))
        .set(target_versions::superseded_at.eq(now))
        .execute(c))
}
