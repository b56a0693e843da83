//! Periods: an explicit first and last day, with the years that people say ready-made.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::YEARS;
use crate::error::Fault;

/// Days that a period may lie within: what both engines sort alike as text and as date.
const PROJECT_YEARS: std::ops::RangeInclusive<i32> = 1..=50;

/// From one day to another, both included; never backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

/// What a count is posted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    During(Period),
    /// So far, up to and including that day; from when is found in what stands before.
    UpTo(NaiveDate),
}

impl When {
    pub fn end(self) -> NaiveDate {
        match self {
            When::During(period) => period.end,
            When::UpTo(end) => end,
        }
    }
}

/// The period of a count: one of `{start, end}`, `{calendar_year}`, `{school_year}` and
/// `{project_year}`. Where the count is `so_far`, `{end}` alone will do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodInput {
    /// The first day.
    pub start: Option<NaiveDate>,
    /// The last day, included.
    pub end: Option<NaiveDate>,
    /// 2022: 1 January to 31 December 2022.
    #[schema(minimum = 1900, maximum = 2199)]
    pub calendar_year: Option<i32>,
    /// 2022: 1 August 2022 to 31 July 2023.
    #[schema(minimum = 1900, maximum = 2199)]
    pub school_year: Option<i32>,
    /// 1: the twelve months from the day on which the project starts.
    #[schema(minimum = 1, maximum = 50)]
    pub project_year: Option<i32>,
}

impl Period {
    pub fn new(start: NaiveDate, end: NaiveDate) -> Option<Period> {
        let known = YEARS.contains(&start.year()) && YEARS.contains(&end.year());
        (known && start <= end).then_some(Period { start, end })
    }

    /// As it stands in the database, which has checked it.
    pub fn stored(start: NaiveDate, end: NaiveDate) -> Period {
        Period { start, end }
    }

    pub fn start(self) -> NaiveDate {
        self.start
    }

    pub fn end(self) -> NaiveDate {
        self.end
    }

    pub fn calendar_year(year: i32) -> Option<Period> {
        Period::new(NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?)
    }

    /// The school year that starts in August of that year.
    pub fn school_year(year: i32) -> Option<Period> {
        let end = NaiveDate::from_ymd_opt(year.checked_add(1)?, 7, 31)?;
        Period::new(NaiveDate::from_ymd_opt(year, 8, 1)?, end)
    }

    /// The nth year of a project that starts on that day.
    pub fn project_year(start: NaiveDate, number: i32) -> Option<Period> {
        let before = u32::try_from(number.checked_sub(1)?).ok()?.checked_mul(12)?;
        let first = start.checked_add_months(Months::new(before))?;
        // From the project's start again, so that 29 February does not wander.
        let next = start.checked_add_months(Months::new(before.checked_add(12)?))?;
        Period::new(first, next.checked_sub_days(Days::new(1))?)
    }
}

impl PeriodInput {
    /// The days that it says, or what is wrong with it.
    pub fn read(&self, so_far: bool, project_start: Option<NaiveDate>) -> Result<When, Fault> {
        let PeriodInput { start, end, calendar_year, school_year, project_year } = *self;
        match (start, end, calendar_year, school_year, project_year) {
            (Some(start), Some(end), None, None, None) => {
                for (day, pointer) in [(start, "/period/start"), (end, "/period/end")] {
                    within(day.year(), YEARS, pointer)?;
                }
                Period::new(start, end)
                    .map(When::During)
                    .ok_or_else(|| Fault::at("/period/end", "period_backwards"))
            }
            (None, Some(end), None, None, None) if so_far => {
                within(end.year(), YEARS, "/period/end")?;
                Ok(When::UpTo(end))
            }
            (None, Some(_), None, None, None) => Err(Fault::at("/period/start", "required")),
            (Some(_), None, None, None, None) => Err(Fault::at("/period/end", "required")),
            (None, None, Some(year), None, None) => {
                year_of(Period::calendar_year(year), "/period/calendar_year")
            }
            (None, None, None, Some(year), None) => {
                year_of(Period::school_year(year), "/period/school_year")
            }
            (None, None, None, None, Some(number)) => {
                let pointer = "/period/project_year";
                let start =
                    project_start.ok_or_else(|| Fault::at(pointer, "project_start_unknown"))?;
                within(number, PROJECT_YEARS, pointer)?;
                year_of(Period::project_year(start, number), pointer)
            }
            _ => Err(Fault::at("/period", "one_period")),
        }
    }

