//! Questionnaires as they are written: drafts, with what is published beside them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::definition::Definition;
use super::rows::{self, questionnaires::QuestionnaireRow};
use super::{core_questions, hold_links, ready, sight};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Fault, Faults, Result};
use crate::ids::{LinkId, ProgrammeId, ProjectId, QuestionnaireId};
use crate::paging::{Listing, Page};
use crate::programmes::checked_code;
use crate::projects;
use crate::store::Db;
use crate::store::types::text_enum;
use crate::versioned::Versioned;

text_enum! {
    /// Where a questionnaire is in its life.
    pub enum QuestionnaireState {
        /// Nothing of it is published yet.
        Draft = "draft",
        /// It has a published version; the draft may be ahead of it.
        Published = "published",
        /// It takes no answers any more, and never will again.
        Closed = "closed",
    }
}

/// A questionnaire: its draft, and which versions of it are published.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Questionnaire {
    pub id: QuestionnaireId,
    pub programme_id: ProgrammeId,
    /// The project whose own it is; null for a questionnaire of the programme, which every
    /// project may hand out.
    pub project_id: Option<ProjectId>,
    /// Unique in the programme, and never changed.
    #[schema(example = "elever-14-19")]
    pub code: String,
    pub state: QuestionnaireState,
    /// The draft. What is published is at `versions`.
    pub definition: Definition,
    /// The numbers of the published versions, the newest last.
    #[schema(example = json!([1, 2]))]
    pub versions: Vec<i32>,
    pub version: i32,
}

impl Versioned for Questionnaire {
    fn version(&self) -> i32 {
        self.version
    }
}

/// A new questionnaire.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuestionnaire {
    #[validate(length(min = 1, max = 64))]
    #[schema(example = "elever-14-19")]
    pub code: String,
    /// The code of the programme's ready questionnaire that it begins as, in the place of
    /// `definition`.
    #[schema(example = "elever-14-19", nullable = false)]
    pub from: Option<String>,
    /// The draft, in the place of `from`. It must have the form of a definition, and may break its
    /// rules until it is published.
    #[schema(value_type = Option<Definition>, nullable = false)]
    pub definition: Option<Value>,
}

/// The whole of a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// It must have the form of a definition, and may break its rules until it is published.
    #[schema(value_type = Definition)]
    pub definition: Value,
}

/// A definition to be checked.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToValidate {
    /// The programme whose bank its core questions are held to.
    pub programme_id: ProgrammeId,
    #[schema(value_type = Definition)]
    pub definition: Value,
}

/// All that keeps the definition from being published. Nothing is stored.
pub fn validate(db: &mut Db, caller: &Caller, input: ToValidate) -> Result<Faults> {
    caller.sees_programme(input.programme_id)?;
    let bank = core_questions::bank(db, input.programme_id)?;
    Ok(under_definition(Definition::faults_of(input.definition, &bank)))
}

/// The definition's own rules, and the bank's.
pub(super) fn faults_of(
    db: &mut Db,
    programme: ProgrammeId,
    definition: &Definition,
) -> Result<Faults> {
    let mut faults = definition.check();
    let bank = core_questions::bank(db, programme)?;
    faults.0.extend(definition.check_core(&bank).0);
    Ok(faults)
}

/// Pointers into the body, in which the definition is one field.
pub(super) fn under_definition(faults: Faults) -> Faults {
    Faults(faults.0.into_iter().map(|fault| fault.under("/definition")).collect())
}

fn read_draft(definition: Value) -> Result<Value> {
    let read = Definition::read_unchecked(definition);
    let definition = read.map_err(|faults| Error::Invalid(under_definition(faults)))?;
    serde_json::to_value(definition).map_err(Error::unexpected)
}

pub(super) fn stored(definition: Value) -> Result<Definition> {
    Definition::read_unchecked(definition).map_err(Error::unexpected)
}

/// The questionnaires of a project, without the programme's own.
pub fn list_of_project(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    page: &Page<QuestionnaireId>,
) -> Result<Listing<Questionnaire>> {
    let (programme, _) = projects::standing(db, caller, project)?;
    list(db, programme, Some(project), page)
}

/// The programme's own questionnaires, without those of its projects.
pub fn list_of_programme(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    page: &Page<QuestionnaireId>,
) -> Result<Listing<Questionnaire>> {
    caller.sees_programme(programme)?;
    list(db, programme, None, page)
}

fn list(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    page: &Page<QuestionnaireId>,
) -> Result<Listing<Questionnaire>> {
    let rows =
        page.listing(rows::questionnaires::list(db, programme, project, page)?, |row| row.id);
    let ids: Vec<QuestionnaireId> = rows.items.iter().map(|row| row.id).collect();
    let mut versions: BTreeMap<QuestionnaireId, Vec<i32>> = BTreeMap::new();
    for (of, _, number) in rows::questionnaires::versions(db, &ids)? {
        versions.entry(of).or_default().push(number);
    }
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        let versions = versions.remove(&row.id).unwrap_or_default();
        items.push(shown(row, versions)?);
    }
    Ok(Listing { items, next_cursor: rows.next_cursor })
}

