use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use crate::clock::At;
use crate::ids::{CodeId, CountId, ProgrammeId, ProjectId};
use crate::participation::Counting;
use crate::store::schema::{activities, count_versions, counts, organisations, projects};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

/// A count as it stood.
#[derive(Queryable)]
pub struct CountRow {
    pub id: CountId,
    pub project: String,
    pub activity: Option<i32>,
    pub organisation: Option<String>,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub role_id: CodeId,
    pub education_level_id: Option<CodeId>,
    pub counting: Counting,
    pub participants: i32,
    pub women: Option<i32>,
    pub men: Option<i32>,
    pub other_gender: Option<i32>,
    pub note: Option<String>,
    pub recorded_at: At,
}

/// A page of the counts that stood and were not withdrawn, by id: of one project, or all.
pub fn counts(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    as_of: AsOf,
    after: Option<CountId>,
    size: usize,
) -> QueryResult<Vec<CountRow>> {
    on_each!(db, |c| {
        let mut query = counts::table
            .inner_join(count_versions::table)
            .inner_join(projects::table.on(projects::id.eq(counts::project_id)))
            .left_join(activities::table.on(counts::activity_id.eq(activities::id.nullable())))
            .left_join(
                organisations::table.on(counts::organisation_id.eq(organisations::id.nullable())),
            )
            .filter(counts::programme_id.eq(programme))
            .filter(recorded_as_of!(count_versions, as_of))
            .filter(count_versions::withdrawn.eq(false))
            .order(counts::id)
            .limit(size as i64)
            .select((
                counts::id,
                projects::code,
                activities::number.nullable(),
                organisations::code.nullable(),
                counts::period_start,
                counts::period_end,
                counts::role_id,
                counts::education_level_id,
                counts::counting,
                count_versions::participants,
                count_versions::women,
                count_versions::men,
                count_versions::other_gender,
                count_versions::note,
                count_versions::recorded_at,
            ))
            .into_boxed();
        if let Some(project) = project {
            query = query.filter(counts::project_id.eq(project));
        }
        if let Some(id) = after {
            query = query.filter(counts::id.gt(id));
        }
        query.load(c)
    })
}
