//! Roles: who has which, on what, and what it lets one do.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::rows::memberships::{self, MembershipRow};
use super::scope::{Names, Scope, ScopeView};
use super::users::operator_only;
use super::{Caller, Membership, Role, rows};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{MembershipId, ProgrammeId, ProjectId, UserId};
use crate::paging::{Listing, Page};
use crate::store::types::text_enum;
use crate::store::{Chain, Db, Within};

text_enum! {
    /// What a role lets an account do within its scope.
    pub enum May {
        Read = "read",
        PostCounts = "post_counts",
        ProposeTargets = "propose_targets",
        AgreeTargets = "agree_targets",
        WriteReports = "write_reports",
        ApproveReports = "approve_reports",
        Invite = "invite",
        Export = "export",
    }
}

impl Role {
    /// What it lets an account do within its scope. What pages offer; the domain calls decide.
    pub fn may(self) -> &'static [May] {
        match self {
            Role::Secretariat => May::ALL,
            Role::Reader => &[May::Read, May::Export],
            Role::Holder => &[May::Read, May::PostCounts, May::ProposeTargets, May::WriteReports],
            Role::Contributor => &[May::Read, May::PostCounts],
        }
    }
}

/// The signed-in account, and what it may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    pub id: UserId,
    pub name: String,
    pub mail: String,
    pub memberships: Vec<MyMembership>,
}

/// One role of the signed-in account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyMembership {
    pub id: MembershipId,
    pub role: Role,
    pub scope: ScopeView,
    /// What the role lets the account do within its scope.
    pub may: Vec<May>,
}

/// One role in a programme, and whose it is. An account with several stands here several times.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    pub id: MembershipId,
    pub user_id: UserId,
    pub name: String,
    pub mail: String,
    pub role: Role,
    pub scope: ScopeView,
    /// The account can't sign in.
    pub disabled: bool,
    /// Since when it has the role.
    pub since: At,
}

impl Within for MembershipId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        let row = memberships::find(db, *self)?.ok_or(Error::NotFound)?;
        Ok(row.programme_id.into())
    }
}

/// The caller's own account.
pub fn me(db: &mut Db, caller: &Caller) -> Result<Me> {
    let account = caller.account()?;
    let scopes: Vec<Scope> = account.memberships.iter().map(Scope::from).collect();
    let names = Names::load(db, &scopes)?;
    let mine = |one: &Membership| MyMembership {
        id: one.id,
        role: one.role,
        scope: names.of(one.into()),
        may: one.role.may().to_vec(),
    };
    Ok(Me {
        id: account.id,
        name: account.name.clone(),
        mail: account.mail.clone(),
        memberships: account.memberships.iter().map(mine).collect(),
    })
}

/// Who has a role in the programme; for its secretariat.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    page: &Page<MembershipId>,
) -> Result<Listing<Member>> {
    caller.runs_programme(programme)?;
    let rows = page.listing(memberships::of_programme(db, programme, page)?, |row| row.0.id);
    let scopes: Vec<Scope> = rows.items.iter().map(|(row, ..)| scope_of(row)).collect();
    let names = Names::load(db, &scopes)?;
    Ok(rows.map(|(row, name, mail, disabled_at)| Member {
        scope: names.of(scope_of(&row)),
        id: row.id,
        user_id: row.user_id,
        name,
        mail,
        role: row.role,
        disabled: disabled_at.is_some(),
        since: row.created_at,
    }))
}

/// Whom to write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contact {
    pub name: String,
    pub mail: String,
}

/// Who runs each of these projects and can sign in. Asks nobody whether they may know.
pub fn holders(db: &mut Db, projects: &[ProjectId]) -> Result<HashMap<ProjectId, Vec<Contact>>> {
    let mut all: HashMap<ProjectId, Vec<Contact>> = HashMap::new();
    for batch in projects.chunks(500) {
        for (project, name, mail) in memberships::holders(db, batch)? {
            let Some(project) = project else { continue };
            all.entry(project).or_default().push(Contact { name, mail });
        }
    }
    Ok(all)
}

/// Gives an account a role, or finds that it has it. Only the operator does that outright: others
/// are invited, and say yes.
pub fn grant(
    db: &mut Db,
    caller: &Caller,
    user: UserId,
    role: Role,
    scope: Scope,
    now: At,
) -> Result<MembershipId> {
    operator_only(caller)?;
    rows::user(db, user)?.ok_or(Error::NotFound)?;
    scope.check(db, role)?;
    add(db, caller.actor(), user, role, scope, now)
}

/// On a scope that was checked.
pub(super) fn add(
    db: &mut Db,
    actor: Option<UserId>,
    user: UserId,
    role: Role,
    scope: Scope,
    now: At,
) -> Result<MembershipId> {
    let natural_key = natural_key(user, role, scope);
    if let Some(known) = memberships::find_by_key(db, &natural_key)? {
        return Ok(known);
    }
    let row = MembershipRow {
        id: MembershipId::new(),
        natural_key,
        user_id: user,
        role,
        programme_id: scope.programme,
        project_id: scope.project,
        organisation_id: scope.organisation,
        created_at: now,
    };
    memberships::insert(db, &row)?;
    audit::record(db, actor, now, event("membership.granted", &row))?;
    Ok(row.id)
}

/// Whether the account has that role already.
pub(super) fn has(db: &mut Db, user: UserId, role: Role, scope: Scope) -> Result<bool> {
    Ok(memberships::find_by_key(db, &natural_key(user, role, scope))?.is_some())
}

/// Takes a role away, at once. A programme keeps somebody who runs it.
pub fn remove(db: &mut Db, caller: &Caller, id: MembershipId, now: At) -> Result<()> {
    let row = memberships::find(db, id)?.ok_or(Error::NotFound)?;
    caller.runs_programme(row.programme_id)?;
    let last = row.role == Role::Secretariat
        && memberships::other_secretariats(db, row.programme_id, id)? == 0;
    if last {
        return Err(Error::Conflict("last_secretariat"));
    }
    memberships::delete(db, id)?;
    audit::record(db, caller.actor(), now, event("membership.removed", &row))
}

/// The row is gone once the role is, so the trail itself says what it was.
fn event(action: &'static str, row: &MembershipRow) -> Event {
    let mut what = format!("{} {}", row.user_id, row.role);
    if let Some(project) = row.project_id {
        what.push_str(&format!(" project {project}"));
    }
    if let Some(organisation) = row.organisation_id {
        what.push_str(&format!(" organisation {organisation}"));
    }
    Event::new(action, row.id).because(Some(&what))
}

/// One text, since the engines differ on NULLs in unique indexes.
fn natural_key(user: UserId, role: Role, scope: Scope) -> String {
    let project = scope.project.map(|id| id.to_string()).unwrap_or_default();
    let organisation = scope.organisation.map(|id| id.to_string()).unwrap_or_default();
    format!("{user}/{role}/{}/{project}/{organisation}", scope.programme)
}

fn scope_of(row: &MembershipRow) -> Scope {
    Scope {
        programme: row.programme_id,
        project: row.project_id,
        organisation: row.organisation_id,
    }
}
