//! The table `partners`: how many projects have a partner of each education type, and whether
//! their partnerships stay on one level or span several.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::catalogue::Kind::{Integer, Text};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::portfolio::{Portfolio, name};
use crate::error::Result;
use crate::programmes::codes::{Code, CodeList, Codebook};
use crate::projects::Project;
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 1,
    about: "\
How many projects have a partner of each education type, types below it included, and what kind of
partnership they are. A project with partners of several types counts in each, so that the rows
never add up to projects.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    code: String,
    name: String,
    depth: usize,
    parent: Option<String>,
    projects: usize,
    horizontal: usize,
    vertical: usize,
    of: usize,
    without_partners: Vec<String>,
    without_type: Vec<String>,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("education_type", Text, "From the code list `education_level`.", |row| {
        row.code.as_str().into()
    }),
    column("name", Text, "What the code is called, in the language asked for.", |row| {
        row.name.as_str().into()
    }),
    column("parent", Text, "The code above it in the tree.", |row| row.parent.clone().into()),
    column("depth", Integer, "How deep it stands in the tree, from 0.", |row| row.depth.into()),
    column("projects", Integer, "Projects with a partner of this type or one below it.", |row| {
        row.projects.into()
    }),
    column(
        "horizontal",
        Integer,
        "Of them with partners on one level of the tree's top only.",
        |row| row.horizontal.into(),
    ),
    column("vertical", Integer, "Of them with partners on several levels of its top.", |row| {
        row.vertical.into()
    }),
    column(
        "of_projects",
        Integer,
        "Of how many: the projects with a partner whose education type is known.",
        |row| row.of.into(),
    ),
    column(
        "projects_without_partners",
        Integer,
        "Projects for which no partner is known: in no figure.",
        |row| row.without_partners.len().into(),
    ),
    column("without_partners", Text, "Their codes, with `|` between.", |row| {
        Cell::several(&row.without_partners)
    }),
    column(
        "projects_without_type",
        Integer,
        "Projects with partners, none of which has an education type: in no figure.",
        |row| row.without_type.len().into(),
    ),
    column("without_type", Text, "Their codes, with `|` between.", |row| {
        Cell::several(&row.without_type)
    }),
];

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let Portfolio { book, projects } = Portfolio::load(db, walk)?;
    let codes = |taken: &dyn Fn(&&Project) -> bool| -> Vec<String> {
        projects.iter().filter(taken).map(|project| project.code.clone()).collect()
    };
    let without_partners = codes(&|project| project.partners.is_empty());
    let without_type =
        codes(&|project| !project.partners.is_empty() && types(project).next().is_none());
    let known: Vec<Partnership> = projects
        .iter()
        .filter(|project| types(project).next().is_some())
        .map(|project| Partnership::of(project, &book))
        .collect();
    let row = |code: &Code| {
        let with: Vec<&Partnership> =
            known.iter().filter(|one| one.within.contains(&code.code)).collect();
        Row {
            programme: walk.code.to_string(),
            code: code.code.clone(),
            name: name(walk.lang, code),
            depth: book.above(code.id).len(),
            parent: code.parent.clone(),
            projects: with.len(),
            horizontal: with.iter().filter(|one| !one.vertical).count(),
            vertical: with.iter().filter(|one| one.vertical).count(),
            of: known.len(),
            without_partners: without_partners.clone(),
            without_type: without_type.clone(),
        }
    };
    let rows: Vec<Row> = book.list(CodeList::EducationLevel).map(row).collect();
    Ok(whole(COLUMNS, &rows))
}

fn types(project: &Project) -> impl Iterator<Item = &str> {
    project.partners.iter().filter_map(|partner| partner.education_type.as_deref())
}

struct Partnership {
    /// The types of the partners and all above them.
    within: BTreeSet<String>,
    vertical: bool,
}

impl Partnership {
    fn of(project: &Project, book: &Codebook) -> Partnership {
        let (mut within, mut tops) = (BTreeSet::new(), BTreeSet::new());
        for code in types(project).filter_map(|word| book.find(CodeList::EducationLevel, word)) {
            let above = book.above(code.id);
            tops.insert(book.word(above.last().copied().unwrap_or(code.id)));
            within.insert(code.code.clone());
            within.extend(above.into_iter().map(|id| book.word(id)));
        }
        Partnership { within, vertical: tops.len() > 1 }
    }
}
