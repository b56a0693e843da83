//! Whether the answers of some people may be seen together.

use std::collections::BTreeSet;

use super::TELLING;
use super::table::{ANSWERED, Counts, Kind, MISSING, SQUARES, SUM};
use crate::ids::LinkId;

/// What a bundle would be made of: parts that are already published apart in the tables that it
/// hangs on, and the people in them.
pub struct Candidate<'a> {
    pub kind: Kind,
    /// k, and more for the spread of a number.
    pub least: i64,
    /// The smallest number of people that may be seen to agree.
    pub telling: i64,
    /// How many responses.
    pub n: i64,
    pub parts: Vec<&'a Part>,
}

/// What one part of a candidate holds. A question has one row; a crossed pair has those in the
/// base, and the rest.
#[derive(Debug, Clone)]
pub struct Part {
    pub rows: Vec<Counts>,
    /// Its links, and for each row those of which anybody was asked.
    pub links: BTreeSet<LinkId>,
    pub asked_by: Vec<BTreeSet<LinkId>>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Safe,
    Unsafe,
    /// Together they would do, but for those parts, whose counts could be worked out.
    Without(Vec<usize>),
}

impl Candidate<'_> {
    pub fn verdict(&self) -> Verdict {
        let rows = self.rows();
        if self.n == 0 && rows.iter().all(Counts::is_zero) {
            return Verdict::Safe;
        }
        let several = self.distinct(|part| Some(&part.links)) > 1;
        // Whoever is alone in a row is not hidden by it.
        let company = (0..rows.len())
            .all(|row| !several || self.distinct(|part| part.asked_by.get(row)) != 1);
        if !company || !self.large_enough(&rows) || rows.iter().any(|r| self.tells(r, several)) {
            return Verdict::Unsafe;
        }
        if several && rows.iter().all(|row| row.answered(self.kind) == 0) {
            return Verdict::Unsafe;
        }
        let stuck = if rows.len() > 1 { self.stuck() } else { Vec::new() };
        if stuck.is_empty() { Verdict::Safe } else { Verdict::Without(stuck) }
    }

    /// Large enough to stay behind as a tail.
    pub fn is_large_enough(&self) -> bool {
        self.large_enough(&self.rows())
    }

    fn rows(&self) -> Vec<Counts> {
        let mut rows: Vec<Counts> = Vec::new();
        for part in &self.parts {
            rows.resize_with(rows.len().max(part.rows.len()), Counts::default);
            for (row, more) in rows.iter_mut().zip(&part.rows) {
                row.plus(more);
            }
        }
        rows
    }

    fn distinct(&self, links: impl Fn(&Part) -> Option<&BTreeSet<LinkId>>) -> usize {
        let all: BTreeSet<LinkId> =
            self.parts.iter().filter_map(|part| links(part)).flatten().copied().collect();
        all.len()
    }

    fn large_enough(&self, rows: &[Counts]) -> bool {
        let answered: i128 = rows.iter().map(|row| row.answered(self.kind)).sum();
        let asked: i128 = rows.iter().map(|row| row.asked(self.kind)).sum();
        if answered == 0 {
            // That nobody answered is an answer of all, too.
            let silent = if asked == 0 { i128::from(self.n) } else { asked };
            return silent >= i128::from(self.telling);
        }
        let fits = |row: &Counts| {
            row.asked(self.kind) == 0 || row.answered(self.kind) >= i128::from(self.least)
        };
        rows.iter().all(fits)
    }

    /// Tells what each of few chose; or of several links, what each of all chose.
    fn tells(&self, row: &Counts, several: bool) -> bool {
        // A correction of paper can leave less than nothing; that is no group of people.
        let broken = row.cells().any(|(option, count)| count < 0 && option != SUM);
        let answered = row.answered(self.kind);
        let few = several || answered < i128::from(self.telling);
        broken || few && answered > 0 && agreed(row, self.kind)
    }

    /// The parts of which some count follows from the margins (what each part shows of the base
    /// and of the question, and what they show crossed together) and nothing else.
    ///
    /// A count is free where an exchange moves it: in its part two people of different rows swap
    /// answers `x` and `y`, in another part two swap them back. No margin notices.
    fn stuck(&self) -> Vec<usize> {
        let people = |part: &&Part| part.rows.iter().any(|row| row.asked(self.kind) > 0);
        let inhabited: Vec<usize> =
            (0..self.parts.len()).filter(|index| people(&self.parts[*index])).collect();
        if inhabited.len() < 2 {
            return Vec::new();
        }
        let mut codes: Vec<&str> = self
            .parts
            .iter()
            .flat_map(|part| &part.rows)
            .flat_map(|row| row.options().map(|(option, _)| option))
            .chain([MISSING])
            .collect();
        codes.sort_unstable();
        codes.dedup();
        // Several answers each: every option is a question of its own, with yes and no.
        let questions: Vec<Vec<&str>> = match self.kind {
            Kind::One => vec![codes],
            Kind::Several => codes.into_iter().map(|code| vec![code, ANSWERED]).collect(),
            // Who swaps what can't be told from sums.
            Kind::Number => return inhabited,
        };
        let grids: Vec<Vec<Grid>> = questions
            .iter()
            .map(|columns| self.parts.iter().map(|part| grid(part, columns)).collect())
            .collect();
        let mut stuck = Vec::new();
        for part in inhabited {
            if grids.iter().any(|parts| !is_free(part, parts)) {
                stuck.push(part);
            }
        }
        stuck
    }
}

