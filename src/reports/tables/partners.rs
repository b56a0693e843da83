//! The table `partners`: how many projects have a partner of each education type, and whether
//! their partnerships stay on one level or span several.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::catalogue::Kind::{Integer, Text};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::facts::Facts;
use super::portfolio::{Portfolio, name};
use crate::error::Result;
use crate::programmes::codes::{Code, CodeList, Codebook};
use crate::programmes::reported_facts::{FactDimension, measures};
use crate::projects::{Partnership, Project};
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 2,
    about: "\
How many projects have an organisation of each education type among their holder and partners, types
below it included, and what kind of partnership they are. A project with several types counts in
each, so that the rows never add up to projects. Projects without partners are in no row; where no
project's partners are known, the figures are empty and not 0.",
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
    reported_projects: Cell,
}

impl Row {
    /// None of none is not known.
    fn known(&self, projects: usize) -> Cell {
        let is_known = self.of > 0 || self.without_partners.is_empty();
        is_known.then_some(projects).into()
    }
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
    column(
        "projects",
        Integer,
        "Projects with partners, where one of them or the holder is of this type or one below it.",
        |row| row.known(row.projects),
    ),
    column(
        "horizontal",
        Integer,
        "Of them those whose holder and partners all give education on the same level of the \
         tree's top.",
        |row| row.known(row.horizontal),
    ),
    column("vertical", Integer, "Of them those that span several levels of its top.", |row| {
        row.known(row.vertical)
    }),
    column("of_projects", Integer, "Of how many: the projects with partners.", |row| row.of.into()),
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
        "Projects with partners, of some of which it is not known what education they give: they \
         count for the types that are known.",
        |row| row.without_type.len().into(),
    ),
    column("without_type", Text, "Their codes, with `|` between.", |row| {
        Cell::several(&row.without_type)
    }),
    column(
        "reported_projects",
        Integer,
        "As a report prints it: beside `projects` and never mixed with it.",
        |row| row.reported_projects.clone(),
    ),
];

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let Portfolio { book, projects } = Portfolio::load(db, walk)?;
    let facts = Facts::load(db, walk)?;
    let codes = |taken: &dyn Fn(&&Project) -> bool| -> Vec<String> {
        projects.iter().filter(taken).map(|project| project.code.clone()).collect()
    };
    let without_partners = codes(&|project| project.partners.is_empty());
    let without_type = codes(&|project| project.partnership == Partnership::Unknown);
    let known: Vec<(&Project, BTreeSet<String>)> = projects
        .iter()
        .filter(|project| !project.partners.is_empty())
        .map(|project| (project, types(project, &book)))
        .collect();
    let row = |code: &Code| {
        let with: Vec<&Project> = known
            .iter()
            .filter(|(_, types)| types.contains(&code.code))
            .map(|(project, _)| *project)
            .collect();
        let count = |kind| with.iter().filter(|project| project.partnership == kind).count();
        let part = Some((FactDimension::EducationLevel, code.code.as_str()));
        Row {
            programme: walk.code.to_string(),
            code: code.code.clone(),
            name: name(walk.lang, code),
            depth: book.above(code.id).len(),
            parent: code.parent.clone(),
            projects: with.len(),
            horizontal: count(Partnership::Horizontal),
            vertical: count(Partnership::Vertical),
            of: known.len(),
            without_partners: without_partners.clone(),
            without_type: without_type.clone(),
            reported_projects: facts.count(measures::PROJECTS_WITH_PARTNER_TYPE, None, part),
        }
    };
    let rows: Vec<Row> = book.list(CodeList::EducationLevel).map(row).collect();
    Ok(whole(COLUMNS, &rows))
}

/// The types of holder and partners, and all above them.
fn types(project: &Project, book: &Codebook) -> BTreeSet<String> {
    let partners = project.partners.iter().filter_map(|one| one.education_type.as_deref());
    let mut within = BTreeSet::new();
    for word in partners.chain(project.holder_education_type.as_deref()) {
        if let Some(code) = book.find(CodeList::EducationLevel, word) {
            within.insert(code.code.clone());
            within.extend(book.above(code.id).into_iter().map(|id| book.word(id)));
        }
    }
    within
}
