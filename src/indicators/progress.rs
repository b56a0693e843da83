//! Progress: every indicator with what was promised, what was planned by now and what was reached.

mod by_day;

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::compute::{
    Counted, Filter, Matcher, OutsideIndicators, Percent, ProgressState, assess, outside,
};
use super::revisions::{self, Revision};
use super::rows::{self, Definition, ProjectLine};
use super::survey::{self, AnswersProgress, Surveyed};
use super::target::{self, Milestone, Target};
use super::values::{self, Latest};
use super::{Indicator, IndicatorSource, shown};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{IndicatorId, OrganisationId, ProgrammeId, ProjectId, RevisionId};
use crate::paging::Page;
use crate::participation::{self, Total};
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::Register;
use crate::projects;
use crate::quantity::Quantity;
use crate::store::types::text_enum;
use crate::store::{AsOf, Db};
use crate::surveys::shares::Released;

pub use by_day::by_day;

text_enum! {
    /// Where an actual figure comes from.
    pub enum ActualKind {
        /// Summed from counts of participants.
        Counted = "counted",
        /// The latest value posted by hand.
        Posted = "posted",
        /// No value was posted by hand; a report gives this one.
        Reported = "reported",
        /// From answers to questionnaires, as far as they are released.
        Surveyed = "surveyed",
        /// Nothing is known.
        None = "none",
    }
}

/// A target as progress is held against it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TargetInForce {
    pub revision_id: RevisionId,
    pub number: i32,
    pub target: Target,
    /// The figure that the actual one is held against: for a range its lower end, for classes the
    /// estimated pupils. Null per company and where nothing is promised.
    pub figure: Option<Quantity>,
    pub holds_from: Option<NaiveDate>,
    /// The figure is known from a report only.
    pub reported: bool,
}

impl From<&Revision> for TargetInForce {
    fn from(revision: &Revision) -> TargetInForce {
        TargetInForce {
            revision_id: revision.id,
            number: revision.number,
            figure: revision.target.figure(),
            target: revision.target.clone(),
            holds_from: revision.holds_from,
            reported: revision.reported,
        }
    }
}

/// A figure that a report gives: shown beside what is computed, never mixed with it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportedFigure {
    pub figure: Quantity,
    pub on_date: NaiveDate,
    pub source_note: Option<String>,
}

/// How one organisation stands to its part of the target.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartProgress {
    #[schema(example = "learnmark-horsens")]
    pub organisation: String,
    pub organisation_id: OrganisationId,
    pub minimum: i32,
    /// Its own counts; null where it has none, or where the indicator is not counted.
    pub actual: Option<Quantity>,
    pub percent: Option<Percent>,
    pub remaining: Option<Quantity>,
    pub state: ProgressState,
}

/// How one indicator stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Progress {
    pub indicator: Indicator,
    /// The target that holds on the day; null where none is agreed.
    pub target: Option<TargetInForce>,
    /// The target that was agreed first.
    pub original_target: Option<TargetInForce>,
    /// A proposal that waits for the secretariat.
    pub pending: Option<Revision>,
    /// How far the project meant to be: the last step of its planned profile that is due. Null
    /// where there is no profile, or no step of it is due yet.
    pub planned_by_now: Option<Quantity>,
    /// The next step of the planned profile.
    pub next_due: Option<Milestone>,
    /// What was reached; null where nothing is known. Per company it is how many companies are
    /// inside the range.
    pub actual: Option<Quantity>,
    pub actual_kind: ActualKind,
    /// The date of a posted or reported actual.
    pub actual_on: Option<NaiveDate>,
    /// The actual figure over the target's; per company, the companies inside the range over all
    /// that take part.
    pub percent: Option<Percent>,
    /// What is missing to the target, never negative: all of it where nothing is known. Per
    /// company, the companies outside the range. Null where there is no target, and where the state
    /// is `suppressed`.
    pub remaining: Option<Quantity>,
    pub state: ProgressState,
    /// Participants counted at a level above the indicator's, or at none: some of them may belong
    /// here. Never added; null where there are none.
    pub at_broader_level: Option<i64>,
    /// The actual adds counts of several activities (for the programme's own goals, of several
    /// projects): a sum of counts and not of people, since the same pupils can stand under two.
    pub over_activities: bool,
    /// Where the target is split by organisation or is per company: participants within the
    /// actual whose count names no organisation.
    pub without_organisation: Option<i64>,
    /// The target's split by organisation.
    pub parts: Vec<PartProgress>,
    /// The latest figure that a report gives.
    pub reported: Option<ReportedFigure>,
    /// Of an indicator from answers: what its actual figure is made of. Null for others, where it
    /// is hidden and where nothing is released.
    pub answers: Option<AnswersProgress>,
}

