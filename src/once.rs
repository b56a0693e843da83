//! A POST that creates, done once however often it is sent.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Diesel, QueryResult};
use uuid::Uuid;

use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::UserId;
use crate::store::schema::idempotency_keys;
use crate::store::types::AnyId;
use crate::store::{Db, on_each};

/// An idempotency key, bound to the request that came under it; or none.
pub struct Once {
    key: Option<String>,
    hash: [u8; 32],
}

impl Once {
    pub fn new(key: Option<String>, hash: [u8; 32]) -> Once {
        Once { key, hash }
    }

    /// Creates, or finds what the same request created before; then shows it as it is now.
    /// Key and effect commit together. Only the hash and the id are kept.
    pub fn run<Id, T>(
        self,
        db: &mut Db,
        actor: Option<UserId>,
        now: At,
        create: impl FnOnce(&mut Db) -> Result<Id>,
        show: impl FnOnce(&mut Db, Id) -> Result<T>,
    ) -> Result<T>
    where
        Id: From<Uuid> + Into<Uuid> + Copy,
    {
        let id = match (self.key, actor) {
            (Some(key), Some(user)) => match kept(db, user, &key)? {
                Some((hash, _)) if hash != self.hash => return Err(Error::KeyReused),
                Some((_, id)) => id.into(),
                None => {
                    let id = create(db)?;
                    // Two programmes have two locks: the same key may come in both at once.
                    let kept = keep(db, user, &key, &self.hash, id.into(), now);
                    kept.map_err(|error| match error {
                        Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                            Error::KeyReused
                        }
                        other => Error::Store(other),
                    })?;
                    id
                }
            },
            _ => create(db)?,
        };
        show(db, id)
    }
}

/// The hash of the request that came under a key, and what it made.
fn kept(db: &mut Db, user: UserId, key: &str) -> QueryResult<Option<(Vec<u8>, Uuid)>> {
    let found: Option<(Vec<u8>, AnyId)> = on_each!(db, |c| idempotency_keys::table
        .find((user, key))
        .select((idempotency_keys::request_hash, idempotency_keys::resource_id))
        .first(c)
        .optional())?;
    Ok(found.map(|(hash, id)| (hash, id.0)))
}

fn keep(
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

/// Forgets the keys that came before then; how many those were.
pub fn forget(db: &mut Db, before: At) -> QueryResult<usize> {
    let old = idempotency_keys::created_at.lt(before);
    on_each!(db, |c| diesel::delete(idempotency_keys::table.filter(old)).execute(c))
}
