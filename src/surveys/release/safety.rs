//! Whether the answers of some people may be seen together.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{ANSWERED, Counts, Kind, MISSING, SQUARES, SUM};
use super::{Place, TELLING};
use crate::ids::LinkId;

/// What a bundle would be made of.
pub struct Candidate<'a> {
    pub kind: Kind,
    /// k, and more for a number.
    pub least: i64,
    /// The smallest number of people that may be seen to agree.
    pub telling: i64,
    /// How many responses.
    n: i64,
    parts: &'a [Part],
    rows: Vec<Counts>,
}

/// One block of a candidate, in the order in which they came. A question has one row; a crossed
/// pair has those in the base, and the rest.
#[derive(Debug, Clone)]
pub struct Part {
    pub block: usize,
    pub link: LinkId,
    pub place: Place,
    pub rows: Vec<Counts>,
    /// Of a crossed pair, what is published of its question where this block is in it.
    pub margin: Counts,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Safe,
    Unsafe,
    /// Together they would do, but for those blocks, whose counts could be worked out.
    Without(BTreeSet<usize>),
}

impl Candidate<'_> {
    /// With the sizes that hold everywhere but under a planted fault.
    pub fn new(kind: Kind, least: i64, n: i64, parts: &[Part]) -> Candidate<'_> {
        let mut rows: Vec<Counts> = Vec::new();
        for part in parts {
            rows.resize_with(rows.len().max(part.rows.len()), Counts::default);
            for (row, more) in rows.iter_mut().zip(&part.rows) {
                row.plus(more);
            }
        }
        let telling = TELLING.max(least);
        // A sum with a sum of squares can spell out what each of few answered.
        let least = if kind == Kind::Number { telling } else { least };
        Candidate { kind, least, telling, n, parts, rows }
    }

    pub fn verdict(&self) -> Verdict {
        if self.n == 0 && self.rows.iter().all(Counts::is_zero) {
            return Verdict::Safe;
        }
        let links: BTreeSet<LinkId> = self.parts.iter().map(|part| part.link).collect();
        let several = links.len() > 1;
        // Whoever is alone in a row is not hidden by it.
        let company = !several || (0..self.rows.len()).all(|row| self.asked_by(row) != 1);
        let tells = self.rows.iter().any(|row| self.tells(row, several));
        if !company || !self.is_large_enough() || tells {
            return Verdict::Unsafe;
        }
        if several && self.rows.iter().all(|row| row.answered(self.kind) == 0) {
            return Verdict::Unsafe;
        }
        let stuck = if self.rows.len() > 1 { self.stuck() } else { BTreeSet::new() };
        if stuck.is_empty() { Verdict::Safe } else { Verdict::Without(stuck) }
    }

    /// Of how many links anybody was asked.
    fn asked_by(&self, row: usize) -> usize {
        let asked = self.parts.iter().filter(|part| part.asked(row, self.kind) > 0);
        asked.map(|part| part.link).collect::<BTreeSet<_>>().len()
    }

    /// Large enough to be seen, or to stay behind as a tail.
    pub fn is_large_enough(&self) -> bool {
        let rows = &self.rows;
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

    /// The blocks of which some count follows from the margins (what is published of the base
    /// and of the question by itself, and of both crossed) and from nothing being less than 0.
    ///
    /// What is asked after is each group of blocks that may ever have been hidden: of a link, an
    /// organisation or a level, from any release to any other. A count of it is free where an
    /// exchange moves it: in a block inside of it two people of different rows swap answers `x`
    /// and `y`, in a block outside two swap them back. No margin notices.
    fn stuck(&self) -> BTreeSet<usize> {
        let inhabited = |part: &&Part| (0..2).any(|row| part.asked(row, self.kind) > 0);
        let parts: Vec<&Part> = self.parts.iter().filter(inhabited).collect();
        if parts.len() < 2 {
            return BTreeSet::new();
        }
        let all = || parts.iter().map(|part| part.block).collect();
        let codes = (self.rows.iter())
            .flat_map(|row| row.options().map(|(option, _)| option))
            .chain([MISSING]);
        let codes: BTreeSet<&str> = codes.collect();
        // Several answers each: every option is a question of its own, with yes and no.
        let questions: Vec<Vec<&str>> = match self.kind {
            Kind::One => vec![codes.into_iter().collect()],
            Kind::Several => codes.into_iter().map(|code| vec![code, ANSWERED]).collect(),
            // Who swaps what can't be told from sums.
            Kind::Number => return all(),
        };
        let groups = groups(&parts);
        let mut stuck = BTreeSet::new();
        for columns in questions {
            let grids: Vec<Grid> = parts.iter().map(|part| Grid::new(part, &columns)).collect();
            for group in &groups {
                if !is_free(group, &grids) {
                    stuck.extend(group.iter().map(|index| parts[*index].block));
                }
            }
        }
        stuck
    }
}

