//! The attacker: whole unknowns of 0 or more under linear equations, and whether a sum of some of
//! them can be only one number. Exact, with no knowledge of how anything was hidden.

use std::collections::BTreeMap;

/// More than any count in the proof.
const ENDLESS: i64 = 1_000_000;

/// A sum of unknowns with their factors.
pub type Terms = BTreeMap<usize, i64>;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Equation {
    terms: Terms,
    value: i64,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Follows from the equations, or from them and from nothing being less than 0.
    Determined,
    /// Another solution gives another number.
    Open,
    /// Not found out within the budget.
    Undecided,
}

/// All that is known; eliminated as it comes.
#[derive(Default)]
pub struct Known {
    equations: Vec<Equation>,
    /// By unknown the equations it stands in, with its factor there.
    within: Vec<Vec<(usize, i64)>>,
    /// By its pivot; no pivot stands in another row.
    rows: BTreeMap<usize, Equation>,
}

impl Equation {
    /// Adds what makes the unknown vanish.
    fn eliminate(&mut self, pivot: usize, row: &Equation) {
        let Some(own) = self.terms.get(&pivot).copied() else { return };
        let other = row.terms[&pivot];
        let common = gcd(own, other);
        let (own, other) = (own / common, other / common);
        self.value = self.value * other - row.value * own;
        self.terms.values_mut().for_each(|factor| *factor *= other);
        for (unknown, factor) in &row.terms {
            *self.terms.entry(*unknown).or_default() -= factor * own;
        }
        self.terms.retain(|_, factor| *factor != 0);
        let common = self.terms.values().fold(self.value, |common, f| gcd(common, *f));
        if common > 1 {
            self.value /= common;
            self.terms.values_mut().for_each(|factor| *factor /= common);
        }
    }
}

fn gcd(one: i64, other: i64) -> i64 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

impl Known {
    pub fn new(unknowns: usize, equations: impl IntoIterator<Item = (Terms, i64)>) -> Known {
        let mut known = Known { within: vec![Vec::new(); unknowns], ..Known::default() };
        let mut equations: Vec<(Terms, i64)> = equations.into_iter().collect();
        // The short ones narrow best, and many a long one then adds nothing.
        equations.sort_by_key(|(terms, _)| terms.len());
        for (terms, value) in equations {
            known.equal(terms, value);
        }
        known
    }

    fn equal(&mut self, terms: Terms, value: i64) {
        let equation = Equation { terms, value };
        let mut rest = equation.clone();
        self.reduce(&mut rest);
        let smallest = rest.terms.iter().min_by_key(|(_, factor)| factor.abs());
        let Some(pivot) = smallest.map(|(unknown, _)| *unknown) else {
            assert_eq!(rest.value, 0, "what was published contradicts itself");
            return;
        };
        for (unknown, factor) in &equation.terms {
            self.within[*unknown].push((self.equations.len(), *factor));
        }
        self.equations.push(equation);
        for row in self.rows.values_mut() {
            row.eliminate(pivot, &rest);
        }
        self.rows.insert(pivot, rest);
    }

    fn reduce(&self, equation: &mut Equation) {
        let pivots: Vec<usize> =
            equation.terms.keys().copied().filter(|u| self.rows.contains_key(u)).collect();
        for pivot in pivots {
            equation.eliminate(pivot, &self.rows[&pivot]);
        }
    }

    /// Whether the sum can be nothing but what it is in `truth`.
    pub fn find(&self, sum: &Terms, truth: &[i64]) -> Answer {
        let mut rest = Equation { terms: sum.clone(), value: 0 };
        self.reduce(&mut rest);
        if rest.terms.is_empty() {
            return Answer::Determined;
        }
        let value: i64 = sum.iter().map(|(unknown, factor)| factor * truth[*unknown]).sum();
        let sides = [(-ENDLESS * ENDLESS, value - 1), (value + 1, ENDLESS * ENDLESS)];
        let start = |bound| {
            let search = Search { known: self, sum, bound, truth };
            let (mut low, mut high) = (vec![0; truth.len()], vec![ENDLESS; truth.len()]);
            search.narrow(&mut low, &mut high).then_some((search, low, high))
        };
        let sides: Vec<_> = sides.into_iter().filter_map(start).collect();
        if sides.is_empty() {
            return Answer::Determined;
        }
        if self.moves_nearby(sum, truth) {
            return Answer::Open;
        }
        let mut budget = 2_000;
        for (search, low, high) in sides {
            match search.possible(low, high, &mut budget) {
                Some(true) => return Answer::Open,
                Some(false) => {}
                None => return Answer::Undecided,
            }
        }
        Answer::Determined
    }

