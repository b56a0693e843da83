use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use crate::ids::{ActivityId, ProjectId};
use crate::store::schema::activities;
use crate::store::{Db, on_each};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = activities)]
pub struct ActivityRow {
    pub id: ActivityId,
    pub project_id: ProjectId,
    pub number: i32,
    pub title: String,
    pub assumptions: Value,
    pub version: i32,
}

pub fn project_of_activity(db: &mut Db, id: ActivityId) -> QueryResult<Option<ProjectId>> {
    on_each!(db, |c| activities::table.find(id).select(activities::project_id).first(c).optional())
}

pub fn activity(db: &mut Db, id: ActivityId) -> QueryResult<Option<ActivityRow>> {
    on_each!(db, |c| activities::table
        .find(id)
        .select(ActivityRow::as_select())
        .first(c)
        .optional())
}

pub fn activities(db: &mut Db, project: ProjectId) -> QueryResult<Vec<ActivityRow>> {
    on_each!(db, |c| activities::table
        .filter(activities::project_id.eq(project))
        .order(activities::number)
        .select(ActivityRow::as_select())
        .load(c))
}

pub fn activity_numbers(db: &mut Db, project: ProjectId) -> QueryResult<Vec<(ActivityId, i32)>> {
    on_each!(db, |c| activities::table
        .filter(activities::project_id.eq(project))
        .select((activities::id, activities::number))
        .load(c))
}

pub fn insert_activity(db: &mut Db, row: &ActivityRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(activities::table).values(row).execute(c))
}

pub fn update_activity(db: &mut Db, row: &ActivityRow) -> QueryResult<usize> {
    let change = (
        activities::number.eq(row.number),
        activities::title.eq(&row.title),
        activities::assumptions.eq(&row.assumptions),
        activities::version.eq(row.version),
    );
    on_each!(db, |c| diesel::update(activities::table.find(row.id)).set(change).execute(c))
}

pub fn delete_activity(db: &mut Db, id: ActivityId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(activities::table.find(id)).execute(c))
}
