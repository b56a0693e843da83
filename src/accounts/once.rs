//! A POST that creates, done once however often it is sent.

use uuid::Uuid;

use super::{Caller, rows};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::store::Db;

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
        caller: &Caller,
        now: At,
        create: impl FnOnce(&mut Db) -> Result<Id>,
        show: impl FnOnce(&mut Db, Id) -> Result<T>,
    ) -> Result<T>
    where
        Id: From<Uuid> + Into<Uuid> + Copy,
    {
        let id = match (self.key, caller.actor()) {
            (Some(key), Some(user)) => match rows::idempotency_key(db, user, &key)? {
                Some((hash, _)) if hash != self.hash => return Err(Error::KeyReused),
                Some((_, id)) => id.into(),
                None => {
                    let id = create(db)?;
                    rows::keep_idempotency_key(db, user, &key, &self.hash, id.into(), now)?;
                    id
                }
            },
            _ => create(db)?,
        };
        show(db, id)
    }
}
