//! A project's money held against its time: whoever is half-way through the period and has spent
//! a tenth of the grants is to be asked why.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::spending::{self, Spending};
use super::{Filter, Project, get, list, standing};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::Result;
use crate::ids::{ProgrammeId, ProjectId};
use crate::paging::{Listing, Page};
use crate::quantity::Quantity;
use crate::store::types::text_enum;
use crate::store::{AsOf, Db};

text_enum! {
    /// A figure that is needed to hold money against time, and is not known.
    pub enum MissingFigure {
        Grants = "grants",
        Spending = "spending",
        PeriodStart = "period_start",
        PeriodEnd = "period_end",
    }
}

/// A project's money, as it stood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Finances {
    pub project_id: ProjectId,
    /// The project's code.
    #[schema(example = "book-en-ekspert")]
    pub project: String,
    pub title: String,
    /// The sum of the grants in øre; null, and not 0, where no grant is known.
    pub granted_ore: Option<i64>,
    pub total_budget_ore: Option<i64>,
    pub own_cofinancing_ore: Option<i64>,
    pub other_cofinancing_ore: Option<i64>,
    /// What the budget is above grants and co-financing; null where one of them is not known.
    pub unfunded_ore: Option<i64>,
    /// What had been spent of the grants, by the latest figure; null where none is reported.
    pub spent_ore: Option<i64>,
    /// The day of that figure.
    pub spent_on: Option<NaiveDate>,
    /// What was spent, in per cent of what was granted.
    #[schema(example = 12.5)]
    pub spent_percent: Option<Quantity>,
    /// Days of the period gone by on the day of the figure.
    pub days_elapsed: Option<i64>,
    /// Days of the period in all, with its extensions. Of a year or a month the first and the last
    /// day are counted.
    pub days_in_all: Option<i64>,
    /// The part of the period gone by on the day of the figure, in per cent.
    #[schema(example = 50)]
    pub elapsed_percent: Option<Quantity>,
    /// How far spending is behind time, in percentage points; negative where it is ahead.
    #[schema(example = 37.5)]
    pub behind_points: Option<Quantity>,
    /// What is not known, for which there is no such figure.
    pub missing: Vec<MissingFigure>,
}

impl Finances {
    pub fn of(project: &Project, spent: Option<&Spending>) -> Finances {
        let parts =
            [project.granted_ore, project.own_cofinancing_ore, project.other_cofinancing_ore];
        let parts: Option<i64> = parts.into_iter().sum();
        let period = project.period_start.zip(project.period_end_in_force);
        let days = period.zip(spent).map(|((start, end), spent)| {
            let (start, end) = (start.first_day(), end.last_day());
            let in_all = (end - start).num_days() + 1;
            (((spent.on_date - start).num_days() + 1).clamp(0, in_all), in_all)
        });
        let spent_ore = spent.map(|spent| spent.spent_ore);
        let spent_percent =
            spent_ore.zip(project.granted_ore).and_then(|(part, whole)| percent(part, whole));
        let elapsed_percent = days.and_then(|(part, whole)| percent(part, whole));
        let behind = |(elapsed, spent): (Quantity, Quantity)| {
            Quantity::of_thousandths(elapsed.thousandths() - spent.thousandths())
        };
        let missing = [
            (project.granted_ore.is_none(), MissingFigure::Grants),
            (spent.is_none(), MissingFigure::Spending),
            (project.period_start.is_none(), MissingFigure::PeriodStart),
            (project.period_end_in_force.is_none(), MissingFigure::PeriodEnd),
        ];
        Finances {
            project_id: project.id,
            project: project.code.clone(),
            title: project.title.clone(),
            granted_ore: project.granted_ore,
            total_budget_ore: project.total_budget_ore,
            own_cofinancing_ore: project.own_cofinancing_ore,
            other_cofinancing_ore: project.other_cofinancing_ore,
            unfunded_ore: project.total_budget_ore.zip(parts).map(|(total, parts)| total - parts),
            spent_ore,
            spent_on: spent.map(|spent| spent.on_date),
            spent_percent,
            days_elapsed: days.map(|(elapsed, _)| elapsed),
            days_in_all: days.map(|(_, in_all)| in_all),
            elapsed_percent,
            behind_points: elapsed_percent.zip(spent_percent).map(behind),
            missing: missing.into_iter().filter_map(|(is, what)| is.then_some(what)).collect(),
        }
    }
}

/// With one decimal, rounded half up.
fn percent(part: i64, whole: i64) -> Option<Quantity> {
    if whole <= 0 {
        return None;
    }
    let tenths = (i128::from(part) * 2_000 + i128::from(whole)) / (i128::from(whole) * 2);
    i64::try_from(tenths * 100).ok().map(Quantity::of_thousandths)
}

pub fn of_project(
    db: &mut Db,
    caller: &Caller,
    id: ProjectId,
    as_of: AsOf,
    now: At,
) -> Result<Finances> {
    standing(db, caller, id)?.1.require_whole_project()?;
    let project = get(db, caller, id, as_of)?;
    let spent = spending::latest(db, &[id], as_of, as_of.day(now))?;
    Ok(Finances::of(&project, spent.get(&id)))
}

/// The money of a programme's projects; for those who see the whole of it.
pub fn of_programme(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<ProjectId>,
    now: At,
) -> Result<Listing<Finances>> {
    caller.reads_programme(programme)?;
    let projects = list(db, caller, programme, filter, as_of, page)?;
    let ids: Vec<ProjectId> = projects.items.iter().map(|project| project.id).collect();
    let spent = spending::latest(db, &ids, as_of, as_of.day(now))?;
    Ok(projects.map(|project| Finances::of(&project, spent.get(&project.id))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_money_are_exact_to_a_tenth() {
        let percent = |part, whole| percent(part, whole).map(|share| share.to_string());
        assert_eq!(percent(1, 3).as_deref(), Some("33.3"));
        assert_eq!(percent(2, 3).as_deref(), Some("66.7"));
        assert_eq!(percent(1, 2_000).as_deref(), Some("0.1"));
        assert_eq!(percent(0, 34_535_300).as_deref(), Some("0"));
        assert_eq!(percent(10_000_000_000_000, 10_000_000_000_000).as_deref(), Some("100"));
        assert_eq!(percent(5, 0), None);
    }
}
