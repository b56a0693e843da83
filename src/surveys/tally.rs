//! How many chose each option, per link: what results are made of, however many answered.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::{Answers, Cell, Compiled, cells, crossed};
use super::rows::tallies::{CrossingRow, TallyRow};
use super::{hold_links, rows, versions};
use crate::error::{Error, Result};
use crate::ids::{LinkId, QuestionnaireId};
use crate::paging::Page;
use crate::store::Db;
use crate::store::types::text_enum;

text_enum! {
    /// Where a tally comes from.
    pub enum Source {
        /// Counted from the stored responses, and recounted by `maaltal verify`.
        Response = "response",
        /// Typed in for a class that answered on paper.
        Paper = "paper",
        /// Of responses whose answers have been removed since.
        Reduced = "reduced",
    }
}

/// What is tallied of several responses. The cell without question and option counts them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<LinkId, BTreeMap<Cell, i64>>);

/// The cell that counts all who answered.
pub fn everybody() -> Cell {
    Cell { question: String::new(), option: String::new(), base: None }
}

impl Sums {
    pub fn add(&mut self, link: LinkId, cell: &Cell, increment: i64) {
        let sums = self.0.entry(link).or_default();
        // What one link may hold keeps every sum far from the end of 64 bits.
        match sums.get_mut(cell) {
            Some(sum) => *sum = sum.saturating_add(increment),
            None => {
                sums.insert(cell.clone(), increment);
            }
        }
    }

    /// One response's: its cells, what they are crossed, and that somebody answered.
    pub fn add_response(
        &mut self,
        link: LinkId,
        cells: &[(Cell, i64)],
        pairs: &[(String, String)],
    ) {
        self.add(link, &everybody(), 1);
        for (cell, increment) in cells {
            self.add(link, cell, *increment);
        }
        self.add_crossed(link, cells, pairs);
    }

    /// What one response's cells are crossed.
    pub fn add_crossed(&mut self, link: LinkId, cells: &[(Cell, i64)], pairs: &[(String, String)]) {
        for (cell, increment) in crossed(cells, pairs) {
            self.add(link, &cell, increment);
        }
    }

    pub fn into_rows(self, source: Source) -> Vec<TallyRow> {
        let row = |link, (cell, n): (Cell, i64)| {
            let (base_question, base_option) = cell.base.unwrap_or_default();
            TallyRow {
                link_id: link,
                question: cell.question,
                option: cell.option,
                base_question,
                base_option,
                source,
                n,
            }
        };
        let of_link = |(link, sums): (LinkId, BTreeMap<Cell, i64>)| {
            sums.into_iter().map(move |sum| row(link, sum))
        };
        self.0.into_iter().flat_map(of_link).collect()
    }
}

/// A link's tally as it stands, by source. Whoever shows any of it goes through the releases.
pub fn of_link(db: &mut Db, link: LinkId) -> Result<BTreeMap<Source, BTreeMap<Cell, i64>>> {
    let mut tally: BTreeMap<Source, BTreeMap<Cell, i64>> = BTreeMap::new();
    for row in rows::tallies::of_link(db, link)? {
        let source = row.source;
        let (cell, n) = split(row);
        tally.entry(source).or_default().insert(cell, n);
    }
    Ok(tally)
}

fn split(row: TallyRow) -> (Cell, i64) {
    let TallyRow { question, option, base_question, base_option, n, .. } = row;
    let base = (!base_question.is_empty()).then_some((base_question, base_option));
    (Cell { question, option, base }, n)
}

/// A tally that is not what the responses add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub link: LinkId,
    pub cell: Cell,
    pub tallied: i64,
    pub counted: i64,
}

/// Recounts every link of the installation from its responses, one consistent look at each.
pub fn verify(db: &mut Db) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    let mut after = None;
    loop {
        let page = Page::of(after, 500);
        let links = page.listing(rows::links::after(db, &page)?, |id| *id);
        for link in &links.items {
            differences.extend(verify_link(db, *link)?);
        }
        if links.next_cursor.is_none() {
            return Ok(differences);
        }
        after = links.items.last().copied();
    }
}

