//! The tables `focus_areas`, `project_types` and `statuses`: projects and what was granted to them,
//! by what each project is one of.

use uuid::Uuid;

use super::catalogue::Kind::{Integer, Money, Percent, Text, Word};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, summed, whole};
use super::facts::Facts;
use super::portfolio::{Portfolio, Support, name};
use super::shares;
use crate::error::Result;
use crate::programmes::codes::CodeList;
use crate::programmes::reported_facts::{FactDimension, measures};
use crate::projects::{Project, ProjectStatus};
use crate::reports::cell::Cell;
use crate::store::Db;

pub const FOCUS_AREAS: Table = Table {
    version: 1,
    about: "\
Support by focus area. A project that has none stands in a row without a code.",
    takes_year: true,
    columns: || abouts(&focus_area_columns()),
    page: focus_areas,
};

pub const PROJECT_TYPES: Table = Table {
    version: 1,
    about: "\
Support by project type. A project that has none stands in a row without a code.",
    takes_year: true,
    columns: || abouts(&project_type_columns()),
    page: project_types,
};

pub const STATUSES: Table = Table {
    version: 1,
    about: "\
Projects by where they are in their life.",
    takes_year: true,
    columns: || abouts(&status_columns()),
    page: statuses,
};

struct Row {
    programme: String,
    word: Option<&'static str>,
    code: Option<String>,
    name: Option<String>,
    support: Support,
    projects_share: Option<i64>,
    share: Option<i64>,
    /// Projects, amount and share, as a report prints them.
    reported: [Cell; 3],
}

fn focus_area_columns() -> Vec<Column<Row>> {
    coded("focus_area", "From the code list `focus_area`; empty for projects without one.")
}

fn project_type_columns() -> Vec<Column<Row>> {
    coded("project_type", "From the code list `project_type`; empty for projects without one.")
}

fn coded(code: &'static str, text: &'static str) -> Vec<Column<Row>> {
    let mut columns = vec![
        programme(),
        column(code, Text, text, |row| row.code.clone().into()),
        column("name", Text, "What the code is called, in the language asked for.", |row| {
            row.name.clone().into()
        }),
    ];
    columns.extend(figures());
    columns
}

fn status_columns() -> Vec<Column<Row>> {
    let text = "`planned`, `ongoing`, `completed` or `cancelled`.";
    let mut columns = vec![programme(), column("status", Word, text, |row| word(row.word))];
    columns.extend(figures());
    columns
}

fn programme() -> Column<Row> {
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into())
}

fn word(word: Option<&'static str>) -> Cell {
    word.map_or(Cell::Empty, Cell::Word)
}

fn figures() -> Vec<Column<Row>> {
    vec![
        summed("projects", Integer, "How many projects.", |row| row.support.projects.into()),
        summed(
            "projects_share",
            Percent,
            "`projects` over the projects of all rows, rounded by the largest remainder so that \
             the rows add up to 100.0.",
            |row| percent(row.projects_share),
        ),
        summed(
            "amount_dkk",
            Money,
            "What was granted to them, exact to the øre; of those whose grant is known. Empty where \
             no grant of the row is known.",
            |row| money(row.support.amount()),
        ),
        summed(
            "amount_share",
            Percent,
            "`amount_dkk` over the amounts of all rows, rounded by the largest remainder so that \
             the rows add up to 100.0.",
            |row| percent(row.share),
        ),
        summed(
            "projects_without_amount",
            Integer,
            "Projects whose grant is not known: in `projects` and not in `amount_dkk`.",
            |row| row.support.without_amount.len().into(),
        ),
        column("without_amount", Text, "Their codes, with `|` between.", |row| {
            Cell::several(&row.support.without_amount)
        }),
        summed(
            "reported_projects",
            Integer,
            "Projects, as a report prints them: beside `projects` and never mixed with it.",
            |row| row.reported[0].clone(),
        ),
        summed(
            "reported_amount_dkk",
            Money,
            "The amount, as a report prints it: beside `amount_dkk` and never mixed with it.",
            |row| row.reported[1].clone(),
        ),
        summed(
            "reported_share",
            Percent,
            "The share of the amount, as a report prints it, even where that does not add up.",
            |row| row.reported[2].clone(),
        ),
    ]
}

