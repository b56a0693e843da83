//! What the intake's writer does in one transaction. A response that can't be taken is found by
//! reading, never by a statement that fails: a batch holds the answers of many.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::answers::{Compiled, named};
use super::intake::{Checked, ResponseId, Verdict};
use super::link_state::{Access, LinkState, state};
use super::rows::answers::NewResponse;
use super::rows::{self, links::GateRow};
use super::tally::{Source, Sums, everybody};
use super::{hold_links, hold_links_together};
use crate::error::{Error, Result};
use crate::ids::{LinkId, QuestionnaireId};
use crate::store::{Batches, Db};

/// No link takes more, whatever its own cap is: so many squares of the largest numbers that can
/// be asked for add up within 64 bits.
pub const MOST_RESPONSES: i64 = 5_000_000;

/// More than all instances together store at the same time.
const NEAR: i64 = 100_000;

/// Stores what can be stored and tells of each response what became of it, in their order. All or
/// nothing of it is committed.
pub fn store(batches: &mut Batches, responses: &[Checked]) -> Result<Vec<Verdict>> {
    // Two that use codes of the same link could each wait for one that the other has used.
    let together = responses.iter().all(|response| response.code.is_none());
    let hold = if together { Hold::Together } else { Hold::Alone };
    match batches.write(|db| attempt(db, responses, hold, Look::WhereNeeded)) {
        Err(Error::Busy(_)) => {}
        done => return done,
    }
    batches.write(|db| attempt(db, responses, Hold::Alone, Look::First))
}

/// How the links of a batch are held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// Other instances store into them meanwhile; who closes one waits. What two would have
    /// decided otherwise together is found at the end, and nothing of it is kept then.
    Together,
    Alone,
}

/// Whether it is looked up what was stored before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Nearly always none was. Where one was, it is found by storing it, and nothing is kept then.
    WhereNeeded,
    First,
}

fn attempt(db: &mut Db, responses: &[Checked], hold: Hold, look: Look) -> Result<Vec<Verdict>> {
    let mut links: Vec<LinkId> = responses.iter().map(|response| response.link).collect();
    links.sort_unstable();
    links.dedup();
    match hold {
        Hold::Together => hold_links_together(db, &links)?,
        Hold::Alone => hold_links(db, &links)?,
    }
    let (mut found, mut verdicts) = judged(db, &links, responses, look)?;
    let is_new = |verdict: &Verdict| *verdict == Verdict::Stored;
    if look == Look::WhereNeeded && !verdicts.iter().all(is_new) {
        // What would be refused may be known.
        (found, verdicts) = judged(db, &links, responses, Look::First)?;
    }

    let taken = || {
        let both = responses.iter().zip(&verdicts);
        both.filter(|(_, verdict)| **verdict == Verdict::Stored).map(|(response, _)| response)
    };
    let mut new: Vec<NewResponse<'_>> = taken().map(row).collect();
    if new.is_empty() {
        return Ok(verdicts);
    }
    new.sort_unstable_by_key(|row| (row.link_id, row.id));
    if rows::answers::insert(db, &new)? != new.len() {
        // One of them was sent before, or another instance was sent the same and was quicker.
        return Err(Error::Busy(0));
    }
    let mut used = std::mem::take(&mut found.used);
    used.sort_unstable();
    if !used.is_empty() {
        rows::links::delete_codes(db, &used)?;
    }
    rows::tallies::add(db, &sums(taken(), &found).into_rows(Source::Response))?;
    if hold == Hold::Together && found.may_be_full() {
        // From here on the tallies are this transaction's alone until it ends.
        let totals = totals(db, &links)?;
        let over = |(link, total): (&LinkId, &i64)| *total > found.cap(*link);
        if totals.iter().any(over) {
            return Err(Error::Busy(0));
        }
    }
    let mut suspicious: BTreeMap<LinkId, i32> = BTreeMap::new();
    for response in taken().filter(|response| response.suspicious) {
        *suspicious.entry(response.link).or_default() += 1;
    }
    for (link, more) in suspicious {
        rows::links::add_suspicious(db, link, more)?;
    }
    Ok(verdicts)
}

/// What the database says, and what becomes of each response by that.
fn judged<'a>(
    db: &mut Db,
    links: &[LinkId],
    responses: &'a [Checked],
    look: Look,
) -> Result<(Found<'a>, Vec<Verdict>)> {
    let mut found = Found::look(db, links, responses, look)?;
    let verdicts = responses.iter().map(|response| found.judge(response)).collect();
    Ok((found, verdicts))
}