/// Rows by columns.
type Grid = Vec<Vec<i128>>;

fn grid(part: &Part, columns: &[&str]) -> Grid {
    let cell = |row: &Counts, column: &&str| match *column {
        // Beside an option stand those who answered without choosing it.
        ANSWERED => row.get(ANSWERED) - columns.first().map_or(0, |option| row.get(option)),
        option => row.get(option),
    };
    part.rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect()
}

fn is_free(part: usize, parts: &[Grid]) -> bool {
    let own = &parts[part];
    let columns = own.first().map_or(0, Vec::len);
    let row_sum = |row: usize| own[row].iter().sum::<i128>();
    let column_sum = |column: usize| own.iter().map(|row| row[column]).sum::<i128>();
    let total: i128 = (0..own.len()).map(row_sum).sum();
    // In `grid`, somebody of row r chose x and somebody of row s chose y.
    let swaps = |grid: &Grid, r: usize, x: usize, s: usize, y: usize| {
        r != s && x != y && grid[r][x] > 0 && grid[s][y] > 0
    };
    let exchange = |r: usize, x: usize, s: usize, y: usize| {
        swaps(own, r, x, s, y)
            && (parts.iter().enumerate())
                .any(|(other, grid)| other != part && swaps(grid, r, y, s, x))
    };
    (0..own.len()).all(|row| {
        (0..columns).all(|column| {
            let (along, down) = (row_sum(row), column_sum(column));
            // Its margins alone leave no choice, and they are published.
            let given = along == 0 || down == 0 || along == total || down == total;
            given
                || (0..own.len()).any(|s| {
                    (0..columns).any(|y| exchange(row, column, s, y) || exchange(row, y, s, column))
                })
        })
    })
}

/// Whether all that answered have something in common: one option chosen by all, or one number.
fn agreed(row: &Counts, kind: Kind) -> bool {
    let answered = row.answered(kind);
    match kind {
        Kind::One | Kind::Several => row.options().any(|(_, count)| count == answered),
        Kind::Number => {
            let (sum, squares) = (row.get(SUM), row.get(SQUARES));
            match (answered.checked_mul(squares), sum.checked_mul(sum)) {
                (Some(spread), Some(none)) => spread <= none,
                _ => true,
            }
        }
    }
}

