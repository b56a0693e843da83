use std::io::BufWriter;

use chrono::NaiveDate;
use clap::Args;
use maaltal::accounts::Caller;
use maaltal::csv_text::Dialect;
use maaltal::reports::{self, TableName, Wanted};
use maaltal::store::{AsOf, Store};

use super::{Failure, now, programme};

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// progress, participation, results, codebook, core_results, changes or response_rates;
    /// docs/tables.md describes their columns
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
}

/// Writes a table to standard output. One that is cut short exits other than 0.
pub fn run(args: ExportArgs, store: &Store) -> Result<(), Failure> {
    let ExportArgs { table, programme, dialect, as_of } = args;
    let programme = store.read_here(|db| programme::find(db, &programme))?;
    let wanted = Wanted { table, dialect, as_of: AsOf::end_of(as_of) };
    let mut out = BufWriter::new(std::io::stdout().lock());
    Ok(reports::export(store, &Caller::Operator, programme, wanted, now(), &mut out)?)
}
