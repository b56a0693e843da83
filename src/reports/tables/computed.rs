//! What the records say of a figure that a report prints.

use std::collections::BTreeSet;

use super::catalogue::Walk;
use super::portfolio::Portfolio;
use super::shares;
use super::standing::Standing;
use crate::error::Result;
use crate::indicators::{CountFilter, IndicatorSource};
use crate::programmes::applications::{self, Application, ApplicationState};
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::reported_facts::{FactDimension, FactUnit, ReportedFact, measures};
use crate::programmes::rounds::{self, Round};
use crate::projects::Project;
use crate::quantity::Quantity;
use crate::store::Db;
use crate::store::types::text_enum;

text_enum! {
    /// How a printed figure stands to the computed one.
    pub enum Held {
        /// They are the same, as exact as the printed one is.
        Agrees = "agrees",
        Differs = "differs",
        /// Some of what it takes is not known, so that they can't be held against each other.
        Incomplete = "incomplete",
        /// Nothing in the records says anything about it.
        NotComputed = "not_computed",
    }
}

/// A computed figure, and how many things lack what it takes.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    pub figure: Quantity,
    pub lacking: usize,
}

/// Whom the group `children_and_young` of a report is about, and whom `professionals`.
pub const GROUPS: [(&str, &[&str]); 2] = [
    ("children_and_young", &["pupil", "student", "course_participant"]),
    ("professionals", &["teacher", "leader", "counsellor", "employee"]),
];

/// All records that a printed figure can be held against.
pub struct Records {
    pub portfolio: Portfolio,
    pub standing: Standing,
    pub rounds: Vec<Round>,
    pub applications: Vec<Application>,
}

impl Records {
    pub fn load(db: &mut Db, walk: &Walk) -> Result<Records> {
        let portfolio = Portfolio::load(db, walk)?;
        let standing = Standing::load(db, walk, &portfolio)?;
        let mut rounds = rounds::all(db, walk.programme, walk.as_of)?;
        rounds.retain(|round| walk.is_up_to(Some(round.year)));
        let mut applications = applications::all(db, walk.programme, walk.as_of)?;
        applications.retain(|application| walk.is_up_to(Some(application.year)));
        Ok(Records { portfolio, standing, rounds, applications })
    }

    fn book(&self) -> &Codebook {
        &self.portfolio.book
    }

    /// What the records say of it; none where they say nothing.
    pub fn of(&self, fact: &ReportedFact) -> Option<Found> {
        let part = fact.dimension.zip(fact.category.as_deref());
        match fact.measure.as_str() {
            measures::PROJECTS => self.projects(fact.year, part),
            measures::GRANTED => self.granted(fact.year, part),
            measures::GRANTED_SHARE => self.granted_share(part?),
            measures::GRANTED_CUMULATED => self.cumulated(fact.year?),
            measures::ENVELOPE => self.envelope(fact.year?),
            measures::APPLICATIONS => self.applications(fact.year, |_| true),
            measures::APPLICATIONS_GRANTED => {
                self.applications(fact.year, |state| state == ApplicationState::Granted)
            }
            measures::APPLICATIONS_REJECTED => {
                self.applications(fact.year, |state| state == ApplicationState::Rejected)
            }
            measures::PROJECTS_AT_LEVEL => self.projects_at_level(part?.1),
            measures::PROJECTS_WITH_PARTNER_TYPE => self.projects_with_type(part?.1),
            measures::EXPECTED_PARTICIPANTS => self.expected(part?.1),
            measures::SMALLEST_GRANT => self.grants().min().map(|ore| self.of_known(ore)),
            measures::LARGEST_GRANT => self.grants().max().map(|ore| self.of_known(ore)),
            _ => None,
        }
    }

