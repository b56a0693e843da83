//! What would change the figures of a locked period. The programme's own goals are in no report.

use chrono::NaiveDate;

use super::rows::IndicatorRow;
use crate::clock::At;
use crate::error::Result;
use crate::projects::locks;
use crate::store::Db;

/// A value is the standing on its date.
pub fn check_value(
    db: &mut Db,
    indicator: &IndicatorRow,
    on_date: NaiveDate,
    now: At,
) -> Result<()> {
    check(db, indicator, on_date, on_date, "/on_date", now)
}

/// A target is what every period that ends on its first day or later is held against.
pub fn check_target(
    db: &mut Db,
    indicator: &IndicatorRow,
    holds_from: Option<NaiveDate>,
    now: At,
) -> Result<()> {
    let first = holds_from.unwrap_or(NaiveDate::MIN);
    check(db, indicator, first, NaiveDate::MAX, "/holds_from", now)
}

fn check(
    db: &mut Db,
    indicator: &IndicatorRow,
    first: NaiveDate,
    last: NaiveDate,
    pointer: &str,
    now: At,
) -> Result<()> {
    match indicator.project_id {
        Some(project) => locks::closed(db, project, now)?.check(first, last, pointer),
        None => Ok(()),
    }
}