    /// Whether the sum is another one after a change that all that is known allows.
    pub fn allows(&self, change: &Terms, sum: &Terms, truth: &[i64]) -> bool {
        let by = |terms: &Terms| -> i64 {
            change.iter().map(|(u, by)| by * terms.get(u).copied().unwrap_or_default()).sum()
        };
        by(sum) != 0
            && change.iter().all(|(unknown, by)| truth[*unknown] + by >= 0)
            && self.equations.iter().all(|equation| by(&equation.terms) == 0)
    }

    /// Changes one of the sum by one and mends the equations that this breaks, one by one.
    fn moves_nearby(&self, sum: &Terms, truth: &[i64]) -> bool {
        let mut walk = Walk {
            known: self,
            sum,
            truth,
            moved: vec![0; truth.len()],
            off: vec![0; self.equations.len()],
            budget: 0,
        };
        [(3, 500), (5, 3_000), (7, 6_000), (9, 10_000), (14, 20_000)].into_iter().any(
            |(steps, budget)| {
                sum.keys().any(|unknown| {
                    [1, -1].into_iter().any(|by| {
                        walk.budget = budget;
                        walk.step(*unknown, by, steps)
                    })
                })
            },
        )
    }
}

/// A way from the truth to another solution by steps of one.
struct Walk<'a> {
    known: &'a Known,
    sum: &'a Terms,
    truth: &'a [i64],
    moved: Vec<i64>,
    /// By how much each equation is off.
    off: Vec<i64>,
    budget: u32,
}

impl Walk<'_> {
    fn step(&mut self, unknown: usize, by: i64, steps: u32) -> bool {
        // Never back, and never below none.
        if self.moved[unknown] * by < 0 || self.truth[unknown] + self.moved[unknown] + by < 0 {
            return false;
        }
        if self.budget == 0 {
            return false;
        }
        self.budget -= 1;
        self.shift(unknown, by);
        let known = self.known;
        let broken = (0..self.off.len()).filter(|equation| self.off[*equation] != 0);
        let found = match broken.min_by_key(|equation| known.equations[*equation].terms.len()) {
            None => self.sum.iter().map(|(u, factor)| factor * self.moved[*u]).sum::<i64>() != 0,
            Some(_) if steps == 0 => false,
            Some(broken) => {
                let off = self.off[broken];
                // What little is known of is the most likely to give way.
                let mut mends: Vec<_> = known.equations[broken].terms.iter().collect();
                mends.sort_by_key(|(unknown, _)| known.within[**unknown].len());
                mends.into_iter().any(|(unknown, factor)| {
                    self.step(*unknown, -(off * factor).signum(), steps - 1)
                })
            }
        };
        self.shift(unknown, -by);
        found
    }

    fn shift(&mut self, unknown: usize, by: i64) {
        self.moved[unknown] += by;
        for (equation, factor) in &self.known.within[unknown] {
            self.off[*equation] += factor * by;
        }
    }
}

/// Looks for a solution in which the sum lies within bounds, near to the truth.
struct Search<'a> {
    known: &'a Known,
    sum: &'a Terms,
    bound: (i64, i64),
    truth: &'a [i64],
}

impl Search<'_> {
    fn possible(&self, mut low: Vec<i64>, mut high: Vec<i64>, budget: &mut u32) -> Option<bool> {
        *budget = budget.checked_sub(1)?;
        if !self.narrow(&mut low, &mut high) {
            return Some(false);
        }
        let open = (0..low.len())
            .filter(|unknown| low[*unknown] < high[*unknown])
            .filter(|unknown| !self.known.within[*unknown].is_empty())
            .min_by_key(|unknown| {
                (!self.sum.contains_key(unknown), high[*unknown] - low[*unknown])
            });
        let Some(unknown) = open else { return Some(true) };
        let middle = self.truth[unknown].clamp(low[unknown], high[unknown]);
        // Away from the truth for what is asked after, at the truth for all else.
        let mut ranges =
            vec![(middle, middle), (low[unknown], middle - 1), (middle + 1, high[unknown])];
        if self.sum.contains_key(&unknown) {
            ranges.rotate_left(1);
        }
        for (from, to) in ranges.into_iter().filter(|(from, to)| from <= to) {
            let (mut low, mut high) = (low.clone(), high.clone());
            (low[unknown], high[unknown]) = (from, to);
            if self.possible(low, high, budget)? {
                return Some(true);
            }
        }
        Some(false)
    }

    fn narrow(&self, low: &mut [i64], high: &mut [i64]) -> bool {
        let mut changed = true;
        while changed {
            changed = false;
            let rows = self.known.equations.iter().map(|row| (&row.terms, (row.value, row.value)));
            for (terms, bound) in rows.chain([(self.sum, self.bound)]) {
                match squeeze(terms, bound, low, high) {
                    Some(more) => changed |= more,
                    None => return false,
                }
            }
        }
        true
    }
}

