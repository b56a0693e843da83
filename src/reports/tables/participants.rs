//! The table `participants`: what is expected and what was reached, by education level and role.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::catalogue::Kind::{Decimal, Integer, Text, Word};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::portfolio::{Portfolio, name};
use super::standing::Standing;
use crate::error::Result;
use crate::indicators::IndicatorSource;
use crate::indicators::progress::{Progress, ProjectProgress};
use crate::indicators::target::Target;
use crate::messages::Lang;
use crate::participation::Counting;
use crate::programmes::codes::{CodeList, Codebook};
use crate::quantity::Quantity;
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 1,
    about: "\
Participants that the projects' indicators expect, and those they reached, by the education levels
and roles that the indicators count; then the counts that no indicator takes. All of them are sums
of counts and not of people: the same pupils can stand under two activities or two projects.
`unique` and `attendances` are never added. The programme's own goals are not among them: they
count over the projects. Up to a year it is what held and was reached by the end of it: targets that
held then, and counts whose period had begun.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

/// What one row adds up.
struct Row {
    programme: String,
    /// `indicators`, or `outside` of any.
    row: &'static str,
    levels: Vec<String>,
    level_names: Vec<String>,
    roles: Vec<String>,
    role_names: Vec<String>,
    counting: Counting,
    sums: Sums,
}

#[derive(Default)]
struct Sums {
    indicators: usize,
    expected: Option<i64>,
    original: Option<i64>,
    of_classes: Option<i64>,
    reached: Option<i64>,
    at_broader_level: Option<i64>,
    /// Indicators whose target has no figure of its own, or that have none.
    without_target: Vec<String>,
    /// Indicators for which nothing is counted.
    without_actual: Vec<String>,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column(
        "row",
        Word,
        "`indicators`, or `outside`: counts that no indicator takes, not even at a broader level.",
        |row| Cell::Word(row.row),
    ),
    column(
        "education_level",
        Text,
        "The codes of `education_level` that are counted, each with all below it, with `|` \
         between; empty where all are.",
        |row| Cell::several(&row.levels),
    ),
    column("education_level_name", Text, "What they are called.", |row| {
        Cell::several(&row.level_names)
    }),
    column(
        "role",
        Text,
        "The codes of `participant_role` that are counted, with `|` between; empty where all are.",
        |row| Cell::several(&row.roles),
    ),
    column("role_name", Text, "What they are called.", |row| Cell::several(&row.role_names)),
    column("counting", Word, "`unique` or `attendances`.", |row| Cell::Word(row.counting.as_str())),
    column("indicators", Integer, "How many indicators are in the row.", |row| {
        row.sums.indicators.into()
    }),
    column(
        "expected",
        Decimal,
        "The targets in force, added up: of a range its lower end, of classes the estimated pupils. \
         Empty where no target of the row has a figure.",
        |row| figure(row.sums.expected),
    ),
    column(
        "expected_of_classes",
        Decimal,
        "Of `expected`, what is estimated from a number of classes.",
        |row| figure(row.sums.of_classes),
    ),
    column("originally_expected", Decimal, "As `expected`, of the targets agreed first.", |row| {
        figure(row.sums.original)
    }),
    column(
        "reached",
        Decimal,
        "What was counted, added up; empty, and never 0, where nothing is counted.",
        |row| figure(row.sums.reached),
    ),
    column(
        "at_broader_level",
        Integer,
        "Counted at a level above the indicator's, or at none: some may belong here. Never added to \
         `reached`.",
        |row| row.sums.at_broader_level.into(),
    ),
    column(
        "without_target",
        Text,
        "The codes of the indicators that add nothing to `expected`, since they have no target or \
         one for each company, with `|` between.",
        |row| Cell::several(&row.sums.without_target),
    ),
    column(
        "indicators_without_actual",
        Integer,
        "How many indicators have nothing counted.",
        |row| row.sums.without_actual.len().into(),
    ),
    column("without_actual", Text, "Their codes, with `|` between.", |row| {
        Cell::several(&row.sums.without_actual)
    }),
];

fn figure(thousandths: Option<i64>) -> Cell {
    thousandths.map_or(Cell::Empty, Cell::Decimal)
}

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let portfolio = Portfolio::load(db, walk)?;
    let standing = Standing::load(db, walk, &portfolio)?;
    let rows = rows(walk, &portfolio.book, &standing.projects);
    Ok(whole(COLUMNS, &rows))
}

