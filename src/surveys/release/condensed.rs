//! The bundles of a ledger added up as far as no breakdown tells them apart, so that what is read
//! depends on how many links there are, and not on how often each was released.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;
use super::block::Block;
use super::ledger::Ledger;
use super::table::{Counts, Kind, Part, TableKey};
use crate::ids::LinkId;

/// A link as it stood: all that decides which group a block is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    pub link: LinkId,
    pub place: Place,
}

impl Site {
    pub fn of(block: &Block) -> Site {
        Site { link: block.link, place: block.place.clone() }
    }
}

/// The sites of a bundle, in order.
type Span = Vec<usize>;

/// All bundles of a part over the same sites.
#[derive(Default)]
pub struct Bundled {
    pub bundles: usize,
    /// The responses of their blocks, and those on paper.
    pub responses: i64,
    pub paper: i64,
    /// The largest threshold.
    pub least: i64,
    pub answered: i128,
    pub counts: Counts,
    pub is_number: bool,
}

/// Responses that are in the same bundles of a question's parts.
pub struct Shared<'a> {
    /// The sites of the bundles: of one, or of a crossed question's two sides.
    pub spans: [Option<&'a [usize]>; 2],
    pub responses: i64,
    /// How many of them are on each side.
    pub asked: [i64; 2],
}

#[derive(Default)]
struct Together {
    responses: i64,
    asked: [i64; 2],
}

pub struct Condensed {
    sites: Vec<Site>,
    /// Responses whose questionnaire asks the question, by question and site.
    asked: BTreeMap<String, BTreeMap<usize, i64>>,
    parts: BTreeMap<Part, BTreeMap<Span, Bundled>>,
    /// By question, and by the bundles of its parts.
    together: BTreeMap<String, BTreeMap<[Option<Span>; 2], Together>>,
}

impl Condensed {
    pub fn of(ledger: &Ledger) -> Condensed {
        let mut known: BTreeMap<Site, usize> = BTreeMap::new();
        let mut at = Vec::with_capacity(ledger.blocks.len());
        for block in &ledger.blocks {
            let next = known.len();
            at.push(*known.entry(Site::of(block)).or_insert(next));
        }
        let mut asked: BTreeMap<String, BTreeMap<usize, i64>> = BTreeMap::new();
        for (block, site) in ledger.blocks.iter().zip(&at) {
            for (code, _) in block.plan.questions() {
                let of = match asked.get_mut(code) {
                    Some(of) => of,
                    None => asked.entry(code.to_owned()).or_default(),
                };
                *of.entry(*site).or_default() += block.n;
            }
        }
        let mut parts: BTreeMap<Part, BTreeMap<Span, Bundled>> = BTreeMap::new();
        let mut homes: BTreeMap<&str, BTreeMap<usize, Home>> = BTreeMap::new();
        for part in ledger.parts() {
            let of_part = parts.entry(part.clone()).or_default();
            let of_question = homes.entry(part.question()).or_default();
            for bundle in ledger.bundles(part) {
                let span: BTreeSet<usize> = bundle.blocks.iter().map(|block| at[*block]).collect();
                let span = Span::from_iter(span);
                let own = of_part.entry(span.clone()).or_default();
                own.bundles += 1;
                own.answered += bundle.counts.answered(bundle.kind);
                own.counts.plus(&bundle.counts);
                own.is_number |= bundle.kind == Kind::Number;
                for index in &bundle.blocks {
                    let block = &ledger.blocks[*index];
                    own.responses += block.n;
                    own.paper += if block.paper { block.n } else { 0 };
                    own.least = own.least.max(block.threshold);
                    let side = usize::from(part.rest);
                    let home = of_question.entry(*index).or_default();
                    home.spans[side] = Some(span.clone());
                    home.asked[side] = match part.base() {
                        None => block.n,
                        Some(_) => {
                            i64::try_from(block.counts(part).asked(bundle.kind)).unwrap_or(0)
                        }
                    };
                }
            }
        }
        let mut together: BTreeMap<String, BTreeMap<[Option<Span>; 2], Together>> = BTreeMap::new();
        for (question, homes) in homes {
            let all = together.entry(question.to_owned()).or_default();
            for (block, home) in homes {
                let sum = all.entry(home.spans).or_default();
                sum.responses += ledger.blocks[block].n;
                sum.asked[0] += home.asked[0];
                sum.asked[1] += home.asked[1];
            }
        }
        let mut sites: Vec<(Site, usize)> = known.into_iter().collect();
        sites.sort_unstable_by_key(|(_, index)| *index);
        Condensed {
            sites: sites.into_iter().map(|(site, _)| site).collect(),
            asked,
            parts,
            together,
        }
    }

    /// Every site that has any release, and the responses in it that were asked the question.
    pub fn sites<'a>(&'a self, table: &TableKey) -> impl Iterator<Item = (&'a Site, i64)> {
        let asked = self.asked.get(table.question());
        let n = move |at: usize| asked.and_then(|of| of.get(&at)).copied().unwrap_or_default();
        self.sites.iter().enumerate().map(move |(at, site)| (site, n(at)))
    }

    pub fn site(&self, at: usize) -> Option<&Site> {
        self.sites.get(at)
    }

    pub fn bundles(&self, part: &Part) -> impl Iterator<Item = (&[usize], &Bundled)> {
        let bundled = self.parts.get(part).into_iter().flatten();
        bundled.map(|(span, bundled)| (span.as_slice(), bundled))
    }

    /// The responses in the bundles of a question.
    pub fn shared(&self, question: &str) -> impl Iterator<Item = Shared<'_>> {
        let together = self.together.get(question).into_iter().flatten();
        together.map(|(spans, sum)| Shared {
            spans: [spans[0].as_deref(), spans[1].as_deref()],
            responses: sum.responses,
            asked: sum.asked,
        })
    }
}

/// Where a block's answers to a question are.
#[derive(Default)]
struct Home {
    spans: [Option<Span>; 2],
    asked: [i64; 2],
}
