//! The table `core_questions`: what the programme's core questions were answered with, added up
//! over all questionnaires that ask them.

use uuid::Uuid;

use super::answers::{full_text, number, spoken};
use super::catalogue::Kind::{Boolean, Decimal, Integer, Percent, Text, Word};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::portfolio::name;
use crate::error::Result;
use crate::messages::Lang;
use crate::programmes::codes::{CodeList, Codebook};
use crate::reports::cell::Cell;
use crate::store::Db;
use crate::surveys::result_view::{
    By, FigureState, GroupFigures, OptionFigures, OptionText, QuestionFigures, QuestionResults,
};
use crate::surveys::results::Of;

pub const TABLE: Table = Table {
    version: 1,
    about: "\
What the programme's core questions were answered with, added up over all questionnaires that ask
them, as far as it is released: for all, and by education level. One row for each option, and one
alone where there is nothing to show.",
    takes_year: false,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    core: String,
    text: String,
    questionnaires: Vec<String>,
    group: GroupFigures,
    level_name: Option<String>,
    option: Option<(OptionText, String, OptionFigures)>,
}

impl Row {
    fn figures(&self) -> Option<&QuestionFigures> {
        self.group.figures.as_ref()
    }
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("core", Text, "The core question's code.", |row| row.core.as_str().into()),
    column("text", Text, "The question, in the language asked for where it is written.", |row| {
        row.text.as_str().into()
    }),
    column("questionnaires", Text, "The codes of those that ask it, with `|` between.", |row| {
        Cell::several(&row.questionnaires)
    }),
    column("group_kind", Word, "`whole` or `education_level`.", |row| {
        Cell::Word(row.group.group.kind.as_str())
    }),
    column("education_level", Text, "The level's code; empty for the whole.", |row| {
        row.group.group.code.clone().into()
    }),
    column("education_level_name", Text, "What the level is called.", |row| {
        row.level_name.clone().into()
    }),
    column(
        "state",
        Word,
        "`shown`, `suppressed` (hidden for the sake of anonymity) or `empty`.",
        |row| Cell::Word(row.group.state.as_str()),
    ),
    column("option", Text, "The option's code; empty for a number.", |row| {
        row.option.as_ref().map(|(option, ..)| option.code.clone()).into()
    }),
    column("option_text", Text, "The option.", |row| {
        row.option.as_ref().map(|(_, text, _)| text.clone()).into()
    }),
    column("positive", Boolean, "Whether choosing it is good news.", |row| {
        row.option.as_ref().map(|(option, ..)| option.positive).into()
    }),
    column("count", Integer, "How many chose it: the numerator of the share.", |row| {
        row.option.as_ref().map(|(.., figures)| figures.count).into()
    }),
    column("n", Integer, "How many answered, \"don't know\" included: the denominator.", |row| {
        row.figures().map(|figures| figures.n).into()
    }),
    column("share", Percent, "`count` over `n`.", |row| {
        let share = row.option.as_ref().and_then(|(.., figures)| figures.share);
        share.map(|share| Cell::Percent(share.percent.thousandths() / 100)).into()
    }),
    column("missing", Integer, "How many were asked and did not answer.", |row| {
        row.figures().map(|figures| figures.missing).into()
    }),
    column("mean", Decimal, "Of a number, to three decimals.", |row| {
        number(row.figures().and_then(|figures| figures.mean))
    }),
    column("suppressed", Boolean, "`true` where the state is `suppressed`.", |row| {
        (row.group.state == FigureState::Suppressed).into()
    }),
];

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let found = walk.results(db, Of::Programme(walk.programme), Some(By::EducationLevel))?;
    let book = Codebook::load(db, walk.programme)?;
    let mut rows = Vec::new();
    for question in &found.questions {
        for group in &question.groups {
            let level = group.group.code.as_deref();
            let level = level.and_then(|code| book.find(CodeList::EducationLevel, code));
            let level = level.map(|code| name(walk.lang, code));
            let row = |option| Row {
                programme: walk.code.to_string(),
                core: question.core.clone().unwrap_or_default(),
                text: full_text(question, walk.lang),
                questionnaires: question.questionnaires.clone(),
                group: group.clone(),
                level_name: level.clone(),
                option,
            };
            let options = options(question, group, walk.lang);
            match options.is_empty() {
                true => rows.push(row(None)),
                false => rows.extend(options.into_iter().map(|option| row(Some(option)))),
            }
        }
    }
    Ok(whole(COLUMNS, &rows))
}

fn options(
    question: &QuestionResults,
    group: &GroupFigures,
    lang: Lang,
) -> Vec<(OptionText, String, OptionFigures)> {
    let figures = group.figures.iter().flat_map(|figures| &figures.options);
    let both = question.options.iter().cloned().zip(figures.cloned());
    both.map(|(option, figures)| (option.clone(), spoken(&option.text, lang), figures)).collect()
}
