//! The unknowns: what each piece of a survey's history answered, and what is true of them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::TELLING;
use super::super::solver::Terms;
use super::super::table::{ANSWERED, MISSING, SQUARES, SUM, TableKey};
use super::survey::{
    BASE, CROSSED, FOLLOW_UP, MOST, NUMBER, OPTIONS, Person, SEVERAL, Survey, crossed_key, question,
};
use crate::ids::LinkId;

/// What came between two releases of a link, of one source: the finest an attacker thinks in.
pub type Piece = (LinkId, bool, u32);

pub type Pieces = BTreeSet<usize>;

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

pub struct World {
    pub pieces: Vec<Piece>,
    pub truth: Vec<i64>,
    k: i64,
}

/// The tables that are looked at, and of which of three systems of equations each is: the base
/// with what hangs on it, and two that have nothing to do with anything.
pub fn tables() -> [(TableKey, usize); 6] {
    let [base, follow_up, crossed] = [BASE, FOLLOW_UP, CROSSED].map(|code| (question(code), 0));
    let pair = (crossed_key(), 0);
    [base, follow_up, crossed, pair, (question(SEVERAL), 1), (question(NUMBER), 2)]
}

/// The cells that are published of a table, and how many of them, from the first, are counts to
/// be asked after.
pub fn cells(table: &TableKey) -> (&'static [&'static str], usize) {
    match table.question() {
        SEVERAL => (&["ja", "nej", ANSWERED, MISSING], 2),
        NUMBER => (&[SUM, SQUARES, ANSWERED, MISSING], 2),
        _ => (&["ja", "nej", "ved_ikke", MISSING], 3),
    }
}

