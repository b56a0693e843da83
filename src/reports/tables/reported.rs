//! The table `reported`: every figure that a report prints, held against what the records say.

use uuid::Uuid;

use super::catalogue::Kind::{Date, Decimal, Integer, Text, Word, Year};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::computed::{Found, Held, Records, held};
use super::facts::Facts;
use super::portfolio::name;
use crate::error::Result;
use crate::messages::{self, Lang};
use crate::programmes::codes::CodeList;
use crate::programmes::reported_facts::{FactDimension, ReportedFact};
use crate::quantity::Quantity;
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 2,
    about: "\
Every figure that a report prints, and what the records say of the same. The two are never mixed.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    fact: ReportedFact,
    measure_name: String,
    category_name: Option<String>,
    found: Option<Found>,
    held: Held,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column(
        "measure",
        Text,
        "What is measured: `granted`, `projects`, `expected_participants` and others.",
        |row| row.fact.measure.as_str().into(),
    ),
    column("measure_name", Text, "What the measure is called, in the language asked for.", |row| {
        row.measure_name.as_str().into()
    }),
    column("year", Year, "The year that it is about; empty for the whole programme.", |row| {
        row.fact.year.into()
    }),
    column("dimension", Word, "What it is broken down by; empty for a total.", |row| {
        row.fact.dimension.map_or(Cell::Empty, |one| Cell::Word(one.as_str()))
    }),
    column("category", Text, "The part that it is about, as a code of the dimension.", |row| {
        row.fact.category.clone().into()
    }),
    column("category_name", Text, "What the part is called.", |row| {
        row.category_name.clone().into()
    }),
    column("unit", Word, "`kroner`, `count` or `percent`.", |row| {
        Cell::Word(row.fact.unit.as_str())
    }),
    column("printed_value", Decimal, "The printed figure; kroner in full.", |row| {
        figure(Some(row.fact.value))
    }),
    column("printed", Text, "As it is printed, which tells how exact it is.", |row| {
        row.fact.printed.clone().into()
    }),
    column(
        "computed",
        Decimal,
        "What the records say, of what is known; empty where they say nothing of it.",
        |row| figure(row.found.map(|found| found.figure)),
    ),
    column("difference", Decimal, "`printed_value` less `computed`.", |row| {
        let found = row.found.map(|found| {
            let off = row.fact.value.thousandths().saturating_sub(found.figure.thousandths());
            Quantity::of_thousandths(off)
        });
        figure(found)
    }),
    column("lacking", Integer, "How many projects lack what `computed` takes.", |row| {
        row.found.map(|found| found.lacking).into()
    }),
    column(
        "held",
        Word,
        "`agrees` (as exactly as it is printed), `differs`, `incomplete` (projects lack what it \
         takes, and what is known does not contradict it) or `not_computed`.",
        |row| Cell::Word(row.held.as_str()),
    ),
    column("on_date", Date, "The day that the figure holds for.", |row| row.fact.on_date.into()),
    column("source", Text, "Which report.", |row| row.fact.source.as_str().into()),
    column("page", Text, "Where in it.", |row| row.fact.page.clone().into()),
    column("note", Text, "What was noted with it.", |row| row.fact.note.clone().into()),
    column(
        "named",
        Text,
        "The projects that the report names with it, by their codes or as it calls them, with `|` \
         between.",
        |row| Cell::several(&row.fact.projects),
    ),
];

fn figure(quantity: Option<Quantity>) -> Cell {
    quantity.map_or(Cell::Empty, |quantity| Cell::Decimal(quantity.thousandths()))
}

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let records = Records::load(db, walk)?;
    let row = |fact: ReportedFact| {
        let found = records.of(&fact);
        Row {
            programme: walk.code.to_string(),
            measure_name: measure_name(walk.lang, &fact.measure),
            category_name: category_name(walk, &records, &fact),
            held: held(&fact, found),
            found,
            fact,
        }
    };
    let rows: Vec<Row> = Facts::load(db, walk)?.0.into_iter().map(row).collect();
    Ok(whole(COLUMNS, &rows))
}

/// What a measure is called; its own word where that is not written.
pub fn measure_name(lang: Lang, measure: &str) -> String {
    let id = format!("measure-{}", measure.replace('_', "-"));
    match messages::is_written(lang, &id) {
        true => messages::text(lang, &id, &[]),
        false => measure.to_string(),
    }
}

fn category_name(walk: &Walk, records: &Records, fact: &ReportedFact) -> Option<String> {
    let list = match fact.dimension? {
        FactDimension::FocusArea => CodeList::FocusArea,
        FactDimension::ProjectType => CodeList::ProjectType,
        FactDimension::Approach => CodeList::Approach,
        FactDimension::EducationLevel => CodeList::EducationLevel,
        FactDimension::ParticipantRole => CodeList::ParticipantRole,
        FactDimension::RoundKind => CodeList::RoundKind,
        FactDimension::Status | FactDimension::Group => return None,
    };
    let code = records.portfolio.book.find(list, fact.category.as_deref()?)?;
    Some(name(walk.lang, code))
}
