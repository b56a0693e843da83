//! What the attacker writes down, and what it asks after.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Release;
use super::super::condensed::Site;
use super::super::figures::{Among, Breakdown, Figures, Outcome, Source, groups};
use super::super::ledger::{Ledger, Rules};
use super::super::solver::{Answer, Known, Terms};
use super::super::table::{ANSWERED, MISSING, SQUARES, SUM, TableKey};
use super::survey::{CROSSED, Survey, crossed_key};
use super::world::{People, Pieces, QUESTIONS, World, cells, rows, rows_in};
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
    /// How many figures of how many people were seen.
    published: BTreeSet<Terms>,
    /// What was put together, at any look.
    bundles: BTreeSet<People>,
    /// Who is asked after.
    hidden: BTreeSet<People>,
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

    /// The bundles of a table that lie inside a group, with the people in them.
    fn bundles(
        &self,
        question: &'static str,
        table: &TableKey,
        inside: impl Fn(&usize) -> bool,
    ) -> Vec<People> {
        let parts = self.ledger.parts_of(table);
        let bundles = parts.flat_map(|part| {
            self.ledger.bundles(part).iter().map(move |bundle| (rows_in(part), bundle))
        });
        let inside = bundles.filter(|(_, bundle)| bundle.blocks.iter().all(&inside));
        inside
            .map(|(rows, bundle)| People::new(question, rows, &self.set(&bundle.blocks)))
            .collect()
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
        for (question, system) in QUESTIONS {
            let whole = TableKey::Question(question.to_owned());
            self.bundles.extend(look.bundles(question, &whole, |_| true));
            let pair = (question == CROSSED).then(crossed_key);
            for table in [Some(whole), pair].into_iter().flatten() {
                for breakdown in [
                    Breakdown::Whole,
                    Breakdown::Link,
                    Breakdown::Organisation,
                    Breakdown::Level,
                    Breakdown::Wave,
                ] {
                    for wave in [None, Some("before")] {
                        let among = Among { wave, ..Among::default() };
                        self.read(&look, (question, &table, system), breakdown, among);
                    }
                }
            }
        }
    }

    fn read(
        &mut self,
        look: &Look,
        (question, table, system): (&'static str, &TableKey, usize),
        breakdown: Breakdown,
        among: Among,
    ) {
        let ledger = &look.ledger;
        for group in groups(&[Source { ledger, table }], breakdown, among) {
            let inside = |block: &usize| {
                let block = &ledger.blocks[*block];
                block.asks(table)
                    && breakdown.key_among(&Site::of(block), among).as_ref() == Some(&group.key)
            };
            let all: Vec<usize> = (0..ledger.blocks.len()).filter(inside).collect();
            let all = look.set(&all);
            let bundles = look.bundles(question, table, inside);
            match group.outcome {
                Outcome::Suppressed => self.hide(question, &all, &BTreeSet::new()),
                Outcome::Shown(figures) => {
                    self.publish(system, &bundles, question, &|cell| told(&figures, cell));
                    let shown = bundles.into_iter().flat_map(|bundle| bundle.who).collect();
                    self.hide(question, &all, &shown);
                }
                Outcome::Empty => {
                    let told = |cell: &str| (cell != MISSING).then_some(0);
                    self.publish(system, &bundles, question, &told);
                }
            }
        }
    }

    fn publish(
        &mut self,
        system: usize,
        bundles: &[People],
        question: &'static str,
        told: &dyn Fn(&str) -> Option<i128>,
    ) {
        for cell in cells(question).0 {
            let Some(count) = told(cell) else { continue };
            let mut terms = Terms::new();
            for (unknown, factor) in bundles.iter().flat_map(|b| self.world.terms(b, cell)) {
                *terms.entry(unknown).or_default() += factor;
            }
            let value = self.world.value(&terms);
            assert_eq!(i128::from(value), count, "a figure is wrong: {question} {cell}");
            self.published.insert(terms.clone());
            self.equations[system].insert((terms, value));
        }
    }

    fn hide(&mut self, question: &'static str, pieces: &Pieces, shown: &BTreeSet<(usize, usize)>) {
        for rows in rows(question) {
            let mut people = People::new(question, rows, pieces);
            people.who.retain(|one| !shown.contains(one));
            self.hidden.insert(people);
        }
    }

    /// What came between two releases is asked after too where it is small.
    fn hide_small_pieces(&mut self) {
        for (question, _) in QUESTIONS {
            for (piece, rows) in (0..self.world.pieces.len())
                .flat_map(|piece| rows(question).iter().map(move |rows| (piece, *rows)))
            {
                let people = People::new(question, rows, &Pieces::from([piece]));
                if self.world.are_few(&people) {
                    self.hidden.insert(people);
                }
            }
        }
    }

    fn report(mut self) -> Report {
        let known = std::mem::take(&mut self.equations)
            .map(|equations| Known::new(self.world.truth.len(), equations));
        let mut report = Report { shown: self.published.len(), ..Report::default() };
        let mut asked: BTreeSet<Terms> = BTreeSet::new();
        let systems = BTreeMap::from(QUESTIONS);
        for people in &self.hidden {
            let (cells, asked_after) = cells(people.question);
            for cell in &cells[..asked_after] {
                let mut left = people.clone();
                left.who.retain(|one| !self.is_given(people.question, *one, cell));
                let sum = self.world.terms(&left, cell);
                if left.who.is_empty() || self.are_seen(&left) || !asked.insert(sum.clone()) {
                    continue;
                }
                let what = || format!("{} {cell} of {}", left.question, self.names(&left));
                let known = &known[systems[people.question]];
                let truth = &self.world.truth;
                let other =
                    || self.world.exchanges().any(|change| known.allows(&change, &sum, truth));
                match known.find(&sum, truth) {
                    Answer::Determined => report.found.push(what()),
                    Answer::Undecided if !other() => report.undecided.push(what()),
                    Answer::Undecided | Answer::Open => {}
                }
            }
        }
        report.asked = asked.len();
        report
    }

    fn names(&self, people: &People) -> String {
        let names = people.who.iter().map(|(row, piece)| {
            let (link, paper, release) = self.world.pieces[*piece];
            let paper = if paper { " paper" } else { "" };
            format!("link {} release {release}{paper} row {row}", link.0.as_u128())
        });
        names.collect::<Vec<_>>().join(", ")
    }

    fn is_given(&self, question: &str, one: (usize, usize), cell: &str) -> bool {
        self.bundles.iter().any(|bundle| self.world.gives(bundle, question, one, cell))
    }

    /// Those asked are just the ones of bundles that may be seen: no small group, only one that
    /// has to wait or that lies across others.
    fn are_seen(&self, people: &People) -> bool {
        let own = self.world.inhabited(people);
        let bundles = self.bundles.iter().filter(|bundle| bundle.question == people.question);
        let seen: BTreeSet<(usize, usize)> = bundles
            .map(|bundle| (bundle, self.world.inhabited(bundle)))
            .filter(|(bundle, who)| who.is_subset(&own) && self.world.may_be_seen(bundle))
            .flat_map(|(_, who)| who)
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