/// How a project stands, by its indicators in their order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectProgress {
    pub project_id: ProjectId,
    #[schema(example = "labstem-nord")]
    pub code: String,
    pub title: String,
    /// The day, in Denmark, at whose end it stood so.
    pub day: NaiveDate,
    pub indicators: Vec<Progress>,
    pub outside_indicators: OutsideIndicators,
}

/// How a programme stands: its own goals, then its projects in the order of making.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgrammeProgress {
    pub programme_id: ProgrammeId,
    /// The day, in Denmark, at whose end it stood so.
    pub day: NaiveDate,
    /// The programme's own goals; on the first page only.
    pub goals: Vec<Progress>,
    pub projects: Vec<ProjectProgress>,
    /// For `cursor`, to get the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// What a look at progress needs to know of the programme.
struct View {
    programme: ProgrammeId,
    book: Codebook,
    register: Register,
    as_of: AsOf,
    day: NaiveDate,
    released: Released,
}

/// The progress of a project, for whoever sees the whole of it.
pub fn of_project(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    as_of: AsOf,
    now: At,
) -> Result<ProjectProgress> {
    let (programme, standing) = projects::standing(db, &caller.reading(), project)?;
    standing.require_whole_project()?;
    let mut view = View::load(db, programme, as_of, now)?;
    let line = rows::project(db, project, as_of)?.ok_or(Error::NotFound)?;
    let totals = participation::totals(db, programme, Some(project), as_of)?;
    let totals = HashMap::from([(project, totals)]);
    view.projects(db, vec![line], &totals)?.pop().ok_or(Error::NotFound)
}

/// The programme's own goals, for whoever reads the whole programme.
pub fn of_programme_goals(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    as_of: AsOf,
    now: At,
) -> Result<Vec<Progress>> {
    caller.reading().reads_programme(programme)?;
    let totals = participation::totals(db, programme, None, as_of)?;
    View::load(db, programme, as_of, now)?.goals(db, &totals)
}

/// A page of a programme's projects with their progress, and before the first its own goals. As
/// they stood by `until`, where given: targets that held then, counts whose period had begun, values
/// up to it; and the answers that are released, which have no day of their own.
pub fn of_programme(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    page: &Page<ProjectId>,
    as_of: AsOf,
    until: Option<NaiveDate>,
    now: At,
) -> Result<ProgrammeProgress> {
    caller.reading().reads_programme(programme)?;
    let mut view = View::load(db, programme, as_of, now)?;
    let begun = until.filter(|until| *until < view.day);
    view.day = begun.unwrap_or(view.day);
    let totals = participation::totals_begun_by(db, programme, None, begun, as_of)?;
    let goals = match page.after {
        None => view.goals(db, &totals)?,
        Some(_) => Vec::new(),
    };
    let mut by_project: HashMap<ProjectId, Vec<Total>> = HashMap::new();
    for total in totals {
        by_project.entry(total.project).or_default().push(total);
    }
    let lines = rows::projects(db, programme, as_of, page)?;
    let lines = page.listing(lines, |line| line.id);
    Ok(ProgrammeProgress {
        programme_id: programme,
        day: view.day,
        goals,
        projects: view.projects(db, lines.items, &by_project)?,
        next_cursor: lines.next_cursor,
    })
}

impl View {
    fn load(db: &mut Db, programme: ProgrammeId, as_of: AsOf, now: At) -> Result<View> {
        let book = Codebook::load(db, programme)?;
        let register = Register::load(db, programme)?;
        let released = Released::by(as_of);
        Ok(View { programme, book, register, as_of, day: as_of.day(now), released })
    }

