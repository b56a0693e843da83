//! A table as JSON: a page of its rows, with the catalogue of their columns.

use chrono::NaiveDate;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Result;
use crate::ids::ProgrammeId;
use crate::messages::Lang;
use crate::paging;
use crate::reports::cell::Cell;
use crate::reports::reading::Reading;
use crate::reports::tables::catalogue::{About, title};
use crate::reports::tables::{Table, TableName};
use crate::store::Db;

/// A table that can be taken out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableAbout {
    #[schema(inline)]
    pub table: TableName,
    /// Rises whenever a column comes, goes or says something else.
    pub version: u32,
    /// What people call it.
    #[schema(example = "Støtte efter indsatsområde")]
    pub title: String,
    pub description: String,
    /// Whether it can be asked for up to and including a year.
    pub takes_year: bool,
    /// Whether it is a sheet of the workbook and a part of the report.
    pub in_report: bool,
    pub columns: Vec<ColumnAbout>,
}

/// A column of a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ColumnAbout {
    /// For programs; it never changes.
    #[schema(example = "amount_dkk")]
    pub name: String,
    /// What people call it.
    #[schema(example = "Beløb (kr.)")]
    pub title: String,
    /// How it is written.
    #[schema(example = "kroner, two decimals")]
    pub kind: String,
    pub description: String,
}

/// A page of a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TablePage {
    #[schema(inline)]
    pub table: TableName,
    pub version: u32,
    pub title: String,
    pub programme_id: ProgrammeId,
    /// The day, in Denmark, at whose end it stood so.
    pub day: NaiveDate,
    /// Up to and including that year; null where all are in.
    pub year: Option<i32>,
    pub columns: Vec<ColumnAbout>,
    /// One object for each row, its fields called as the columns are. Null is what is not known;
    /// it never means 0. Kroner are exact to the øre.
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Row>,
    /// For `cursor`, to get the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// One row, by the names of its columns.
#[derive(Debug, Clone)]
pub struct Row(Vec<(&'static str, Cell)>);

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, cell) in &self.0 {
            map.serialize_entry(name, cell)?;
        }
        map.end()
    }
}

/// All tables, with their columns.
pub fn catalogue(lang: Lang) -> Vec<TableAbout> {
    let about = |name: &TableName| {
        let Table { version, about, takes_year, .. } = name.table();
        TableAbout {
            table: *name,
            version: *version,
            title: name.title(lang),
            description: about.replace('\n', " "),
            takes_year: *takes_year,
            in_report: name.in_report(),
            columns: columns(*name, lang),
        }
    };
    TableName::ALL.iter().map(about).collect()
}

fn columns(table: TableName, lang: Lang) -> Vec<ColumnAbout> {
    let column = |about: About| ColumnAbout {
        name: about.name.to_string(),
        title: title(lang, table.as_str(), about.name),
        kind: about.kind.word().to_string(),
        description: about.text.to_string(),
    };
    table.columns().into_iter().map(column).collect()
}

/// The page that a reading stands at.
pub fn page(db: &mut Db, programme: ProgrammeId, mut reading: Reading) -> Result<TablePage> {
    let wanted = reading.wanted();
    let names: Vec<&'static str> =
        wanted.table.columns().iter().map(|column| column.name).collect();
    let rows = reading.next_rows(db)?.unwrap_or_default();
    let row = |cells: Vec<Cell>| Row(names.iter().copied().zip(cells).collect());
    Ok(TablePage {
        table: wanted.table,
        version: wanted.table.table().version,
        title: wanted.table.title(wanted.lang),
        programme_id: programme,
        day: reading.day(),
        year: wanted.year,
        columns: columns(wanted.table, wanted.lang),
        rows: rows.into_iter().map(row).collect(),
        next_cursor: reading.next_key().map(|key: Uuid| paging::cursor(key)),
    })
}
