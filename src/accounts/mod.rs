//! Who is calling, and what they may do.

pub mod doors;
pub mod hasher;
mod housekeeping;
pub mod invitations;
pub mod machines;
pub mod members;
pub mod password;
pub mod resets;
pub mod routes;
mod rows;
pub mod scope;
pub mod secret;
pub mod sessions;
pub mod throttle;
pub mod token;
pub mod users;

pub use doors::Doors;
pub use housekeeping::housekeeping;
pub use scope::Scope;
pub use secret::Secret;

pub use machines::Machine;

use std::borrow::Cow;

use machines::TokenAccess;

use crate::error::{Error, Result};
use crate::ids::{MembershipId, OrganisationId, ProgrammeId, ProjectId, SessionId, UserId};
use crate::store::types::text_enum;

text_enum! {
    /// What an account is to a programme or a project. An account may have several.
    pub enum Role {
        /// Runs the programme.
        Secretariat = "secretariat",
        /// Looks at the whole programme, never touches.
        Reader = "reader",
        /// Runs one project.
        Holder = "holder",
        /// Posts one organisation's counts in one project.
        Contributor = "contributor",
    }
}

/// One role on its scope: the programme for secretariat and reader, a project for the others,
/// and for a contributor one organisation in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub id: MembershipId,
    pub role: Role,
    pub programme: ProgrammeId,
    pub project: Option<ProjectId>,
    pub organisation: Option<OrganisationId>,
}

/// Who is calling. Handed to every domain call, which decides by it.
#[derive(Debug, Clone)]
pub enum Caller {
    /// The command line of whoever runs the installation.
    Operator,
    User(Account),
    /// A program that came with a machine token. It may do nothing by itself: what it is meant for
    /// opens itself to it, by [`Caller::reading`] or [`Caller::counting`].
    Machine(Machine),
}

/// A signed-in account, as of this request.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: UserId,
    pub session: SessionId,
    pub name: String,
    pub mail: String,
    pub memberships: Vec<Membership>,
}

/// What a caller is to one project; at least one of these holds.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    pub secretariat: bool,
    pub reader: bool,
    pub holder: bool,
    /// Posts the counts of all organisations, and nothing else: a machine token does.
    pub counter: bool,
    /// The organisations that the caller posts for as contributor.
    pub contributes_for: Vec<OrganisationId>,
}

impl Standing {
    /// The organisations that the view is limited to; None where all are seen.
    pub fn limited_to(&self) -> Option<&[OrganisationId]> {
        let all = self.counts_for_all() || self.reader;
        if all { None } else { Some(&self.contributes_for) }
    }

    /// Whether counts may be posted whichever organisation they are of, or of none.
    pub fn counts_for_all(&self) -> bool {
        self.secretariat || self.holder || self.counter
    }

    /// Whether counts of that organisation may be posted.
    pub fn may_count(&self, organisation: Option<OrganisationId>) -> bool {
        self.counts_for_all() || organisation.is_some_and(|id| self.contributes_for.contains(&id))
    }

    /// Runs the project or its programme.
    pub fn require_holder(&self) -> Result<()> {
        if self.secretariat || self.holder { Ok(()) } else { Err(Error::Forbidden("holder_only")) }
    }

    pub fn require_secretariat(&self) -> Result<()> {
        if self.secretariat { Ok(()) } else { Err(Error::Forbidden("secretariat_only")) }
    }

    /// Sees figures of the whole project, not of one organisation only.
    pub fn require_whole_project(&self) -> Result<()> {
        match self.limited_to() {
            None => Ok(()),
            Some(_) => Err(Error::Forbidden("whole_project_only")),
        }
    }
}

impl Caller {
    /// The account to name in the audit trail; none for the operator.
    pub fn actor(&self) -> Option<UserId> {
        match self {
            Caller::Operator => None,
            Caller::User(account) => Some(account.id),
            Caller::Machine(machine) => Some(machine.id),
        }
    }

