//! Every figure, as it is published and block by block.

use std::collections::{BTreeMap, BTreeSet};

use super::super::condensed::Site;
use super::super::figures::{Among, Breakdown, Group, GroupKey, Outcome, Source, groups};
use super::super::ledger::Ledger;
use super::super::table::{MISSING, TableKey};
use super::survey;
use crate::ids::LinkId;

const BREAKDOWNS: [Breakdown; 5] =
    [Breakdown::Whole, Breakdown::Link, Breakdown::Organisation, Breakdown::Level, Breakdown::Wave];

fn tables() -> impl Iterator<Item = TableKey> {
    let tables: Vec<TableKey> = survey::plan(true).tables().collect();
    tables.into_iter()
}

/// All that a ledger publishes.
pub fn all(ledger: &Ledger) -> Vec<Vec<Group>> {
    let each = |table: TableKey| {
        BREAKDOWNS.map(|breakdown| {
            groups(&[Source { ledger, table: &table }], breakdown, Among::default())
        })
    };
    tables().flat_map(each).collect()
}

/// Holds the figures to the blocks, over all links and over every second one.
pub fn hold(ledger: &Ledger, seed: u64) {
    let links: BTreeSet<LinkId> = ledger.blocks.iter().map(|block| block.link).collect();
    let some: BTreeSet<LinkId> = links.iter().step_by(2).copied().collect();
    for table in tables() {
        for breakdown in BREAKDOWNS {
            for wave in [None, Some("before")] {
                for links in [None, Some(&some)] {
                    let among = Among { wave, links };
                    let source = Source { ledger, table: &table };
                    let found = groups(&[source], breakdown, among);
                    let expected = by_block(ledger, &table, breakdown, among);
                    let keys: Vec<&GroupKey> = found.iter().map(|group| &group.key).collect();
                    assert_eq!(keys, expected.keys().collect::<Vec<_>>(), "seed {seed}");
                    for group in &found {
                        let own = &expected[&group.key];
                        let Outcome::Shown(shown) = &group.outcome else { continue };
                        assert_eq!(shown.responses, own.responses, "seed {seed}, {table:?}");
                        assert_eq!(shown.held_back, own.asked - own.responses, "seed {seed}");
                        assert_eq!((shown.paper, shown.missing), (own.paper, own.missing));
                        let counts = own.counts.iter().map(|(code, n)| (code.clone(), *n));
                        assert_eq!(shown.counts, counts.collect(), "seed {seed}, {table:?}");
                    }
                }
            }
        }
    }
}

#[derive(Default)]
struct Direct {
    asked: i64,
    responses: i64,
    paper: i64,
    missing: i128,
    counts: BTreeMap<String, i128>,
}

fn by_block(
    ledger: &Ledger,
    table: &TableKey,
    breakdown: Breakdown,
    among: Among,
) -> BTreeMap<GroupKey, Direct> {
    let key_of = |index: usize| breakdown.key_among(&Site::of(&ledger.blocks[index]), among);
    let mut all: BTreeMap<GroupKey, Direct> = BTreeMap::new();
    for (index, block) in ledger.blocks.iter().enumerate() {
        let Some(key) = key_of(index) else { continue };
        let own = all.entry(key.clone()).or_default();
        own.asked += if block.asks(table) { block.n } else { 0 };
        let mut sides = Vec::new();
        for part in ledger.parts_of(table) {
            let Some(bundle) = ledger.bundle_of(part, index) else { continue };
            if !bundle.blocks.iter().all(|other| key_of(*other).as_ref() == Some(&key)) {
                continue;
            }
            let asked = i64::try_from(block.counts(part).asked(bundle.kind)).unwrap_or(0);
            let is_side = part.base().is_some() && matches!(table, TableKey::Question(_));
            sides.push(if is_side { asked } else { block.n });
            own.paper += if block.paper { block.n } else { 0 };
            own.missing += block.counts(part).get(MISSING);
            for (code, count) in block.counts(part).options() {
                *own.counts.entry(code.to_owned()).or_default() += count;
            }
        }
        own.responses += match sides[..] {
            [] => 0,
            [one] => one,
            _ => block.n,
        };
    }
    all
}
