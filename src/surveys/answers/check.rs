//! The check of one response.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::compiled::{Chosen, Compiled, State, Step, bit};
use super::{Answer, Answers};
use crate::error::{Fault, Faults};
use crate::shape::escaped;
use crate::surveys::definition::{ChoiceOption, Decimal, Kind, NotDecimal, Question, Statement};

/// So many unknown names are told of: they are the sender's, and could be without end.
const MAX_UNKNOWN: usize = 20;

/// The answers, by question code, held to the version that was shown. Pointers are
/// `/answers/<code>`, and below that the place in a list or the statement of a grid.
pub fn check(version: &Compiled, given: &Map<String, Value>) -> Result<Answers, Faults> {
    let mut walk = Walk::default();
    walk.go(version, given, |faults, question| {
        faults.push(Fault::at(at(question), "not_asked"));
    });
    let Walk { mut faults, answers, known, .. } = walk;
    if known != given.len() {
        let unknown = given.keys().filter(|code| !version.asks(code));
        for code in unknown.take(MAX_UNKNOWN) {
            let at = format!("/answers/{}", escaped(shown(code)));
            faults.push(Fault::at(at, "unknown_question"));
        }
    }
    if faults.0.is_empty() { Ok(Answers(answers)) } else { Err(faults) }
}

/// How far a form is that is filled in part by part.
#[derive(Debug)]
pub struct Progress {
    /// Of each question and text in order, whether it is asked after the answers before it.
    pub asked: Vec<bool>,
    /// What is wrong so far, and what is required and not answered yet.
    pub faults: Faults,
}

/// As [`check`], of answers to a form under way. What was answered before and is not asked any
/// more, since an answer before it was changed, is taken away.
pub fn progress(version: &Compiled, given: &mut Map<String, Value>) -> Progress {
    let mut walk = Walk::default();
    let mut not_asked = Vec::new();
    walk.go(version, given, |_, question| not_asked.push(question.code.clone()));
    for code in not_asked {
        given.remove(&code);
    }
    Progress { asked: walk.asked, faults: walk.faults }
}

/// What is found on the way through the questions in their order.
#[derive(Default)]
struct Walk {
    faults: Faults,
    answers: BTreeMap<String, Answer>,
    asked: Vec<bool>,
    /// How many of the given names are questions.
    known: usize,
}

impl Walk {
    /// Tells of each answer to a question that is not asked.
    fn go(
        &mut self,
        version: &Compiled,
        given: &Map<String, Value>,
        mut not_asked: impl FnMut(&mut Faults, &Question),
    ) {
        let mut state = State::new(version);
        for (question, step) in version.steps() {
            let asked = state.shows(step);
            self.asked.push(asked == Some(true));
            if question.kind == Kind::Section {
                continue;
            }
            let value = given.get(&question.code);
            self.known += usize::from(value.is_some());
            match (value.filter(|value| !is_blank(value)), asked) {
                (Some(_), Some(false)) => not_asked(&mut self.faults, question),
                (Some(value), _) => {
                    let faults = &mut self.faults;
                    let mut reader = Reader { question, step, state: &mut state, faults };
                    if let Some(answer) = reader.read(value) {
                        self.answers.insert(question.code.clone(), answer);
                    }
                }
                (None, Some(true)) if question.required => {
                    self.faults.push(Fault::at(at(question), "required"));
                    state.forget(step, question);
                }
                (None, _) => {}
            }
        }
    }
}

fn at(question: &Question) -> String {
    format!("/answers/{}", question.code)
}

/// What a form sends for a question that was left alone.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// As much of what was sent as a message needs to name it.
fn shown(text: &str) -> &str {
    text.char_indices().nth(80).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Reads the answer to one question, sets the slots that conditions look at, and tells the faults.
struct Reader<'a> {
    question: &'a Question,
    step: &'a Step,
    state: &'a mut State,
    faults: &'a mut Faults,
}

