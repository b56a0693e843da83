//! Applications: what was applied for in a round, what the committee said and the council decided.
//! The portal in which people apply lives elsewhere; its number is the application's code.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::application_check::checked;
use super::application_rows::{self as rows, Content, Version};
use super::application_view::View;
use super::checked_code;
use super::codes::CodeList;
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{ApplicationId, ProgrammeId, ProjectId, RoundId, UserId};
use crate::paging::{Listing, Page};
use crate::store::types::text_enum;
use crate::store::{AsOf, Chain, Db, Within};
use crate::versioned::Versioned;

text_enum! {
    /// Where an application stands.
    pub enum ApplicationState {
        /// The council has not decided.
        Undecided = "undecided",
        Granted = "granted",
        Rejected = "rejected",
        /// Taken back by the applicant.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What the council decided, or that there is nothing left to decide.
    pub enum DecisionOutcome {
        Granted = "granted",
        Rejected = "rejected",
        /// Taken back by the applicant.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What the committee recommends to the council.
    pub enum RecommendationKind {
        Grant = "grant",
        GrantWithChanges = "grant_with_changes",
        Reject = "reject",
    }
}

text_enum! {
    /// What does not fit about an application and is accepted, since it may have happened so.
    pub enum ApplicationWarning {
        /// The round was not open to the focus area.
        FocusAreaNotOpen = "focus_area_not_open",
        /// The round was not open to one of the education levels.
        LevelNotOpen = "level_not_open",
        /// More was granted than was applied for.
        AboveApplied = "above_applied",
        /// The project that it became has another sum from it.
        GrantDiffers = "grant_differs",
    }
}

/// An application, as it stands or stood on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Application {
    pub id: ApplicationId,
    pub programme_id: ProgrammeId,
    /// The portal's number; unique in the programme, and never changed.
    #[schema(example = "2021-007")]
    pub code: String,
    /// The round, by its code.
    #[schema(example = "2021-open")]
    pub round: String,
    /// The round's year.
    #[schema(example = 2021)]
    pub year: i32,
    /// The organisation that applied, by its code; null where it is not registered.
    pub applicant: Option<String>,
    pub applicant_name: String,
    pub title: String,
    pub summary: Option<String>,
    /// Null where it is not known.
    pub focus_area: Option<String>,
    /// The levels that it is for, in the order of the code list; empty where not known.
    pub education_levels: Vec<String>,
    /// In øre; null, and not 0, where it is not known.
    pub applied_ore: Option<i64>,
    pub received_on: Option<NaiveDate>,
    /// The committee's; null where there is none.
    pub recommendation: Option<Recommendation>,
    pub state: ApplicationState,
    /// Null while it is undecided.
    pub decision: Option<CouncilDecision>,
    /// The project that it became, by its code.
    pub project: Option<String>,
    pub project_id: Option<ProjectId>,
    pub warnings: Vec<ApplicationWarning>,
    /// The caller may make a project of it, or tie it to one that exists.
    pub may_become_project: bool,
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: At,
}

impl Application {
    /// In øre; none where nothing was granted.
    pub fn granted_ore(&self) -> Option<i64> {
        self.decision.as_ref().and_then(|decision| decision.amount_ore)
    }
}

impl Versioned for Application {
    fn version(&self) -> i32 {
        self.version
    }
}

/// What the committee recommends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    pub kind: RecommendationKind,
    /// In øre; null where it is not known or nothing is to be granted.
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    pub amount_ore: Option<i64>,
    #[validate(length(min = 1, max = 5_000))]
    pub note: Option<String>,
}

/// What the council decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CouncilDecision {
    pub outcome: DecisionOutcome,
    /// In øre; needed for what is granted, and null for everything else.
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    #[schema(example = 34_535_300)]
    pub amount_ore: Option<i64>,
    /// Not after today; needed for what is granted.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    pub decided_on: Option<NaiveDate>,
    #[validate(length(min = 1, max = 5_000))]
    pub note: Option<String>,
}

