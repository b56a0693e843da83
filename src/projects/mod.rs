//! Projects, their partners, grants and periods, and the activities of their results chain.

pub mod activities;
mod content;
mod period;
pub mod routes;
mod rows;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub use period::PartialDate;

use crate::accounts::{Caller, Standing};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Fault, Faults, Result};
use crate::ids::{ActivityId, OrganisationId, ProgrammeId, ProjectId, UserId};
use crate::paging::{Listing, Page};
use crate::programmes::checked_code;
use crate::programmes::codes::{CodeList, Codebook};
use crate::store::types::text_enum;
use crate::store::{AsOf, Chain, Db, Within};
use crate::versioned::Versioned;

text_enum! {
    /// Where a project is in its life.
    pub enum ProjectStatus {
        Planned = "planned",
        Ongoing = "ongoing",
        Completed = "completed",
        Cancelled = "cancelled",
    }
}

/// A project as it stands, or stood on a day. Codes are those of the programme's lists, and
/// organisations are named by their code.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Project {
    pub id: ProjectId,
    pub programme_id: ProgrammeId,
    /// Unique in the programme, and never changed.
    #[schema(example = "book-en-ekspert")]
    pub code: String,
    pub title: String,
    pub summary: Option<String>,
    /// The organisation that runs it, by its code.
    #[schema(example = "aalborg-universitet")]
    pub holder: String,
    pub holder_name: String,
    pub focus_area: Option<String>,
    pub project_type: Option<String>,
    pub status: ProjectStatus,
    /// The year of the grant; null where it is not known.
    #[schema(example = 2020)]
    pub year: Option<i32>,
    /// Set up by the programme itself instead of applied for.
    pub strategic: bool,
    /// Null where it is not known.
    pub period_start: Option<PartialDate>,
    /// As first agreed; null where it is not known.
    pub period_end: Option<PartialDate>,
    /// Later ends agreed since, in their order.
    pub extensions: Vec<Extension>,
    /// The end that holds: of the last extension, or else as first agreed.
    pub period_end_in_force: Option<PartialDate>,
    /// How it works, in the order of the code list.
    pub approaches: Vec<String>,
    /// By name.
    pub partners: Vec<Partner>,
    pub grants: Vec<Grant>,
    /// The sum of the grants in øre; null, and not 0, where no grant is known.
    pub granted_ore: Option<i64>,
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: At,
}

impl Versioned for Project {
    fn version(&self) -> i32 {
        self.version
    }
}

/// An organisation that takes part in a project.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Partner {
    /// The organisation's code.
    #[schema(example = "hjoerring-gymnasium")]
    pub organisation: String,
    pub name: String,
    /// What kind of education it gives, as an `education_level`; null for a company.
    pub education_type: Option<String>,
}

/// Money that was granted to a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// In øre: 345,353 kroner are 34535300.
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    #[schema(example = 34_535_300)]
    pub amount_ore: i64,
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    pub granted_on: Option<NaiveDate>,
    #[validate(length(min = 1, max = 1_000))]
    pub note: Option<String>,
}

/// A later end of a project's period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The new end, later than the one before.
    pub period_end: PartialDate,
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    pub agreed_on: Option<NaiveDate>,
    #[validate(length(min = 1, max = 1_000))]
    pub reason: Option<String>,
}

/// The whole of a project, as the secretariat writes it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectInput {
    /// Unique in the programme; chosen once and the same ever after.
    #[validate(length(min = 1, max = 64))]
    #[schema(example = "book-en-ekspert")]
    pub code: String,
    #[validate(length(min = 1, max = 300))]
    pub title: String,
    #[validate(length(min = 1, max = 10_000))]
    pub summary: Option<String>,
    /// The organisation that runs it, by its code.
    #[schema(example = "aalborg-universitet")]
    pub holder: String,
    pub focus_area: Option<String>,
    pub project_type: Option<String>,
    pub status: ProjectStatus,
    /// The year of the grant; left out where it is not known.
    #[validate(range(min = 1990, max = 2100))]
    #[schema(example = 2020)]
    pub year: Option<i32>,
    /// Set up by the programme itself instead of applied for.
    #[serde(default)]
    pub strategic: bool,
    /// Left out where it is not known, and not made up.
    pub period_start: Option<PartialDate>,
    /// As first agreed: a later end is an extension.
    pub period_end: Option<PartialDate>,
    /// In their order, each later than the one before.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub extensions: Vec<Extension>,
    /// Codes of the list `approach`, each once.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub approaches: Vec<String>,
    /// Codes of organisations, each once.
    #[serde(default)]
    #[validate(length(max = 500))]
    pub partners: Vec<String>,
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub grants: Vec<Grant>,
}

/// One version of a project, and how long it stood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectVersion {
    pub recorded_at: At,
    /// The account, or null for the operator's command line.
    pub recorded_by: Option<UserId>,
    /// Null for the version that stands.
    pub superseded_at: Option<At>,
    pub project: Project,
}

/// Which projects of a programme are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub code: Option<String>,
    pub status: Option<ProjectStatus>,
    pub focus_area: Option<String>,
    pub year: Option<i32>,
}

impl Within for ProjectId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(programme_of(db, *self)?.into())
    }
}

impl Within for ActivityId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        let project = rows::project_of_activity(db, *self)?.ok_or(Error::NotFound)?;
        project.chain(db)
    }
}

