//! The table `progress`: every indicator, and its parts, held against what was promised.

use std::collections::HashMap;
use std::rc::Rc;

use chrono::{Datelike, NaiveDate};

use uuid::Uuid;

use super::catalogue::Kind::{Boolean, Date, Decimal, Integer, Percent, Text, Word, Year};
use super::catalogue::{Column, Page as Rows, Table, Walk, abouts, cells, column};
use crate::error::Result;
use crate::ids::ProjectId;
use crate::indicators::compute::{self, ProgressState};
use crate::indicators::progress::{ActualKind, PartProgress, Progress};
use crate::indicators::survey::AnswersProgress;
use crate::indicators::target::Target;
use crate::indicators::{CountFilter, Indicator};
use crate::messages::Lang;
use crate::paging::Page;
use crate::progress_reports::{self, Assessed, Assessment};
use crate::projects;
use crate::quantity::Quantity;
use crate::reports::cell::Cell;
use crate::reports::faces::spoken;
use crate::store::Db;

/// Each may have dozens of rows.
const PAGE: u32 = 100;

pub const TABLE: Table =
    Table { version: 2, about: ABOUT, takes_year: true, columns: || abouts(COLUMNS), page };

const ABOUT: &str = "\
Every indicator of the programme itself and of its projects, with the target that held on the day.
Where a target is split by organisation, a row for each part follows the indicator's own: filter on
`row` before adding anything.";

/// The project that an indicator belongs to.
#[derive(Clone)]
struct Titled {
    code: String,
    title: String,
    year: Option<i32>,
    /// The latest, approved or known from another report.
    assessed: Option<Rc<Assessed>>,
}

