//! Files that are written in one transaction.

use std::collections::HashSet;

use super::rows::{self, ImportRow};
use super::{ERRORS_TOLD, ImportKind, ImportReport, ImportState, Opened, Order, header_faults};
use super::{applications, may_import, organisations, projects, targets, values};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{ImportId, ProgrammeId};
use crate::messages::Lang;
use crate::participation::Outcome;
use crate::participation::file::{self, Done, Judged};
use crate::sheets::{Back, ERROR, Header, Reason, Record, Row, RowFault};
use crate::store::{Db, Store};

/// Counts that are written in one transaction, in about two seconds; a larger file is written in
/// steps.
pub const MOST_ROWS: usize = 20_000;
/// Of everything else, where each row is a call of its own.
const MOST_CALLS: usize = 5_000;

pub(super) fn most_rows(kind: ImportKind) -> usize {
    if kind == ImportKind::Participation { MOST_ROWS } else { MOST_CALLS }
}

/// Who imports, where and when.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub caller: &'a Caller,
    pub programme: ProgrammeId,
    pub now: At,
}

/// Puts the rows of one kind of file, one by one, by the domain's own calls.
pub(super) trait Loader {
    /// What the row is about: the same twice in a file is a slip.
    fn key(&self, row: &Row) -> Option<String>;

    fn put(&mut self, db: &mut Db, row: Row) -> Result<Outcome>;
}

/// What became of a file.
pub struct Ran {
    pub report: ImportReport,
    faults: Vec<RowFault>,
    opened: Opened,
}

#[derive(Default)]
struct Walked {
    done: Done,
    skipped: usize,
    unfilled: usize,
    faults: Vec<RowFault>,
    written: Option<ImportId>,
}

pub fn run(store: &Store, opened: Opened, lang: Lang) -> Result<Ran> {
    let (caller, programme) = (opened.order.caller.clone(), opened.order.programme);
    let kind = opened.order.kind;
    store.read_here(|_| may_import(&caller, programme, kind))?;
    let walked = match read_header(&opened) {
        Err(faults) => Walked { faults, ..Walked::default() },
        Ok(header) if kind == ImportKind::Participation => counts(store, &opened, &header)?,
        Ok(header) => calls(store, &opened, &header)?,
    };
    let Walked { done, skipped, unfilled, faults, written } = walked;
    let counted = faults.is_empty() || opened.order.partial;
    let done = if counted { done } else { Done::default() };
    let report = ImportReport {
        import_id: written,
        applied: written.is_some(),
        state: match (written, counted) {
            (Some(_), _) => ImportState::Applied,
            (None, true) => ImportState::Checked,
            (None, false) => ImportState::Refused,
        },
        rows: opened.head.len(),
        created: done.created,
        corrected: done.corrected,
        unchanged: done.unchanged,
        adjusted: done.adjusted,
        skipped: if opened.order.partial { skipped } else { 0 },
        unfilled,
        not_written: 0,
        failure: None,
        error_count: faults.len(),
        errors: faults.iter().take(ERRORS_TOLD).map(|fault| fault.told(lang)).collect(),
    };
    Ok(Ran { report, faults, opened })
}

fn read_header(opened: &Opened) -> std::result::Result<Header, Vec<RowFault>> {
    let source = match &opened.source {
        Ok(source) => source,
        Err(fault) => return Err(vec![RowFault::of_header(None, fault.clone())]),
    };
    super::large::header(opened.order.kind, &source.header).map_err(header_faults)
}

impl Ran {
    /// The file as it came, with a column that says what is wrong with each row.
    pub fn annotated(&self, lang: Lang) -> Result<Vec<u8>> {
        let source = match &self.opened.source {
            Ok(source) => source,
            // What can't be read can't be given back.
            Err(fault) => return Err(fault.clone().into()),
        };
        let mut texts = vec![String::new(); self.opened.head.len().max(1)];
        for one in &self.faults {
            // What is wrong with the header stands in the first row below it.
            if let Some(text) = texts.get_mut(one.index.unwrap_or(0)) {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&one.in_words(lang));
            }
        }
        let mut back = Back::new(source.style, &source.header, ERROR)?;
        for (record, text) in self.opened.head.iter().zip(&texts) {
            back.row(&record.cells, text)?;
        }
        back.finish()
    }
}