/// Recounts one link.
pub fn verify_link(db: &mut Db, link: LinkId) -> Result<Vec<Difference>> {
    let row = rows::links::find(db, link)?.ok_or(Error::NotFound)?;
    let pairs = pairs_of(db, row.questionnaire_id)?;
    let version = versions::compiled(db, row.version_id)?;
    let mut counted = Sums::default();
    each_response(db, link, &version, |cells| counted.add_response(link, cells, &pairs))?;
    let tallied = of_link(db, link)?.remove(&Source::Response).unwrap_or_default();
    let mut differences = Vec::new();
    let mut missing = counted.0.remove(&link).unwrap_or_default();
    for (cell, tallied) in tallied {
        let counted = missing.remove(&cell).unwrap_or(0);
        if counted != tallied {
            differences.push(Difference { link, cell, tallied, counted });
        }
    }
    let not_tallied = missing.into_iter().filter(|(_, counted)| *counted != 0);
    differences.extend(not_tallied.map(|(cell, counted)| Difference {
        link,
        cell,
        tallied: 0,
        counted,
    }));
    Ok(differences)
}

/// Holds all links of these questionnaires, as [`cross`] needs it: at once, since who holds some
/// and waits for others could be waited for by the intake.
pub fn hold(db: &mut Db, questionnaires: &[QuestionnaireId]) -> Result<()> {
    let mut links = Vec::new();
    for id in questionnaires {
        links.extend(rows::links::of_questionnaire(db, *id)?);
    }
    links.sort_unstable();
    hold_links(db, &links)
}

/// From now on the answers to `question` are also tallied by the answer to `base`, and once for
/// what is there already; `options` are the answers that are in the base. Nothing happens where
/// that pair is tallied crossed already. False where its base is another: two bases of one pair
/// could be subtracted. To be called under the lock of the questionnaire's programme, so that no
/// link is made meanwhile, and after [`hold`].
pub fn cross(
    db: &mut Db,
    questionnaire: QuestionnaireId,
    base: &str,
    options: &BTreeSet<String>,
    question: &str,
) -> Result<bool> {
    if base == question {
        return Err(Error::unexpected("a question crossed with itself"));
    }
    let links = rows::links::of_questionnaire(db, questionnaire)?;
    let base_options = serde_json::to_value(options).map_err(Error::unexpected)?;
    for row in rows::tallies::crossings(db, &[questionnaire])? {
        if row.question == question {
            return Ok(row.base_question == base && row.base_options == base_options);
        }
    }
    let (base_question, other) = (base.to_string(), question.to_string());
    let row = CrossingRow {
        questionnaire_id: questionnaire,
        base_question,
        question: other,
        base_options,
    };
    if !rows::tallies::insert_crossing(db, &row)? {
        return Ok(true);
    }
    let pair = [(base.to_string(), question.to_string())];
    for link in links {
        let row = rows::links::find(db, link)?.ok_or(Error::NotFound)?;
        let version = versions::compiled(db, row.version_id)?;
        let mut sums = Sums::default();
        each_response(db, link, &version, |cells| sums.add_crossed(link, cells, &pair))?;
        rows::tallies::add(db, &sums.into_rows(Source::Response))?;
    }
    Ok(true)
}

/// A pair is no longer tallied crossed, and what was tallied of it is gone: only where nobody needs
/// it and no release has it. Held like [`cross`].
pub fn uncross(
    db: &mut Db,
    questionnaire: QuestionnaireId,
    base: &str,
    question: &str,
) -> Result<()> {
    rows::tallies::delete_crossing(db, questionnaire, base, question)?;
    for link in rows::links::of_questionnaire(db, questionnaire)? {
        rows::tallies::delete_crossed(db, link, base, question)?;
    }
    Ok(())
}

/// The pairs of base and question that a questionnaire tallies crossed.
pub fn pairs_of(db: &mut Db, questionnaire: QuestionnaireId) -> Result<Vec<(String, String)>> {
    let rows = rows::tallies::crossings(db, &[questionnaire])?;
    Ok(rows.into_iter().map(|row| (row.base_question, row.question)).collect())
}

/// Goes through all responses of a link by key, a part at a time.
fn each_response(
    db: &mut Db,
    link: LinkId,
    version: &Compiled,
    mut f: impl FnMut(&[(Cell, i64)]),
) -> Result<()> {
    const PART: i64 = 1_000;
    let mut last = None;
    loop {
        let rows = rows::answers::after(db, link, last, PART)?;
        for row in &rows {
            let answers = Answers::from_canonical(row.answers.as_bytes());
            f(&cells(version, &answers.map_err(Error::unexpected)?));
        }
        match rows.last() {
            Some(row) => last = Some(row.id),
            None => return Ok(()),
        }
    }
}