    fn matching<'a>(
        &'a self,
        year: Option<i32>,
        part: Option<(FactDimension, &'a str)>,
    ) -> Option<Vec<&'a Project>> {
        let is_in: Box<dyn Fn(&Project) -> bool> = match part {
            None => Box::new(|_| true),
            Some((FactDimension::FocusArea, code)) => {
                Box::new(move |one| one.focus_area.as_deref() == Some(code))
            }
            Some((FactDimension::ProjectType, code)) => {
                Box::new(move |one| one.project_type.as_deref() == Some(code))
            }
            Some((FactDimension::Status, code)) => Box::new(move |one| one.status.as_str() == code),
            Some((FactDimension::Approach, code)) => {
                Box::new(move |one| one.approaches.iter().any(|own| own == code))
            }
            Some(_) => return None,
        };
        let of_year = |one: &&Project| year.is_none() || one.year == year;
        Some(self.portfolio.projects.iter().filter(of_year).filter(|one| is_in(one)).collect())
    }

    fn projects(&self, year: Option<i32>, part: Option<(FactDimension, &str)>) -> Option<Found> {
        let found = self.matching(year, part)?;
        let lacking = match part {
            Some((FactDimension::Approach, _)) => {
                let all = self.matching(year, None)?;
                all.iter().filter(|project| project.approaches.is_empty()).count()
            }
            _ => 0,
        };
        Some(count(found.len(), lacking))
    }

    fn granted(&self, year: Option<i32>, part: Option<(FactDimension, &str)>) -> Option<Found> {
        if let Some((FactDimension::RoundKind, kind)) = part {
            return self.granted_in_rounds(year?, kind);
        }
        let projects = self.matching(year, part)?;
        sum(projects.iter().map(|project| project.granted_ore))
    }

    fn granted_in_rounds(&self, year: i32, kind: &str) -> Option<Found> {
        let rounds: BTreeSet<&str> = self
            .rounds
            .iter()
            .filter(|round| round.year == year && round.kind == kind)
            .map(|round| round.code.as_str())
            .collect();
        let of_year = self.portfolio.projects.iter().filter(|one| one.year == Some(year));
        let unknown = of_year.filter(|project| {
            project.grants.is_empty() || project.grants.iter().any(|grant| grant.round.is_none())
        });
        let grants = self.portfolio.projects.iter().flat_map(|project| &project.grants);
        let own = grants.filter(|grant| grant.round.as_deref().is_some_and(|r| rounds.contains(r)));
        let (ore, lacking) = (own.map(|grant| grant.amount_ore).sum(), unknown.count());
        // Nothing known is not nothing granted.
        (ore > 0 || lacking == 0).then(|| Found { figure: kroner(ore), lacking })
    }

    fn granted_share(&self, (dimension, category): (FactDimension, &str)) -> Option<Found> {
        let list = match dimension {
            FactDimension::FocusArea => CodeList::FocusArea,
            FactDimension::ProjectType => CodeList::ProjectType,
            _ => return None,
        };
        let codes: Vec<&str> = self.book().list(list).map(|code| code.code.as_str()).collect();
        let amounts: Vec<i64> = codes
            .iter()
            .map(|code| {
                let projects = self.matching(None, Some((dimension, code))).unwrap_or_default();
                projects.iter().filter_map(|project| project.granted_ore).sum()
            })
            .collect();
        let place = codes.iter().position(|code| *code == category)?;
        let share = *shares::percent(&amounts)?.get(place)?;
        let figure = Quantity::of_thousandths(share * 100);
        Some(Found { figure, lacking: self.without_amount() })
    }

    fn without_amount(&self) -> usize {
        self.portfolio.projects.iter().filter(|one| one.granted_ore.is_none()).count()
    }

    fn cumulated(&self, year: i32) -> Option<Found> {
        let by_then =
            self.portfolio.projects.iter().filter(|one| one.year.is_none_or(|y| y <= year));
        sum(by_then.map(|project| project.granted_ore))
    }

    fn envelope(&self, year: i32) -> Option<Found> {
        let rounds: Vec<&Round> = self.rounds.iter().filter(|round| round.year == year).collect();
        let known = rounds.iter().any(|round| round.envelope_ore.is_some());
        sum(rounds.iter().map(|round| round.envelope_ore)).filter(|_| known)
    }

    fn applications(
        &self,
        year: Option<i32>,
        is_in: impl Fn(ApplicationState) -> bool,
    ) -> Option<Found> {
        let all = self.applications.iter();
        let all: Vec<_> = all.filter(|one| year.is_none_or(|year| one.year == year)).collect();
        let found = all.iter().filter(|one| is_in(one.state)).count();
        // Nothing recorded is not nothing received.
        (!all.is_empty()).then(|| count(found, 0))
    }

    fn projects_at_level(&self, level: &str) -> Option<Found> {
        let level = self.book().find(CodeList::EducationLevel, level)?;
        let within = self.book().within(level.id);
        let is_within = |word: &String| {
            let code = self.book().find(CodeList::EducationLevel, word);
            code.is_some_and(|code| within.contains(&code.id))
        };
        let (mut found, mut lacking) = (0, 0);
        for project in &self.standing.projects {
            let mut filters =
                project.indicators.iter().filter_map(|one| one.indicator.filter.as_ref());
            let levels: Vec<&String> =
                filters.by_ref().flat_map(|one| &one.education_levels).collect();
            found += usize::from(levels.iter().any(|word| is_within(word)));
            lacking += usize::from(levels.is_empty());
        }
        Some(count(found, lacking))
    }

    fn projects_with_type(&self, level: &str) -> Option<Found> {
        let level = self.book().find(CodeList::EducationLevel, level)?;
        let within = self.book().within(level.id);
        let is_within = |word: &str| {
            let code = self.book().find(CodeList::EducationLevel, word);
            code.is_some_and(|code| within.contains(&code.id))
        };
        let (mut found, mut lacking) = (0, 0);
        for project in &self.portfolio.projects {
            let own = project.partners.iter().filter_map(|one| one.education_type.as_deref());
            let mut own = own.chain(project.holder_education_type.as_deref());
            let has = !project.partners.is_empty() && own.any(is_within);
            found += usize::from(has);
            lacking += usize::from(project.partners.is_empty());
        }
        (lacking < self.portfolio.projects.len()).then(|| count(found, lacking))
    }

    /// The targets of the projects' indicators that count those roles and no other.
    fn expected(&self, group: &str) -> Option<Found> {
        let (_, roles) = GROUPS.iter().find(|(name, _)| *name == group)?;
        Some(Found { figure: self.expected_of(roles), lacking: 0 })
    }

    pub fn expected_of(&self, roles: &[&str]) -> Quantity {
        let counts = |filter: &CountFilter| {
            let roles_of_group = |role: &String| roles.contains(&role.as_str());
            !filter.roles.is_empty() && filter.roles.iter().all(roles_of_group)
        };
        let indicators = self.standing.projects.iter().flat_map(|project| &project.indicators);
        let counted = indicators.filter(|one| {
            one.indicator.source == IndicatorSource::Participation
                && !one.indicator.retired
                && one.indicator.filter.as_ref().is_some_and(counts)
        });
        let figures = counted.filter_map(|one| one.target.as_ref()?.figure);
        let sum = figures.map(Quantity::thousandths).fold(0, i64::saturating_add);
        Quantity::of_thousandths(sum)
    }

    fn grants(&self) -> impl Iterator<Item = i64> {
        self.portfolio.projects.iter().filter_map(|project| project.granted_ore)
    }

    /// An extreme among the known says something even where others are not known.
    fn of_known(&self, ore: i64) -> Found {
        Found { figure: kroner(ore), lacking: 0 }
    }
}

