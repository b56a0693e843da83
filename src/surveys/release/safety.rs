//! Whether the answers of some people may be seen together.

use std::collections::BTreeMap;

use super::TELLING;
use super::table::{Counts, Kind, SQUARES, SUM};
use crate::ids::LinkId;

/// What a bundle would be made of.
pub struct Candidate {
    kind: Kind,
    /// k, and more for a number.
    pub least: i64,
    /// The smallest number of people that may be seen to agree.
    pub telling: i64,
    /// How many responses.
    n: i128,
    links: BTreeMap<LinkId, Counts>,
    sum: Counts,
}

impl Candidate {
    /// With the sizes that hold everywhere but under a planted fault.
    pub fn new<'a>(
        kind: Kind,
        least: i64,
        n: i128,
        counts: impl IntoIterator<Item = (LinkId, &'a Counts)>,
    ) -> Candidate {
        let (mut links, mut sum) = (BTreeMap::<LinkId, Counts>::new(), Counts::default());
        for (link, counts) in counts {
            links.entry(link).or_default().plus(counts);
            sum.plus(counts);
        }
        let telling = TELLING.max(least);
        // A sum with a sum of squares can spell out what each of few answered.
        let least = if kind == Kind::Number { telling } else { least };
        Candidate { kind, least, telling, n, links, sum }
    }

    pub fn is_safe(&self) -> bool {
        self.is_nobody() || self.may_be_told() && !self.tells()
    }

    /// While a link is open whether it is seen must not tell that its people agreed: so only
    /// where that doesn't matter.
    pub fn is_safe_while_open(&self) -> bool {
        self.is_safe() && self.answered() >= i128::from(self.telling)
    }

    /// Hidden for no other reason than that all agreed, which whoever knows the rules can see.
    pub fn is_known_to_agree(&self) -> bool {
        !self.is_nobody() && self.may_be_told() && self.tells()
    }

    /// Whether so many of them who are known to agree may have agreed on one thing or another.
    pub fn hides(&self, agreed: i128) -> bool {
        match self.kind {
            Kind::One | Kind::Several => {
                self.sum.options().filter(|(_, count)| *count >= agreed).count() > 1
            }
            Kind::Number => self.answered() >= agreed.saturating_mul(2),
        }
    }

    pub fn answered(&self) -> i128 {
        self.sum.answered(self.kind)
    }

    fn is_nobody(&self) -> bool {
        self.n == 0 && self.sum.is_zero()
    }

    fn may_be_told(&self) -> bool {
        // Whoever is alone in it is not hidden by the others' silence.
        let asked = self.links.values().filter(|link| link.asked(self.kind) > 0).count();
        let company = self.links.len() == 1 || asked != 1 && self.answered() > 0;
        company && self.is_large_enough()
    }

    /// Large enough to be seen, or to stay behind as a tail.
    pub fn is_large_enough(&self) -> bool {
        let (answered, asked) = (self.answered(), self.sum.asked(self.kind));
        if answered == 0 {
            // That nobody answered is an answer of all, too.
            let silent = if asked == 0 { self.n } else { asked };
            return silent >= i128::from(self.telling);
        }
        answered >= i128::from(self.least)
    }

    /// Tells what each of few chose; or of several links, what each of all chose.
    fn tells(&self) -> bool {
        // A correction of paper can leave less than nothing; that is no group of people.
        let broken = self.sum.cells().any(|(option, count)| count < 0 && option != SUM);
        let answered = self.answered();
        let few = self.links.len() > 1 || answered < i128::from(self.telling);
        broken || few && answered > 0 && agreed(&self.sum, self.kind)
    }
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

    fn is_safe(kind: Kind, links: &[&[(&str, i128)]]) -> bool {
        let links: Vec<Counts> = links.iter().map(|cells| counts(cells)).collect();
        let n = links.iter().map(|link| link.asked(kind)).sum();
        let ids = (0_u128..).map(|id| LinkId(uuid::Uuid::from_u128(id)));
        Candidate::new(kind, 5, n, ids.zip(&links)).is_safe()
    }

    #[test]
    fn a_class_is_seen() {
        assert!(is_safe(Kind::One, &[&[("hoej", 12), ("nogen", 9), ("ved_ikke", 2), ("", 1)]]));
    }

    #[test]
    fn fewer_than_k_are_not_and_dont_know_counts_as_an_answer() {
        assert!(!is_safe(Kind::One, &[&[("ja", 3), ("nej", 1), ("", 20)]]));
        assert!(is_safe(Kind::One, &[&[("ja", 3), ("ved_ikke", 2), ("", 20)]]));
    }

    #[test]
    fn nine_that_agree_are_not_ten_are() {
        assert!(!is_safe(Kind::One, &[&[("ja", 9)]]));
        assert!(is_safe(Kind::One, &[&[("ja", 10)]]));
        // Of two links not even twenty: each would be known.
        assert!(!is_safe(Kind::One, &[&[("ja", 4)], &[("ja", 16)]]));
    }

    #[test]
    fn a_link_is_not_hidden_by_one_that_was_not_asked() {
        assert!(!is_safe(Kind::One, &[&[("ja", 4), ("nej", 3)], &[]]));
        assert!(is_safe(Kind::One, &[&[("ja", 4), ("nej", 3)], &[("nej", 1)]]));
    }

    #[test]
    fn an_option_that_all_of_few_chose_among_others_tells_too() {
        assert!(!is_safe(Kind::Several, &[&[("mad", 6), ("musik", 2), ("#n", 6)]]));
    }

    #[test]
    fn one_number_of_all_is_an_agreement() {
        let same = counts(&[("#n", 6), ("#sum", 18_000), ("#squares", 54_000_000)]);
        let apart = counts(&[("#n", 6), ("#sum", 18_000), ("#squares", 56_000_000)]);
        assert!(agreed(&same, Kind::Number));
        assert!(!agreed(&apart, Kind::Number));
    }

    #[test]
    fn what_a_hidden_group_agreed_on_stays_open_in_a_larger_one() {
        let of = |cells: &[(&str, i128)]| {
            Candidate::new(Kind::One, 5, 12, [(LinkId(uuid::Uuid::nil()), &counts(cells))])
        };
        assert!(of(&[("ja", 9)]).is_known_to_agree());
        assert!(!of(&[("ja", 4)]).is_known_to_agree());
        assert!(!of(&[("ja", 1), ("nej", 11)]).hides(8));
        assert!(of(&[("ja", 8), ("nej", 11)]).hides(8));
    }

    #[test]
    fn a_count_below_zero_is_no_group() {
        assert!(!is_safe(Kind::One, &[&[("ja", 7), ("nej", -1), ("maaske", 3)]]));
    }
}
