use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use super::assessment::Assessment;
use super::{ReportKind, ReportState};
use crate::clock::At;
use crate::ids::{ProgrammeId, ProgressReportId, ProjectId, UserId, VersionId};
use crate::paging::Page;
use crate::participation::Period;
use crate::store::schema::{
    progress_report_versions, progress_reports, project_versions, projects,
};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = progress_reports, treat_none_as_default_value = false)]
pub struct ReportRow {
    pub id: ProgressReportId,
    pub programme_id: ProgrammeId,
    pub project_id: ProjectId,
    pub kind: ReportKind,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub created_at: At,
}

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = progress_report_versions, treat_none_as_default_value = false)]
pub struct VersionRow {
    pub id: VersionId,
    pub report_id: ProgressReportId,
    pub number: i32,
    pub state: ReportState,
    pub due_on: Option<NaiveDate>,
    pub content: Value,
    /// As they were when it was submitted.
    pub figures: Option<Value>,
    pub submitted_at: Option<At>,
    pub submitted_by: Option<UserId>,
    /// When it was returned or approved.
    pub decided_at: Option<At>,
    pub decided_by: Option<UserId>,
    pub decision_comment: Option<String>,
    /// As decided, or as another report gives it.
    pub assessment: Option<Assessment>,
    pub source_note: Option<String>,
    pub audit_number: Option<i64>,
    pub audit_hash: Option<Vec<u8>>,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
}

/// A report with one of its versions.
#[derive(Debug, Clone, Queryable, Selectable)]
pub struct Row {
    #[diesel(embed)]
    pub report: ReportRow,
    #[diesel(embed)]
    pub version: VersionRow,
}

pub fn programme_of(db: &mut Db, id: ProgressReportId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| progress_reports::table
        .find(id)
        .select(progress_reports::programme_id)
        .first(c)
        .optional())
}

/// The reports of a programme that stood in one of these states, by project and then by period.
pub fn in_states(
    db: &mut Db,
    programme: ProgrammeId,
    states: &[ReportState],
    as_of: AsOf,
) -> QueryResult<Vec<Row>> {
    on_each!(db, |c| progress_reports::table
        .inner_join(progress_report_versions::table)
        .filter(progress_reports::programme_id.eq(programme))
        .filter(progress_report_versions::state.eq_any(states))
        .filter(recorded_as_of!(progress_report_versions, as_of))
        .order((
            progress_reports::project_id,
            progress_reports::period_start,
            progress_reports::kind,
        ))
        .select(Row::as_select())
        .load(c))
}

/// A report as it stands.
pub fn current(db: &mut Db, id: ProgressReportId) -> QueryResult<Option<Row>> {
    on_each!(db, |c| progress_reports::table
        .inner_join(progress_report_versions::table)
        .filter(progress_reports::id.eq(id))
        .filter(recorded_as_of!(progress_report_versions, AsOf::NOW))
        .select(Row::as_select())
        .first(c)
        .optional())
}

/// A report that is there: its state and the number of its version.
pub type Found = (ProgressReportId, ReportState, i32);

