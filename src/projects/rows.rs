use diesel::prelude::*;
use diesel::result::QueryResult;

use crate::ids::{ActivityId, ProgrammeId, ProjectId};
use crate::store::schema::{activities, projects};
use crate::store::{Db, on_each};

pub fn programme_of(db: &mut Db, id: ProjectId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| projects::table.find(id).select(projects::programme_id).first(c).optional())
}

pub fn project_of_activity(db: &mut Db, id: ActivityId) -> QueryResult<Option<ProjectId>> {
    on_each!(db, |c| activities::table.find(id).select(activities::project_id).first(c).optional())
}
