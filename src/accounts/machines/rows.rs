use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use super::TokenAccess;
use crate::clock::At;
use crate::ids::{OrganisationId, ProgrammeId, ProjectId, UserId};
use crate::paging::Page;
use crate::store::schema::machine_tokens;
use crate::store::{Db, on_each};

#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = machine_tokens, treat_none_as_default_value = false)]
pub struct TokenRow {
    pub id: UserId,
    pub token_hash: Vec<u8>,
    pub programme_id: ProgrammeId,
    pub project_id: Option<ProjectId>,
    pub organisation_id: Option<OrganisationId>,
    pub name: String,
    pub access: TokenAccess,
    pub ends_on: NaiveDate,
    pub created_by: Option<UserId>,
    pub created_at: At,
    pub revoked_by: Option<UserId>,
    pub revoked_at: Option<At>,
    pub last_used_on: Option<NaiveDate>,
}

pub fn insert(db: &mut Db, row: &TokenRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(machine_tokens::table).values(row).execute(c))
}

pub fn find(db: &mut Db, id: UserId) -> QueryResult<Option<TokenRow>> {
    on_each!(db, |c| machine_tokens::table
        .find(id)
        .select(TokenRow::as_select())
        .first(c)
        .optional())
}

pub fn find_by_hash(db: &mut Db, hash: &[u8]) -> QueryResult<Option<TokenRow>> {
    on_each!(db, |c| machine_tokens::table
        .filter(machine_tokens::token_hash.eq(hash))
        .select(TokenRow::as_select())
        .first(c)
        .optional())
}

/// The newest first; of some projects only, where `own` names them.
pub fn list(
    db: &mut Db,
    programme: ProgrammeId,
    own: Option<&[ProjectId]>,
    page: &Page<UserId>,
) -> QueryResult<Vec<TokenRow>> {
    on_each!(db, |c| {
        let mut query = machine_tokens::table
            .filter(machine_tokens::programme_id.eq(programme))
            .order(machine_tokens::id.desc())
            .limit(page.fetch())
            .select(TokenRow::as_select())
            .into_boxed();
        if let Some(projects) = own {
            query = query.filter(machine_tokens::project_id.eq_any(projects));
        }
        if let Some(id) = page.after {
            query = query.filter(machine_tokens::id.lt(id));
        }
        query.load(c)
    })
}

pub fn revoke(db: &mut Db, id: UserId, by: Option<UserId>, now: At) -> QueryResult<usize> {
    let change = (machine_tokens::revoked_by.eq(by), machine_tokens::revoked_at.eq(now));
    on_each!(db, |c| diesel::update(machine_tokens::table.find(id)).set(change).execute(c))
}

pub fn note_use(db: &mut Db, id: UserId, day: NaiveDate) -> QueryResult<usize> {
    let change = machine_tokens::last_used_on.eq(day);
    on_each!(db, |c| diesel::update(machine_tokens::table.find(id)).set(change).execute(c))
}