/// The places of the codes in their lists, so that rows stand in the order of the lists; those that
/// take all come last.
type Key = (Vec<usize>, Vec<usize>, Counting);

fn rows(walk: &Walk, book: &Codebook, projects: &[ProjectProgress]) -> Vec<Row> {
    let mut sums: BTreeMap<Key, Sums> = BTreeMap::new();
    let counted = projects
        .iter()
        .flat_map(|project| &project.indicators)
        .filter(|one| one.indicator.source == IndicatorSource::Participation);
    for progress in counted {
        let Some(filter) = &progress.indicator.filter else { continue };
        let levels = places(book, CodeList::EducationLevel, &filter.education_levels);
        let roles = places(book, CodeList::ParticipantRole, &filter.roles);
        sums.entry((levels, roles, filter.counting)).or_default().take(progress);
    }
    let row = |((levels, roles, counting), sums): (Key, Sums)| Row {
        programme: walk.code.to_string(),
        row: "indicators",
        levels: codes(book, CodeList::EducationLevel, &levels),
        level_names: names(book, CodeList::EducationLevel, &levels, walk.lang),
        roles: codes(book, CodeList::ParticipantRole, &roles),
        role_names: names(book, CodeList::ParticipantRole, &roles, walk.lang),
        counting,
        sums,
    };
    let mut rows: Vec<Row> = sums.into_iter().map(row).collect();
    rows.extend(Counting::ALL.iter().filter_map(|counting| outside(walk, projects, *counting)));
    rows
}

const ALL: usize = usize::MAX;

fn places(book: &Codebook, list: CodeList, chosen: &[String]) -> Vec<usize> {
    let mut places: Vec<usize> = book
        .list(list)
        .enumerate()
        .filter(|(_, code)| chosen.contains(&code.code))
        .map(|(place, _)| place)
        .collect();
    if places.is_empty() {
        places.push(ALL);
    }
    places
}

fn codes(book: &Codebook, list: CodeList, places: &[usize]) -> Vec<String> {
    let found = places.iter().filter_map(|place| book.list(list).nth(*place));
    found.map(|code| code.code.clone()).collect()
}

fn names(book: &Codebook, list: CodeList, places: &[usize], lang: Lang) -> Vec<String> {
    let found = places.iter().filter_map(|place| book.list(list).nth(*place));
    found.map(|code| name(lang, code)).collect()
}

fn outside(walk: &Walk, projects: &[ProjectProgress], counting: Counting) -> Option<Row> {
    let counted = projects.iter().filter_map(|project| match counting {
        Counting::Unique => project.outside_indicators.unique,
        Counting::Attendances => project.outside_indicators.attendances,
    });
    let reached = counted.map(|counted| Quantity::whole(counted).thousandths());
    let reached = reached.reduce(i64::saturating_add)?;
    Some(Row {
        programme: walk.code.to_string(),
        row: "outside",
        levels: Vec::new(),
        level_names: Vec::new(),
        roles: Vec::new(),
        role_names: Vec::new(),
        counting,
        sums: Sums { reached: Some(reached), ..Sums::default() },
    })
}

impl Sums {
    fn take(&mut self, progress: &Progress) {
        let code = &progress.indicator.code;
        self.indicators += 1;
        let target = progress.target.as_ref();
        match expected(target.map(|target| &target.target)) {
            Some(figure) => {
                add(&mut self.expected, figure.thousandths());
                if let Some(Target::Classes { .. }) = target.map(|target| &target.target) {
                    add(&mut self.of_classes, figure.thousandths());
                }
            }
            None => self.without_target.push(code.clone()),
        }
        let original = progress.original_target.as_ref().map(|target| &target.target);
        if let Some(figure) = expected(original) {
            add(&mut self.original, figure.thousandths());
        }
        // Of a target for each company the actual is a number of companies.
        let per_company =
            matches!(target.map(|target| &target.target), Some(Target::PerCompany { .. }));
        match progress.actual.filter(|_| !per_company) {
            Some(figure) => add(&mut self.reached, figure.thousandths()),
            None => self.without_actual.push(code.clone()),
        }
        if let Some(broader) = progress.at_broader_level {
            add(&mut self.at_broader_level, broader);
        }
    }
}

fn add(sum: &mut Option<i64>, figure: i64) {
    *sum = Some(sum.unwrap_or(0).saturating_add(figure));
}

/// What a target adds to what is expected; nothing where it is no number of participants.
pub fn expected(target: Option<&Target>) -> Option<Quantity> {
    target?.figure()
}