/// The whole of an application, as the secretariat writes it or a file brings it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationInput {
    /// The portal's number; unique in the programme, chosen once and the same ever after.
    #[validate(length(min = 1, max = 64))]
    #[schema(example = "2021-007")]
    pub code: String,
    /// A round's code.
    #[schema(example = "2021-open")]
    pub round: String,
    /// The organisation that applies, by its code; or else `applicant_name`.
    pub applicant: Option<String>,
    /// Who applies, where that is no organisation of the programme yet.
    #[validate(length(min = 1, max = 200))]
    pub applicant_name: Option<String>,
    #[validate(length(min = 1, max = 300))]
    pub title: String,
    #[validate(length(min = 1, max = 10_000))]
    pub summary: Option<String>,
    pub focus_area: Option<String>,
    /// Codes of the list `education_level`, each once.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub education_levels: Vec<String>,
    /// In øre; left out where it is not known.
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    pub applied_ore: Option<i64>,
    /// Not after today.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    pub received_on: Option<NaiveDate>,
    #[validate(nested)]
    pub recommendation: Option<Recommendation>,
    /// Left out while the council has not decided.
    #[validate(nested)]
    pub decision: Option<CouncilDecision>,
    /// Why it is changed, for the audit trail.
    #[validate(length(min = 1, max = 2_000))]
    pub reason: Option<String>,
}

/// One version of an application, and how long it stood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApplicationVersion {
    pub recorded_at: At,
    /// The account, or null for the operator's command line.
    pub recorded_by: Option<UserId>,
    /// Null for the version that stands.
    pub superseded_at: Option<At>,
    /// With this version the application was taken out.
    pub removed: bool,
    pub application: Application,
}

/// Which applications of a programme are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub code: Option<String>,
    /// A round's code.
    pub round: Option<String>,
    pub year: Option<i32>,
    pub state: Option<ApplicationState>,
    pub focus_area: Option<String>,
}

impl Within for ApplicationId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(programme_of(db, *self)?.into())
    }
}

/// The programme that an application belongs to, which never changes.
pub fn programme_of(db: &mut Db, id: ApplicationId) -> Result<ProgrammeId> {
    rows::programme_of(db, id)?.ok_or(Error::NotFound)
}

/// The applications of a programme; for those who see the whole of it.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<ApplicationId>,
) -> Result<Listing<Application>> {
    caller.reads_programme(programme)?;
    let view = View::load(db, caller, programme, as_of)?;
    let area = filter.focus_area.as_deref();
    let focus_area = view.book.asked_for(CodeList::FocusArea, area, "focus_area")?;
    let rounds = filter.year.map(|year| view.rounds.of_year(year));
    let choice = rows::Choice { programme, focus_area, rounds, filter };
    let found = rows::list(db, &choice, as_of, page)?;
    let Listing { items, next_cursor } = page.listing(found, |one| one.stored.application_id);
    Ok(Listing { items: view.shown(db, items)?, next_cursor })
}

/// All applications of a programme by code, as they stood. Asks nobody whether they may know.
pub fn all(db: &mut Db, programme: ProgrammeId, as_of: AsOf) -> Result<Vec<Application>> {
    let view = View::load(db, &Caller::Operator, programme, as_of)?;
    let versions = rows::all(db, programme, as_of)?;
    let mut applications = view.shown(db, versions)?;
    applications.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(applications)
}

pub fn get(db: &mut Db, caller: &Caller, id: ApplicationId, as_of: AsOf) -> Result<Application> {
    let programme = programme_of(db, id)?;
    caller.reads_programme(programme)?;
    let version = rows::version(db, id, as_of)?.filter(|one| !one.content.removed);
    let version = version.ok_or(Error::NotFound)?;
    let view = View::load(db, caller, programme, as_of)?;
    view.shown(db, vec![version])?.pop().ok_or(Error::NotFound)
}

/// The application with that number, where it is not taken out. Asks nobody whether they may know.
pub fn by_code(
    db: &mut Db,
    programme: ProgrammeId,
    code: &str,
) -> Result<Option<(ApplicationId, i32)>> {
    let found = rows::by_code(db, programme, code)?.filter(|one| !one.content.removed);
    Ok(found.map(|one| (one.stored.application_id, one.stored.number)))
}

/// What a grant must know of the application that it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Brief {
    pub id: ApplicationId,
    pub round: RoundId,
    pub outcome: Option<DecisionOutcome>,
    /// The project that it became.
    pub project: Option<ProjectId>,
}

/// As [`by_code`], with what a grant must know.
pub fn brief(db: &mut Db, programme: ProgrammeId, code: &str) -> Result<Option<Brief>> {
    let found = rows::by_code(db, programme, code)?.filter(|one| !one.content.removed);
    let Some(Version { stored, content, .. }) = found else { return Ok(None) };
    let id = stored.application_id;
    let project = rows::projects_of(db, &[id], AsOf::NOW)?.pop().map(|link| link.project);
    Ok(Some(Brief { id, round: content.round, outcome: content.outcome(), project }))
}

