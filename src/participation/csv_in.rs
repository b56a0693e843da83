//! A CSV file as people have it: its dialect is found out by reading it.

use std::borrow::Cow;

use csv::StringRecord;
use encoding_rs::{Encoding, WINDOWS_1252};

use crate::csv_text;
use crate::error::Fault;

/// More than any programme counts in a year, and what one transaction does in a few seconds.
const MOST_ROWS: usize = 200_000;

/// A file, read: what stands in it, and how it was written.
pub struct Sheet {
    pub header: StringRecord,
    pub records: Vec<Record>,
    dialect: Dialect,
}

pub struct Record {
    /// The line of the file on which it starts.
    pub line: u64,
    pub cells: StringRecord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dialect {
    delimiter: u8,
    crlf: bool,
    /// Excel knows UTF-8 by its mark only, and a file that wasn't UTF-8 came from Excel.
    mark: bool,
}

/// Reads a whole file, or tells why it can't be read.
pub fn read(bytes: &[u8]) -> Result<Sheet, Fault> {
    let (text, mark) = decode(bytes);
    if text.contains('\0') {
        return Err(Fault::at("", "nul"));
    }
    let dialect = Dialect { delimiter: delimiter_of(&text), crlf: text.contains("\r\n"), mark };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.delimiter)
        .from_reader(text.as_bytes());
    let mut header = None;
    let mut records = Vec::new();
    let mut cells = StringRecord::new();
    while reader.read_record(&mut cells).map_err(|_| Fault::at("", "not_csv"))? {
        // A spreadsheet leaves lines of nothing but delimiters behind.
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if header.is_none() {
            header = Some(cells.clone());
            continue;
        }
        if records.len() == MOST_ROWS {
            return Err(Fault::at("", "too_many_rows").with("max", MOST_ROWS));
        }
        records.push(Record { line: line_of(&cells, &text), cells: cells.clone() });
    }
    let header = header.ok_or_else(|| Fault::at("", "empty_file"))?;
    if records.is_empty() {
        return Err(Fault::at("", "no_rows"));
    }
    Ok(Sheet { header, records, dialect })
}

impl Sheet {
    /// A number's decimal mark goes with the delimiter: a comma can't be both.
    pub fn decimal_mark(&self) -> char {
        if self.dialect.delimiter == b',' { '.' } else { ',' }
    }

    /// A cell that somebody will open in a spreadsheet: harmless, unless it is a number or was
    /// made harmless before.
    fn guarded<'a>(&self, cell: &'a str) -> Cow<'a, str> {
        let number = cell.replace(self.decimal_mark(), ".").parse::<f64>().is_ok();
        if number || csv_text::unharm(cell) != cell {
            return Cow::Borrowed(cell);
        }
        csv_text::harmless(cell)
    }

    /// The file in its own dialect with one more column, or with that one written anew.
    pub fn with_column(&self, name: &str, texts: &[String]) -> Result<Vec<u8>, csv::Error> {
        let at = self.header.iter().position(|cell| cell.trim() == name);
        let terminator =
            if self.dialect.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let start = if self.dialect.mark { "\u{feff}" } else { "" };
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .delimiter(self.dialect.delimiter)
            .terminator(terminator)
            .from_writer(start.as_bytes().to_vec());
        let none = StringRecord::new();
        let rows = self.records.iter().map(|record| &record.cells);
        // What is wrong with the header is told although no row follows.
        let rows = rows.chain(std::iter::repeat(&none)).zip(texts);
        for (cells, text) in std::iter::once((&self.header, name))
            .chain(rows.map(|(cells, text)| (cells, text.as_str())))
        {
            let mut line: Vec<Cow<str>> = cells.iter().map(|cell| self.guarded(cell)).collect();
            match at.and_then(|at| line.get_mut(at)) {
                Some(cell) => *cell = text.into(),
                None => {
                    line.resize(line.len().max(self.header.len()), Cow::Borrowed(""));
                    line.push(text.into());
                }
            }
            writer.write_record(line.iter().map(|cell| cell.as_bytes()))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// UTF-8, or what its byte order mark says, or else what Danish Excel wrote before that.
fn decode(bytes: &[u8]) -> (String, bool) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        return (encoding.decode_without_bom_handling(rest).0.into_owned(), true);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_string(), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), true),
    }
}

