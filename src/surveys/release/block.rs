//! What came to a link between two releases.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::table::{Counts, Part, Plan, TableKey};
use super::{Place, Release, Snapshot};
use crate::ids::LinkId;

/// One source of one link.
pub type Stream = (LinkId, bool);

/// What came to a link between two releases, of one source: nothing finer is ever looked at.
pub struct Block {
    pub link: LinkId,
    pub paper: bool,
    /// The release with which it came.
    #[cfg(test)]
    pub number: u32,
    pub n: i64,
    pub place: Place,
    pub threshold: i64,
    pub plan: Arc<Plan>,
    parts: BTreeMap<Part, Counts>,
}

impl Block {
    pub fn between(release: &Release, paper: bool, before: Option<&Release>) -> Block {
        let none = Snapshot::default();
        fn source(release: &Release, paper: bool) -> &Snapshot {
            if paper { &release.paper } else { &release.answered }
        }
        let now = source(release, paper);
        let then = before.map_or(&none, |before| source(before, paper));
        let since = |key: &TableKey| {
            let mut counts = now.tables.get(key).cloned().unwrap_or_default();
            then.tables.get(key).into_iter().for_each(|then| counts.minus(then));
            counts
        };
        // Crossed from the next release on: what was there before can't be told apart. Paper
        // never is.
        let told = |pair: &&TableKey| {
            let earlier = before.and_then(|before| before.plan.pair(pair.question()));
            !paper && (then.n == 0 || earlier == Some(*pair))
        };
        let mut parts = BTreeMap::new();
        for (code, _) in release.plan.questions() {
            let whole = Part::whole(code);
            let mut rest = since(&whole.table);
            match release.plan.pair(code).filter(told) {
                None => drop(parts.insert(whole, rest)),
                Some(pair) => {
                    let within = since(pair);
                    rest.minus(&within);
                    parts.extend(Part::sides(pair).into_iter().zip([within, rest]));
                }
            }
        }
        Block {
            link: release.link,
            paper,
            #[cfg(test)]
            number: release.number,
            n: now.n - then.n,
            place: release.place.clone(),
            threshold: release.threshold.get(),
            plan: release.plan.clone(),
            parts,
        }
    }

    pub fn stream(&self) -> Stream {
        (self.link, self.paper)
    }

    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.keys()
    }

    pub fn parts_of(&self, question: &str) -> impl Iterator<Item = &Part> {
        self.parts().filter(move |part| part.question() == question)
    }

    /// Its answers to the part are known.
    pub fn tallies(&self, part: &Part) -> bool {
        self.parts.contains_key(part)
    }

    /// The questions that decide who is in the part.
    pub fn parents<'a>(&'a self, part: &'a Part) -> impl Iterator<Item = &'a str> {
        self.plan.hangs_on(part.question()).chain(part.base())
    }

    /// Its people were asked the table's question.
    pub fn asks(&self, key: &TableKey) -> bool {
        self.plan.question(key.question()).is_some()
    }

    /// None where the part was not tallied.
    pub fn counts(&self, part: &Part) -> &Counts {
        static NONE: Counts = Counts::NONE;
        self.parts.get(part).unwrap_or(&NONE)
    }
}