impl Reader<'_> {
    fn read(&mut self, value: &Value) -> Option<Answer> {
        match &self.question.kind {
            Kind::Scale { options } | Kind::Single { options } => {
                let at = || at(self.question);
                let chosen = self.faults.keep(option(options, value, at));
                self.state.set(self.step.slot, chosen.map(|(bit, _)| bit));
                Some(Answer::One(chosen?.1.clone()))
            }
            Kind::Multiple { options, min_chosen, max_chosen } => {
                let chosen = self.several(value, options, *min_chosen, *max_chosen);
                self.state.set(self.step.slot, chosen);
                let chosen = chosen?;
                let is_chosen = |index: usize| chosen >> index & 1 == 1;
                let codes = options.iter().enumerate().filter(|(index, _)| is_chosen(*index));
                Some(Answer::Several(codes.map(|(_, option)| option.code.clone()).collect()))
            }
            Kind::Grid { statements, options } => self.grid(value, statements, options),
            Kind::Number { min, max, decimals, .. } => {
                let number = number(value, *min, *max, *decimals);
                let number = number.map_err(|fault| fault.under(&at(self.question)));
                self.faults.keep(number).map(Answer::Number)
            }
            Kind::Text { max_length } => {
                let text = text(value, *max_length);
                let text = text.map_err(|fault| fault.under(&at(self.question)));
                self.faults.keep(text).map(Answer::One)
            }
            Kind::Section => None,
        }
    }

    fn several(
        &mut self,
        value: &Value,
        options: &[ChoiceOption],
        min: Option<u32>,
        max: Option<u32>,
    ) -> Option<Chosen> {
        let before = self.faults.0.len();
        let Value::Array(items) = value else {
            self.faults.push(Fault::at(at(self.question), "not_a_list"));
            return None;
        };
        let min = min.unwrap_or(1) as usize;
        let max = max.map_or(options.len(), |max| max as usize);
        if items.len() < min || items.len() > max {
            let fault = Fault::at(at(self.question), "number_chosen").with("min", min);
            self.faults.push(fault.with("max", max));
        }
        let mut chosen = 0;
        for (index, item) in items.iter().take(options.len()).enumerate() {
            let at = || format!("{}/{index}", at(self.question));
            match self.faults.keep(option(options, item, at)) {
                Some((bit, code)) if chosen & bit != 0 => {
                    self.faults.push(Fault::at(at(), "stands_twice").with("value", code));
                }
                Some((bit, _)) => chosen |= bit,
                None => {}
            }
        }
        (self.faults.0.len() == before).then_some(chosen)
    }

    fn grid(
        &mut self,
        value: &Value,
        statements: &[Statement],
        options: &[ChoiceOption],
    ) -> Option<Answer> {
        let before = self.faults.0.len();
        let Value::Object(rows) = value else {
            self.faults.push(Fault::at(at(self.question), "not_a_grid"));
            self.state.forget(self.step, self.question);
            return None;
        };
        let mut answers = BTreeMap::new();
        let mut known = 0;
        for (index, statement) in statements.iter().enumerate() {
            let at = || format!("{}/{}", at(self.question), statement.code);
            let row = rows.get(&statement.code);
            known += usize::from(row.is_some());
            let Some(row) = row.filter(|row| !is_blank(row)) else {
                if self.question.required {
                    self.faults.push(Fault::at(at(), "required"));
                    self.state.set(self.step.slot + index, None);
                }
                continue;
            };
            let chosen = self.faults.keep(option(options, row, at));
            self.state.set(self.step.slot + index, chosen.map(|(bit, _)| bit));
            if let Some((_, code)) = chosen {
                answers.insert(statement.code.clone(), code.clone());
            }
        }
        if known != rows.len() {
            let is_known = |name: &String| statements.iter().any(|one| one.code == *name);
            for name in rows.keys().filter(|name| !is_known(name)).take(MAX_UNKNOWN) {
                let at = format!("{}/{}", at(self.question), escaped(shown(name)));
                self.faults.push(Fault::at(at, "unknown_statement"));
            }
        }
        let clean = self.faults.0.len() == before && !answers.is_empty();
        clean.then_some(Answer::Grid(answers))
    }
}

fn option<'a>(
    options: &'a [ChoiceOption],
    value: &Value,
    at: impl Fn() -> String,
) -> Result<(Chosen, &'a String), Fault> {
    let Value::String(code) = value else { return Err(Fault::at(at(), "not_one_option")) };
    let unknown = || Fault::at(at(), "not_an_option").with("value", shown(code));
    let chosen = bit(options, code).ok_or_else(unknown)?;
    let option = options.get(chosen.trailing_zeros() as usize).ok_or_else(unknown)?;
    Ok((chosen, &option.code))
}

fn number(value: &Value, min: Decimal, max: Decimal, decimals: u8) -> Result<Decimal, Fault> {
    let Value::Number(number) = value else { return Err(Fault::at("", "not_a_number")) };
    let outside = || Fault::at("", "range").with("min", min).with("max", max);
    let too_fine = || Fault::at("", "decimals").with("decimals", decimals);
    let number = Decimal::from_number(number).map_err(|error| match error {
        NotDecimal::TooFar => outside(),
        NotDecimal::TooFine => too_fine(),
    })?;
    if number < min || number > max {
        return Err(outside());
    }
    number.units(decimals).ok_or_else(too_fine)?;
    Ok(number)
}

fn text(value: &Value, max_length: u32) -> Result<String, Fault> {
    let Value::String(text) = value else { return Err(Fault::at("", "not_a_text")) };
    let text = text.trim();
    if text.contains('\0') {
        return Err(Fault::at("", "nul"));
    }
    if text.chars().nth(max_length as usize).is_some() {
        return Err(Fault::at("", "too_long").with("max", max_length));
    }
    Ok(text.to_string())
}
