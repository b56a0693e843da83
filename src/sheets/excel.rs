//! A sheet of an Excel workbook, written out as plain CSV: a number as it is, a date as a date.

use std::io::{Read, Seek, Write};

use calamine::{DataRef, Reader, Xlsx};

use super::File;
use crate::error::{Error, Fault, Result};

/// A workbook unpacks to a thousand times its size, and more where somebody means harm.
const LARGEST: u64 = 1 << 30;
/// What is held in memory while the sheet is read: its texts, its styles.
const LARGEST_PART: u64 = 128 << 20;
const MOST_PARTS: usize = 10_000;
/// Wider than any table that is taken.
const MOST_COLUMNS: u32 = 500;

/// The sheet with that name, or the first: each row with its number before it.
pub fn as_csv(mut file: File, sheet: Option<&str>) -> Result<std::result::Result<File, Fault>> {
    if let Err(fault) = check_size(&mut file) {
        return Ok(Err(fault));
    }
    file.rewind().map_err(Error::unexpected)?;
    let not_excel = || Fault::at("", "not_excel");
    let Ok(mut workbook) = Xlsx::new(file) else { return Ok(Err(not_excel())) };
    let names = workbook.sheet_names();
    let name = match sheet {
        None => names.first().cloned(),
        Some(wanted) => names.iter().find(|name| *name == wanted).cloned(),
    };
    let Some(name) = name else {
        let fault = Fault::at("", "no_such_sheet").with("value", sheet.unwrap_or_default());
        return Ok(Err(fault.with("sheets", names.join(", "))));
    };
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(File::new());
    let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
        return Ok(Err(not_excel()));
    };
    let (mut row, mut line) = (0, Vec::<String>::new());
    loop {
        let Ok(cell) = cells.next_cell() else { return Ok(Err(not_excel())) };
        let place = cell.as_ref().map(|cell| cell.get_position());
        if place.is_none_or(|(next, _)| next != row) && !line.is_empty() {
            line.insert(0, (row + 1).to_string());
            out.write_record(&line).map_err(Error::unexpected)?;
            line.clear();
        }
        let (Some(cell), Some((next, column))) = (cell, place) else { break };
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            return Ok(Err(Fault::at("", "too_many_columns").with("max", MOST_COLUMNS)));
        }
        row = next;
        let at = column as usize;
        line.resize(line.len().max(at + 1), String::new());
        if let Some(place) = line.get_mut(at) {
            *place = text;
        }
    }
    let mut file = out.into_inner().map_err(|error| Error::unexpected(error.error()))?;
    file.flush().map_err(Error::unexpected)?;
    Ok(Ok(file))
}

/// Unpacks it once into nothing: what a workbook says of its own size is not believed.
fn check_size(file: &mut File) -> std::result::Result<(), Fault> {
    let not_excel = |_| Fault::at("", "not_excel");
    file.rewind().map_err(not_excel)?;
    let mut zip = zip::ZipArchive::new(file).map_err(|_| Fault::at("", "not_excel"))?;
    if zip.len() > MOST_PARTS {
        return Err(Fault::at("", "excel_too_large"));
    }
    let mut left = LARGEST;
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|_| Fault::at("", "not_excel"))?;
        let is_sheet = part.name().is_ok_and(|name| name.starts_with("xl/worksheets/"));
        let most = if is_sheet { left } else { left.min(LARGEST_PART) };
        let size = std::io::copy(&mut part.take(most + 1), &mut std::io::sink());
        let size = size.map_err(not_excel)?;
        if size > most {
            return Err(Fault::at("", "excel_too_large"));
        }
        left -= size;
    }
    Ok(())
}

fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() => match moment.as_datetime() {
            Some(moment) if moment.time() == chrono::NaiveTime::MIN => moment.date().to_string(),
            Some(moment) => moment.format("%Y-%m-%dT%H:%M:%S").to_string(),
            None => moment.as_f64().to_string(),
        },
        DataRef::DateTime(duration) => duration.as_f64().to_string(),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_string(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}
