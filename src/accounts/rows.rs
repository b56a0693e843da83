use diesel::prelude::*;
use diesel::result::QueryResult;
use uuid::Uuid;

use crate::clock::At;
use crate::ids::UserId;
use crate::store::schema::idempotency_keys;
use crate::store::types::AnyId;
use crate::store::{Db, on_each};

/// The hash of the request that came under a key, and what it made.
pub fn idempotency_key(
    db: &mut Db,
    user: UserId,
    key: &str,
) -> QueryResult<Option<(Vec<u8>, Uuid)>> {
    let found: Option<(Vec<u8>, AnyId)> = on_each!(db, |c| idempotency_keys::table
        .find((user, key))
        .select((idempotency_keys::request_hash, idempotency_keys::resource_id))
        .first(c)
        .optional())?;
    Ok(found.map(|(hash, id)| (hash, id.0)))
}

pub fn keep_idempotency_key(
    db: &mut Db,
    user: UserId,
    key: &str,
    hash: &[u8],
    resource: Uuid,
    now: At,
) -> QueryResult<()> {
    let row = (
        idempotency_keys::user_id.eq(user),
        idempotency_keys::idempotency_key.eq(key),
        idempotency_keys::request_hash.eq(hash),
        idempotency_keys::resource_id.eq(AnyId(resource)),
        idempotency_keys::created_at.eq(now),
    );
    on_each!(db, |c| diesel::insert_into(idempotency_keys::table).values(row).execute(c))?;
    Ok(())
}
