//! Reports in lists: whose, how far, and which are overdue.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::may::{May, is_overdue};
use super::reminders;
use super::rows::{self, Listed, Row};
use super::{Assessment, ReportKind, ReportState};
use crate::accounts::{Caller, Role, Standing};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{ProgrammeId, ProgressReportId, ProjectId};
use crate::paging::{Listing, Page};
use crate::participation::Period;
use crate::projects;
use crate::store::Db;

/// A progress report in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgressReportLine {
    pub id: ProgressReportId,
    pub project_id: ProjectId,
    /// The project's code.
    #[schema(example = "labstem-nord")]
    pub project: String,
    pub project_title: String,
    pub kind: ReportKind,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub due_on: Option<NaiveDate>,
    /// Still with the holder, and the due day has passed.
    pub overdue: bool,
    /// Days since the due day; null where it is not overdue.
    pub days_overdue: Option<i64>,
    pub state: ReportState,
    /// As the secretariat decided, or as another report gives it.
    pub assessment: Option<Assessment>,
    pub submitted_at: Option<At>,
    pub decided_at: Option<At>,
    /// The day of the last reminder.
    pub reminded_on: Option<NaiveDate>,
    pub version: i32,
    pub may_edit: bool,
    pub may_submit: bool,
    pub may_return: bool,
    pub may_approve: bool,
    pub may_move_due: bool,
    pub may_withdraw: bool,
}

/// Which reports of a programme are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<ReportState>,
    pub kind: Option<ReportKind>,
    /// The year in which the period ends.
    pub year: Option<i32>,
    pub overdue: bool,
}

/// The reports of a programme in the order of making; a holder sees those of its own projects, and
/// a contributor none.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    filter: &Filter,
    page: &Page<ProgressReportId>,
    now: At,
) -> Result<Listing<ProgressReportLine>> {
    caller.sees_programme(programme)?;
    chosen(db, caller, programme, held_in(caller, programme), filter, page, now)
}

/// The reports of one project, in the order of making.
pub fn list_of(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    page: &Page<ProgressReportId>,
    now: At,
) -> Result<Listing<ProgressReportLine>> {
    let (programme, standing) = projects::standing(db, caller, project)?;
    standing.require_whole_project()?;
    chosen(db, caller, programme, Some(vec![project]), &Filter::default(), page, now)
}

/// The projects whose reports the caller sees; none where it sees all.
fn held_in(caller: &Caller, programme: ProgrammeId) -> Option<Vec<ProjectId>> {
    caller.projects_in(programme)?;
    let account = caller.account().ok()?;
    let held = account.memberships.iter().filter(|one| one.role == Role::Holder);
    Some(held.filter(|one| one.programme == programme).filter_map(|one| one.project).collect())
}

fn chosen(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    only: Option<Vec<ProjectId>>,
    filter: &Filter,
    page: &Page<ProgressReportId>,
    now: At,
) -> Result<Listing<ProgressReportLine>> {
    let ends_within = match filter.year {
        None => None,
        Some(year) => {
            let year = Period::calendar_year(year).ok_or_else(|| {
                let fault = Fault::at("year", "range").with("min", 1900).with("max", 2199);
                Error::Malformed(Faults(vec![fault]))
            })?;
            Some((year.start(), year.end()))
        }
    };
    let open = || ReportState::ALL.iter().copied().filter(|state| state.is_open());
    let states = match (filter.state, filter.overdue) {
        (Some(state), true) => Some(open().filter(|one| *one == state).collect()),
        (Some(state), false) => Some(vec![state]),
        (None, true) => Some(open().collect()),
        (None, false) => None,
    };
    let choice = rows::Choice {
        programme,
        only: only.as_deref(),
        states,
        kind: filter.kind,
        ends_within,
        due_before: filter.overdue.then(|| now.day()),
    };
    let found = page.listing(rows::list(db, &choice, page)?, |(row, ..)| row.report.id);
    let ids: Vec<ProgressReportId> = found.items.iter().map(|(row, ..)| row.report.id).collect();
    let reminded = reminders::last_days(db, &ids)?;
    let mut items = Vec::with_capacity(found.items.len());
    for listed in found.items {
        let standing = caller.standing(programme, listed.0.report.project_id)?;
        let reminded_on = reminded.get(&listed.0.report.id).copied();
        items.push(line(listed, &standing, reminded_on, now));
    }
    Ok(Listing { items, next_cursor: found.next_cursor })
}

fn line(
    (row, project, project_title): Listed,
    standing: &Standing,
    reminded_on: Option<NaiveDate>,
    now: At,
) -> ProgressReportLine {
    let overdue = is_overdue(&row, now.day());
    let Row { report, version } = row;
    let may = May::of(version.state, standing);
    let days = |due: NaiveDate| (now.day() - due).num_days();
    ProgressReportLine {
        id: report.id,
        project_id: report.project_id,
        project,
        project_title,
        kind: report.kind,
        period_start: report.period_start,
        period_end: report.period_end,
        due_on: version.due_on,
        overdue,
        days_overdue: version.due_on.filter(|_| overdue).map(days),
        state: version.state,
        assessment: version.assessment,
        submitted_at: version.submitted_at,
        decided_at: version.decided_at,
        reminded_on,
        version: version.number,
        may_edit: may.write,
        may_submit: may.write && now.day() >= report.period_end,
        may_return: may.decide,
        may_approve: may.decide,
        may_move_due: may.arrange,
        may_withdraw: may.withdraw,
    }
}