fn count(found: usize, lacking: usize) -> Found {
    Found { figure: Quantity::whole(i64::try_from(found).unwrap_or(i64::MAX)), lacking }
}

/// None where nothing is known of any.
fn sum(amounts: impl Iterator<Item = Option<i64>>) -> Option<Found> {
    let (mut ore, mut known, mut lacking) = (0_i64, 0, 0);
    for amount in amounts {
        match amount {
            Some(amount) => {
                ore = ore.saturating_add(amount);
                known += 1;
            }
            None => lacking += 1,
        }
    }
    (known > 0 || lacking == 0).then(|| Found { figure: kroner(ore), lacking })
}

pub fn kroner(ore: i64) -> Quantity {
    Quantity::of_thousandths(ore.saturating_mul(10))
}

/// How a printed figure stands to a computed one.
pub fn held(fact: &ReportedFact, found: Option<Found>) -> Held {
    let Some(Found { figure, lacking }) = found else { return Held::NotComputed };
    let off = fact.value.thousandths().saturating_sub(figure.thousandths()).abs();
    match lacking {
        _ if is_an_extreme(fact) && off > tolerance(fact) => extreme(fact, figure),
        0 if off <= tolerance(fact) => Held::Agrees,
        0 => Held::Differs,
        // What is known already is more than what is printed of the whole.
        _ if fact.unit != FactUnit::Percent
            && figure.thousandths() - tolerance(fact) > fact.value.thousandths() =>
        {
            Held::Differs
        }
        _ => Held::Incomplete,
    }
}

fn is_an_extreme(fact: &ReportedFact) -> bool {
    [measures::SMALLEST_GRANT, measures::LARGEST_GRANT].contains(&fact.measure.as_str())
}

/// A known grant beyond the printed extreme contradicts it; one within may not be the extreme.
fn extreme(fact: &ReportedFact, figure: Quantity) -> Held {
    let beyond = match fact.measure.as_str() {
        measures::SMALLEST_GRANT => figure < fact.value,
        _ => figure > fact.value,
    };
    if beyond { Held::Differs } else { Held::Incomplete }
}

/// Half of the last place that is printed, in thousandths: millions with two decimals are known to
/// 5,000 kroner.
pub fn tolerance(fact: &ReportedFact) -> i64 {
    let printed = fact.printed.as_deref().unwrap_or_default().to_lowercase();
    let decimals = || {
        let digits = printed.split([',', '.']).nth(1).unwrap_or_default();
        u32::try_from(digits.chars().take_while(char::is_ascii_digit).count()).unwrap_or(0)
    };
    match fact.unit {
        FactUnit::Kroner if printed.contains("mio") => {
            (1_000_000 * 1_000 / 2) / 10_i64.pow(decimals().min(6))
        }
        FactUnit::Kroner => 500,
        FactUnit::Percent => 500 / 10_i64.pow(decimals().min(2)),
        FactUnit::Count => 0,
    }
}
