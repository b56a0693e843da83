//! What a person may see: sums of bundles, by the fixed breakdowns.

use std::collections::{BTreeMap, BTreeSet};

use super::condensed::{Bundled, Site};
use super::ledger::Ledger;
use super::table::{MISSING, Question, SQUARES, SUM, TableKey};
use crate::ids::{CodeId, LinkId, OrganisationId};

/// How results are split up; there are no other ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakdown {
    Whole,
    Link,
    Organisation,
    Level,
    Wave,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    Whole,
    Link(LinkId),
    Organisation(Option<OrganisationId>),
    Level(Option<CodeId>),
    Wave(String),
}

/// The answers of one group to one question, as far as they may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub key: GroupKey,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Shown(Figures),
    /// Hidden for the sake of anonymity; nothing more is said.
    Suppressed,
    /// Nobody was asked, or nobody answered.
    Empty,
}

/// Sums of whole bundles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The responses that the figures are made of, and how many of them came on paper.
    pub responses: i64,
    pub paper: i64,
    /// Responses of the group that were released and are not in the figures, since they are too
    /// few so far.
    pub held_back: i64,
    /// How many answered, "don't know" included.
    pub n: i128,
    /// How many were asked and did not answer.
    pub missing: i128,
    pub dont_know: i128,
    /// By option; those that nobody chose may be absent.
    pub counts: BTreeMap<String, i128>,
    /// Of a number.
    pub number: Option<Number>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// In the unit of the tally; the mean is `sum / n`.
    pub sum: i128,
    /// The sum of squares, for the spread.
    pub squares: i128,
}

/// One source of figures: a questionnaire's ledger, and the table in it. The results of a project
/// or a programme on a core question have several, with the same options.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub ledger: &'a Ledger,
    pub table: &'a TableKey,
}

/// Which of the releases are looked at. What is left out is out with every bundle that it is in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Among<'a> {
    /// All waves where none is named.
    pub wave: Option<&'a str>,
    /// All links where none are named.
    pub links: Option<&'a BTreeSet<LinkId>>,
}

impl Among<'_> {
    fn has(&self, site: &Site) -> bool {
        self.wave.is_none_or(|wave| site.place.wave == wave)
            && self.links.is_none_or(|links| links.contains(&site.link))
    }
}

/// The groups of a breakdown that have any release, in order. A link without a release is in none.
pub fn groups(sources: &[Source], breakdown: Breakdown, among: Among) -> Vec<Group> {
    let mut sums: BTreeMap<GroupKey, Sum> = BTreeMap::new();
    for source in sources {
        for (key, own) in source.sums(breakdown, among) {
            sums.entry(key).or_default().plus(own);
        }
    }
    sums.into_iter().map(|(key, sum)| Group { key, outcome: sum.outcome() }).collect()
}

/// A group while it is added up.
#[derive(Default)]
struct Sum {
    released: i64,
    bundles: usize,
    responses: i64,
    paper: i64,
    least: i64,
    answered: i128,
    missing: i128,
    dont_know: i128,
    counts: BTreeMap<String, i128>,
    number: Option<Number>,
}

impl Sum {
    /// How many responses are in it is counted over all parts of a question together.
    fn of(own: &Bundled, question: Option<&Question>) -> Sum {
        let mut sum = Sum {
            bundles: own.bundles,
            paper: own.paper,
            least: own.least,
            answered: own.answered,
            missing: own.counts.get(MISSING),
            ..Sum::default()
        };
        for (option, count) in own.counts.options() {
            sum.counts.insert(option.to_owned(), count);
            if question.is_some_and(|question| question.dont_know.contains(option)) {
                sum.dont_know += count;
            }
        }
        if own.is_number {
            let (all, squares) = (own.counts.get(SUM), own.counts.get(SQUARES));
            sum.number = Some(Number { sum: all, squares });
        }
        sum
    }

    fn plus(&mut self, other: Sum) {
        self.released += other.released;
        self.bundles += other.bundles;
        self.responses += other.responses;
        self.paper += other.paper;
        self.least = self.least.max(other.least);
        self.answered += other.answered;
        self.missing += other.missing;
        self.dont_know += other.dont_know;
        for (option, count) in other.counts {
            *self.counts.entry(option).or_default() += count;
        }
        self.number = match (self.number.take(), other.number) {
            (Some(one), Some(more)) => {
                Some(Number { sum: one.sum + more.sum, squares: one.squares + more.squares })
            }
            (one, more) => one.or(more),
        };
    }