/// What divides the cells of the first line that has any.
fn delimiter_of(text: &str) -> u8 {
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.trim_start_matches(['\r', '\n']).bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == *delimiter);
                }
            }
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    let found = counts.iter().find(|(_, count)| Some(*count) == most && *count > 0);
    found.map_or(b',', |(delimiter, _)| *delimiter)
}

/// The reader's position is before the line ends that it skips.
fn line_of(cells: &StringRecord, text: &str) -> u64 {
    let Some(position) = cells.position() else { return 0 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let skipped = text.as_bytes().get(start..).unwrap_or_default();
    let skipped = skipped.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(sheet: &Sheet) -> Vec<Vec<&str>> {
        sheet.records.iter().map(|record| record.cells.iter().collect()).collect()
    }

    #[test]
    fn each_dialect_is_found_out() {
        for text in [
            "projekt;antal;note\nkram;300;Års, Nibe\n",
            "projekt,antal,note\nkram,300,\"Års, Nibe\"\n",
            "projekt\tantal\tnote\nkram\t300\tÅrs, Nibe\n",
            "\u{feff}projekt;antal;note\r\nkram;300;Års, Nibe\r\n",
            "\"projekt\";\"antal, i alt\";note\nkram;300;Års, Nibe",
        ] {
            let sheet = read(text.as_bytes()).expect("a sheet");
            assert_eq!(sheet.header.iter().next(), Some("projekt"), "{text:?}");
            assert_eq!(cells(&sheet), [["kram", "300", "Års, Nibe"]], "{text:?}");
        }
    }

    #[test]
    fn what_is_not_utf8_is_windows_1252() {
        let (bytes, _, _) = WINDOWS_1252.encode("projekt;note\r\nkram;Års \u{2013} Nibe\r\n");
        let sheet = read(&bytes).expect("a sheet");
        assert_eq!(cells(&sheet), [["kram", "Års \u{2013} Nibe"]]);
        let back = sheet.with_column("error", &["ø".to_string()]).expect("a file");
        assert_eq!(
            String::from_utf8(back).expect("text"),
            "\u{feff}projekt;note;error\r\nkram;Års \u{2013} Nibe;ø\r\n"
        );
    }

    #[test]
    fn a_row_is_named_by_its_line() {
        for end in ["\n", "\r\n"] {
            let text = format!(
                "project,note{end}{end}kram,\"one{end}two\"{end}{end}{end},{end}labstem-nord,x{end}"
            );
            let sheet = read(text.as_bytes()).expect("a sheet");
            let lines: Vec<u64> = sheet.records.iter().map(|record| record.line).collect();
            assert_eq!(lines, [3, 8], "{end:?}");
        }
    }

    #[test]
    fn the_error_column_is_written_anew() {
        let sheet = read(b"project,error,note\nkram,old,x\ncut\n").expect("a sheet");
        let back = sheet.with_column("error", &["new".to_string(), "cells".to_string()]);
        assert_eq!(
            String::from_utf8(back.expect("a file")).expect("text"),
            "project,error,note\nkram,new,x\ncut,,,cells\n"
        );
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let code = |bytes: &[u8]| read(bytes).err().map(|fault| fault.code.into_owned());
        assert_eq!(code(b""), Some("empty_file".to_string()));
        assert_eq!(code(b"\n;;\n"), Some("empty_file".to_string()));
        assert_eq!(code(b"project\0"), Some("nul".to_string()));
    }
}
