//! Sessions: from sign-in to sign-out, or to 30 days without use. They are no record of what was
//! done, so only a token used twice stands in the audit trail.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::machines;
use super::rows::{self, RefreshRow, memberships};
use super::secret::Secret;
use super::token::{self, ACCESS_SECONDS, Claims, Tokens};
use super::{Account, Caller};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{SessionId, UserId};
use crate::store::Db;

/// How long a session lives without use, in seconds.
pub const IDLE_SECONDS: i64 = 30 * 24 * 60 * 60;

const ENDED: Error = Error::Unauthenticated("session_ended");

/// Mail address and password.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address that the account was made with; case does not matter.
    #[validate(length(min = 1, max = 254))]
    #[schema(example = "sekretariat@rn.dk")]
    pub mail: String,
    pub password: Secret,
}

/// A refresh token.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The one that was given last; one that was used before ends the session.
    pub refresh_token: Secret,
}

/// What a signed-in account goes on with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignedIn {
    /// For `Authorization: Bearer …`.
    pub access_token: Secret,
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until the access token runs out.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// For one call of `/auth/refresh`, which gives the next one.
    pub refresh_token: Secret,
    /// Seconds until the refresh token runs out, and the session with it.
    #[schema(example = 2_592_000)]
    pub refresh_expires_in: i64,
}

/// A new session, for an account whose password was just held against `verified`.
pub fn start(
    db: &mut Db,
    tokens: &Tokens,
    user: UserId,
    verified: &str,
    now: At,
) -> Result<SignedIn> {
    let row = rows::user(db, user)?.ok_or(Error::Unauthenticated("wrong_credentials"))?;
    if row.password_hash.as_deref() != Some(verified) {
        return Err(Error::Unauthenticated("wrong_credentials"));
    }
    if row.disabled_at.is_some() {
        return Err(Error::Unauthenticated("account_disabled"));
    }
    let session = SessionId::new();
    rows::insert_session(db, session, user, now)?;
    hand_out(db, tokens, user, session, now)
}

/// The next pair of tokens. None where the refresh token had been used before: somebody has a
/// copy, and the session ends with that. No error here, so that its end is committed.
pub fn refresh(db: &mut Db, tokens: &Tokens, given: &Secret, now: At) -> Result<Option<SignedIn>> {
    let known = rows::refresh(db, &given.fingerprint())?;
    let row = known.filter(|row| given.is_of(&row.token_hash) && row.expires_at > now);
    let row = row.ok_or(ENDED)?;
    let user = rows::session(db, row.session_id)?.filter(|user| user.disabled_at.is_none());
    let user = user.ok_or(ENDED)?;
    if row.used_at.is_some() {
        rows::end_session(db, row.session_id, now)?;
        audit::record(db, Some(user.id), now, Event::new("session.reused", row.session_id))?;
        return Ok(None);
    }
    rows::use_refresh(db, &row.token_hash, now)?;
    hand_out(db, tokens, user.id, row.session_id, now).map(Some)
}

/// Ends the caller's session.
pub fn end(db: &mut Db, caller: &Caller, now: At) -> Result<()> {
    rows::end_session(db, caller.account()?.session, now)?;
    Ok(())
}

/// The account that a verified access token stands for, with its roles as of now.
pub fn caller(db: &mut Db, claims: &Claims) -> Result<Caller> {
    match caller_in(db, claims.sid)? {
        Caller::User(account) if account.id == claims.sub => Ok(Caller::User(account)),
        _ => Err(ENDED),
    }
}

/// The account that a session is of, with its roles as of now.
pub fn caller_in(db: &mut Db, session: SessionId) -> Result<Caller> {
    let alive = rows::session(db, session)?;
    let user = alive.filter(|user| user.disabled_at.is_none()).ok_or(ENDED)?;
    Ok(Caller::User(Account {
        memberships: memberships::of_user(db, user.id)?,
        id: user.id,
        session,
        name: user.name,
        mail: user.mail,
    }))
}

/// Whoever began something that is finished later, with its roles as of now; the operator where
/// nobody is named.
pub fn on_behalf(db: &mut Db, of: Option<UserId>, now: At) -> Result<Caller> {
    let Some(id) = of else { return Ok(Caller::Operator) };
    if let Some(machine) = machines::machine_of(db, id, now)? {
        return Ok(Caller::Machine(machine));
    }
    let user = rows::user(db, id)?.filter(|user| user.disabled_at.is_none());
    let user = user.ok_or(Error::Unauthenticated("account_disabled"))?;
    Ok(Caller::User(Account {
        memberships: memberships::of_user(db, user.id)?,
        id: user.id,
        session: SessionId(uuid::Uuid::nil()),
        name: user.name,
        mail: user.mail,
    }))
}

fn hand_out(
    db: &mut Db,
    tokens: &Tokens,
    user: UserId,
    session: SessionId,
    now: At,
) -> Result<SignedIn> {
    let refresh_token = token::random()?;
    let row = RefreshRow {
        token_hash: refresh_token.fingerprint(),
        session_id: session,
        issued_at: now,
        expires_at: now.plus_seconds(IDLE_SECONDS),
        used_at: None,
    };
    rows::insert_refresh(db, &row)?;
    Ok(SignedIn {
        access_token: tokens.access(user, session, now)?,
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
        refresh_token,
        refresh_expires_in: IDLE_SECONDS,
    })
}
