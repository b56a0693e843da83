//! What a project lacks, so that a table can't be whole, and what about it can't be.

use super::FindingCode::*;
use super::Severity::{Error, Note, Warning};
use super::{Case, Finding, Subject};
use crate::projects::{Partnership, Project, ProjectStatus};
use crate::reports::tables::computed::kroner;

pub fn check(case: &mut Case) {
    let projects = case.records.portfolio.projects.clone();
    for project in &projects {
        lacking(case, project);
        time(case, project);
        budget(case, project);
    }
}

fn lacking(case: &mut Case, project: &Project) {
    let lacks = [
        (project.granted_ore.is_none(), AmountMissing, Warning),
        (project.year.is_none(), YearMissing, Warning),
        (project.focus_area.is_none(), FocusAreaMissing, Warning),
        (project.project_type.is_none(), ProjectTypeMissing, Warning),
        (
            project.period_start.is_none() || project.period_end_in_force.is_none(),
            PeriodMissing,
            Warning,
        ),
        (project.partners.is_empty(), PartnersMissing, Note),
        (project.partnership == Partnership::Unknown, EducationTypeMissing, Note),
        (project.approaches.is_empty(), ApproachesMissing, Note),
    ];
    for (lacks, code, severity) in lacks {
        if lacks {
            let subject = Subject::project(project);
            case.find(Finding::new(code, severity, subject).with("title", &project.title));
        }
    }
}

fn time(case: &mut Case, project: &Project) {
    let day = case.walk.as_of.day(case.walk.now);
    let Some(end) = project.period_end_in_force else { return };
    let code = match project.status {
        ProjectStatus::Ongoing if end.last_day() < day => OngoingAfterEnd,
        ProjectStatus::Completed if end.first_day() > day => CompletedBeforeEnd,
        _ => return,
    };
    let finding = Finding::new(code, Warning, Subject::project(project));
    case.find(finding.with("title", &project.title).with("end", end));
}

fn budget(case: &mut Case, project: &Project) {
    if let (Some(granted), Some(budget)) = (project.granted_ore, project.total_budget_ore)
        && granted > budget
    {
        let finding = Finding::new(GrantsAboveBudget, Error, Subject::project(project));
        let finding = finding.with("title", &project.title);
        case.find(finding.figures(kroner(granted), kroner(budget)));
    }
}
