use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use super::change::ChangeKind;
use super::change_requests::{Filter, RequestState};
use crate::clock::At;
use crate::ids::{ChangeRequestId, ProgrammeId, ProjectId, UserId, VersionId};
use crate::paging::Page;
use crate::store::schema::{change_request_versions, projects};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = change_request_versions, treat_none_as_default_value = false)]
pub struct RequestRow {
    pub id: VersionId,
    pub request_id: ChangeRequestId,
    pub project_id: ProjectId,
    pub kind: ChangeKind,
    pub change: Value,
    pub reason: String,
    /// The version of the project that stood when it was made.
    pub seen_version_id: VersionId,
    pub state: RequestState,
    pub requested_by: Option<UserId>,
    pub requested_at: At,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<At>,
    pub decision_note: Option<String>,
    /// The version of the project that it led to.
    pub made_version_id: Option<VersionId>,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
}

/// Whose requests are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    Programme(ProgrammeId),
    Project(ProjectId),
}

/// As they stood, the oldest first.
pub fn list(
    db: &mut Db,
    of: Of,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<ChangeRequestId>,
) -> QueryResult<Vec<RequestRow>> {
    on_each!(db, |c| {
        let mut query = change_request_versions::table
            .inner_join(projects::table)
            .filter(recorded_as_of!(change_request_versions, as_of))
            .order(change_request_versions::request_id)
            .limit(page.fetch())
            .select(RequestRow::as_select())
            .into_boxed();
        query = match of {
            Of::Programme(id) => query.filter(projects::programme_id.eq(id)),
            Of::Project(id) => query.filter(change_request_versions::project_id.eq(id)),
        };
        if let Some(id) = page.after {
            query = query.filter(change_request_versions::request_id.gt(id));
        }
        if let Some(state) = filter.state {
            query = query.filter(change_request_versions::state.eq(state));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(change_request_versions::kind.eq(kind));
        }
        query.load(c)
    })
}

pub fn current(db: &mut Db, id: ChangeRequestId) -> QueryResult<Option<RequestRow>> {
    on_each!(db, |c| change_request_versions::table
        .filter(change_request_versions::request_id.eq(id))
        .filter(recorded_as_of!(change_request_versions, AsOf::NOW))
        .select(RequestRow::as_select())
        .first(c)
        .optional())
}

pub fn project_of(db: &mut Db, id: ChangeRequestId) -> QueryResult<Option<ProjectId>> {
    on_each!(db, |c| change_request_versions::table
        .filter(change_request_versions::request_id.eq(id))
        .select(change_request_versions::project_id)
        .first(c)
        .optional())
}

/// Adds a version. The one it follows is to be superseded first.
pub fn insert(db: &mut Db, row: &RequestRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(change_request_versions::table).values(row).execute(c))
}

pub fn supersede(db: &mut Db, version: VersionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(change_request_versions::table.find(version))
        .set(change_request_versions::superseded_at.eq(now))
        .execute(c))
}
