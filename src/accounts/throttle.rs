//! Failed sign-ins slow an account down, and never lock it for good.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use crate::clock::At;
use crate::error::{Error, Result};

/// So many may fail before the first wait.
const FREE_TRIES: u32 = 5;
const LONGEST_WAIT: i64 = 60;
const FORGOTTEN_AFTER: i64 = 15 * 60;
/// Accounts remembered at once, in about 1 MB.
const SIZE: usize = 10_000;

/// Tries to sign in, per account, whether that account exists or not.
///
/// In the memory of this instance: where several serve one database, each counts for itself. At
/// most 10,000 accounts are remembered; past that, the one that failed least gives way.
#[derive(Default)]
pub struct Throttle {
    /// By the hash of the mail address, so that what is kept is small and of one size.
    tries: Mutex<HashMap<[u8; 32], Tries>>,
}

#[derive(Clone, Copy)]
struct Tries {
    failed: u32,
    last: At,
}

impl Tries {
    fn wait(self) -> i64 {
        match self.failed.checked_sub(FREE_TRIES) {
            None => 0,
            Some(doublings) => LONGEST_WAIT.min(1 << doublings.min(6)),
        }
    }

    fn is_forgotten(self, now: At) -> bool {
        now >= self.last.plus_seconds(FORGOTTEN_AFTER)
    }
}

impl Throttle {
    /// Starts a try, unless it is too early for one. It counts as failed until told otherwise, so
    /// that tries at the same time are all counted; one that can't be started doesn't count.
    pub fn attempt<T>(&self, mail: &str, now: At, start: impl FnOnce() -> Result<T>) -> Result<T> {
        let key = key(mail);
        let mut all = self.lock();
        let before = all.get(&key).copied().filter(|tries| !tries.is_forgotten(now));
        if let Some(tries) = before {
            let left = tries.last.plus_seconds(tries.wait()).micros() - now.micros();
            if left > 0 {
                return Err(Error::SlowDown(left.unsigned_abs().div_ceil(1_000_000)));
            }
        }
        let started = start()?;
        let failed = before.map_or(0, |tries| tries.failed).saturating_add(1);
        make_room(&mut all, &key, now);
        all.insert(key, Tries { failed, last: now });
        Ok(started)
    }

    /// The try was right: all before it is forgotten.
    pub fn succeeded(&self, mail: &str) {
        self.lock().remove(&key(mail));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Tries>> {
        // A panic elsewhere leaves whole entries behind.
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(all: &mut HashMap<[u8; 32], Tries>, key: &[u8; 32], now: At) {
    if all.len() < SIZE || all.contains_key(key) {
        return;
    }
    all.retain(|_, tries| !tries.is_forgotten(now));
    if all.len() >= SIZE {
        let least = all.iter().min_by_key(|(_, tries)| (tries.failed, tries.last));
        if let Some(least) = least.map(|(key, _)| *key) {
            all.remove(&least);
        }
    }
}

fn key(mail: &str) -> [u8; 32] {
    Sha256::digest(mail.trim().to_lowercase().as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> At {
        At::from_micros(1_700_000_000_000_000).expect("a moment").plus_seconds(seconds)
    }

    /// Seconds to wait, or 0 where the try may be made.
    fn attempt(throttle: &Throttle, mail: &str, now: At) -> u64 {
        match throttle.attempt(mail, now, || Ok(())) {
            Ok(()) => 0,
            Err(Error::SlowDown(seconds)) => seconds,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_wait_doubles_up_to_a_minute_and_refused_tries_do_not_extend_it() {
        let (throttle, mail) = (Throttle::default(), "kontakt@labstem.dk");
        let mut now = 0;
        for _ in 0..5 {
            assert_eq!(attempt(&throttle, mail, at(now)), 0);
        }
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(attempt(&throttle, mail, at(now)), wait as u64);
            assert_eq!(attempt(&throttle, mail, at(now)), wait as u64);
            now += wait;
            assert_eq!(attempt(&throttle, mail, at(now)), 0, "after {wait} s");
        }
    }

    #[test]
    fn success_or_a_quarter_of_an_hour_forgets() {
        let (throttle, mail) = (Throttle::default(), "kontakt@labstem.dk");
        for _ in 0..5 {
            attempt(&throttle, mail, at(0));
        }
        assert_eq!(attempt(&throttle, " Kontakt@LabSTEM.dk", at(0)), 1);
        assert_eq!(attempt(&throttle, "another@labstem.dk", at(0)), 0);
        throttle.succeeded("KONTAKT@labstem.dk");
        for _ in 0..5 {
            assert_eq!(attempt(&throttle, mail, at(0)), 0);
        }
        assert_eq!(attempt(&throttle, mail, at(0)), 1);
        for _ in 0..5 {
            assert_eq!(attempt(&throttle, mail, at(900)), 0);
        }
    }

    #[test]
    fn a_try_that_could_not_be_started_does_not_count() {
        let throttle = Throttle::default();
        for _ in 0..20 {
            let refused = throttle.attempt("a@b.dk", at(0), || Err::<(), _>(Error::Busy(1)));
            assert!(matches!(refused, Err(Error::Busy(1))));
        }
        assert_eq!(attempt(&throttle, "a@b.dk", at(0)), 0);
    }

    #[test]
    fn memory_is_bounded_and_keeps_those_that_failed_most() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            attempt(&throttle, "kontakt@labstem.dk", at(0));
        }
        for number in 0..SIZE as i64 + 10 {
            attempt(&throttle, &format!("{number}@labstem.dk"), at(0));
        }
        assert_eq!(throttle.lock().len(), SIZE);
        assert_eq!(attempt(&throttle, "kontakt@labstem.dk", at(0)), 1);
    }
}
