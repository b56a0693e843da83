//! The cells of a workbook, as far as they are wanted and within bounds: what is sent may be made
//! to fill the memory.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use zip::ZipArchive;

use crate::error::{Fault, Faults};

/// Bytes of all its parts together, once they are unpacked.
pub const MOST_UNPACKED: u64 = 6 << 20;
const MOST_PARTS: usize = 500;
/// Rows and columns that may hold something.
const MOST_ROWS: u32 = 5_000;
const MOST_COLUMNS: u32 = 200;

/// One sheet: its first row names the columns.
#[derive(Debug, Default)]
pub struct Sheet {
    pub name: &'static str,
    pub headers: BTreeMap<u32, String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, Default)]
pub struct Row {
    /// As the program that shows the sheet numbers it.
    pub number: u32,
    pub cells: BTreeMap<u32, String>,
}

#[derive(Debug)]
pub struct Book {
    pub survey: Sheet,
    pub choices: Sheet,
    pub settings: Sheet,
}

/// `survey!C7`; the whole row where there is no such column.
pub fn cell(sheet: &str, column: Option<u32>, row: u32) -> String {
    format!("{sheet}!{}{row}", column.map(letters).unwrap_or_default())
}

/// 0 is A, 26 is AA.
fn letters(column: u32) -> String {
    let mut left = column + 1;
    let mut letters = Vec::new();
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn unreadable(_: impl std::fmt::Display) -> Fault {
    Fault::at("", "xlsform_unreadable")
}

/// The reader panics over some workbooks that are broken on purpose; they are as unreadable as the
/// others.
pub fn open(bytes: &[u8]) -> Result<Book, Faults> {
    std::panic::catch_unwind(|| sheets(bytes))
        .unwrap_or_else(|_| Err(Faults(vec![unreadable("a panic")])))
}

fn sheets(bytes: &[u8]) -> Result<Book, Faults> {
    let mut book = opened(bytes).map_err(|fault| Faults(vec![fault]))?;
    let names = book.sheet_names();
    let mut faults = Faults::default();
    let mut sheet = |name: &'static str, needed: bool| {
        let found = names.iter().find(|one| one.trim().eq_ignore_ascii_case(name));
        match found {
            Some(found) => cells(&mut book, found, name, &mut faults),
            None => {
                if needed {
                    faults.push(Fault::at(name, "xlsform_no_sheet").with("value", name));
                }
                Sheet { name, ..Sheet::default() }
            }
        }
    };
    let (survey, choices) = (sheet("survey", true), sheet("choices", false));
    let settings = sheet("settings", false);
    if faults.0.is_empty() { Ok(Book { survey, choices, settings }) } else { Err(faults) }
}

fn opened(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, Fault> {
    weigh(bytes)?;
    Xlsx::new(Cursor::new(bytes)).map_err(unreadable)
}

/// What the parts say of their size may be wrong, so they are unpacked to see.
fn weigh(bytes: &[u8]) -> Result<(), Fault> {
    let too_large = || Fault::at("", "xlsform_too_large").with("max", MOST_UNPACKED >> 20);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        let weight = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        left = left.checked_sub(weight.map_err(unreadable)?).ok_or_else(too_large)?;
    }
    Ok(())
}

/// Cell by cell: as a whole a sheet with one cell at its far end takes all the memory there is.
fn cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    found: &str,
    name: &'static str,
    faults: &mut Faults,
) -> Sheet {
    let mut sheet = Sheet { name, ..Sheet::default() };
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    let mut reader = match book.worksheet_cells_reader(found) {
        Ok(reader) => reader,
        Err(error) => {
            faults.push(unreadable(error));
            return sheet;
        }
    };
    loop {
        let next = match reader.next_cell() {
            Ok(Some(next)) => next,
            Ok(None) => break,
            Err(error) => {
                faults.push(unreadable(error));
                return sheet;
            }
        };
        let (row, column) = next.get_position();
        let text = match text(next.get_value()) {
            Ok(text) => text,
            Err(shown) => {
                let at = cell(name, Some(column), row.saturating_add(1));
                faults.push(Fault::at(at, "xlsform_error_cell").with("value", shown));
                continue;
            }
        };
        if text.trim().is_empty() {
            continue;
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            let fault = Fault::at(name, "xlsform_too_many_cells").with("rows", MOST_ROWS);
            faults.push(fault.with("columns", MOST_COLUMNS));
            return sheet;
        }
        rows.entry(row).or_default().insert(column, text);
    }
    sheet.headers = rows.remove(&0).unwrap_or_default();
    sheet.rows = rows.into_iter().map(|(row, cells)| Row { number: row + 1, cells }).collect();
    sheet
}

/// As it would be written in JSON: 1 for what Excel keeps as 1.0.
fn text(value: &DataRef) -> Result<String, String> {
    Ok(match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(moment) => moment.as_f64().to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => return Err(error.to_string()),
        _ => String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_people_see_them() {
        assert_eq!(cell("survey", Some(2), 7), "survey!C7");
        assert_eq!(cell("survey", Some(25), 1), "survey!Z1");
        assert_eq!(cell("survey", Some(26), 1), "survey!AA1");
        assert_eq!(cell("survey", Some(701), 1), "survey!ZZ1");
        assert_eq!(cell("survey", Some(702), 1), "survey!AAA1");
        assert_eq!(cell("survey", None, 9), "survey!9");
    }
}
