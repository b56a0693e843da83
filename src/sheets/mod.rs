//! Tables that people send: CSV in whatever dialect, or Excel. Read row by row, so that a file of a
//! million rows needs no more memory than one of ten.

mod back;
mod csv_in;
mod excel;
mod faults;
mod header;
mod row;

use std::io::{Read, Seek, SeekFrom, Write};

use csv::StringRecord;
use tempfile::SpooledTempFile;

pub use back::Back;
pub use csv_in::Style;
pub use faults::{ImportError, Kept, Reason, RowFault};
pub use header::{Column, ERROR, Header, TEMPLATE};
pub use row::{Row, day_of, figure, yes_or_no};

use crate::error::{Error, Fault, Result};

/// So much of a file is held in memory; the rest of a larger one is in a file without a name, which
/// is gone when nobody has it open.
const IN_MEMORY: usize = 4 << 20;

/// A file as it came, in memory or on disk.
pub struct File(SpooledTempFile);

impl File {
    pub fn new() -> File {
        File(SpooledTempFile::new(IN_MEMORY))
    }

    /// What was read elsewhere.
    pub fn of(bytes: &[u8]) -> Result<File> {
        let mut file = File::new();
        file.write_all(bytes).map_err(Error::unexpected)?;
        Ok(file)
    }

    pub fn from_reader(mut reader: impl Read) -> Result<File> {
        let mut file = File::new();
        std::io::copy(&mut reader, &mut file).map_err(Error::unexpected)?;
        Ok(file)
    }
}

impl Default for File {
    fn default() -> File {
        File::new()
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl Read for File {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(bytes)
    }
}

impl Seek for File {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

/// One row below the header.
#[derive(Debug, Clone)]
pub struct Record {
    /// From 0, among the rows that say anything.
    pub index: usize,
    /// The line of the file on which it starts; in Excel the row.
    pub line: u64,
    pub cells: StringRecord,
}

/// A table on its way in.
pub struct Source {
    reader: csv_in::CsvSource,
    pub header: StringRecord,
    pub style: Style,
    /// About how many rows there are, to tell how far the reading has come.
    pub lines: u64,
    next: usize,
}

/// Excel's container; no CSV starts so.
const ZIP: &[u8] = b"PK\x03\x04";

impl Source {
    /// Opens a file of either kind; `sheet` names the sheet of a workbook, else it is the first.
    /// What can't be read is a fault of the file.
    pub fn open(mut file: File, sheet: Option<&str>) -> Result<std::result::Result<Source, Fault>> {
        let mut start = [0; 4];
        file.rewind().map_err(Error::unexpected)?;
        let read = read_up_to(&mut file, &mut start).map_err(Error::unexpected)?;
        let is_excel = start.get(..read) == Some(ZIP);
        let opened = if is_excel {
            match excel::as_csv(file, sheet)? {
                Ok(csv) => csv_in::open_numbered(csv)?,
                Err(fault) => return Ok(Err(fault)),
            }
        } else {
            csv_in::open(file)?
        };
        let mut reader = match opened {
            Ok(reader) => reader,
            Err(fault) => return Ok(Err(fault)),
        };
        let header = match reader.next()? {
            Ok(Some((_, cells))) => cells,
            Ok(None) => return Ok(Err(Fault::at("", "empty_file"))),
            Err(fault) => return Ok(Err(fault)),
        };
        let (style, lines) = (reader.style, reader.lines);
        Ok(Ok(Source { reader, header, style, lines, next: 0 }))
    }

    /// The next row; none after the last.
    pub fn next_record(&mut self) -> Result<std::result::Result<Option<Record>, Fault>> {
        let (width, is_excel) = (self.header.len(), self.reader.is_excel());
        Ok(self.reader.next()?.map(|found| {
            found.map(|(line, mut cells)| {
                self.next += 1;
                // A row of a workbook ends with its last cell that says anything.
                while is_excel && cells.len() < width {
                    cells.push_field("");
                }
                Record { index: self.next - 1, line, cells }
            })
        }))
    }

    /// The next rows, at most so many.
    pub fn records(&mut self, most: usize) -> Result<std::result::Result<Vec<Record>, Fault>> {
        let mut records = Vec::new();
        while records.len() < most {
            match self.next_record()? {
                Ok(Some(record)) => records.push(record),
                Ok(None) => break,
                Err(fault) => return Ok(Err(fault)),
            }
        }
        Ok(Ok(records))
    }
}

fn read_up_to(reader: &mut impl Read, into: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest)? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}
