//! What the attacker writes down, and what it asks after.

use std::collections::{BTreeMap, BTreeSet};

use super::super::figures::{Among, Breakdown, GroupKey, Outcome, Source, groups};
use super::super::ledger::{Ledger, Rules};
use super::super::solver::{Answer, Known, Terms};
use super::super::table::TableKey;
use super::super::{Release, TELLING};
use super::survey::{
    BASE, CROSSED, FOLLOW_UP, MOST, NUMBER, OPTIONS, Person, SEVERAL, Survey, crossed_key, question,
};
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

/// What came between two releases, of one source: the finest the attacker thinks in. Always of
/// the true history, whatever the ledger makes of it.
type Piece = (LinkId, bool, u32);

/// The unknowns of a piece, in this order: base (3 options, missing), follow-up (same), crossed
/// among yes (same) and among the rest (same); then several: answered, missing, option and not,
/// twice; then number: answered, missing, sum, what it lacks to the most, squares, what they
/// have more than the sum.
const BASE_AT: usize = 0;
const FOLLOW_UP_AT: usize = 4;
const CROSSED_AT: usize = 8;
const SEVERAL_AT: usize = 16;
const NUMBER_AT: usize = 22;
const WIDTH: usize = 28;

/// One line of a published table.
struct Published {
    table: TableKey,
    pieces: BTreeSet<usize>,
    one_link: bool,
    answered: i64,
    counts: BTreeMap<String, i64>,
    missing: i64,
}

struct Attacker<'a> {
    survey: &'a Survey,
    pieces: Vec<Piece>,
    truth: Vec<i64>,
    equations: [BTreeSet<(Terms, i64)>; 3],
    published: BTreeMap<(TableKey, BTreeSet<usize>), Published>,
    /// What is asked after: sets of pieces in a table.
    hidden: BTreeSet<(TableKey, BTreeSet<usize>)>,
}

pub fn attack(survey: &Survey, rules: Rules, memory: Memory) -> Report {
    let mut attacker = Attacker::new(survey);
    let moments: BTreeSet<_> = survey.releases.iter().map(|r| r.recorded_at).collect();
    for moment in moments {
        let so_far: Vec<&Release> =
            survey.releases.iter().filter(|r| r.recorded_at <= moment).collect();
        attacker.look(&so_far, rules, memory);
    }
    attacker.hide_small_pieces();
    attacker.report()
}

/// Of the three systems of equations, which have nothing to do with each other, the table's.
fn family(table: &TableKey) -> usize {
    match table.question() {
        SEVERAL => 1,
        NUMBER => 2,
        _ => 0,
    }
}

fn at(option: usize) -> usize {
    option.min(3)
}

impl Person {
    fn count_into(&self, row: &mut [i64]) {
        row[BASE_AT + at(self.base)] += 1;
        if let Some(answer) = self.follow_up {
            row[FOLLOW_UP_AT + at(answer)] += 1;
        }
        let side = if self.base == 0 { 0 } else { 4 };
        row[CROSSED_AT + side + at(self.crossed)] += 1;
        match self.several {
            None => row[SEVERAL_AT + 1] += 1,
            Some(chosen) => {
                row[SEVERAL_AT] += 1;
                for (index, chosen) in chosen.into_iter().enumerate() {
                    row[SEVERAL_AT + 2 + 2 * index + usize::from(!chosen)] += 1;
                }
            }
        }
        match self.number {
            None => row[NUMBER_AT + 1] += 1,
            Some(number) => {
                row[NUMBER_AT] += 1;
                row[NUMBER_AT + 2] += number;
                row[NUMBER_AT + 3] += MOST - number;
                row[NUMBER_AT + 4] += number * number;
                row[NUMBER_AT + 5] += number * number - number;
            }
        }
    }
}

