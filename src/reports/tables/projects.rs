//! The table `projects`: the list by year.

use uuid::Uuid;

use super::catalogue::Kind::{Boolean, Date, Integer, Money, Partial, Text, Word, Year};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, summed, whole};
use super::portfolio::{Portfolio, name};
use crate::error::Result;
use crate::ids::ProjectId;
use crate::messages::Lang;
use crate::programmes::codes::{CodeList, Codebook};
use crate::projects::Project;
use crate::projects::spending::{self, Spending};
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 1,
    about: "\
The projects, by the year of their grant.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    focus_area_name: Option<String>,
    project_type_name: Option<String>,
    approach_names: Vec<String>,
    spent: Option<Spending>,
    project: Project,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("year", Year, "The year of the grant; empty where it is not known.", |row| {
        row.project.year.into()
    }),
    column("project", Text, "The project's code.", |row| row.project.code.as_str().into()),
    column("title", Text, "The project's title.", |row| row.project.title.as_str().into()),
    column("holder", Text, "The code of the organisation that runs it.", |row| {
        row.project.holder.as_str().into()
    }),
    column("holder_name", Text, "The organisation's name.", |row| {
        row.project.holder_name.as_str().into()
    }),
    column(
        "focus_area",
        Text,
        "From the code list `focus_area`; empty where none is set.",
        |row| row.project.focus_area.clone().into(),
    ),
    column("focus_area_name", Text, "What the focus area is called.", |row| {
        row.focus_area_name.clone().into()
    }),
    column(
        "project_type",
        Text,
        "From the code list `project_type`; empty where none is set.",
        |row| row.project.project_type.clone().into(),
    ),
    column("project_type_name", Text, "What the project type is called.", |row| {
        row.project_type_name.clone().into()
    }),
    column("status", Word, "`planned`, `ongoing`, `completed` or `cancelled`.", |row| {
        Cell::Word(row.project.status.as_str())
    }),
    column(
        "strategic",
        Boolean,
        "Whether the programme set it up itself instead of receiving an application.",
        |row| row.project.strategic.into(),
    ),
    column("summary", Text, "What the project is about; empty where nothing is written.", |row| {
        row.project.summary.clone().into()
    }),
    summed(
        "amount_dkk",
        Money,
        "What was granted, exact to the øre; empty, and never 0, where it is not known.",
        |row| money(row.project.granted_ore),
    ),
    column("grants", Integer, "How many grants it consists of.", |row| {
        row.project.grants.len().into()
    }),
    column("period_start", Partial, "As exact as it is known; empty where it is not.", |row| {
        row.project.period_start.into()
    }),
    column("period_end", Partial, "The end that holds, extensions included.", |row| {
        row.project.period_end_in_force.into()
    }),
    column("extensions", Integer, "How often the period was extended.", |row| {
        row.project.extensions.len().into()
    }),
    column("partners", Text, "The codes of the partners, with `|` between.", |row| {
        Cell::several(row.project.partners.iter().map(|partner| &partner.organisation))
    }),
    column(
        "partnership",
        Word,
        "`horizontal` (holder and partners on one level of education), `vertical` (across levels), \
         `none`, or `unknown` where it is not known what one of them gives.",
        |row| Cell::Word(row.project.partnership.as_str()),
    ),
    column("approaches", Text, "The codes of its approaches, with `|` between.", |row| {
        Cell::several(&row.project.approaches)
    }),
    column("approach_names", Text, "What they are called, with `|` between.", |row| {
        Cell::several(&row.approach_names)
    }),
    summed("total_budget_dkk", Money, "What it costs in all; empty where not known.", |row| {
        money(row.project.total_budget_ore)
    }),
    summed("own_cofinancing_dkk", Money, "What holder and partners pay themselves.", |row| {
        money(row.project.own_cofinancing_ore)
    }),
    summed("other_cofinancing_dkk", Money, "What others pay.", |row| {
        money(row.project.other_cofinancing_ore)
    }),
    summed(
        "spent_dkk",
        Money,
        "What had been spent of the grants, by the latest figure reported; empty where none is.",
        |row| money(row.spent.as_ref().map(|spent| spent.spent_ore)),
    ),
    column("spent_on", Date, "The day of that figure.", |row| {
        row.spent.as_ref().map(|spent| spent.on_date).into()
    }),
];

fn money(ore: Option<i64>) -> Cell {
    ore.map_or(Cell::Empty, Cell::Money)
}

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let Portfolio { book, projects } = Portfolio::load(db, walk)?;
    let ids: Vec<ProjectId> = projects.iter().map(|project| project.id).collect();
    let mut spent = spending::latest(db, &ids, walk.as_of, walk.as_of.day(walk.now))?;
    let row = |project: Project| {
        let named = |list, code: Option<&String>| named(&book, list, code, walk.lang);
        let approaches = project.approaches.iter();
        Row {
            programme: walk.code.to_string(),
            focus_area_name: named(CodeList::FocusArea, project.focus_area.as_ref()),
            project_type_name: named(CodeList::ProjectType, project.project_type.as_ref()),
            approach_names: approaches
                .filter_map(|code| named(CodeList::Approach, Some(code)))
                .collect(),
            spent: spent.remove(&project.id),
            project,
        }
    };
    let rows: Vec<Row> = projects.into_iter().map(row).collect();
    Ok(whole(COLUMNS, &rows))
}

fn named(book: &Codebook, list: CodeList, code: Option<&String>, lang: Lang) -> Option<String> {
    book.find(list, code?).map(|code| name(lang, code))
}
