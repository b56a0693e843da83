//! The results chain's indicators and their targets; what was reached, held against them.

mod choice;
pub mod compute;
pub mod progress;
pub mod quantity;
mod revision_rows;
pub mod revisions;
pub mod routes;
mod rows;
pub mod survey;
pub mod target;
mod value_rows;
pub mod values;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use self::choice::Choice;
use self::revisions::NewRevision;
use self::rows::{Definition, IndicatorRow};
use crate::accounts::{Caller, Standing};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Faults, Result};
use crate::ids::{IndicatorId, OrganisationId, ProgrammeId, ProjectId};
use crate::participation::Counting;
use crate::programmes::checked_code;
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::Register;
use crate::projects;
use crate::store::types::text_enum;
use crate::store::{Chain, Db, Within};
use crate::surveys::shares::ShareRule;
use crate::versioned::Versioned;

text_enum! {
    /// Where in the results chain an indicator stands.
    pub enum IndicatorLevel {
        /// What an activity yields: participants, teaching sequences.
        Output = "output",
        /// What that changes for those who took part.
        Outcome = "outcome",
        /// What it changes in the long run.
        Impact = "impact",
    }
}

text_enum! {
    /// Where an indicator's actual figure comes from.
    pub enum IndicatorSource {
        /// Summed from the counts of participants, never typed in.
        Participation = "participation",
        /// From answers to a questionnaire.
        Survey = "survey",
        /// Posted as values with a date.
        Manual = "manual",
    }
}

/// Which counts an indicator takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountFilter {
    /// Codes of `participant_role`; every role where empty.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(example = json!(["teacher"]))]
    pub roles: Vec<String>,
    /// Codes of `education_level`, each with all below it; every level where empty.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(example = json!(["ungdomsuddannelse"]))]
    pub education_levels: Vec<String>,
    /// The code of one organisation; every one where null.
    pub organisation: Option<String>,
    /// Unique participants unless said otherwise; the two are never added.
    #[serde(default = "unique")]
    #[schema(required = false)]
    pub counting: Counting,
}

fn unique() -> Counting {
    Counting::Unique
}

/// What is measured, in a project or in the programme as a whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Indicator {
    pub id: IndicatorId,
    pub programme_id: ProgrammeId,
    /// Null for a goal of the programme itself.
    pub project_id: Option<ProjectId>,
    /// The number of the project's activity that it belongs to, where it has one.
    pub activity: Option<i32>,
    /// Unique in the programme.
    #[schema(example = "labstem-nord-teachers")]
    pub code: String,
    pub title: String,
    pub note: Option<String>,
    pub level: IndicatorLevel,
    #[schema(example = "people")]
    pub unit: String,
    pub source: IndicatorSource,
    /// Which counts it takes; null where its source is not `participation`.
    pub filter: Option<CountFilter>,
    /// Which answers it takes; null where its source is not `survey`, or none are named yet.
    pub survey: Option<ShareRule>,
    /// Its place among the project's indicators, from 1.
    pub position: i32,
    /// A retired indicator keeps its figures and takes no new ones.
    pub retired: bool,
    pub version: i32,
}

impl Versioned for Indicator {
    fn version(&self) -> i32 {
        self.version
    }
}

/// A new indicator.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIndicator {
    /// Unique in the programme; it can't be changed afterwards.
    #[validate(length(min = 1, max = 64))]
    pub code: String,
    /// The number of the project's activity; none for the project as a whole.
    #[schema(example = 1)]
    pub activity: Option<i32>,
    #[validate(length(min = 1, max = 400))]
    pub title: String,
    #[validate(length(min = 1, max = 4000))]
    pub note: Option<String>,
    pub level: IndicatorLevel,
    #[validate(length(min = 1, max = 100))]
    pub unit: String,
    /// It can't be changed afterwards.
    pub source: IndicatorSource,
    /// Only where the source is `participation`; every unique participant where not given.
    #[validate(nested)]
    pub filter: Option<CountFilter>,
    /// Only where the source is `survey`; nothing is computed where not given.
    #[validate(nested)]
    pub survey: Option<ShareRule>,
    /// Last where not given.
    #[validate(range(min = 1, max = 10_000))]
    pub position: Option<i32>,
    /// The target that comes with the grant: agreed at once.
    #[validate(nested)]
    pub first_target: Option<NewRevision>,
}