/// Added up by number first, so that a cell is named once for a batch.
fn sums<'a>(responses: impl Iterator<Item = &'a Checked>, found: &Found<'_>) -> Sums {
    let mut sums = Sums::default();
    let mut numbered: BTreeMap<LinkId, (&Compiled, BTreeMap<usize, i64>)> = BTreeMap::new();
    for Checked { link, version, added, .. } in responses {
        sums.add(*link, &everybody(), 1);
        let (_, of_link) = numbered.entry(*link).or_insert((version, BTreeMap::new()));
        for (cell, increment) in added {
            let sum = of_link.entry(*cell).or_insert(0);
            *sum = sum.saturating_add(*increment);
        }
        let pairs = found.pairs(*link);
        if !pairs.is_empty() {
            sums.add_crossed(*link, &named(version, added), pairs);
        }
    }
    for (link, (version, of_link)) in numbered {
        for (cell, increment) in of_link {
            if let Some(cell) = version.cell(cell) {
                sums.add(link, cell, increment);
            }
        }
    }
    sums
}

/// How many have answered each link on the page.
fn totals(db: &mut Db, links: &[LinkId]) -> Result<HashMap<LinkId, i64>> {
    let mut totals = HashMap::new();
    for (link, source, n) in rows::tallies::totals(db, links)? {
        if source != Source::Paper {
            *totals.entry(link).or_insert(0) += n;
        }
    }
    Ok(totals)
}

fn row(response: &Checked) -> NewResponse<'_> {
    NewResponse {
        link_id: response.link,
        id: response.id,
        day: response.now.day(),
        answers: &response.answers,
    }
}

/// What the database says about the links and responses of a batch, kept up to date while it is
/// gone through.
struct Found<'a> {
    gates: HashMap<LinkId, GateRow>,
    stored: HashMap<ResponseId, Cow<'a, str>>,
    totals: HashMap<LinkId, i64>,
    good_codes: HashSet<Vec<u8>>,
    used: Vec<Vec<u8>>,
    pairs: HashMap<QuestionnaireId, Vec<(String, String)>>,
}

impl<'a> Found<'a> {
    fn look(
        db: &mut Db,
        links: &[LinkId],
        responses: &'a [Checked],
        look: Look,
    ) -> Result<Found<'a>> {
        let mut stored = HashMap::new();
        if look == Look::First {
            let ids: Vec<_> = responses.iter().map(|one| (one.link, one.id)).collect();
            let found = rows::answers::stored_among(db, &ids)?;
            stored.extend(found.into_iter().map(|(id, answers)| (id, Cow::Owned(answers))));
        }
        let (mut gates, mut totals) = (HashMap::new(), HashMap::new());
        let mut crossed = Vec::new();
        for (gate, is_crossed, total) in rows::links::gates_and_totals(db, links)? {
            *totals.entry(gate.id).or_insert(0) += total.unwrap_or(0);
            if is_crossed {
                crossed.push(gate.questionnaire_id);
            }
            gates.insert(gate.id, gate);
        }
        let codes: Vec<Vec<u8>> =
            responses.iter().filter_map(|response| response.code.clone()).collect();
        let good_codes = match codes.is_empty() {
            true => HashSet::new(),
            false => rows::links::good_codes(db, &codes)?.into_iter().collect(),
        };
        crossed.sort_unstable();
        crossed.dedup();
        let mut pairs: HashMap<_, Vec<_>> = HashMap::new();
        if !crossed.is_empty() {
            for row in rows::tallies::crossings(db, &crossed)? {
                let pair = (row.base_question, row.question);
                pairs.entry(row.questionnaire_id).or_default().push(pair);
            }
        }
        Ok(Found { gates, stored, totals, good_codes, used: Vec::new(), pairs })
    }

    fn pairs(&self, link: LinkId) -> &[(String, String)] {
        let of = self.gates.get(&link).and_then(|gate| self.pairs.get(&gate.questionnaire_id));
        of.map(Vec::as_slice).unwrap_or_default()
    }

    fn cap(&self, link: LinkId) -> i64 {
        self.gates.get(&link).map_or(MOST_RESPONSES, GateRow::most)
    }

    /// Whether a link could be full when others store into it at the same time.
    fn may_be_full(&self) -> bool {
        let near = |(link, total): (&LinkId, &i64)| *total + NEAR >= self.cap(*link);
        self.totals.iter().any(near)
    }

    fn judge(&mut self, response: &'a Checked) -> Verdict {
        // Before anything else: who sends again what was stored hears that it is, also when the
        // link has closed, is full, or the code is used up by that very response.
        if let Some(answers) = self.stored.get(&response.id) {
            return if *answers == response.answers { Verdict::Known } else { Verdict::Differs };
        }
        let Some(gate) = self.gates.get(&response.link) else { return Verdict::NoLink };
        match state(gate.state, gate.opens_at, gate.closes_at, response.now) {
            LinkState::Open => {}
            LinkState::Planned => return Verdict::Planned,
            LinkState::Closing | LinkState::Closed => return Verdict::Closed,
        }
        let cap = gate.most();
        let total = self.totals.entry(response.link).or_insert(0);
        if *total >= cap {
            return Verdict::Full;
        }
        if gate.access == Access::Codes {
            let Some(code) = &response.code else { return Verdict::CodeMissing };
            if !self.good_codes.remove(code) {
                return Verdict::CodeUnknown;
            }
            self.used.push(code.clone());
        }
        *total += 1;
        self.stored.insert(response.id, Cow::Borrowed(&response.answers));
        Verdict::Stored
    }
}
