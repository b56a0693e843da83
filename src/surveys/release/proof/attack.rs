//! What the attacker writes down, and what it asks after.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Release;
use super::super::figures::{Among, Breakdown, Figures, Outcome, Source, groups};
use super::super::ledger::{Ledger, Rules};
use super::super::solver::{Answer, Known, Terms};
use super::super::table::{ANSWERED, MISSING, SQUARES, SUM, TableKey};
use super::survey::Survey;
use super::world::{Pieces, World, cells, tables};
use crate::ids::LinkId;

#[derive(Clone, Copy, PartialEq)]
pub enum Memory {
    Kept,
    /// The planted fault: each look is decided from the last release of each link alone.
    Lost,
}

#[derive(Default)]
pub struct Report {
    /// Hidden counts that can be only one number.
    pub found: Vec<String>,
    pub undecided: Vec<String>,
    pub asked: usize,
    pub shown: usize,
}

struct Attacker {
    world: World,
    equations: [BTreeSet<(Terms, i64)>; 3],
    published: BTreeSet<(TableKey, Pieces)>,
    /// What was put together, at any look.
    bundles: BTreeSet<(TableKey, Pieces)>,
    /// What is asked after.
    hidden: BTreeSet<(TableKey, Pieces)>,
}

/// Reads all results at each moment of a survey, and works on everything that was ever told.
pub fn attack(survey: &Survey, rules: Rules, memory: Memory) -> Report {
    let world = World::new(survey);
    let mut attacker = Attacker {
        equations: world.public(),
        world,
        published: BTreeSet::new(),
        bundles: BTreeSet::new(),
        hidden: BTreeSet::new(),
    };
    let moments: BTreeSet<_> = survey.releases.iter().map(|r| r.recorded_at).collect();
    for moment in moments {
        let so_far: Vec<&Release> =
            survey.releases.iter().filter(|r| r.recorded_at <= moment).collect();
        attacker.look(&so_far, rules, memory);
    }
    attacker.hide_small_pieces();
    attacker.report()
}

/// A ledger, and the pieces of each of its blocks.
struct Look {
    ledger: Ledger,
    pieces: Vec<Pieces>,
}

impl Look {
    fn set<'a>(&self, blocks: impl IntoIterator<Item = &'a usize>) -> Pieces {
        blocks.into_iter().flat_map(|block| self.pieces[*block].iter().copied()).collect()
    }
}

impl Attacker {
    fn look(&mut self, so_far: &[&Release], rules: Rules, memory: Memory) {
        let last: BTreeMap<LinkId, u32> = so_far.iter().map(|r| (r.link, r.number)).collect();
        let kept = so_far.iter().filter(|r| memory == Memory::Kept || last[&r.link] == r.number);
        let ledger = Ledger::replay_by(rules, kept.copied());
        let pieces = ledger.blocks.iter().map(|block| {
            let own = self.world.pieces.iter().enumerate().filter(|(_, (link, paper, release))| {
                (*link, *paper) == (block.link, block.paper)
                    && (*release == block.number
                        || memory == Memory::Lost && *release <= block.number)
            });
            own.map(|(index, _)| index).collect()
        });
        let look = Look { pieces: pieces.collect(), ledger };
        for (table, system) in tables() {
            for bundle in look.ledger.bundles(&table) {
                self.bundles.insert((table.clone(), look.set(&bundle.blocks)));
            }
            for breakdown in [
                Breakdown::Whole,
                Breakdown::Link,
                Breakdown::Organisation,
                Breakdown::Level,
                Breakdown::Wave,
            ] {
                for wave in [None, Some("before")] {
                    self.read(&look, (&table, system), breakdown, wave);
                }
            }
        }
    }

    fn read(
        &mut self,
        look: &Look,
        (table, system): (&TableKey, usize),
        breakdown: Breakdown,
        wave: Option<&str>,
    ) {
        let ledger = &look.ledger;
        for group in
            groups(&[Source { ledger, table }], breakdown, Among { wave, ..Among::default() })
        {
            let inside = |block: &usize| {
                let block = &ledger.blocks[*block];
                block.asks(table)
                    && breakdown.key_among(block, Among { wave, ..Among::default() }).as_ref()
                        == Some(&group.key)
            };
            let all: Vec<usize> = (0..ledger.blocks.len()).filter(inside).collect();
            let bundles = ledger.bundles(table).iter();
            let bundles = bundles.filter(|bundle| bundle.blocks.iter().all(inside));
            let covered: Vec<usize> = bundles.flat_map(|b| b.blocks.iter().copied()).collect();
            let loose = all.iter().filter(|block| !covered.contains(block));
            let loose = look.set(loose);
            match group.outcome {
                Outcome::Suppressed => {
                    self.hidden.insert((table.clone(), look.set(&all)));
                }
                Outcome::Shown(figures) => {
                    let told = |cell: &str| told(&figures, cell);
                    self.publish(table, system, look.set(&covered), &told);
                    self.hidden.insert((table.clone(), loose));
                }
                Outcome::Empty => {
                    let told = |cell: &str| (cell != MISSING).then_some(0);
                    self.publish(table, system, look.set(&covered), &told);
                }
            }
        }
    }

