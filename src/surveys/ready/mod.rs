//! Ready questionnaires for four groups who answer. Every programme offers them, to be taken over
//! as one's own; a new one starts with their questions as core questions, so that the answers of
//! everybody who took one over add up.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::core_questions::{self, CoreQuestion, CoreQuestionInput};
use super::definition::{Definition, Question, altered};
use super::rows;
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::ProgrammeId;
use crate::programmes::{self, ProgrammeNames};
use crate::store::Db;

/// A ready questionnaire, by its code.
pub struct Ready {
    pub code: &'static str,
    json: &'static str,
}

pub const ALL: [Ready; 4] = [
    Ready { code: "elever-7-9", json: include_str!("pupils-7-9.json") },
    Ready { code: "elever-10-13", json: include_str!("pupils-10-13.json") },
    Ready { code: "elever-14-19", json: include_str!("pupils-14-19.json") },
    Ready { code: "undervisere", json: include_str!("teachers.json") },
];

impl Ready {
    pub fn definition(&self) -> Result<Definition> {
        let value: Value = serde_json::from_str(self.json).map_err(Error::unexpected)?;
        Definition::read(value).map_err(Error::Invalid)
    }
}

/// A questionnaire that is ready to be taken over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadyQuestionnaire {
    /// What a new questionnaire names in `from`.
    #[schema(example = "elever-14-19")]
    pub code: String,
    /// With `core` at the questions that the programme's bank has.
    pub definition: Definition,
}

/// What the programme offers to take over.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
) -> Result<Vec<ReadyQuestionnaire>> {
    caller.sees_programme(programme)?;
    let bank = core_questions::bank(db, programme)?;
    let offered = ALL.iter().map(|ready| {
        let definition = with_cores(ready.definition()?, &bank);
        Ok(ReadyQuestionnaire { code: ready.code.to_string(), definition })
    });
    offered.collect()
}

/// One of them as the programme offers it; None where there is none by that code.
pub fn offered(db: &mut Db, programme: ProgrammeId, code: &str) -> Result<Option<Definition>> {
    let Some(ready) = ALL.iter().find(|ready| ready.code == code) else { return Ok(None) };
    let bank = core_questions::bank(db, programme)?;
    Ok(Some(with_cores(ready.definition()?, &bank)))
}

/// A question is the bank's where the bank has it word for word.
fn with_cores(mut definition: Definition, bank: &BTreeMap<String, Question>) -> Definition {
    for question in &mut definition.questions {
        let same = bank.get(&question.code).is_some_and(|original| !altered(question, original));
        question.core = same.then(|| question.code.clone());
    }
    definition
}

/// Puts the questions of the ready questionnaires into the programme's bank. Whatever has one of
/// their codes already stays as it is.
pub fn add_core_questions(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    now: At,
) -> Result<Vec<CoreQuestion>> {
    caller.runs_programme(programme)?;
    let there = rows::questionnaires::bank(db, programme)?;
    let mut known: Vec<String> = there.into_iter().map(|row| row.code).collect();
    for ready in &ALL {
        for question in ready.definition()?.questions {
            if !known.contains(&question.code) {
                known.push(question.code.clone());
                let question = serde_json::to_value(question).map_err(Error::unexpected)?;
                core_questions::create(db, caller, programme, CoreQuestionInput { question }, now)?;
            }
        }
    }
    core_questions::list(db, caller, programme)
}

/// Makes a programme that has the questions of the ready questionnaires in its bank.
pub fn new_programme(
    db: &mut Db,
    caller: &Caller,
    code: &str,
    names: &ProgrammeNames,
    now: At,
) -> Result<ProgrammeId> {
    let id = programmes::create(db, caller, code, names, now)?;
    add_core_questions(db, caller, id, now)?;
    Ok(id)
}

#[cfg(test)]
mod tests;
