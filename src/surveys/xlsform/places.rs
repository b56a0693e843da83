//! Where in the workbook a part of the definition came from.

use super::columns::Columns;
use crate::error::{Fault, Faults};
use crate::shape::unescaped;

/// Rows of a question and its parts.
#[derive(Debug, Default)]
pub struct Place {
    pub row: u32,
    /// Of each statement of a grid.
    pub statements: Vec<u32>,
    /// Of each option, in the sheet of choices.
    pub options: Vec<u32>,
    /// The field that bounds the answer: `constraint`, or `parameters` of a range.
    pub bounds: &'static str,
}

pub struct Places<'a> {
    pub survey: &'a Columns,
    pub choices: &'a Columns,
    pub settings: &'a Columns,
    pub intro: Option<u32>,
    pub thanks: Option<u32>,
    pub questions: Vec<Place>,
}

impl Places<'_> {
    /// Faults of the definition, told of the cells.
    pub fn told(&self, faults: Faults) -> Faults {
        let told = |fault: Fault| Fault { pointer: self.cell(&fault.pointer), ..fault };
        Faults(faults.0.into_iter().map(told).collect())
    }

    fn cell(&self, pointer: &str) -> String {
        let parts: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["title", language] => self.settings.place(2, "maaltal_title", Some(language)),
            ["languages", ..] => self.survey.place(1, "label", Some("")),
            ["intro", language] => self.note(self.intro, language),
            ["thanks", language] => self.note(self.thanks, language),
            ["questions", index, rest @ ..] => {
                let place = index.parse().ok().and_then(|index: usize| self.questions.get(index));
                place.map_or("survey".to_string(), |place| self.question(place, rest))
            }
            _ => "survey".to_string(),
        }
    }

    fn note(&self, row: Option<u32>, language: &str) -> String {
        self.survey.place(row.unwrap_or(1), "label", Some(language))
    }

    fn question(&self, place: &Place, rest: &[&str]) -> String {
        let own = |field: &str| self.survey.place(place.row, field, None);
        let row = |rows: &[u32], index: &str| {
            index.parse().ok().and_then(|index: usize| rows.get(index)).copied()
        };
        match rest {
            ["text", language] => self.survey.place(place.row, "label", Some(language)),
            ["help", language] => self.survey.place(place.row, "hint", Some(language)),
            ["unit", language] => self.survey.place(place.row, "maaltal_unit", Some(language)),
            ["code"] => own("name"),
            ["required"] => own("required"),
            ["core", ..] => own("maaltal_core"),
            ["show_if", ..] => own("relevant"),
            ["decimals"] => own("maaltal_decimals"),
            ["min" | "max" | "max_length" | "min_chosen" | "max_chosen"] => own(place.bounds),
            ["options", index, rest @ ..] => match (row(&place.options, index), rest) {
                (Some(row), ["text", language]) => self.choices.place(row, "label", Some(language)),
                (Some(row), ["code"]) => self.choices.place(row, "name", None),
                (Some(row), ["positive"]) => self.choices.place(row, "maaltal_positive", None),
                (Some(row), ["dont_know"]) => self.choices.place(row, "maaltal_dont_know", None),
                _ => own("type"),
            },
            ["statements", index, rest @ ..] => match (row(&place.statements, index), rest) {
                (Some(row), ["text", language]) => self.survey.place(row, "label", Some(language)),
                (Some(row), _) => self.survey.place(row, "name", None),
                _ => own("type"),
            },
            _ => own("type"),
        }
    }
}
