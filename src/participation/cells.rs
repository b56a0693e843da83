//! One row of a file as it would be posted.

use std::collections::HashMap;

use chrono::NaiveDate;
use csv::StringRecord;

use super::Counting;
use super::columns::{self, counting};
use super::input::{CountInput, Place, Words};
use super::period::PeriodInput;
use crate::error::Fault;
use crate::programmes::codes::CodeList;
use crate::sheets::{Header, day_of, figure, yes_or_no};

/// The codes that cells name: the same few words stand in thousands of rows.
pub type Named = HashMap<(&'static str, String), String>;

pub struct Cells<'a> {
    header: &'a Header,
    cells: &'a StringRecord,
    decimal_mark: char,
    /// What can't be read, and where.
    pub faults: Vec<Fault>,
}

impl<'a> Cells<'a> {
    pub fn of(header: &'a Header, cells: &'a StringRecord, decimal_mark: char) -> Cells<'a> {
        Cells { header, cells, decimal_mark, faults: Vec::new() }
    }

    fn cell(&self, column: &'static str) -> Option<&'a str> {
        self.header.cell(self.cells, column)
    }

    /// What the cells say. Where one can't be read something harmless stands in for it, so that
    /// what is wrong with the others is found too.
    pub fn input(&mut self, words: &Words, place: Option<&Place>, named: &mut Named) -> CountInput {
        let activity = self.activity(place);
        let organisation = self.named(columns::ORGANISATION, named, |text| {
            words.register.named(text).map(str::to_string)
        });
        let mut code = |column, list| {
            self.named(column, named, |text| Some(words.book.named(list, text)?.code.clone()))
        };
        let role = code(columns::ROLE, CodeList::ParticipantRole);
        let education_level = code(columns::EDUCATION_LEVEL, CodeList::EducationLevel);
        let participants = self.figure(columns::PARTICIPANTS, "/participants");
        let women = self.figure(columns::WOMEN, "/women");
        let men = self.figure(columns::MEN, "/men");
        let other_gender = self.figure(columns::OTHER_GENDER, "/other_gender");
        if role.is_none() {
            self.faults.push(Fault::at("/role", "required"));
        }
        if participants.is_none() && self.cell(columns::PARTICIPANTS).is_none() {
            self.faults.push(Fault::at("/participants", "required"));
        }
        CountInput {
            activity,
            organisation,
            period: self.period(),
            role: role.unwrap_or_default(),
            education_level,
            counting: self.counting(),
            participants: participants.unwrap_or(0),
            women,
            men,
            other_gender,
            note: self.cell(columns::NOTE).map(str::to_string),
            so_far: self.so_far(),
        }
    }

    fn activity(&mut self, place: Option<&Place>) -> Option<i32> {
        let (text, place) = (self.cell(columns::ACTIVITY)?, place?);
        let number = place.activity_named(text);
        if number.is_none() {
            self.faults.push(Fault::at("/activity", "unknown_activity").with("value", text));
        }
        number
    }

    /// The code that a cell names, or what stands there if it names none.
    fn named(
        &self,
        column: &'static str,
        named: &mut Named,
        find: impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        let text = self.cell(column)?;
        let entry = named.entry((column, text.to_string()));
        Some(entry.or_insert_with(|| find(text).unwrap_or_else(|| text.to_string())).clone())
    }

    fn period(&mut self) -> PeriodInput {
        let start = self.day(columns::PERIOD_START, "/period/start");
        let end = self.day(columns::PERIOD_END, "/period/end");
        let Some(text) = self.cell(columns::PERIOD) else {
            return PeriodInput { start, end, ..PeriodInput::default() };
        };
        match PeriodInput::from_text(text) {
            Some(period) => PeriodInput { start, end, ..period },
            None => {
                self.faults.push(Fault::at("/period", "not_a_period").with("value", text));
                PeriodInput::default()
            }
        }
    }

    fn day(&mut self, column: &'static str, pointer: &str) -> Option<NaiveDate> {
        let text = self.cell(column)?;
        let day = day_of(text);
        if day.is_none() {
            self.faults.push(Fault::at(pointer, "not_a_day").with("value", text));
        }
        day
    }

    fn counting(&mut self) -> Counting {
        let fault = match self.cell(columns::COUNTING) {
            None => Fault::at("/counting", "required"),
            Some(text) => match counting(text) {
                Some(counting) => return counting,
                None => Fault::at("/counting", "unknown_counting").with("value", text),
            },
        };
        self.faults.push(fault);
        Counting::Unique
    }

    fn figure(&mut self, column: &'static str, pointer: &str) -> Option<i64> {
        let text = self.cell(column)?;
        let figure = figure(text, self.decimal_mark);
        if figure.is_none() {
            self.faults.push(Fault::at(pointer, "not_a_figure").with("value", text));
        }
        figure
    }

    fn so_far(&mut self) -> bool {
        let Some(text) = self.cell(columns::SO_FAR) else { return false };
        yes_or_no(text).unwrap_or_else(|| {
            self.faults.push(Fault::at("/so_far", "not_yes_or_no").with("value", text));
            false
        })
    }
}
