//! A class that answered on paper: how many chose each option, typed in by whoever counted the
//! sheets. It is kept apart from the responses and marked wherever it is shown.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::answers::Cell;
use super::definition::{Definition, Kind, Question, subject};
use super::link_state::{LinkState, state};
use super::links::{self, LinkStatus};
use super::questionnaires::stored;
use super::tally::{Source, Sums, everybody};
use super::{hold_links, rows, sight};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::LinkId;
use crate::store::Db;

const MAX_QUESTIONS: usize = 2_000;

/// What a class answered on paper, all of it. It takes the place of what was typed in before.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperInput {
    /// How many sheets were counted; with 0 of them, what was typed in before is taken out again.
    #[validate(range(min = 0, max = 10_000))]
    #[schema(example = 22)]
    pub sheets: i64,
    /// The questions that the sheets asked, each once. Crossed tallies, and with them shares whose
    /// base is another question, know nothing of them.
    pub questions: Vec<PaperQuestion>,
}

/// What was answered to one question, as a sum over the sheets.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperQuestion {
    /// The code of a scale, a single or a multiple choice, or `grid.statement`.
    #[schema(example = "u_forstaaelse")]
    pub question: String,
    /// On how many sheets it was asked. All of them, unless the question has a `show_if`; then it
    /// must be given.
    pub asked: Option<i64>,
    /// Of a multiple choice: on how many of those nothing was chosen. Of the others that follows
    /// from the counts.
    pub unanswered: Option<i64>,
    /// How many chose each option, by its code.
    #[schema(example = json!({"meget_hoej": 5, "hoej": 9, "nogen": 4, "ved_ikke": 3}))]
    pub counts: BTreeMap<String, i64>,
}

pub fn put(
    db: &mut Db,
    caller: &Caller,
    id: LinkId,
    input: &PaperInput,
    now: At,
) -> Result<LinkStatus> {
    let link = sight::own_link(db, caller, id)?;
    hold_links(db, &[id])?;
    match state(link.state, link.opens_at, link.closes_at, now) {
        LinkState::Planned | LinkState::Open => {}
        LinkState::Closing | LinkState::Closed => return Err(Error::Conflict("link_closed")),
    }
    let definition = rows::questionnaires::definition(db, link.version_id)?;
    let definition = stored(definition.ok_or(Error::NotFound)?)?;
    let cells = cells(&definition, input).map_err(Error::Invalid)?;
    let mut sums = Sums::default();
    for (cell, n) in cells {
        sums.add(id, &cell, n);
    }
    rows::tallies::delete_of_source(db, id, Source::Paper)?;
    rows::tallies::add(db, &sums.into_rows(Source::Paper))?;
    audit::record(db, caller.actor(), now, Event::new("paper.put", id))?;
    links::status(db, caller, id, now)
}

/// The cells of a class on paper, or all that is wrong with it.
fn cells(definition: &Definition, input: &PaperInput) -> Result<Vec<(Cell, i64)>, Faults> {
    let mut faults = Faults::default();
    if input.questions.len() > MAX_QUESTIONS {
        faults.push(
            Fault::at("/questions", "number_of")
                .with("of", "questions")
                .with("min", 0)
                .with("max", MAX_QUESTIONS),
        );
        return Err(faults);
    }
    let mut cells = Vec::new();
    if input.sheets > 0 {
        cells.push((everybody(), input.sheets));
    }
    let mut seen = HashSet::new();
    for (index, given) in input.questions.iter().enumerate() {
        let at = format!("/questions/{index}");
        if !seen.insert(&given.question) {
            let fault = Fault::at(format!("{at}/question"), "stands_twice");
            faults.push(fault.with("value", &given.question));
        }
        match subject(definition, &given.question).map(|subject| subject.question) {
            Some(question) if !question.options().is_empty() => {
                one(question, given, input.sheets, &at, &mut cells, &mut faults);
            }
            Some(_) => faults.push(Fault::at(format!("{at}/question"), "not_on_paper")),
            None => {
                let fault = Fault::at(format!("{at}/question"), "unknown_subject");
                faults.push(fault.with("value", &given.question));
            }
        }
    }
    if faults.0.is_empty() { Ok(cells) } else { Err(faults) }
}

fn one(
    question: &Question,
    given: &PaperQuestion,
    sheets: i64,
    at: &str,
    cells: &mut Vec<(Cell, i64)>,
    faults: &mut Faults,
) {
    let before = faults.0.len();
    let several = matches!(question.kind, Kind::Multiple { .. });
    if given.asked.is_none() && question.show_if.is_some() {
        faults.push(Fault::at(format!("{at}/asked"), "required"));
    }
    let asked = given.asked.unwrap_or(sheets);
    within(asked, sheets, &format!("{at}/asked"), faults);
    if given.unanswered.is_some() && !several {
        faults.push(Fault::at(format!("{at}/unanswered"), "only_of_several"));
    }
    let unanswered = given.unanswered.unwrap_or(0);
    within(unanswered, asked.max(0), &format!("{at}/unanswered"), faults);
    for (code, n) in &given.counts {
        let at = format!("{at}/counts/{}", crate::shape::escaped(code));
        if !question.options().iter().any(|option| option.code == *code) {
            faults.push(Fault::at(&at, "not_an_option").with("value", code));
        }
        within(*n, asked - unanswered, &at, faults);
    }
    if faults.0.len() > before {
        return;
    }
    // Each is within the sheets, and there are at most 50 of them.
    let sum: i64 = given.counts.values().sum();
    let answered = if several { asked - unanswered } else { sum };
    if sum > asked && !several {
        let fault = Fault::at(format!("{at}/counts"), "more_than_asked");
        return faults.push(fault.with("sum", sum).with("asked", asked));
    }
    if sum < answered {
        let fault = Fault::at(format!("{at}/counts"), "fewer_than_answered");
        return faults.push(fault.with("sum", sum).with("answered", answered));
    }
    let mut add = |option: &str, n: i64| {
        if n > 0 {
            let (question, option) = (given.question.clone(), option.to_string());
            cells.push((Cell { question, option, base: None }, n));
        }
    };
    given.counts.iter().for_each(|(code, n)| add(code, *n));
    add("", asked - answered);
    if several {
        add("#n", answered);
    }
}

fn within(n: i64, most: i64, at: &str, faults: &mut Faults) {
    if !(0..=most).contains(&n) {
        faults.push(Fault::at(at, "range").with("min", 0).with("max", most));
    }
}
