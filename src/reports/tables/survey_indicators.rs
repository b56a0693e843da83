//! The table `survey_indicators`: indicators that are measured by asking, against their targets.

use uuid::Uuid;

use super::catalogue::Kind::{Boolean, Decimal, Integer, Percent, Text, Word};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::portfolio::Portfolio;
use super::standing::Standing;
use crate::error::Result;
use crate::indicators::progress::Progress;
use crate::indicators::{Indicator, IndicatorSource};
use crate::quantity::Quantity;
use crate::reports::cell::Cell;
use crate::store::Db;
use crate::surveys::shares::{Measure, ShareRule};

pub const TABLE: Table = Table {
    version: 1,
    about: "\
Indicators that are measured by answers to questionnaires, held against their targets; from releases
and nothing else.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    /// None for a goal of the programme itself.
    project: Option<String>,
    progress: Progress,
}

impl Row {
    fn rule(&self) -> Option<&ShareRule> {
        self.progress.indicator.survey.as_ref()
    }

    fn indicator(&self) -> &Indicator {
        &self.progress.indicator
    }
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("project", Text, "The project's code; empty for a goal of the programme.", |row| {
        row.project.clone().into()
    }),
    column("indicator", Text, "The indicator's code, unique in the programme.", |row| {
        row.indicator().code.as_str().into()
    }),
    column("title", Text, "What the indicator measures.", |row| {
        row.indicator().title.as_str().into()
    }),
    column(
        "questionnaires",
        Text,
        "The codes of the questionnaires that ask for it, with `|` between; empty where none is \
         named yet.",
        |row| Cell::several(row.rule().map_or(&[][..], |rule| &rule.questionnaires)),
    ),
    column("questions", Text, "The codes of their questions, with `|` between.", |row| {
        Cell::several(row.rule().map_or(&[][..], |rule| &rule.questions))
    }),
    column(
        "measure",
        Word,
        "`share` of the base in per cent, or `count` of the positive answers.",
        |row| {
            let measure = row.rule().map(|rule| rule.measure);
            measure.map_or(Cell::Empty, |measure: Measure| Cell::Word(measure.as_str()))
        },
    ),
    column(
        "target",
        Decimal,
        "The target in force, in per cent for a share; empty where nothing is promised.",
        |row| figure(row.progress.target.as_ref().and_then(|target| target.figure)),
    ),
    column("original_target", Decimal, "The target that was agreed first.", |row| {
        figure(row.progress.original_target.as_ref().and_then(|target| target.figure))
    }),
    column("actual", Decimal, "What was reached, in per cent for a share.", |row| {
        figure(row.progress.actual)
    }),
    column("positive", Integer, "How many answered positively: the numerator.", |row| {
        row.progress.answers.map(|answers| answers.numerator).into()
    }),
    column("base", Integer, "Those that `positive` is out of: the denominator.", |row| {
        row.progress.answers.map(|answers| answers.denominator).into()
    }),
    column("missing", Integer, "How many were asked and did not answer.", |row| {
        row.progress.answers.map(|answers| answers.missing).into()
    }),
    column("percent", Percent, "`actual` over `target`.", |row| {
        let percent = row.progress.percent;
        percent.map(|percent| Cell::Percent(percent.percent.thousandths() / 100)).into()
    }),
    column(
        "state",
        Word,
        "`no_target`, `no_data`, `suppressed` (hidden for the sake of anonymity), `below`, `reached`, \
         `exceeded` or `above_range`.",
        |row| Cell::Word(row.progress.state.as_str()),
    ),
    column("reported", Decimal, "The latest figure that a report gives: never mixed in.", |row| {
        figure(row.progress.reported.as_ref().map(|reported| reported.figure))
    }),
    column("retired", Boolean, "Whether the indicator is retired.", |row| {
        row.indicator().retired.into()
    }),
];

fn figure(quantity: Option<Quantity>) -> Cell {
    quantity.map_or(Cell::Empty, |quantity| Cell::Decimal(quantity.thousandths()))
}

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let portfolio = Portfolio::load(db, walk)?;
    let Standing { goals, projects } = Standing::load(db, walk, &portfolio)?;
    let programme = || walk.code.to_string();
    let mut rows: Vec<Row> = goals
        .into_iter()
        .map(|progress| Row { programme: programme(), project: None, progress })
        .collect();
    for project in projects {
        let of = |progress| {
            let project = Some(project.code.clone());
            Row { programme: programme(), project, progress }
        };
        rows.extend(project.indicators.into_iter().map(of));
    }
    rows.retain(|row| row.indicator().source == IndicatorSource::Survey);
    Ok(whole(COLUMNS, &rows))
}