/// An indicator's own row, or that of one part of its target.
struct Row {
    lang: Lang,
    programme: String,
    /// None for a goal of the programme itself.
    project: Option<Titled>,
    is_part: bool,
    indicator: Indicator,
    organisation: Option<String>,
    target: Option<Target>,
    original_target: Option<Target>,
    planned: Option<Quantity>,
    actual: Option<Quantity>,
    actual_kind: ActualKind,
    actual_on: Option<NaiveDate>,
    percent: Option<compute::Percent>,
    remaining: Option<Quantity>,
    at_broader_level: Option<i64>,
    over_activities: bool,
    without_organisation: Option<i64>,
    reported: Option<Quantity>,
    reported_on: Option<NaiveDate>,
    state: ProgressState,
    answers: Option<AnswersProgress>,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("project", Text, "The project's code; empty for a goal of the programme.", |row| {
        row.project.as_ref().map(|project| project.code.clone()).into()
    }),
    column("indicator", Text, "The indicator's code, unique in the programme.", |row| {
        row.indicator.code.as_str().into()
    }),
    column("title", Text, "What the indicator measures.", |row| {
        row.indicator.title.as_str().into()
    }),
    column(
        "row",
        Word,
        "`indicator`, or `part` for one organisation's part of the target of the indicator above.",
        |row| Cell::Word(if row.is_part { "part" } else { "indicator" }),
    ),
    column(
        "activity",
        Integer,
        "The activity's number in the project; empty for the project as a whole.",
        |row| row.indicator.activity.into(),
    ),
    column(
        "organisation",
        Text,
        "The code of the only organisation whose counts are taken, or whose part it is; empty \
         where all are.",
        |row| row.organisation.clone().into(),
    ),
    column("level", Word, "In the results chain: `output`, `outcome` or `impact`.", |row| {
        Cell::Word(row.indicator.level.as_str())
    }),
    column(
        "role",
        Text,
        "The codes of `participant_role` that are counted, with `|` between; empty where all are.",
        |row| several(row, |filter| &filter.roles),
    ),
    column(
        "education_level",
        Text,
        "The codes of `education_level` that are counted, each with all below it, with `|` \
         between; empty where all are.",
        |row| several(row, |filter| &filter.education_levels),
    ),
    column("unit", Text, "What the figures count.", |row| row.indicator.unit.as_str().into()),
    column(
        "target_shape",
        Word,
        "`at_least`, `range`, `classes`, `per_company`, `at_least_percent`, `none` (measured, \
         nothing promised); empty where no target is agreed.",
        |row| row.target.as_ref().map(shape).map_or(Cell::Empty, Cell::Word),
    ),
    column(
        "target",
        Decimal,
        "The least that is promised: for `classes` the estimated pupils, for `per_company` the \
         participants in each company.",
        |row| figure(least(row.target.as_ref())),
    ),
    column(
        "target_max",
        Decimal,
        "The most that is meant, for `range` and `per_company`.",
        |row| figure(row.target.as_ref().and_then(Target::maximum)),
    ),
    column("target_text", Text, "The target in words, in the language asked for.", |row| {
        row.target.as_ref().and_then(|target| spoken::target(row.lang, target)).into()
    }),
    column("target_classes", Integer, "The classes promised, for `classes`.", |row| {
        match row.target {
            Some(Target::Classes { classes, .. }) => classes.into(),
            _ => Cell::Empty,
        }
    }),
    column(
        "original_target",
        Decimal,
        "As `target`, of the target that was agreed first; the same where it was never revised.",
        |row| figure(least(row.original_target.as_ref())),
    ),
    column(
        "planned",
        Decimal,
        "How far the project meant to be on the day; empty where no plan says so.",
        |row| figure(row.planned),
    ),
    column(
        "actual",
        Decimal,
        "What was reached; empty where nothing is known. For `per_company` the companies that are \
         inside the range.",
        |row| figure(row.actual),
    ),
    column(
        "actual_kind",
        Word,
        "`counted` from participation, `surveyed` from answers, `posted` by hand, `reported` (known \
         from a report only) or `none`.",
        |row| Cell::Word(row.actual_kind.as_str()),
    ),
    column("percent", Percent, "`numerator` over `denominator`.", |row| {
        // Rounded to tenths where it was computed.
        row.percent.map(|percent| Cell::Percent(percent.percent.thousandths() / 100)).into()
    }),
    column(
        "remaining",
        Decimal,
        "What is missing to the target, never negative. For `per_company` the companies outside \
         the range. Empty where the state is `suppressed`.",
        |row| figure(row.remaining),
    ),
    column(
        "at_broader_level",
        Integer,
        "Participants counted at a level above the indicator's, or at none: some of them may \
         belong here. Never added to `actual`.",
        |row| row.at_broader_level.into(),
    ),
    column("numerator", Decimal, "Of `percent`.", |row| {
        figure(row.percent.map(|percent| percent.numerator))
    }),
    column("denominator", Decimal, "Of `percent`.", |row| {
        figure(row.percent.map(|percent| percent.denominator))
    }),
    column(
        "state",
        Word,
        "`no_target`, `no_data`, `suppressed` (hidden for the sake of anonymity), `below`, `reached`, \
         `exceeded` or `above_range`.",
        |row| Cell::Word(row.state.as_str()),
    ),
    column("counting", Word, "`unique` or `attendances`; empty where nothing is counted.", |row| {
        let filter = row.indicator.filter.as_ref();
        filter.map_or(Cell::Empty, |filter| Cell::Word(filter.counting.as_str()))
    }),
    column("actual_on", Date, "The day of a posted or reported `actual`.", |row| {
        row.actual_on.into()
    }),
    column(
        "over_activities",
        Boolean,
        "`true` where `actual` adds counts of several activities or projects: a sum of counts and \
         not of people, since the same pupils can stand under two.",
        |row| row.over_activities.into(),
    ),
    column(
        "without_organisation",
        Integer,
        "Participants in `actual` whose count names no organisation, where the target is per \
         organisation or other counts name one: the same people may stand in both.",
        |row| row.without_organisation.into(),
    ),
    column(
        "reported",
        Decimal,
        "The latest figure that a report gives: shown beside `actual`, never mixed with it.",
        |row| figure(row.reported),
    ),
    column("reported_on", Date, "The day of `reported`.", |row| row.reported_on.into()),
    column(
        "retired",
        Boolean,
        "Whether the indicator is retired: kept, and no longer aimed at.",
        |row| row.indicator.retired.into(),
    ),
    column("positive", Integer, "Of an indicator from answers: how many were positive.", |row| {
        row.answers.map(|answers| answers.numerator).into()
    }),
    column(
        "base",
        Integer,
        "Of an indicator from answers: those that `positive` is out of.",
        |row| row.answers.map(|answers| answers.denominator).into(),
    ),
    column(
        "missing",
        Integer,
        "Of an indicator from answers: how many were asked and did not answer.",
        |row| row.answers.map(|answers| answers.missing).into(),
    ),
    column(
        "on_paper",
        Integer,
        "Of an indicator from answers: how many of the responses in the figures came on paper.",
        |row| row.answers.map(|answers| answers.on_paper).into(),
    ),
    column(
        "held_back",
        Integer,
        "Of an indicator from answers: responses that are released and not in the figures, since \
         they are too few so far or, where there is a base, came on paper or before it was named.",
        |row| row.answers.map(|answers| answers.held_back).into(),
    ),
    column("project_title", Text, "The project's title.", |row| {
        row.project.as_ref().map(|project| project.title.clone()).into()
    }),
    column("project_year", Year, "The year of the project's grant.", |row| {
        row.project.as_ref().and_then(|project| project.year).into()
    }),
    column(
        "assessment",
        Word,
        "How the project comes along, by its latest progress report that is approved or known from \
         another report: `good`, `acceptable` or `slow`.",
        |row| assessed(row, |one| word(one.assessment)),
    ),
    column("assessment_state", Word, "`approved`, or `reported` by another report only.", |row| {
        assessed(row, |one| Cell::Word(one.state.as_str()))
    }),
    column("assessed_until", Date, "The last day of the period that it is about.", |row| {
        assessed(row, |one| one.period_end.into())
    }),
    column("assessment_comment", Text, "What was said with it.", |row| {
        assessed(row, |one| one.comment.clone().into())
    }),
];

