//! The unknowns: what each piece of a survey's history answered, and what is true of them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::TELLING;
use super::super::solver::Terms;
use super::super::table::{ANSWERED, MISSING, Part, SQUARES, SUM};
use super::survey::{BASE, CROSSED, FOLLOW_UP, MOST, NUMBER, OPTIONS, Person, SEVERAL, Survey};
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

/// The questions that are looked at, and of which of three systems of equations each is: the base
/// with what hangs on it, and two that have nothing to do with anything.
pub const QUESTIONS: [(&str, usize); 5] =
    [(BASE, 0), (FOLLOW_UP, 0), (CROSSED, 0), (SEVERAL, 1), (NUMBER, 2)];

/// Some people and what they were asked: by row and piece. Of the crossed question those in the
/// base stand in row 0 and the others in row 1, of other questions all in row 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct People {
    pub question: &'static str,
    pub who: BTreeSet<(usize, usize)>,
}

impl People {
    pub fn new(question: &'static str, rows: &[usize], pieces: &Pieces) -> People {
        let who = rows.iter().flat_map(|row| pieces.iter().map(move |piece| (*row, *piece)));
        People { question, who: who.collect() }
    }
}

/// The rows of a question that are asked after, each on its own and together.
pub fn rows(question: &str) -> &'static [&'static [usize]] {
    if question == CROSSED { &[&[0], &[1], &[0, 1]] } else { &[&[0]] }
}

/// The rows that are in a part.
pub fn rows_in(part: &Part) -> &'static [usize] {
    match (part.question(), part.base(), part.rest) {
        (CROSSED, None, _) => &[0, 1],
        (_, _, false) => &[0],
        (_, _, true) => &[1],
    }
}

/// The cells that are published of a question, and how many of them, from the first, are counts to
/// be asked after.
pub fn cells(question: &str) -> (&'static [&'static str], usize) {
    match question {
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
        for (at, by) in number(self.number).into_iter().enumerate() {
            row[NUMBER_AT + at] += by;
        }
    }
}

/// What one who answered that number, or did not answer, adds to the unknowns from `NUMBER_AT` on.
fn number(answer: Option<i64>) -> [i64; 6] {
    match answer {
        None => [0, 1, 0, 0, 0, 0],
        Some(n) => [1, 0, n, MOST - n, n * n, n * n - n],
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

    /// Two people of different pieces, with any numbers, who change places.
    pub fn exchanges(&self) -> impl Iterator<Item = Terms> {
        let pieces = 0..self.pieces.len();
        let answers = || std::iter::once(None).chain((0..=MOST).map(Some));
        let pairs = pieces.clone().flat_map(move |one| pieces.clone().map(move |two| (one, two)));
        let people = move || answers().flat_map(move |a| answers().map(move |b| (a, b)));
        pairs.filter(|(one, two)| one != two).flat_map(move |(one, two)| {
            people().map(move |(a, b)| {
                let change = |piece: usize, gone, come| {
                    let by =
                        number(come).into_iter().zip(number(gone)).map(|(come, gone)| come - gone);
                    let at = piece * WIDTH + NUMBER_AT;
                    by.enumerate().map(move |(index, by)| (at + index, by))
                };
                change(one, a, b).chain(change(two, b, a)).collect()
            })
        })
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

    /// The unknowns that a cell adds up.
    pub fn terms(&self, people: &People, cell: &str) -> Terms {
        let column = OPTIONS.iter().position(|code| *code == cell).unwrap_or(3);
        let at = |row: usize| match (people.question, cell) {
            (BASE, _) => BASE_AT + column,
            (FOLLOW_UP, _) => FOLLOW_UP_AT + column,
            (CROSSED, _) => CROSSED_AT + 4 * row + column,
            (SEVERAL, ANSWERED) => SEVERAL_AT,
            (SEVERAL, MISSING) => SEVERAL_AT + 1,
            (SEVERAL, _) => SEVERAL_AT + 2 + 2 * column,
            (_, ANSWERED) => NUMBER_AT,
            (_, MISSING) => NUMBER_AT + 1,
            (_, SUM) => NUMBER_AT + 2,
            _ => NUMBER_AT + 4,
        };
        people.who.iter().map(|(row, piece)| (piece * WIDTH + at(*row), 1)).collect()
    }

    pub fn value(&self, terms: &Terms) -> i64 {
        terms.iter().map(|(unknown, factor)| factor * self.truth[*unknown]).sum()
    }

    pub fn count(&self, people: &People, cell: &str) -> i64 {
        self.value(&self.terms(people, cell))
    }

    pub fn answered(&self, people: &People) -> i64 {
        match people.question {
            SEVERAL | NUMBER => self.count(people, ANSWERED),
            _ => OPTIONS.iter().map(|option| self.count(people, option)).sum(),
        }
    }

    pub fn asked(&self, people: &People) -> i64 {
        self.answered(people) + self.count(people, MISSING)
    }

    /// Those of whom anybody was asked.
    pub fn inhabited(&self, people: &People) -> BTreeSet<(usize, usize)> {
        let asked = |one| self.asked(&People { who: BTreeSet::from([one]), ..people.clone() }) > 0;
        people.who.iter().copied().filter(|one| asked(*one)).collect()
    }

    pub fn are_few(&self, people: &People) -> bool {
        (1..self.k).contains(&self.asked(people))
    }

    /// k or more, who did not all answer the same unless they are ten.
    pub fn may_be_seen(&self, people: &People) -> bool {
        let answered = self.answered(people);
        let (cells, asked_after) = cells(people.question);
        let counts: Vec<i64> =
            cells[..asked_after].iter().map(|cell| self.count(people, cell)).collect();
        let alike = match people.question {
            NUMBER => answered * counts[1] == counts[0] * counts[0],
            _ => counts.contains(&answered),
        };
        answered >= self.k && (answered >= TELLING || !alike)
    }

    /// Known of a piece since a larger bundle leaves no choice: nobody of it chose the option, or
    /// all of a link of ten or more did. That is not promised; see the module's words.
    pub fn gives(
        &self,
        bundle: &People,
        question: &str,
        (row, piece): (usize, usize),
        cell: &str,
    ) -> bool {
        if bundle.question == question && bundle.who.contains(&(row, piece)) {
            let answered = self.answered(bundle);
            let links: BTreeSet<LinkId> =
                bundle.who.iter().map(|(_, piece)| self.pieces[*piece].0).collect();
            let all = match cell {
                SUM => MOST * answered,
                SQUARES => MOST * MOST * answered,
                _ => answered,
            };
            let chosen = self.count(bundle, cell);
            return chosen == 0 || chosen == all && links.len() == 1 && answered >= TELLING;
        }
        if bundle.question != BASE || !bundle.who.contains(&(0, piece)) {
            return false;
        }
        // Nobody said yes, or nobody anything else: one side has nobody.
        let yes = self.count(bundle, "ja");
        match (question, row) {
            (FOLLOW_UP, _) | (CROSSED, 0) => yes == 0,
            (CROSSED, _) => yes == self.asked(bundle),
            _ => false,
        }
    }
}