/// Counts, whose series can only be judged as a whole.
fn counts(store: &Store, opened: &Opened, header: &Header) -> Result<Walked> {
    let Order { caller, programme, now, dry_run, partial, .. } = &opened.order;
    let decimal_mark = opened.source.as_ref().map_or('.', |source| source.style.decimal_mark);
    let sent = file::Sent { caller, programme: *programme, header, decimal_mark, now: *now };
    let is_filled = |record: &&Record| !is_unfilled(opened, header, record);
    let filled: Vec<Record> = opened.head.iter().filter(is_filled).cloned().collect();
    let unfilled = opened.head.len() - filled.len();
    let walked = |judged: &Judged, faults: Vec<RowFault>, written| {
        let (done, skipped) = (judged.done(), rows_of(&faults));
        Walked { done, skipped, unfilled, faults, written }
    };
    let (judged, faults) = store.read_here(|db| judge(db, &sent, &filled, *partial))?;
    if *dry_run || !(faults.is_empty() || *partial) {
        return Ok(walked(&judged, faults, None));
    }
    // All is judged again under the lock: roles, codes and counts may have changed.
    store.write_here(*programme, |db| {
        let (judged, faults) = judge(db, &sent, &filled, *partial)?;
        let mut walked = walked(&judged, faults, None);
        if walked.faults.is_empty() || *partial {
            judged.carry_out(db)?;
            walked.written = Some(log(db, opened, &walked)?);
        }
        Ok(walked)
    })
}

fn is_unfilled(opened: &Opened, header: &Header, record: &Record) -> bool {
    header.is_unfilled(&record.cells, opened.order.kind.filled_in())
}

fn rows_of(faults: &[RowFault]) -> usize {
    faults.iter().filter_map(|fault| fault.index).collect::<HashSet<usize>>().len()
}

/// All rows; with `good_only` those that are left when the others are taken out, and their
/// faults. A row that is taken out can leave others of its series without what they stand on.
pub(super) fn judge(
    db: &mut Db,
    sent: &file::Sent,
    records: &[Record],
    good_only: bool,
) -> Result<(Judged, Vec<RowFault>)> {
    let mut judged = file::judge(db, sent, records)?;
    let mut faults = std::mem::take(&mut judged.faults);
    if !good_only {
        return Ok((judged, faults));
    }
    let mut good = records.to_vec();
    let mut new = faults.clone();
    while !new.is_empty() {
        let bad: HashSet<usize> = new.iter().filter_map(|fault| fault.index).collect();
        good.retain(|record| !bad.contains(&record.index));
        judged = file::judge(db, sent, &good)?;
        new = std::mem::take(&mut judged.faults);
        faults.extend(new.iter().cloned());
    }
    faults.sort_by_key(|fault| fault.index);
    Ok((judged, faults))
}

/// Rows that are calls of their own, all in one transaction that is only kept if it is to be.
fn calls(store: &Store, opened: &Opened, header: &Header) -> Result<Walked> {
    let Order { caller, programme, kind, now, dry_run, partial, .. } = &opened.order;
    let context = Context { caller, programme: *programme, now: *now };
    let keep = |walked: &Walked| !*dry_run && (walked.faults.is_empty() || *partial);
    store.write_here(*programme, |db| {
        let mut walked = db.part(
            |db| match kind {
                ImportKind::Organisations => {
                    let loader = organisations::Organisations::load(db, context)?;
                    walk(db, opened, header, loader)
                }
                ImportKind::Projects => {
                    let loader = projects::Projects::load(db, context)?;
                    walk(db, opened, header, loader)
                }
                ImportKind::Targets => {
                    let loader = targets::Targets::load(db, context)?;
                    walk(db, opened, header, loader)
                }
                ImportKind::Applications => {
                    let loader = applications::Applications::load(db, context)?;
                    walk(db, opened, header, loader)
                }
                ImportKind::Values => walk(db, opened, header, values::Values::load(context)),
                ImportKind::Participation => Err(Error::unexpected("counts are no calls")),
            },
            keep,
        )?;
        if keep(&walked) {
            walked.written = Some(log(db, opened, &walked)?);
        }
        Ok(walked)
    })
}

