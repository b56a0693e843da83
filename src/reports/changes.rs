//! The table `changes`: before against after.

use super::csv_out::Cell;
use super::results::{Page, Walk, first, full_text, name_level, number};
use super::tables::Kind::{Boolean, Decimal, Integer, Percent, Text};
use super::tables::{Column, cells, column};
use crate::error::Result;
use crate::ids::QuestionnaireId;
use crate::programmes::codes::Codebook;
use crate::store::Db;
use crate::surveys::result_view::{
    By, Change, FigureState, OptionFigures, OptionText, QuestionFigures, QuestionResults,
};

pub const ABOUT: &str = "\
Those who were asked before held against those who were asked after: one row for each group and
option, and one alone where there is nothing to show of a group. First the programme's core
questions, added up over all questionnaires that ask them (`questionnaire` is empty), and then each
questionnaire; each as a whole, by organisation and by education level.";

pub struct Row {
    programme: String,
    questionnaire: Option<String>,
    question: QuestionResults,
    change: Change,
    /// Its place among the question's options.
    option: Option<(usize, OptionText)>,
}

impl Row {
    fn option_of<'a>(&self, of: &'a Option<QuestionFigures>) -> Option<&'a OptionFigures> {
        let (at, _) = self.option.as_ref()?;
        of.as_ref()?.options.get(*at)
    }

    fn before(&self) -> Option<&OptionFigures> {
        self.option_of(&self.change.before)
    }

    fn after(&self) -> Option<&OptionFigures> {
        self.option_of(&self.change.after)
    }
}

fn n(of: &Option<QuestionFigures>) -> Cell {
    of.as_ref().map(|figures| figures.n).into()
}

fn share(of: Option<&OptionFigures>) -> Cell {
    let share = of.and_then(|figures| figures.share);
    share.map(|share| Cell::Percent(share.percent.thousandths() / 100)).into()
}

fn mean(of: &Option<QuestionFigures>) -> Cell {
    number(of.as_ref().and_then(|figures| figures.mean))
}

pub const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column(
        "questionnaire",
        Text,
        "The questionnaire's code; empty for a core question over all of them.",
        |row| row.questionnaire.clone().into(),
    ),
    column("question", Text, "The question's code, or `grid.statement`.", |row| {
        row.question.question.as_str().into()
    }),
    column("text", Text, "The question, in the questionnaire's first language.", |row| {
        full_text(&row.question).into()
    }),
    column(
        "core",
        Text,
        "The code of the programme's core question that it is; empty where it is none.",
        |row| row.question.core.clone().into(),
    ),
    column("group_kind", Text, "`whole`, `organisation` or `education_level`.", |row| {
        row.change.group.kind.as_str().into()
    }),
    column(
        "group",
        Text,
        "The organisation's or level's code; empty for those with none.",
        |row| row.change.group.code.clone().into(),
    ),
    column("group_label", Text, "The organisation's or level's name.", |row| {
        row.change.group.label.clone().into()
    }),
    column("before_state", Text, "`shown`, `suppressed` or `empty`, as in `results`.", |row| {
        row.change.before_state.as_str().into()
    }),
    column("after_state", Text, "`shown`, `suppressed` or `empty`, as in `results`.", |row| {
        row.change.after_state.as_str().into()
    }),
    column("suppressed", Boolean, "`true` where either state is `suppressed`.", |row| {
        let states = [row.change.before_state, row.change.after_state];
        states.contains(&FigureState::Suppressed).into()
    }),
    column("option", Text, "The option's code; empty for a number.", |row| {
        row.option.as_ref().map(|(_, option)| option.code.clone()).into()
    }),
    column("option_text", Text, "The option, in the questionnaire's first language.", |row| {
        row.option.as_ref().map(|(_, option)| first(&option.text)).into()
    }),
    column("before_count", Integer, "How many chose it before: the numerator.", |row| {
        row.before().map(|figures| figures.count).into()
    }),
    column("before_n", Integer, "How many answered before: the denominator.", |row| {
        n(&row.change.before)
    }),
    column("before_share", Percent, "`before_count` over `before_n`.", |row| share(row.before())),
    column("after_count", Integer, "How many chose it after: the numerator.", |row| {
        row.after().map(|figures| figures.count).into()
    }),
    column("after_n", Integer, "How many answered after: the denominator.", |row| {
        n(&row.change.after)
    }),
    column("after_share", Percent, "`after_count` over `after_n`.", |row| share(row.after())),
    column(
        "points",
        Decimal,
        "The share after less the share before, in percentage points, from the exact shares; empty \
         unless both are shown.",
        |row| {
            let code = row.option.as_ref().map(|(_, option)| option.code.as_str());
            let own = row.change.differences.iter().find(|one| Some(one.option.as_str()) == code);
            own.map(|one| Cell::Decimal(one.points.thousandths())).into()
        },
    ),
    column("before_mean", Decimal, "Of a number, to three decimals.", |row| {
        mean(&row.change.before)
    }),
    column("after_mean", Decimal, "Of a number, to three decimals.", |row| mean(&row.change.after)),
    column(
        "mean_difference",
        Decimal,
        "Of a number the mean after less the mean before, to three decimals.",
        |row| number(row.change.mean_difference),
    ),
];

/// The whole stands in both; once is enough.
const SPLITS: [By; 2] = [By::Organisation, By::EducationLevel];

pub fn page(db: &mut Db, walk: &Walk, after: Option<QuestionnaireId>) -> Result<Page> {
    let Some((of, next)) = walk.next(db, after)? else { return Ok((Vec::new(), None)) };
    let book = Codebook::load(db, walk.programme)?;
    let mut rows = Vec::new();
    for (place, by) in SPLITS.into_iter().enumerate() {
        for question in walk.results(db, of, Some(by))?.questions {
            let kind = question.groups.first().map(|whole| whole.group.kind);
            for change in &question.changes {
                if place > 0 && Some(change.group.kind) == kind {
                    continue;
                }
                let mut change = change.clone();
                name_level(&mut change.group, &book);
                let shown = change.before.is_some() || change.after.is_some();
                let options = question.options.iter().cloned().enumerate().map(Some);
                let mut options: Vec<_> = options.filter(|_| shown).collect();
                if options.is_empty() {
                    options.push(None);
                }
                for option in options {
                    let row = Row {
                        programme: walk.code.to_string(),
                        questionnaire: next.code.clone(),
                        question: question.clone(),
                        change: change.clone(),
                        option,
                    };
                    rows.push(cells(COLUMNS, &row));
                }
            }
        }
    }
    Ok((rows, Some(next.key)))
}