fn word(assessment: Option<Assessment>) -> Cell {
    assessment.map_or(Cell::Empty, |one| Cell::Word(one.as_str()))
}

fn assessed(row: &Row, cell: impl Fn(&Assessed) -> Cell) -> Cell {
    let found = row.project.as_ref().and_then(|project| project.assessed.as_deref());
    found.map_or(Cell::Empty, cell)
}

fn figure(quantity: Option<Quantity>) -> Cell {
    quantity.map(|quantity| Cell::Decimal(quantity.thousandths())).into()
}

fn several(row: &Row, codes: impl Fn(&CountFilter) -> &Vec<String>) -> Cell {
    let codes = row.indicator.filter.as_ref().map(codes);
    codes.filter(|codes| !codes.is_empty()).map(|codes| codes.join("|")).into()
}

fn shape(target: &Target) -> &'static str {
    match target {
        Target::AtLeast { .. } => "at_least",
        Target::Range { .. } => "range",
        Target::Classes { .. } => "classes",
        Target::PerCompany { .. } => "per_company",
        Target::AtLeastPercent { .. } => "at_least_percent",
        Target::None {} => "none",
    }
}

fn least(target: Option<&Target>) -> Option<Quantity> {
    match target? {
        Target::PerCompany { minimum, .. } => Some((*minimum).into()),
        other => other.figure(),
    }
}

/// The programme's own goals and its first projects, or the projects after that one; and the last
/// of them where there are more.
fn page(db: &mut Db, walk: &Walk, after: Option<Uuid>) -> Result<Rows> {
    let page = Page::of(after.map(ProjectId), PAGE);
    let found = walk.progress(db, &page)?;
    let last = found.projects.last().map(|project| project.project_id.into());
    let next = last.filter(|_| found.next_cursor.is_some());
    let mut assessed: HashMap<ProjectId, Rc<Assessed>> = HashMap::new();
    for one in progress_reports::assessed(db, walk.programme, walk.as_of)? {
        // By period, so that the latest of each project is the one that stays.
        if one.assessment.is_some() && walk.is_up_to(Some(one.period_end.year())) {
            assessed.insert(one.project, Rc::new(one));
        }
    }
    let years = projects::years_of(db, walk.programme, walk.as_of)?;
    let mut rows = Vec::new();
    for goal in found.goals {
        add(&mut rows, walk, None, goal);
    }
    for project in found.projects {
        let year = years.get(&project.project_id).copied().flatten();
        if walk.is_up_to(year) {
            let titled = Titled {
                code: project.code,
                title: project.title,
                year,
                assessed: assessed.get(&project.project_id).cloned(),
            };
            for indicator in project.indicators {
                add(&mut rows, walk, Some(&titled), indicator);
            }
        }
    }
    Ok((rows, next))
}

fn add(rows: &mut Vec<Vec<Cell>>, walk: &Walk, project: Option<&Titled>, progress: Progress) {
    let own = Row {
        lang: walk.lang,
        programme: walk.code.to_string(),
        project: project.cloned(),
        is_part: false,
        organisation: progress.indicator.filter.as_ref().and_then(|one| one.organisation.clone()),
        indicator: progress.indicator,
        target: progress.target.map(|target| target.target),
        original_target: progress.original_target.map(|target| target.target),
        planned: progress.planned_by_now,
        actual: progress.actual,
        actual_kind: progress.actual_kind,
        actual_on: progress.actual_on,
        percent: progress.percent,
        remaining: progress.remaining,
        at_broader_level: progress.at_broader_level,
        over_activities: progress.over_activities,
        without_organisation: progress.without_organisation,
        reported: progress.reported.as_ref().map(|reported| reported.figure),
        reported_on: progress.reported.as_ref().map(|reported| reported.on_date),
        state: progress.state,
        answers: progress.answers,
    };
    rows.push(cells(COLUMNS, &own));
    rows.extend(progress.parts.into_iter().map(|part| cells(COLUMNS, &of_part(&own, part))));
}

fn of_part(own: &Row, part: PartProgress) -> Row {
    Row {
        lang: own.lang,
        programme: own.programme.clone(),
        project: own.project.clone(),
        is_part: true,
        indicator: own.indicator.clone(),
        organisation: Some(part.organisation),
        target: Some(Target::AtLeast { minimum: part.minimum.into() }),
        original_target: None,
        planned: None,
        actual_kind: part.actual.map_or(ActualKind::None, |_| ActualKind::Counted),
        actual: part.actual,
        actual_on: None,
        percent: part.percent,
        remaining: part.remaining,
        at_broader_level: None,
        over_activities: own.over_activities,
        without_organisation: None,
        reported: None,
        reported_on: None,
        state: part.state,
        answers: None,
    }
}
