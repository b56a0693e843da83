use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use super::rows::BATCH;
use super::values::{Value, ValueKey};
use crate::clock::At;
use crate::ids::{IndicatorId, ProgrammeId, UserId, ValueId, VersionId};
use crate::paging::Page;
use crate::store::schema::{indicators, value_versions};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = value_versions, treat_none_as_default_value = false)]
pub struct ValueRow {
    pub id: VersionId,
    pub value_id: ValueId,
    pub indicator_id: IndicatorId,
    pub on_date: NaiveDate,
    pub thousandths: i64,
    pub note: Option<String>,
    pub reported: bool,
    pub source_note: Option<String>,
    pub withdrawn: bool,
    pub reason: Option<String>,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
}

/// The values of an indicator as they stood, by date; withdrawn ones only where asked for.
pub fn page(
    db: &mut Db,
    indicator: IndicatorId,
    as_of: AsOf,
    with_withdrawn: bool,
    page: &Page<ValueKey>,
) -> QueryResult<Vec<ValueRow>> {
    on_each!(db, |c| {
        let mut query = value_versions::table
            .filter(value_versions::indicator_id.eq(indicator))
            .filter(recorded_as_of!(value_versions, as_of))
            .order((value_versions::on_date, value_versions::reported))
            .limit(page.fetch())
            .select(ValueRow::as_select())
            .into_boxed();
        if !with_withdrawn {
            query = query.filter(value_versions::withdrawn.eq(false));
        }
        if let Some(ValueKey { on_date, reported }) = page.after {
            let later = value_versions::on_date.gt(on_date);
            // Of one day the posted value comes before the reported one.
            let same_day = value_versions::on_date.eq(on_date);
            query = match reported {
                true => query.filter(later),
                false => query.filter(later.or(same_day.and(value_versions::reported.eq(true)))),
            };
        }
        query.load(c)
    })
}

/// What stood in these indicators up to a day, by date.
pub fn up_to(
    db: &mut Db,
    indicators: &[IndicatorId],
    as_of: AsOf,
    day: NaiveDate,
) -> QueryResult<Vec<ValueRow>> {
    let mut all = Vec::new();
    for batch in indicators.chunks(BATCH) {
        let rows: Vec<ValueRow> = on_each!(db, |c| value_versions::table
            .filter(value_versions::indicator_id.eq_any(batch))
            .filter(value_versions::on_date.le(day))
            .filter(value_versions::withdrawn.eq(false))
            .filter(recorded_as_of!(value_versions, as_of))
            .order((value_versions::indicator_id, value_versions::on_date))
            .select(ValueRow::as_select())
            .load(c))?;
        all.extend(rows);
    }
    Ok(all)
}

/// The value on that natural key as it stands, withdrawn or not.
pub fn at_key(db: &mut Db, indicator: IndicatorId, key: ValueKey) -> QueryResult<Option<ValueRow>> {
    on_each!(db, |c| value_versions::table
        .filter(value_versions::indicator_id.eq(indicator))
        .filter(value_versions::on_date.eq(key.on_date))
        .filter(value_versions::reported.eq(key.reported))
        .filter(recorded_as_of!(value_versions, AsOf::NOW))
        .select(ValueRow::as_select())
        .first(c)
        .optional())
}

/// A value as it stands, withdrawn or not.
pub fn current(db: &mut Db, id: ValueId) -> QueryResult<Option<ValueRow>> {
    on_each!(db, |c| value_versions::table
        .filter(value_versions::value_id.eq(id))
        .filter(recorded_as_of!(value_versions, AsOf::NOW))
        .select(ValueRow::as_select())
        .first(c)
        .optional())
}

/// Every version of a value, the oldest first.
pub fn history(db: &mut Db, id: ValueId) -> QueryResult<Vec<ValueRow>> {
    on_each!(db, |c| value_versions::table
        .filter(value_versions::value_id.eq(id))
        .order((value_versions::recorded_at, value_versions::id))
        .select(ValueRow::as_select())
        .load(c))
}

pub fn programme_of(db: &mut Db, id: ValueId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| value_versions::table
        .inner_join(indicators::table)
        .filter(value_versions::value_id.eq(id))
        .select(indicators::programme_id)
        .first(c)
        .optional())
}

pub fn insert(db: &mut Db, row: &ValueRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(value_versions::table).values(row).execute(c))
}

pub fn supersede(db: &mut Db, version: VersionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(value_versions::table.find(version))
        .set(value_versions::superseded_at.eq(now))
        .execute(c))
}

impl From<ValueRow> for Value {
    fn from(row: ValueRow) -> Value {
        Value {
            id: row.value_id,
            indicator_id: row.indicator_id,
            on_date: row.on_date,
            figure: crate::quantity::Quantity::of_thousandths(row.thousandths),
            note: row.note,
            reported: row.reported,
            source_note: row.source_note,
            withdrawn: row.withdrawn,
            reason: row.reason,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            superseded_at: row.superseded_at,
        }
    }
}
