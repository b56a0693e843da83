//! What the cells of one row say.

use chrono::{Datelike, NaiveDate};

use super::{Header, Record};
use crate::clock::YEARS;
use crate::error::{Error, Fault, Faults, Result};

/// A row, read cell by cell; what can't be read is kept until the end.
pub struct Row<'a> {
    header: &'a Header,
    record: &'a Record,
    decimal_mark: char,
    faults: Faults,
}

impl<'a> Row<'a> {
    pub fn of(header: &'a Header, record: &'a Record, decimal_mark: char) -> Row<'a> {
        Row { header, record, decimal_mark, faults: Faults::default() }
    }

    /// Whether the file has the column at all: where it hasn't, nothing is said about it.
    pub fn has(&self, column: &str) -> bool {
        self.header.has(column)
    }

    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub fn text(&self, column: &str) -> Option<&'a str> {
        self.header.cell(&self.record.cells, column)
    }

    pub fn needed(&mut self, column: &str) -> &'a str {
        let text = self.text(column);
        if text.is_none() {
            self.faults.push(Fault::at(self.pointer(column), "required"));
        }
        text.unwrap_or_default()
    }

    /// What is chosen by a cell; what can't be is a fault of that code.
    pub fn read<T>(
        &mut self,
        column: &str,
        code: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(column)?;
        let value = read(text);
        if value.is_none() {
            self.faults.push(Fault::at(self.pointer(column), code).with("value", text));
        }
        value
    }

    pub fn whole(&mut self, column: &str) -> Option<i64> {
        let mark = self.decimal_mark;
        self.read(column, "not_a_figure", |text| figure(text, mark))
    }

    /// As [`Row::whole`], for what is never large.
    pub fn small(&mut self, column: &str) -> Option<i32> {
        let mark = self.decimal_mark;
        self.read(column, "not_a_figure", |text| figure(text, mark)?.try_into().ok())
    }

    /// A number with a point as its decimal mark, however the file has it.
    pub fn decimal<T>(&mut self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let mark = self.decimal_mark;
        self.read(column, "unreadable_number", |text| {
            if mark != '.' && text.contains('.') {
                return None;
            }
            read(&text.replace(mark, "."))
        })
    }

    pub fn day(&mut self, column: &str) -> Option<NaiveDate> {
        self.read(column, "not_a_day", day_of)
    }

    pub fn yes(&mut self, column: &str) -> Option<bool> {
        self.read(column, "not_yes_or_no", yes_or_no)
    }

    /// Several words with `|` or `;` between.
    pub fn list(&self, column: &str) -> Vec<&'a str> {
        let all = self.text(column).unwrap_or_default().split(['|', ';']);
        all.map(str::trim).filter(|word| !word.is_empty()).collect()
    }

    /// An error if anything could not be read.
    pub fn check(self) -> Result<()> {
        if self.faults.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.faults)) }
    }

    fn pointer(&self, column: &str) -> String {
        self.header.pointer(column).to_string()
    }
}

/// A whole number, as a spreadsheet may have written it: `540`, `540,0`. A mark before three
/// digits could be either language's thousands, and is refused.
pub fn figure(text: &str, decimal_mark: char) -> Option<i64> {
    let (whole, rest) = text.split_once(decimal_mark).unwrap_or((text, "0"));
    if !matches!(rest, "0" | "00") {
        return None;
    }
    whole.parse().ok()
}

pub fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "ja" | "true" | "sand" | "x" | "1" => Some(true),
        "no" | "nej" | "false" | "falsk" | "0" => Some(false),
        _ => None,
    }
}

/// A day as a program or a Dane writes it: `2022-12-31`, `31-12-2022`, `31.12.2022`, `31/12/2022`.
pub fn day_of(text: &str) -> Option<NaiveDate> {
    let day = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())?;
    YEARS.contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_whole() {
        assert_eq!(figure("540", ','), Some(540));
        assert_eq!(figure("540,0", ','), Some(540));
        assert_eq!(figure("540.00", '.'), Some(540));
        for text in ["1.265", "1,265", "540,5", "", "ca. 540", "1 265"] {
            assert_eq!(figure(text, ','), None, "{text}");
        }
        assert_eq!(figure("540,0", '.'), None);
    }
}
