//! Disclosure control: the only door to answers.
//!
//! # What is promised
//!
//! Whoever writes down every number that was ever published about a questionnaire (every release,
//! every breakdown, every question, every crossed pair, and how many had answered each link at
//! each moment) and solves for what was not published, never finds how many of a hidden group
//! chose an option. `proof.rs` tries it.
//!
//! # How
//!
//! Answers leave a link in **releases**. What came between two releases of a link is a **block**:
//! nothing finer is ever looked at. What a block answered to a question is a **part**; of a
//! question that an indicator crosses with another one there are two, those in the base and the
//! rest. For each part blocks are put together into **bundles**, and *everything that is published
//! is a sum of whole bundles*. A bundle is made once and never changes; a block is in one bundle
//! of a part at most. So all that can be computed from everything published is the bundles
//! themselves, and each of them could stand in the open:
//!
//! - **Size.** At least k answered the question in it, "don't know" included.
//! - **Sameness.** Where fewer than [`TELLING`] answered, they did not all answer the same. That a
//!   group is hidden then tells that they agreed, and a larger group that it is seen in later must
//!   leave open on what: two options are chosen by as many. While a link is open nothing smaller
//!   than [`TELLING`] comes out of it at all.
//! - **Company.** Blocks that are too small on their own wait for others: first of the same link,
//!   then, when their links are closed, of other links, as near as possible (organisation and
//!   level, level, organisation, any; never another wave). A bundle over several links is never
//!   unanimous, so two of its people can change places without any published number moving: the
//!   count of each link in it could be another one.
//! - **Kinship.** Who is asked a question that is shown only on some answer to another, and on
//!   which side of a crossed question somebody is, is told by that other question. So the bundles
//!   of the one are unions of bundles of the other, and whoever changes places there takes along
//!   what hangs on it.
//!
//! A crossed question shows the bundles of both its sides, so a class in which 22 were in the base
//! and 2 were not shows the 22 and holds 2 back: there is no sum of the two to subtract from. It
//! is told apart by one base only.
//!
//! A group shows the bundles that lie wholly inside it, and says how many responses are held
//! back. A group without any is `suppressed`, or `empty` where nobody was asked or answered.
//! Hence a hidden group is in no total on its own, and a total never has to be hidden for its
//! sake: the rule that at least two groups are hidden where one must be holds for every sum that
//! is published, over all breakdowns and all times at once, because a lone hidden group is not
//! in the sum. That is also why any set of links may be asked for: sums of bundles have no
//! difference that is not a sum of bundles.
//!
//! **The last step.** A closing release may bring 1 to k-1 further responses, which subtracted
//! from the release before would stand alone. So an open link shows a bundle only while at least
//! k answers stay behind as its tail; at closing the tail and the remainder come out as one. A
//! class of 24 is thus whole when it is closed, and an open link is always one release behind.
//!
//! **Paper** is a stream of its own in a link and bundled with nothing else, neither responses nor
//! the paper of other links: who typed it in knows it, and would otherwise subtract it. It comes out
//! when the link is closed.
//!
//! **History** is the input: [`Ledger::append`] takes all releases in order and makes the same
//! bundles each time, so what was shown on a day is computed from the releases up to that day. A
//! release carries all that the decision needs (threshold, place, plan), as it held then; nothing
//! that changes later changes it. Retention moves counts from `response` to `reduced` and is not
//! seen at all, since a release holds their sum.
//!
//! # What is not promised
//!
//! - A count may be known where the shown larger group leaves no choice: where nobody of a shown
//!   group chose an option, nobody in its parts did, and where all of a shown link of
//!   [`TELLING`] or more answered the same, so did each part of it.
//! - Somebody who knows answers from elsewhere (their own, a classmate's) can take them away
//!   from what is shown; k is the distance kept, not more.
//! - Differences over time of k or more answers are shown on purpose.
//! - That a group is hidden tells that it is small or, where its number is known, that its
//!   members agreed; never on what.
//! - A count that is not determined may still be narrowed: "2 or 3 of 3".

