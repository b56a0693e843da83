//! What was reached, from counts and values in memory, held against a target. Knows no database.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::target::Target;
use crate::ids::{ActivityId, CodeId, OrganisationId, ProjectId};
use crate::participation::{Counting, Total};
use crate::programmes::codes::Codebook;
use crate::quantity::Quantity;
use crate::store::types::text_enum;

text_enum! {
    /// How an indicator stands to its target.
    pub enum ProgressState {
        /// No figure is promised.
        NoTarget = "no_target",
        /// Nothing is known of what was reached: not zero, but nothing.
        NoData = "no_data",
        /// Something is known, and hidden for the sake of anonymity.
        Suppressed = "suppressed",
        /// Less than promised; per company, any company with fewer than promised.
        Below = "below",
        /// What was promised: exactly so much, inside the range, or every company inside it.
        Reached = "reached",
        /// More than the least that was promised.
        Exceeded = "exceeded",
        /// More than a range allows.
        AboveRange = "above_range",
    }
}

/// An actual figure over the figure that it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Percent {
    pub numerator: Quantity,
    pub denominator: Quantity,
    /// With one decimal, halves rounded up; 100 only where all of it is reached.
    pub percent: Quantity,
}

impl Percent {
    /// None over nothing. Computed in integers.
    pub fn of(numerator: Quantity, denominator: Quantity) -> Option<Percent> {
        let (n, d) = (i128::from(numerator.thousandths()), i128::from(denominator.thousandths()));
        if d <= 0 {
            return None;
        }
        // Per mille rounded half up: ⌊1000 n/d + 1/2⌋.
        let tenths = (2_000 * n + d).div_euclid(2 * d);
        let tenths = if n < d { tenths.min(999) } else { tenths };
        let percent = i64::try_from(tenths.checked_mul(100)?).ok()?;
        Some(Percent { numerator, denominator, percent: Quantity::of_thousandths(percent) })
    }
}

/// Which counts an indicator takes, by id.
#[derive(Debug, Clone)]
pub struct Filter {
    /// None for the programme's own goals, which take every project's counts.
    pub project: Option<ProjectId>,
    pub activity: Option<ActivityId>,
    /// Every role where empty.
    pub roles: BTreeSet<CodeId>,
    /// Each with all below it; every level where empty.
    pub levels: BTreeSet<CodeId>,
    pub organisation: Option<OrganisationId>,
    pub counting: Counting,
}

/// What an indicator does with a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    Counts,
    /// The count may hold some that belong here, and nobody knows how many.
    AtBroaderLevel,
    Leaves,
}

/// A filter with its education levels laid out.
#[derive(Debug, Clone)]
pub struct Matcher {
    filter: Filter,
    within: HashSet<CodeId>,
    above: HashSet<CodeId>,
}

impl Matcher {
    pub fn new(filter: Filter, book: &Codebook) -> Matcher {
        let within = filter.levels.iter().flat_map(|level| book.within(*level)).collect();
        let above = filter.levels.iter().flat_map(|level| book.above(*level)).collect();
        Matcher { filter, within, above }
    }

    pub fn take(&self, total: &Total) -> Take {
        let Filter { project, activity, roles, organisation, counting, .. } = &self.filter;
        let matches_but_for_level = *counting == total.counting
            && project.is_none_or(|id| id == total.project)
            && (activity.is_none() || *activity == total.activity)
            && (organisation.is_none() || *organisation == total.organisation)
            && (roles.is_empty() || roles.contains(&total.role));
        if !matches_but_for_level {
            return Take::Leaves;
        }
        match total.education_level {
            _ if self.filter.levels.is_empty() => Take::Counts,
            Some(level) if self.within.contains(&level) => Take::Counts,
            // A count that names no level is broader than any.
            None => Take::AtBroaderLevel,
            Some(level) if self.above.contains(&level) => Take::AtBroaderLevel,
            Some(_) => Take::Leaves,
        }
    }