fn walk(db: &mut Db, opened: &Opened, header: &Header, mut loader: impl Loader) -> Result<Walked> {
    let mark = opened.source.as_ref().map_or('.', |source| source.style.decimal_mark);
    let mut walked = Walked::default();
    let mut seen = HashSet::new();
    for record in &opened.head {
        if is_unfilled(opened, header, record) {
            walked.unfilled += 1;
            continue;
        }
        let row = Row::of(header, record, mark);
        let key = loader.key(&row);
        let put = |db: &mut Db| {
            header.check_width(&record.cells)?;
            if key.is_some_and(|key| !seen.insert(key)) {
                return Err(Fault::at("", "row_twice").into());
            }
            loader.put(db, row)
        };
        match db.part(put, |_| true) {
            Ok(Outcome::Created) => walked.done.created += 1,
            Ok(Outcome::Corrected) => walked.done.corrected += 1,
            Ok(Outcome::Unchanged) => walked.done.unchanged += 1,
            Err(error) => {
                walked.skipped += 1;
                walked.faults.extend(refusal(header, record, error)?);
            }
        }
    }
    Ok(walked)
}

/// What is wrong with a row; what went wrong otherwise ends the import.
fn refusal(header: &Header, record: &Record, error: Error) -> Result<Vec<RowFault>> {
    let whole = |code: &str| {
        Ok(vec![RowFault::of_row(header, record, None, Reason::Problem(code.to_string()))])
    };
    match error {
        Error::Invalid(Faults(faults))
        | Error::Malformed(Faults(faults))
        | Error::Locked(Faults(faults)) => {
            let told = |mut fault: Fault| {
                // A first target is what a later one is.
                if let Some(rest) = fault.pointer.strip_prefix("/first_target") {
                    fault.pointer = rest.to_string();
                }
                let column = header.column(&fault.pointer);
                RowFault::of_row(header, record, column, Reason::Fault(fault))
            };
            Ok(faults.into_iter().map(told).collect())
        }
        Error::Conflict(code) | Error::Forbidden(code) => whole(code),
        Error::NotFound => whole("not_found"),
        other => Err(other),
    }
}

/// The import as it is kept, with its entry in the audit trail.
fn log(db: &mut Db, opened: &Opened, walked: &Walked) -> Result<ImportId> {
    let Walked { done, skipped, unfilled, faults, .. } = walked;
    let row = ImportRow {
        rows_read: number(opened.head.len()),
        rows_done: number(opened.head.len() - skipped - unfilled),
        rows_skipped: number(*skipped),
        rows_unfilled: number(*unfilled),
        created: number(done.created),
        corrected: number(done.corrected),
        unchanged: number(done.unchanged),
        adjusted: number(done.adjusted),
        error_count: number(faults.len()),
        finished_at: Some(opened.order.now),
        ..opened.order.row(ImportState::Applied)
    };
    rows::insert(db, &row)?;
    let actor = opened.order.caller.actor();
    audit::record(db, actor, opened.order.now, Event::new("import.applied", row.id))?;
    Ok(row.id)
}

pub(super) fn number(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl Order {
    /// A new import of it.
    pub(super) fn row(&self, state: ImportState) -> ImportRow {
        ImportRow {
            id: ImportId::new(),
            programme_id: self.programme,
            kind: self.kind,
            sha256: self.sha256.to_vec(),
            rows_read: 0,
            created: 0,
            corrected: 0,
            unchanged: 0,
            imported_by: self.caller.actor(),
            imported_at: self.now,
            state,
            dry_run: self.dry_run,
            partial: self.partial,
            style: None,
            header: None,
            steps: 0,
            steps_done: 0,
            rows_done: 0,
            rows_skipped: 0,
            rows_unfilled: 0,
            adjusted: 0,
            error_count: 0,
            failure: None,
            worked_at: None,
            finished_at: None,
        }
    }
}
