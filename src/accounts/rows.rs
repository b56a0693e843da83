pub mod memberships;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::result::QueryResult;

use super::users::MACHINE;
use crate::clock::At;
use crate::ids::{ResetId, SessionId, UserId};
use crate::paging::Page;
use crate::store::schema::{password_resets, refresh_tokens, sessions, users};
use crate::store::{Db, on_each};

#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub struct UserRow {
    pub id: UserId,
    pub mail: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub disabled_at: Option<At>,
    pub created_at: At,
}

pub fn user(db: &mut Db, id: UserId) -> QueryResult<Option<UserRow>> {
    on_each!(db, |c| users::table.find(id).select(UserRow::as_select()).first(c).optional())
}

pub fn user_by_mail(db: &mut Db, mail: &str) -> QueryResult<Option<UserRow>> {
    on_each!(db, |c| users::table
        .filter(users::mail.eq(mail))
        .select(UserRow::as_select())
        .first(c)
        .optional())
}

/// Those of people.
pub fn users(db: &mut Db, page: &Page<UserId>) -> QueryResult<Vec<UserRow>> {
    on_each!(db, |c| {
        let mut query = users::table
            .filter(users::mail.not_like(format!("{MACHINE}%")))
            .order(users::id)
            .limit(page.fetch())
            .select(UserRow::as_select())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(users::id.gt(id));
        }
        query.load(c)
    })
}

pub fn insert_user(db: &mut Db, row: &UserRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(users::table).values(row).execute(c))
}

pub fn set_password(db: &mut Db, id: UserId, hash: &str) -> QueryResult<usize> {
    let change = users::password_hash.eq(Some(hash));
    on_each!(db, |c| diesel::update(users::table.find(id)).set(change).execute(c))
}

pub fn set_disabled(db: &mut Db, id: UserId, at: Option<At>) -> QueryResult<usize> {
    let change = users::disabled_at.eq(at);
    on_each!(db, |c| diesel::update(users::table.find(id)).set(change).execute(c))
}

pub fn insert_session(db: &mut Db, id: SessionId, user: UserId, now: At) -> QueryResult<usize> {
    let row = (
        sessions::id.eq(id),
        sessions::user_id.eq(user),
        sessions::created_at.eq(now),
        sessions::ended_at.eq(None::<At>),
    );
    on_each!(db, |c| diesel::insert_into(sessions::table).values(row).execute(c))
}

/// The account of a session that has not ended.
pub fn session(db: &mut Db, id: SessionId) -> QueryResult<Option<UserRow>> {
    on_each!(db, |c| sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(id))
        .filter(sessions::ended_at.is_null())
        .select(UserRow::as_select())
        .first(c)
        .optional())
}

pub fn end_session(db: &mut Db, id: SessionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(sessions::table.find(id))
        .filter(sessions::ended_at.is_null())
        .set(sessions::ended_at.eq(now))
        .execute(c))
}

pub fn end_sessions_of(db: &mut Db, user: UserId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(sessions::table.filter(sessions::user_id.eq(user)))
        .filter(sessions::ended_at.is_null())
        .set(sessions::ended_at.eq(now))
        .execute(c))
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub struct RefreshRow {
    pub token_hash: Vec<u8>,
    pub session_id: SessionId,
    pub issued_at: At,
    pub expires_at: At,
    pub used_at: Option<At>,
}

pub fn insert_refresh(db: &mut Db, row: &RefreshRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(refresh_tokens::table).values(row).execute(c))
}

pub fn refresh(db: &mut Db, hash: &[u8]) -> QueryResult<Option<RefreshRow>> {
    on_each!(db, |c| refresh_tokens::table
        .find(hash)
        .select(RefreshRow::as_select())
        .first(c)
        .optional())
}

pub fn use_refresh(db: &mut Db, hash: &[u8], now: At) -> QueryResult<usize> {
    let change = refresh_tokens::used_at.eq(now);
    on_each!(db, |c| diesel::update(refresh_tokens::table.find(hash)).set(change).execute(c))
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = password_resets, treat_none_as_default_value = false)]
pub struct ResetRow {
    pub id: ResetId,
    pub token_hash: Vec<u8>,
    pub user_id: UserId,
    pub made_by: Option<UserId>,
    pub created_at: At,
    pub expires_at: At,
    pub used_at: Option<At>,
}

pub fn insert_reset(db: &mut Db, row: &ResetRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(password_resets::table).values(row).execute(c))
}

pub fn reset(db: &mut Db, id: ResetId) -> QueryResult<Option<ResetRow>> {
    on_each!(db, |c| password_resets::table
        .find(id)
        .select(ResetRow::as_select())
        .first(c)
        .optional())
}

pub fn reset_by_hash(db: &mut Db, hash: &[u8]) -> QueryResult<Option<ResetRow>> {
    on_each!(db, |c| password_resets::table
        .filter(password_resets::token_hash.eq(hash))
        .select(ResetRow::as_select())
        .first(c)
        .optional())
}

/// No link that was made for this account before can be used any more.
pub fn use_resets_of(db: &mut Db, user: UserId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(
        password_resets::table.filter(password_resets::user_id.eq(user))
    )
    .filter(password_resets::used_at.is_null())
    .set(password_resets::used_at.eq(now))
    .execute(c))
}

pub fn delete_resets(db: &mut Db, now: At) -> QueryResult<usize> {
    let over = password_resets::used_at.is_not_null().or(password_resets::expires_at.le(now));
    on_each!(db, |c| diesel::delete(password_resets::table.filter(over)).execute(c))
}

pub fn delete_refresh_tokens(db: &mut Db, now: At) -> QueryResult<usize> {
    let over = refresh_tokens::expires_at.le(now);
    on_each!(db, |c| diesel::delete(refresh_tokens::table.filter(over)).execute(c))
}

/// Sessions that ended, and those with no token left to go on with.
pub fn delete_sessions(db: &mut Db) -> QueryResult<usize> {
    let tokens = refresh_tokens::table.filter(refresh_tokens::session_id.eq(sessions::id));
    let over = sessions::ended_at.is_not_null().or(not(exists(tokens)));
    on_each!(db, |c| diesel::delete(sessions::table.filter(over)).execute(c))
}