    /// Sums what the indicator takes.
    pub fn count(&self, totals: &[Total]) -> Counted {
        let mut counted = Counted::default();
        let mut places = HashSet::new();
        for total in totals {
            let participants = total.participants;
            match self.take(total) {
                Take::Counts => {
                    add(&mut counted.participants, participants);
                    places.insert((total.project, total.activity));
                    match total.organisation {
                        Some(id) => {
                            *counted.by_organisation.entry(id).or_default() += participants;
                        }
                        None => add(&mut counted.without_organisation, participants),
                    }
                }
                Take::AtBroaderLevel => add(&mut counted.at_broader_level, participants),
                Take::Leaves => {}
            }
        }
        counted.over_activities = places.len() > 1;
        counted
    }
}

fn add(sum: &mut Option<i64>, participants: i64) {
    *sum = Some(sum.unwrap_or(0) + participants);
}

/// What an indicator's counts add up to. None where there is no count, which is not zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    pub participants: Option<i64>,
    pub by_organisation: BTreeMap<OrganisationId, i64>,
    pub without_organisation: Option<i64>,
    pub at_broader_level: Option<i64>,
    /// The counts stand under more than one activity, or under more than one project: their sum
    /// is one of counts and not of people.
    pub over_activities: bool,
}

/// Counts that no indicator takes, not even at a broader level, so that none is lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutsideIndicators {
    /// Null where there is no such count.
    pub unique: Option<i64>,
    pub attendances: Option<i64>,
}

pub fn outside(totals: &[Total], matchers: &[Matcher]) -> OutsideIndicators {
    let mut outside = OutsideIndicators::default();
    for total in totals {
        if matchers.iter().any(|matcher| matcher.take(total) != Take::Leaves) {
            continue;
        }
        match total.counting {
            Counting::Unique => add(&mut outside.unique, total.participants),
            Counting::Attendances => add(&mut outside.attendances, total.participants),
        }
    }
    outside
}

/// What was reached, held against what was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessment {
    pub actual: Option<Quantity>,
    pub percent: Option<Percent>,
    pub remaining: Option<Quantity>,
    pub state: ProgressState,
}

/// Holds a figure against a target. `by_organisation` is what a target per company is about.
pub fn assess(
    target: Option<&Target>,
    actual: Option<Quantity>,
    by_organisation: &BTreeMap<OrganisationId, i64>,
) -> Assessment {
    match target {
        None | Some(Target::None {}) => {
            let state = ProgressState::NoTarget;
            Assessment { actual, percent: None, remaining: None, state }
        }
        Some(Target::PerCompany { minimum, maximum }) => {
            per_company(i64::from(*minimum), i64::from(*maximum), by_organisation)
        }
        Some(target) => {
            // Every other shape has a figure of its own.
            let figure = target.figure().unwrap_or(Quantity::ZERO);
            let percent = actual.and_then(|actual| Percent::of(actual, figure));
            let remaining = Some(actual.unwrap_or(Quantity::ZERO).missing_to(figure));
            Assessment {
                actual,
                percent,
                remaining,
                state: state(figure, target.maximum(), actual),
            }
        }
    }
}

fn state(figure: Quantity, maximum: Option<Quantity>, actual: Option<Quantity>) -> ProgressState {
    let Some(actual) = actual else { return ProgressState::NoData };
    match maximum {
        _ if actual < figure => ProgressState::Below,
        Some(maximum) if actual > maximum => ProgressState::AboveRange,
        Some(_) => ProgressState::Reached,
        None if actual > figure => ProgressState::Exceeded,
        None => ProgressState::Reached,
    }
}

/// The figure is how many of the companies that take part are inside the range.
fn per_company(
    minimum: i64,
    maximum: i64,
    companies: &BTreeMap<OrganisationId, i64>,
) -> Assessment {
    let sizes = || companies.values().copied();
    let count = |count: usize| Quantity::whole(i64::try_from(count).unwrap_or(i64::MAX));
    let inside = count(sizes().filter(|size| (minimum..=maximum).contains(size)).count());
    let all = count(companies.len());
    let state = if companies.is_empty() {
        ProgressState::NoData
    } else if sizes().any(|size| size < minimum) {
        ProgressState::Below
    } else if sizes().any(|size| size > maximum) {
        ProgressState::AboveRange
    } else {
        ProgressState::Reached
    };
    let known = !companies.is_empty();
    Assessment {
        actual: known.then_some(inside),
        percent: Percent::of(inside, all),
        remaining: known.then(|| inside.missing_to(all)),
        state,
    }
}

#[cfg(test)]
mod tests;
