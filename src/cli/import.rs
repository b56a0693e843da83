use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use maaltal::accounts::Caller;
use maaltal::messages::Lang;
use maaltal::participation;
use maaltal::store::Store;

use super::{Failure, now, programme};

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// What the file holds
    kind: Kind,
    /// A CSV file of either dialect, columns in any order, Danish or English headers; - reads
    /// standard input
    file: PathBuf,
    /// The programme's code
    #[arg(long, value_name = "CODE")]
    programme: String,
    /// Check the file and say what it would do, without writing anything
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Counts of participants
    Participation,
}

/// All or nothing: where any row has an error, every error is told as CSV and nothing is written.
pub fn run(args: &ImportArgs, store: &Store) -> Result<(), Failure> {
    let Kind::Participation = args.kind;
    let bytes = read(&args.file)?;
    let programme = store.read_here(|db| programme::find(db, &args.programme))?;
    let report = participation::import_file(
        store,
        &Caller::Operator,
        programme,
        &bytes,
        args.dry_run,
        now(),
        Lang::En,
    )?;
    if report.error_count > 0 {
        let mut out = csv::Writer::from_writer(std::io::stdout());
        let wrong = |error: csv::Error| Failure::Failed(error.to_string());
        out.write_record(["row", "column", "value", "code", "detail"]).map_err(wrong)?;
        for error in &report.errors {
            let row = error.row.to_string();
            let column = error.column.as_deref().unwrap_or_default();
            let value = error.value.as_deref().unwrap_or_default();
            let cells = [&row, column, value, error.code.as_str(), error.detail.as_str()];
            out.write_record(cells).map_err(wrong)?;
        }
        out.flush()?;
        let count = report.error_count;
        return Err(Failure::Failed(format!(
            "{count} errors in {} rows; nothing was written",
            report.rows
        )));
    }
    eprintln!(
        "{} rows: {} created, {} corrected, {} unchanged{}",
        report.rows,
        report.created,
        report.corrected,
        report.unchanged,
        if report.applied { "" } else { " (dry run: nothing was written)" }
    );
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match file.to_str() {
        Some("-") => std::io::stdin().read_to_end(&mut bytes).map(drop),
        _ => std::fs::read(file).map(|all| bytes = all),
    };
    read.map_err(|error| Failure::Setting(format!("{}: {error}", file.display())))?;
    Ok(bytes)
}
