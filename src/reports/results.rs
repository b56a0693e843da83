//! The tables `results` and `codebook`: what questionnaires were answered with, in long form, and
//! what their codes mean.

use super::csv_out::Cell;
use super::tables::Kind::{Boolean, Decimal, Integer, Percent, Text};
use super::tables::{Column, cells, column};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::Result;
use crate::ids::{ProgrammeId, QuestionnaireId};
use crate::programmes::codes::{CodeList, Codebook};
use crate::store::{AsOf, Db};
use crate::surveys::definition::Texts;
use crate::surveys::result_view::{
    By, FigureState, GroupFigures, GroupKind, OptionFigures, OptionText, QuestionFigures,
    QuestionResults, ResultGroup, Results,
};
use crate::surveys::results::{self, Of, Wanted};
use crate::surveys::{questionnaires, versions};
use uuid::Uuid;

pub const ABOUT: &str = "\
What was released of every questionnaire: one row for each group and option, and one alone where
there is nothing to show of a group. Each questionnaire is given as a whole, by organisation, by
education level, by wave and by link.";

pub const CORE_ABOUT: &str = "\
What was released of the programme's core questions, each added up over all questionnaires that ask
it: rows as in `results`, of the programme as a whole, by organisation, by education level, by wave
and by link.";

pub const CODEBOOK_ABOUT: &str = "\
What the codes of the table `results` mean: one row for each question and option.";

const TITLE: &str = "\
What the questionnaire is called in its first language, and with that whether its answers are made \
up.";

pub struct Row {
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

pub const COLUMNS: &[Column<Row>] = &[
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

pub const CORE_COLUMNS: &[Column<Row>] = &[
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

pub struct CodeRow {
    programme: String,
    questionnaire: String,
    title: String,
    question: QuestionResults,
    option: Option<OptionText>,
}

pub const CODEBOOK_COLUMNS: &[Column<CodeRow>] = &[
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
        full_text(&row.question).into()
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
pub fn first(texts: &Texts) -> String {
    texts.get("da").or_else(|| texts.values().next()).cloned().unwrap_or_default()
}

pub fn full_text(question: &QuestionResults) -> String {
    let text = first(&question.text);
    match &question.statement {
        Some(statement) => format!("{text} {}", first(statement)),
        None => text,
    }
}

pub fn number(value: Option<f64>) -> Cell {
    // Answers are at most a million, far within what is exact.
    value.map(|value| Cell::Decimal((value * 1_000.0).round() as i64)).into()
}

/// Where a walk through the questionnaires of a programme stands.
pub struct Walk<'a> {
    pub caller: &'a Caller,
    pub programme: ProgrammeId,
    /// The programme's code.
    pub code: &'a str,
    pub as_of: AsOf,
    pub now: At,
}

impl Walk<'_> {
    /// Results as they stood at the moment of the walk.
    pub fn results(&self, db: &mut Db, of: Of, by: Option<By>) -> Result<Results> {
        let wanted = Wanted { by, as_of: self.as_of, now: self.now };
        results::get(db, self.caller, of, wanted)
    }

    /// The programme itself, and then one of its questionnaires after the other: whose rows come
    /// next, with the code of the questionnaire.
    pub fn next(&self, db: &mut Db, after: Option<QuestionnaireId>) -> Result<Option<(Of, Next)>> {
        let Some(after) = after else {
            let first = Next { key: QuestionnaireId(Uuid::nil()), code: None };
            return Ok(Some((Of::Programme(self.programme), first)));
        };
        let next = results::questionnaire_after(db, self.programme, Some(after))?;
        Ok(next.map(|(key, code)| (Of::Questionnaire(key), Next { key, code: Some(code) })))
    }
}

pub struct Next {
    pub key: QuestionnaireId,
    pub code: Option<String>,
}

pub type Page = (Vec<Vec<Cell>>, Option<QuestionnaireId>);

/// The rows of the first questionnaire after that one, and which one it is.
pub fn page(db: &mut Db, walk: &Walk, after: Option<QuestionnaireId>) -> Result<Page> {
    let Some((id, code)) = results::questionnaire_after(db, walk.programme, after)? else {
        return Ok((Vec::new(), None));
    };
    let mut rows = Vec::new();
    for (place, by) in SPLITS.into_iter().enumerate() {
        rows.extend(rows_of(db, walk, (id, &code), by, place == 0)?);
    }
    Ok((rows, Some(id)))
}

/// The core questions, added up over questionnaires.
pub fn core_rows(db: &mut Db, walk: &Walk) -> Result<Vec<Vec<Cell>>> {
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
    Ok(rows)
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

pub fn name_level(group: &mut ResultGroup, book: &Codebook) {
    if let (GroupKind::EducationLevel, Some(code)) = (group.kind, &group.code) {
        let level = book.find(CodeList::EducationLevel, code);
        group.label = level.map(|level| level.name_da.clone());
    }
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
        text: full_text(question),
        core: question.core.clone(),
        group: group.clone(),
        option,
    };
    let figures = group.figures.iter().flat_map(|figures| &figures.options);
    let options = question.options.iter().cloned().zip(figures.cloned());
    let rows: Vec<Row> = options.map(|option| row(Some(option))).collect();
    if rows.is_empty() { vec![row(None)] } else { rows }
}

/// What the codes of the first questionnaire after that one mean.
pub fn codebook(db: &mut Db, walk: &Walk, after: Option<QuestionnaireId>) -> Result<Page> {
    let Some((id, code)) = results::questionnaire_after(db, walk.programme, after)? else {
        return Ok((Vec::new(), None));
    };
    Ok((codes_of(db, walk, id, &code)?, Some(id)))
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
