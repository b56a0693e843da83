//! The tables `results` and `core_results`: what questionnaires were answered with, in long form.

use uuid::Uuid;

use super::answers::{SPLITS, TITLE, first, full_text, name_level, number, title};
use super::catalogue::Kind::{Boolean, Decimal, Integer, Percent, Text};
use super::catalogue::{Column, Page, Table, Walk, abouts, cells, column};
use crate::error::Result;
use crate::ids::QuestionnaireId;
use crate::messages::Lang;
use crate::programmes::codes::Codebook;
use crate::reports::cell::Cell;
use crate::store::Db;
use crate::surveys::result_view::{
    By, FigureState, GroupFigures, OptionFigures, OptionText, QuestionFigures, QuestionResults,
};
use crate::surveys::results::{self, Of};

pub const TABLE: Table =
    Table { version: 1, about: ABOUT, takes_year: false, columns: || abouts(COLUMNS), page };

pub const CORE_TABLE: Table = Table {
    version: 1,
    about: CORE_ABOUT,
    takes_year: false,
    columns: || abouts(CORE_COLUMNS),
    page: core_page,
};

const ABOUT: &str = "\
What was released of every questionnaire: one row for each group and option, and one alone where
there is nothing to show of a group. Each questionnaire is given as a whole, by organisation, by
education level, by wave and by link.";

const CORE_ABOUT: &str = "\
What was released of the programme's core questions, each added up over all questionnaires that ask
it: rows as in `results`, of the programme as a whole, by organisation, by education level, by wave
and by link.";

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

const PROGRAMME: Column<Row> =
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into());
const QUESTIONNAIRE: Column<Row> =
    column("questionnaire", Text, "The questionnaire's code.", |row| {
        row.questionnaire.as_str().into()
    });
const QUESTION: Column<Row> =
    column("question", Text, "The question's code, or `grid.statement`.", |row| {
        row.question.as_str().into()
    });
const TEXT: Column<Row> =
    column("text", Text, "The question, in the questionnaire's first language.", |row| {
        row.text.as_str().into()
    });
const CORE: Column<Row> = column(
    "core",
    Text,
    "The code of the programme's core question that it is; empty where it is none.",
    |row| row.core.clone().into(),
);
const GROUP_KIND: Column<Row> = column(
    "group_kind",
    Text,
    "`whole`, `organisation`, `education_level`, `wave` or `link`.",
    |row| row.group.group.kind.as_str().into(),
);
const GROUP: Column<Row> = column(
    "group",
    Text,
    "The organisation's or level's code, the wave, or the link's id; empty for those with \
         none.",
    |row| {
        let group = &row.group.group;
        group.code.clone().or_else(|| group.link_id.map(|id| id.to_string())).into()
    },
);
const GROUP_LABEL: Column<Row> = column(
    "group_label",
    Text,
    "The organisation's or level's name, or the link's label.",
    |row| row.group.group.label.clone().into(),
);
const STATE: Column<Row> = column(
    "state",
    Text,
    "`shown`, `suppressed` (hidden for the sake of anonymity) or `empty` (nobody was asked or \
         answered, in what is released).",
    |row| row.group.state.as_str().into(),
);
const SUPPRESSED: Column<Row> =
    column("suppressed", Boolean, "`true` where the state is `suppressed`.", |row| {
        (row.group.state == FigureState::Suppressed).into()
    });
const OPTION: Column<Row> =
    column("option", Text, "The option's code; empty for a number.", |row| {
        row.option.as_ref().map(|(option, _)| option.code.clone()).into()
    });
const OPTION_TEXT: Column<Row> =
    column("option_text", Text, "The option, in the questionnaire's first language.", |row| {
        row.option.as_ref().map(|(option, _)| first(&option.text)).into()
    });
const COUNT: Column<Row> =
    column("count", Integer, "How many chose it: the numerator of the share.", |row| {
        row.option.as_ref().map(|(_, figures)| figures.count).into()
    });