/// The reports of that kind and period, by project.
pub fn with_period(
    db: &mut Db,
    programme: ProgrammeId,
    kind: ReportKind,
    period: Period,
) -> QueryResult<HashMap<ProjectId, Found>> {
    let rows: Vec<(ProjectId, Found)> = on_each!(db, |c| progress_reports::table
        .inner_join(progress_report_versions::table)
        .filter(progress_reports::programme_id.eq(programme))
        .filter(progress_reports::kind.eq(kind))
        .filter(progress_reports::period_start.eq(period.start()))
        .filter(progress_reports::period_end.eq(period.end()))
        .filter(recorded_as_of!(progress_report_versions, AsOf::NOW))
        .select((
            progress_reports::project_id,
            (
                progress_reports::id,
                progress_report_versions::state,
                progress_report_versions::number,
            ),
        ))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

/// Which reports are asked for.
pub struct Choice<'a> {
    pub programme: ProgrammeId,
    /// Only those of these projects.
    pub only: Option<&'a [ProjectId]>,
    pub states: Option<Vec<ReportState>>,
    pub kind: Option<ReportKind>,
    /// Only those whose period ends within these days.
    pub ends_within: Option<(NaiveDate, NaiveDate)>,
    /// Only those that were due before that day.
    pub due_before: Option<NaiveDate>,
}

/// With the project's code and title.
pub type Listed = (Row, String, String);

/// In the order of making.
pub fn list(
    db: &mut Db,
    choice: &Choice,
    page: &Page<ProgressReportId>,
) -> QueryResult<Vec<Listed>> {
    on_each!(db, |c| {
        let mut query = progress_reports::table
            .inner_join(progress_report_versions::table)
            .inner_join(projects::table.inner_join(project_versions::table))
            .filter(progress_reports::programme_id.eq(choice.programme))
            .filter(recorded_as_of!(progress_report_versions, AsOf::NOW))
            .filter(recorded_as_of!(project_versions, AsOf::NOW))
            .order(progress_reports::id)
            .limit(page.fetch())
            .select((Row::as_select(), projects::code, project_versions::title))
            .into_boxed();
        if let Some(only) = choice.only {
            query = query.filter(progress_reports::project_id.eq_any(only));
        }
        if let Some(states) = &choice.states {
            query = query.filter(progress_report_versions::state.eq_any(states));
        }
        if let Some(kind) = choice.kind {
            query = query.filter(progress_reports::kind.eq(kind));
        }
        if let Some((first, last)) = choice.ends_within {
            query = query.filter(progress_reports::period_end.between(first, last));
        }
        if let Some(day) = choice.due_before {
            query = query.filter(progress_report_versions::due_on.lt(day));
        }
        if let Some(id) = page.after {
            query = query.filter(progress_reports::id.gt(id));
        }
        query.load(c)
    })
}

/// Every version of a report, the newest first.
pub fn history(
    db: &mut Db,
    id: ProgressReportId,
    page: &Page<i32>,
) -> QueryResult<Vec<VersionRow>> {
    on_each!(db, |c| {
        let mut query = progress_report_versions::table
            .filter(progress_report_versions::report_id.eq(id))
            .order(progress_report_versions::number.desc())
            .limit(page.fetch())
            .select(VersionRow::as_select())
            .into_boxed();
        if let Some(number) = page.after {
            query = query.filter(progress_report_versions::number.lt(number));
        }
        query.load(c)
    })
}

/// A report with number and hash of the audit entry that it carries.
pub type WithHead = (ProgressReportId, Option<i64>, Option<Vec<u8>>);

/// The audit heads that approved reports carry, of all their versions.
pub fn heads(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<WithHead>> {
    on_each!(db, |c| progress_report_versions::table
        .inner_join(progress_reports::table)
        .filter(progress_reports::programme_id.eq(programme))
        .filter(progress_report_versions::state.eq(ReportState::Approved))
        .order((progress_report_versions::report_id, progress_report_versions::number))
        .select((
            progress_report_versions::report_id,
            progress_report_versions::audit_number,
            progress_report_versions::audit_hash,
        ))
        .load(c))
}

pub fn insert(db: &mut Db, row: &ReportRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(progress_reports::table).values(row).execute(c))
}

pub fn insert_version(db: &mut Db, row: &VersionRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(progress_report_versions::table).values(row).execute(c))
}

/// Ends the version that stands.
pub fn supersede(db: &mut Db, id: ProgressReportId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(
        progress_report_versions::table
            .filter(progress_report_versions::report_id.eq(id))
            .filter(progress_report_versions::superseded_at.is_null())
    )
    .set(progress_report_versions::superseded_at.eq(now))
    .execute(c))
}
