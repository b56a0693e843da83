//! Dates of which only the year or the month may be known.

use chrono::{Datelike, Months, NaiveDate};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A date as exact as it is known: `2020`, `2020-08` or `2020-08-15` (ISO 8601, reduced
/// precision). What is not known is never filled in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow, Serialize, Deserialize,
)]
#[diesel(sql_type = Text)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    first: NaiveDate,
    known: Known,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Known {
    Year,
    Month,
    Day,
}

impl PartialDate {
    /// The first day that it can be.
    pub fn first_day(self) -> NaiveDate {
        self.first
    }

    /// The last day that it can be.
    pub fn last_day(self) -> NaiveDate {
        let months = match self.known {
            Known::Year => 12,
            Known::Month => 1,
            Known::Day => return self.first,
        };
        let next = self.first.checked_add_months(Months::new(months));
        next.and_then(|day| day.pred_opt()).unwrap_or(self.first)
    }
}

impl From<NaiveDate> for PartialDate {
    fn from(day: NaiveDate) -> PartialDate {
        PartialDate { first: day, known: Known::Day }
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month) = (self.first.year(), self.first.month());
        match self.known {
            Known::Year => write!(f, "{year:04}"),
            Known::Month => write!(f, "{year:04}-{month:02}"),
            Known::Day => write!(f, "{year:04}-{month:02}-{:02}", self.first.day()),
        }
    }
}

impl std::str::FromStr for PartialDate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("{text:?} is no year, month or day such as 2020-08");
        let (day, known) = match text.len() {
            4 => (format!("{text}-01-01"), Known::Year),
            7 => (format!("{text}-01"), Known::Month),
            10 => (text.to_string(), Known::Day),
            _ => return Err(refused()),
        };
        let first = day.parse().map_err(|_| refused())?;
        let date = PartialDate { first, known };
        // Written back it is the same text, or it was written loosely: 2020-8, +2020.
        if date.to_string() == text { Ok(date) } else { Err(refused()) }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.to_string()
    }
}

impl ToSql<Text, Sqlite> for PartialDate {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}

impl ToSql<Text, Pg> for PartialDate {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <String as ToSql<Text, Pg>>::to_sql(&self.to_string(), &mut out.reborrow())
    }
}

impl<DB: Backend> FromSql<Text, DB> for PartialDate
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(String::from_sql(value)?.parse()?)
    }
}

impl PartialSchema for PartialDate {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"))
            .description(Some(
                "A date as exact as it is known: a year, a month or a day (ISO 8601, reduced \
                 precision)",
            ))
            .examples(["2020", "2020-08", "2020-08-15"])
            .into()
    }
}

impl ToSchema for PartialDate {}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> (String, String) {
        let date: PartialDate = text.parse().expect("a date");
        assert_eq!(date.to_string(), text);
        (date.first_day().to_string(), date.last_day().to_string())
    }

    #[test]
    fn a_year_a_month_and_a_day_span_what_they_can_be() {
        let pair = |first: &str, last: &str| (first.to_string(), last.to_string());
        assert_eq!(days("2020"), pair("2020-01-01", "2020-12-31"));
        assert_eq!(days("2020-02"), pair("2020-02-01", "2020-02-29"));
        assert_eq!(days("2021-12"), pair("2021-12-01", "2021-12-31"));
        assert_eq!(days("2020-08-15"), pair("2020-08-15", "2020-08-15"));
    }

    #[test]
    fn impossible_and_loose_dates_are_refused() {
        let refused = [
            "",
            "20",
            "2020-",
            "2020-8",
            "2020-13",
            "2020-00",
            "2021-02-29",
            "2020-08-1",
            "2020-08-32",
            "202008",
            "2020/08",
            "+2020",
            " 2020",
            "20-2020",
            "2020-08-15T",
            "١٢",
            "2020-8-015",
            "--------",
            "2020---",
        ];
        for text in refused {
            assert!(text.parse::<PartialDate>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn json_has_it_as_text() {
        let date: PartialDate = serde_json::from_str("\"2019-08\"").expect("a date");
        assert_eq!(serde_json::to_string(&date).expect("text"), "\"2019-08\"");
        assert!(serde_json::from_str::<PartialDate>("2019").is_err());
    }
}
