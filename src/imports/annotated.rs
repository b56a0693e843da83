//! The file of a large import as it comes back, with what is wrong with each row.

use csv::StringRecord;

use super::ImportState;
use super::large::{fault_of, read_json, record};
use super::rows::{self, FaultRow};
use crate::accounts::Caller;
use crate::error::{Error, Fault, Result};
use crate::ids::ImportId;
use crate::messages::Lang;
use crate::problem::FaultView;
use crate::sheets::{Back, ERROR};
use crate::store::Db;

/// The file of a large import with its errors, part by part.
pub struct Annotated {
    id: ImportId,
    back: Back,
    lang: Lang,
    next: i32,
    /// What is wrong with the header, for the first row.
    of_header: String,
    /// The rows that an import which was stopped did not come to, in order.
    not_written: Vec<i32>,
}

impl Annotated {
    /// For whoever may look at the import, while its rows are kept.
    pub fn open(db: &mut Db, caller: &Caller, id: ImportId, lang: Lang) -> Result<Annotated> {
        let row = super::seen(db, caller, id)?;
        if row.state.is_under_way() {
            return Err(Error::Conflict("import_under_way"));
        }
        let kept = rows::rows_from(db, id, 0, 1)?;
        let (Some(words), Some(style), false) = (row.header, row.style, kept.is_empty()) else {
            return Err(Error::Conflict("import_rows_gone"));
        };
        let words: Vec<String> = read_json(words)?;
        let back = Back::new(read_json(style)?, &StringRecord::from(words), ERROR)?;
        let of_header = rows::faults_between(db, id, -1, 0)?;
        let of_header = in_words(of_header, lang)?;
        let not_written = match row.state {
            ImportState::Stopped => rows::of_steps_from(db, id, row.steps_done)?,
            _ => Vec::new(),
        };
        Ok(Annotated { id, back, lang, next: 0, of_header, not_written })
    }

    /// The next part of the file, never empty; none after the last.
    pub fn next_part(&mut self, db: &mut Db) -> Result<Option<Vec<u8>>> {
        let staged = rows::rows_from(db, self.id, self.next, 2_000)?;
        let (Some(first), Some(last)) = (staged.first(), staged.last()) else { return Ok(None) };
        let mut faults = rows::faults_between(db, self.id, first.number, last.number + 1)?
            .into_iter()
            .peekable();
        self.next = last.number + 1;
        for row in staged {
            let number = row.number;
            let mut own = Vec::new();
            while let Some(fault) = faults.next_if(|fault| fault.number == number) {
                own.push(fault);
            }
            let mut text = std::mem::take(&mut self.of_header);
            if own.is_empty() && self.not_written.binary_search(&number).is_ok() {
                text.push_str(&FaultView::of(&Fault::at("", "not_written"), self.lang).detail);
            }
            text.push_str(&in_words(own, self.lang)?);
            self.back.row(&record(row)?.cells, &text)?;
        }
        self.back.take().map(Some)
    }
}

fn in_words(faults: Vec<FaultRow>, lang: Lang) -> Result<String> {
    let words = faults.into_iter().map(|fault| Ok(fault_of(fault)?.in_words(lang)));
    Ok(words.collect::<Result<Vec<_>>>()?.join(" "))
}
