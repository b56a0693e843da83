//! Large files of counts, in bounded memory and without holding anybody up.
//!
//! 1. **Staging**: the rows are read into the database, 2,000 at a time. All rows of a series of
//!    counts get the same step, since only together can they be judged; a step has about 1,000.
//! 2. **Checking**: each step is held against the rules, in a read of its own. Where anything is
//!    wrong the import ends here with all that is, and nothing is written (unless the good rows
//!    were asked for).
//! 3. **Applying**: each step is written in one transaction under the programme's lock, judged
//!    again in it, and marked done in the same transaction. Others write between two steps. Should
//!    the program end, the import goes on with the step that is next: no step is ever half done or
//!    done twice.
//!
//! So nothing is written of a file with an error, and a file without one is written as a whole,
//! though not in one moment: while it is applied, figures of the steps that are done are seen. The
//! things that can stop it half-way are what others do meanwhile: a count that contradicts the file
//! (the same series with an overlapping period), a period that is locked, a role that is taken away.
//! Then the import is `stopped`; what is written stays, and is told row by row: the file comes back
//! with what is not. Sent again, rows that are there are unchanged.

use csv::StringRecord;

use super::forget::forget;
use super::rows::{self, FaultRow, ImportRow, StagedRow};
use super::small::{judge, number};
use super::{Import, ImportKind, ImportState, Order, may_import};
use crate::accounts::sessions;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::ImportId;
use crate::participation;
use crate::participation::file;
use crate::sheets::{Header, Kept, Reason, Record, RowFault, Style};
use crate::store::{Db, Store};

/// More than that many faults of one row tell nobody anything.
const FAULTS_OF_A_ROW: usize = 20;
/// Whoever says nothing for so many seconds is gone.
const ABANDONED_AFTER: i64 = 60;
/// Of a file that is not read in yet, since it may wait behind others.
const LOST_AFTER: i64 = 60 * 60;

pub(super) type Progress<'a> = &'a mut dyn FnMut(&Import);

pub(super) fn header(
    kind: ImportKind,
    row: &StringRecord,
) -> std::result::Result<Header, Vec<(String, Fault)>> {
    match kind {
        ImportKind::Participation => participation::columns::header(row),
        _ => Header::read(kind.columns(), &[], row),
    }
}

/// An import that is there and whose rows are to come.
pub(super) fn begin(store: &Store, order: &Order) -> Result<ImportId> {
    store.write_here(order.programme, |db| {
        may_import(&order.caller, order.programme, order.kind)?;
        let row = ImportRow { worked_at: Some(order.now), ..order.row(ImportState::Staging) };
        rows::insert(db, &row)?;
        audit::record(db, order.caller.actor(), order.now, Event::new("import.started", row.id))?;
        Ok(row.id)
    })
}

/// Carries a staged import on from wherever it is.
pub(super) fn work(
    store: &Store,
    id: ImportId,
    clock: &dyn Fn() -> At,
    progress: Progress,
) -> Result<()> {
    loop {
        let row = store.read_here(|db| rows::find(db, id)?.ok_or(Error::NotFound))?;
        let done = match row.state {
            ImportState::Checking => check_step(store, row, clock()),
            ImportState::Applying => apply_step(store, row, clock()),
            _ => break,
        };
        let import = match done {
            Ok(import) => import,
            // The database is gone: what is written of the import says how it goes on.
            Err(error @ (Error::Store(_) | Error::NoConnection(_) | Error::Unexpected(_))) => {
                return Err(error);
            }
            Err(error) => give_up(store, id, &why(&error), clock())?,
        };
        progress(&import);
    }
    let row = store.read_here(|db| rows::find(db, id)?.ok_or(Error::NotFound))?;
    // What is stopped midway is told row by row.
    if row.error_count == 0 && row.state != ImportState::Stopped {
        forget(store, id)?;
    }
    Ok(())
}

/// What it takes to read the rows of an import again.
fn reading(row: &ImportRow) -> Result<(Header, Style)> {
    let gone = || Error::unexpected("an import without its header");
    let words: Vec<String> = read_json(row.header.clone().ok_or_else(gone)?)?;
    let style: Style = read_json(row.style.clone().ok_or_else(gone)?)?;
    let header = header(row.kind, &StringRecord::from(words)).map_err(|_| gone())?;
    Ok((header, style))
}

