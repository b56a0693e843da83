//! Typed cells, written in either dialect.

use std::borrow::Cow;

use chrono::{NaiveDate, SecondsFormat};

use crate::clock::At;
use crate::csv_text::{Dialect, harmless};
use crate::error::{Error, Result};

/// One value of a table. Numbers are numbers: the dialect decides how they are written, and a
/// negative one is no formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Not known, or nothing to say.
    Empty,
    Text(String),
    Integer(i64),
    /// Exact thousandths, written without trailing zeros.
    Decimal(i64),
    /// Tenths of a per cent, always written with one decimal.
    Percent(i64),
    Date(NaiveDate),
    Moment(At),
    Boolean(bool),
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Empty, Into::into)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_string())
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Cell {
        Cell::Integer(number.into())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Integer(number)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Cell {
        Cell::Date(day)
    }
}

impl From<At> for Cell {
    fn from(moment: At) -> Cell {
        Cell::Moment(moment)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Cell {
        Cell::Boolean(value)
    }
}

impl Cell {
    fn written(&self, dialect: Dialect) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => harmless(text),
            Cell::Integer(number) => number.to_string().into(),
            Cell::Decimal(thousandths) => {
                let text = fixed(*thousandths, 3, dialect);
                let text = text.trim_end_matches('0').trim_end_matches(dialect.decimal_mark());
                text.to_string().into()
            }
            Cell::Percent(tenths) => fixed(*tenths, 1, dialect).into(),
            Cell::Date(day) => day.to_string().into(),
            Cell::Moment(at) => at.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true).into(),
            Cell::Boolean(true) => Cow::Borrowed("true"),
            Cell::Boolean(false) => Cow::Borrowed("false"),
        }
    }
}

/// A number with exactly that many decimals.
fn fixed(number: i64, decimals: usize, dialect: Dialect) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = decimals + 1);
    let (units, rest) = digits.split_at(digits.len() - decimals);
    format!("{sign}{units}{}{rest}", dialect.decimal_mark())
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
        let cells: Vec<Cow<str>> = row.iter().map(|cell| cell.written(dialect)).collect();
        let record = cells.iter().map(|cell| cell.as_bytes());
        writer.write_record(record).map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(Error::unexpected)
}

#[cfg(test)]
mod tests {
    use super::*;
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
                Cell::Empty,
            ]
        };
        let rfc = "-5,540,12.5,-1.25,0.005,0,54.0,0.5,-1.2,\r\n";
        assert_eq!(line(Dialect::Rfc4180, cells()), rfc);
        let excel = "-5;540;12,5;-1,25;0,005;0;54,0;0,5;-1,2;\r\n";
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