    fn publish(
        &mut self,
        table: &TableKey,
        system: usize,
        pieces: Pieces,
        told: &dyn Fn(&str) -> Option<i128>,
    ) {
        for cell in cells(table).0 {
            let Some(count) = told(cell) else { continue };
            let terms = self.world.terms(table, 0, cell, &pieces);
            let value = self.world.value(&terms);
            assert_eq!(i128::from(value), count, "a figure is wrong: {table:?} {cell}");
            self.equations[system].insert((terms, value));
        }
        self.published.insert((table.clone(), pieces));
    }

    /// What came between two releases is asked after too where it is small.
    fn hide_small_pieces(&mut self) {
        for (table, _) in tables() {
            for piece in 0..self.world.pieces.len() {
                let piece = Pieces::from([piece]);
                if (0..2).any(|row| self.world.is_few(&table, row, &piece)) {
                    self.hidden.insert((table.clone(), piece));
                }
            }
        }
    }

    fn report(mut self) -> Report {
        let known = std::mem::take(&mut self.equations)
            .map(|equations| Known::new(self.world.truth.len(), equations));
        let mut report = Report { shown: self.published.len(), ..Report::default() };
        let mut asked: BTreeSet<Terms> = BTreeSet::new();
        for (table, system) in tables() {
            for (_, set) in self.hidden.iter().filter(|(of, _)| *of == table) {
                let rows = if matches!(table, TableKey::Crossed { .. }) { 2 } else { 1 };
                let (cells, asked_after) = cells(&table);
                for (row, cell) in
                    (0..rows).flat_map(|row| cells[..asked_after].iter().map(move |c| (row, c)))
                {
                    let mut left = set.clone();
                    left.retain(|piece| !self.is_given(*piece, &table, row, cell));
                    let sum = self.world.terms(&table, row, cell, &left);
                    if left.is_empty()
                        || self.is_seen(&table, row, &left)
                        || self.is_left_over(&table, row, cell, &left)
                        || !asked.insert(sum.clone())
                    {
                        continue;
                    }
                    let what = || format!("{table:?} row {row} {cell} of {}", self.names(&left));
                    match known[system].find(&sum, &self.world.truth) {
                        Answer::Open => {}
                        Answer::Determined => report.found.push(what()),
                        Answer::Undecided => report.undecided.push(what()),
                    }
                }
            }
        }
        report.asked = asked.len();
        report
    }

    fn names(&self, pieces: &Pieces) -> String {
        let names = pieces.iter().map(|piece| {
            let (link, paper, release) = self.world.pieces[*piece];
            let paper = if paper { " paper" } else { "" };
            format!("link {} release {release}{paper}", link.0.as_u128())
        });
        names.collect::<Vec<_>>().join(", ")
    }

    fn is_given(&self, piece: usize, table: &TableKey, row: usize, cell: &str) -> bool {
        let bundles = self.bundles.iter().filter(|(_, bundle)| bundle.contains(&piece));
        bundles.into_iter().any(|bundle| self.world.gives(bundle, table, row, cell))
    }

    /// Of a crossed pair: nobody on the other side chose it, which is shown, so that all who did
    /// are on this one; and it could be seen if it were not for the other.
    fn is_left_over(&self, table: &TableKey, row: usize, cell: &str, set: &Pieces) -> bool {
        let none = |piece: &usize| {
            let bundles =
                self.bundles.iter().filter(|(of, own)| of == table && own.contains(piece));
            bundles.into_iter().any(|(_, own)| self.world.count(table, 1 - row, cell, own) == 0)
        };
        matches!(table, TableKey::Crossed { .. })
            && self.world.may_be_seen(table, row, set)
            && set.iter().all(none)
    }

    /// Those asked are just the ones of bundles that may be seen: no small group, only one that
    /// has to wait or that lies across others.
    fn is_seen(&self, table: &TableKey, row: usize, set: &Pieces) -> bool {
        let own = self.world.inhabited(table, row, set);
        let bundles = self.bundles.iter().filter(|(of, _)| of == table);
        let seen: Pieces = bundles
            .map(|(_, bundle)| self.world.inhabited(table, row, bundle))
            .filter(|bundle| bundle.is_subset(&own) && self.world.may_be_seen(table, row, bundle))
            .flatten()
            .collect();
        !own.is_empty() && seen == own
    }
}

fn told(figures: &Figures, cell: &str) -> Option<i128> {
    let number = figures.number.as_ref();
    Some(match cell {
        MISSING => figures.missing,
        ANSWERED => figures.n,
        SUM => number?.sum,
        SQUARES => number?.squares,
        option => figures.counts.get(option).copied().unwrap_or_default(),
    })
}
