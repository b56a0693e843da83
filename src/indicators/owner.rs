//! Whose an indicator is, and what a caller may do to it.

use std::collections::HashSet;

use super::rows::{self, Definition, IndicatorRow};
use crate::accounts::{Caller, Standing};
use crate::error::{Error, Result};
use crate::ids::{IndicatorId, OrganisationId, ProgrammeId, ProjectId};
use crate::projects;
use crate::store::{Chain, Db, Within};

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
    pub(super) fn of(row: &IndicatorRow) -> Owner {
        row.project_id.map_or(Owner::Programme(row.programme_id), Owner::Project)
    }

    pub(super) fn project(self) -> Option<ProjectId> {
        match self {
            Owner::Project(id) => Some(id),
            Owner::Programme(_) => None,
        }
    }

    /// Among whom a target can be split; no bounds but the programme's for its own goals.
    pub(super) fn taking_part(self, db: &mut Db) -> Result<Option<HashSet<OrganisationId>>> {
        self.project().map(|id| projects::organisations_of(db, id)).transpose()
    }

    /// What the caller is to it. A programme has no holder.
    pub(super) fn standing(self, db: &mut Db, caller: &Caller) -> Result<(ProgrammeId, Standing)> {
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
pub(super) struct Held {
    pub(super) definition: Definition,
    pub(super) standing: Standing,
}

impl Held {
    pub(super) fn find(db: &mut Db, caller: &Caller, id: IndicatorId) -> Result<Held> {
        let definition = rows::find(db, id)?.ok_or(Error::NotFound)?;
        let (_, standing) = Owner::of(&definition.row).standing(db, caller)?;
        Ok(Held { definition, standing })
    }

    /// Sees targets and values: a contributor sees its own organisation's counts only.
    pub(super) fn require_figures(&self) -> Result<()> {
        match Owner::of(&self.definition.row) {
            Owner::Project(_) => self.standing.require_whole_project(),
            Owner::Programme(_) if self.standing.limited_to().is_none() => Ok(()),
            Owner::Programme(_) => Err(Error::Forbidden("whole_programme_only")),
        }
    }

    /// Proposes targets and posts values.
    pub(super) fn require_holder(&self) -> Result<()> {
        match Owner::of(&self.definition.row) {
            Owner::Project(_) => self.standing.require_holder(),
            Owner::Programme(_) => self.standing.require_secretariat(),
        }
    }

    pub(super) fn require_in_use(&self) -> Result<()> {
        match self.definition.row.retired {
            true => Err(Error::Conflict("indicator_retired")),
            false => Ok(()),
        }
    }
}