mod block;
mod condensed;
#[cfg(test)]
mod examples;
mod figures;
mod gather;
mod ledger;
#[cfg(test)]
mod proof;
mod safety;
#[cfg(test)]
mod solver;
mod table;

use std::sync::Arc;

pub use figures::{Among, Breakdown, Figures, Group, GroupKey, Outcome, Source, groups};
pub use ledger::Ledger;
pub use table::{Counts, Kind, Plan, Question, TableKey, Tables};

use crate::clock::At;
use crate::ids::{CodeId, LinkId, OrganisationId};

/// From here on a group may be seen to have answered all the same, and numbers are seen at all.
pub const TELLING: i64 = 10;

/// k: the fewest answers that may be seen together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(i64);

impl Threshold {
    /// No programme may go below.
    pub const LEAST: i64 = 3;

    /// None below [`Threshold::LEAST`].
    pub fn new(k: i64) -> Option<Threshold> {
        (k >= Threshold::LEAST).then_some(Threshold(k))
    }

    pub fn get(self) -> i64 {
        self.0
    }
}

impl Default for Threshold {
    fn default() -> Threshold {
        Threshold(5)
    }
}

/// Where a link's answers belong, as it stood when they were released.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub organisation: Option<OrganisationId>,
    pub level: Option<CodeId>,
    pub wave: String,
}

/// What a link had of one source: how many, and what they answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub n: i64,
    pub tables: Tables,
}

impl Snapshot {
    pub fn new(n: i64) -> Snapshot {
        Snapshot { n, tables: Tables::new() }
    }

    /// Adds a cell of the tally. `base` is question and option of a crossed pair; the pair counts
    /// where it is in the release's plan, and cells of other options than the base are let go.
    pub fn add(
        &mut self,
        plan: &Plan,
        base: Option<(&str, &str)>,
        question: &str,
        option: &str,
        count: i128,
    ) {
        let key = match base {
            None => Some(TableKey::Question(question.to_owned())),
            Some((base, chosen)) => plan.crossed(base, question, chosen).cloned(),
        };
        if let Some(key) = key {
            self.tables.entry(key).or_default().add(option, count);
        }
    }
}

/// A dated, immutable picture of a link's tallies, each so far and not since the last.
#[derive(Debug, Clone)]
pub struct Release {
    pub link: LinkId,
    /// 1, 2, ... within the link.
    pub number: u32,
    /// Never earlier than the last release of the same questionnaire; those of one moment are
    /// written in one transaction.
    pub recorded_at: At,
    /// The link was closed with it.
    pub closing: bool,
    pub threshold: Threshold,
    pub place: Place,
    pub plan: Arc<Plan>,
    /// Answered on the page; what retention has reduced since is still in it.
    pub answered: Snapshot,
    /// Posted from paper.
    pub paper: Snapshot,
}

impl Release {
    /// All responses so far, paper included.
    pub fn n(&self) -> i64 {
        self.answered.n + self.paper.n
    }
}

/// Whether a link gives a release now: when at least k further responses have come (and, so that
/// a busy link has dozens of releases and not thousands, a quarter more than it had), or once at
/// closing. Paper comes out at closing only, so that it can be corrected until then.
pub fn due(
    threshold: Threshold,
    previous: Option<&Release>,
    answered_n: i64,
    paper_n: i64,
    closing: bool,
) -> bool {
    let (before_answered, before_paper) = previous.map_or((0, 0), |p| (p.answered.n, p.paper.n));
    let further = (answered_n - before_answered, paper_n - before_paper);
    if closing {
        // One with nothing further still lets the tail of the link out.
        let last_word = previous.is_some_and(|p| p.closing);
        return answered_n + paper_n > 0 && (!last_word || further != (0, 0));
    }
    further.0 >= threshold.get().max(before_answered / 4)
}
