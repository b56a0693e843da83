//! The table `codebook`: what the codes of answers mean.

use uuid::Uuid;

use super::answers::{TITLE, first, full_text, title};
use super::catalogue::Kind::{Boolean, Text};
use super::catalogue::{Column, Page, Table, Walk, abouts, cells, column};
use crate::error::Result;
use crate::ids::QuestionnaireId;
use crate::messages::Lang;
use crate::reports::cell::Cell;
use crate::store::Db;
use crate::surveys::result_view::{OptionText, QuestionResults};
use crate::surveys::results::{self, Of};

pub const TABLE: Table = Table {
    version: 1,
    about: "\
What the codes of the table `results` mean: one row for each question and option.",
    takes_year: false,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    questionnaire: String,
    title: String,
    question: QuestionResults,
    option: Option<OptionText>,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("questionnaire", Text, "The questionnaire's code.", |row| {
        row.questionnaire.as_str().into()
    }),
    column("question", Text, "The question's code, or `grid.statement`.", |row| {
        row.question.question.as_str().into()
    }),
    column("kind", Text, "`scale`, `single`, `multiple`, `grid` or `number`.", |row| {
        row.question.kind.as_str().into()
    }),
    column("text", Text, "The question, and of a grid the statement.", |row| {
        full_text(&row.question, Lang::Da).into()
    }),
    column("unit", Text, "What a number counts.", |row| {
        row.question.unit.as_ref().map(first).into()
    }),
    column("core", Text, "The code of the programme's core question that it is.", |row| {
        row.question.core.clone().into()
    }),
    column("versions", Text, "The versions that ask it so, with `|` between.", |row| {
        let versions = row.question.versions.iter().map(i32::to_string);
        versions.collect::<Vec<_>>().join("|").into()
    }),
    column("option", Text, "The option's code; empty for a number.", |row| {
        row.option.as_ref().map(|option| option.code.clone()).into()
    }),
    column("option_text", Text, "The option.", |row| {
        row.option.as_ref().map(|option| first(&option.text)).into()
    }),
    column("positive", Boolean, "Whether choosing it is good news.", |row| {
        row.option.as_ref().map(|option| option.positive).into()
    }),
    column("dont_know", Boolean, "Whether it means \"don't know\".", |row| {
        row.option.as_ref().map(|option| option.dont_know).into()
    }),
    column("questionnaire_title", Text, TITLE, |row| row.title.as_str().into()),
];

/// What the codes of the first questionnaire after that one mean.
fn page(db: &mut Db, walk: &Walk, after: Option<Uuid>) -> Result<Page> {
    let after = after.map(QuestionnaireId);
    let Some((id, code)) = results::questionnaire_after(db, walk.programme, after)? else {
        return Ok((Vec::new(), None));
    };
    Ok((codes_of(db, walk, id, &code)?, Some(id.into())))
}

/// What the codes of a questionnaire, which has that code itself, mean.
pub fn codes_of(
    db: &mut Db,
    walk: &Walk,
    id: QuestionnaireId,
    code: &str,
) -> Result<Vec<Vec<Cell>>> {
    let mut rows = Vec::new();
    let title = title(db, walk, id)?;
    for question in walk.results(db, Of::Questionnaire(id), None)?.questions {
        let options: Vec<Option<OptionText>> = match question.options.is_empty() {
            true => vec![None],
            false => question.options.iter().cloned().map(Some).collect(),
        };
        for option in options {
            let row = Row {
                programme: walk.code.to_string(),
                questionnaire: code.to_string(),
                title: title.clone(),
                question: question.clone(),
                option,
            };
            rows.push(cells(COLUMNS, &row));
        }
    }
    Ok(rows)
}
