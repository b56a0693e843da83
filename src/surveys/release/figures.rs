//! What a person may see: sums of bundles, by the fixed breakdowns.

use std::collections::{BTreeMap, BTreeSet};

use super::block::Block;
use super::ledger::{Bundle, Ledger};
use super::table::{Kind, MISSING, Part, SQUARES, SUM, TableKey};
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
    fn has(&self, block: &Block) -> bool {
        self.wave.is_none_or(|wave| block.place.wave == wave)
            && self.links.is_none_or(|links| links.contains(&block.link))
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
        let mut sums: BTreeMap<GroupKey, Sum> = BTreeMap::new();
        for block in &self.ledger.blocks {
            if let Some(key) = breakdown.key_among(block, among) {
                let sum = sums.entry(key).or_default();
                if block.asks(self.table) {
                    sum.released += block.n;
                }
            }
        }
        let plan = self.ledger.plan_of(self.table);
        let question = plan.and_then(|plan| plan.question(self.table.question()));
        // How many of each block's responses are in the figures: of a crossed question those of
        // one side, or all of them where both are.
        let mut within: BTreeMap<(GroupKey, usize), i64> = BTreeMap::new();
        for (part, bundle) in self.bundles() {
            let Some(key) = self.key_of(bundle, breakdown, among) else { continue };
            let side = part.base().is_some() && matches!(self.table, TableKey::Question(_));
            let mut own = Sum { bundles: 1, ..Sum::default() };
            for index in &bundle.blocks {
                let block = &self.ledger.blocks[*index];
                own.least = own.least.max(block.threshold);
                own.paper += if block.paper { block.n } else { 0 };
                let asked = block.counts(part).asked(bundle.kind);
                let responses = if side { i64::try_from(asked).unwrap_or(0) } else { block.n };
                let entry = within.entry((key.clone(), *index));
                entry.and_modify(|both| *both = block.n).or_insert(responses);
            }
            own.answered = bundle.counts.answered(bundle.kind);
            own.missing = bundle.counts.get(MISSING);
            for (option, count) in bundle.counts.options() {
                own.counts.insert(option.to_owned(), count);
                if question.is_some_and(|question| question.dont_know.contains(option)) {
                    own.dont_know += count;
                }
            }
            if bundle.kind == Kind::Number {
                let (sum, squares) = (bundle.counts.get(SUM), bundle.counts.get(SQUARES));
                own.number = Some(Number { sum, squares });
            }
            sums.entry(key).or_default().plus(own);
        }
        for ((key, _), responses) in within {
            sums.entry(key).or_default().responses += responses;
        }
        sums
    }

    fn bundles(&self) -> impl Iterator<Item = (&Part, &Bundle)> {
        let ledger = self.ledger;
        let parts = ledger.parts_of(self.table);
        parts.flat_map(|part| ledger.bundles(part).iter().map(move |bundle| (part, bundle)))
    }

    fn key_of(self, bundle: &Bundle, breakdown: Breakdown, among: Among) -> Option<GroupKey> {
        let own = &self.ledger.blocks;
        let mut keys = bundle.blocks.iter().map(|block| breakdown.key_among(&own[*block], among));
        let first = keys.next()??;
        keys.all(|key| key.as_ref() == Some(&first)).then_some(first)
    }
}

impl Breakdown {
    /// The group of a block, where it is looked at.
    pub(super) fn key_among(self, block: &Block, among: Among) -> Option<GroupKey> {
        among.has(block).then(|| match self {
            Breakdown::Whole => GroupKey::Whole,
            Breakdown::Link => GroupKey::Link(block.link),
            Breakdown::Organisation => GroupKey::Organisation(block.place.organisation),
            Breakdown::Level => GroupKey::Level(block.place.level),
            Breakdown::Wave => GroupKey::Wave(block.place.wave.clone()),
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