    /// As people write it in one cell: `2022` or, for a school year, `2022/2023` or `2022/23`.
    pub fn from_text(text: &str) -> Option<PeriodInput> {
        let year = |text: &str| text.parse::<i32>().ok().filter(|_| text.len() == 4);
        match text.trim().split_once('/') {
            None => Some(PeriodInput {
                calendar_year: Some(year(text.trim())?),
                ..PeriodInput::default()
            }),
            Some((first, second)) => {
                let (first, second) = (first.trim(), second.trim());
                let start = year(first)?;
                let next = start.checked_add(1)?;
                let follows =
                    second == format!("{next}") || second == format!("{:02}", next.rem_euclid(100));
                follows.then(|| PeriodInput { school_year: Some(start), ..PeriodInput::default() })
            }
        }
    }
}

fn year_of(period: Option<Period>, pointer: &str) -> Result<When, Fault> {
    let (first, last) = (YEARS.start(), YEARS.end());
    period
        .map(When::During)
        .ok_or_else(|| Fault::at(pointer, "range").with("min", first).with("max", last - 1))
}

fn within(number: i32, range: std::ops::RangeInclusive<i32>, pointer: &str) -> Result<(), Fault> {
    if range.contains(&number) {
        return Ok(());
    }
    let fault = Fault::at(pointer, "range").with("min", range.start());
    Err(fault.with("max", range.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn during(start: &str, end: &str) -> Result<When, Fault> {
        Ok(When::During(Period::new(day(start), day(end)).expect("a period")))
    }

    #[test]
    fn the_years_that_people_say() {
        let input = |text| PeriodInput::from_text(text).expect("a period");
        assert_eq!(input("2022").read(false, None), during("2022-01-01", "2022-12-31"));
        assert_eq!(input("2022/2023").read(false, None), during("2022-08-01", "2023-07-31"));
        assert_eq!(input(" 2022/23 ").read(false, None), during("2022-08-01", "2023-07-31"));
        assert_eq!(input("1999/00").read(false, None), during("1999-08-01", "2000-07-31"));
        for text in ["", "22", "2022/24", "2022-2023", "2022/2022", "efterår 2022"] {
            assert!(PeriodInput::from_text(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_project_year_needs_a_start() {
        let second = PeriodInput { project_year: Some(2), ..PeriodInput::default() };
        assert_eq!(second.read(false, Some(day("2020-08-15"))), during("2021-08-15", "2022-08-14"));
        assert_eq!(second.read(false, Some(day("2020-02-29"))), during("2021-02-28", "2022-02-27"));
        let fault = second.read(false, None).expect_err("no start");
        assert_eq!(
            (&*fault.pointer, &*fault.code),
            ("/period/project_year", "project_start_unknown")
        );
        let none = PeriodInput { project_year: Some(0), ..PeriodInput::default() };
        assert_eq!(none.read(false, Some(day("2020-08-15"))).expect_err("no year").code, "range");
    }

    #[test]
    fn exactly_one_way_to_say_it() {
        let code = |input: PeriodInput| input.read(false, None).expect_err("a fault").code;
        assert_eq!(code(PeriodInput::default()), "one_period");
        let both = PeriodInput {
            calendar_year: Some(2022),
            school_year: Some(2022),
            ..PeriodInput::default()
        };
        assert_eq!(code(both), "one_period");
        let backwards = PeriodInput {
            start: Some(day("2022-02-01")),
            end: Some(day("2022-01-01")),
            ..PeriodInput::default()
        };
        assert_eq!(code(backwards), "period_backwards");
    }

    #[test]
    fn so_far_needs_the_last_day_only() {
        let end = PeriodInput { end: Some(day("2022-12-31")), ..PeriodInput::default() };
        assert_eq!(end.read(true, None), Ok(When::UpTo(day("2022-12-31"))));
        assert_eq!(end.read(false, None).expect_err("no start").pointer, "/period/start");
    }
}
