//! Questionnaires as workbooks, for those who may write or see them.

use super::definition::{Audience, Definition};
use super::questionnaires::{self, stored};
use super::xlsform::{self, Read};
use super::{core_questions, rows, sight};
use crate::accounts::Caller;
use crate::error::{Error, Result};
use crate::ids::{ProgrammeId, ProjectId, QuestionnaireId};
use crate::projects;
use crate::store::Db;

/// Whose a questionnaire becomes.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    Programme(ProgrammeId),
    Project(ProjectId),
}

/// Reads a workbook for whoever may make a questionnaire of it there. Nothing is stored.
pub fn read_for(
    db: &mut Db,
    caller: &Caller,
    owner: Owner,
    bytes: &[u8],
    audience: Option<Audience>,
) -> Result<Read> {
    let (programme, project) = match owner {
        Owner::Programme(id) => (id, None),
        Owner::Project(id) => (projects::standing(db, caller, id)?.0, Some(id)),
    };
    sight::may_write(caller, programme, project)?;
    read(db, programme, bytes, audience)
}

/// Reads a workbook in the place of a questionnaire's draft. Where the workbook doesn't say whom
/// it is for, that stays.
pub fn read_over(db: &mut Db, caller: &Caller, id: QuestionnaireId, bytes: &[u8]) -> Result<Read> {
    let row = questionnaires::for_change(db, caller, id)?;
    let audience = stored(row.definition)?.audience;
    read(db, row.programme_id, bytes, Some(audience))
}

fn read(
    db: &mut Db,
    programme: ProgrammeId,
    bytes: &[u8],
    audience: Option<Audience>,
) -> Result<Read> {
    let bank = core_questions::bank(db, programme)?;
    xlsform::read(bytes, audience, &bank).map_err(Error::Invalid)
}

/// A workbook, and what its file is called.
pub struct Written {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The draft as a workbook, or a published version.
pub fn write(
    db: &mut Db,
    caller: &Caller,
    id: QuestionnaireId,
    version: Option<i32>,
) -> Result<Written> {
    let row = sight::questionnaire(db, caller, id)?;
    let (definition, edition) = match version {
        None => (row.definition, "draft".to_string()),
        Some(number) => {
            let version = rows::questionnaires::version(db, id, number)?;
            (version.ok_or(Error::NotFound)?.definition, number.to_string())
        }
    };
    let definition: Definition = stored(definition)?;
    let bytes = xlsform::write(&definition, &row.code, &edition)?;
    Ok(Written { name: format!("{}-{edition}.xlsx", row.code), bytes })
}