    fn goals(&mut self, db: &mut Db, totals: &[Total]) -> Result<Vec<Progress>> {
        let goals = rows::goals(db, self.programme)?;
        let mut known = self.known(db, &goals)?;
        let goals = goals.into_iter().filter(|goal| self.was_defined(goal));
        Ok(goals.map(|goal| self.progress(goal, totals, &mut known)).collect())
    }

    fn projects(
        &mut self,
        db: &mut Db,
        lines: Vec<ProjectLine>,
        totals: &HashMap<ProjectId, Vec<Total>>,
    ) -> Result<Vec<ProjectProgress>> {
        let ids: Vec<ProjectId> = lines.iter().map(|line| line.id).collect();
        let definitions = rows::of_projects(db, &ids)?;
        let mut known = self.known(db, &definitions)?;
        let mut by_project: HashMap<ProjectId, Vec<Definition>> = HashMap::new();
        for definition in definitions.into_iter().filter(|one| self.was_defined(one)) {
            if let Some(project) = definition.row.project_id {
                by_project.entry(project).or_default().push(definition);
            }
        }
        let project = |line: ProjectLine| {
            let totals = totals.get(&line.id).map_or(&[][..], Vec::as_slice);
            let definitions = by_project.remove(&line.id).unwrap_or_default();
            let matchers: Vec<Matcher> =
                definitions.iter().filter_map(|one| self.matcher(one)).collect();
            let progress = |one| self.progress(one, totals, &mut known);
            ProjectProgress {
                project_id: line.id,
                code: line.code,
                title: line.title,
                day: self.day,
                indicators: definitions.into_iter().map(progress).collect(),
                outside_indicators: outside(totals, &matchers),
            }
        };
        Ok(lines.into_iter().map(project).collect())
    }

    /// An indicator has no versions of its own, but it did not stand before it was made.
    fn was_defined(&self, definition: &Definition) -> bool {
        definition.row.created_at <= self.as_of.moment()
    }

    fn known(&mut self, db: &mut Db, definitions: &[Definition]) -> Result<Known> {
        let ids: Vec<IndicatorId> = definitions.iter().map(|one| one.row.id).collect();
        let revisions = revisions::load(db, &ids, self.as_of, &self.register)?;
        let values = values::latest(db, &ids, self.as_of, self.day)?;
        // On an earlier day it took no answers yet.
        let took = |one: &&Definition| {
            one.row.survey_since.is_some_and(|since| since <= self.as_of.moment())
        };
        let took = definitions.iter().filter(took).map(|one| &one.row);
        let shares = survey::found(db, took, &mut self.released)?;
        Ok(Known { revisions, values, shares })
    }

    fn matcher(&self, definition: &Definition) -> Option<Matcher> {
        let of = |list: CodeList| {
            let codes = definition.codes.iter().copied();
            codes.filter(|id| self.book.get(*id).is_some_and(|code| code.list == list)).collect()
        };
        let filter = Filter {
            project: definition.row.project_id,
            activity: definition.row.activity_id,
            roles: of(CodeList::ParticipantRole),
            levels: of(CodeList::EducationLevel),
            organisation: definition.row.organisation_id,
            counting: definition.row.counting?,
        };
        Some(Matcher::new(filter, &self.book))
    }

    fn progress(&self, definition: Definition, totals: &[Total], known: &mut Known) -> Progress {
        let counted = self.matcher(&definition).map(|matcher| matcher.count(totals));
        let revisions = known.revisions.remove(&definition.row.id).unwrap_or_default();
        let latest = known.values.remove(&definition.row.id).unwrap_or_default();
        let surveyed = known.shares.remove(&definition.row.id);
        let indicator = shown(definition, &self.book, &self.register);
        let counted = counted.unwrap_or_default();
        progress(indicator, &revisions, latest, counted, surveyed, self.day)
    }
}

