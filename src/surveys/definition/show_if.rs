//! When a question is asked: a condition on the answers before it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Definition, Kind, Question};
use crate::error::{Fault, Faults};

/// A condition on earlier answers. `question` is the code of an earlier scale, single or multiple
/// choice, or `grid.statement`. What was not answered, or not asked, is none of the options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged, try_from = "Wire")]
pub enum ShowIf {
    /// One of these options was chosen.
    Is { question: String, is: Vec<String> },
    /// None of these options was chosen.
    IsNot { question: String, is_not: Vec<String> },
    /// Every one of these holds.
    All {
        #[schema(no_recursion)]
        all: Vec<ShowIf>,
    },
    /// At least one of these holds.
    Any {
        #[schema(no_recursion)]
        any: Vec<ShowIf>,
    },
}

/// As it is sent, so that serde keeps the place of a mistake.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    question: Option<String>,
    is: Option<Vec<String>>,
    is_not: Option<Vec<String>>,
    all: Option<Vec<ShowIf>>,
    any: Option<Vec<ShowIf>>,
}

impl TryFrom<Wire> for ShowIf {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<ShowIf, Self::Error> {
        match (wire.question, wire.is, wire.is_not, wire.all, wire.any) {
            (Some(question), Some(is), None, None, None) => Ok(ShowIf::Is { question, is }),
            (Some(question), None, Some(is_not), None, None) => {
                Ok(ShowIf::IsNot { question, is_not })
            }
            (None, None, None, Some(all), None) => Ok(ShowIf::All { all }),
            (None, None, None, None, Some(any)) => Ok(ShowIf::Any { any }),
            _ => Err("a condition is `question` with `is` or `is_not`, or `all`, or `any`"),
        }
    }
}

/// `all` and `any` within each other.
const MAX_DEPTH: usize = 4;
/// In one list.
const MAX_CONDITIONS: usize = 20;

/// What a condition is about.
pub(in crate::surveys) struct Subject<'a> {
    /// Its place among the questions, and among the statements of a grid.
    pub place: usize,
    pub statement: usize,
    pub question: &'a Question,
}

/// Finds the question, or the statement of a grid, by the name that results and conditions use.
pub(in crate::surveys) fn subject<'a>(
    definition: &'a Definition,
    name: &str,
) -> Option<Subject<'a>> {
    let (code, row) = match name.split_once('.') {
        Some((code, row)) => (code, Some(row)),
        None => (name, None),
    };
    let place = definition.questions.iter().position(|question| question.code == code)?;
    let question = definition.questions.get(place)?;
    let statement = match (&question.kind, row) {
        (Kind::Grid { statements, .. }, Some(row)) => {
            statements.iter().position(|statement| statement.code == row)?
        }
        (_, Some(_)) => return None,
        (_, None) => 0,
    };
    let names_a_row = row.is_some();
    // A grid as a whole has no single answer.
    if matches!(question.kind, Kind::Grid { .. }) != names_a_row {
        return None;
    }
    Some(Subject { place, statement, question })
}

/// Checks the condition of the question at that place.
pub(super) fn check(
    definition: &Definition,
    place: usize,
    condition: &ShowIf,
    pointer: &str,
    faults: &mut Faults,
) {
    Check { definition, place, faults }.one(condition, pointer, 0);
}

struct Check<'a> {
    definition: &'a Definition,
    place: usize,
    faults: &'a mut Faults,
}

impl Check<'_> {
    fn one(&mut self, condition: &ShowIf, pointer: &str, depth: usize) {
        match condition {
            ShowIf::Is { question, is } => self.options(question, is, pointer, "is"),
            ShowIf::IsNot { question, is_not } => {
                self.options(question, is_not, pointer, "is_not");
            }
            ShowIf::All { all } => self.list(all, &format!("{pointer}/all"), depth),
            ShowIf::Any { any } => self.list(any, &format!("{pointer}/any"), depth),
        }
    }

    fn list(&mut self, conditions: &[ShowIf], pointer: &str, depth: usize) {
        if depth >= MAX_DEPTH {
            self.faults.push(Fault::at(pointer, "condition_too_deep").with("max", MAX_DEPTH));
            return;
        }
        if conditions.is_empty() || conditions.len() > MAX_CONDITIONS {
            let fault = Fault::at(pointer, "number_of").with("of", "conditions").with("min", 1);
            self.faults.push(fault.with("max", MAX_CONDITIONS));
        }
        for (index, condition) in conditions.iter().take(MAX_CONDITIONS).enumerate() {
            self.one(condition, &format!("{pointer}/{index}"), depth + 1);
        }
    }

    fn options(&mut self, name: &str, codes: &[String], pointer: &str, list: &str) {
        let at = format!("{pointer}/question");
        let Some(subject) = subject(self.definition, name) else {
            return self.faults.push(Fault::at(at, "unknown_subject").with("value", name));
        };
        let options = subject.question.options();
        if subject.place >= self.place {
            return self.faults.push(Fault::at(at, "not_earlier").with("value", name));
        }
        if options.is_empty() {
            return self.faults.push(Fault::at(at, "not_a_choice").with("value", name));
        }
        if codes.is_empty() || codes.len() > options.len() {
            let fault = Fault::at(format!("{pointer}/{list}"), "number_of").with("of", "options");
            self.faults.push(fault.with("min", 1).with("max", options.len()));
        }
        for (index, code) in codes.iter().take(options.len()).enumerate() {
            if !options.iter().any(|option| option.code == *code) {
                let at = format!("{pointer}/{list}/{index}");
                self.faults.push(Fault::at(at, "not_an_option").with("value", code));
            }
        }
    }
}