    fn outcome(self) -> Outcome {
        let held_back = self.released - self.responses;
        if self.answered == 0 {
            // Bundles in which nobody answered are of many who did not; with others held back
            // that is not yet all there is.
            let empty = self.released == 0 || self.bundles > 0 && held_back == 0;
            return if empty { Outcome::Empty } else { Outcome::Suppressed };
        }
        // A second lock: no bundle is that small.
        if self.answered < i128::from(self.least) {
            return Outcome::Suppressed;
        }
        Outcome::Shown(Figures {
            responses: self.responses,
            paper: self.paper,
            held_back,
            n: self.answered,
            missing: self.missing,
            dont_know: self.dont_know,
            counts: self.counts,
            number: self.number,
        })
    }
}

impl Source<'_> {
    fn sums(self, breakdown: Breakdown, among: Among) -> BTreeMap<GroupKey, Sum> {
        let condensed = self.ledger.condensed();
        let mut sums: BTreeMap<GroupKey, Sum> = BTreeMap::new();
        for (site, asked) in condensed.sites(self.table) {
            if let Some(key) = breakdown.key_among(site, among) {
                sums.entry(key).or_default().released += asked;
            }
        }
        let plan = self.ledger.plan_of(self.table);
        let question = plan.and_then(|plan| plan.question(self.table.question()));
        // A bundle is in a group that it lies wholly inside.
        let group = |of: &[usize]| {
            let mut keys = of.iter().map(|at| breakdown.key_among(condensed.site(*at)?, among));
            let first = keys.next()??;
            keys.all(|key| key.as_ref() == Some(&first)).then_some(first)
        };
        let is_pair = matches!(self.table, TableKey::Crossed { .. });
        for part in self.ledger.parts_of(self.table) {
            for (of, own) in condensed.bundles(part) {
                let Some(key) = group(of) else { continue };
                let sum = sums.entry(key).or_default();
                sum.plus(Sum::of(own, question));
                sum.responses += if is_pair { own.responses } else { 0 };
            }
        }
        if is_pair {
            return sums;
        }
        // How many responses are in the figures: of a crossed question those of one side, or all
        // of them where both are.
        for shared in condensed.shared(self.table.question()) {
            let [one, other] = shared.spans.map(|of| of.and_then(group));
            if one == other {
                let key = one.into_iter();
                key.for_each(|key| sums.entry(key).or_default().responses += shared.responses);
                continue;
            }
            for (key, asked) in [one, other].into_iter().zip(shared.asked) {
                let key = key.into_iter();
                key.for_each(|key| sums.entry(key).or_default().responses += asked);
            }
        }
        sums
    }
}

impl Breakdown {
    /// The group of a site, where it is looked at.
    pub(super) fn key_among(self, site: &Site, among: Among) -> Option<GroupKey> {
        among.has(site).then(|| match self {
            Breakdown::Whole => GroupKey::Whole,
            Breakdown::Link => GroupKey::Link(site.link),
            Breakdown::Organisation => GroupKey::Organisation(site.place.organisation),
            Breakdown::Level => GroupKey::Level(site.place.level),
            Breakdown::Wave => GroupKey::Wave(site.place.wave.clone()),
        })
    }
}

impl Ledger {
    /// Whether all responses of a link, paper apart, were published of it alone, and the bundles
    /// of all its parts, laid over each other, tell none apart that are fewer than `least`.
    pub fn stands_alone(&self, link: LinkId, least: i64) -> bool {
        let mut told: BTreeMap<Vec<&[usize]>, i64> = BTreeMap::new();
        for (index, block) in self.blocks.iter().enumerate() {
            if block.link != link || block.paper || block.n == 0 {
                continue;
            }
            let bundles = block.parts().map(|part| {
                let blocks = &self.bundle_of(part, index)?.blocks;
                let alone = blocks.iter().all(|block| self.blocks[*block].link == link);
                alone.then_some(blocks.as_slice())
            });
            let Some(bundles) = bundles.collect() else { return false };
            *told.entry(bundles).or_default() += block.n;
        }
        told.values().all(|n| *n >= least)
    }
}