/// The programme that a project belongs to, which never changes.
pub fn programme_of(db: &mut Db, id: ProjectId) -> Result<ProgrammeId> {
    rows::programme_of(db, id)?.ok_or(Error::NotFound)
}

/// What the caller is to a project; not found where it is nothing to it.
pub fn standing(db: &mut Db, caller: &Caller, id: ProjectId) -> Result<(ProgrammeId, Standing)> {
    let programme = programme_of(db, id)?;
    Ok((programme, caller.standing(programme, id)?))
}

/// The project that people call by that code. Asks nobody whether they may know.
pub fn by_code(db: &mut Db, programme: ProgrammeId, code: &str) -> Result<Option<ProjectId>> {
    Ok(rows::by_code(db, programme, code)?)
}

/// What people call each project of a programme.
pub fn codes_of(db: &mut Db, programme: ProgrammeId) -> Result<HashMap<ProjectId, String>> {
    Ok(rows::codes_of(db, programme)?.into_iter().collect())
}

/// Code and title of each project of a programme, by which files name it.
pub fn names_of(db: &mut Db, programme: ProgrammeId) -> Result<Vec<(ProjectId, String, String)>> {
    Ok(rows::names_of(db, programme)?)
}

/// What the project is called now. Asks nobody whether they may know.
pub fn title(db: &mut Db, id: ProjectId) -> Result<String> {
    rows::title(db, id)?.ok_or(Error::NotFound)
}

/// The projects of a programme in the order of their making, for a walk through all of them; one
/// more than the page shows, as [`Page::listing`] wants it.
pub fn ids(db: &mut Db, programme: ProgrammeId, page: &Page<ProjectId>) -> Result<Vec<ProjectId>> {
    Ok(rows::ids(db, programme, page)?)
}

/// When a project starts, from which its project years are counted; none where it is not known.
pub fn period_start(db: &mut Db, id: ProjectId) -> Result<Option<PartialDate>> {
    Ok(rows::period_start(db, id)?)
}

/// The projects of a programme that the caller is something to.
/// The holder and the partners of a project, as it stands.
pub fn organisations_of(db: &mut Db, id: ProjectId) -> Result<HashSet<OrganisationId>> {
    let version = rows::version(db, id, AsOf::NOW)?.ok_or(Error::NotFound)?;
    Ok(version.content.partners.into_iter().chain([version.content.holder]).collect())
}

pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<ProjectId>,
) -> Result<Listing<Project>> {
    caller.sees_programme(programme)?;
    let book = Codebook::load(db, programme)?;
    let focus_area = match filter.focus_area.as_deref() {
        None => None,
        Some(code) => match book.find(CodeList::FocusArea, code) {
            Some(found) => Some(found.id),
            None => {
                let fault = Fault::at("focus_area", "unknown_code").with("value", code);
                let fault = fault.with("list", CodeList::FocusArea);
                return Err(Error::Malformed(Faults(vec![fault])));
            }
        },
    };
    let only = caller.projects_in(programme);
    let choice = rows::Choice { programme, only: only.as_deref(), focus_area, filter };
    let found = rows::list(db, &choice, as_of, page)?;
    Ok(page.listing(found, |version| version.project).map(|version| version.shown(&book)))
}

pub fn get(db: &mut Db, caller: &Caller, id: ProjectId, as_of: AsOf) -> Result<Project> {
    let (programme, _) = standing(db, caller, id)?;
    let version = rows::version(db, id, as_of)?.ok_or(Error::NotFound)?;
    Ok(version.shown(&Codebook::load(db, programme)?))
}

/// All versions of a project, the newest first.
pub fn history(
    db: &mut Db,
    caller: &Caller,
    id: ProjectId,
    page: &Page<i32>,
) -> Result<Listing<ProjectVersion>> {
    let (programme, _) = standing(db, caller, id)?;
    let book = Codebook::load(db, programme)?;
    let versions = rows::history(db, id, page)?;
    Ok(page.listing(versions, |version| version.number).map(|version| ProjectVersion {
        recorded_at: version.recorded_at,
        recorded_by: version.recorded_by,
        superseded_at: version.superseded_at,
        project: version.shown(&book),
    }))
}

pub fn create(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: ProjectInput,
    now: At,
) -> Result<ProjectId> {
    caller.runs_programme(programme)?;
    checked_code(&input.code, "/code")?;
    let id = ProjectId::new();
    let code = input.code.clone();
    let content = content::checked(db, programme, input, None)?;
    rows::insert(db, id, programme, &code, now).or_taken("/code")?;
    let version = rows::insert_version(db, id, 1, &content, now, caller.actor())?;
    audit::record(db, caller.actor(), now, Event::new("project.created", id).version(version))?;
    Ok(id)
}

/// Makes a new version of the project; none where nothing is changed.
pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: ProjectId,
    seen: i32,
    input: ProjectInput,
    now: At,
) -> Result<Project> {
    let (programme, standing) = standing(db, caller, id)?;
    standing.require_secretariat()?;
    let old = rows::version(db, id, AsOf::NOW)?.ok_or(Error::NotFound)?;
    old.check_seen(seen)?;
    if input.code != old.code {
        return Err(Error::invalid("/code", "code_fixed"));
    }
    let content = content::checked(db, programme, input, Some(&old.content))?;
    if content != old.content {
        rows::supersede(db, old.id, now)?;
        let version = rows::insert_version(db, id, seen + 1, &content, now, caller.actor())?;
        audit::record(db, caller.actor(), now, Event::new("project.updated", id).version(version))?;
    }
    get(db, caller, id, AsOf::NOW)
}