/// All versions of an application, the newest first.
pub fn history(
    db: &mut Db,
    caller: &Caller,
    id: ApplicationId,
    page: &Page<i32>,
) -> Result<Listing<ApplicationVersion>> {
    let programme = programme_of(db, id)?;
    caller.reads_programme(programme)?;
    let view = View::load(db, caller, programme, AsOf::NOW)?;
    let versions = rows::history(db, id, page)?;
    let Listing { items, next_cursor } = page.listing(versions, |one| one.stored.number);
    let mut shown = Vec::with_capacity(items.len());
    for one in items {
        let (stored, removed) = (one.stored.clone(), one.content.removed);
        shown.extend(view.shown(db, vec![one])?.into_iter().map(|application| {
            ApplicationVersion {
                recorded_at: stored.recorded_at,
                recorded_by: stored.recorded_by,
                superseded_at: stored.superseded_at,
                removed,
                application,
            }
        }));
    }
    Ok(Listing { items: shown, next_cursor })
}

/// Adds an application. One that was taken out comes back under its number.
pub fn create(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: ApplicationInput,
    now: At,
) -> Result<ApplicationId> {
    caller.runs_programme(programme)?;
    checked_code(&input.code, "/code")?;
    let (code, reason) = (input.code.clone(), input.reason.clone());
    let content = checked(db, programme, input, None, now)?;
    let before = rows::by_code(db, programme, &code)?;
    let (id, before) = match before {
        Some(before) if !before.content.removed => return Err(Error::invalid("/code", "taken")),
        Some(before) => (before.stored.application_id, Some(before)),
        None => (ApplicationId::new(), None),
    };
    if before.is_none() {
        rows::insert(db, id, programme, &code, now)?;
    }
    let event = ("application.created", reason.as_deref());
    record(db, caller, id, before.as_ref(), &content, event, now)?;
    Ok(id)
}

/// Makes a new version of the application; none where nothing is changed.
pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: ApplicationId,
    seen: i32,
    input: ApplicationInput,
    now: At,
) -> Result<Application> {
    let (programme, old) = for_change(db, caller, id, seen)?;
    if input.code != old.code {
        return Err(Error::invalid("/code", "code_fixed"));
    }
    let reason = input.reason.clone();
    let content = checked(db, programme, input, Some(&old.content), now)?;
    let ungranted = content.outcome() != Some(DecisionOutcome::Granted);
    if ungranted && !rows::projects_of(db, &[id], AsOf::NOW)?.is_empty() {
        return Err(Error::Conflict("application_is_project"));
    }
    if content != old.content {
        let action = match (old.content.outcome(), content.outcome()) {
            (before, after) if before == after => "application.updated",
            (_, Some(DecisionOutcome::Granted)) => "application.granted",
            (_, Some(DecisionOutcome::Rejected)) => "application.rejected",
            (_, Some(DecisionOutcome::Withdrawn)) => "application.withdrawn",
            (_, None) => "application.reopened",
        };
        let reason = reason.as_deref().or(content.decision_note());
        record(db, caller, id, Some(&old), &content, (action, reason), now)?;
    }
    get(db, caller, id, AsOf::NOW)
}

/// Takes out an application that became no project; what it was stays in its history.
pub fn remove(db: &mut Db, caller: &Caller, id: ApplicationId, seen: i32, now: At) -> Result<()> {
    let (_, old) = for_change(db, caller, id, seen)?;
    if !rows::projects_of(db, &[id], AsOf::NOW)?.is_empty() {
        return Err(Error::Conflict("application_is_project"));
    }
    let content = Content { removed: true, ..old.content.clone() };
    record(db, caller, id, Some(&old), &content, ("application.removed", None), now)
}

fn for_change(
    db: &mut Db,
    caller: &Caller,
    id: ApplicationId,
    seen: i32,
) -> Result<(ProgrammeId, Version)> {
    let programme = programme_of(db, id)?;
    caller.runs_programme(programme)?;
    let old = rows::version(db, id, AsOf::NOW)?.filter(|one| !one.content.removed);
    let old = old.ok_or(Error::NotFound)?;
    if old.stored.number == seen { Ok((programme, old)) } else { Err(Error::Stale) }
}

fn record(
    db: &mut Db,
    caller: &Caller,
    id: ApplicationId,
    before: Option<&Version>,
    content: &Content,
    (action, reason): (&'static str, Option<&str>),
    now: At,
) -> Result<()> {
    let number = before.map_or(0, |before| before.stored.number) + 1;
    if let Some(before) = before {
        rows::supersede(db, before.stored.id, now)?;
    }
    let version = rows::insert_version(db, id, number, content, now, caller.actor())?;
    let event = Event::new(action, id).version(version).because(reason);
    audit::record(db, caller.actor(), now, event)
}
