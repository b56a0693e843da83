//! Holds every release to what is stored, for `maaltal verify`.

use super::editions::{Edition, Editions};
use super::link_state::Stage;
use super::release::{Plan, Snapshot, TableKey};
use super::releases::{crossings, snapshots};
use super::rows::links::LinkRow;
use super::rows::releases::ReleaseRow;
use super::{release_json, rows};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::LinkId;
use crate::paging::Page;
use crate::store::{AsOf, Db};

/// A release that is not what was tallied, or the number of one that should be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    pub link: LinkId,
    pub number: i32,
}

/// Computes every release of the installation anew, as far as what is kept allows: since nothing
/// tells in which order answers came, an earlier release can only be held to what it could have
/// been. Each is numbered and dated in order, tallies what its version asks, has sums that agree,
/// and holds no less than the one before it and no more than is tallied. The last one of a closed
/// link holds all of that, and a closed link with answers has one.
pub fn verify(db: &mut Db) -> Result<Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut after = None;
    loop {
        let page = Page::of(after, 500);
        let links = page.listing(rows::links::after(db, &page)?, |id| *id);
        for link in &links.items {
            wrong.extend(verify_link(db, *link)?);
        }
        if links.next_cursor.is_none() {
            return Ok(wrong);
        }
        after = links.items.last().copied();
    }
}

fn verify_link(db: &mut Db, id: LinkId) -> Result<Vec<Wrong>> {
    let link = rows::links::find(db, id)?.ok_or(Error::NotFound)?;
    let editions = Editions::load(db, link.questionnaire_id, AsOf::NOW)?;
    let edition = editions.all().iter().find(|one| one.id == link.version_id);
    let edition = edition.ok_or(Error::NotFound)?;
    let crossings = crossings(db, link.questionnaire_id)?;
    let whole = release_json::write_plan(&editions.plan(edition, &crossings))?;
    let closed = link.state == Stage::Closed;
    let mut wrong = Vec::new();
    let mut before = Before::default();
    let releases = rows::releases::of_link(db, id)?;
    for row in &releases {
        // The last of a closed link was written when it was closed.
        let ends = closed && Some(row.number) == releases.last().map(|last| last.number);
        let right = is_part_of(&row.plan, &whole)
            && before.goes_on(db, &link, (&editions, edition), row, ends)?;
        if !right {
            wrong.push(Wrong { link: id, number: row.number });
        }
    }
    if closed && releases.is_empty() {
        let plan = Plan::default();
        let (answered, paper) = snapshots(db, &editions, id, edition, &plan)?;
        if answered.n + paper.n > 0 {
            wrong.push(Wrong { link: id, number: 1 });
        }
    }
    Ok(wrong)
}

/// A plan has the questions of its version, and no pair that is not tallied crossed.
fn is_part_of(plan: &serde_json::Value, whole: &serde_json::Value) -> bool {
    let pairs = |plan: &serde_json::Value| plan["crossed"].as_array().cloned().unwrap_or_default();
    let all = pairs(whole);
    plan["questions"] == whole["questions"] && pairs(plan).iter().all(|pair| all.contains(pair))
}

/// The release before.
#[derive(Default)]
struct Before {
    number: i32,
    recorded_at: Option<At>,
    answered: Snapshot,
    paper: Snapshot,
}

impl Before {
    fn goes_on(
        &mut self,
        db: &mut Db,
        link: &LinkRow,
        (editions, edition): (&Editions, &Edition),
        row: &ReleaseRow,
        ends: bool,
    ) -> Result<bool> {
        let plan = release_json::read_plan(&row.plan)?;
        let (answered, paper) = release_json::read_tally(&row.tally)?;
        let tallied = snapshots(db, editions, link.id, edition, &plan)?;
        let in_place = row.organisation_id == link.organisation_id
            && row.education_level_id == link.education_level_id
            && row.wave == link.wave;
        let right = row.number == self.number + 1
            && self.recorded_at.is_none_or(|before| before < row.recorded_at)
            && in_place
            && row.closing == ends
            && row.n == answered.n + paper.n
            && row.paper == paper.n
            && agrees(&answered, &plan)
            && agrees(&paper, &plan)
            && is_within(&self.answered, &answered)
            && is_within(&self.paper, &paper)
            && is_within(&answered, &tallied.0)
            && is_within(&paper, &tallied.1)
            && (!ends || (&answered, &paper) == (&tallied.0, &tallied.1));
        let (number, recorded_at) = (row.number, Some(row.recorded_at));
        *self = Before { number, recorded_at, answered, paper };
        Ok(right)
    }
}

/// Nobody was asked a question who did not answer at all, and nobody stands in a crossed pair who
/// does not stand in its question.
fn agrees(snapshot: &Snapshot, plan: &Plan) -> bool {
    snapshot.tables.iter().all(|(key, counts)| {
        let Some(question) = plan.question(key.question()) else { return false };
        let of_question = snapshot.tables.get(&TableKey::Question(key.question().to_string()));
        let crossed = matches!(key, TableKey::Crossed { .. });
        counts.asked(question.kind) <= i128::from(snapshot.n)
            && (!crossed || counts.is_zero() || of_question.is_some_and(|all| fits(counts, all)))
    })
}

/// No cell of it is larger than the other's.
fn is_within(one: &Snapshot, other: &Snapshot) -> bool {
    one.n <= other.n
        && one.tables.iter().all(|(key, counts)| match other.tables.get(key) {
            Some(more) => fits(counts, more),
            None => counts.is_zero(),
        })
}

fn fits(one: &super::release::Counts, other: &super::release::Counts) -> bool {
    // Numbers may be below 0, so their sum may fall.
    one.cells().all(|(cell, count)| cell == "#sum" || count <= other.get(cell))
}
