//! The tables `results` and `codebook`: what questionnaires were answered with, in long form, and
//! what their codes mean.

use uuid::Uuid;

use super::catalogue::Kind::{Boolean, Decimal, Integer, Percent, Text};
use super::catalogue::{Column, Page, Table, Walk, abouts, cells, column};
use super::core_questions::spoken;
use crate::error::Result;
use crate::ids::QuestionnaireId;
use crate::messages::Lang;
use crate::programmes::codes::{CodeList, Codebook};
use crate::reports::cell::Cell;
use crate::store::Db;
use crate::surveys::definition::Texts;
use crate::surveys::result_view::{
    By, FigureState, GroupFigures, GroupKind, OptionFigures, OptionText, QuestionFigures,
    QuestionResults, ResultGroup,
};
use crate::surveys::results::{self, Of, Wanted};
use crate::surveys::{questionnaires, versions};

pub const TABLE: Table =
    Table { version: 1, about: ABOUT, takes_year: false, columns: || abouts(COLUMNS), page };

pub const CODEBOOK: Table = Table {
    version: 1,
    about: CODEBOOK_ABOUT,
    takes_year: false,
    columns: || abouts(CODEBOOK_COLUMNS),
    page: codebook,
};

const ABOUT: &str = "\
What was released of every questionnaire: one row for each group and option, and one alone where
there is nothing to show of a group. Each questionnaire is given as a whole, by organisation, by
education level, by wave and by link.";

const CODEBOOK_ABOUT: &str = "\
What the codes of the table `results` mean: one row for each question and option.";

const TITLE: &str = "\
What the questionnaire is called in its first language, and with that whether its answers are made \
up.";

struct Row {
    programme: String,
    questionnaire: String,
    title: String,
    question: String,
    text: String,
    core: Option<String>,
    group: GroupFigures,
    option: Option<(OptionText, OptionFigures)>,
}

impl Row {
    fn figures(&self) -> Option<&QuestionFigures> {
        self.group.figures.as_ref()
    }
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("questionnaire", Text, "The questionnaire's code.", |row| {
        row.questionnaire.as_str().into()
    }),
    column("question", Text, "The question's code, or `grid.statement`.", |row| {
        row.question.as_str().into()
    }),
    column("text", Text, "The question, in the questionnaire's first language.", |row| {
        row.text.as_str().into()
    }),
    column(
        "core",
        Text,
        "The code of the programme's core question that it is; empty where it is none.",
        |row| row.core.clone().into(),
    ),
    column(
        "group_kind",
        Text,
        "`whole`, `organisation`, `education_level`, `wave` or `link`.",
        |row| row.group.group.kind.as_str().into(),
    ),
    column(
        "group",
        Text,
        "The organisation's or level's code, the wave, or the link's id; empty for those with \
         none.",
        |row| {
            let group = &row.group.group;
            group.code.clone().or_else(|| group.link_id.map(|id| id.to_string())).into()
        },
    ),
    column(
        "group_label",
        Text,
        "The organisation's or level's name, or the link's label.",
        |row| row.group.group.label.clone().into(),
    ),
    column(
        "state",
        Text,
        "`shown`, `suppressed` (hidden for the sake of anonymity) or `empty` (nobody was asked or \
         answered, in what is released).",
        |row| row.group.state.as_str().into(),
    ),
    column("suppressed", Boolean, "`true` where the state is `suppressed`.", |row| {
        (row.group.state == FigureState::Suppressed).into()
    }),
    column("option", Text, "The option's code; empty for a number.", |row| {
        row.option.as_ref().map(|(option, _)| option.code.clone()).into()
    }),
    column("option_text", Text, "The option, in the questionnaire's first language.", |row| {
        row.option.as_ref().map(|(option, _)| first(&option.text)).into()
    }),
    column("count", Integer, "How many chose it: the numerator of the share.", |row| {
        row.option.as_ref().map(|(_, figures)| figures.count).into()
    }),
    column(
        "n",
        Integer,
        "How many answered the question, \"don't know\" included: the denominator of the share.",
        |row| row.figures().map(|figures| figures.n).into(),
    ),
    column("share", Percent, "`count` over `n`.", |row| {
        let share = row.option.as_ref().and_then(|(_, figures)| figures.share);
        share.map(|share| Cell::Percent(share.percent.thousandths() / 100)).into()
    }),
    column("missing", Integer, "How many were asked and did not answer.", |row| {
        row.figures().map(|figures| figures.missing).into()
    }),
    column("dont_know", Integer, "How many of `n` said that they don't know.", |row| {
        row.figures().map(|figures| figures.dont_know).into()
    }),
    column("on_paper", Integer, "How many of the responses were given on paper.", |row| {
        row.figures().map(|figures| figures.on_paper).into()
    }),
    column(
        "held_back",
        Integer,
        "Released responses of the group that are too few so far to be among them.",
        |row| row.figures().map(|figures| figures.held_back).into(),
    ),
    column("mean", Decimal, "Of a number, to three decimals.", |row| {
        number(row.figures().and_then(|figures| figures.mean))
    }),
    column("deviation", Decimal, "Of a number the standard deviation, to three decimals.", |row| {
        number(row.figures().and_then(|figures| figures.deviation))
    }),
    column("questionnaire_title", Text, TITLE, |row| row.title.as_str().into()),
];

