//! The rows of a file of counts: held against the rules together, then written together.

use sha2::{Digest, Sha256};

use super::columns;
use super::ledger::Fate;
use super::plan::{Plan, Stamp, plan};
use super::reader::Reader;
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Fault, Result};
use crate::ids::ProgrammeId;
use crate::sheets::{Header, Reason, Record, RowFault};
use crate::store::Db;

/// Who sends the rows, and what their columns are.
pub struct Sent<'a> {
    pub caller: &'a Caller,
    pub programme: ProgrammeId,
    pub header: &'a Header,
    pub decimal_mark: char,
    pub now: At,
}

/// What came of holding rows against the rules.
pub struct Judged {
    pub faults: Vec<RowFault>,
    plan: Plan,
    stamp: Stamp,
}

/// What writing rows does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    pub created: usize,
    pub corrected: usize,
    pub unchanged: usize,
    /// Counts that are not among the rows: posted "so far" before, with a share of their total
    /// that is another now.
    pub adjusted: usize,
}

impl Judged {
    pub fn is_fine(&self) -> bool {
        self.faults.is_empty()
    }

    /// What it would do; all rows of a series must be among them.
    pub fn done(&self) -> Done {
        Done {
            created: self.plan.how_many(Fate::Created),
            corrected: self.plan.how_many(Fate::Corrected),
            unchanged: self.plan.how_many(Fate::Unchanged),
            adjusted: self.plan.adjusted,
        }
    }

    /// Writes it, in the transaction in which it was judged.
    pub fn carry_out(&self, db: &mut Db) -> Result<()> {
        self.plan.carry_out(db, self.stamp)
    }
}

/// Holds rows against the rules and each other; writes nothing.
pub fn judge(db: &mut Db, sent: &Sent, records: &[Record]) -> Result<Judged> {
    let mut reader = Reader::load(db, sent.caller, sent.programme, sent.header, sent.decimal_mark)?;
    let mut faults = Vec::new();
    let mut wanted = Vec::with_capacity(records.len());
    let mut places = Vec::with_capacity(records.len());
    for (place, record) in records.iter().enumerate() {
        match reader.wanted(db, record)? {
            Ok(one) => {
                wanted.push(one);
                places.push(place);
            }
            Err(all) => {
                faults.extend(all.into_iter().map(|fault| told(sent.header, record, fault)))
            }
        }
    }
    let stamp = Stamp { programme: sent.programme, actor: sent.caller.actor(), now: sent.now };
    let (plan, more) = plan(db, stamp, wanted)?;
    for (row, fault) in more {
        let place = places.get(row).copied().unwrap_or(row);
        if let Some(record) = records.get(place) {
            faults.push(told(sent.header, record, fault));
        }
    }
    faults.sort_by_key(|fault| fault.index);
    Ok(Judged { faults, plan, stamp })
}

/// A row by itself: what is wrong with it, or which series it belongs to. What rows of one series
/// say can only be judged together.
pub struct Sorter<'a> {
    reader: Reader<'a>,
}

impl<'a> Sorter<'a> {
    pub fn load(db: &mut Db, sent: &Sent<'a>) -> Result<Sorter<'a>> {
        let (programme, header) = (sent.programme, sent.header);
        let reader = Reader::load(db, sent.caller, programme, header, sent.decimal_mark)?;
        Ok(Sorter { reader })
    }

    /// A number that all rows of a series share.
    pub fn series(
        &mut self,
        db: &mut Db,
        record: &Record,
    ) -> Result<std::result::Result<u64, Vec<RowFault>>> {
        Ok(match self.reader.wanted(db, record)? {
            Ok(wanted) => {
                let mut hash = Sha256::new();
                hash.update(wanted.project.0.as_bytes());
                hash.update(wanted.series.key(None));
                let hash: [u8; 32] = hash.finalize().into();
                let mut start = [0; 8];
                start.copy_from_slice(&hash[..8]);
                Ok(u64::from_be_bytes(start))
            }
            Err(all) => {
                let header = self.reader.header;
                Err(all.into_iter().map(|fault| told(header, record, fault)).collect())
            }
        })
    }
}

/// Where a fault is, in the words of the file.
fn told(header: &Header, record: &Record, fault: Fault) -> RowFault {
    let column = columns::at(header, &fault.pointer, &record.cells);
    RowFault::of_row(header, record, column, Reason::Fault(fault))
}
