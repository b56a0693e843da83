use super::rows;
use crate::clock::At;
use crate::error::Result;
use crate::once;
use crate::store::Db;

/// How long a request can be sent again under its `Idempotency-Key`, in seconds.
const KEYS_SECONDS: i64 = 7 * 24 * 60 * 60;

/// What housekeeping took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deleted {
    pub refresh_tokens: usize,
    pub sessions: usize,
    pub resets: usize,
    pub idempotency_keys: usize,
}

/// Deletes what has run out: it is looked at by nobody, and is data about people.
pub fn housekeeping(db: &mut Db, now: At) -> Result<Deleted> {
    Ok(Deleted {
        refresh_tokens: rows::delete_refresh_tokens(db, now)?,
        sessions: rows::delete_sessions(db)?,
        resets: rows::delete_resets(db, now)?,
        idempotency_keys: once::forget(db, now.plus_seconds(-KEYS_SECONDS))?,
    })
}
