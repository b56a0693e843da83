//! Indicators, their targets, and counts that don't fit them.

use std::collections::{BTreeSet, HashMap};

use chrono::Datelike;

use super::FindingCode::*;
use super::Severity::{Error, Note, Warning};
use super::{Case, Finding, Subject};
use crate::error::Result;
use crate::ids::ProjectId;
use crate::indicators::IndicatorSource;
use crate::indicators::progress::{Progress, ProjectProgress};
use crate::indicators::target::Target;
use crate::participation;
use crate::projects::{Project, ProjectStatus};
use crate::quantity::Quantity;
use crate::store::Db;

pub fn check(db: &mut Db, case: &mut Case) -> Result<()> {
    let standing: Vec<ProjectProgress> = case.records.standing.projects.clone();
    let goals = case.records.standing.goals.clone();
    let mut counted: HashMap<ProjectId, BTreeSet<i32>> = HashMap::new();
    for (project, start, end) in participation::periods(db, case.walk.programme, case.walk.as_of)? {
        counted.entry(project).or_default().extend(start.year()..=end.year());
    }
    let projects = case.records.portfolio.projects.clone();
    for (project, progress) in projects.iter().zip(&standing) {
        let used = || progress.indicators.iter().filter(|one| !one.indicator.retired);
        if used().next().is_none() {
            let finding = Finding::new(NoIndicators, Warning, Subject::project(project));
            case.find(finding.with("title", &project.title));
        }
        for one in used() {
            indicator(case, project, one);
        }
        years(case, project, progress, counted.get(&project.id));
    }
    for goal in &goals {
        expected(case, goal);
        reported_actual(case, None, goal);
    }
    Ok(())
}

fn of_indicator(project: Option<&Project>, progress: &Progress) -> Subject {
    Subject {
        kind: "indicator",
        code: progress.indicator.code.clone(),
        project: project.map(|project| project.code.clone()),
        address: format!("/api/v1/indicators/{}", progress.indicator.id),
    }
}

fn indicator(case: &mut Case, project: &Project, progress: &Progress) {
    let finding = |code, severity| {
        let subject = of_indicator(Some(project), progress);
        let finding = Finding::new(code, severity, subject);
        finding.with("title", &project.title).with("indicator", &progress.indicator.title)
    };
    let target = progress.target.as_ref();
    if target.is_none() {
        case.find(finding(NoTarget, Warning));
    }
    if let (Some(broader), Some(figure)) =
        (progress.at_broader_level, target.and_then(|target| target.figure))
    {
        case.find(finding(AtBroaderLevel, Error).figures(Quantity::whole(broader), figure));
    }
    if let Some(Target::Classes { classes, estimated_pupils }) = target.map(|one| &one.target) {
        let found = finding(ClassesAgainstPupils, Note).with("classes", classes);
        case.find(found.figures((*estimated_pupils).into(), (*classes).into()));
    }
    // Counts of organisations without a part, or of none.
    let of_parts: Vec<i64> =
        progress.parts.iter().filter_map(|part| part.actual).map(Quantity::thousandths).collect();
    if let (false, Some(actual)) = (progress.parts.is_empty(), progress.actual) {
        let sum: i64 = of_parts.iter().sum();
        if sum != actual.thousandths() {
            let sum = Quantity::of_thousandths(sum);
            case.find(finding(PartsDiffer, Error).figures(sum, actual));
        }
    }
    reported_actual(case, Some(project), progress);
}

/// What the projects' targets add up to is as much as the programme's own goal.
fn expected(case: &mut Case, goal: &Progress) {
    let roles = goal.indicator.filter.as_ref().map(|filter| filter.roles.clone());
    let goal_figure = goal.target.as_ref().and_then(|target| target.figure);
    let (Some(roles), Some(figure)) = (roles.filter(|roles| !roles.is_empty()), goal_figure) else {
        return;
    };
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let sum = case.records.expected_of(&roles);
    if sum < figure {
        let finding = Finding::new(ExpectedBelowGoal, Error, of_indicator(None, goal));
        let finding = finding.with("title", &goal.indicator.title);
        case.find(finding.figures(sum, figure));
    }
}

fn reported_actual(case: &mut Case, project: Option<&Project>, progress: &Progress) {
    let Some(reported) = &progress.reported else { return };
    let Some(actual) = progress.actual.filter(|actual| *actual != reported.figure) else { return };
    let finding = Finding::new(ReportedActualDiffers, Error, of_indicator(project, progress));
    let finding = finding.with("indicator", &progress.indicator.title);
    case.find(finding.figures(reported.figure, actual));
}

/// The whole years that a project ran and nobody counted.
fn years(
    case: &mut Case,
    project: &Project,
    progress: &ProjectProgress,
    counted: Option<&BTreeSet<i32>>,
) {
    let is_counted = progress.indicators.iter().any(|one| {
        one.indicator.source == IndicatorSource::Participation
            && !one.indicator.retired
            && one.target.is_some()
    });
    let runs = matches!(project.status, ProjectStatus::Ongoing | ProjectStatus::Completed);
    let start = project.period_start.map(|start| start.first_day().year()).or(project.year);
    let end = project.period_end_in_force.map(|end| end.last_day().year());
    let end = match project.status {
        // When a project ended of which that is not known, nobody can say.
        ProjectStatus::Completed => end,
        _ => Some(end.unwrap_or(i32::MAX)),
    };
    let (true, true, Some(start), Some(end)) = (is_counted, runs, start, end) else { return };
    let last = case.last_year().min(end);
    let is_missing = |year: &i32| counted.is_none_or(|years| !years.contains(year));
    let missing: Vec<String> =
        (start..=last).filter(is_missing).map(|year| year.to_string()).collect();
    if !missing.is_empty() {
        let mut subject = Subject::project(project);
        subject.address.push_str("/counts");
        let finding = Finding::new(NoCountForYear, Warning, subject);
        let finding = finding.with("title", &project.title).with("years", missing.join(", "));
        case.find(finding.of_year(Some(last)));
    }
}
