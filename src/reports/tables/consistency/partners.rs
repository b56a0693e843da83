//! What the partners of a project counted, level by level, against what the project counted itself.

use std::collections::{BTreeSet, HashMap};

use super::FindingCode::*;
use super::Severity::{Error, Note, Warning};
use super::{Case, Finding, Subject};
use crate::error::Result;
use crate::ids::{CodeId, CountId, OrganisationId, ProjectId};
use crate::participation::{self, Total};
use crate::programmes::codes::CodeList;
use crate::programmes::organisations::Register;
use crate::projects::Project;
use crate::quantity::Quantity;
use crate::reports::faces::spoken;
use crate::reports::tables::portfolio::name;
use crate::reports::tables::rows::{self, CountRow};
use crate::store::Db;

const PAGE: usize = 1_000;

pub fn check(db: &mut Db, case: &mut Case) -> Result<()> {
    let (programme, as_of) = (case.walk.programme, case.walk.as_of);
    let mut by_project: HashMap<ProjectId, Vec<Total>> = HashMap::new();
    for total in participation::totals_begun_by(db, programme, None, case.walk.until(), as_of)? {
        by_project.entry(total.project).or_default().push(total);
    }
    let register = Register::load(db, programme)?;
    for project in case.records.portfolio.projects.clone() {
        let Some(totals) = by_project.get(&project.id) else { continue };
        levels(case, &project, totals, &register);
        // Two who count the same can only be found count by count.
        let whole = totals.iter().any(|total| total.organisation.is_none());
        if whole && totals.iter().any(|total| total.organisation.is_some()) {
            let counts = counts(db, case, &project)?;
            for own in counts.iter().filter(|count| count.organisation.is_none()) {
                sum(case, &project, own, &counts);
            }
        }
    }
    Ok(())
}

fn counts(db: &mut Db, case: &Case, project: &Project) -> Result<Vec<CountRow>> {
    let (programme, as_of) = (case.walk.programme, case.walk.as_of);
    let mut all: Vec<CountRow> = Vec::new();
    loop {
        let after: Option<CountId> = all.last().map(|count| count.id);
        let next = rows::counts(db, programme, Some(project.id), as_of, after, PAGE)?;
        let is_last = next.len() < PAGE;
        // As in the totals: what begins later than is asked for is of no table.
        let until = case.walk.until();
        all.extend(next);
        if is_last {
            all.retain(|count| until.is_none_or(|until| count.period_start <= until));
            return Ok(all);
        }
    }
}

/// The project's own count of a level, and its partners' of the same and of those below it, in the
/// same time: an indicator adds them up, and the same people stand in both.
fn sum(case: &mut Case, project: &Project, own: &CountRow, counts: &[CountRow]) {
    let book = &case.records.portfolio.book;
    let within = own.education_level_id.map(|level| book.within(level));
    let is_part = |one: &&CountRow| {
        one.organisation.is_some()
            && (one.activity, one.role_id, one.counting)
                == (own.activity, own.role_id, own.counting)
            && one.period_start >= own.period_start
            && one.period_end <= own.period_end
            && within.as_ref().is_none_or(|within| {
                one.education_level_id.is_some_and(|level| within.contains(&level))
            })
    };
    let parts: Vec<&CountRow> = counts.iter().filter(is_part).collect();
    if parts.is_empty() {
        return;
    }
    let lang = case.walk.lang;
    let called = |id: CodeId| book.get(id).map(|code| name(lang, code)).unwrap_or_default();
    let levels: BTreeSet<String> =
        parts.iter().filter_map(|part| part.education_level_id).map(called).collect();
    let of_level = own.education_level_id.map(called).unwrap_or_default();
    let figure = Quantity::whole(parts.iter().map(|part| i64::from(part.participants)).sum());
    let whole = Quantity::whole(own.participants.into());
    let (code, severity) = match figure == whole {
        true => (CountedTwice, Warning),
        false => (PartnersDiffer, Error),
    };
    let mut subject = Subject::project(project);
    subject.address.push_str("/counts");
    let finding = Finding::new(code, severity, subject).with("title", &project.title);
    let finding = finding.with("role", called(own.role_id)).with("level", of_level);
    let finding = finding.with("levels", levels.into_iter().collect::<Vec<_>>().join(", "));
    let finding = finding.with("start", spoken::date(lang, &own.period_start));
    let finding = finding.with("end", spoken::date(lang, &own.period_end));
    case.find(finding.figures(figure, whole));
}

/// A partner that counted at a level on which it gives no education.
fn levels(case: &mut Case, project: &Project, totals: &[Total], register: &Register) {
    let book = &case.records.portfolio.book;
    let mut found: BTreeSet<(OrganisationId, CodeId)> = BTreeSet::new();
    let mut findings = Vec::new();
    for total in totals {
        let Some((organisation, level)) = total.organisation.zip(total.education_level) else {
            continue;
        };
        let code = register.code(organisation);
        let partner = project.partners.iter().find(|one| one.organisation == code);
        let Some(own) = partner.and_then(|one| one.education_type.as_deref()) else { continue };
        let Some(own) = book.find(CodeList::EducationLevel, own) else { continue };
        let fits = book.within(own.id).contains(&level) || book.within(level).contains(&own.id);
        if !fits && found.insert((organisation, level)) {
            let mut subject = Subject::project(project);
            subject.address.push_str("/counts");
            let lang = case.walk.lang;
            let level = book.get(level).map(|code| name(lang, code)).unwrap_or_default();
            let finding = Finding::new(LevelNotOfPartner, Note, subject);
            let finding = finding.with("title", &project.title).with("level", level);
            let finding = finding.with("partner", register.name(organisation));
            findings.push(finding.with("other", name(lang, own)));
        }
    }
    for finding in findings {
        case.find(finding);
    }
}