/// What can change about an indicator: neither its code nor its source, and what it counts only on
/// the day on which it was made (409 afterwards), since every table can be asked for as it stood
/// on an earlier day; which answers it takes only on the day on which that was first said, and it
/// may be said later, for the days from then on. A base may be put right later too, until answers
/// that it or the new one tells apart are released. To count something else, retire it and make
/// another one.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorUpdate {
    /// The number of the project's activity; none for the project as a whole.
    pub activity: Option<i32>,
    #[validate(length(min = 1, max = 400))]
    pub title: String,
    #[validate(length(min = 1, max = 4000))]
    pub note: Option<String>,
    pub level: IndicatorLevel,
    #[validate(length(min = 1, max = 100))]
    pub unit: String,
    #[validate(nested)]
    pub filter: Option<CountFilter>,
    #[validate(nested)]
    pub survey: Option<ShareRule>,
    #[validate(range(min = 1, max = 10_000))]
    pub position: i32,
    pub retired: bool,
}

/// Whose indicator it is: a project's, or the programme's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Project(ProjectId),
    Programme(ProgrammeId),
}

impl Within for Owner {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        match self {
            Owner::Project(id) => id.chain(db),
            Owner::Programme(id) => id.chain(db),
        }
    }
}

impl Within for IndicatorId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}

impl Owner {
    fn of(row: &IndicatorRow) -> Owner {
        row.project_id.map_or(Owner::Programme(row.programme_id), Owner::Project)
    }

    fn project(self) -> Option<ProjectId> {
        match self {
            Owner::Project(id) => Some(id),
            Owner::Programme(_) => None,
        }
    }

    /// Among whom a target can be split; no bounds but the programme's for its own goals.
    fn taking_part(self, db: &mut Db) -> Result<Option<HashSet<OrganisationId>>> {
        self.project().map(|id| projects::organisations_of(db, id)).transpose()
    }

    /// What the caller is to it. A programme has no holder.
    fn standing(self, db: &mut Db, caller: &Caller) -> Result<(ProgrammeId, Standing)> {
        match self {
            Owner::Project(id) => projects::standing(db, caller, id),
            Owner::Programme(id) => {
                caller.sees_programme(id)?;
                let secretariat = caller.runs_programme(id).is_ok();
                let reader = caller.reads_programme(id).is_ok();
                Ok((id, Standing { secretariat, reader, ..Standing::default() }))
            }
        }
    }
}

/// An indicator, and what the caller is to it.
struct Held {
    definition: Definition,
    standing: Standing,
}

impl Held {
    fn find(db: &mut Db, caller: &Caller, id: IndicatorId) -> Result<Held> {
        let definition = rows::find(db, id)?.ok_or(Error::NotFound)?;
        let (_, standing) = Owner::of(&definition.row).standing(db, caller)?;
        Ok(Held { definition, standing })
    }

    /// Sees targets and values: a contributor sees its own organisation's counts only.
    fn require_figures(&self) -> Result<()> {
        match Owner::of(&self.definition.row) {
            Owner::Project(_) => self.standing.require_whole_project(),
            Owner::Programme(_) if self.standing.limited_to().is_none() => Ok(()),
            Owner::Programme(_) => Err(Error::Forbidden("whole_programme_only")),
        }
    }

    /// Proposes targets and posts values.
    fn require_holder(&self) -> Result<()> {
        match Owner::of(&self.definition.row) {
            Owner::Project(_) => self.standing.require_holder(),
            Owner::Programme(_) => self.standing.require_secretariat(),
        }
    }

    fn require_in_use(&self) -> Result<()> {
        match self.definition.row.retired {
            true => Err(Error::Conflict("indicator_retired")),
            false => Ok(()),
        }
    }
}

/// The indicators of a project, or the programme's own goals, in their order.
pub fn list(db: &mut Db, caller: &Caller, owner: Owner) -> Result<Vec<Indicator>> {
    let (programme, _) = owner.standing(db, caller)?;
    let definitions = match owner {
        Owner::Project(id) => rows::of_projects(db, &[id])?,
        Owner::Programme(id) => rows::goals(db, id)?,
    };
    let book = Codebook::load(db, programme)?;
    let register = Register::load(db, programme)?;
    Ok(definitions.into_iter().map(|one| shown(one, &book, &register)).collect())
}

pub fn get(db: &mut Db, caller: &Caller, id: IndicatorId) -> Result<Indicator> {
    let Held { definition, .. } = Held::find(db, caller, id)?;
    let book = Codebook::load(db, definition.row.programme_id)?;
    let register = Register::load(db, definition.row.programme_id)?;
    Ok(shown(definition, &book, &register))
}