    /// The caller where figures are handed out: a token for reading sees what it is for.
    pub fn reading(&self) -> Cow<'_, Caller> {
        self.opened(TokenAccess::Read)
    }

    /// The caller where participants are counted: a token for importing posts for what it is for.
    pub fn counting(&self) -> Cow<'_, Caller> {
        self.opened(TokenAccess::Import)
    }

    fn opened(&self, to: TokenAccess) -> Cow<'_, Caller> {
        match self {
            Caller::Machine(machine) => Cow::Owned(Caller::Machine(machine.opened(to))),
            _ => Cow::Borrowed(self),
        }
    }

    /// The signed-in account, for what only an account can do.
    pub fn account(&self) -> Result<&Account> {
        match self {
            Caller::Operator => Err(Error::Forbidden("account_only")),
            Caller::Machine(_) => Err(Error::Forbidden("not_for_tokens")),
            Caller::User(account) => Ok(account),
        }
    }

    pub fn is_operator(&self) -> bool {
        matches!(self, Caller::Operator)
    }

    fn memberships_in(&self, programme: ProgrammeId) -> impl Iterator<Item = &Membership> {
        let all: &[Membership] = match self {
            Caller::Operator | Caller::Machine(_) => &[],
            Caller::User(account) => &account.memberships,
        };
        all.iter().filter(move |one| one.programme == programme)
    }

    fn has_role(&self, programme: ProgrammeId, roles: &[Role]) -> bool {
        if let Caller::Machine(machine) = self {
            return machine.reads_all_of(programme) && roles.contains(&Role::Reader);
        }
        self.is_operator() || self.memberships_in(programme).any(|one| roles.contains(&one.role))
    }

    /// The programme exists for this caller: its name, codes and organisations.
    pub fn sees_programme(&self, programme: ProgrammeId) -> Result<()> {
        if let Caller::Machine(machine) = self {
            return machine.sees(programme);
        }
        if self.has_role(programme, Role::ALL) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Sees all projects and figures of the programme.
    pub fn reads_programme(&self, programme: ProgrammeId) -> Result<()> {
        self.sees_programme(programme)?;
        match self.has_role(programme, &[Role::Secretariat, Role::Reader]) {
            true => Ok(()),
            false => Err(Error::Forbidden("whole_programme_only")),
        }
    }

    /// Runs the programme.
    pub fn runs_programme(&self, programme: ProgrammeId) -> Result<()> {
        self.sees_programme(programme)?;
        match self.has_role(programme, &[Role::Secretariat]) {
            true => Ok(()),
            false => Err(Error::Forbidden("secretariat_only")),
        }
    }

    /// The projects that a list is limited to; None where the whole programme is seen.
    pub fn projects_in(&self, programme: ProgrammeId) -> Option<Vec<ProjectId>> {
        if self.has_role(programme, &[Role::Secretariat, Role::Reader]) {
            return None;
        }
        if let Caller::Machine(machine) = self {
            return machine.projects_in(programme);
        }
        Some(self.memberships_in(programme).filter_map(|one| one.project).collect())
    }

    /// What the caller is to that project; not found where it is nothing to it.
    pub fn standing(&self, programme: ProgrammeId, project: ProjectId) -> Result<Standing> {
        if self.is_operator() {
            return Ok(Standing { secretariat: true, ..Standing::default() });
        }
        if let Caller::Machine(machine) = self {
            return machine.standing(programme, project);
        }
        let mut standing = Standing::default();
        for one in self.memberships_in(programme) {
            match one.role {
                Role::Secretariat => standing.secretariat = true,
                Role::Reader => standing.reader = true,
                Role::Holder if one.project == Some(project) => standing.holder = true,
                Role::Contributor if one.project == Some(project) => {
                    standing.contributes_for.extend(one.organisation);
                }
                Role::Holder | Role::Contributor => {}
            }
        }
        let limited_to_none = standing.limited_to().is_some_and(<[_]>::is_empty);
        if limited_to_none { Err(Error::NotFound) } else { Ok(standing) }
    }
}