impl Candidate<'_> {
    /// The sizes that hold where the policy has no other word.
    pub fn new(kind: Kind, least: i64, n: i64, parts: Vec<&Part>) -> Candidate<'_> {
        Candidate { kind, least, telling: TELLING.max(least), n, parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(cells: &[(&str, i128)]) -> Counts {
        let mut counts = Counts::default();
        cells.iter().for_each(|(option, count)| counts.add(option, *count));
        counts
    }

    fn part(link: u128, rows: &[&[(&str, i128)]]) -> Part {
        let link = LinkId(uuid::Uuid::from_u128(link));
        let rows = rows.iter().map(|cells| counts(cells)).collect();
        Part { rows, links: [link].into(), asked_by: vec![[link].into(); 2] }
    }

    fn verdict(kind: Kind, parts: &[Part]) -> Verdict {
        let people =
            parts.iter().flat_map(|part| &part.rows).map(|row| row.asked(kind)).sum::<i128>();
        let n = i64::try_from(people).expect("few");
        Candidate::new(kind, 5, n, parts.iter().collect()).verdict()
    }

    #[test]
    fn a_class_is_seen() {
        let class = [part(0, &[&[("hoej", 12), ("nogen", 9), ("ved_ikke", 2), ("", 1)]])];
        assert_eq!(verdict(Kind::One, &class), Verdict::Safe);
    }

    #[test]
    fn fewer_than_k_are_not_and_dont_know_counts_as_an_answer() {
        assert_eq!(
            verdict(Kind::One, &[part(0, &[&[("ja", 3), ("nej", 1), ("", 20)]])]),
            Verdict::Unsafe
        );
        assert_eq!(
            verdict(Kind::One, &[part(0, &[&[("ja", 3), ("ved_ikke", 2), ("", 20)]])]),
            Verdict::Safe
        );
    }

    #[test]
    fn nine_that_agree_are_not_ten_are() {
        assert_eq!(verdict(Kind::One, &[part(0, &[&[("ja", 9)]])]), Verdict::Unsafe);
        assert_eq!(verdict(Kind::One, &[part(0, &[&[("ja", 10)]])]), Verdict::Safe);
        // Of two links not even twenty: each would be known.
        let two = [part(0, &[&[("ja", 4)]]), part(1, &[&[("ja", 16)]])];
        assert_eq!(verdict(Kind::One, &two), Verdict::Unsafe);
    }

    #[test]
    fn an_option_that_all_of_few_chose_among_others_tells_too() {
        let few = [part(0, &[&[("mad", 6), ("musik", 2), ("#n", 6)]])];
        assert_eq!(verdict(Kind::Several, &few), Verdict::Unsafe);
    }

    #[test]
    fn one_number_of_all_is_an_agreement() {
        let same = counts(&[("#n", 6), ("#sum", 18_000), ("#squares", 54_000_000)]);
        let apart = counts(&[("#n", 6), ("#sum", 18_000), ("#squares", 56_000_000)]);
        assert!(agreed(&same, Kind::Number));
        assert!(!agreed(&apart, Kind::Number));
    }

    #[test]
    fn both_sides_of_a_crossed_pair_are_weighed() {
        let small_rest = [part(0, &[&[("hoej", 12), ("nogen", 10)], &[("hoej", 1), ("nogen", 1)]])];
        assert_eq!(verdict(Kind::One, &small_rest), Verdict::Unsafe);
        let no_rest = [part(0, &[&[("hoej", 12), ("nogen", 10)], &[]])];
        assert_eq!(verdict(Kind::One, &no_rest), Verdict::Safe);
    }

    #[test]
    fn crossed_parts_need_an_exchange_for_each_count() {
        // Each class alone has too few outside of the base; together they have five.
        let free = [
            part(0, &[&[("hoej", 9), ("nogen", 9)], &[("hoej", 1), ("nogen", 1)]]),
            part(1, &[&[("hoej", 8), ("nogen", 8)], &[("hoej", 2), ("nogen", 1)]]),
        ];
        assert_eq!(verdict(Kind::One, &free), Verdict::Safe);
        // In the second class nobody of the base could swap back.
        let held = [
            part(0, &[&[("hoej", 9), ("nogen", 9)], &[("hoej", 2)]]),
            part(1, &[&[("hoej", 8)], &[("hoej", 2), ("nogen", 1)]]),
        ];
        assert!(matches!(verdict(Kind::One, &held), Verdict::Without(_) | Verdict::Safe));
    }

    #[test]
    fn a_count_below_zero_is_no_group() {
        assert_eq!(
            verdict(Kind::One, &[part(0, &[&[("ja", 7), ("nej", -1), ("maaske", 3)]])]),
            Verdict::Unsafe
        );
    }
}
