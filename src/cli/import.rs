use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use maaltal::accounts::Caller;
use maaltal::imports::{self, Import, ImportKind, ImportReport, ImportState, Sent};
use maaltal::messages::Lang;
use maaltal::sheets::File;
use maaltal::store::Store;

use super::{Failure, now, programme};

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// What the file holds; docs/imports.md describes the columns of each
    kind: Kind,
    /// A CSV file of either dialect or an Excel workbook, columns in any order, Danish or English
    /// headers; - reads standard input
    file: PathBuf,
    /// The programme's code
    #[arg(long, value_name = "CODE")]
    programme: String,
    /// Check the file and say what it would do, without writing anything
    #[arg(long)]
    dry_run: bool,
    /// Take the good rows and leave out those with errors
    #[arg(long)]
    partial: bool,
    /// The sheet of a workbook; the first where not given
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Organisations,
    Projects,
    /// Indicators with their targets
    Targets,
    /// Applications with recommendation and decision
    Applications,
    /// Counts of participants
    Participation,
    /// Posted figures of indicators that can't be counted
    Values,
}

impl From<Kind> for ImportKind {
    fn from(kind: Kind) -> ImportKind {
        match kind {
            Kind::Organisations => ImportKind::Organisations,
            Kind::Projects => ImportKind::Projects,
            Kind::Targets => ImportKind::Targets,
            Kind::Applications => ImportKind::Applications,
            Kind::Participation => ImportKind::Participation,
            Kind::Values => ImportKind::Values,
        }
    }
}

/// All or nothing, unless the good rows are asked for; every error is told as CSV.
pub fn run(args: &ImportArgs, store: &Store) -> Result<(), Failure> {
    let file = read(&args.file)?;
    let programme = store.read_here(|db| programme::find(db, &args.programme))?;
    let sent = Sent {
        caller: Caller::Operator,
        programme,
        kind: args.kind.into(),
        file,
        sheet: args.sheet.clone(),
        dry_run: args.dry_run,
        partial: args.partial,
        now: now(),
    };
    let told = std::io::stderr().is_terminal();
    let mut last = 0;
    let mut progress = |import: &Import| {
        // Every so many rows, so that a log is no longer than the file.
        if told || import.rows_done / 50_000 != last / 50_000 {
            let end = if told { "\r" } else { "\n" };
            let Import { state, rows, rows_done, .. } = import;
            eprint!("{state}: {rows_done} of {rows} rows{end}");
        }
        last = import.rows_done;
    };
    let report = imports::import_here(store, sent, Lang::En, &now, &mut progress)?;
    tell(&report)
}

fn tell(report: &ImportReport) -> Result<(), Failure> {
    let ImportReport { rows, created, corrected, unchanged, skipped, error_count, .. } = report;
    if !report.errors.is_empty() {
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
    }
    let mut done =
        format!("{rows} rows: {created} created, {corrected} corrected, {unchanged} unchanged");
    if report.unfilled > 0 {
        done.push_str(&format!(", {} not filled in", report.unfilled));
    }
    let why = report.failure.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    let failed = match report.state {
        ImportState::Stopped => format!(
            "stopped{why}: {done}; {} rows are not written. Sent again, what is there is unchanged",
            report.not_written
        ),
        ImportState::Failed => format!("nothing was written{why}"),
        _ if *error_count > 0 && !report.applied && skipped == &0 => {
            format!("{error_count} errors in {rows} rows; nothing was written")
        }
        _ if *error_count > 0 => format!("{done}; {error_count} errors, {skipped} rows left out"),
        _ => {
            eprintln!(
                "{done}{}",
                if report.applied { "" } else { " (dry run: nothing was written)" }
            );
            return Ok(());
        }
    };
    Err(Failure::Failed(failed))
}

fn read(file: &Path) -> Result<File, Failure> {
    let wrong =
        |error: &dyn std::fmt::Display| Failure::Setting(format!("{}: {error}", file.display()));
    match file.to_str() {
        Some("-") => File::from_reader(std::io::stdin().lock()).map_err(|error| wrong(&error)),
        _ => {
            let opened = std::fs::File::open(file).map_err(|error| wrong(&error))?;
            File::from_reader(opened).map_err(|error| wrong(&error))
        }
    }
}
