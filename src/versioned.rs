//! What can be edited at its own address has a version, so that nobody overwrites what they have
//! not seen.

use crate::error::{Error, Result};

pub trait Versioned {
    fn version(&self) -> i32;

    /// Stale where the caller has seen another version than this one.
    fn check_seen(&self, seen: i32) -> Result<()> {
        if self.version() == seen { Ok(()) } else { Err(Error::Stale) }
    }
}
