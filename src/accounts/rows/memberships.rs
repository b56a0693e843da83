use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::QueryResult;

use crate::accounts::{Membership, Role};
use crate::clock::At;
use crate::ids::{InvitationId, MembershipId, OrganisationId, ProgrammeId, ProjectId, UserId};
use crate::paging::Page;
use crate::store::schema::{
    invitations, memberships, organisations, programmes, project_versions, projects, users,
};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
pub struct MembershipRow {
    pub id: MembershipId,
    pub natural_key: String,
    pub user_id: UserId,
    pub role: Role,
    pub programme_id: ProgrammeId,
    pub project_id: Option<ProjectId>,
    pub organisation_id: Option<OrganisationId>,
    pub created_at: At,
}

impl From<MembershipRow> for Membership {
    fn from(row: MembershipRow) -> Membership {
        Membership {
            id: row.id,
            role: row.role,
            programme: row.programme_id,
            project: row.project_id,
            organisation: row.organisation_id,
        }
    }
}

pub fn insert(db: &mut Db, row: &MembershipRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(memberships::table).values(row).execute(c))
}

pub fn find(db: &mut Db, id: MembershipId) -> QueryResult<Option<MembershipRow>> {
    on_each!(db, |c| memberships::table
        .find(id)
        .select(MembershipRow::as_select())
        .first(c)
        .optional())
}

pub fn find_by_key(db: &mut Db, natural_key: &str) -> QueryResult<Option<MembershipId>> {
    on_each!(db, |c| memberships::table
        .filter(memberships::natural_key.eq(natural_key))
        .select(memberships::id)
        .first(c)
        .optional())
}

pub fn delete(db: &mut Db, id: MembershipId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(memberships::table.find(id)).execute(c))
}

pub fn of_user(db: &mut Db, user: UserId) -> QueryResult<Vec<Membership>> {
    let rows: Vec<MembershipRow> = on_each!(db, |c| memberships::table
        .filter(memberships::user_id.eq(user))
        .order(memberships::id)
        .select(MembershipRow::as_select())
        .load(c))?;
    Ok(rows.into_iter().map(Membership::from).collect())
}

/// A member with the name, the mail address and the end of its account.
pub type MemberRow = (MembershipRow, String, String, Option<At>);

pub fn of_programme(
    db: &mut Db,
    programme: ProgrammeId,
    page: &Page<MembershipId>,
) -> QueryResult<Vec<MemberRow>> {
    on_each!(db, |c| {
        let mut query = memberships::table
            .inner_join(users::table)
            .filter(memberships::programme_id.eq(programme))
            .order(memberships::id)
            .limit(page.fetch())
            .select((MembershipRow::as_select(), users::name, users::mail, users::disabled_at))
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(memberships::id.gt(id));
        }
        query.load(c)
    })
}

/// Name and mail address of those who run these projects and can sign in.
pub fn holders(
    db: &mut Db,
    projects: &[ProjectId],
) -> QueryResult<Vec<(Option<ProjectId>, String, String)>> {
    on_each!(db, |c| memberships::table
        .inner_join(users::table)
        .filter(memberships::project_id.eq_any(projects))
        .filter(memberships::role.eq(Role::Holder))
        .filter(users::disabled_at.is_null())
        .order(memberships::id)
        .select((memberships::project_id, users::name, users::mail))
        .load(c))
}

/// How many accounts that can sign in run the programme, without counting one membership.
pub fn other_secretariats(
    db: &mut Db,
    programme: ProgrammeId,
    without: MembershipId,
) -> QueryResult<i64> {
    on_each!(db, |c| memberships::table
        .inner_join(users::table)
        .filter(memberships::programme_id.eq(programme))
        .filter(memberships::role.eq(Role::Secretariat))
        .filter(memberships::id.ne(without))
        .filter(users::disabled_at.is_null())
        .count()
        .get_result(c))
}

#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = invitations, treat_none_as_default_value = false)]
pub struct InvitationRow {
    pub id: InvitationId,
    pub token_hash: Vec<u8>,
    pub programme_id: ProgrammeId,
    pub mail: String,
    pub role: Role,
    pub project_id: Option<ProjectId>,
    pub organisation_id: Option<OrganisationId>,
    pub invited_by: Option<UserId>,
    pub created_at: At,
    pub expires_at: At,
    pub accepted_at: Option<At>,
    pub withdrawn_at: Option<At>,
}

