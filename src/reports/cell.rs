//! Typed cells: what every face of a table is written from.

use chrono::{Datelike, NaiveDate, SecondsFormat};
use serde::{Serialize, Serializer};

use crate::clock::At;
use crate::projects::PartialDate;

/// One value of a table. Numbers are numbers: each face decides how they are written, and a
/// negative one is no formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Not known, or nothing to say.
    Empty,
    Text(String),
    /// A word of the API, such as `ongoing`. Files for programs have it as it is, what people read
    /// has it in their language.
    Word(&'static str),
    Integer(i64),
    /// Exact thousandths, written without trailing zeros.
    Decimal(i64),
    /// Tenths of a per cent, always written with one decimal.
    Percent(i64),
    /// Øre, written as kroner with two decimals.
    Money(i64),
    Date(NaiveDate),
    /// As exact as it is known.
    Partial(PartialDate),
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

impl From<usize> for Cell {
    fn from(number: usize) -> Cell {
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Cell {
        Cell::Date(day)
    }
}

impl From<PartialDate> for Cell {
    fn from(date: PartialDate) -> Cell {
        Cell::Partial(date)
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
    /// Several codes or names in one cell; empty where there is none.
    pub fn several<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Cell {
        let items: Vec<String> = items.into_iter().map(|item| item.as_ref().to_string()).collect();
        if items.is_empty() { Cell::Empty } else { Cell::Text(items.join("|")) }
    }

    pub fn is_known(&self) -> bool {
        *self != Cell::Empty
    }

    /// The number that stands in it, in the smallest unit that its kind counts in.
    pub fn exact(&self) -> Option<i64> {
        match self {
            Cell::Integer(number) | Cell::Decimal(number) => Some(*number),
            Cell::Percent(number) | Cell::Money(number) => Some(*number),
            _ => None,
        }
    }
}

/// Time in UTC, ISO 8601.
pub fn moment(at: At) -> String {
    at.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A number with exactly that many decimals.
pub fn fixed(number: i64, decimals: usize, mark: char) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = decimals + 1);
    let (units, rest) = digits.split_at(digits.len() - decimals);
    format!("{sign}{units}{mark}{rest}")
}

/// Thousandths without trailing zeros.
pub fn decimal(thousandths: i64, mark: char) -> String {
    let text = fixed(thousandths, 3, mark);
    text.trim_end_matches('0').trim_end_matches(mark).to_string()
}

/// Whole if it is whole, else the nearest double: up to nine quadrillion smallest units that one
/// prints as the same decimals in any reader.
fn number<S: Serializer>(value: i64, unit: i64, serializer: S) -> Result<S::Ok, S::Error> {
    match value % unit {
        0 => serializer.serialize_i64(value / unit),
        _ => serializer.serialize_f64(value as f64 / unit as f64),
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Empty => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Word(word) => serializer.serialize_str(word),
            Cell::Integer(value) => serializer.serialize_i64(*value),
            Cell::Decimal(value) => number(*value, 1_000, serializer),
            Cell::Percent(value) => number(*value, 10, serializer),
            Cell::Money(value) => number(*value, 100, serializer),
            Cell::Date(day) => serializer.collect_str(day),
            Cell::Partial(date) => serializer.collect_str(date),
            Cell::Moment(at) => serializer.serialize_str(&moment(*at)),
            Cell::Boolean(value) => serializer.serialize_bool(*value),
        }
    }
}

/// A day that is known in full; none for a year or a month.
pub fn full_day(date: PartialDate) -> Option<NaiveDate> {
    (date.first_day() == date.last_day()).then(|| date.first_day())
}

/// The year of a date that is known no better.
pub fn bare_year(date: PartialDate) -> Option<i32> {
    let is_year = date.first_day().ordinal() == 1 && date.last_day().month() == 12;
    (is_year && full_day(date).is_none()).then(|| date.first_day().year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_json_are_exact() {
        let json = |cell: Cell| serde_json::to_string(&cell).expect("JSON");
        assert_eq!(json(Cell::Money(34_535_300)), "345353");
        assert_eq!(json(Cell::Money(34_535_305)), "345353.05");
        assert_eq!(json(Cell::Money(-1)), "-0.01");
        assert_eq!(json(Cell::Percent(1_644)), "164.4");
        assert_eq!(json(Cell::Decimal(3_125)), "3.125");
        assert_eq!(json(Cell::Empty), "null");
        // Largest sums of a programme: a hundred thousand grants of a hundred million each.
        assert_eq!(json(Cell::Money(999_999_999_999_999)), "9999999999999.99");
    }

    #[test]
    fn a_date_is_shown_as_exact_as_it_is_known() {
        let date = |text: &str| text.parse::<PartialDate>().expect("a date");
        assert_eq!(bare_year(date("2021")), Some(2021));
        assert_eq!(bare_year(date("2021-12")), None);
        assert_eq!(bare_year(date("2021-01-01")), None);
        assert_eq!(full_day(date("2021-01-01")), NaiveDate::from_ymd_opt(2021, 1, 1));
        assert_eq!(full_day(date("2021-01")), None);
    }
}
