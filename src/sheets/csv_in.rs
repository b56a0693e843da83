//! A CSV file as people have it: its dialect is found out by reading it.

use std::io::{BufReader, Read, Seek};

use csv::StringRecord;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use serde::{Deserialize, Serialize};

use super::{File, read_up_to};
use crate::error::{Error, Fault, Result};

/// The dialect is told from so much of the file.
const LOOK: usize = 64 << 10;

/// How a file was written, so that it can be given back in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Style {
    pub delimiter: u8,
    pub crlf: bool,
    /// Excel knows UTF-8 by its mark only, and a file that wasn't UTF-8 came from Excel.
    pub mark: bool,
    pub decimal_mark: char,
}

impl Style {
    /// As Excel in Danish writes it, with numbers as programs write them.
    pub const EXCEL: Style = Style { delimiter: b';', crlf: true, mark: true, decimal_mark: '.' };
}

/// Rows, each with the line on which it starts.
pub struct CsvSource {
    reader: csv::Reader<Window>,
    pub style: Style,
    pub lines: u64,
    /// The first cell of each row is the number that it had in a workbook.
    numbered: bool,
}

/// What a first look over the whole file tells.
struct Scan {
    encoding: &'static Encoding,
    mark: bool,
    lines: u64,
}

pub fn open(mut file: File) -> Result<std::result::Result<CsvSource, Fault>> {
    let scan = scan(&mut file).map_err(Error::unexpected)?;
    let mut start = vec![0; LOOK];
    let mut decoder = decoder(&mut file, scan.encoding).map_err(Error::unexpected)?;
    let read = read_up_to(&mut decoder, &mut start).map_err(Error::unexpected)?;
    drop(decoder);
    start.truncate(read);
    let delimiter = delimiter_of(&start);
    let style = Style {
        delimiter,
        crlf: start.windows(2).any(|two| two == b"\r\n"),
        mark: scan.mark,
        // A comma can't be both.
        decimal_mark: if delimiter == b',' { '.' } else { ',' },
    };
    source(file, scan, style, false)
}

/// What was made of a workbook: plain, and with the numbers of the rows.
pub fn open_numbered(mut file: File) -> Result<std::result::Result<CsvSource, Fault>> {
    let scan = scan(&mut file).map_err(Error::unexpected)?;
    source(file, scan, Style::EXCEL, true)
}

fn source(
    mut file: File,
    scan: Scan,
    style: Style,
    numbered: bool,
) -> Result<std::result::Result<CsvSource, Fault>> {
    file.rewind().map_err(Error::unexpected)?;
    let window = Window {
        inner: builder(scan.encoding).build(Box::new(BufReader::new(file))),
        kept: Vec::new(),
        start: 0,
        nul: false,
    };
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(if numbered { b',' } else { style.delimiter })
        .from_reader(window);
    Ok(Ok(CsvSource { reader, style, lines: scan.lines, numbered }))
}

impl CsvSource {
    pub fn is_excel(&self) -> bool {
        self.numbered
    }

    /// The next row that says anything.
    #[allow(clippy::type_complexity)]
    pub fn next(&mut self) -> Result<std::result::Result<Option<(u64, StringRecord)>, Fault>> {
        let mut cells = StringRecord::new();
        loop {
            let from = self.reader.position().byte();
            self.reader.get_mut().forget_before(from);
            let read = self.reader.read_record(&mut cells);
            if self.reader.get_ref().nul {
                return Ok(Err(Fault::at("", "nul")));
            }
            match read {
                Ok(true) => {}
                Ok(false) => return Ok(Ok(None)),
                Err(error) if error.is_io_error() => return Err(Error::unexpected(error)),
                Err(_) => return Ok(Err(Fault::at("", "not_csv"))),
            }
            // A spreadsheet leaves lines of nothing but delimiters behind.
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if self.numbered {
                let line = cells.get(0).and_then(|text| text.parse().ok()).unwrap_or(0);
                return Ok(Ok(Some((line, cells.iter().skip(1).collect()))));
            }
            // The reader's position is before the line ends that it skips.
            let line = cells.position().map_or(0, |position| {
                position.line() + self.reader.get_ref().line_ends_at(position.byte())
            });
            return Ok(Ok(Some((line, cells))));
        }
    }
}

/// The text of the file, and of what was read last so much that lines can be counted in it.
struct Window {
    inner: DecodeReaderBytes<Box<dyn Read + Send>, Vec<u8>>,
    kept: Vec<u8>,
    /// The place of the first byte that is kept.
    start: u64,
    nul: bool,
}

impl Read for Window {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        let text = into.get(..read).unwrap_or_default();
        self.nul |= text.contains(&0);
        self.kept.extend_from_slice(text);
        Ok(read)
    }
}

impl Window {
    fn forget_before(&mut self, place: u64) {
        let old = usize::try_from(place.saturating_sub(self.start)).unwrap_or(0);
        // Not for each row: what is left moves to the front.
        if old > (256 << 10) {
            self.kept.drain(..old.min(self.kept.len()));
            self.start = place;
        }
    }

    fn line_ends_at(&self, place: u64) -> u64 {
        let at = usize::try_from(place.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let skipped = self.kept.get(at..).unwrap_or_default().iter();
        let skipped = skipped.take_while(|byte| matches!(byte, b'\r' | b'\n'));
        skipped.filter(|byte| **byte == b'\n').count() as u64
    }
}

fn builder(encoding: &'static Encoding) -> DecodeReaderBytesBuilder {
    let mut builder = DecodeReaderBytesBuilder::new();
    builder.encoding(Some(encoding)).bom_override(true).strip_bom(true);
    builder
}

fn decoder<'a>(
    file: &'a mut File,
    encoding: &'static Encoding,
) -> std::io::Result<DecodeReaderBytes<&'a mut File, Vec<u8>>> {
    file.rewind()?;
    Ok(builder(encoding).build(file))
}

