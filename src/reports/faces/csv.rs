//! A table as CSV, in either dialect.

use std::borrow::Cow;

use crate::csv_text::{Dialect, harmless};
use crate::error::{Error, Result};
use crate::reports::cell::{Cell, decimal, fixed, moment};
use crate::reports::reading::Reading;
use crate::store::Db;

/// A table on its way out as a file, part by part.
#[derive(Debug, Clone)]
pub struct Export {
    reading: Reading,
    dialect: Dialect,
    started: bool,
}

impl Export {
    pub fn new(reading: Reading, dialect: Dialect) -> Export {
        Export { reading, dialect, started: false }
    }

    /// Such as `nordjylland-progress-2026-11-22.csv`.
    pub fn file_name(&self) -> String {
        format!("{}.csv", self.reading.file_name())
    }

    /// The next part of the file, never empty; none after the last.
    pub fn next_part(&mut self, db: &mut Db) -> Result<Option<Vec<u8>>> {
        let mut part = Vec::new();
        if !self.started {
            let columns = self.reading.wanted().table.columns();
            part = header(self.dialect, columns.iter().map(|column| column.name))?;
            self.started = true;
        }
        loop {
            let Some(next) = self.reading.next_rows(db)? else {
                return Ok(Some(part).filter(|part| !part.is_empty()));
            };
            part.extend(rows(self.dialect, &next)?);
            if !part.is_empty() {
                return Ok(Some(part));
            }
        }
    }
}

fn written(cell: &Cell, dialect: Dialect) -> Cow<'_, str> {
    let mark = dialect.decimal_mark();
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => harmless(text),
        Cell::Word(word) => Cow::Borrowed(word),
        Cell::Integer(number) => number.to_string().into(),
        Cell::Decimal(thousandths) => decimal(*thousandths, mark).into(),
        Cell::Percent(tenths) => fixed(*tenths, 1, mark).into(),
        Cell::Money(ore) => fixed(*ore, 2, mark).into(),
        Cell::Date(day) => day.to_string().into(),
        Cell::Partial(date) => date.to_string().into(),
        Cell::Moment(at) => moment(*at).into(),
        Cell::Boolean(true) => Cow::Borrowed("true"),
        Cell::Boolean(false) => Cow::Borrowed("false"),
    }
}

/// The start of a file: what the dialect begins with, and the header.
pub fn header<'a>(dialect: Dialect, names: impl Iterator<Item = &'a str>) -> Result<Vec<u8>> {
    let mut start = dialect.prefix().as_bytes().to_vec();
    start.extend(rows(dialect, &[names.map(Cell::from).collect()])?);
    Ok(start)
}

/// Rows of a file, each ended by CRLF.
pub fn rows(dialect: Dialect, rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(dialect.delimiter())
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        let cells: Vec<Cow<str>> = row.iter().map(|cell| written(cell, dialect)).collect();
        let record = cells.iter().map(|cell| cell.as_bytes());
        writer.write_record(record).map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(Error::unexpected)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::clock::At;
    use crate::csv_text::unharm;

    fn line(dialect: Dialect, cells: Vec<Cell>) -> String {
        String::from_utf8(rows(dialect, &[cells]).expect("a line")).expect("UTF-8")
    }

    #[test]
    fn numbers_are_written_as_the_dialect_has_them() {
        let cells = || {
            vec![
                Cell::Integer(-5),
                Cell::Decimal(540_000),
                Cell::Decimal(12_500),
                Cell::Decimal(-1_250),
                Cell::Decimal(5),
                Cell::Decimal(0),
                Cell::Percent(540),
                Cell::Percent(5),
                Cell::Percent(-12),
                Cell::Money(34_535_300),
                Cell::Money(-5),
                Cell::Empty,
            ]
        };
        let rfc = "-5,540,12.5,-1.25,0.005,0,54.0,0.5,-1.2,345353.00,-0.05,\r\n";
        assert_eq!(line(Dialect::Rfc4180, cells()), rfc);
        let excel = "-5;540;12,5;-1,25;0,005;0;54,0;0,5;-1,2;345353,00;-0,05;\r\n";
        assert_eq!(line(Dialect::DkExcel, cells()), excel);
    }

    #[test]
    fn days_moments_and_flags_are_the_same_in_both() {
        let day: NaiveDate = "2022-12-31".parse().expect("a day");
        for (dialect, mark) in [(Dialect::Rfc4180, ","), (Dialect::DkExcel, ";")] {
            let cells = vec![day.into(), At::end_of(day).into(), true.into(), false.into()];
            let written = ["2022-12-31", "2022-12-31T22:59:59.999999Z", "true", "false"].join(mark);
            assert_eq!(line(dialect, cells), format!("{written}\r\n"));
        }
    }

    #[test]
    fn excel_is_told_that_it_is_utf_8() {
        let names = || ["project", "title"].into_iter();
        let rfc = header(Dialect::Rfc4180, names()).expect("a header");
        assert_eq!(rfc, b"project,title\r\n");
        let excel = header(Dialect::DkExcel, names()).expect("a header");
        assert_eq!(excel, b"\xef\xbb\xbfproject;title\r\n");
    }

    #[test]
    fn every_text_comes_back_from_a_file() {
        let signs = ["'", "=", "-", "\t", "\r", "\n", "\"", ",", ";", " ", "å", "45"];
        let mut texts = vec![String::new(), "KRAM; 16 klasser, \"anslået\"\r\n320".to_string()];
        for one in signs {
            for two in signs {
                for three in signs {
                    texts.push(format!("{one}{two}{three}"));
                }
            }
        }
        let table: Vec<Vec<Cell>> =
            texts.iter().map(|text| vec![Cell::Integer(1), text.clone().into()]).collect();
        for dialect in [Dialect::Rfc4180, Dialect::DkExcel] {
            let file = rows(dialect, &table).expect("a file");
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .delimiter(dialect.delimiter())
                .from_reader(file.as_slice());
            let read: Vec<String> = reader
                .records()
                .map(|record| unharm(&record.expect("a record")[1]).to_string())
                .collect();
            assert_eq!(read, texts);
        }
    }
}