impl<'a> Attacker<'a> {
    fn new(survey: &'a Survey) -> Attacker<'a> {
        let mut pieces: BTreeMap<Piece, Vec<i64>> = BTreeMap::new();
        for person in survey.people.iter().filter(|person| person.release != u32::MAX) {
            let piece = (person.link, person.paper, person.release);
            person.count_into(pieces.entry(piece).or_insert_with(|| vec![0; WIDTH]));
        }
        let mut equations: [BTreeSet<(Terms, i64)>; 3] = Default::default();
        let [choices, several, numbers] = &mut equations;
        for (piece, row) in pieces.values().enumerate() {
            let from = piece * WIDTH;
            let sum = |terms: &[(usize, i64)]| -> Terms {
                terms.iter().map(|(at, factor)| (from + at, *factor)).collect()
            };
            let n: i64 = row[BASE_AT..BASE_AT + 4].iter().sum();
            // How many have answered is public at all times.
            choices.insert((sum(&[(0, 1), (1, 1), (2, 1), (3, 1)]), n));
            choices.insert((sum(&(8..16).map(|at| (at, 1)).collect::<Vec<_>>()), n));
            // The follow-up was asked of those who said yes, the crossed pair splits by that.
            for first in [FOLLOW_UP_AT, CROSSED_AT] {
                let those = (first..first + 4).map(|at| (at, 1)).chain([(0, -1)]);
                choices.insert((sum(&those.collect::<Vec<_>>()), 0));
            }
            several.insert((sum(&[(16, 1), (17, 1)]), n));
            for option in [18, 20] {
                several.insert((sum(&[(option, 1), (option + 1, 1), (16, -1)]), 0));
            }
            numbers.insert((sum(&[(22, 1), (23, 1)]), n));
            numbers.insert((sum(&[(24, 1), (25, 1), (22, -MOST)]), 0));
            numbers.insert((sum(&[(26, 1), (24, -1), (27, -1)]), 0));
        }
        Attacker {
            survey,
            truth: pieces.values().flatten().copied().collect(),
            pieces: pieces.into_keys().collect(),
            equations,
            published: BTreeMap::new(),
            hidden: BTreeSet::new(),
        }
    }

    /// The unknowns that a cell adds up, for one piece.
    fn cells(&self, table: &TableKey, row: usize, option: &str) -> Vec<usize> {
        let place = OPTIONS.iter().position(|code| *code == option);
        let column = place.unwrap_or(3);
        match (table, table.question()) {
            (TableKey::Crossed { .. }, _) => vec![CROSSED_AT + 4 * row + column],
            (TableKey::Spread(_), _) => vec![NUMBER_AT + 4],
            (_, BASE) => vec![BASE_AT + column],
            (_, FOLLOW_UP) => vec![FOLLOW_UP_AT + column],
            (_, CROSSED) => vec![CROSSED_AT + column, CROSSED_AT + 4 + column],
            (_, SEVERAL) => match option {
                "" => vec![SEVERAL_AT + 1],
                "#n" => vec![SEVERAL_AT],
                _ => vec![SEVERAL_AT + 2 + 2 * column],
            },
            (_, NUMBER) => match option {
                "" => vec![NUMBER_AT + 1],
                "#n" => vec![NUMBER_AT],
                _ => vec![NUMBER_AT + 2],
            },
            _ => Vec::new(),
        }
    }

    fn terms(&self, table: &TableKey, row: usize, option: &str, set: &BTreeSet<usize>) -> Terms {
        let cells = self.cells(table, row, option);
        set.iter().flat_map(|p| cells.iter().map(move |cell| (p * WIDTH + cell, 1))).collect()
    }

    fn value(&self, terms: &Terms) -> i64 {
        terms.iter().map(|(unknown, factor)| factor * self.truth[*unknown]).sum()
    }

    /// Reads all results of one moment.
    fn look(&mut self, so_far: &[&Release], rules: Rules, memory: Memory) {
        let last: BTreeMap<LinkId, u32> = so_far.iter().map(|r| (r.link, r.number)).collect();
        let kept: Vec<Release> = match memory {
            Memory::Kept => so_far.iter().map(|r| (*r).clone()).collect(),
            Memory::Lost => {
                let latest = so_far.iter().filter(|r| last[&r.link] == r.number);
                latest.map(|r| (*r).clone()).collect()
            }
        };
        let ledger = Ledger::replay_by(rules, &kept);
        // The pieces of each of the ledger's blocks; without memory a block is all so far.
        let mut next: BTreeMap<(LinkId, bool), Vec<u32>> = BTreeMap::new();
        for release in &kept {
            next.entry((release.link, false)).or_default().push(release.number);
            let paper = next.entry((release.link, true)).or_default();
            if release.paper.n > 0 || !paper.is_empty() {
                paper.push(release.number);
            }
        }
        let mut pieces_of: Vec<BTreeSet<usize>> = Vec::new();
        for block in ledger.blocks() {
            let number = next.get_mut(&(block.link, block.paper)).expect("a stream").remove(0);
            let own = self.pieces.iter().enumerate().filter(|(_, (link, paper, release))| {
                *link == block.link
                    && *paper == block.paper
                    && (*release == number || memory == Memory::Lost && *release <= number)
            });
            pieces_of.push(own.map(|(index, _)| index).collect());
        }
        let tables = [BASE, FOLLOW_UP, CROSSED, SEVERAL, NUMBER].map(question);
        for table in tables.into_iter().chain([crossed_key()]) {
            for breakdown in [
                Breakdown::Whole,
                Breakdown::Link,
                Breakdown::Organisation,
                Breakdown::Level,
                Breakdown::Wave,
            ] {
                for wave in [None, Some("before")] {
                    self.read(&ledger, &pieces_of, &table, breakdown, wave);
                }
            }
        }
    }

    fn read(
        &mut self,
        ledger: &Ledger,
        pieces_of: &[BTreeSet<usize>],
        table: &TableKey,
        breakdown: Breakdown,
        wave: Option<&str>,
    ) {
        let sources = [Source { ledger, table }];
        for group in groups(&sources, breakdown, Among { wave, links: None }) {
            let inside = |block: &usize| {
                breakdown.key_among(&ledger.blocks()[*block], Among { wave, links: None }).as_ref()
                    == Some(&group.key)
            };
            let all: Vec<usize> = (0..ledger.blocks().len())
                .filter(inside)
                .filter(|block| ledger.has(table, *block))
                .collect();
            let bundles = ledger.bundles(table).iter();
            let covered: Vec<usize> = bundles
                .filter(|bundle| bundle.blocks.iter().all(inside))
                .flat_map(|bundle| bundle.blocks.iter().copied())
                .collect();
            let set = |blocks: &[usize]| -> BTreeSet<usize> {
                blocks.iter().flat_map(|block| pieces_of[*block].iter().copied()).collect()
            };
            let loose: Vec<usize> =
                all.iter().copied().filter(|block| !covered.contains(block)).collect();
            match group.outcome {
                Outcome::Suppressed => {
                    self.hidden.insert((table.clone(), set(&all)));
                }
                Outcome::Shown(figures) => {
                    let count = |count: i128| i64::try_from(count).expect("small");
                    let mut counts: BTreeMap<String, i64> =
                        OPTIONS.iter().map(|code| ((*code).to_owned(), 0)).collect();
                    for (option, chosen) in &figures.counts {
                        counts.insert(option.clone(), count(*chosen));
                    }
                    if let Some(number) = &figures.number {
                        counts.insert("#sum".to_owned(), count(number.sum));
                        if let Some(squares) = number.squares {
                            counts.insert("#squares".to_owned(), count(squares));
                        }
                    }
                    counts.insert("#n".to_owned(), count(figures.n));
                    self.publish(
                        table,
                        set(&covered),
                        matches!(group.key, GroupKey::Link(_)),
                        count(figures.n),
                        count(figures.missing),
                        counts,
                    );
                    if !loose.is_empty() {
                        self.hidden.insert((table.clone(), set(&loose)));
                    }
                }
                Outcome::Empty => {
                    let counts = OPTIONS.iter().map(|code| ((*code).to_owned(), 0)).collect();
                    self.publish(table, set(&covered), false, 0, -1, counts);
                }
            }
        }
    }

    fn publish(
        &mut self,
        table: &TableKey,
        pieces: BTreeSet<usize>,
        one_link: bool,
        answered: i64,
        missing: i64,
        counts: BTreeMap<String, i64>,
    ) {
        let with_spread = counts.contains_key("#squares");
        let key = match with_spread {
            true => TableKey::Spread(table.question().to_owned()),
            false => table.clone(),
        };
        if let Some(before) = self.published.get_mut(&(key.clone(), pieces.clone())) {
            before.one_link |= one_link;
            return;
        }
        for (option, count) in &counts {
            let plain = table.question() == SEVERAL || table.question() == NUMBER;
            if option.starts_with('#') && !plain
                || table.question() == NUMBER && !option.starts_with('#')
            {
                continue;
            }
            if table.question() == SEVERAL && option == "ved_ikke" {
                continue;
            }
            let of = if option == "#squares" { &key } else { table };
            let terms = self.terms(of, 0, option, &pieces);
            assert_eq!(self.value(&terms), *count, "a figure is wrong: {table:?} {option}");
            self.equations[family(table)].insert((terms, *count));
        }
        if missing >= 0 {
            let terms = self.terms(table, 0, "", &pieces);
            assert_eq!(self.value(&terms), missing, "a figure is wrong: {table:?} missing");
            self.equations[family(table)].insert((terms, missing));
        }
        let line = Published {
            table: table.clone(),
            pieces: pieces.clone(),
            one_link,
            answered,
            counts,
            missing,
        };
        self.published.insert((key, pieces), line);
    }

    /// What came between two releases is asked after too where it is small.
    fn hide_small_pieces(&mut self) {
        let all = [BASE, FOLLOW_UP, CROSSED, SEVERAL, NUMBER].map(question);
        let k = self.k();
        for table in all.into_iter().chain([crossed_key()]) {
            for piece in 0..self.pieces.len() {
                let paper = self.pieces[piece].1;
                let set = BTreeSet::from([piece]);
                let few = (0..2).any(|row| (1..k).contains(&self.people(&table, row, &set)));
                if few && !(paper && table == crossed_key()) {
                    self.hidden.insert((table.clone(), set));
                }
            }
        }
    }

    /// How many were asked.
    fn people(&self, table: &TableKey, row: usize, set: &BTreeSet<usize>) -> i64 {
        let several = [SEVERAL, NUMBER].contains(&table.question());
        let columns: &[&str] = if several { &["#n", ""] } else { &["ja", "nej", "ved_ikke", ""] };
        let sums = columns.iter().map(|option| self.value(&self.terms(table, row, option, set)));
        sums.sum()
    }

    fn report(mut self) -> Report {
        let known = std::mem::take(&mut self.equations)
            .map(|equations| Known::new(self.truth.len(), equations));
        let mut report = Report { shown: self.published.len(), ..Report::default() };
        for (table, set) in &self.hidden {
            let rows = if *table == crossed_key() { 2 } else { 1 };
            let options: &[&str] = match table.question() {
                NUMBER => &["#sum"],
                SEVERAL => &OPTIONS[..2],
                _ => &OPTIONS,
            };
            for row in 0..rows {
                for option in options {
                    let left: BTreeSet<usize> = set
                        .iter()
                        .copied()
                        .filter(|piece| !self.is_given(*piece, table, row, option))
                        .collect();
                    if left.is_empty() || self.is_seen(table, row, &left) {
                        continue;
                    }
                    report.asked += 1;
                    let sum = self.terms(table, row, option, &left);
                    let what = || {
                        let pieces: Vec<_> = left.iter().map(|piece| self.pieces[*piece]).collect();
                        format!("{table:?} row {row} {option} of {pieces:?}")
                    };
                    match known[family(table)].find(&sum, &self.truth) {
                        Answer::Open => {}
                        Answer::Determined => report.found.push(what()),
                        Answer::Undecided => report.undecided.push(what()),
                    }
                }
            }
        }
        report
    }

    /// Known since a shown larger group leaves no choice: nobody of it chose the option, or all
    /// of a link of ten or more did. That is not promised; see the module's words.
    fn is_given(&self, piece: usize, table: &TableKey, row: usize, option: &str) -> bool {
        let lines = self.published.values().filter(|line| line.pieces.contains(&piece));
        lines.into_iter().any(|line| {
            let chosen = |option: &str| line.counts.get(option).copied().unwrap_or_default();
            let alike = |option: &str| {
                line.one_link && line.answered >= TELLING && chosen(option) == line.answered
            };
            let of = line.table.question();
            if line.table == *table && row == 0
                || *table == crossed_key() && line.table == question(CROSSED)
            {
                let number = of == NUMBER && {
                    let (n, sum) = (line.answered, chosen("#sum"));
                    line.one_link && n >= TELLING && (sum == 0 || sum == n * MOST)
                };
                return number || of != NUMBER && (chosen(option) == 0 || alike(option));
            }
            if line.table != question(BASE) {
                return false;
            }
            let none = chosen("ja") == 0;
            let all = line.missing == 0 && chosen("ja") == line.answered;
            match table {
                TableKey::Crossed { .. } => none || all,
                _ => table.question() == FOLLOW_UP && none,
            }
        })
    }

    /// Those asked are just the ones of groups that are shown, or of what came to a group
    /// between two looks at it: k or more who did not all answer the same, or ten.
    fn is_seen(&self, table: &TableKey, row: usize, set: &BTreeSet<usize>) -> bool {
        let asked = |set: &BTreeSet<usize>| -> BTreeSet<usize> {
            let some = |p: &usize| self.people(table, row, &BTreeSet::from([*p])) > 0;
            set.iter().copied().filter(some).collect()
        };
        let own = asked(set);
        let sets = || self.published.values().filter(|line| line.table == *table);
        let mut seen = BTreeSet::new();
        for whole in sets().map(|line| &line.pieces) {
            let befores = sets().map(|line| &line.pieces).filter(|part| part.is_subset(whole));
            for before in befores.chain([&BTreeSet::new()]) {
                let further = asked(&whole.difference(before).copied().collect());
                if further.is_subset(&own) && self.may_be_seen(table, row, &further) {
                    seen.extend(further);
                }
            }
        }
        !own.is_empty() && seen == own
    }

    fn may_be_seen(&self, table: &TableKey, row: usize, set: &BTreeSet<usize>) -> bool {
        let count = |option| self.value(&self.terms(table, row, option, set));
        let (answered, alike) = match table.question() {
            NUMBER => {
                let spread = self.terms(&TableKey::Spread(NUMBER.to_owned()), 0, "", set);
                let (n, sum) = (count("#n"), count("#sum"));
                (n, n * self.value(&spread) == sum * sum)
            }
            SEVERAL => (count("#n"), OPTIONS[..2].iter().any(|o| count(o) == count("#n"))),
            _ => {
                let counts = OPTIONS.map(count);
                let answered: i64 = counts.iter().sum();
                (answered, counts.contains(&answered))
            }
        };
        answered >= self.k() && (answered >= TELLING || !alike)
    }

    fn k(&self) -> i64 {
        self.survey.releases.first().map_or(0, |release| release.threshold.get())
    }
}
