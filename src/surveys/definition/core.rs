//! Core questions: the programme's own, which others put into their questionnaires unaltered.

use std::collections::BTreeMap;

use super::{Definition, Kind, Question, Texts};
use crate::error::{Fault, Faults};

impl Definition {
    /// Holds the core questions to the programme's bank, by code.
    pub fn check_core(&self, bank: &BTreeMap<String, Question>) -> Faults {
        let mut faults = Faults::default();
        for (index, question) in self.questions.iter().enumerate() {
            let Some(core) = &question.core else { continue };
            match bank.get(core) {
                None => {
                    let at = format!("/questions/{index}/core");
                    faults.push(Fault::at(at, "unknown_core").with("value", core));
                }
                Some(original) if altered(question, original) => {
                    let at = format!("/questions/{index}");
                    faults.push(Fault::at(at, "core_altered").with("value", core));
                }
                Some(_) => {}
            }
        }
        faults
    }
}

/// Whether a core question differs from the bank's. Where and whether it must be answered is the
/// questionnaire's own; so is a translation into a language that the bank lacks.
pub fn altered(question: &Question, original: &Question) -> bool {
    let shared: Vec<&String> =
        question.text.keys().filter(|language| original.text.contains_key(*language)).collect();
    // Without one language in common nothing says that they ask the same.
    shared.is_empty() || locked(question, &shared) != locked(original, &shared)
}

/// What is locked of a core question, in those languages.
fn locked(question: &Question, languages: &[&String]) -> Question {
    let mut question = question.clone();
    let keep = |texts: &mut Texts| texts.retain(|language, _| languages.contains(&language));
    keep(&mut question.text);
    question.help.iter_mut().for_each(keep);
    match &mut question.kind {
        Kind::Scale { options } | Kind::Single { options } | Kind::Multiple { options, .. } => {
            options.iter_mut().for_each(|option| keep(&mut option.text));
        }
        Kind::Grid { statements, options } => {
            statements.iter_mut().for_each(|statement| keep(&mut statement.text));
            options.iter_mut().for_each(|option| keep(&mut option.text));
        }
        Kind::Number { unit, .. } => unit.iter_mut().for_each(keep),
        Kind::Text { .. } | Kind::Section => {}
    }
    Question { required: false, show_if: None, core: None, ..question }
}
