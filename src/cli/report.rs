use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use maaltal::accounts::Caller;
use maaltal::messages::Lang;
use maaltal::reports::folder::{self, Refused, Written};
use maaltal::reports::{self, Asked, Edition, TableName};
use maaltal::store::{AsOf, Store};

use super::{Failure, now, programme};

#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The programme's code
    #[arg(long, value_name = "CODE")]
    programme: String,
    /// Up to and including that year, in the tables that take one
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1900..=2199))]
    year: Option<i32>,
    /// The folder to write; it must not exist, or be empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write over an older report in that folder
    #[arg(long)]
    force: bool,
    /// Of all that people read: da or en
    #[arg(long, value_name = "LANG", default_value = "da")]
    lang: Lang,
    /// As it stood at the end of that day in Denmark
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
}

/// Writes all tables of one moment. Nothing is left of a report that could not be finished.
pub fn run(args: ReportArgs, store: &Store) -> Result<(), Failure> {
    let ReportArgs { programme, year, out, force, lang, as_of } = args;
    let asked = Asked { as_of: AsOf::end_of(as_of), year, lang };
    folder::check(&out, force).map_err(failure)?;
    let (operator, now) = (Caller::Operator, now());
    let programme = store.read_here(|db| programme::find(db, &programme))?;
    let tables = TableName::ALL.iter().copied();
    reports::release_due_here(store, &operator, programme, tables, asked.as_of, now)?;
    let written = store.read_here(|db| {
        let edition = Edition::open(db, &operator, programme, asked, now)?;
        Ok(folder::write(db, &edition, &out, force))
    })?;
    let Written { tables } = written.map_err(failure)?;
    eprintln!("wrote {tables} tables, the workbook and the page to {}", out.display());
    Ok(())
}

fn failure(refused: Refused) -> Failure {
    match refused {
        Refused::Failed(error) => error.into(),
        Refused::Disk(..) => Failure::Failed(refused.to_string()),
        _ => Failure::Setting(refused.to_string()),
    }
}
