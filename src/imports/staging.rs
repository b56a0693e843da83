//! How the rows of a large file are read into the database: `large.rs` says what for.

use super::large::{Progress, give_up, header, json, keep_faults, refuse, why};
use super::rows::{self, StagedRow, StepRow};
use super::small::number;
use super::{Import, ImportState, Opened, Order, header_faults};
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::ImportId;
use crate::participation::file::{self, Sorter};
use crate::sheets::{Header, Record, RowFault, Source, Style};
use crate::store::Store;

/// As many as all of a large country's schools count in a year.
const MOST_ROWS: usize = 1_000_000;
/// Read in at a time.
const STAGED_AT_ONCE: usize = 2_000;
/// Written at a time later on, about: a fifth of a second.
const STEP_ROWS: u64 = 1_000;

/// What goes on from one part of the staging to the next.
struct Stage<'a> {
    order: &'a Order,
    id: ImportId,
    header: &'a Header,
    style: Style,
    steps: u64,
}

/// Reads in the rows; where that can't be done, the import is over.
pub(super) fn stage(
    store: &Store,
    id: ImportId,
    opened: Opened,
    clock: &dyn Fn() -> At,
    progress: Progress,
) -> Result<()> {
    let done = read_in(store, id, opened, clock, progress);
    if let Err(error) = &done {
        give_up(store, id, &why(error), clock())?;
    }
    done
}

fn read_in(
    store: &Store,
    id: ImportId,
    opened: Opened,
    clock: &dyn Fn() -> At,
    progress: Progress,
) -> Result<()> {
    let Opened { order, source, head, .. } = opened;
    let mut source = match source {
        Ok(source) => source,
        Err(fault) => return refuse(store, id, vec![RowFault::of_header(None, fault)], clock()),
    };
    let columns = match header(order.kind, &source.header) {
        Ok(columns) => columns,
        Err(all) => return refuse(store, id, header_faults(all), clock()),
    };
    let steps = source.lines.div_ceil(STEP_ROWS).max(1);
    let stage = Stage { order: &order, id, header: &columns, style: source.style, steps };
    let (style, words) = (stage.style, source.header.iter().collect::<Vec<_>>());
    let (style, words) = (json(&style)?, json(&words)?);
    store.write_batch_here(|db| {
        let mut row = rows::find(db, id)?.ok_or(Error::NotFound)?;
        (row.style, row.header) = (Some(style), Some(words));
        row.steps = i32::try_from(steps).unwrap_or(i32::MAX);
        Ok(rows::update(db, &row)?)
    })?;
    for part in head.chunks(STAGED_AT_ONCE) {
        progress(&stage.part(store, part, clock())?);
    }
    drop(head);
    loop {
        let part = match next_part(&mut source)? {
            Ok(part) => part,
            Err(fault) => {
                return refuse(store, id, vec![RowFault::of_header(None, fault)], clock());
            }
        };
        if part.is_empty() {
            break;
        }
        progress(&stage.part(store, &part, clock())?);
    }
    store.write_batch_here(|db| {
        let mut row = rows::find(db, id)?.ok_or(Error::NotFound)?;
        row.state = ImportState::Checking;
        Ok(rows::update(db, &row)?)
    })?;
    Ok(())
}

fn next_part(source: &mut Source) -> Result<std::result::Result<Vec<Record>, Fault>> {
    let part = match source.records(STAGED_AT_ONCE)? {
        Ok(part) => part,
        Err(fault) => return Ok(Err(fault)),
    };
    let last = part.last().map_or(0, |record| record.index + 1);
    if last > MOST_ROWS {
        return Ok(Err(Fault::at("", "too_many_rows").with("max", MOST_ROWS)));
    }
    Ok(Ok(part))
}

impl Stage<'_> {
    fn part(&self, store: &Store, records: &[Record], now: At) -> Result<Import> {
        let Stage { order, id, header, style, steps } = self;
        let sent = file::Sent {
            caller: &order.caller,
            programme: order.programme,
            header,
            decimal_mark: style.decimal_mark,
            now,
        };
        let mut staged = Vec::with_capacity(records.len());
        let mut places = Vec::with_capacity(records.len());
        let (mut faults, mut unfilled) = (Vec::new(), 0);
        store.read_here(|db| {
            let mut sorter = Sorter::load(db, &sent)?;
            for record in records {
                let number = number(record.index);
                let is_unfilled = header.is_unfilled(&record.cells, order.kind.filled_in());
                let series = match is_unfilled {
                    // No step has it.
                    true => Err(Vec::new()),
                    false => sorter.series(db, record)?,
                };
                unfilled += usize::from(is_unfilled);
                let cells: Vec<&str> = record.cells.iter().collect();
                staged.push(StagedRow {
                    import_id: *id,
                    number,
                    line: i64::try_from(record.line).unwrap_or(i64::MAX),
                    cells: serde_json::to_string(&cells).map_err(Error::unexpected)?,
                    faulty: series.is_err(),
                });
                match series {
                    Ok(series) => places.push(StepRow {
                        import_id: *id,
                        step: i32::try_from(series % *steps).unwrap_or(0),
                        number,
                    }),
                    Err(all) => faults.extend(all),
                }
            }
            Ok(())
        })?;
        // By step, so that rows which lie side by side are written side by side.
        places.sort_by_key(|place| (place.step, place.number));
        store.write_batch_here(|db| {
            rows::stage(db, &staged, &places)?;
            let mut row = rows::find(db, *id)?.ok_or(Error::NotFound)?;
            keep_faults(db, &mut row, &faults)?;
            row.rows_read += number(staged.len());
            row.rows_unfilled += number(unfilled);
            row.worked_at = Some(now);
            rows::update(db, &row)?;
            Ok(row.into())
        })
    }
}
