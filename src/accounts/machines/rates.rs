//! How often a machine token may be used.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::UserId;

/// Requests that may come at once.
const BURST: i64 = 120;
/// A request more is free again after so many microseconds: two a second.
const REFILL: i64 = 500_000;
/// From here on those that have rested are forgotten.
const SIZE: usize = 10_000;

/// The requests of each token, in the memory of this instance: where several serve one database,
/// each counts for itself.
#[derive(Default)]
pub struct Rates {
    /// Until when each token's requests are paid for, in microseconds.
    paid_until: Mutex<HashMap<UserId, i64>>,
}

impl Rates {
    /// Counts one request, or says how long to wait.
    pub fn take(&self, token: UserId, now: At) -> Result<()> {
        let now = now.micros();
        let mut all = self.paid_until.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= SIZE {
            all.retain(|_, until| *until > now);
        }
        let until = all.entry(token).or_insert(now);
        let next = (*until).max(now) + REFILL;
        let early = next - now - BURST * REFILL;
        if early > 0 {
            return Err(Error::SlowDown(early.unsigned_abs().div_ceil(1_000_000)));
        }
        *until = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_free_and_then_two_a_second() {
        let at = |seconds| {
            At::from_micros(1_700_000_000_000_000).expect("a moment").plus_seconds(seconds)
        };
        let (rates, token, other) = (Rates::default(), UserId::new(), UserId::new());
        for _ in 0..120 {
            rates.take(token, at(0)).expect("free");
        }
        assert!(matches!(rates.take(token, at(0)), Err(Error::SlowDown(1))));
        rates.take(other, at(0)).expect("another's");
        rates.take(token, at(1)).expect("one");
        rates.take(token, at(1)).expect("two");
        assert!(matches!(rates.take(token, at(1)), Err(Error::SlowDown(1))));
    }
}
