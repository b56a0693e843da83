//! What tables and other reports read of progress reports. They ask nobody whether they may know.

use chrono::NaiveDate;

use super::assessment::Assessment;
use super::figures::Figures;
use super::rows;
use super::{ReportInput, ReportKind, ReportState};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{ProgrammeId, ProgressReportId, ProjectId};
use crate::store::{AsOf, Db};

/// What is agreed or reported of a project for a period, with what stands behind it.
#[derive(Debug, Clone)]
pub struct Assessed {
    pub report: ProgressReportId,
    pub project: ProjectId,
    pub kind: ReportKind,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    /// None where another report tells what was learned and no more.
    pub assessment: Option<Assessment>,
    /// The secretariat's comment, or else the holder's.
    pub comment: Option<String>,
    /// `Approved`, or `Reported` where it is known from another report only.
    pub state: ReportState,
    /// Of what is reported: which report, and where in it.
    pub source_note: Option<String>,
    pub approved_at: Option<At>,
    pub learnings: Option<String>,
    pub deviations: Option<String>,
    /// As they were when it was submitted; none of what is only reported.
    pub figures: Option<Figures>,
}

/// What is agreed or reported of a programme's projects as it stood, by project and then by period.
pub fn assessed(db: &mut Db, programme: ProgrammeId, as_of: AsOf) -> Result<Vec<Assessed>> {
    let states = [ReportState::Approved, ReportState::Reported];
    let mut all = Vec::new();
    for row in rows::in_states(db, programme, &states, as_of)? {
        let content: ReportInput =
            serde_json::from_value(row.version.content).map_err(Error::unexpected)?;
        all.push(Assessed {
            report: row.report.id,
            project: row.report.project_id,
            kind: row.report.kind,
            period_start: row.report.period_start,
            period_end: row.report.period_end,
            assessment: row.version.assessment,
            comment: row.version.decision_comment.or(content.assessment_comment),
            state: row.version.state,
            source_note: row.version.source_note,
            approved_at: row.version.decided_at,
            learnings: content.learnings,
            deviations: content.deviations,
            figures: row.version.figures.map(Figures::stored).transpose()?,
        });
    }
    Ok(all)
}

/// A report that somebody owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub report: ProgressReportId,
    pub project: ProjectId,
    pub kind: ReportKind,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub due_on: NaiveDate,
    pub state: ReportState,
}

/// The reports that were still with their holders when their due day had passed, by project and
/// then by period.
pub fn overdue(db: &mut Db, programme: ProgrammeId, as_of: AsOf, now: At) -> Result<Vec<Due>> {
    let today = as_of.day(now);
    let open: Vec<ReportState> =
        ReportState::ALL.iter().copied().filter(|state| state.is_open()).collect();
    let due = |row: rows::Row| {
        let due_on = row.version.due_on.filter(|day| *day < today)?;
        Some(Due {
            report: row.report.id,
            project: row.report.project_id,
            kind: row.report.kind,
            period_start: row.report.period_start,
            period_end: row.report.period_end,
            due_on,
            state: row.version.state,
        })
    };
    Ok(rows::in_states(db, programme, &open, as_of)?.into_iter().filter_map(due).collect())
}
