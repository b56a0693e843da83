//! The programme's bank of core questions: asked alike in many questionnaires, so that their
//! answers add up over the whole programme.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::definition::{Audience, Definition, Kind, Question, Settings};
use super::rows::{self, questionnaires::CoreQuestionRow};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Fault, Faults, Result};
use crate::ids::{CoreQuestionId, ProgrammeId};
use crate::shape;
use crate::store::Db;
use crate::versioned::Versioned;

/// A question of the programme's bank.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CoreQuestion {
    pub id: CoreQuestionId,
    pub programme_id: ProgrammeId,
    /// The question's own code, which is unique in the bank.
    #[schema(example = "u_forstaaelse")]
    pub code: String,
    /// Questionnaires take it over as it is, with `core` set to its code.
    pub question: Question,
    /// Whether a published questionnaire asks it, so that it can't be changed any more.
    pub used: bool,
    /// Retired questions stay where they are asked, and can't be published anew.
    pub retired: bool,
    pub version: i32,
}

impl Versioned for CoreQuestion {
    fn version(&self) -> i32 {
        self.version
    }
}

/// A question for the bank.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoreQuestionInput {
    /// Without `core` and `show_if`, and neither `text` nor `section`: those never add up.
    #[schema(value_type = Question)]
    pub question: Value,
}

/// The questions that may be asked today, by code.
pub(super) fn bank(db: &mut Db, programme: ProgrammeId) -> Result<BTreeMap<String, Question>> {
    let mut bank = BTreeMap::new();
    for row in rows::questionnaires::bank(db, programme)? {
        if !row.retired {
            bank.insert(row.code, read(row.question)?);
        }
    }
    Ok(bank)
}

/// The bank's questions that a definition asks.
pub(super) fn asked(
    db: &mut Db,
    programme: ProgrammeId,
    definition: &Definition,
) -> Result<Vec<CoreQuestionId>> {
    let mut asked = rows::questionnaires::bank(db, programme)?;
    let asks =
        |code: &str| definition.questions.iter().any(|one| one.core.as_deref() == Some(code));
    asked.retain(|row| asks(&row.code));
    Ok(asked.into_iter().map(|row| row.id).collect())
}

fn read(question: Value) -> Result<Question> {
    shape::read(question).map_err(Error::from)
}

pub fn list(db: &mut Db, caller: &Caller, programme: ProgrammeId) -> Result<Vec<CoreQuestion>> {
    caller.sees_programme(programme)?;
    let used = rows::questionnaires::used_cores(db, programme)?;
    let rows = rows::questionnaires::bank(db, programme)?;
    rows.into_iter().map(|row| shown(row, &used)).collect()
}

pub fn get(db: &mut Db, caller: &Caller, id: CoreQuestionId) -> Result<CoreQuestion> {
    let row = rows::questionnaires::core(db, id)?.ok_or(Error::NotFound)?;
    caller.sees_programme(row.programme_id)?;
    let used = rows::questionnaires::used_cores(db, row.programme_id)?;
    shown(row, &used)
}

fn shown(row: CoreQuestionRow, used: &[CoreQuestionId]) -> Result<CoreQuestion> {
    Ok(CoreQuestion {
        id: row.id,
        programme_id: row.programme_id,
        code: row.code,
        question: read(row.question)?,
        used: used.contains(&row.id),
        retired: row.retired,
        version: row.version,
    })
}

pub fn create(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: CoreQuestionInput,
    now: At,
) -> Result<CoreQuestionId> {
    caller.runs_programme(programme)?;
    let question = checked(input)?;
    let row = CoreQuestionRow {
        id: CoreQuestionId::new(),
        programme_id: programme,
        code: question.code.clone(),
        question: serde_json::to_value(question).map_err(Error::unexpected)?,
        retired: false,
        version: 1,
        created_at: now,
    };
    rows::questionnaires::insert_core(db, &row).or_taken("/question/code")?;
    audit::record(db, caller.actor(), now, Event::new("core_question.created", row.id))?;
    Ok(row.id)
}

/// Changes a question that no published questionnaire asks.
pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: CoreQuestionId,
    seen: i32,
    input: CoreQuestionInput,
    now: At,
) -> Result<CoreQuestion> {
    let old = for_change(db, caller, id, seen)?;
    if old.used {
        return Err(Error::Conflict("core_question_used"));
    }
    let question = checked(input)?;
    if question.code != old.code {
        return Err(Error::invalid("/question/code", "core_code_fixed"));
    }
    let question = serde_json::to_value(question).map_err(Error::unexpected)?;
    rows::questionnaires::update_core(db, id, &question, old.retired, seen + 1)?;
    audit::record(db, caller.actor(), now, Event::new("core_question.updated", id))?;
    get(db, caller, id)
}

/// Takes a question out of the bank. It stays where it is asked.
pub fn retire(
    db: &mut Db,
    caller: &Caller,
    id: CoreQuestionId,
    seen: i32,
    now: At,
) -> Result<CoreQuestion> {
    let old = for_change(db, caller, id, seen)?;
    if !old.retired {
        let question = serde_json::to_value(old.question).map_err(Error::unexpected)?;
        rows::questionnaires::update_core(db, id, &question, true, seen + 1)?;
        audit::record(db, caller.actor(), now, Event::new("core_question.retired", id))?;
    }
    get(db, caller, id)
}

fn for_change(db: &mut Db, caller: &Caller, id: CoreQuestionId, seen: i32) -> Result<CoreQuestion> {
    let old = get(db, caller, id)?;
    caller.runs_programme(old.programme_id)?;
    old.check_seen(seen)?;
    Ok(old)
}

/// A question by itself is checked as a questionnaire that asks nothing else, in the languages
/// that it is written in.
fn checked(input: CoreQuestionInput) -> Result<Question> {
    let under = |fault: Fault| fault.under("/question");
    let question: Question = shape::read(input.question).map_err(under)?;
    let mut faults = Faults::default();
    if question.core.is_some() {
        faults.push(Fault::at("/question/core", "not_in_the_bank"));
    }
    if question.show_if.is_some() {
        faults.push(Fault::at("/question/show_if", "not_in_the_bank"));
    }
    if matches!(question.kind, Kind::Text { .. } | Kind::Section) {
        faults.push(Fault::at("/question/type", "never_adds_up"));
    }
    let alone = Question { show_if: None, core: None, ..question.clone() };
    let languages: Vec<String> = alone.text.keys().cloned().collect();
    let definition = Definition {
        title: languages.iter().map(|one| (one.clone(), one.clone())).collect(),
        languages,
        audience: Audience::Other,
        intro: None,
        thanks: None,
        settings: Settings::default(),
        questions: vec![alone],
    };
    for fault in definition.check().0 {
        let pointer = match fault.pointer.strip_prefix("/questions/0") {
            Some(inside) => format!("/question{inside}"),
            None if fault.pointer.starts_with("/languages") => "/question/text".to_string(),
            None => "/question".to_string(),
        };
        faults.push(Fault { pointer, ..fault });
    }
    faults.check()?;
    Ok(question)
}