fn money(ore: Option<i64>) -> Cell {
    ore.map_or(Cell::Empty, Cell::Money)
}

fn percent(tenths: Option<i64>) -> Cell {
    tenths.map_or(Cell::Empty, Cell::Percent)
}

fn focus_areas(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let rows = by_code(db, walk, CodeList::FocusArea, FactDimension::FocusArea, |project| {
        project.focus_area.as_deref()
    })?;
    Ok(whole(&focus_area_columns(), &rows))
}

fn project_types(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let rows = by_code(db, walk, CodeList::ProjectType, FactDimension::ProjectType, |project| {
        project.project_type.as_deref()
    })?;
    Ok(whole(&project_type_columns(), &rows))
}

fn by_code(
    db: &mut Db,
    walk: &Walk,
    list: CodeList,
    dimension: FactDimension,
    of: impl Fn(&Project) -> Option<&str>,
) -> Result<Vec<Row>> {
    let portfolio = Portfolio::load(db, walk)?;
    let facts = Facts::load(db, walk)?;
    let mut rows = Vec::new();
    for code in portfolio.book.list(list) {
        let support = portfolio.support(|project| of(project) == Some(code.code.as_str()));
        // A retired code stays where it is used.
        if support.projects > 0 || !code.retired {
            let name = Some(name(walk.lang, code));
            let reported = reported(&facts, (dimension, &code.code));
            rows.push(Row {
                code: Some(code.code.clone()),
                name,
                reported,
                ..row(walk, None, support)
            });
        }
    }
    let support = portfolio.support(|project| of(project).is_none());
    if support.projects > 0 {
        rows.push(row(walk, None, support));
    }
    Ok(with_shares(rows))
}

fn statuses(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let portfolio = Portfolio::load(db, walk)?;
    let facts = Facts::load(db, walk)?;
    let of = |status: &ProjectStatus| {
        let support = portfolio.support(|project| project.status == *status);
        let reported = reported(&facts, (FactDimension::Status, status.as_str()));
        Row { reported, ..row(walk, Some(status.as_str()), support) }
    };
    let rows = with_shares(ProjectStatus::ALL.iter().map(of).collect());
    Ok(whole(&status_columns(), &rows))
}

fn reported(facts: &Facts, part: (FactDimension, &str)) -> [Cell; 3] {
    let part = Some(part);
    [
        facts.count(measures::PROJECTS, None, part),
        facts.money(measures::GRANTED, None, part),
        facts.percent(measures::GRANTED_SHARE, None, part),
    ]
}

/// Without anything to tell the row from the others.
fn row(walk: &Walk, word: Option<&'static str>, support: Support) -> Row {
    Row {
        programme: walk.code.to_string(),
        word,
        code: None,
        name: None,
        support,
        projects_share: None,
        share: None,
        reported: [Cell::Empty, Cell::Empty, Cell::Empty],
    }
}

fn with_shares(mut rows: Vec<Row>) -> Vec<Row> {
    let counts: Vec<i64> = rows.iter().map(|row| row.support.projects as i64).collect();
    let amounts: Vec<i64> = rows.iter().map(|row| row.support.known()).collect();
    let (counts, amounts) = (shares::percent(&counts), shares::percent(&amounts));
    for (at, row) in rows.iter_mut().enumerate() {
        row.projects_share = counts.as_ref().map(|shares| shares[at]);
        let known = row.support.amount().is_some();
        row.share = amounts.as_ref().map(|shares| shares[at]).filter(|_| known);
    }
    rows
}
