//! Printed figures against the records, and against each other.

use std::collections::BTreeMap;

use super::FindingCode::*;
use super::Severity::Error;
use super::{Case, Finding, FindingCode, Subject};
use crate::messages;
use crate::programmes::codes::CodeList;
use crate::programmes::reported_facts::{FactDimension, FactUnit, ReportedFact, measures};
use crate::quantity::Quantity;
use crate::reports::faces::spoken;
use crate::reports::tables::computed::{Held, held};
use crate::reports::tables::portfolio::name;
use crate::reports::tables::reported::measure_name;

pub fn check(case: &mut Case) {
    let facts = case.facts.0.clone();
    for fact in &facts {
        against_records(case, fact);
    }
    twice(case, &facts);
    parts(case, &facts);
    cumulated(case, &facts);
    sums(case, &facts);
    shares(case, &facts);
    balances(case, &facts);
}

pub(super) fn of_fact(fact: &ReportedFact) -> Subject {
    Subject {
        kind: "reported_fact",
        code: fact.measure.clone(),
        project: None,
        address: format!("/api/v1/reported-facts/{}", fact.id),
    }
}

fn finding(case: &Case, code: FindingCode, fact: &ReportedFact) -> Finding {
    let figure = called(case, fact);
    let finding = Finding::new(code, Error, of_fact(fact)).of_year(fact.year);
    let place = fact.page.as_ref().map(|page| format!(" ({page})")).unwrap_or_default();
    finding.with("figure", figure).with("source", &fact.source).with("place", place)
}

/// A printed figure by its measure, year and part, in the reader's words.
pub(super) fn called(case: &Case, fact: &ReportedFact) -> String {
    let lang = case.walk.lang;
    let mut called = measure_name(lang, &fact.measure);
    if let Some((dimension, category)) = fact.dimension.zip(fact.category.as_deref()) {
        called = format!("{called}, {}", part(case, dimension, category));
    }
    match fact.year {
        Some(year) => format!("{called}, {year}"),
        None => called,
    }
}

pub(super) fn part(case: &Case, dimension: FactDimension, category: &str) -> String {
    let list = match dimension {
        FactDimension::FocusArea => CodeList::FocusArea,
        FactDimension::ProjectType => CodeList::ProjectType,
        FactDimension::Approach => CodeList::Approach,
        FactDimension::EducationLevel => CodeList::EducationLevel,
        FactDimension::ParticipantRole => CodeList::ParticipantRole,
        FactDimension::RoundKind => CodeList::RoundKind,
        FactDimension::Status | FactDimension::Group => {
            return spoken::word(case.walk.lang, category);
        }
    };
    let code = case.records.portfolio.book.find(list, category);
    code.map_or_else(|| category.to_string(), |code| name(case.walk.lang, code))
}

fn against_records(case: &mut Case, fact: &ReportedFact) {
    let found = case.records.of(fact);
    if let (Held::Differs, Some(found)) = (held(fact, found), found) {
        let finding = finding(case, ReportedDiffers, fact);
        case.find(finding.figures(fact.value, found.figure));
    }
}

/// The same figure, printed in two places and not the same.
fn twice(case: &mut Case, facts: &[ReportedFact]) {
    for (at, fact) in facts.iter().enumerate() {
        let part = fact.dimension.zip(fact.category.as_deref());
        let before = &facts[..at];
        let first = before.iter().find(|one| one.is_about(&fact.measure, fact.year, part));
        if let Some(first) = first.filter(|first| first.value != fact.value) {
            let elsewhere = messages::text(case.walk.lang, "report-its-tables", &[]);
            let page = |one: &ReportedFact| one.page.clone().unwrap_or_else(|| elsewhere.clone());
            let finding = finding(case, ReportedTwice, fact);
            let finding = finding.with("page", page(fact)).with("other", page(first));
            case.find(finding.figures(fact.value, first.value));
        }
    }
}

fn sum<'a>(facts: impl Iterator<Item = &'a ReportedFact>) -> Option<Quantity> {
    let sum = facts.map(|fact| fact.value.thousandths()).reduce(i64::saturating_add);
    sum.map(Quantity::of_thousandths)
}

/// The first printed figure of each, by what it is about.
fn first(facts: &[ReportedFact], is_in: impl Fn(&ReportedFact) -> bool) -> Vec<&ReportedFact> {
    let mut found: BTreeMap<(Option<i32>, Option<&str>), &ReportedFact> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| is_in(fact)) {
        found.entry((fact.year, fact.category.as_deref())).or_insert(fact);
    }
    found.into_values().collect()
}

