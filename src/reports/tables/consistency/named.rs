//! Projects that a report names with a figure: whether they are there, once, and where it says.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::FindingCode::*;
use super::Severity::Error;
use super::printed::{called, of_fact, part};
use super::{Case, Finding, FindingCode, Subject};
use crate::error::Result;
use crate::programmes::reported_facts::{FactDimension, ReportedFact, measures};
use crate::projects::{self, Project};
use crate::quantity::Quantity;
use crate::reports::faces::spoken;
use crate::store::Db;

pub fn check(db: &mut Db, case: &mut Case) -> Result<()> {
    let naming = |fact: &&ReportedFact| !fact.projects.is_empty();
    let facts: Vec<ReportedFact> = case.facts.0.iter().filter(naming).cloned().collect();
    let projects = case.records.portfolio.projects.clone();
    let by_code: HashMap<&str, &Project> =
        projects.iter().map(|project| (project.code.as_str(), project)).collect();
    for fact in &facts {
        count(case, fact);
    }
    let twice = twice(case, &facts, &by_code);
    for fact in &facts {
        for named in &fact.projects {
            match by_code.get(named.as_str()) {
                Some(project) => {
                    if !twice.contains(&project.code) {
                        elsewhere(case, fact, project);
                    }
                }
                // One of a later year is not asked for, and there all the same.
                None if projects::by_code(db, case.walk.programme, named)?.is_some() => {}
                None => {
                    let finding = Finding::new(NamedNotListed, Error, of_fact(fact));
                    case.find(told(finding, fact).with("title", named).of_year(fact.year));
                }
            }
        }
    }
    nowhere(case, &facts, &projects);
    Ok(())
}

fn told(finding: Finding, fact: &ReportedFact) -> Finding {
    let page = fact.page.clone().unwrap_or_default();
    finding.with("source", &fact.source).with("page", page)
}

fn of_project(code: FindingCode, project: &Project, fact: &ReportedFact) -> Finding {
    let finding = Finding::new(code, Error, Subject::project(project));
    told(finding, fact).with("title", &project.title)
}

/// As many as the figure says.
fn count(case: &mut Case, fact: &ReportedFact) {
    let named = Quantity::whole(i64::try_from(fact.projects.len()).unwrap_or(i64::MAX));
    if named != fact.value {
        let finding = Finding::new(NamedCountDiffers, Error, of_fact(fact)).of_year(fact.year);
        let finding = told(finding, fact).with("figure", called(case, fact));
        case.find(finding.figures(named, fact.value));
    }
}

/// Named under two parts of the same whole. Their codes.
fn twice(
    case: &mut Case,
    facts: &[ReportedFact],
    by_code: &HashMap<&str, &Project>,
) -> BTreeSet<String> {
    let mut first: BTreeMap<(&str, FactDimension, &str), &ReportedFact> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for fact in facts {
        let Some(dimension) = fact.dimension else { continue };
        for named in &fact.projects {
            let before = *first.entry((&fact.source, dimension, named)).or_insert(fact);
            let Some(project) = by_code.get(named.as_str()) else { continue };
            let parts = before.category.as_deref().zip(fact.category.as_deref());
            if let Some((one, other)) = parts.filter(|(one, other)| one != other) {
                let finding = of_project(NamedTwice, project, fact);
                let finding = finding.with("area", part(case, dimension, other));
                let finding = finding.with("other", part(case, dimension, one));
                let place = before.page.clone().unwrap_or_default();
                case.find(finding.with("place", place));
                found.insert(project.code.clone());
            }
        }
    }
    found
}

/// What a project is recorded as, where a report can name it under that.
fn recorded(project: &Project, dimension: FactDimension) -> Option<Option<&str>> {
    match dimension {
        FactDimension::FocusArea => Some(project.focus_area.as_deref()),
        FactDimension::ProjectType => Some(project.project_type.as_deref()),
        FactDimension::Status => Some(Some(project.status.as_str())),
        _ => None,
    }
}

/// Named under one part, and recorded under another.
fn elsewhere(case: &mut Case, fact: &ReportedFact, project: &Project) {
    let Some((dimension, named)) = fact.dimension.zip(fact.category.as_deref()) else { return };
    let Some(recorded) = recorded(project, dimension) else { return };
    if recorded == Some(named) {
        return;
    }
    let finding = of_project(NamedElsewhere, project, fact);
    let finding = finding.with("area", part(case, dimension, named));
    let recorded = recorded.map_or_else(
        || crate::messages::text(case.walk.lang, "report-none-given", &[]),
        |code| part(case, dimension, code),
    );
    case.find(finding.with("other", recorded));
}

/// Named under no part of a whole of which every part is named.
fn nowhere(case: &mut Case, facts: &[ReportedFact], projects: &[Project]) {
    let mut wholes: BTreeMap<(&str, FactDimension, Option<i32>), Vec<&ReportedFact>> =
        BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.measure == measures::PROJECTS) {
        if let Some(dimension) = fact.dimension {
            wholes.entry((&fact.source, dimension, fact.year)).or_default().push(fact);
        }
    }
    for ((_, dimension, year), parts) in wholes {
        let is_asked = |project: &&Project| year.is_none() || project.year == year;
        let own: Vec<&Project> = projects.iter().filter(is_asked).collect();
        let is_told = |code: &str| parts.iter().any(|fact| fact.category.as_deref() == Some(code));
        let mut categories = own.iter().filter_map(|project| recorded(project, dimension)?);
        if own.is_empty() || !categories.all(is_told) {
            continue;
        }
        for project in own {
            let named = parts.iter().any(|fact| fact.projects.contains(&project.code));
            if !named {
                let by = spoken::word(case.walk.lang, dimension.as_str());
                let finding = Finding::new(NamedNowhere, Error, Subject::project(project));
                let finding = finding.with("title", &project.title).with("by", by);
                case.find(finding.with("source", &parts[0].source));
            }
        }
    }
}
