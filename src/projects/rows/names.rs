//! Which projects there are, and what they are called.

use diesel::prelude::*;
use diesel::result::QueryResult;

use crate::ids::{ProgrammeId, ProjectId};
use crate::paging::Page;
use crate::projects::PartialDate;
use crate::store::schema::{project_versions, projects};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

pub fn programme_of(db: &mut Db, id: ProjectId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| projects::table.find(id).select(projects::programme_id).first(c).optional())
}

pub fn by_code(db: &mut Db, programme: ProgrammeId, code: &str) -> QueryResult<Option<ProjectId>> {
    on_each!(db, |c| projects::table
        .filter(projects::programme_id.eq(programme))
        .filter(projects::code.eq(code))
        .select(projects::id)
        .first(c)
        .optional())
}

pub fn codes_of(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<(ProjectId, String)>> {
    on_each!(db, |c| projects::table
        .filter(projects::programme_id.eq(programme))
        .select((projects::id, projects::code))
        .load(c))
}

pub fn ids(
    db: &mut Db,
    programme: ProgrammeId,
    page: &Page<ProjectId>,
) -> QueryResult<Vec<ProjectId>> {
    on_each!(db, |c| {
        let mut query = projects::table
            .filter(projects::programme_id.eq(programme))
            .order(projects::id)
            .limit(page.fetch())
            .select(projects::id)
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(projects::id.gt(id));
        }
        query.load(c)
    })
}

pub fn names_of(
    db: &mut Db,
    programme: ProgrammeId,
) -> QueryResult<Vec<(ProjectId, String, String)>> {
    on_each!(db, |c| projects::table
        .inner_join(project_versions::table)
        .filter(projects::programme_id.eq(programme))
        .filter(recorded_as_of!(project_versions, AsOf::NOW))
        .select((projects::id, projects::code, project_versions::title))
        .load(c))
}

pub fn title(db: &mut Db, id: ProjectId) -> QueryResult<Option<String>> {
    on_each!(db, |c| project_versions::table
        .filter(project_versions::project_id.eq(id))
        .filter(recorded_as_of!(project_versions, AsOf::NOW))
        .select(project_versions::title)
        .first(c)
        .optional())
}

pub fn years_of(
    db: &mut Db,
    programme: ProgrammeId,
    as_of: AsOf,
) -> QueryResult<Vec<(ProjectId, Option<i32>)>> {
    on_each!(db, |c| projects::table
        .inner_join(project_versions::table)
        .filter(projects::programme_id.eq(programme))
        .filter(recorded_as_of!(project_versions, as_of))
        .select((projects::id, project_versions::year))
        .load(c))
}

pub fn period_start(db: &mut Db, id: ProjectId) -> QueryResult<Option<PartialDate>> {
    let found: Option<Option<PartialDate>> = on_each!(db, |c| project_versions::table
        .filter(project_versions::project_id.eq(id))
        .filter(recorded_as_of!(project_versions, AsOf::NOW))
        .select(project_versions::period_start)
        .first(c)
        .optional())?;
    Ok(found.flatten())
}