fn records(db: &mut Db, row: &ImportRow) -> Result<Vec<Record>> {
    let staged = rows::of_step(db, row.id, row.steps_done)?;
    staged.into_iter().map(record).collect()
}

pub(super) fn record(staged: StagedRow) -> Result<Record> {
    let cells: Vec<String> = serde_json::from_str(&staged.cells).map_err(Error::unexpected)?;
    Ok(Record {
        index: usize::try_from(staged.number).unwrap_or(0),
        line: u64::try_from(staged.line).unwrap_or(0),
        cells: StringRecord::from(cells),
    })
}

/// The next step of an import, held against the rules.
fn judged_step(
    db: &mut Db,
    row: &ImportRow,
    now: At,
) -> Result<(usize, file::Judged, Vec<RowFault>)> {
    let (header, style) = reading(row)?;
    let caller = sessions::on_behalf(db, row.imported_by, now)?;
    let sent = file::Sent {
        caller: &caller,
        programme: row.programme_id,
        header: &header,
        decimal_mark: style.decimal_mark,
        now,
    };
    let records = records(db, row)?;
    let (judged, faults) = judge(db, &sent, &records, row.partial)?;
    Ok((records.len(), judged, faults))
}

fn check_step(store: &Store, mut row: ImportRow, now: At) -> Result<Import> {
    if row.steps_done < row.steps {
        let (rows, judged, faults) = store.read_here(|db| judged_step(db, &row, now))?;
        return store.write_batch_here(|db| {
            let bad = keep_faults(db, &mut row, &faults)?;
            rows::mark_faulty(db, row.id, &bad)?;
            add(&mut row, rows, judged.done(), now);
            rows::update(db, &row)?;
            Ok(row.into())
        });
    }
    row.worked_at = Some(now);
    row.state = match (row.error_count > 0 && !row.partial, row.dry_run) {
        (true, _) => ImportState::Refused,
        (false, true) => ImportState::Checked,
        (false, false) => ImportState::Applying,
    };
    if row.state != ImportState::Checked {
        (row.created, row.corrected, row.unchanged, row.adjusted) = (0, 0, 0, 0);
        (row.steps_done, row.rows_done) = (0, 0);
    }
    row.finished_at = (row.state != ImportState::Applying).then_some(now);
    store.write_batch_here(|db| {
        rows::update(db, &row)?;
        Ok(row.into())
    })
}

fn apply_step(store: &Store, seen: ImportRow, now: At) -> Result<Import> {
    store.write_here(seen.programme_id, |db| {
        let mut row = rows::find(db, seen.id)?.ok_or(Error::NotFound)?;
        if row.state != ImportState::Applying || row.steps_done != seen.steps_done {
            return Ok(row.into());
        }
        let (rows, judged, faults) = judged_step(db, &row, now)?;
        let event = if faults.is_empty() || row.partial {
            judged.carry_out(db)?;
            let bad = keep_faults(db, &mut row, &faults)?;
            rows::mark_faulty(db, row.id, &bad)?;
            add(&mut row, rows - bad.len(), judged.done(), now);
            (row.steps_done == row.steps).then_some((ImportState::Applied, "import.applied"))
        } else {
            keep_faults(db, &mut row, &faults)?;
            Some((ImportState::Stopped, "import.stopped"))
        };
        if let Some((state, action)) = event {
            (row.state, row.finished_at) = (state, Some(now));
            audit::record(db, row.imported_by, now, Event::new(action, row.id))?;
        }
        rows::update(db, &row)?;
        Ok(row.into())
    })
}

fn add(row: &mut ImportRow, rows: usize, done: file::Done, now: At) {
    row.steps_done += 1;
    row.rows_done += number(rows);
    row.created += number(done.created);
    row.corrected += number(done.corrected);
    row.unchanged += number(done.unchanged);
    row.adjusted += number(done.adjusted);
    row.worked_at = Some(now);
}

