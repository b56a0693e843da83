//! The table `approaches`: how many projects use each, in all and by focus area.

use uuid::Uuid;

use super::catalogue::Kind::{Integer, Text};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::portfolio::{Portfolio, name};
use crate::error::Result;
use crate::programmes::codes::CodeList;
use crate::projects::Project;
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 2,
    about: "\
How many projects use each approach: a row for all projects, then one for each focus area. A
project uses several, so that the rows never add up to projects.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    approach: String,
    name: String,
    focus_area: Option<String>,
    focus_area_name: Option<String>,
    projects: usize,
    of: usize,
    without: Vec<String>,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("approach", Text, "From the code list `approach`.", |row| row.approach.as_str().into()),
    column("name", Text, "What the code is called, in the language asked for.", |row| {
        row.name.as_str().into()
    }),
    column("focus_area", Text, "From the code list `focus_area`; empty for all projects.", |row| {
        row.focus_area.clone().into()
    }),
    column("focus_area_name", Text, "What the focus area is called.", |row| {
        row.focus_area_name.clone().into()
    }),
    column(
        "projects",
        Integer,
        "How many projects use it; empty, and not 0, where the approaches of none are known.",
        |row| {
            let is_known = row.of > 0 || row.without.is_empty();
            is_known.then_some(row.projects).into()
        },
    ),
    column(
        "of_projects",
        Integer,
        "Of how many: the projects of the focus area, or all, whose approaches are known.",
        |row| row.of.into(),
    ),
    column(
        "projects_without_approaches",
        Integer,
        "Projects of the focus area, or all, for which no approach is known: in neither figure.",
        |row| row.without.len().into(),
    ),
    column("without_approaches", Text, "Their codes, with `|` between.", |row| {
        Cell::several(&row.without)
    }),
];

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let portfolio = Portfolio::load(db, walk)?;
    let areas: Vec<_> = portfolio.book.list(CodeList::FocusArea).collect();
    let mut rows = Vec::new();
    for code in portfolio.book.list(CodeList::Approach) {
        for area in std::iter::once(None).chain(areas.iter().map(Some)) {
            let is_in = |project: &&Project| {
                area.is_none_or(|area| project.focus_area.as_deref() == Some(area.code.as_str()))
            };
            let (known, unknown): (Vec<&Project>, Vec<&Project>) = portfolio
                .projects
                .iter()
                .filter(is_in)
                .partition(|project| !project.approaches.is_empty());
            let uses = |project: &&&Project| project.approaches.contains(&code.code);
            rows.push(Row {
                programme: walk.code.to_string(),
                approach: code.code.clone(),
                name: name(walk.lang, code),
                focus_area: area.map(|area| area.code.clone()),
                focus_area_name: area.map(|area| name(walk.lang, area)),
                projects: known.iter().filter(uses).count(),
                of: known.len(),
                without: unknown.iter().map(|project| project.code.clone()).collect(),
            });
        }
    }
    Ok(whole(COLUMNS, &rows))
}
