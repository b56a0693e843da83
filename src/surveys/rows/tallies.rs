use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::upsert::excluded;
use serde_json::Value;

use crate::ids::{LinkId, QuestionnaireId};
use crate::store::schema::{crossings, tallies};
use crate::store::{Db, on_each};
use crate::surveys::tally::Source;

#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = tallies, treat_none_as_default_value = false)]
pub struct TallyRow {
    pub link_id: LinkId,
    pub question: String,
    pub option: String,
    pub base_question: String,
    pub base_option: String,
    pub source: Source,
    pub n: i64,
}

const BATCH: usize = 500;

/// Adds to what is there. The rows must differ in their keys and stand in the order of them, so
/// that no two transactions wait for each other.
pub fn add(db: &mut Db, rows: &[TallyRow]) -> QueryResult<()> {
    for batch in rows.chunks(BATCH) {
        on_each!(db, |c| diesel::insert_into(tallies::table)
            .values(batch)
            .on_conflict((
                tallies::link_id,
                tallies::question,
                tallies::option,
                tallies::base_question,
                tallies::base_option,
                tallies::source,
            ))
            .do_update()
            .set(tallies::n.eq(tallies::n + excluded(tallies::n)))
            .execute(c))?;
    }
    Ok(())
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
    on_each!(db, |c| crossings::table
        .filter(crossings::questionnaire_id.eq_any(of))
        .order((crossings::questionnaire_id, crossings::base_question, crossings::question))
        .select(CrossingRow::as_select())
        .load(c))
}

/// False where the pair is tallied crossed already.
pub fn insert_crossing(db: &mut Db, row: &CrossingRow) -> QueryResult<bool> {
    let made = on_each!(db, |c| diesel::insert_into(crossings::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}