/// Draws in the bounds of the unknowns of one sum; None where it can't be met.
fn squeeze(terms: &Terms, bound: (i64, i64), low: &mut [i64], high: &mut [i64]) -> Option<bool> {
    let ends = |unknown: usize, factor: i64, low: &[i64], high: &[i64]| {
        let (one, other) = (low[unknown] * factor, high[unknown] * factor);
        (one.min(other), one.max(other))
    };
    let (mut least, mut most) = (0, 0);
    for (unknown, factor) in terms {
        let (from, to) = ends(*unknown, *factor, low, high);
        (least, most) = (least + from, most + to);
    }
    if least > bound.1 || most < bound.0 {
        return None;
    }
    let mut changed = false;
    for (unknown, factor) in terms {
        let (from, to) = ends(*unknown, *factor, low, high);
        // What is left for this one when all others are at their ends.
        let (top, bottom) = (bound.1 - (least - from), bound.0 - (most - to));
        let (down, up) = match *factor > 0 {
            true => (-(-bottom).div_euclid(*factor), top.div_euclid(*factor)),
            false => (-top.div_euclid(-factor), (-bottom).div_euclid(-factor)),
        };
        if up < high[*unknown] {
            (high[*unknown], changed) = (up, true);
        }
        if down > low[*unknown] {
            (low[*unknown], changed) = (down, true);
        }
        if low[*unknown] > high[*unknown] {
            return None;
        }
        let (now_from, now_to) = ends(*unknown, *factor, low, high);
        (least, most) = (least + now_from - from, most + now_to - to);
    }
    Some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(truth: &[i64], sums: &[&[(usize, i64)]]) -> Known {
        let equations = sums.iter().map(|terms| {
            let value = terms.iter().map(|(unknown, factor)| factor * truth[*unknown]).sum();
            (terms.iter().copied().collect(), value)
        });
        Known::new(truth.len(), equations)
    }

    fn asked(known: &Known, unknowns: &[usize], truth: &[i64]) -> Answer {
        known.find(&unknowns.iter().map(|unknown| (*unknown, 1)).collect(), truth)
    }

    #[test]
    fn what_can_be_subtracted_is_found() {
        // Three links; the sum of all, and first one of them, then another.
        let truth = [2, 12, 7];
        let two = known(&truth, &[&[(0, 1), (1, 1), (2, 1)], &[(1, 1)]]);
        assert_eq!(asked(&two, &[0], &truth), Answer::Open);
        assert_eq!(asked(&two, &[0, 2], &truth), Answer::Determined);
        let three = known(&truth, &[&[(0, 1), (1, 1), (2, 1)], &[(1, 1)], &[(2, 1)]]);
        assert_eq!(asked(&three, &[0], &truth), Answer::Determined);
    }

    #[test]
    fn what_follows_from_nothing_being_less_than_none_is_found() {
        let none = known(&[0, 0], &[&[(0, 1), (1, 1)]]);
        assert_eq!(asked(&none, &[0], &[0, 0]), Answer::Determined);
        // Two by two with margins: one way round there is room, with a column of none there isn't.
        let margins: [&[(usize, i64)]; 4] =
            [&[(0, 1), (1, 1)], &[(2, 1), (3, 1)], &[(0, 1), (2, 1)], &[(1, 1), (3, 1)]];
        let room = [3, 4, 5, 0];
        assert_eq!(asked(&known(&room, &margins), &[1], &room), Answer::Open);
        let none = [3, 0, 5, 0];
        assert_eq!(asked(&known(&none, &margins), &[0], &none), Answer::Determined);
    }

    #[test]
    fn only_whole_numbers_count() {
        // 2 x + 4 y = 6 and x + z = 2 leave x = 1 among whole numbers only.
        let truth = [1, 1, 1];
        let known = known(&truth, &[&[(0, 2), (1, 4)], &[(0, 1), (2, 1)]]);
        assert_eq!(asked(&known, &[0], &truth), Answer::Determined);
    }
}