impl Part {
    fn asked(&self, row: usize, kind: Kind) -> i128 {
        self.rows.get(row).map_or(0, |row| row.asked(kind))
    }
}

/// The parts of each link, organisation and level, and of all, from any to any later one; but
/// not all of the parts at once.
fn groups(parts: &[&Part]) -> BTreeSet<Vec<usize>> {
    let mut by: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        let Place { organisation, level, .. } = part.place;
        let links = (Some(part.link), None, None);
        for key in
            [links, (None, Some(organisation), None), (None, None, Some(level)), (None, None, None)]
        {
            by.entry(key).or_default().push(index);
        }
    }
    let mut groups = BTreeSet::new();
    for group in by.values() {
        for from in 0..group.len() {
            groups.extend((from..group.len()).map(|to| group[from..=to].to_vec()));
        }
    }
    groups.retain(|group| group.len() < parts.len());
    groups
}

/// The cells of a part: in the base and in the rest, by column.
struct Grid {
    cells: [Vec<i128>; 2],
    /// The columns in which something is published of the part.
    open: Vec<bool>,
}

impl Grid {
    fn new(part: &Part, columns: &[&str]) -> Grid {
        let cell = |row: &Counts, column: &str| match column {
            // Beside an option stand those who answered without choosing it.
            ANSWERED => row.get(ANSWERED) - columns.first().map_or(0, |option| row.get(option)),
            option => row.get(option),
        };
        let row = |row: usize| {
            columns
                .iter()
                .map(|column| part.rows.get(row).map_or(0, |row| cell(row, column)))
                .collect()
        };
        let open = columns.iter().map(|column| cell(&part.margin, column) != 0).collect();
        Grid { cells: [row(0), row(1)], open }
    }

    fn people(&self, row: usize) -> i128 {
        self.cells[row].iter().sum()
    }

    /// Somebody of the row chose `x` and somebody of the other row chose `y`.
    fn can_swap(&self, row: usize, x: usize, y: usize) -> bool {
        self.cells[row][x] > 0 && self.cells[1 - row][y] > 0
    }
}

/// Whether each count of the group could be another one.
fn is_free(group: &[usize], grids: &[Grid]) -> bool {
    let (inside, outside): (Vec<_>, Vec<_>) =
        grids.iter().enumerate().partition(|(index, _)| group.contains(index));
    let columns = grids.first().map_or(0, |grid| grid.open.len());
    let exchange = |row: usize, x: usize, y: usize| {
        inside.iter().any(|(_, grid)| grid.can_swap(row, x, y))
            && outside.iter().any(|(_, grid)| grid.can_swap(row, y, x))
    };
    (0..2).all(|row| {
        let nobody = |side: &[(usize, &Grid)]| side.iter().all(|(_, grid)| grid.people(row) == 0);
        // Nobody to tell of; or the same people of whom the bundle tells.
        if nobody(&inside) || nobody(&outside) {
            return true;
        }
        (0..columns).all(|x| {
            let none = grids.iter().all(|grid| grid.cells[row][x] == 0);
            let closed = inside.iter().all(|(_, grid)| !grid.open[x]);
            // Nobody of a larger group chose it, which is shown.
            none || closed
                || (0..columns).any(|y| y != x && (exchange(row, x, y) || exchange(row, y, x)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(cells: &[(&str, i128)]) -> Counts {
        let mut counts = Counts::default();
        cells.iter().for_each(|(option, count)| counts.add(option, *count));
        counts
    }

    fn part(link: u128, rows: &[&[(&str, i128)]]) -> Part {
        let rows: Vec<Counts> = rows.iter().map(|cells| counts(cells)).collect();
        let mut margin = Counts::default();
        rows.iter().for_each(|row| margin.plus(row));
        let place = Place { organisation: None, level: None, wave: "before".to_owned() };
        let link = LinkId(uuid::Uuid::from_u128(link));
        Part { block: 0, link, place, rows, margin }
    }

    fn verdict(kind: Kind, parts: &[Part]) -> Verdict {
        let people =
            parts.iter().flat_map(|part| &part.rows).map(|row| row.asked(kind)).sum::<i128>();
        let n = i64::try_from(people).expect("few");
        Candidate::new(kind, 5, n, parts).verdict()
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
        assert!(matches!(verdict(Kind::One, &held), Verdict::Without(_)));
    }

    #[test]
    fn a_count_below_zero_is_no_group() {
        assert_eq!(
            verdict(Kind::One, &[part(0, &[&[("ja", 7), ("nej", -1), ("maaske", 3)]])]),
            Verdict::Unsafe
        );
    }
}
