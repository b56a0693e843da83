//! The bundles of a ledger added up as far as no breakdown tells them apart, so that what is read
//! depends on how many links there are, and not on how often each was released.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;
use super::block::Block;
use super::ledger::{Bundle, Ledger};
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
#[derive(Clone, Default)]
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

#[derive(Clone, Default)]
struct Together {
    blocks: usize,
    responses: i64,
    asked: [i64; 2],
}

impl Together {
    fn plus(&mut self, block: &Block, home: &Home) {
        self.blocks += 1;
        self.responses += block.n;
        self.asked[0] += home.asked[0];
        self.asked[1] += home.asked[1];
    }

    fn minus(&mut self, block: &Block, home: &Home) {
        self.blocks -= 1;
        self.responses -= block.n;
        self.asked[0] -= home.asked[0];
        self.asked[1] -= home.asked[1];
    }
}

#[derive(Clone, Default)]
pub struct Condensed {
    sites: Vec<Site>,
    known: BTreeMap<Site, usize>,
    /// The site of each block.
    at: Vec<usize>,
    /// Responses whose questionnaire asks the question, by question and site.
    asked: BTreeMap<String, BTreeMap<usize, i64>>,
    parts: BTreeMap<Part, BTreeMap<Span, Bundled>>,
    /// How many bundles of each part are in it.
    bundles: BTreeMap<Part, usize>,
    /// By question, and by the bundles of its parts.
    together: BTreeMap<String, BTreeMap<[Option<Span>; 2], Together>>,
    /// Blocks that are in a bundle of one side of a crossed question and can still come into one of
    /// the other, by question.
    halves: BTreeMap<String, BTreeMap<usize, Home>>,
}

impl Condensed {
    /// Takes what the ledger has got since: blocks and bundles are only ever added to it.
    pub fn follow(&mut self, ledger: &Ledger) {
        for block in &ledger.blocks[self.at.len()..] {
            self.add_block(block);
        }
        for part in ledger.parts() {
            let seen = self.bundles.entry(part.clone()).or_default();
            let bundles = ledger.bundles(part);
            let new = &bundles[*seen..];
            *seen = bundles.len();
            for bundle in new {
                self.add_bundle(ledger, part, bundle);
            }
        }
    }

    fn add_block(&mut self, block: &Block) {
        let next = self.sites.len();
        let site = Site::of(block);
        let at = match self.known.get(&site) {
            Some(at) => *at,
            None => {
                self.sites.push(site.clone());
                self.known.insert(site, next);
                next
            }
        };
        self.at.push(at);
        for (code, _) in block.plan.questions() {
            let of = match self.asked.get_mut(code) {
                Some(of) => of,
                None => self.asked.entry(code.to_owned()).or_default(),
            };
            *of.entry(at).or_default() += block.n;
        }
    }

    fn add_bundle(&mut self, ledger: &Ledger, part: &Part, bundle: &Bundle) {
        let span: BTreeSet<usize> = bundle.blocks.iter().map(|block| self.at[*block]).collect();
        let span = Span::from_iter(span);
        let own = self.parts.entry(part.clone()).or_default().entry(span.clone()).or_default();
        own.bundles += 1;
        own.answered += bundle.counts.answered(bundle.kind);
        own.counts.plus(&bundle.counts);
        own.is_number |= bundle.kind == Kind::Number;
        for index in &bundle.blocks {
            let block = &ledger.blocks[*index];
            own.responses += block.n;
            own.paper += if block.paper { block.n } else { 0 };
            own.least = own.least.max(block.threshold);
        }
        let question = part.question();
        let together = match self.together.get_mut(question) {
            Some(together) => together,
            None => self.together.entry(question.to_owned()).or_default(),
        };
        for index in &bundle.blocks {
            let block = &ledger.blocks[*index];
            let mut home = Home::default();
            if part.base().is_some() {
                let halves = self.halves.entry(question.to_owned()).or_default();
                // It is counted under both its bundles from now on.
                if let Some(half) = halves.remove(index) {
                    if let Some(sum) = together.get_mut(&half.spans) {
                        sum.minus(block, &half);
                        if sum.blocks == 0 {
                            together.remove(&half.spans);
                        }
                    }
                    home = half;
                }
            }
            let side = usize::from(part.rest);
            home.spans[side] = Some(span.clone());
            home.asked[side] = match part.base() {
                None => block.n,
                Some(_) => i64::try_from(block.counts(part).asked(bundle.kind)).unwrap_or(0),
            };
            together.entry(home.spans.clone()).or_default().plus(block, &home);
            if part.base().is_some() && home.spans.contains(&None) {
                self.halves.entry(question.to_owned()).or_default().insert(*index, home);
            }
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
#[derive(Clone, Default)]
struct Home {
    spans: [Option<Span>; 2],
    asked: [i64; 2],
}
