//! Progress reports that are owed, or that don't fit their project.

use std::collections::HashMap;

use super::FindingCode::*;
use super::Severity::{Error, Note, Warning};
use super::{Case, Finding, Subject};
use crate::error::Result;
use crate::ids::{ProgressReportId, ProjectId};
use crate::progress_reports::{self, Assessed, ReportKind, ReportState};
use crate::projects::{Project, ProjectStatus};
use crate::reports::faces::spoken;
use crate::store::Db;

pub fn check(db: &mut Db, case: &mut Case) -> Result<()> {
    let (programme, as_of, now) = (case.walk.programme, case.walk.as_of, case.walk.now);
    let projects = case.records.portfolio.projects.clone();
    let by_id: HashMap<ProjectId, &Project> = projects.iter().map(|one| (one.id, one)).collect();
    let lang = case.walk.lang;
    for due in progress_reports::overdue(db, programme, as_of, now)? {
        let Some(project) = by_id.get(&due.project) else { continue };
        let finding = Finding::new(ReportOverdue, Warning, of_report(project, due.report));
        let finding = finding.with("title", &project.title);
        case.find(finding.with("due", spoken::date(lang, &due.due_on)));
    }
    let assessed = progress_reports::assessed(db, programme, as_of)?;
    for project in projects.iter().filter(|one| one.status == ProjectStatus::Completed) {
        let own = || assessed.iter().filter(|one| one.project == project.id);
        if !own().any(is_approved_final) {
            let finding = Finding::new(FinalReportMissing, Note, Subject::project(project));
            case.find(finding.with("title", &project.title));
        }
        // Told as completed, and as ongoing in a period after its end.
        let end = project.period_end_in_force.map(|end| end.last_day());
        let later = own().find(|one| {
            one.kind == ReportKind::Annual && end.is_some_and(|end| one.period_start > end)
        });
        if let Some(later) = later {
            let subject = of_report(project, later.report);
            let finding = Finding::new(CompletedAssessedLater, Error, subject);
            let finding = finding.with("title", &project.title);
            case.find(finding.with("end", spoken::date(lang, &later.period_end)));
        }
    }
    Ok(())
}

/// What another report tells of a project's end is none.
fn is_approved_final(one: &Assessed) -> bool {
    one.kind == ReportKind::Final && one.state == ReportState::Approved
}

fn of_report(project: &Project, report: ProgressReportId) -> Subject {
    Subject {
        kind: "progress_report",
        code: project.code.clone(),
        project: Some(project.code.clone()),
        address: format!("/api/v1/progress-reports/{report}"),
    }
}