/// What is on record for a set of indicators.
struct Known {
    revisions: HashMap<IndicatorId, Vec<Revision>>,
    values: HashMap<IndicatorId, Latest>,
    shares: HashMap<IndicatorId, Surveyed>,
}

/// The progress of one indicator on a day, from what is on record for it.
fn progress(
    indicator: Indicator,
    revisions: &[Revision],
    latest: Latest,
    counted: Counted,
    surveyed: Option<Surveyed>,
    day: NaiveDate,
) -> Progress {
    let in_force = revisions::in_force(revisions, day);
    let target = in_force.map(|revision| &revision.target);
    let planned = in_force.map_or(&[][..], |revision| &revision.planned);
    let found = actual(indicator.source, &latest, &counted, surveyed.as_ref());
    let whole = surveyed.as_ref().map(|surveyed| &surveyed.found.whole);
    let assessment = assess(target, found.figure, &counted.by_organisation).of_share(whole);
    let part = |part: &revisions::Part| {
        let own = counted.by_organisation.get(&part.organisation_id).copied().map(Quantity::whole);
        let share = surveyed.as_ref().and_then(|surveyed| {
            let share = surveyed.found.by_organisation.get(&part.organisation_id)?;
            Some((share, surveyed.figure(share)))
        });
        let own = share.map_or(own, |(_, figure)| figure);
        let promised = Target::AtLeast { minimum: part.minimum.into() };
        let own = assess(Some(&promised), own, &Default::default());
        let own = own.of_share(share.map(|(share, _)| share));
        PartProgress {
            organisation: part.organisation.clone(),
            organisation_id: part.organisation_id,
            minimum: part.minimum,
            actual: own.actual,
            percent: own.percent,
            remaining: own.remaining,
            state: own.state,
        }
    };
    let parts: Vec<PartProgress> = in_force.iter().flat_map(|one| &one.parts).map(part).collect();
    let by_organisation = !parts.is_empty() || matches!(target, Some(Target::PerCompany { .. }));
    Progress {
        target: in_force.map(TargetInForce::from),
        original_target: revisions::original(revisions).map(TargetInForce::from),
        pending: revisions::pending(revisions).cloned(),
        planned_by_now: target::planned_by(planned, day),
        next_due: target::next_due(planned, day),
        actual: assessment.actual,
        actual_kind: if assessment.actual.is_some() { found.kind } else { ActualKind::None },
        actual_on: found.on,
        percent: assessment.percent,
        remaining: assessment.remaining,
        state: assessment.state,
        answers: surveyed.as_ref().and_then(Surveyed::answers),
        at_broader_level: counted.at_broader_level,
        over_activities: counted.over_activities,
        without_organisation: counted
            .without_organisation
            .filter(|_| by_organisation || !counted.by_organisation.is_empty()),
        parts,
        reported: latest.reported.map(|value| ReportedFigure {
            figure: value.figure,
            on_date: value.on_date,
            source_note: value.source_note,
        }),
        indicator,
    }
}

struct Actual {
    figure: Option<Quantity>,
    kind: ActualKind,
    on: Option<NaiveDate>,
}

/// Where an actual comes from: what can be counted is never taken from a report.
fn actual(
    source: IndicatorSource,
    latest: &Latest,
    counted: &Counted,
    surveyed: Option<&Surveyed>,
) -> Actual {
    let value = match source {
        IndicatorSource::Participation => {
            let figure = counted.participants.map(Quantity::whole);
            return Actual { figure, kind: ActualKind::Counted, on: None };
        }
        IndicatorSource::Survey => {
            let figure = surveyed.and_then(|surveyed| surveyed.figure(&surveyed.found.whole));
            return Actual { figure, kind: ActualKind::Surveyed, on: None };
        }
        IndicatorSource::Manual => latest.posted.as_ref().or(latest.reported.as_ref()),
    };
    match value {
        None => Actual { figure: None, kind: ActualKind::None, on: None },
        Some(value) => {
            let kind = if value.reported { ActualKind::Reported } else { ActualKind::Posted };
            Actual { figure: Some(value.figure), kind, on: Some(value.on_date) }
        }
    }
}

#[cfg(test)]
mod tests;
