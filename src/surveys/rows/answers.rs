use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Date, Text};
use diesel::sqlite::Sqlite;

use crate::ids::LinkId;
use crate::store::schema::responses;
use crate::store::types::Uid;
use crate::store::{Db, on_each, on_run};
use crate::surveys::intake::ResponseId;

/// One response. Nothing in it tells who, or when beyond the day.
#[derive(Queryable, Selectable)]
#[diesel(table_name = responses)]
pub struct ResponseRow {
    pub link_id: LinkId,
    pub id: ResponseId,
    pub day: NaiveDate,
    pub answers: String,
}

/// One that is to be stored.
pub struct NewResponse<'a> {
    pub link_id: LinkId,
    pub id: ResponseId,
    pub day: NaiveDate,
    pub answers: &'a str,
}

impl<'a> From<&'a ResponseRow> for NewResponse<'a> {
    fn from(row: &'a ResponseRow) -> NewResponse<'a> {
        NewResponse { link_id: row.link_id, id: row.id, day: row.day, answers: &row.answers }
    }
}

/// Stores responses, in their order, but for those that are stored already; how many it were.
pub fn insert(db: &mut Db, rows: &[NewResponse<'_>]) -> QueryResult<usize> {
    let mut stored = 0;
    for run in db.runs(rows) {
        let links = run.iter().map(|row| row.link_id).collect();
        let ids = run.iter().map(|row| row.id).collect();
        let days = run.iter().map(|row| row.day).collect();
        let answers = run.iter().map(|row| row.answers).collect();
        stored += on_run!(run, |N| {
            let new = NewResponses::<N> { links, ids, days, answers };
            on_each!(db, |c| new.execute(c))?
        });
    }
    Ok(stored)
}

/// One statement for `N` rows, or on PostgreSQL for however many.
struct NewResponses<'a, const N: usize> {
    links: Vec<LinkId>,
    ids: Vec<ResponseId>,
    days: Vec<NaiveDate>,
    answers: Vec<&'a str>,
}

impl<const N: usize> QueryId for NewResponses<'_, N> {
    type QueryId = NewResponses<'static, N>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C, const N: usize> RunQueryDsl<C> for NewResponses<'_, N> {}

const INTO_RESPONSES: &str = "INSERT INTO responses (link_id, id, day, answers) ";

impl<const N: usize> QueryFragment<Pg> for NewResponses<'_, N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(INTO_RESPONSES);
        out.push_sql("SELECT * FROM unnest(");
        out.push_bind_param::<Array<Uid>, _>(&self.links)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Uid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Date>, _>(&self.days)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.answers)?;
        out.push_sql(") ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl<const N: usize> QueryFragment<Sqlite> for NewResponses<'_, N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        if self.links.len() != N {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql(INTO_RESPONSES);
        let rows = self.links.iter().zip(&self.ids).zip(&self.days).zip(&self.answers);
        for (index, (((link, id), day), answers)) in rows.enumerate() {
            out.push_sql(if index == 0 { "VALUES (" } else { ", (" });
            out.push_bind_param::<Uid, _>(link)?;
            out.push_sql(", ");
            out.push_bind_param::<Uid, _>(id)?;
            out.push_sql(", ");
            out.push_bind_param::<Date, _>(day)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(answers)?;
            out.push_sql(")");
        }
        out.push_sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
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

/// Those of several links that are stored already, with their answers.
pub fn stored_among(
    db: &mut Db,
    among: &[(LinkId, ResponseId)],
) -> QueryResult<Vec<(ResponseId, String)>> {
    let mut found = Vec::new();
    for run in db.runs(among) {
        let (links, ids) = run.iter().copied().unzip();
        found.extend(on_run!(run, |N| {
            let stored = Stored::<N> { links, ids };
            on_each!(db, |c| stored.load(c))?
        }));
    }
    Ok(found)
}

/// One statement for `N` ids, or on PostgreSQL for however many.
struct Stored<const N: usize> {
    links: Vec<LinkId>,
    ids: Vec<ResponseId>,
}

impl<const N: usize> QueryId for Stored<N> {
    type QueryId = Stored<N>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<const N: usize> Query for Stored<N> {
    type SqlType = (Uid, Text);
}

impl<C, const N: usize> RunQueryDsl<C> for Stored<N> {}

const STORED: &str = "SELECT r.id, r.answers FROM responses r";

impl<const N: usize> QueryFragment<Pg> for Stored<N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(STORED);
        out.push_sql(" JOIN unnest(");
        out.push_bind_param::<Array<Uid>, _>(&self.links)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Uid>, _>(&self.ids)?;
        out.push_sql(") AS o (link_id, id) ON r.link_id = o.link_id AND r.id = o.id");
        Ok(())
    }
}

impl<const N: usize> QueryFragment<Sqlite> for Stored<N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        if self.links.len() != N {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql(STORED);
        for (index, (link, id)) in self.links.iter().zip(&self.ids).enumerate() {
            out.push_sql(if index == 0 { " WHERE (r.link_id, r.id) IN (VALUES (" } else { ", (" });
            out.push_bind_param::<Uid, _>(link)?;
            out.push_sql(", ");
            out.push_bind_param::<Uid, _>(id)?;
            out.push_sql(")");
        }
        out.push_sql(")");
        Ok(())
    }
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