const N: Column<Row> = column(
    "n",
    Integer,
    "How many answered the question, \"don't know\" included: the denominator of the share.",
    |row| row.figures().map(|figures| figures.n).into(),
);
const SHARE: Column<Row> = column("share", Percent, "`count` over `n`.", |row| {
    let share = row.option.as_ref().and_then(|(_, figures)| figures.share);
    share.map(|share| Cell::Percent(share.percent.thousandths() / 100)).into()
});
const MISSING: Column<Row> =
    column("missing", Integer, "How many were asked and did not answer.", |row| {
        row.figures().map(|figures| figures.missing).into()
    });
const DONT_KNOW: Column<Row> =
    column("dont_know", Integer, "How many of `n` said that they don't know.", |row| {
        row.figures().map(|figures| figures.dont_know).into()
    });
const ON_PAPER: Column<Row> =
    column("on_paper", Integer, "How many of the responses were given on paper.", |row| {
        row.figures().map(|figures| figures.on_paper).into()
    });
const HELD_BACK: Column<Row> = column(
    "held_back",
    Integer,
    "Released responses of the group that are too few so far to be among them.",
    |row| row.figures().map(|figures| figures.held_back).into(),
);
const MEAN: Column<Row> = column("mean", Decimal, "Of a number, to three decimals.", |row| {
    number(row.figures().and_then(|figures| figures.mean))
});
const DEVIATION: Column<Row> =
    column("deviation", Decimal, "Of a number the standard deviation, to three decimals.", |row| {
        number(row.figures().and_then(|figures| figures.deviation))
    });
const QUESTIONNAIRE_TITLE: Column<Row> =
    column("questionnaire_title", Text, TITLE, |row| row.title.as_str().into());
const QUESTIONNAIRES: Column<Row> = column(
    "questionnaires",
    Text,
    "The codes of the questionnaires that ask it, with `|` between.",
    |row| row.questionnaire.as_str().into(),
);

const COLUMNS: &[Column<Row>] = &[
    PROGRAMME,
    QUESTIONNAIRE,
    QUESTION,
    TEXT,
    CORE,
    GROUP_KIND,
    GROUP,
    GROUP_LABEL,
    STATE,
    SUPPRESSED,
    OPTION,
    OPTION_TEXT,
    COUNT,
    N,
    SHARE,
    MISSING,
    DONT_KNOW,
    ON_PAPER,
    HELD_BACK,
    MEAN,
    DEVIATION,
    QUESTIONNAIRE_TITLE,
];

const CORE_COLUMNS: &[Column<Row>] = &[
    PROGRAMME,
    CORE,
    QUESTION,
    QUESTIONNAIRES,
    TEXT,
    GROUP_KIND,
    GROUP,
    GROUP_LABEL,
    STATE,
    SUPPRESSED,
    OPTION,
    OPTION_TEXT,
    COUNT,
    N,
    SHARE,
    MISSING,
    DONT_KNOW,
    ON_PAPER,
    HELD_BACK,
    MEAN,
    DEVIATION,
];

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

/// The core questions, added up over questionnaires.
fn core_page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let book = Codebook::load(db, walk.programme)?;
    let mut rows = Vec::new();
    for (place, by) in SPLITS.into_iter().enumerate() {
        for question in walk.results(db, Of::Programme(walk.programme), Some(by))?.questions {
            let codes = question.questionnaires.join("|");
            for group in question.groups.iter().skip(usize::from(place > 0)) {
                let mut group = group.clone();
                name_level(&mut group.group, &book);
                for row in table_rows((walk.code, &codes, ""), &question, &group) {
                    rows.push(cells(CORE_COLUMNS, &row));
                }
            }
        }
    }
    Ok((rows, None))
}

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
    for question in walk.results(db, Of::Questionnaire(id), Some(by))?.questions {
        // The whole comes first, and once is enough.
        for group in question.groups.iter().skip(usize::from(!with_whole)) {
            let mut group = group.clone();
            name_level(&mut group.group, &book);
            for row in table_rows((walk.code, code, &title), &question, &group) {
                rows.push(cells(COLUMNS, &row));
            }
        }
    }
    Ok(rows)
}

fn table_rows(
    (programme, questionnaire, title): (&str, &str, &str),
    question: &QuestionResults,
    group: &GroupFigures,
) -> Vec<Row> {
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
    let options = question.options.iter().cloned().zip(figures.cloned());
    let rows: Vec<Row> = options.map(|option| row(Some(option))).collect();
    if rows.is_empty() { vec![row(None)] } else { rows }
}
