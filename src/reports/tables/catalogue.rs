//! What a table is: a name, a version, a catalogue of columns, and rows from the domain.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::accounts::Caller;
use crate::clock::At;
use crate::error::Result;
use crate::ids::ProgrammeId;
use crate::messages::{self, Lang};
use crate::reports::cell::Cell;
use crate::store::{AsOf, Db};

/// What stands in a column, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// One of a few words that the column's text lists.
    Word,
    Integer,
    /// A whole number that nobody writes with a mark at the thousands.
    Year,
    Decimal,
    Percent,
    Money,
    Date,
    Partial,
    Moment,
    Boolean,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Word => "word",
            Kind::Integer => "whole number",
            Kind::Year => "year",
            Kind::Decimal => "number, up to three decimals",
            Kind::Percent => "per cent, one decimal",
            Kind::Money => "kroner, two decimals",
            Kind::Date => "date, ISO 8601",
            Kind::Partial => "year, month or day, ISO 8601",
            Kind::Moment => "time in UTC, ISO 8601",
            Kind::Boolean => "`true` or `false`",
        }
    }

    /// Whether figures stand in it, which people want at the right edge.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Integer | Kind::Decimal | Kind::Percent | Kind::Money)
    }
}

/// What a column is called and what it says. The name is for programs and never changes.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub name: &'static str,
    pub kind: Kind,
    pub text: &'static str,
    /// Whether adding up all rows says something; else no face shows a sum of it.
    pub adds_up: bool,
}

/// A column of a table whose rows are `R`.
pub struct Column<R> {
    pub about: About,
    pub(super) cell: fn(&R) -> Cell,
}

/// One line of a catalogue.
pub const fn column<R>(
    name: &'static str,
    kind: Kind,
    text: &'static str,
    cell: fn(&R) -> Cell,
) -> Column<R> {
    Column { about: About { name, kind, text, adds_up: false }, cell }
}

/// As [`column`], of figures whose sum over all rows says something.
pub const fn summed<R>(
    name: &'static str,
    kind: Kind,
    text: &'static str,
    cell: fn(&R) -> Cell,
) -> Column<R> {
    Column { about: About { name, kind, text, adds_up: true }, cell }
}

/// The cells of a row, in the order of the catalogue.
pub fn cells<R>(columns: &[Column<R>], row: &R) -> Vec<Cell> {
    columns.iter().map(|column| (column.cell)(row)).collect()
}

pub(super) fn abouts<R>(columns: &[Column<R>]) -> Vec<About> {
    columns.iter().map(|column| column.about).collect()
}

/// Some rows, and the key of the last where there may be more.
pub type Page = (Vec<Vec<Cell>>, Option<Uuid>);

/// All the rows of a table that is never long.
pub(super) fn whole<R>(columns: &[Column<R>], rows: &[R]) -> Page {
    (rows.iter().map(|row| cells(columns, row)).collect(), None)
}

/// A table as all faces know it.
pub struct Table {
    /// Rises whenever a column comes, goes or says something else.
    pub version: u32,
    pub about: &'static str,
    /// Whether it can be asked for up to a year.
    pub takes_year: bool,
    pub(super) columns: fn() -> Vec<About>,
    pub(super) page: fn(&mut Db, &Walk, Option<Uuid>) -> Result<Page>,
}

impl Table {
    pub fn columns(&self) -> Vec<About> {
        (self.columns)()
    }

    /// The first rows after that key.
    pub fn page(&self, db: &mut Db, walk: &Walk, after: Option<Uuid>) -> Result<Page> {
        (self.page)(db, walk, after)
    }
}

/// Who looks at which programme, as of when.
pub struct Walk<'a> {
    pub caller: &'a Caller,
    pub programme: ProgrammeId,
    /// The programme's code.
    pub code: &'a str,
    pub as_of: AsOf,
    /// Up to and including that year.
    pub year: Option<i32>,
    /// Of names that are written in two.
    pub lang: Lang,
    pub now: At,
}

impl Walk<'_> {
    /// The last day of the year that is asked for.
    pub fn until(&self) -> Option<NaiveDate> {
        self.year.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31))
    }

    /// Whether what was granted in that year is asked for. What has no year is: nothing says that
    /// it is later.
    pub fn is_up_to(&self, year: Option<i32>) -> bool {
        match (self.year, year) {
            (Some(last), Some(year)) => year <= last,
            _ => true,
        }
    }
}

/// What a column is called for people.
pub fn title(lang: Lang, table: &str, column: &str) -> String {
    let word = |text: &str| text.replace('_', "-");
    let own = format!("column-{}-{}", word(table), word(column));
    match messages::is_written(lang, &own) {
        true => messages::text(lang, &own, &[]),
        false => messages::text(lang, &format!("column-{}", word(column)), &[]),
    }
}