struct CodeRow {
    programme: String,
    questionnaire: String,
    title: String,
    question: QuestionResults,
    option: Option<OptionText>,
}

const CODEBOOK_COLUMNS: &[Column<CodeRow>] = &[
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

/// In Danish where it is written, or else in the first language that is.
fn first(texts: &Texts) -> String {
    spoken(texts, Lang::Da)
}

pub(super) fn full_text(question: &QuestionResults, lang: Lang) -> String {
    let text = spoken(&question.text, lang);
    match &question.statement {
        Some(statement) => format!("{text} {}", spoken(statement, lang)),
        None => text,
    }
}

pub(super) fn number(value: Option<f64>) -> Cell {
    // Answers are at most a million, far within what is exact.
    value.map(|value| Cell::Decimal((value * 1_000.0).round() as i64)).into()
}

/// The rows of the first questionnaire after that one, and which one it is.
fn page(db: &mut Db, walk: &Walk, after: Option<Uuid>) -> Result<Page> {
    let after = after.map(QuestionnaireId);
    let Some((id, code)) = results::questionnaire_after(db, walk.programme, after)? else {
        return Ok((Vec::new(), None));
    };
    let mut rows = Vec::new();
    for (place, by) in SPLITS.into_iter().enumerate() {
        rows.extend(rows_of(db, walk, (id, &code), by, place == 0)?);
    }
    Ok((rows, Some(id.into())))
}

/// How results are split up in the table, one after the other.
pub const SPLITS: [By; 4] = [By::Organisation, By::EducationLevel, By::Wave, By::Link];

/// The rows of a questionnaire, which has that code, in one split; with the whole before them.
pub fn rows_of(
    db: &mut Db,
    walk: &Walk,
    (id, code): (QuestionnaireId, &str),
    by: By,
    with_whole: bool,
) -> Result<Vec<Vec<Cell>>> {
    let mut rows = Vec::new();
    let title = title(db, walk, id)?;
    let book = Codebook::load(db, walk.programme)?;
    for question in questions(db, walk, id, Some(by))? {
        // The whole comes first, and once is enough.
        for group in question.groups.iter().skip(usize::from(!with_whole)) {
            let mut group = group.clone();
            name_level(&mut group.group, &book);
            add(&mut rows, (walk.code, code, &title), &question, &group);
        }
    }
    Ok(rows)
}

/// As its newest version has it, in the first language.
fn title(db: &mut Db, walk: &Walk, id: QuestionnaireId) -> Result<String> {
    let of = questionnaires::get(db, walk.caller, id)?;
    let definition = match of.versions.last() {
        Some(number) => versions::get(db, walk.caller, id, *number)?.definition,
        None => of.definition,
    };
    let language = definition.languages.first();
    Ok(language.and_then(|language| definition.title.get(language)).cloned().unwrap_or_default())
}

fn name_level(group: &mut ResultGroup, book: &Codebook) {
    if let (GroupKind::EducationLevel, Some(code)) = (group.kind, &group.code) {
        let level = book.find(CodeList::EducationLevel, code);
        group.label = level.map(|level| level.name_da.clone());
    }
}

fn questions(
    db: &mut Db,
    walk: &Walk,
    id: QuestionnaireId,
    by: Option<By>,
) -> Result<Vec<QuestionResults>> {
    let wanted = Wanted { by, as_of: walk.as_of, now: walk.now };
    Ok(results::get(db, walk.caller, Of::Questionnaire(id), wanted)?.questions)
}

fn add(
    rows: &mut Vec<Vec<Cell>>,
    (programme, questionnaire, title): (&str, &str, &str),
    question: &QuestionResults,
    group: &GroupFigures,
) {
    let row = |option| Row {
        programme: programme.to_string(),
        questionnaire: questionnaire.to_string(),
        title: title.to_string(),
        question: question.question.clone(),
        text: full_text(question, Lang::Da),
        core: question.core.clone(),
        group: group.clone(),
        option,
    };
    let figures = group.figures.iter().flat_map(|figures| &figures.options);
    let options: Vec<_> = question.options.iter().cloned().zip(figures.cloned()).collect();
    if options.is_empty() {
        rows.push(cells(COLUMNS, &row(None)));
    }
    rows.extend(options.into_iter().map(|option| cells(COLUMNS, &row(Some(option)))));
}

/// What the codes of the first questionnaire after that one mean.
fn codebook(db: &mut Db, walk: &Walk, after: Option<Uuid>) -> Result<Page> {
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
    for question in questions(db, walk, id, None)? {
        let options: Vec<Option<OptionText>> = match question.options.is_empty() {
            true => vec![None],
            false => question.options.iter().cloned().map(Some).collect(),
        };
        for option in options {
            let row = CodeRow {
                programme: walk.code.to_string(),
                questionnaire: code.to_string(),
                title: title.clone(),
                question: question.clone(),
                option,
            };
            rows.push(cells(CODEBOOK_COLUMNS, &row));
        }
    }
    Ok(rows)
}
