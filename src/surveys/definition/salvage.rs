//! A definition read as far as it can be, so that one misfit hides nothing else that is wrong.

use std::collections::{BTreeMap, HashSet};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::check::MAX_FAULTS;
use super::{Definition, Kind, Question, ShowIf, Texts};
use crate::error::{Fault, Faults};
use crate::shape::{self, escaped};

/// A field, and what stands in for it where it can't be read.
type Filler = (&'static str, fn() -> Value);

/// What stands in for a needed field that is missing or can't be read. Nothing does for a `type`:
/// without it the other fields can't be judged.
const HEAD: &[Filler] = &[
    ("title", || json!({})),
    ("languages", || json!([])),
    ("audience", || json!("other")),
    ("questions", || json!([])),
];
const QUESTION: &[Filler] = &[
    ("code", || json!("")),
    ("text", || json!({})),
    ("options", || json!([])),
    ("statements", || json!([])),
    ("min", || json!(0)),
    ("max", || json!(0)),
    ("max_length", || json!(1)),
];
/// Rules hold these against each other: where one can't be read, none is judged.
const TOGETHER: &[&[&str]] =
    &[&["min", "max", "decimals"], &["options", "min_chosen", "max_chosen"]];
/// So many misfits are told of one question.
const MAX_MISFITS: usize = 20;

/// What could be read of a definition, and what could not.
pub(super) struct Salvaged {
    /// None where nothing could be.
    pub definition: Option<Definition>,
    pub misfits: Faults,
    /// Codes of questions that could not be read as a whole.
    doubtful: HashSet<String>,
    code_lost: bool,
}

impl Salvaged {
    pub fn read(mut value: Value) -> Salvaged {
        let items = match value.get_mut("questions") {
            Some(Value::Array(items)) => std::mem::take(items),
            _ => Vec::new(),
        };
        let mut misfits = Faults::default();
        let (mut questions, mut doubtful, mut code_lost) = (Vec::new(), HashSet::new(), false);
        for (index, item) in items.into_iter().enumerate() {
            let code = item.get("code").and_then(Value::as_str).map(str::to_string);
            let (question, faults) = mend::<Question>(item, QUESTION);
            if !faults.is_empty() {
                code_lost |= code.is_none();
                doubtful.extend(code.clone());
            }
            let at = format!("/questions/{index}");
            misfits.0.extend(faults.into_iter().map(|fault| fault.under(&at)));
            questions.push(question.unwrap_or_else(|| in_place_of(code)));
        }
        let (head, faults) = mend::<Definition>(value, HEAD);
        misfits.0.extend(faults);
        misfits.0.truncate(MAX_FAULTS);
        let definition = head.map(|head| Definition { questions, ..head });
        Salvaged { definition, misfits, doubtful, code_lost }
    }

    /// The misfits, and every rule that is broken by what could be read.
    pub fn faults(mut self, bank: &BTreeMap<String, Question>) -> Faults {
        let Some(mut definition) = self.definition.take() else { return self.misfits };
        for question in &mut definition.questions {
            // What such a condition is about is not known well enough.
            question.show_if.take_if(|condition| asks_one_of(condition, &self.doubtful));
        }
        let mut broken = definition.check();
        broken.0.extend(definition.check_core(bank).0);
        broken.0.retain(|fault| self.is_sure(fault));
        let Salvaged { mut misfits, .. } = self;
        misfits.0.extend(broken.0);
        misfits
    }

    /// Whether a broken rule is none that a misfit itself has made.
    fn is_sure(&self, fault: &Fault) -> bool {
        let lost = |field: &str| self.misfits.0.iter().any(|one| within(&one.pointer, field));
        match &*fault.code {
            "text_missing" | "language_not_listed" if lost("/languages") => return false,
            "free_text_off" | "too_many_for_faces" if lost("/settings") => return false,
            "asks_nothing" if !self.misfits.0.is_empty() => return false,
            "unknown_subject" if self.code_lost => return false,
            _ => {}
        }
        !self.misfits.0.iter().any(|misfit| {
            let (place, field) = placed(&misfit.pointer);
            let (own_place, own_field) = placed(&fault.pointer);
            // Without a type, or an object, the whole question is a stand-in.
            let whole = field.is_empty() || (field == "type" && !place.is_empty());
            let together =
                TOGETHER.iter().any(|group| group.contains(&field) && group.contains(&own_field));
            // A core question is held to the bank as a whole.
            let core = fault.code == "core_altered";
            place == own_place && (whole || core || together || field == own_field)
        })
    }
}

/// A question that can't be read keeps its place and its code.
fn in_place_of(code: Option<String>) -> Question {
    Question {
        code: code.unwrap_or_default(),
        kind: Kind::Section,
        text: Texts::default(),
        help: None,
        required: false,
        show_if: None,
        core: None,
    }
}

/// Reads again and again, each time without the field that didn't fit.
fn mend<T: DeserializeOwned>(mut value: Value, fillers: &[Filler]) -> (Option<T>, Vec<Fault>) {
    let (mut faults, mut told): (Vec<Fault>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        let fault = match shape::read::<T>(value.clone()) {
            Ok(read) => return (Some(read), faults),
            Err(fault) => fault,
        };
        let name = fault.pointer.split('/').nth(1).unwrap_or("").to_string();
        let is_new = !told.contains(&name);
        let is_missing = fault.code == "required" && fault.pointer == format!("/{name}");
        if is_new {
            faults.push(fault);
            told.push(name.clone());
        }
        let Some(fields) = value.as_object_mut().filter(|_| faults.len() < MAX_MISFITS) else {
            return (None, faults);
        };
        let key = fields.keys().find(|key| escaped(key) == name).cloned();
        let filler = fillers.iter().find(|(field, _)| *field == name);
        match (key, filler) {
            (Some(key), _) if is_new => drop(fields.remove(&key)),
            (None, Some((field, filler))) if is_missing => {
                fields.insert((*field).to_string(), filler());
            }
            _ => return (None, faults),
        }
    }
}

/// Whether the condition asks about one of those questions, or a statement of it.
fn asks_one_of(condition: &ShowIf, codes: &HashSet<String>) -> bool {
    match condition {
        ShowIf::Is { question, .. } | ShowIf::IsNot { question, .. } => {
            question.split('.').next().is_some_and(|code| codes.contains(code))
        }
        ShowIf::All { all: list } | ShowIf::Any { any: list } => {
            list.iter().any(|one| asks_one_of(one, codes))
        }
    }
}

fn within(pointer: &str, field: &str) -> bool {
    pointer.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `/questions/3` and `options` of `/questions/3/options/1`; nothing and `title` of `/title/da`.
fn placed(pointer: &str) -> (&str, &str) {
    let in_question = pointer.strip_prefix("/questions/").map(|rest| {
        let index = rest.find('/').unwrap_or(rest.len());
        pointer.split_at("/questions/".len() + index)
    });
    let (place, rest) = in_question.unwrap_or(("", pointer));
    (place, rest.split('/').nth(1).unwrap_or(""))
}
