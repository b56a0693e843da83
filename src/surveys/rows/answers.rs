use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use crate::ids::LinkId;
use crate::store::schema::responses;
use crate::store::{Db, on_each};
use crate::surveys::intake::ResponseId;

/// One response. Nothing in it tells who, or when beyond the day.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = responses, treat_none_as_default_value = false)]
pub struct ResponseRow {
    pub link_id: LinkId,
    pub id: ResponseId,
    pub day: NaiveDate,
    pub answers: String,
}

const BATCH: usize = 500;

pub fn insert(db: &mut Db, rows: &[ResponseRow]) -> QueryResult<()> {
    for batch in rows.chunks(BATCH) {
        on_each!(db, |c| diesel::insert_into(responses::table).values(batch).execute(c))?;
    }
    Ok(())
}

/// Those of one link that are stored already, with their answers.
pub fn stored(
    db: &mut Db,
    link: LinkId,
    ids: &[ResponseId],
) -> QueryResult<Vec<(ResponseId, String)>> {
    on_each!(db, |c| responses::table
        .filter(responses::link_id.eq(link))
        .filter(responses::id.eq_any(ids))
        .select((responses::id, responses::answers))
        .load(c))
}

/// The next responses of a link in the order of their random key.
pub fn after(
    db: &mut Db,
    link: LinkId,
    key: Option<ResponseId>,
    limit: i64,
) -> QueryResult<Vec<ResponseRow>> {
    on_each!(db, |c| {
        let mut query = responses::table
            .filter(responses::link_id.eq(link))
            .order(responses::id)
            .limit(limit)
            .select(ResponseRow::as_select())
            .into_boxed();
        if let Some(key) = key {
            query = query.filter(responses::id.gt(key));
        }
        query.load(c)
    })
}

/// Deletes the responses of a link from one key up to another, both included.
pub fn delete_between(
    db: &mut Db,
    link: LinkId,
    first: ResponseId,
    last: ResponseId,
) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(
        responses::table
            .filter(responses::link_id.eq(link))
            .filter(responses::id.between(first, last))
    )
    .execute(c))
}