fn shown(row: QuestionnaireRow, versions: Vec<i32>) -> Result<Questionnaire> {
    Ok(Questionnaire {
        id: row.id,
        programme_id: row.programme_id,
        project_id: row.project_id,
        code: row.code,
        state: row.state,
        definition: stored(row.definition)?,
        versions,
        version: row.version,
    })
}

pub fn get(db: &mut Db, caller: &Caller, id: QuestionnaireId) -> Result<Questionnaire> {
    let row = sight::questionnaire(db, caller, id)?;
    let versions = rows::questionnaires::versions(db, &[id])?;
    shown(row, versions.into_iter().map(|(_, _, number)| number).collect())
}

/// A new questionnaire of a project.
pub fn create_in_project(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    input: NewQuestionnaire,
    now: At,
) -> Result<QuestionnaireId> {
    let (programme, _) = projects::standing(db, caller, project)?;
    create(db, caller, programme, Some(project), input, now)
}

/// A new questionnaire of the programme itself.
pub fn create_in_programme(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: NewQuestionnaire,
    now: At,
) -> Result<QuestionnaireId> {
    create(db, caller, programme, None, input, now)
}

fn create(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    input: NewQuestionnaire,
    now: At,
) -> Result<QuestionnaireId> {
    sight::may_write(caller, programme, project)?;
    checked_code(&input.code, "/code")?;
    let row = QuestionnaireRow {
        id: QuestionnaireId::new(),
        programme_id: programme,
        project_id: project,
        code: input.code,
        definition: begun(db, programme, input.from, input.definition)?,
        state: QuestionnaireState::Draft,
        version: 1,
        created_at: now,
    };
    rows::questionnaires::insert(db, &row).or_taken("/code")?;
    audit::record(db, caller.actor(), now, Event::new("questionnaire.created", row.id))?;
    Ok(row.id)
}

/// What a new questionnaire begins with.
fn begun(
    db: &mut Db,
    programme: ProgrammeId,
    from: Option<String>,
    definition: Option<Value>,
) -> Result<Value> {
    match (from, definition) {
        (None, Some(definition)) => read_draft(definition),
        (Some(code), None) => match ready::offered(db, programme, &code)? {
            Some(definition) => serde_json::to_value(definition).map_err(Error::unexpected),
            None => Err(Fault::at("/from", "no_ready_questionnaire").with("value", code).into()),
        },
        (Some(_), Some(_)) => Err(Error::invalid("/from", "from_or_definition")),
        (None, None) => Err(Error::invalid("/definition", "required")),
    }
}

/// Writes the draft anew. What is published stays as it is.
pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: QuestionnaireId,
    seen: i32,
    draft: Draft,
    now: At,
) -> Result<Questionnaire> {
    let row = for_change(db, caller, id)?;
    check_seen(&row, seen)?;
    if row.state == QuestionnaireState::Closed {
        return Err(Error::Conflict("questionnaire_closed"));
    }
    let definition = read_draft(draft.definition)?;
    rows::questionnaires::update(db, id, &definition, seen + 1)?;
    audit::record(db, caller.actor(), now, Event::new("questionnaire.updated", id))?;
    get(db, caller, id)
}

/// Closes a questionnaire with all its versions. Gives its links that still take answers, each of
/// which is to be closed by [`closing::close`](super::closing::close); [`upkeep`](super::upkeep) does so where that was
/// broken off.
pub fn close(db: &mut Db, caller: &Caller, id: QuestionnaireId, now: At) -> Result<Vec<LinkId>> {
    let row = for_change(db, caller, id)?;
    match row.state {
        QuestionnaireState::Draft => return Err(Error::Conflict("nothing_published")),
        // Again is no mistake, and finishes what was broken off.
        QuestionnaireState::Closed => {}
        QuestionnaireState::Published => {
            let state = QuestionnaireState::Closed;
            rows::questionnaires::set_state(db, id, state, row.version + 1)?;
            rows::questionnaires::close_versions(db, id, now)?;
            audit::record(db, caller.actor(), now, Event::new("questionnaire.closed", id))?;
        }
    }
    Ok(rows::links::not_closed(db, id)?)
}

/// Deletes a questionnaire that nobody has answered, with its links.
pub fn delete(db: &mut Db, caller: &Caller, id: QuestionnaireId, seen: i32, now: At) -> Result<()> {
    let row = for_change(db, caller, id)?;
    check_seen(&row, seen)?;
    let links = rows::links::of_questionnaire(db, id)?;
    hold_links(db, &links)?;
    if rows::links::has_answers(db, &links)? {
        return Err(Error::Conflict("has_answers"));
    }
    rows::questionnaires::delete(db, id).or_conflict("has_answers")?;
    audit::record(db, caller.actor(), now, Event::new("questionnaire.deleted", id))
}

pub(super) fn for_change(
    db: &mut Db,
    caller: &Caller,
    id: QuestionnaireId,
) -> Result<QuestionnaireRow> {
    let row = sight::questionnaire(db, caller, id)?;
    sight::may_write(caller, row.programme_id, row.project_id)?;
    Ok(row)
}

pub(super) fn check_seen(row: &QuestionnaireRow, seen: i32) -> Result<()> {
    if row.version == seen { Ok(()) } else { Err(Error::Stale) }
}