pub fn insert_invitation(db: &mut Db, row: &InvitationRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(invitations::table).values(row).execute(c))
}

pub fn invitation(db: &mut Db, id: InvitationId) -> QueryResult<Option<InvitationRow>> {
    on_each!(db, |c| invitations::table
        .find(id)
        .select(InvitationRow::as_select())
        .first(c)
        .optional())
}

pub fn invitation_by_hash(db: &mut Db, hash: &[u8]) -> QueryResult<Option<InvitationRow>> {
    on_each!(db, |c| invitations::table
        .filter(invitations::token_hash.eq(hash))
        .select(InvitationRow::as_select())
        .first(c)
        .optional())
}

/// The newest first.
pub fn invitations(
    db: &mut Db,
    programme: ProgrammeId,
    page: &Page<InvitationId>,
) -> QueryResult<Vec<InvitationRow>> {
    on_each!(db, |c| {
        let mut query = invitations::table
            .filter(invitations::programme_id.eq(programme))
            .order(invitations::id.desc())
            .limit(page.fetch())
            .select(InvitationRow::as_select())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(invitations::id.lt(id));
        }
        query.load(c)
    })
}

pub fn accept_invitation(db: &mut Db, id: InvitationId, now: At) -> QueryResult<usize> {
    let change = invitations::accepted_at.eq(now);
    on_each!(db, |c| diesel::update(invitations::table.find(id)).set(change).execute(c))
}

pub fn withdraw_invitation(db: &mut Db, id: InvitationId, now: At) -> QueryResult<usize> {
    let change = invitations::withdrawn_at.eq(now);
    on_each!(db, |c| diesel::update(invitations::table.find(id)).set(change).execute(c))
}

pub fn has_programme(db: &mut Db, id: ProgrammeId) -> QueryResult<bool> {
    let found: Option<ProgrammeId> =
        on_each!(db, |c| programmes::table.find(id).select(programmes::id).first(c).optional())?;
    Ok(found.is_some())
}

pub fn has_project(db: &mut Db, programme: ProgrammeId, id: ProjectId) -> QueryResult<bool> {
    let found: Option<ProgrammeId> = on_each!(db, |c| projects::table
        .find(id)
        .select(projects::programme_id)
        .first(c)
        .optional())?;
    Ok(found == Some(programme))
}

pub fn has_organisation(
    db: &mut Db,
    programme: ProgrammeId,
    id: OrganisationId,
) -> QueryResult<bool> {
    let found: Option<ProgrammeId> = on_each!(db, |c| organisations::table
        .find(id)
        .select(organisations::programme_id)
        .first(c)
        .optional())?;
    Ok(found == Some(programme))
}

/// Code, Danish and English name.
pub fn programme_names(
    db: &mut Db,
    ids: &[ProgrammeId],
) -> QueryResult<HashMap<ProgrammeId, (String, String, String)>> {
    let rows: Vec<(ProgrammeId, (String, String, String))> = on_each!(db, |c| programmes::table
        .filter(programmes::id.eq_any(ids))
        .select((programmes::id, (programmes::code, programmes::name_da, programmes::name_en)))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

/// Code, and the title as it stands.
pub fn project_names(
    db: &mut Db,
    ids: &[ProjectId],
) -> QueryResult<HashMap<ProjectId, (String, String)>> {
    let rows: Vec<(ProjectId, (String, String))> = on_each!(db, |c| projects::table
        .inner_join(project_versions::table)
        .filter(projects::id.eq_any(ids))
        .filter(recorded_as_of!(project_versions, AsOf::NOW))
        .select((projects::id, (projects::code, project_versions::title)))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

/// Code and name.
pub fn organisation_names(
    db: &mut Db,
    ids: &[OrganisationId],
) -> QueryResult<HashMap<OrganisationId, (String, String)>> {
    let rows: Vec<(OrganisationId, (String, String))> = on_each!(db, |c| organisations::table
        .filter(organisations::id.eq_any(ids))
        .select((organisations::id, (organisations::code, organisations::name)))
        .load(c))?;
    Ok(rows.into_iter().collect())
}
