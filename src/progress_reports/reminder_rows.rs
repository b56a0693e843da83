use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use super::reminders::ReminderState;
use crate::clock::At;
use crate::ids::{ProgressReportId, ReminderId, UserId};
use crate::store::schema::report_reminders;
use crate::store::{Db, on_each};

/// As many ids as either engine takes in one statement.
const BATCH: usize = 500;

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = report_reminders, treat_none_as_default_value = false)]
pub struct ReminderRow {
    pub id: ReminderId,
    pub report_id: ProgressReportId,
    pub day: NaiveDate,
    pub state: ReminderState,
    pub made_at: At,
    pub made_by: Option<UserId>,
    pub tried_at: At,
}

/// The reminder of each of these reports on that day.
pub fn on_day(
    db: &mut Db,
    reports: &[ProgressReportId],
    day: NaiveDate,
) -> QueryResult<HashMap<ProgressReportId, ReminderRow>> {
    let mut all = HashMap::new();
    for batch in reports.chunks(BATCH) {
        let rows: Vec<ReminderRow> = on_each!(db, |c| report_reminders::table
            .filter(report_reminders::report_id.eq_any(batch))
            .filter(report_reminders::day.eq(day))
            .select(ReminderRow::as_select())
            .load(c))?;
        all.extend(rows.into_iter().map(|row| (row.report_id, row)));
    }
    Ok(all)
}

/// The reminders of a report, the newest first.
pub fn of_report(db: &mut Db, report: ProgressReportId) -> QueryResult<Vec<ReminderRow>> {
    on_each!(db, |c| report_reminders::table
        .filter(report_reminders::report_id.eq(report))
        .order(report_reminders::day.desc())
        .select(ReminderRow::as_select())
        .load(c))
}

pub fn last_days(
    db: &mut Db,
    reports: &[ProgressReportId],
) -> QueryResult<HashMap<ProgressReportId, NaiveDate>> {
    let mut all = HashMap::new();
    for batch in reports.chunks(BATCH) {
        let rows: Vec<(ProgressReportId, Option<NaiveDate>)> =
            on_each!(db, |c| report_reminders::table
                .filter(report_reminders::report_id.eq_any(batch))
                .group_by(report_reminders::report_id)
                .select((report_reminders::report_id, diesel::dsl::max(report_reminders::day)))
                .load(c))?;
        all.extend(rows.into_iter().filter_map(|(id, day)| Some((id, day?))));
    }
    Ok(all)
}

pub fn insert(db: &mut Db, row: &ReminderRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(report_reminders::table).values(row).execute(c))
}

/// How far it came, and when it was tried.
pub fn settle(db: &mut Db, id: ReminderId, state: ReminderState, now: At) -> QueryResult<usize> {
    let change = (report_reminders::state.eq(state), report_reminders::tried_at.eq(now));
    on_each!(db, |c| diesel::update(report_reminders::table.find(id)).set(change).execute(c))
}
