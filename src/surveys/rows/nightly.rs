use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::upsert::excluded;

use crate::store::schema::nightly_tasks;
use crate::store::{Db, on_each};

/// The last day on which the task was done.
pub fn last(db: &mut Db, task: &str) -> QueryResult<Option<NaiveDate>> {
    on_each!(db, |c| nightly_tasks::table.find(task).select(nightly_tasks::day).first(c).optional())
}

pub fn done(db: &mut Db, task: &str, day: NaiveDate) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(nightly_tasks::table)
        .values((nightly_tasks::task.eq(task), nightly_tasks::day.eq(day)))
        .on_conflict(nightly_tasks::task)
        .do_update()
        .set(nightly_tasks::day.eq(excluded(nightly_tasks::day)))
        .execute(c))
}
