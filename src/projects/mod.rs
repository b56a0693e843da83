//! Projects, their partners, grants and periods, and the activities of their results chain.

mod rows;

use crate::accounts::{Caller, Standing};
use crate::error::{Error, Result};
use crate::ids::{ActivityId, ProgrammeId, ProjectId};
use crate::store::{Chain, Db, Within};

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
