//! Who may see and do what with questionnaires and links.

use super::rows::{self, links::LinkRow, links::Part, questionnaires::QuestionnaireRow};
use crate::accounts::Caller;
use crate::error::{Error, Result};
use crate::ids::{LinkId, OrganisationId, ProgrammeId, ProjectId, QuestionnaireId};
use crate::projects;
use crate::store::Db;

/// A questionnaire that the caller sees: a project's by all who are something to the project, the
/// programme's own by all in the programme, since their classes may be asked it.
pub fn questionnaire(
    db: &mut Db,
    caller: &Caller,
    id: QuestionnaireId,
) -> Result<QuestionnaireRow> {
    let row = rows::questionnaires::find(db, id)?.ok_or(Error::NotFound)?;
    match row.project_id {
        Some(project) => drop(caller.standing(row.programme_id, project)?),
        None => caller.sees_programme(row.programme_id)?,
    }
    Ok(row)
}

/// Whether the caller may write the questionnaires of a project, or of the programme itself.
pub fn may_write(
    caller: &Caller,
    programme: ProgrammeId,
    project: Option<ProjectId>,
) -> Result<()> {
    match project {
        Some(project) => caller.standing(programme, project)?.require_holder(),
        None => caller.runs_programme(programme),
    }
}

/// The links of a questionnaire that the caller sees; None where all of them.
pub fn parts(caller: &Caller, questionnaire: &QuestionnaireRow) -> Result<Option<Vec<Part>>> {
    let programme = questionnaire.programme_id;
    let projects = match questionnaire.project_id {
        Some(project) => vec![project],
        None => match caller.projects_in(programme) {
            None => return Ok(None),
            Some(projects) => projects,
        },
    };
    let mut parts = Vec::with_capacity(projects.len());
    for project in projects {
        let standing = caller.standing(programme, project)?;
        parts.push((project, standing.limited_to().map(<[_]>::to_vec)));
    }
    Ok(Some(parts))
}

/// A link that the caller sees.
pub fn link(db: &mut Db, caller: &Caller, id: LinkId) -> Result<LinkRow> {
    let row = rows::links::find(db, id)?.ok_or(Error::NotFound)?;
    match row.project_id {
        Some(project) => {
            let standing = caller.standing(row.programme_id, project)?;
            let own = |own: &[OrganisationId]| {
                row.organisation_id.is_some_and(|organisation| own.contains(&organisation))
            };
            if !standing.limited_to().is_none_or(own) {
                return Err(Error::NotFound);
            }
        }
        None => caller.reads_programme(row.programme_id).map_err(|_| Error::NotFound)?,
    }
    Ok(row)
}

/// Whether the caller may hand out a link for that organisation: a project's holder, and a
/// contributor for its own.
pub fn may_hand_out(
    caller: &Caller,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    organisation: Option<OrganisationId>,
) -> Result<()> {
    let Some(project) = project else { return caller.runs_programme(programme) };
    let standing = caller.standing(programme, project)?;
    if standing.may_count(organisation) {
        return Ok(());
    }
    match standing.contributes_for.is_empty() {
        true => Err(Error::Forbidden("holder_only")),
        false => Err(Error::Forbidden("other_organisations_link")),
    }
}

/// Whether there is any organisation for which the caller may hand out a link in that project.
pub fn may_hand_out_some(
    caller: &Caller,
    programme: ProgrammeId,
    project: Option<ProjectId>,
) -> Result<()> {
    let Some(project) = project else { return caller.runs_programme(programme) };
    let standing = caller.standing(programme, project)?;
    match standing.contributes_for.is_empty() {
        true => standing.require_holder(),
        false => Ok(()),
    }
}

/// A link that the caller may change and hand out.
pub fn own_link(db: &mut Db, caller: &Caller, id: LinkId) -> Result<LinkRow> {
    let row = link(db, caller, id)?;
    may_hand_out(caller, row.programme_id, row.project_id, row.organisation_id)?;
    Ok(row)
}

/// The project that a link is made in: the questionnaire's own, or of a programme's questionnaire
/// the one that is named, if any.
pub fn project_for_link(
    db: &mut Db,
    caller: &Caller,
    questionnaire: &QuestionnaireRow,
    named: Option<ProjectId>,
) -> Result<Option<ProjectId>> {
    let other = || Error::invalid("/project_id", "other_project");
    match (questionnaire.project_id, named) {
        (Some(own), Some(named)) if own != named => Err(other()),
        (Some(own), _) => Ok(Some(own)),
        (None, None) => Ok(None),
        // One that the caller is nothing to is as one that isn't there.
        (None, Some(named)) => match projects::standing(db, caller, named) {
            Ok((programme, _)) if programme == questionnaire.programme_id => Ok(Some(named)),
            Ok(_) | Err(Error::NotFound) => Err(other()),
            Err(error) => Err(error),
        },
    }
}
