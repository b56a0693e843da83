//! A version made ready, once, for checking many responses against it.

use std::collections::HashSet;

use super::Answer;
use super::cells::{Cell, cells_of};
use crate::error::Faults;
use crate::surveys::definition::{ChoiceOption, Definition, Kind, Question, ShowIf, subject};

/// A definition with its codes and conditions looked up.
#[derive(Debug)]
pub struct Compiled {
    definition: Definition,
    /// Of all that can be answered.
    codes: HashSet<String>,
    /// One for each question.
    steps: Vec<Step>,
    slots: usize,
    /// All that answers add to, by question.
    cells: Vec<Cell>,
}

/// Every choice, and every statement of a grid, has a slot that holds what was chosen.
#[derive(Debug)]
pub(super) struct Step {
    pub slot: usize,
    /// The number of its first cell.
    pub cells: usize,
    show_if: Option<Condition>,
}

#[derive(Debug)]
enum Condition {
    Is { slot: usize, options: Chosen },
    IsNot { slot: usize, options: Chosen },
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

/// A set of options of one question, a bit for each: there are at most 50.
pub(super) type Chosen = u64;

impl Compiled {
    /// Of a definition that breaks no rule, or all that is wrong with it.
    pub fn new(definition: Definition) -> Result<Compiled, Faults> {
        let faults = definition.check();
        if !faults.0.is_empty() {
            return Err(faults);
        }
        let mut firsts = Vec::with_capacity(definition.questions.len());
        let mut slots = 0;
        for question in &definition.questions {
            firsts.push(slots);
            slots += question.kind.slots();
        }
        let mut cells = Vec::new();
        let step = |(question, &slot): (&Question, &usize)| {
            let ready = |condition| Condition::of(condition, &definition, &firsts);
            let first = cells.len();
            cells.extend(cells_of(question));
            Step { slot, cells: first, show_if: question.show_if.as_ref().map(ready) }
        };
        let steps = definition.questions.iter().zip(&firsts).map(step).collect();
        let asked = definition.questions.iter().filter(|question| question.kind != Kind::Section);
        let codes = asked.map(|question| question.code.clone()).collect();
        Ok(Compiled { codes, steps, slots, cells, definition })
    }

    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// By its number in [`Added`](super::Added).
    pub fn cell(&self, number: usize) -> Option<&Cell> {
        self.cells.get(number)
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = (&Question, &Step)> {
        self.definition.questions.iter().zip(&self.steps)
    }

    pub(super) fn asks(&self, code: &str) -> bool {
        self.codes.contains(code)
    }
}

impl Kind {
    fn slots(&self) -> usize {
        self.statements().len().max(1)
    }
}

impl Condition {
    /// Of a condition that was checked: what it names is there.
    fn of(condition: &ShowIf, definition: &Definition, firsts: &[usize]) -> Condition {
        let test = |name: &str, codes: &[String]| {
            let subject = subject(definition, name);
            let options = subject.as_ref().map_or(&[][..], |subject| subject.question.options());
            let chosen = codes.iter().filter_map(|code| bit(options, code));
            let slot = subject.map_or(usize::MAX, |subject| {
                firsts.get(subject.place).map_or(usize::MAX, |first| first + subject.statement)
            });
            (slot, chosen.fold(0, |all, one| all | one))
        };
        let each = |conditions: &[ShowIf]| {
            conditions.iter().map(|one| Condition::of(one, definition, firsts)).collect()
        };
        match condition {
            ShowIf::Is { question, is } => {
                let (slot, options) = test(question, is);
                Condition::Is { slot, options }
            }
            ShowIf::IsNot { question, is_not } => {
                let (slot, options) = test(question, is_not);
                Condition::IsNot { slot, options }
            }
            ShowIf::All { all } => Condition::All(each(all)),
            ShowIf::Any { any } => Condition::Any(each(any)),
        }
    }

    fn holds(&self, state: &State) -> Option<bool> {
        match self {
            Condition::Is { slot, options } => Some(state.chosen(*slot)? & options != 0),
            Condition::IsNot { slot, options } => Some(state.chosen(*slot)? & options == 0),
            Condition::All(all) => both(all, state, false),
            Condition::Any(any) => both(any, state, true),
        }
    }
}

/// `all` ends at the first that fails, `any` at the first that holds; what isn't known decides
/// only where no other does.
fn both(conditions: &[Condition], state: &State, decides: bool) -> Option<bool> {
    let mut verdict = Some(!decides);
    for condition in conditions {
        match condition.holds(state) {
            Some(holds) if holds == decides => return Some(decides),
            Some(_) => {}
            None => verdict = None,
        }
    }
    verdict
}

/// What has been chosen so far, by slot; nothing is known of a slot whose answer is at fault.
pub(super) struct State(Vec<Option<Chosen>>);

impl State {
    pub fn new(version: &Compiled) -> State {
        State(vec![Some(0); version.slots])
    }

    fn chosen(&self, slot: usize) -> Option<Chosen> {
        self.0.get(slot).copied().flatten()
    }

    pub fn set(&mut self, slot: usize, chosen: Option<Chosen>) {
        if let Some(place) = self.0.get_mut(slot) {
            *place = chosen;
        }
    }

    /// Nothing is known of the answer: what hangs on it is neither asked for nor refused.
    pub fn forget(&mut self, step: &Step, question: &Question) {
        for row in 0..question.kind.slots() {
            self.set(step.slot + row, None);
        }
    }

    /// Whether the question is asked; not known where that hangs on an answer at fault.
    pub fn shows(&self, step: &Step) -> Option<bool> {
        step.show_if.as_ref().map_or(Some(true), |condition| condition.holds(self))
    }

    /// Takes over an answer that was checked before.
    pub fn put(&mut self, step: &Step, question: &Question, answer: &Answer) {
        let options = question.options();
        let one = |code: &String| bit(options, code).unwrap_or(0);
        match answer {
            Answer::One(code) => self.set(step.slot, Some(one(code))),
            Answer::Several(codes) => {
                self.set(step.slot, Some(codes.iter().map(one).fold(0, |all, one| all | one)));
            }
            Answer::Grid(rows) => {
                for (index, statement) in question.kind.statements().iter().enumerate() {
                    if let Some(code) = rows.get(&statement.code) {
                        self.set(step.slot + index, Some(one(code)));
                    }
                }
            }
            Answer::Number(_) => {}
        }
    }
}

/// The option's bit.
pub(super) fn bit(options: &[ChoiceOption], code: &str) -> Option<Chosen> {
    let place = options.iter().position(|option| option.code == code)?;
    1_u64.checked_shl(u32::try_from(place).ok()?)
}
