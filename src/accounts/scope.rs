//! What a role is held on, and its names for people.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::rows::memberships;
use super::{Membership, Role};
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{OrganisationId, ProgrammeId, ProjectId};
use crate::store::Db;

/// The programme, and for some roles a project and an organisation in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    pub programme: ProgrammeId,
    pub project: Option<ProjectId>,
    pub organisation: Option<OrganisationId>,
}

impl Scope {
    /// For a secretariat or a reader.
    pub fn programme(programme: ProgrammeId) -> Scope {
        Scope { programme, project: None, organisation: None }
    }

    /// For a holder.
    pub fn project(programme: ProgrammeId, project: ProjectId) -> Scope {
        Scope { programme, project: Some(project), organisation: None }
    }

    /// For a contributor.
    pub fn contribution(
        programme: ProgrammeId,
        project: ProjectId,
        organisation: OrganisationId,
    ) -> Scope {
        Scope { programme, project: Some(project), organisation: Some(organisation) }
    }

    /// That the role is held on such a thing, and that all of it is of the programme.
    pub(super) fn check(&self, db: &mut Db, role: Role) -> Result<()> {
        if !memberships::has_programme(db, self.programme)? {
            return Err(Error::NotFound);
        }
        let (on_project, for_organisation) = match role {
            Role::Secretariat | Role::Reader => (false, false),
            Role::Holder => (true, false),
            Role::Contributor => (true, true),
        };
        let mut faults = Faults::default();
        for (pointer, wanted, given) in [
            ("/project_id", on_project, self.project.is_some()),
            ("/organisation_id", for_organisation, self.organisation.is_some()),
        ] {
            match (wanted, given) {
                (true, false) => faults.push(Fault::at(pointer, "required")),
                (false, true) => {
                    faults.push(Fault::at(pointer, "not_for_role").with("role", role));
                }
                _ => {}
            }
        }
        if on_project
            && let Some(id) = self.project
            && !memberships::has_project(db, self.programme, id)?
        {
            faults.push(Fault::at("/project_id", "not_in_programme"));
        }
        if for_organisation
            && let Some(id) = self.organisation
            && !memberships::has_organisation(db, self.programme, id)?
        {
            faults.push(Fault::at("/organisation_id", "not_in_programme"));
        }
        faults.check()
    }
}

impl From<&Membership> for Scope {
    fn from(one: &Membership) -> Scope {
        Scope { programme: one.programme, project: one.project, organisation: one.organisation }
    }
}

/// What a role is held on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScopeView {
    pub programme: ScopeProgramme,
    /// For a holder and a contributor.
    pub project: Option<ScopeProject>,
    /// For a contributor.
    pub organisation: Option<ScopeOrganisation>,
}

/// The programme of a role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScopeProgramme {
    pub id: ProgrammeId,
    #[schema(example = "nordjylland")]
    pub code: String,
    pub name_da: String,
    pub name_en: String,
}

/// The project of a role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScopeProject {
    pub id: ProjectId,
    #[schema(example = "labstem-nord")]
    pub code: String,
    pub title: String,
}

/// The organisation of a role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScopeOrganisation {
    pub id: OrganisationId,
    #[schema(example = "aalborg-universitet")]
    pub code: String,
    pub name: String,
}

/// The names of many scopes, fetched at once.
pub(super) struct Names {
    programmes: HashMap<ProgrammeId, (String, String, String)>,
    projects: HashMap<ProjectId, (String, String)>,
    organisations: HashMap<OrganisationId, (String, String)>,
}

impl Names {
    pub fn load(db: &mut Db, scopes: &[Scope]) -> Result<Names> {
        let programmes = unique(scopes.iter().map(|scope| scope.programme));
        let projects = unique(scopes.iter().filter_map(|scope| scope.project));
        let organisations = unique(scopes.iter().filter_map(|scope| scope.organisation));
        Ok(Names {
            programmes: memberships::programme_names(db, &programmes)?,
            projects: memberships::project_names(db, &projects)?,
            organisations: memberships::organisation_names(db, &organisations)?,
        })
    }

    /// The names of one scope.
    pub fn one(db: &mut Db, scope: Scope) -> Result<ScopeView> {
        Ok(Names::load(db, &[scope])?.of(scope))
    }

    /// Foreign keys hold every id to a row, so that no name is missing.
    pub fn of(&self, scope: Scope) -> ScopeView {
        let Scope { programme: id, project, organisation } = scope;
        let (code, name_da, name_en) = self.programmes.get(&id).cloned().unwrap_or_default();
        ScopeView {
            programme: ScopeProgramme { id, code, name_da, name_en },
            project: project.map(|id| {
                let (code, title) = self.projects.get(&id).cloned().unwrap_or_default();
                ScopeProject { id, code, title }
            }),
            organisation: organisation.map(|id| {
                let (code, name) = self.organisations.get(&id).cloned().unwrap_or_default();
                ScopeOrganisation { id, code, name }
            }),
        }
    }
}

fn unique<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
