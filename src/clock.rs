//! Time, handed in: the only reader of the system clock.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Copenhagen;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// A moment in UTC, to the microsecond, which is what both engines keep.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    AsExpression,
    FromSqlRow,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[diesel(sql_type = crate::store::types::Instant)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime)]
pub struct At(#[serde(deserialize_with = "moment")] DateTime<Utc>);

impl At {
    /// Later than anything recorded, within what both engines can hold.
    pub const END: At = At::at_micros(253_370_764_800_000_000);

    const fn at_micros(micros: i64) -> At {
        match DateTime::from_timestamp_micros(micros) {
            Some(moment) => At(moment),
            None => panic!("a moment outside of the calendar"),
        }
    }

    pub fn from_micros(micros: i64) -> Option<At> {
        DateTime::from_timestamp_micros(micros).map(At)
    }

    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// Unix time in whole seconds, as JWT counts it.
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    pub fn plus_seconds(self, seconds: i64) -> At {
        At(self.0 + chrono::TimeDelta::seconds(seconds))
    }

    /// The day it is in Denmark: days are counted in Europe/Copenhagen.
    pub fn day(self) -> NaiveDate {
        self.0.with_timezone(&Copenhagen).date_naive()
    }

    /// Day and time in Denmark, for people: `3.2.2026` and `10.30`.
    pub fn in_denmark(self) -> (String, String) {
        let there = self.0.with_timezone(&Copenhagen);
        (there.format("%-d.%-m.%Y").to_string(), there.format("%H.%M").to_string())
    }

    /// The last microsecond of that day in Denmark.
    pub fn end_of(day: NaiveDate) -> At {
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        // Midnight exists in Copenhagen on every day: summer time starts at 2 and ends at 3.
        Copenhagen
            .from_local_datetime(&next.and_time(NaiveTime::MIN))
            .earliest()
            .map_or(At::END, |midnight| {
                At(midnight.with_timezone(&Utc) - chrono::TimeDelta::microseconds(1))
            })
    }
}

/// The years of every day that comes in: what lies outside is a slip, and the engines differ in
/// what they make of it.
pub const YEARS: RangeInclusive<i32> = 1900..=2199;

/// What serde says of a day outside of [`YEARS`]; `http` has the words for people.
pub const DAY_OUT_OF_RANGE: &str = "a day outside of the years 1900 to 2199";

/// What serde says of what is no moment; `shape` has the words for people.
pub const NOT_A_TIME: &str = "no moment with its distance to UTC";

/// Reads a day of the known years: `#[serde(deserialize_with = "clock::day")]`.
pub fn day<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let day = NaiveDate::deserialize(from)?;
    if YEARS.contains(&day.year()) { Ok(day) } else { Err(D::Error::custom(DAY_OUT_OF_RANGE)) }
}

fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    let moment = DateTime::<Utc>::deserialize(from).map_err(|_| D::Error::custom(NOT_A_TIME))?;
    if YEARS.contains(&moment.year()) {
        Ok(moment)
    } else {
        Err(D::Error::custom(DAY_OUT_OF_RANGE))
    }
}

/// As [`day`], where none need be given.
pub fn day_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    #[derive(Deserialize)]
    struct Day(#[serde(deserialize_with = "day")] NaiveDate);
    Ok(Option::<Day>::deserialize(from)?.map(|day| day.0))
}

/// Where `now` comes from. Tests set it and move it on.
#[derive(Clone, Default)]
pub enum Clock {
    #[default]
    System,
    Set(Arc<AtomicI64>),
}

impl Clock {
    pub fn set_to(at: At) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(at.micros())))
    }

    pub fn now(&self) -> At {
        let micros = match self {
            Clock::System => Utc::now().timestamp_micros(),
            Clock::Set(micros) => micros.load(Ordering::SeqCst),
        };
        At::from_micros(micros).unwrap_or(At::END)
    }

    /// Moves a set clock on; the system's goes by itself.
    pub fn advance(&self, seconds: i64) {
        if let Clock::Set(micros) = self {
            micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> At {
        At(text.parse().expect("a moment"))
    }

    #[test]
    fn a_day_ends_at_midnight_in_copenhagen() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(At::end_of(day("2024-01-15")), at("2024-01-15T22:59:59.999999Z"));
        assert_eq!(At::end_of(day("2024-07-15")), at("2024-07-15T21:59:59.999999Z"));
        // The days on which summer time starts and ends are 23 and 25 hours long.
        assert_eq!(At::end_of(day("2024-03-31")), at("2024-03-31T21:59:59.999999Z"));
        assert_eq!(At::end_of(day("2024-10-27")), at("2024-10-27T22:59:59.999999Z"));
    }

    #[test]
    fn the_day_is_the_danish_one() {
        assert_eq!(at("2024-06-30T22:30:00Z").day().to_string(), "2024-07-01");
        assert_eq!(at("2024-12-31T22:30:00Z").day().to_string(), "2024-12-31");
    }
}
