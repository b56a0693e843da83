//! Rounds, applications and grants that don't fit each other.

use std::collections::BTreeMap;

use super::FindingCode::*;
use super::Severity::{Error, Warning};
use super::{Case, Finding, FindingCode, Subject};
use crate::programmes::applications::{Application, ApplicationState, ApplicationWarning};
use crate::programmes::codes::CodeList;
use crate::programmes::rounds::Round;
use crate::projects::Project;
use crate::reports::tables::computed::kroner;
use crate::reports::tables::portfolio::name;

pub fn check(case: &mut Case) {
    let projects = case.records.portfolio.projects.clone();
    let applications = case.records.applications.clone();
    let rounds = case.records.rounds.clone();
    for project in &projects {
        openness(case, project, &rounds);
        years(case, project, &rounds);
    }
    for application in &applications {
        warnings(case, application);
        outcome(case, application, &projects);
    }
    for round in &rounds {
        envelope(case, round, &projects);
    }
}

fn of_round(round: &Round) -> Subject {
    Subject {
        kind: "round",
        code: round.code.clone(),
        project: None,
        address: format!("/api/v1/rounds/{}", round.id),
    }
}

fn of_application(application: &Application) -> Subject {
    Subject {
        kind: "application",
        code: application.code.clone(),
        project: application.project.clone(),
        address: format!("/api/v1/applications/{}", application.id),
    }
}

/// A project of a year in which no round was open to its focus area. Its own rounds are asked where
/// its grants name them, and else all of its year.
fn openness(case: &mut Case, project: &Project, rounds: &[Round]) {
    // What the programme sets up itself is applied for in no round.
    let Some(area) = project.focus_area.as_deref().filter(|_| !project.strategic) else { return };
    let named: Vec<&str> =
        project.grants.iter().filter_map(|grant| grant.round.as_deref()).collect();
    let own: Vec<&Round> = match named.is_empty() {
        true => rounds.iter().filter(|round| Some(round.year) == project.year).collect(),
        false => rounds.iter().filter(|round| named.contains(&round.code.as_str())).collect(),
    };
    let is_open = |round: &&Round| {
        round.focus_areas.is_empty() || round.focus_areas.iter().any(|open| open == area)
    };
    if own.is_empty() || own.iter().any(is_open) {
        return;
    }
    let lang = case.walk.lang;
    let called = case.records.portfolio.book.find(CodeList::FocusArea, area);
    let called = called.map_or_else(|| area.to_string(), |code| name(lang, code));
    let finding = Finding::new(FocusAreaNotOpen, Error, Subject::project(project));
    let finding = finding.with("title", &project.title).with("area", called);
    let year = project.year.map(|year| year.to_string()).unwrap_or_default();
    case.find(finding.with("year", year).of_year(project.year));
}

fn years(case: &mut Case, project: &Project, rounds: &[Round]) {
    let Some(year) = project.year else { return };
    let named = project.grants.iter().filter_map(|grant| grant.round.as_deref());
    let years = named.filter_map(|code| rounds.iter().find(|round| round.code == code));
    // A later round may well add to a project; an earlier one can't.
    if let Some(round) = years.min_by_key(|round| round.year).filter(|round| round.year != year) {
        let finding = Finding::new(YearDiffers, Warning, Subject::project(project));
        let finding = finding.with("title", &project.title).with("round", &round.code);
        case.find(finding.with("year", year).with("other", round.year).of_year(Some(year)));
    }
}

fn warnings(case: &mut Case, application: &Application) {
    for warning in &application.warnings {
        let (code, severity): (FindingCode, _) = match warning {
            ApplicationWarning::FocusAreaNotOpen => (FocusAreaNotOpen, Error),
            ApplicationWarning::LevelNotOpen => (LevelNotOpen, Error),
            ApplicationWarning::AboveApplied => (AboveApplied, Warning),
            ApplicationWarning::GrantDiffers => (GrantDiffers, Error),
        };
        let lang = case.walk.lang;
        let area = application.focus_area.as_deref();
        let area = area.and_then(|area| {
            let code = case.records.portfolio.book.find(CodeList::FocusArea, area)?;
            Some(name(lang, code))
        });
        let finding = Finding::new(code, severity, of_application(application));
        case.find(
            finding
                .with("title", &application.title)
                .with("area", area.unwrap_or_default())
                .with("year", application.year)
                .with("round", &application.round)
                .of_year(Some(application.year)),
        );
    }
}

fn outcome(case: &mut Case, application: &Application, projects: &[Project]) {
    if application.state != ApplicationState::Granted {
        return;
    }
    let finding = |code, severity| {
        let finding = Finding::new(code, severity, of_application(application));
        finding.with("title", &application.title).of_year(Some(application.year))
    };
    let Some(code) = &application.project else {
        case.find(finding(GrantedWithoutProject, Warning));
        return;
    };
    let Some(project) = projects.iter().find(|project| project.code == *code) else { return };
    if let (Some(one), Some(other)) = (&application.focus_area, &project.focus_area)
        && one != other
    {
        case.find(finding(FocusAreaDiffers, Error).with("area", one).with("other", other));
    }
}

fn envelope(case: &mut Case, round: &Round, projects: &[Project]) {
    let Some(envelope) = round.envelope_ore else { return };
    let mut granted: BTreeMap<&str, i64> = BTreeMap::new();
    for grant in projects.iter().flat_map(|project| &project.grants) {
        if let Some(own) = grant.round.as_deref().filter(|own| *own == round.code) {
            *granted.entry(own).or_default() += grant.amount_ore;
        }
    }
    let granted = granted.get(round.code.as_str()).copied().unwrap_or(0);
    if granted > envelope {
        let finding = Finding::new(EnvelopeExceeded, Error, of_round(round));
        let finding = finding.figures(kroner(granted), kroner(envelope));
        case.find(finding.of_year(Some(round.year)));
    }
}
