//! The accounts themselves: made by an invitation or by the operator, disabled, never deleted,
//! since the audit trail points at them.

use validator::ValidateEmail;

use super::rows::{self, UserRow, memberships};
use super::{Caller, Membership};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Fault, Faults, Result};
use crate::ids::UserId;
use crate::paging::{Listing, Page};
use crate::store::Db;

const LONGEST_NAME: usize = 200;
pub(super) const LONGEST_MAIL: usize = 254;
/// What stands before the id in place of a machine token's mail address.
pub(super) const MACHINE: &str = "machine-token:";

/// An account, for the operator.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub mail: String,
    pub name: String,
    pub disabled: bool,
    pub created_at: At,
    pub memberships: Vec<Membership>,
}

/// The address by which an account is known: however it was typed, it is one account.
pub fn normal_mail(mail: &str) -> String {
    mail.trim().to_lowercase()
}

/// Makes an account that can sign in at once. Its password is hashed before, and held to
/// [`super::password::check`] by whoever took it.
pub fn add(
    db: &mut Db,
    caller: &Caller,
    mail: &str,
    name: &str,
    password_hash: &str,
    now: At,
) -> Result<UserId> {
    operator_only(caller)?;
    let id = insert(db, mail, name, password_hash, now)?;
    audit::record(db, caller.actor(), now, Event::new("user.created", id))?;
    Ok(id)
}

pub(super) fn insert(
    db: &mut Db,
    mail: &str,
    name: &str,
    password_hash: &str,
    now: At,
) -> Result<UserId> {
    let (mail, name) = (normal_mail(mail), name.trim());
    let mut faults = Faults::default();
    if mail.len() > LONGEST_MAIL || !mail.validate_email() {
        faults.push(Fault::at("/mail", "email"));
    }
    faults.keep(checked_name(name));
    faults.check()?;
    let row = UserRow {
        id: UserId::new(),
        mail,
        name: name.to_string(),
        password_hash: Some(password_hash.to_string()),
        disabled_at: None,
        created_at: now,
    };
    rows::insert_user(db, &row).or_taken("/mail")?;
    Ok(row.id)
}

/// The account of a machine token. What stands for its mail address is none, so that nobody can
/// sign in to it, be invited to it or have its password reset.
pub(super) fn insert_machine(db: &mut Db, id: UserId, name: &str, now: At) -> Result<()> {
    let row = UserRow {
        id,
        mail: format!("{MACHINE}{id}"),
        name: name.to_string(),
        password_hash: None,
        disabled_at: Some(now),
        created_at: now,
    };
    rows::insert_user(db, &row)?;
    Ok(())
}

pub(super) fn checked_name(name: &str) -> Result<(), Fault> {
    match name.trim().chars().count() {
        1..=LONGEST_NAME => Ok(()),
        _ => Err(Fault::at("/name", "length").with("min", 1).with("max", LONGEST_NAME)),
    }
}

/// The account with that mail address.
pub fn by_mail(db: &mut Db, caller: &Caller, mail: &str) -> Result<User> {
    operator_only(caller)?;
    let row = rows::user_by_mail(db, &normal_mail(mail))?.ok_or(Error::NotFound)?;
    shown(db, row)
}

/// All accounts of people, in the order in which they were made.
pub fn list(db: &mut Db, caller: &Caller, page: &Page<UserId>) -> Result<Listing<User>> {
    operator_only(caller)?;
    let rows = page.listing(rows::users(db, page)?, |row| row.id);
    let next_cursor = rows.next_cursor;
    let items = rows.items.into_iter().map(|row| shown(db, row)).collect::<Result<_>>()?;
    Ok(Listing { items, next_cursor })
}

/// Gives an account a new password; every session of it ends.
pub fn set_password(
    db: &mut Db,
    caller: &Caller,
    user: UserId,
    password_hash: &str,
    now: At,
) -> Result<()> {
    operator_only(caller)?;
    rows::user(db, user)?.ok_or(Error::NotFound)?;
    replace_password(db, caller.actor(), user, password_hash, now)
}

/// The account's own change, from the password that was just held against `verified`.
pub(super) fn change_password(
    db: &mut Db,
    caller: &Caller,
    verified: &str,
    password_hash: &str,
    now: At,
) -> Result<()> {
    let account = caller.account()?;
    // Changed or disabled in the meantime, this session had ended.
    let row = rows::session(db, account.session)?.filter(|row| row.disabled_at.is_none());
    if row.and_then(|row| row.password_hash).as_deref() != Some(verified) {
        return Err(Error::Unauthenticated("session_ended"));
    }
    replace_password(db, caller.actor(), account.id, password_hash, now)
}

/// Whoever had the old one, or a link to set another, is out at once.
pub(super) fn replace_password(
    db: &mut Db,
    actor: Option<UserId>,
    user: UserId,
    password_hash: &str,
    now: At,
) -> Result<()> {
    rows::set_password(db, user, password_hash)?;
    rows::end_sessions_of(db, user, now)?;
    rows::use_resets_of(db, user, now)?;
    audit::record(db, actor, now, Event::new("user.password_changed", user))
}

/// The account can't sign in any more and its sessions end; its roles stay, for when it is enabled
/// again.
pub fn disable(db: &mut Db, caller: &Caller, user: UserId, now: At) -> Result<()> {
    operator_only(caller)?;
    let row = rows::user(db, user)?.ok_or(Error::NotFound)?;
    if row.disabled_at.is_some() {
        return Ok(());
    }
    rows::set_disabled(db, user, Some(now))?;
    rows::end_sessions_of(db, user, now)?;
    rows::use_resets_of(db, user, now)?;
    audit::record(db, caller.actor(), now, Event::new("user.disabled", user))
}

pub fn enable(db: &mut Db, caller: &Caller, user: UserId, now: At) -> Result<()> {
    operator_only(caller)?;
    let row = rows::user(db, user)?.ok_or(Error::NotFound)?;
    if row.disabled_at.is_none() {
        return Ok(());
    }
    rows::set_disabled(db, user, None)?;
    audit::record(db, caller.actor(), now, Event::new("user.enabled", user))
}

pub(super) fn operator_only(caller: &Caller) -> Result<()> {
    if caller.is_operator() { Ok(()) } else { Err(Error::Forbidden("operator_only")) }
}

fn shown(db: &mut Db, row: UserRow) -> Result<User> {
    Ok(User {
        memberships: memberships::of_user(db, row.id)?,
        id: row.id,
        mail: row.mail,
        name: row.name,
        disabled: row.disabled_at.is_some(),
        created_at: row.created_at,
    })
}