/// A year's envelope, and what was granted in all, are as much as the kinds of round together.
fn parts(case: &mut Case, facts: &[ReportedFact]) {
    let totals = facts.iter().filter(|fact| {
        fact.dimension.is_none()
            && fact.year.is_some()
            && [measures::ENVELOPE, measures::GRANTED].contains(&fact.measure.as_str())
    });
    for total in totals {
        let parts = first(facts, |fact| {
            fact.measure == measures::GRANTED
                && fact.year == total.year
                && fact.dimension == Some(FactDimension::RoundKind)
        });
        if let Some(sum) = sum(parts.into_iter()).filter(|sum| *sum != total.value) {
            let finding = finding(case, ReportedPartsDiffer, total);
            case.find(finding.figures(total.value, sum));
        }
    }
}

/// What is granted by a year is all that was granted before, added up.
fn cumulated(case: &mut Case, facts: &[ReportedFact]) {
    let envelopes =
        first(facts, |fact| fact.measure == measures::ENVELOPE && fact.dimension.is_none());
    for fact in facts.iter().filter(|fact| fact.measure == measures::GRANTED_CUMULATED) {
        let by_then = envelopes.iter().copied().filter(|one| one.year <= fact.year);
        if let Some(sum) = sum(by_then).filter(|sum| *sum != fact.value) {
            let finding = finding(case, ReportedCumulatedDiffers, fact);
            case.find(finding.figures(fact.value, sum));
        }
    }
}

/// Whatever it is broken down by, the whole is the same: the list of projects, and the amount that
/// was granted by the last year.
fn sums(case: &mut Case, facts: &[ReportedFact]) {
    let listed = i64::try_from(case.records.portfolio.projects.len()).unwrap_or(i64::MAX);
    let last = facts.iter().filter(|fact| fact.measure == measures::GRANTED_CUMULATED);
    let last = last.max_by_key(|fact| fact.year).map(|fact| fact.value);
    for dimension in [FactDimension::FocusArea, FactDimension::ProjectType, FactDimension::Status] {
        for (measure_of, whole) in
            [(measures::PROJECTS, Some(Quantity::whole(listed))), (measures::GRANTED, last)]
        {
            let parts = first(facts, |fact| {
                fact.measure == measure_of
                    && fact.dimension == Some(dimension)
                    && fact.year.is_none()
            });
            let Some(one) = parts.first().copied() else { continue };
            let (Some(sum), Some(whole)) = (sum(parts.into_iter()), whole) else { continue };
            if sum != whole {
                let lang = case.walk.lang;
                let by = spoken::word(lang, dimension.as_str());
                let finding = Finding::new(ReportedSumsDiffer, Error, of_fact(one));
                let finding = finding.with("figure", measure_name(lang, measure_of)).with("by", by);
                case.find(finding.with("source", &one.source).figures(sum, whole));
            }
        }
    }
}

fn shares(case: &mut Case, facts: &[ReportedFact]) {
    for dimension in [FactDimension::FocusArea, FactDimension::ProjectType] {
        let parts = first(facts, |fact| {
            fact.measure == measures::GRANTED_SHARE && fact.dimension == Some(dimension)
        });
        let Some(one) = parts.first().copied() else { continue };
        let whole = Quantity::whole(100);
        if let Some(sum) = sum(parts.into_iter()).filter(|sum| *sum != whole) {
            let by = spoken::word(case.walk.lang, dimension.as_str());
            let finding = Finding::new(ReportedSharesNot100, Error, of_fact(one));
            let finding = finding.with("by", by).with("source", &one.source);
            case.find(finding.figures(sum, whole));
        }
    }
}

/// Applications are granted or rejected, and each that is granted becomes a project.
fn balances(case: &mut Case, facts: &[ReportedFact]) {
    let of = |measure: &str, year| facts.iter().find(|fact| fact.is_about(measure, year, None));
    for received in facts.iter().filter(|fact| fact.measure == measures::APPLICATIONS) {
        let granted = of(measures::APPLICATIONS_GRANTED, received.year);
        let rejected = of(measures::APPLICATIONS_REJECTED, received.year);
        let (Some(granted), Some(rejected)) = (granted, rejected) else { continue };
        let decided = sum([granted, rejected].into_iter());
        if let Some(decided) = decided.filter(|decided| *decided > received.value) {
            let finding = finding(case, ReportedBalanceDiffers, received);
            case.find(finding.figures(decided, received.value));
        }
    }
    let granted = facts.iter().filter(|fact| {
        fact.measure == measures::APPLICATIONS_GRANTED && fact.unit == FactUnit::Count
    });
    for granted in granted.collect::<Vec<_>>() {
        let projects = case.records.portfolio.projects.iter();
        let listed = projects.filter(|one| granted.year.is_none() || one.year == granted.year);
        let listed = Quantity::whole(i64::try_from(listed.count()).unwrap_or(i64::MAX));
        if listed != granted.value {
            let finding = finding(case, ReportedBalanceDiffers, granted);
            case.find(finding.figures(granted.value, listed));
        }
    }
}
