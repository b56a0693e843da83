//! What is published: numbered, and never changed.

use serde::Serialize;
use utoipa::ToSchema;

use super::answers::Compiled;
use super::definition::Definition;
use super::questionnaires::{
    QuestionnaireState, check_seen, faults_of, for_change, stored, under_definition,
};
use super::rows::{self, questionnaires::VersionRow};
use super::{core_questions, sight};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{QuestionnaireId, VersionId};
use crate::store::Db;

/// One published version of a questionnaire. It never changes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublishedVersion {
    pub questionnaire_id: QuestionnaireId,
    /// From 1.
    #[schema(example = 1)]
    pub number: i32,
    pub definition: Definition,
    pub published_at: At,
    /// When the questionnaire was closed; null while it is not.
    pub closed_at: Option<At>,
}

/// Publishes the draft as the next version, for links that are made from now on. Links that are
/// out already stay with the version they were made for.
pub fn publish(
    db: &mut Db,
    caller: &Caller,
    id: QuestionnaireId,
    seen: i32,
    now: At,
) -> Result<PublishedVersion> {
    let row = for_change(db, caller, id)?;
    check_seen(&row, seen)?;
    if row.state == QuestionnaireState::Closed {
        return Err(Error::Conflict("questionnaire_closed"));
    }
    let definition = stored(row.definition.clone())?;
    under_definition(faults_of(db, row.programme_id, &definition)?).check()?;
    let last = rows::questionnaires::versions(db, &[id])?.pop();
    if let Some((_, version, _)) = last
        && rows::questionnaires::definition(db, version)?.as_ref() == Some(&row.definition)
    {
        return Err(Error::Conflict("draft_is_published"));
    }
    let version = VersionRow {
        id: VersionId::new(),
        questionnaire_id: id,
        number: last.map_or(1, |(_, _, number)| number + 1),
        definition: row.definition,
        published_at: now,
        published_by: caller.actor(),
        closed_at: None,
    };
    rows::questionnaires::insert_version(db, &version)?;
    let cores = core_questions::asked(db, row.programme_id, &definition)?;
    rows::questionnaires::insert_core_uses(db, version.id, &cores)?;
    rows::questionnaires::set_state(db, id, QuestionnaireState::Published, seen + 1)?;
    let event = Event::new("questionnaire.published", id).version(version.id);
    audit::record(db, caller.actor(), now, event)?;
    shown(version)
}

pub fn get(
    db: &mut Db,
    caller: &Caller,
    id: QuestionnaireId,
    number: i32,
) -> Result<PublishedVersion> {
    sight::questionnaire(db, caller, id)?;
    shown(rows::questionnaires::version(db, id, number)?.ok_or(Error::NotFound)?)
}

fn shown(row: VersionRow) -> Result<PublishedVersion> {
    Ok(PublishedVersion {
        questionnaire_id: row.questionnaire_id,
        number: row.number,
        definition: stored(row.definition)?,
        published_at: row.published_at,
        closed_at: row.closed_at,
    })
}

/// A version made ready for checking answers against it.
pub(super) fn compiled(db: &mut Db, version: VersionId) -> Result<Compiled> {
    let definition = rows::questionnaires::definition(db, version)?.ok_or(Error::NotFound)?;
    Compiled::new(stored(definition)?).map_err(Error::unexpected)
}
