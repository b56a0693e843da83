use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use super::assessment::Assessment;
use super::{ReportKind, ReportState};
use crate::clock::At;
use crate::ids::{ProgrammeId, ProgressReportId, ProjectId, UserId, VersionId};
use crate::store::schema::{progress_report_versions, progress_reports};
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