impl Person {
    fn count_into(&self, row: &mut [i64]) {
        row[BASE_AT + self.base] += 1;
        if let Some(answer) = self.follow_up {
            row[FOLLOW_UP_AT + answer] += 1;
        }
        let side = if self.base == 0 { 0 } else { 4 };
        row[CROSSED_AT + side + self.crossed] += 1;
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

impl World {
    pub fn new(survey: &Survey) -> World {
        let mut pieces: BTreeMap<Piece, Vec<i64>> = BTreeMap::new();
        for person in survey.people.iter().filter(|person| person.release != u32::MAX) {
            let piece = (person.link, person.paper, person.release);
            person.count_into(pieces.entry(piece).or_insert_with(|| vec![0; WIDTH]));
        }
        World {
            truth: pieces.values().flatten().copied().collect(),
            pieces: pieces.into_keys().collect(),
            k: survey.releases.first().map_or(0, |release| release.threshold.get()),
        }
    }

    /// What anybody knows: how many have answered, and how the questions hang together.
    pub fn public(&self) -> [BTreeSet<(Terms, i64)>; 3] {
        let mut equations: [BTreeSet<(Terms, i64)>; 3] = Default::default();
        for piece in 0..self.pieces.len() {
            let from = piece * WIDTH;
            let mut tell = |system: usize, ones: &[usize], minus: &[(usize, i64)]| {
                let mut sum: Terms = ones.iter().map(|at| (from + at, 1)).collect();
                sum.extend(minus.iter().map(|(at, factor)| (from + at, -factor)));
                let value = self.value(&sum);
                equations[system].insert((sum, value));
            };
            tell(0, &[0, 1, 2, 3], &[]);
            tell(0, &[8, 9, 10, 11, 12, 13, 14, 15], &[]);
            // The follow-up was asked of those who said yes, the crossed pair splits by that.
            tell(0, &[4, 5, 6, 7], &[(BASE_AT, 1)]);
            tell(0, &[8, 9, 10, 11], &[(BASE_AT, 1)]);
            tell(1, &[16, 17], &[]);
            tell(1, &[18, 19], &[(SEVERAL_AT, 1)]);
            tell(1, &[20, 21], &[(SEVERAL_AT, 1)]);
            tell(2, &[22, 23], &[]);
            tell(2, &[24, 25], &[(NUMBER_AT, MOST)]);
            // No whole number is more than its square.
            tell(2, &[26], &[(24, 1), (27, 1)]);
        }
        equations
    }

    /// The unknowns that a cell adds up, over the pieces.
    pub fn terms(&self, table: &TableKey, row: usize, cell: &str, pieces: &Pieces) -> Terms {
        let column = OPTIONS.iter().position(|code| *code == cell).unwrap_or(3);
        let at: &[usize] = match (table, table.question(), cell) {
            (TableKey::Crossed { .. }, ..) => &[CROSSED_AT + 4 * row + column],
            (_, BASE, _) => &[BASE_AT + column],
            (_, FOLLOW_UP, _) => &[FOLLOW_UP_AT + column],
            (_, CROSSED, _) => &[CROSSED_AT + column, CROSSED_AT + 4 + column],
            (_, SEVERAL, ANSWERED) => &[SEVERAL_AT],
            (_, SEVERAL, MISSING) => &[SEVERAL_AT + 1],
            (_, SEVERAL, _) => &[SEVERAL_AT + 2 + 2 * column],
            (_, _, ANSWERED) => &[NUMBER_AT],
            (_, _, MISSING) => &[NUMBER_AT + 1],
            (_, _, SUM) => &[NUMBER_AT + 2],
            _ => &[NUMBER_AT + 4],
        };
        let at: Vec<usize> = at.to_vec();
        pieces.iter().flat_map(|piece| at.iter().map(move |at| (piece * WIDTH + at, 1))).collect()
    }

    pub fn value(&self, terms: &Terms) -> i64 {
        terms.iter().map(|(unknown, factor)| factor * self.truth[*unknown]).sum()
    }

    pub fn count(&self, table: &TableKey, row: usize, cell: &str, pieces: &Pieces) -> i64 {
        self.value(&self.terms(table, row, cell, pieces))
    }

    pub fn answered(&self, table: &TableKey, row: usize, pieces: &Pieces) -> i64 {
        match table.question() {
            SEVERAL | NUMBER => self.count(table, row, ANSWERED, pieces),
            _ => OPTIONS.iter().map(|option| self.count(table, row, option, pieces)).sum(),
        }
    }

    pub fn asked(&self, table: &TableKey, row: usize, pieces: &Pieces) -> i64 {
        self.answered(table, row, pieces) + self.count(table, row, MISSING, pieces)
    }

    /// The pieces of which anybody was asked.
    pub fn inhabited(&self, table: &TableKey, row: usize, pieces: &Pieces) -> Pieces {
        let some = |piece: &usize| self.asked(table, row, &Pieces::from([*piece])) > 0;
        pieces.iter().copied().filter(some).collect()
    }

    pub fn is_few(&self, table: &TableKey, row: usize, pieces: &Pieces) -> bool {
        (1..self.k).contains(&self.asked(table, row, pieces))
    }

    /// k or more, who did not all answer the same unless they are ten.
    pub fn may_be_seen(&self, table: &TableKey, row: usize, pieces: &Pieces) -> bool {
        let answered = self.answered(table, row, pieces);
        let (cells, asked_after) = cells(table);
        let counts = cells[..asked_after].iter().map(|cell| self.count(table, row, cell, pieces));
        let counts: Vec<i64> = counts.collect();
        let alike = match table.question() {
            NUMBER => answered * counts[1] == counts[0] * counts[0],
            _ => counts.contains(&answered),
        };
        answered >= self.k && (answered >= TELLING || !alike)
    }

    /// Known of a piece since a larger bundle leaves no choice: nobody of it chose the option, or
    /// all of a link of ten or more did. That is not promised; see the module's words.
    pub fn gives(
        &self,
        (of, bundle): &(TableKey, Pieces),
        table: &TableKey,
        row: usize,
        cell: &str,
    ) -> bool {
        let crossed = *table == crossed_key();
        if of == table || crossed && *of == question(CROSSED) {
            let row = if of == table { row } else { 0 };
            let answered = self.answered(of, row, bundle);
            let links: BTreeSet<LinkId> =
                bundle.iter().map(|piece| self.pieces[*piece].0).collect();
            let all = match cell {
                SUM => MOST * answered,
                SQUARES => MOST * MOST * answered,
                _ => answered,
            };
            let chosen = self.count(of, row, cell, bundle);
            return chosen == 0 || chosen == all && links.len() == 1 && answered >= TELLING;
        }
        if *of != question(BASE) {
            return false;
        }
        // Nobody said yes, or nobody anything else: one side has nobody, the other is all.
        let yes = self.count(of, 0, "ja", bundle);
        crossed && (yes == 0 || yes == self.asked(of, 0, bundle))
            || table.question() == FOLLOW_UP && yes == 0
    }
}
