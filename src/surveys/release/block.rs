//! What came to a link between two releases.

use std::sync::Arc;

use super::table::{Counts, Plan, TableKey, Tables};
use super::{Place, Release, Snapshot};
use crate::ids::LinkId;

/// One source of one link.
pub type Stream = (LinkId, bool);

/// What came to a link between two releases, of one source: nothing finer is ever looked at.
pub struct Block {
    pub link: LinkId,
    pub paper: bool,
    /// The release with which it came.
    pub number: u32,
    pub n: i64,
    pub place: Place,
    pub threshold: i64,
    pub plan: Arc<Plan>,
    tables: Tables,
}

impl Block {
    pub fn between(release: &Release, paper: bool, before: &Snapshot, now: &Snapshot) -> Block {
        let mut tables = Tables::new();
        for key in release.plan.tables() {
            if matches!(key, TableKey::Crossed { .. })
                && (paper || before.n > 0 && !before.tables.contains_key(&key))
            {
                // Crossed from the next release on: what was there before can't be told apart.
                continue;
            }
            let mut counts = now.tables.get(&key).cloned().unwrap_or_default();
            if let Some(before) = before.tables.get(&key) {
                counts.minus(before);
            }
            tables.insert(key, counts);
        }
        Block {
            link: release.link,
            paper,
            number: release.number,
            n: now.n - before.n,
            place: release.place.clone(),
            threshold: release.threshold.get(),
            plan: release.plan.clone(),
            tables,
        }
    }

    pub fn stream(&self) -> Stream {
        (self.link, self.paper)
    }

    /// Its answers to the table are known.
    pub fn tallies(&self, key: &TableKey) -> bool {
        self.tables.contains_key(key)
    }

    /// Its people were asked the table's question.
    pub fn asks(&self, key: &TableKey) -> bool {
        self.plan.question(key.question()).is_some()
    }

    /// None where the table was not tallied.
    pub fn counts(&self, key: &TableKey) -> &Counts {
        static NONE: Counts = Counts::NONE;
        self.tables.get(key).unwrap_or(&NONE)
    }
}
