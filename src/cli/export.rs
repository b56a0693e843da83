use std::io::BufWriter;

use chrono::NaiveDate;
use clap::Args;
use maaltal::accounts::Caller;
use maaltal::csv_text::Dialect;
use maaltal::messages::Lang;
use maaltal::reports::{self, Export, Reading, TableName, Wanted};
use maaltal::store::{AsOf, Store};

use super::{Failure, now, programme};

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Such as progress, projects or participation; docs/tables.md lists all and their columns
    table: TableName,
    /// The programme's code
    #[arg(long, value_name = "CODE")]
    programme: String,
    /// rfc4180 (comma, decimal point) or dk-excel (semicolon, decimal comma, BOM)
    #[arg(long, default_value = "rfc4180")]
    dialect: Dialect,
    /// As it stood at the end of that day in Denmark
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Up to and including that year, for the tables that take one
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1900..=2199))]
    year: Option<i32>,
    /// Of the names: da or en
    #[arg(long, value_name = "LANG", default_value = "da")]
    lang: Lang,
}

/// Writes a table to standard output. One that is cut short exits other than 0.
pub fn run(args: ExportArgs, store: &Store) -> Result<(), Failure> {
    let ExportArgs { table, programme, dialect, as_of, year, lang } = args;
    let wanted = Wanted { table, as_of: AsOf::end_of(as_of), year, lang };
    let (operator, now) = (Caller::Operator, now());
    let programme = store.read_here(|db| programme::find(db, &programme))?;
    let tables = std::iter::once(table);
    reports::release_due_here(store, &operator, programme, tables, wanted.as_of, now)?;
    let reading = store.read_here(|db| Reading::open(db, &operator, programme, wanted, now))?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    Ok(reports::export(store, Export::new(reading, dialect), &mut out)?)
}
