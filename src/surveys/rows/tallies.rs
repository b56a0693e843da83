use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Text};
use diesel::sqlite::Sqlite;
use serde_json::Value;

use crate::ids::{LinkId, QuestionnaireId};
use crate::store::schema::{crossings, tallies};
use crate::store::types::Uid;
use crate::store::{Db, on_each, on_run};
use crate::surveys::tally::Source;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tallies)]
pub struct TallyRow {
    pub link_id: LinkId,
    pub question: String,
    pub option: String,
    pub base_question: String,
    pub base_option: String,
    pub source: Source,
    pub n: i64,
}

/// Adds to what is there. The rows must differ in their keys and stand in the order of them, so
/// that no two transactions wait for each other.
pub fn add(db: &mut Db, rows: &[TallyRow]) -> QueryResult<()> {
    for run in db.runs(rows) {
        let links = run.iter().map(|row| row.link_id).collect();
        let keys = [
            run.iter().map(|row| row.question.as_str()).collect(),
            run.iter().map(|row| row.option.as_str()).collect(),
            run.iter().map(|row| row.base_question.as_str()).collect(),
            run.iter().map(|row| row.base_option.as_str()).collect(),
        ];
        let sources = run.iter().map(|row| row.source).collect();
        let n = run.iter().map(|row| row.n).collect();
        on_run!(run, |N| {
            let more = More::<N> { links, keys, sources, n };
            on_each!(db, |c| more.execute(c))?
        });
    }
    Ok(())
}

/// One statement for `N` rows, or on PostgreSQL for however many.
struct More<'a, const N: usize> {
    links: Vec<LinkId>,
    /// Question, option, and those of the base.
    keys: [Vec<&'a str>; 4],
    sources: Vec<Source>,
    n: Vec<i64>,
}

impl<const N: usize> QueryId for More<'_, N> {
    type QueryId = More<'static, N>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C, const N: usize> RunQueryDsl<C> for More<'_, N> {}

const INTO_TALLIES: &str =
    "INSERT INTO tallies (link_id, question, option, base_question, base_option, source, n) ";
const ADDED: &str = " ON CONFLICT (link_id, question, option, base_question, base_option, source) \
                     DO UPDATE SET n = tallies.n + excluded.n";

impl<const N: usize> QueryFragment<Pg> for More<'_, N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(INTO_TALLIES);
        out.push_sql("SELECT * FROM unnest(");
        out.push_bind_param::<Array<Uid>, _>(&self.links)?;
        for column in &self.keys {
            out.push_sql(", ");
            out.push_bind_param::<Array<Text>, _>(column)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.sources)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.n)?;
        out.push_sql(")");
        out.push_sql(ADDED);
        Ok(())
    }
}

impl<const N: usize> QueryFragment<Sqlite> for More<'_, N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        if self.links.len() != N {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql(INTO_TALLIES);
        let rows = self.links.iter().zip(&self.sources).zip(&self.n);
        for (index, ((link, source), n)) in rows.enumerate() {
            out.push_sql(if index == 0 { "VALUES (" } else { ", (" });
            out.push_bind_param::<Uid, _>(link)?;
            for key in self.keys.iter().filter_map(|column| column.get(index)) {
                out.push_sql(", ");
                out.push_bind_param::<Text, _>(key)?;
            }
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(source)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(n)?;
            out.push_sql(")");
        }
        out.push_sql(ADDED);
        Ok(())
    }
}

pub fn of_link(db: &mut Db, link: LinkId) -> QueryResult<Vec<TallyRow>> {
    on_each!(db, |c| tallies::table
        .filter(tallies::link_id.eq(link))
        .order((
            tallies::question,
            tallies::option,
            tallies::base_question,
            tallies::base_option,
            tallies::source,
        ))
        .select(TallyRow::as_select())
        .load(c))
}

pub fn delete_of_link(db: &mut Db, link: LinkId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(tallies::table.filter(tallies::link_id.eq(link))).execute(c))
}

pub fn delete_of_source(db: &mut Db, link: LinkId, source: Source) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(
        tallies::table.filter(tallies::link_id.eq(link)).filter(tallies::source.eq(source))
    )
    .execute(c))
}

/// How many answered, by link and source: the tally of the empty cell.
pub fn totals(db: &mut Db, links: &[LinkId]) -> QueryResult<Vec<(LinkId, Source, i64)>> {
    on_each!(db, |c| tallies::table
        .filter(tallies::link_id.eq_any(links))
        .filter(tallies::question.eq(""))
        .filter(tallies::option.eq(""))
        .filter(tallies::base_question.eq(""))
        .filter(tallies::base_option.eq(""))
        .select((tallies::link_id, tallies::source, tallies::n))
        .load(c))
}

/// A pair that a questionnaire tallies crossed.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = crossings, treat_none_as_default_value = false)]
pub struct CrossingRow {
    pub questionnaire_id: QuestionnaireId,
    pub base_question: String,
    pub question: String,
    /// Which answers to the base question are in the base, as a list of codes.
    pub base_options: Value,
}

pub fn crossings(db: &mut Db, of: &[QuestionnaireId]) -> QueryResult<Vec<CrossingRow>> {
    on_each!(db, |c| {
        let query = crossings::table
            .order((crossings::questionnaire_id, crossings::base_question, crossings::question))
            .select(CrossingRow::as_select());
        match of {
            // The most frequent, and SQLite too plans it once.
            [one] => query.filter(crossings::questionnaire_id.eq(*one)).load(c),
            of => query.filter(crossings::questionnaire_id.eq_any(of)).load(c),
        }
    })
}

/// False where the pair is tallied crossed already.
pub fn insert_crossing(db: &mut Db, row: &CrossingRow) -> QueryResult<bool> {
    let made = on_each!(db, |c| diesel::insert_into(crossings::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}

pub fn delete_crossing(
    db: &mut Db,
    of: QuestionnaireId,
    base: &str,
    question: &str,
) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(
        crossings::table
            .filter(crossings::questionnaire_id.eq(of))
            .filter(crossings::base_question.eq(base))
            .filter(crossings::question.eq(question))
    )
    .execute(c))
}

/// Deletes what is tallied of a pair.
pub fn delete_crossed(db: &mut Db, link: LinkId, base: &str, question: &str) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(
        tallies::table
            .filter(tallies::link_id.eq(link))
            .filter(tallies::base_question.eq(base))
            .filter(tallies::question.eq(question))
    )
    .execute(c))
}
