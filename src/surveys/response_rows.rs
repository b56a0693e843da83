//! Responses as rows: what of a closed questionnaire can be given answer by answer.
//!
//! A row shows together what tables show apart, so it must not be known which few people it is one
//! of. The rule:
//!
//! - Only of a closed questionnaire whose links are all closed: no row comes later that could be
//!   told from those given before.
//! - A link's responses are given all or not at all. They are where every table of the link (each
//!   question, each crossed pair) was published of the link alone, with nothing held back, and the
//!   parts in which they were published, laid over each other, are of [`TELLING`] responses or
//!   more. So what tables show of a link or of a time takes no group of fewer rows out of those
//!   that are given.
//! - A row has level and wave, and what was answered: neither link, organisation, day nor id, and
//!   no free text. Rows stand sorted by what is in them. Paper has no rows.

use std::collections::BTreeMap;

use super::answers::{Answer, Answers};
use super::definition::Kind;
use super::editions::{Edition, Editions};
use super::link_state::Stage;
use super::questionnaires::QuestionnaireState;
use super::release::{Ledger, TELLING};
use super::rows::releases::Whose;
use super::{ledgers, rows, sight};
use crate::accounts::Caller;
use crate::error::{Error, Result};
use crate::ids::{LinkId, QuestionnaireId};
use crate::programmes::codes::Codebook;
use crate::store::{AsOf, Db};

const PART: i64 = 1_000;

/// What was answered to one question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// The option's code; several with `|` between.
    Codes(String),
    /// In thousandths.
    Number(i64),
}

/// The answers of one person, in the order of [`Sheet::columns`]; None where not asked or not
/// answered.
pub type Row = Vec<Option<Given>>;

/// Responses that may be given together.
#[derive(Debug, Clone)]
pub struct RowGroup {
    /// A code of the list `education_level`.
    pub education_level: Option<String>,
    pub wave: Option<String>,
    /// With how many responses each has.
    links: Vec<(LinkId, i64)>,
}

/// Level and wave.
type Place = (Option<String>, Option<String>);

/// What may be given of a questionnaire.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Question codes, a grid's as `grid.statement`; one that a later version uses for something
    /// else as `code@version`.
    pub columns: Vec<String>,
    pub groups: Vec<RowGroup>,
}

/// For the project's holder, and the programme's secretariat.
pub fn sheet(db: &mut Db, caller: &Caller, id: QuestionnaireId) -> Result<Sheet> {
    let row = sight::questionnaire(db, caller, id)?;
    sight::may_write(caller, row.programme_id, row.project_id)?;
    let links = rows::releases::links_of(db, Whose::Questionnaire(id))?;
    let closed = row.state == QuestionnaireState::Closed;
    if !closed || links.iter().any(|link| link.state != Stage::Closed) {
        return Err(Error::Conflict("questionnaire_open"));
    }
    let ledger = ledgers::of(db, id, AsOf::NOW)?;
    let book = Codebook::load(db, row.programme_id)?;
    let mut groups: BTreeMap<Place, Vec<(LinkId, i64)>> = BTreeMap::new();
    for link in links {
        if let Some(n) = given(db, &ledger, link.id)? {
            let key = (book.word_of(link.education_level_id), link.wave);
            groups.entry(key).or_default().push((link.id, n));
        }
    }
    let group = |((education_level, wave), links)| RowGroup { education_level, wave, links };
    let columns = Editions::load(db, id, AsOf::NOW)?.subjects();
    Ok(Sheet {
        columns: columns.into_iter().map(|subject| subject.variant).collect(),
        groups: groups.into_iter().map(group).collect(),
    })
}

/// How many responses of a link may be given; None where none may.
fn given(db: &mut Db, ledger: &Ledger, link: LinkId) -> Result<Option<i64>> {
    let Some(last) = rows::releases::of_link(db, link)?.pop() else { return Ok(None) };
    let n = last.n - last.paper;
    let least = TELLING.max(last.threshold.into());
    Ok((n >= least && ledger.stands_alone(link, least)).then_some(n))
}

/// The rows of a group, sorted by what is in them.
pub fn rows_of(
    db: &mut Db,
    id: QuestionnaireId,
    sheet: &Sheet,
    group: &RowGroup,
) -> Result<Vec<Row>> {
    let editions = Editions::load(db, id, AsOf::NOW)?;
    let mut all = Vec::new();
    for (link, n) in &group.links {
        let row = rows::links::find(db, *link)?.ok_or(Error::NotFound)?;
        let edition = editions.all().iter().find(|one| one.id == row.version_id);
        let fields = fields(&editions, edition.ok_or(Error::NotFound)?, &sheet.columns);
        let mut own = Vec::new();
        let mut last = None;
        loop {
            let rows = rows::answers::after(db, *link, last, PART)?;
            for row in &rows {
                let answers = Answers::from_canonical(row.answers.as_bytes());
                let answers = answers.map_err(Error::unexpected)?;
                own.push(fields.iter().map(|field| field.as_ref()?.read(&answers)).collect());
            }
            match rows.last() {
                Some(row) => last = Some(row.id),
                None => break,
            }
        }
        // Where some were taken away since, the others are fewer than was weighed.
        if i64::try_from(own.len()) == Ok(*n) {
            all.append(&mut own);
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// Where in a version's answers a column is found.
struct Field {
    question: String,
    statement: Option<String>,
}

fn fields(editions: &Editions, edition: &Edition, columns: &[String]) -> Vec<Option<Field>> {
    let mut fields: Vec<Option<Field>> = columns.iter().map(|_| None).collect();
    for question in &edition.definition.questions {
        let field = |statement| Field { question: question.code.clone(), statement };
        let named: Vec<(String, Field)> = match &question.kind {
            Kind::Text { .. } | Kind::Section => Vec::new(),
            Kind::Grid { statements, .. } => statements
                .iter()
                .map(|one| one.code.clone())
                .map(|code| (format!("{}.{code}", question.code), field(Some(code))))
                .collect(),
            _ => vec![(question.code.clone(), field(None))],
        };
        for (name, field) in named {
            let variant = editions.variant(edition, &name);
            let at = columns.iter().position(|column| Some(column) == variant.as_ref());
            if let Some(slot) = at.and_then(|at| fields.get_mut(at)) {
                *slot = Some(field);
            }
        }
    }
    fields
}

impl Field {
    fn read(&self, answers: &Answers) -> Option<Given> {
        Some(match answers.get(&self.question)? {
            Answer::Number(number) => Given::Number(number.thousandths()),
            Answer::One(code) => Given::Codes(code.clone()),
            Answer::Several(codes) => Given::Codes(codes.join("|")),
            Answer::Grid(rows) => Given::Codes(rows.get(self.statement.as_ref()?)?.clone()),
        })
    }
}