/// Defines an indicator, with its first target where one is given.
pub fn create(
    db: &mut Db,
    caller: &Caller,
    owner: Owner,
    input: NewIndicator,
    now: At,
) -> Result<IndicatorId> {
    let (programme, standing) = owner.standing(db, caller)?;
    standing.require_secretariat()?;
    let mut faults = Faults::default();
    faults.keep(checked_code(&input.code, "/code"));
    let source = input.source;
    let chosen = Choice { programme, owner, source, before: None };
    let chosen = chosen.check(db, input.activity, input.filter.as_ref(), &mut faults)?;
    let survey = survey::checked(db, programme, owner, source, input.survey, &mut faults)?;
    let target = input.first_target.as_ref().map(|first| &first.target);
    faults.0.extend(survey::misses(survey.as_ref(), target));
    let register = Register::load(db, programme)?;
    let taking_part = owner.taking_part(db)?;
    let first = match input.first_target {
        None => None,
        Some(first) => match revisions::checked(first, source, &register, taking_part.as_ref()) {
            Ok(first) => Some(first),
            Err(found) => {
                faults.0.extend(found.0.into_iter().map(|fault| fault.under("/first_target")));
                None
            }
        },
    };
    faults.check()?;
    let survey = survey::prepared(db, programme, survey)?;
    let position = match input.position {
        Some(position) => position,
        None => rows::last_position(db, programme, owner.project())?.unwrap_or(0) + 1,
    };
    let row = IndicatorRow {
        id: IndicatorId::new(),
        programme_id: programme,
        project_id: owner.project(),
        activity_id: chosen.activity,
        code: input.code,
        title: input.title,
        note: input.note,
        level: input.level,
        unit: input.unit,
        source,
        counting: chosen.counting,
        organisation_id: chosen.organisation,
        position,
        retired: false,
        version: 1,
        created_at: now,
        survey_since: survey.as_ref().map(|_| now),
        survey,
    };
    rows::insert(db, &row).or_taken("/code")?;
    rows::set_codes(db, row.id, &chosen.codes)?;
    audit::record(db, caller.actor(), now, Event::new("indicator.created", row.id))?;
    if let Some(first) = first {
        revisions::agree_first(db, caller, row.id, first, now)?;
    }
    Ok(row.id)
}

pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: IndicatorId,
    seen: i32,
    input: IndicatorUpdate,
    now: At,
) -> Result<Indicator> {
    let Held { definition, standing } = Held::find(db, caller, id)?;
    standing.require_secretariat()?;
    if definition.row.version != seen {
        return Err(Error::Stale);
    }
    let mut faults = Faults::default();
    let chosen = Choice {
        programme: definition.row.programme_id,
        owner: Owner::of(&definition.row),
        source: definition.row.source,
        before: Some(&definition),
    };
    let chosen = chosen.check(db, input.activity, input.filter.as_ref(), &mut faults)?;
    let (programme, owner) = (definition.row.programme_id, Owner::of(&definition.row));
    let source = definition.row.source;
    let survey = survey::checked(db, programme, owner, source, input.survey, &mut faults)?;
    faults.0.extend(survey::misses_standing(db, &definition.row, survey.as_ref(), now)?);
    faults.check()?;
    let same = chosen.activity == definition.row.activity_id
        && chosen.counting == definition.row.counting
        && chosen.organisation == definition.row.organisation_id
        && chosen.codes == definition.codes;
    // Its figures of earlier days were computed by what it took then, and have to stay.
    if !same && definition.row.created_at.day() < now.day() {
        return Err(Error::Conflict("indicator_has_past"));
    }
    let (survey, survey_since) = survey::changed(db, &definition.row, survey, input.retired, now)?;
    let row = IndicatorRow {
        activity_id: chosen.activity,
        title: input.title,
        note: input.note,
        level: input.level,
        unit: input.unit,
        counting: chosen.counting,
        organisation_id: chosen.organisation,
        position: input.position,
        retired: input.retired,
        version: seen + 1,
        survey,
        survey_since,
        ..definition.row
    };
    rows::update(db, &row)?;
    rows::set_codes(db, id, &chosen.codes)?;
    audit::record(db, caller.actor(), now, Event::new("indicator.updated", id))?;
    get(db, caller, id)
}

fn shown(definition: Definition, book: &Codebook, register: &Register) -> Indicator {
    let words = |list: CodeList| {
        book.list(list)
            .filter(|code| definition.codes.contains(&code.id))
            .map(|code| code.code.clone())
            .collect()
    };
    let filter = definition.row.counting.map(|counting| CountFilter {
        roles: words(CodeList::ParticipantRole),
        education_levels: words(CodeList::EducationLevel),
        organisation: register.code_of(definition.row.organisation_id),
        counting,
    });
    let Definition { row, activity_number, .. } = definition;
    Indicator {
        id: row.id,
        programme_id: row.programme_id,
        project_id: row.project_id,
        activity: activity_number,
        code: row.code,
        title: row.title,
        note: row.note,
        level: row.level,
        unit: row.unit,
        source: row.source,
        filter,
        survey: survey::read(row.survey.as_ref()),
        position: row.position,
        retired: row.retired,
        version: row.version,
    }
}
