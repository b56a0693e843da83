//! Slowing down who guesses. In this instance's memory, as best it can: several instances on one
//! PostgreSQL let through as many times as much.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::clock::At;
use crate::error::{Error, Result};

/// A budget of failures for each key, which fills up again over time.
pub struct Throttle<K> {
    burst: i64,
    per_second: i64,
    spent: Mutex<HashMap<K, Spent>>,
}

struct Spent {
    /// In thousandths of a failure.
    thousandths: i64,
    at: At,
}

/// More keys than that are not kept; the ones that have recovered go first.
const KEYS: usize = 10_000;

impl<K: Eq + Hash + Clone> Throttle<K> {
    pub fn new(burst: i64, per_second: i64) -> Throttle<K> {
        Throttle { burst, per_second, spent: Mutex::default() }
    }

    /// Refuses where the budget of that key is spent; to be asked before anything is looked up,
    /// or the answer itself would tell.
    pub fn check(&self, key: &K, now: At) -> Result<()> {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        match spent.get(key).map(|one| self.left_over(one, now)) {
            Some(thousandths) if thousandths > (self.burst - 1) * 1_000 => Err(Error::SlowDown(1)),
            _ => Ok(()),
        }
    }

    /// Takes one failure from the budget.
    pub fn failed(&self, key: K, now: At) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.len() >= KEYS && !spent.contains_key(&key) {
            spent.retain(|_, one| self.left_over(one, now) > 0);
            if spent.len() >= KEYS {
                spent.clear();
            }
        }
        let one = spent.entry(key).or_insert(Spent { thousandths: 0, at: now });
        one.thousandths = self.left_over(one, now) + 1_000;
        one.at = now;
    }

    fn left_over(&self, spent: &Spent, now: At) -> i64 {
        let milliseconds = (now.micros() - spent.at.micros()).max(0) / 1_000;
        (spent.thousandths - milliseconds.saturating_mul(self.per_second)).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_slowed_down_and_forgiven() {
        let at = |millis: i64| At::from_micros(millis * 1_000).expect("a moment");
        let throttle = Throttle::new(3, 2);
        for _ in 0..3 {
            assert!(throttle.check(&"a", at(0)).is_ok());
            throttle.failed("a", at(0));
        }
        assert!(throttle.check(&"a", at(0)).is_err());
        assert!(throttle.check(&"b", at(0)).is_ok(), "another key has a budget of its own");
        assert!(throttle.check(&"a", at(499)).is_err());
        assert!(throttle.check(&"a", at(500)).is_ok(), "one of two in a second is back");
        throttle.failed("a", at(500));
        assert!(throttle.check(&"a", at(500)).is_err());
    }
}
