//! What a browser sends of the form, read into what the intake takes. Nothing of it is trusted:
//! how far the form is, what was answered and what may be asked next is found anew each time.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};
use uuid::{Uuid, Version};

use crate::surveys::definition::{Definition, Kind, Question};

/// Which button was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Go {
    Send,
    Next,
    Back,
    /// The same again in another language.
    Language(String),
}

/// A form as it came in, or a fresh one.
#[derive(Debug, Default)]
pub struct Filled {
    /// None where it is no random one, and so not one that we gave.
    pub id: Option<Uuid>,
    pub stamp: String,
    pub part: usize,
    pub code: String,
    pub lang: Option<String>,
    /// Something stands in the field that only programs see.
    pub trapped: bool,
    /// By the name of the field.
    answers: HashMap<String, Vec<String>>,
}

/// Fields of answers are called so and the question's code, for a grid with the statement's.
const PREFIX: &str = "a.";

impl Filled {
    /// A form that nobody has filled in.
    pub fn fresh(stamp: String) -> Filled {
        Filled { id: Some(Uuid::new_v4()), stamp, ..Filled::default() }
    }

    /// What stands in the fields, and which button was pressed.
    pub fn read(pairs: Vec<(String, String)>) -> (Filled, Go) {
        let mut filled = Filled::default();
        let mut go = Go::Send;
        for (name, value) in pairs {
            match name.as_str() {
                "id" => {
                    let id = value.parse().ok();
                    let is_random = |id: &Uuid| id.get_version() == Some(Version::Random);
                    filled.id = id.filter(is_random);
                }
                "stamp" => filled.stamp = value,
                "part" => filled.part = value.parse().unwrap_or(0),
                "code" => filled.code = value,
                "lang" => filled.lang = Some(value),
                "website" => filled.trapped |= !value.is_empty(),
                "go" => go = which(&value),
                _ => {
                    if let Some(name) = name.strip_prefix(PREFIX) {
                        filled.answers.entry(name.to_string()).or_default().push(value);
                    }
                }
            }
        }
        if let Go::Language(language) = &go {
            filled.lang = Some(language.clone());
        }
        (filled, go)
    }

    /// All that stands in the fields of that name.
    pub fn all(&self, name: &str) -> &[String] {
        self.answers.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// What stands in the field of that name.
    pub fn one(&self, name: &str) -> &str {
        self.all(name).last().map(String::as_str).unwrap_or_default()
    }

    pub fn has_chosen(&self, name: &str, option: &str) -> bool {
        self.all(name).iter().any(|chosen| chosen == option)
    }

    /// As the API takes answers: by question code, and without what is left alone.
    pub fn answers(&self, definition: &Definition) -> Map<String, Value> {
        let answered = definition.questions.iter().filter_map(|question| {
            let value = self.answer(question)?;
            Some((question.code.clone(), value))
        });
        answered.collect()
    }

    fn answer(&self, question: &Question) -> Option<Value> {
        let code = question.code.as_str();
        let text = |name: &str| Some(self.one(name)).filter(|text| !text.trim().is_empty());
        match &question.kind {
            Kind::Section => None,
            Kind::Scale { .. } | Kind::Single { .. } => text(code).map(Value::from),
            Kind::Text { .. } => text(code).map(|text| text.replace("\r\n", "\n").into()),
            Kind::Number { .. } => text(code).map(number),
            Kind::Multiple { .. } => {
                let mut chosen = self.all(code).to_vec();
                chosen.sort_unstable();
                chosen.dedup();
                (!chosen.is_empty()).then(|| chosen.into())
            }
            Kind::Grid { statements, .. } => {
                let row = |row: &str| {
                    let value = text(&format!("{code}.{row}"))?;
                    Some((row.to_string(), Value::from(value)))
                };
                let rows: Map<String, Value> =
                    statements.iter().filter_map(|one| row(&one.code)).collect();
                (!rows.is_empty()).then_some(Value::Object(rows))
            }
        }
    }
}

fn which(go: &str) -> Go {
    match (go, go.strip_prefix("lang-")) {
        (_, Some(language)) => Go::Language(language.to_string()),
        ("next", _) => Go::Next,
        ("back", _) => Go::Back,
        _ => Go::Send,
    }
}

/// A number as people write it, with a comma or a point; what is none stays the text it is, and
/// is refused as such.
fn number(typed: &str) -> Value {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.replace(',', ".").replace('\u{2212}', "-");
    let fits = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
    let read = || {
        if let Ok(whole) = text.parse::<i64>() {
            return Some(Number::from(whole));
        }
        Number::from_f64(text.parse().ok()?)
    };
    let number = text.bytes().all(fits).then(read).flatten();
    number.map_or_else(|| Value::from(typed), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (typed, read) in [
            ("12", json!(12)),
            (" 12,5 ", json!(12.5)),
            ("12.5", json!(12.5)),
            ("-3", json!(-3)),
            ("1 000", json!(1000)),
            ("1.000,5", json!("1.000,5")),
            ("tolv", json!("tolv")),
            ("1e3", json!("1e3")),
            ("inf", json!("inf")),
        ] {
            assert_eq!(number(typed), read, "{typed}");
        }
    }

    #[test]
    fn only_an_id_that_we_could_have_given_is_one() {
        let read = |id: &str| Filled::read(vec![("id".into(), id.into())]).0.id;
        assert!(read("b5a8f0a2-5a54-4f0e-9d0a-6e2f3c9b7d11").is_some());
        assert!(read("01890a5d-ac96-774b-bcce-b302099a8057").is_none());
        assert!(read("1").is_none());
    }
}