/// UTF-8, or what its byte order mark says, or else what Danish Excel wrote before that.
fn scan(file: &mut File) -> std::io::Result<Scan> {
    file.rewind()?;
    let mut start = [0; 3];
    let read = read_up_to(file, &mut start)?;
    let bom = Encoding::for_bom(start.get(..read).unwrap_or_default());
    file.rewind()?;
    let mut buffer = vec![0; 256 << 10];
    let (mut is_utf8, mut lines) = (true, 0);
    // The start of a letter that the buffer's end cut.
    let mut carried = 0;
    loop {
        let room = buffer.get_mut(carried..).unwrap_or_default();
        let read = read_up_to(file, room)?;
        lines += room.iter().take(read).filter(|byte| **byte == b'\n').count() as u64;
        let text = buffer.get(..carried + read).unwrap_or_default();
        if read == 0 {
            is_utf8 &= text.is_empty();
            break;
        }
        carried = 0;
        if is_utf8 && let Err(error) = std::str::from_utf8(text) {
            let (valid, length) = (error.valid_up_to(), text.len());
            match error.error_len() {
                None => {
                    buffer.copy_within(valid..length, 0);
                    carried = length - valid;
                }
                Some(_) => is_utf8 = false,
            }
        }
    }
    let (encoding, mark) = match bom {
        Some((encoding, _)) => (encoding, true),
        None if is_utf8 => (UTF_8, false),
        None => (WINDOWS_1252, true),
    };
    Ok(Scan { encoding, mark, lines })
}

/// What divides the cells of the first line that has any.
fn delimiter_of(text: &[u8]) -> u8 {
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    let mut quoted = false;
    let start = text.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
    for byte in text.get(start..).unwrap_or_default() {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == delimiter);
                }
            }
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    let found = counts.iter().find(|(_, count)| Some(*count) == most && *count > 0);
    found.map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheets::{Back, Record, Source};

    fn read(bytes: &[u8]) -> std::result::Result<(Source, Vec<Record>), Fault> {
        let file = File::of(bytes).expect("a file");
        let mut source = Source::open(file, None).expect("a look")?;
        let records = source.records(usize::MAX).expect("rows")?;
        Ok((source, records))
    }

    fn cells(records: &[Record]) -> Vec<Vec<&str>> {
        records.iter().map(|record| record.cells.iter().collect()).collect()
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
            let (source, records) = read(text.as_bytes()).expect("a sheet");
            assert_eq!(source.header.iter().next(), Some("projekt"), "{text:?}");
            assert_eq!(cells(&records), [["kram", "300", "Års, Nibe"]], "{text:?}");
        }
    }

    #[test]
    fn what_is_not_utf8_is_windows_1252() {
        let (bytes, _, _) = WINDOWS_1252.encode("projekt;note\r\nkram;Års \u{2013} Nibe\r\n");
        let (source, records) = read(&bytes).expect("a sheet");
        assert_eq!(cells(&records), [["kram", "Års \u{2013} Nibe"]]);
        let mut back = Back::new(source.style, &source.header, "error").expect("a file");
        back.row(&records[0].cells, "ø").expect("a row");
        assert_eq!(
            String::from_utf8(back.finish().expect("a file")).expect("text"),
            "\u{feff}projekt;note;error\r\nkram;Års \u{2013} Nibe;ø\r\n"
        );
    }

    #[test]
    fn a_letter_may_be_cut_by_any_buffer() {
        let mut text = "projekt;note\n".to_string();
        for number in 0..60_000 {
            text.push_str(&format!("kram;{}ÆØÅ – €\n", "x".repeat(number % 5)));
        }
        let (source, records) = read(text.as_bytes()).expect("a sheet");
        assert!(!source.style.mark && source.lines == 60_001);
        assert!(records.iter().all(|record| record.cells[1].ends_with("ÆØÅ – €")));
        assert_eq!(records.last().map(|record| record.line), Some(60_001));
    }

    #[test]
    fn a_row_is_named_by_its_line() {
        for end in ["\n", "\r\n"] {
            let text = format!(
                "project,note{end}{end}kram,\"one{end}two\"{end}{end}{end},{end}labstem-nord,x{end}"
            );
            let (_, records) = read(text.as_bytes()).expect("a sheet");
            let lines: Vec<u64> = records.iter().map(|record| record.line).collect();
            assert_eq!(lines, [3, 8], "{end:?}");
        }
    }

    #[test]
    fn the_error_column_is_written_anew() {
        let (source, records) = read(b"project,error,note\nkram,old,x\ncut\n").expect("a sheet");
        let mut back = Back::new(source.style, &source.header, "error").expect("a file");
        for (record, text) in records.iter().zip(["new", "cells"]) {
            back.row(&record.cells, text).expect("a row");
        }
        assert_eq!(
            String::from_utf8(back.finish().expect("a file")).expect("text"),
            "project,error,note\nkram,new,x\ncut,,,cells\n"
        );
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let code = |bytes: &[u8]| read(bytes).err().map(|fault| fault.code.into_owned());
        assert_eq!(code(b""), Some("empty_file".to_string()));
        assert_eq!(code(b"\n;;\n"), Some("empty_file".to_string()));
        assert_eq!(code(b"project\0"), Some("nul".to_string()));
        assert_eq!(code(b"PK\x03\x04 and then nothing"), Some("not_excel".to_string()));
    }
}
