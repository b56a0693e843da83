//! A file that goes back to whoever sent it, with a column that says what is wrong with each row.

use std::borrow::Cow;

use csv::StringRecord;

use super::Style;
use crate::csv_text::{self, BYTE_ORDER_MARK};
use crate::error::{Error, Result};

/// In the file's own dialect; a workbook goes back as CSV for Excel.
pub struct Back {
    writer: csv::Writer<Vec<u8>>,
    style: Style,
    width: usize,
    /// Where the column stands, if the file had it already.
    at: Option<usize>,
}

impl Back {
    pub fn new(style: Style, header: &StringRecord, column: &str) -> Result<Back> {
        let terminator =
            if style.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let start = if style.mark { BYTE_ORDER_MARK } else { "" };
        let writer = csv::WriterBuilder::new()
            .flexible(true)
            .delimiter(style.delimiter)
            .terminator(terminator)
            .from_writer(start.as_bytes().to_vec());
        let at = header.iter().position(|cell| cell.trim() == column);
        let mut back = Back { writer, style, width: header.len(), at };
        back.row(header, column)?;
        Ok(back)
    }

    pub fn row(&mut self, cells: &StringRecord, text: &str) -> Result<()> {
        let style = self.style;
        let mut line: Vec<Cow<str>> = cells.iter().map(|cell| guarded(style, cell)).collect();
        match self.at.and_then(|at| line.get_mut(at)) {
            Some(cell) => *cell = text.into(),
            None => {
                line.resize(line.len().max(self.width), Cow::Borrowed(""));
                line.push(text.into());
            }
        }
        let line = line.iter().map(|cell| cell.as_bytes());
        self.writer.write_record(line).map_err(Error::unexpected)
    }

    /// What is written so far, for who sends it on part by part.
    pub fn take(&mut self) -> Result<Vec<u8>> {
        self.writer.flush().map_err(Error::unexpected)?;
        let style = self.style;
        let terminator =
            if style.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let next = csv::WriterBuilder::new()
            .flexible(true)
            .delimiter(style.delimiter)
            .terminator(terminator)
            .from_writer(Vec::new());
        let writer = std::mem::replace(&mut self.writer, next);
        writer.into_inner().map_err(|error| Error::unexpected(error.error()))
    }

    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.take()
    }
}

/// A cell that somebody will open in a spreadsheet: harmless, unless it is a number or was made
/// harmless before.
fn guarded(style: Style, cell: &str) -> Cow<'_, str> {
    let number = cell.replace(style.decimal_mark, ".").parse::<f64>().is_ok();
    if number || csv_text::unharm(cell) != cell {
        return Cow::Borrowed(cell);
    }
    csv_text::harmless(cell)
}
