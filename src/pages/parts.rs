//! How a questionnaire is cut into parts where a browser runs no script: the server then asks one
//! after the other, since what is asked next can hang on the answers before it.

use crate::surveys::definition::{Definition, Kind, ShowIf};

/// A questionnaire in parts. The first holds what is said before the questions.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts {
    /// Of each question and text in order, the part in which it stands.
    of: Vec<usize>,
    count: usize,
}

impl Parts {
    pub fn of(definition: &Definition) -> Parts {
        match definition.settings.one_at_a_time {
            true => one_by_one(definition),
            false => by_condition(definition),
        }
    }

    /// In which part a question stands, by its place.
    pub fn part(&self, place: usize) -> usize {
        self.of.get(place).copied().unwrap_or_default()
    }

    /// One more than the last part. That number stands for the page after all questions.
    pub fn count(&self) -> usize {
        self.count
    }

    fn is_asked(&self, part: usize, asked: &[bool]) -> bool {
        part == 0 || self.of.iter().zip(asked).any(|(one, asked)| *asked && *one == part)
    }

    /// The part after that one in which anything is asked, or the page after all questions.
    pub fn after(&self, part: usize, asked: &[bool]) -> usize {
        (part + 1..self.count).find(|part| self.is_asked(*part, asked)).unwrap_or(self.count)
    }

    pub fn before(&self, part: usize, asked: &[bool]) -> usize {
        (0..part.min(self.count)).rev().find(|part| self.is_asked(*part, asked)).unwrap_or(0)
    }

    /// Which of how many parts with questions it is.
    pub fn step(&self, part: usize, asked: &[bool]) -> (usize, usize) {
        let there = |end: usize| (1..end).filter(|part| self.is_asked(*part, asked)).count();
        (there((part + 1).min(self.count)), there(self.count))
    }
}

/// A part for each question, with the texts before it, behind one that only says hello.
fn one_by_one(definition: &Definition) -> Parts {
    let mut next = 1;
    let mut of = Vec::with_capacity(definition.questions.len());
    for question in &definition.questions {
        of.push(next);
        next += usize::from(question.kind != Kind::Section);
    }
    // Texts after the last question stand beside it.
    let last = next - 1;
    of.iter_mut().for_each(|part| *part = (*part).min(last));
    Parts { of, count: next }
}

/// As few as will do: a new one begins where a condition looks at an answer of the same part.
fn by_condition(definition: &Definition) -> Parts {
    let (mut part, mut begins) = (0, 0);
    let mut of = Vec::with_capacity(definition.questions.len());
    for (place, question) in definition.questions.iter().enumerate() {
        let looks = |name: &str| {
            let code = name.split('.').next();
            let earlier = definition.questions.iter().take(place);
            earlier.skip(begins).any(|one| Some(one.code.as_str()) == code)
        };
        if question.show_if.as_ref().is_some_and(|condition| any_name(condition, &looks)) {
            part += 1;
            begins = place;
        }
        of.push(part);
    }
    Parts { of, count: part + 1 }
}

fn any_name(condition: &ShowIf, found: &impl Fn(&str) -> bool) -> bool {
    match condition {
        ShowIf::Is { question, .. } | ShowIf::IsNot { question, .. } => found(question),
        ShowIf::All { all: conditions } | ShowIf::Any { any: conditions } => {
            conditions.iter().any(|one| any_name(one, found))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn definition(one_at_a_time: bool) -> Definition {
        let text = json!({"da": "Tekst"});
        let options = json!([{"code": "ja", "text": text}, {"code": "nej", "text": text}]);
        let ask = |code: &str, on: Option<&str>| {
            let mut question =
                json!({"type": "single", "code": code, "text": text, "options": options});
            if let Some(on) = on {
                question["show_if"] = json!({"any": [{"question": on, "is": ["ja"]}]});
            }
            question
        };
        let section = |code: &str| json!({"type": "section", "code": code, "text": text});
        let value = json!({
            "title": text, "languages": ["da"], "audience": "pupil",
            "settings": {"one_at_a_time": one_at_a_time},
            "questions": [section("s"), ask("a", None), ask("b", Some("a")), ask("c", Some("a")),
                ask("d", Some("c")), ask("e", None), section("t")],
        });
        Definition::read(value).expect("a definition")
    }

    #[test]
    fn a_part_ends_before_what_hangs_on_it() {
        let parts = Parts::of(&definition(false));
        assert_eq!(parts, Parts { of: vec![0, 0, 1, 1, 2, 2, 2], count: 3 });
        let asked = [true, true, false, false, false, true, true];
        assert_eq!(parts.after(0, &asked), 2);
        assert_eq!(parts.before(2, &asked), 0);
        assert_eq!(parts.after(2, &asked), 3);
    }

    #[test]
    fn one_at_a_time_is_one_question_after_a_hello() {
        let parts = Parts::of(&definition(true));
        assert_eq!(parts, Parts { of: vec![1, 1, 2, 3, 4, 5, 5], count: 6 });
        let asked = [true, true, true, false, false, true, true];
        assert_eq!(parts.after(2, &asked), 5);
        assert_eq!(parts.step(5, &asked), (3, 3));
        assert_eq!(parts.step(1, &asked), (1, 3));
        assert_eq!(parts.before(5, &asked), 2);
    }
}
