//! Asking for reports: of one project, or of a whole programme at once.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::rows::{self, ReportRow, VersionRow};
use super::{
    NewProgressReport, ReportInput, ReportKind, ReportRequests, ReportState, ReportedAssessment,
};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::{ProgrammeId, ProgressReportId, ProjectId, VersionId};
use crate::paging::Page;
use crate::participation::{Period, PeriodInput, When};
use crate::projects::{self, ProjectStatus};
use crate::store::{AsOf, Db};

/// Reports that were asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestedReports {
    /// Those that were not asked for before.
    pub requested: Vec<RequestedReport>,
    /// How many projects had such a report already; theirs are left as they are.
    pub already: usize,
}

/// One report that was asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestedReport {
    pub id: ProgressReportId,
    pub project_id: ProjectId,
    #[schema(example = "labstem-nord")]
    pub project: String,
}

/// Asks one project for a report, or records an assessment that another report gives; for the
/// secretariat.
pub fn request(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    input: NewProgressReport,
    now: At,
) -> Result<ProgressReportId> {
    let (programme, standing) = projects::standing(db, caller, project)?;
    standing.require_secretariat()?;
    let start = projects::period_start(db, project)?.map(|start| start.first_day());
    let period = period(&input.period, start)?;
    if input.due_on.is_none() && input.reported.is_none() {
        return Err(Error::invalid("/due_on", "required"));
    }
    let mut found = rows::with_period(db, programme, input.kind, period)?;
    let before = found.remove(&project);
    if input
        .reported
        .as_ref()
        .is_some_and(|one| one.assessment.is_none() && one.learnings.is_none())
    {
        return Err(Error::invalid("/reported/assessment", "required"));
    }
    let NewProgressReport { kind, due_on, reported, .. } = input;
    let wanted = Wanted { kind, period, due_on, reported };
    match before {
        Some((_, ReportState::Withdrawn, _)) | None => {
            put(db, caller, programme, project, before, &wanted, now)
        }
        Some(_) => Err(Error::Conflict("report_there_already")),
    }
}

/// Asks every project in those states that has no such report yet; for the secretariat. Doing it
/// again asks those that have come since.
pub fn request_all(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: &ReportRequests,
    now: At,
) -> Result<RequestedReports> {
    caller.runs_programme(programme)?;
    let period = period(&input.period, None)?;
    let ongoing = [ProjectStatus::Ongoing];
    let statuses = if input.statuses.is_empty() { &ongoing[..] } else { &input.statuses };
    let mut found = rows::with_period(db, programme, input.kind, period)?;
    let wanted = Wanted { kind: input.kind, period, due_on: Some(input.due_on), reported: None };
    let mut requested = RequestedReports { requested: Vec::new(), already: 0 };
    for (project, code) in all_in(db, caller, programme, statuses)? {
        let before = found.remove(&project);
        if before.is_some_and(|(_, state, _)| state != ReportState::Withdrawn) {
            requested.already += 1;
            continue;
        }
        let id = put(db, caller, programme, project, before, &wanted, now)?;
        requested.requested.push(RequestedReport { id, project_id: project, project: code });
    }
    Ok(requested)
}

/// The projects of a programme that are in one of these states, with their codes.
fn all_in(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    statuses: &[ProjectStatus],
) -> Result<Vec<(ProjectId, String)>> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = Page::of(after, 500);
        let filter = projects::Filter::default();
        let listing = projects::list(db, caller, programme, &filter, AsOf::NOW, &page)?;
        after = listing.items.last().map(|project| project.id);
        let wanted = listing.items.into_iter().filter(|one| statuses.contains(&one.status));
        all.extend(wanted.map(|project| (project.id, project.code)));
        if listing.next_cursor.is_none() {
            return Ok(all);
        }
    }
}

fn period(input: &PeriodInput, project_start: Option<NaiveDate>) -> Result<Period> {
    match input.read(false, project_start)? {
        When::During(period) => Ok(period),
        When::UpTo(_) => Err(Fault::at("/period/start", "required").into()),
    }
}

struct Wanted {
    kind: ReportKind,
    period: Period,
    due_on: Option<NaiveDate>,
    reported: Option<ReportedAssessment>,
}

/// A report with its first version, or the next one of a report that was withdrawn.
fn put(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    project: ProjectId,
    before: Option<rows::Found>,
    wanted: &Wanted,
    now: At,
) -> Result<ProgressReportId> {
    let (id, number) = match before {
        Some((id, _, number)) => {
            rows::supersede(db, id, now)?;
            (id, number + 1)
        }
        None => {
            let row = ReportRow {
                id: ProgressReportId::new(),
                programme_id: programme,
                project_id: project,
                kind: wanted.kind,
                period_start: wanted.period.start(),
                period_end: wanted.period.end(),
                created_at: now,
            };
            rows::insert(db, &row)?;
            (row.id, 1)
        }
    };
    let (state, action) = match wanted.reported {
        Some(_) => (ReportState::Reported, "progress_report.recorded"),
        None => (ReportState::Requested, "progress_report.requested"),
    };
    let reported = wanted.reported.as_ref();
    let learnings = reported.and_then(|one| one.learnings.clone());
    let content = ReportInput { learnings, ..ReportInput::default() };
    let row = VersionRow {
        id: VersionId::new(),
        report_id: id,
        number,
        state,
        due_on: wanted.due_on,
        content: serde_json::to_value(content).map_err(Error::unexpected)?,
        figures: None,
        submitted_at: None,
        submitted_by: None,
        decided_at: None,
        decided_by: None,
        decision_comment: None,
        assessment: reported.and_then(|one| one.assessment),
        source_note: reported.map(|one| one.source_note.clone()),
        audit_number: None,
        audit_hash: None,
        recorded_at: now,
        recorded_by: caller.actor(),
        superseded_at: None,
    };
    rows::insert_version(db, &row)?;
    audit::record(db, caller.actor(), now, Event::new(action, id).version(row.id))?;
    Ok(id)
}