/// Keeps what is wrong with rows, and counts it; the numbers of those rows.
pub(super) fn keep_faults(
    db: &mut Db,
    row: &mut ImportRow,
    faults: &[RowFault],
) -> Result<Vec<i32>> {
    let mut kept = Vec::new();
    let mut numbers = Vec::new();
    for of_row in faults.chunk_by(|a, b| a.index == b.index) {
        let index = of_row.first().and_then(|fault| fault.index);
        let place = index.map_or(-1, number);
        numbers.extend(index.map(number));
        for (position, fault) in of_row.iter().take(FAULTS_OF_A_ROW).enumerate() {
            let (code, args) = fault.reason.kept();
            kept.push(FaultRow {
                import_id: row.id,
                number: place,
                position: number(position),
                line: i64::try_from(fault.line).unwrap_or(i64::MAX),
                column_name: fault.column.clone(),
                value: fault.value.clone(),
                code,
                args: json(&args)?,
            });
        }
    }
    rows::add_faults(db, &kept)?;
    row.error_count += number(faults.len());
    if row.partial {
        row.rows_skipped += number(numbers.len());
    }
    Ok(numbers)
}

pub(super) fn fault_of(row: FaultRow) -> Result<RowFault> {
    let kept: Kept = read_json(row.args)?;
    Ok(RowFault {
        index: usize::try_from(row.number).ok(),
        line: u64::try_from(row.line).unwrap_or(0),
        column: row.column_name,
        value: row.value,
        reason: Reason::of_kept(row.code, kept),
    })
}

/// Ends an import whose file can't be read.
pub(super) fn refuse(store: &Store, id: ImportId, faults: Vec<RowFault>, now: At) -> Result<()> {
    store.write_batch_here(|db| {
        let mut row = rows::find(db, id)?.ok_or(Error::NotFound)?;
        keep_faults(db, &mut row, &faults)?;
        (row.state, row.finished_at) = (ImportState::Refused, Some(now));
        rows::update(db, &row)?;
        Ok(())
    })
}

/// Ends an import that can't be carried through: a role is lost, a file is gone.
pub(super) fn give_up(store: &Store, id: ImportId, why: &str, now: At) -> Result<Import> {
    store.write_here(id, |db| {
        let mut row = rows::find(db, id)?.ok_or(Error::NotFound)?;
        let written = row.state == ImportState::Applying && row.steps_done > 0;
        row.state = if written { ImportState::Stopped } else { ImportState::Failed };
        if !written {
            // What a check says that it would do.
            (row.created, row.corrected, row.unchanged, row.adjusted) = (0, 0, 0, 0);
            row.rows_done = 0;
        }
        (row.failure, row.finished_at) = (Some(why.to_string()), Some(now));
        rows::update(db, &row)?;
        audit::record(db, row.imported_by, now, Event::new("import.stopped", id))?;
        Ok(row.into())
    })
}

pub(super) fn why(error: &Error) -> String {
    match error {
        Error::NotFound | Error::Forbidden(_) | Error::Unauthenticated(_) => {
            "whoever sent it may not import here any more".to_string()
        }
        other => other.to_string(),
    }
}

/// Imports that nobody works on any more, taken over: their program ended.
pub(super) fn abandoned(store: &Store, now: At) -> Result<Vec<ImportId>> {
    let mut ours = Vec::new();
    for (states, seconds) in [
        (&[ImportState::Checking, ImportState::Applying][..], ABANDONED_AFTER),
        (&[ImportState::Staging], LOST_AFTER),
    ] {
        let since = now.plus_seconds(-seconds);
        for id in store.read_here(|db| Ok(rows::abandoned(db, states, since)?))? {
            if store.write_batch_here(|db| Ok(rows::claim(db, id, since, now)?))? == 1 {
                ours.push(id);
            }
        }
    }
    Ok(ours)
}

/// Carries on an import that was abandoned. One whose rows were still read in has lost its file.
pub(super) fn resume(store: &Store, id: ImportId, clock: &dyn Fn() -> At) -> Result<()> {
    let row = store.read_here(|db| rows::find(db, id)?.ok_or(Error::NotFound))?;
    if row.state == ImportState::Staging {
        give_up(store, id, "the program ended before all of the file was read in", clock())?;
        return forget(store, id);
    }
    work(store, id, clock, &mut |_| {})
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(Error::unexpected)
}

pub(super) fn read_json<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(Error::unexpected)
}
