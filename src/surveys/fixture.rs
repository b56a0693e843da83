//! A questionnaire with every type of question, for the tests.

use serde_json::{Value, json};

use super::definition::Definition;
use crate::error::Faults;
use crate::messages::{self, Lang};

fn texts(da: &str, en: &str) -> Value {
    json!({"da": da, "en": en})
}

/// Scale G.
fn degrees() -> Value {
    json!([
        {"code": "meget_hoej", "text": texts("I meget høj grad", "To a very great extent"),
         "positive": true},
        {"code": "hoej", "text": texts("I høj grad", "To a great extent"), "positive": true},
        {"code": "nogen", "text": texts("I nogen grad", "To some extent")},
        {"code": "mindre", "text": texts("I mindre grad", "To a small extent")},
        {"code": "slet_ikke", "text": texts("Slet ikke", "Not at all")},
        {"code": "ved_ikke", "text": texts("Ved ikke", "Don't know"), "dont_know": true},
    ])
}

/// What 45 teachers of nine partner schools are asked.
pub fn teachers() -> Value {
    json!({
        "title": texts("Undervisernes udbytte", "What teachers gained"),
        "languages": ["da", "en"],
        "audience": "teacher",
        "questions": [
            {"type": "section", "code": "om_dig", "text": texts("Om dig", "About you")},
            {"type": "multiple", "code": "fag", "min_chosen": 1, "max_chosen": 2,
             "text": texts("Hvilke faggrupper deltager du i?", "Which subject groups are you in?"),
             "options": [
                {"code": "matematik_fysik", "text": texts("Matematik og fysik", "Maths, physics")},
                {"code": "teknologi", "text": texts("Teknologi og teknik", "Technology")},
                {"code": "business", "text": texts("Business", "Business")},
             ]},
            {"type": "single", "code": "t_udviklet", "required": true,
             "text": texts("Har du udviklet et forløb?", "Have you developed a sequence?"),
             "options": [
                {"code": "ja", "text": texts("Ja", "Yes"), "positive": true},
                {"code": "i_gang", "text": texts("Jeg er i gang", "I am working on it")},
                {"code": "nej", "text": texts("Nej", "No")},
             ]},
            {"type": "number", "code": "timer", "min": 0.5, "max": 400, "decimals": 1,
             "unit": texts("timer", "hours"), "required": true,
             "show_if": {"question": "t_udviklet", "is": ["ja", "i_gang"]},
             "text": texts("Hvor længe har du brugt på det?", "How long have you spent on it?")},
            {"type": "scale", "code": "t_kompetencer", "options": degrees(),
             "text": texts("I hvor høj grad har du fået nye kompetencer?",
                           "To what extent have you gained new competences?")},
            {"type": "grid", "code": "kombinere", "options": degrees(),
             "text": texts("I hvor høj grad er du blevet bedre til at kombinere STEM med …",
                           "To what extent are you better at combining STEM with …"),
             "statements": [
                {"code": "verdensmaal", "text": texts("verdensmålene", "the SDGs")},
                {"code": "baeredygtighed", "text": texts("bæredygtighed", "sustainability")},
                {"code": "praksis", "text": texts("praksis", "practice")},
             ]},
            {"type": "text", "code": "laering", "max_length": 200,
             "help": texts("Skriv ikke navne.", "Write no names."),
             "show_if": {"any": [
                {"question": "kombinere.praksis", "is": ["meget_hoej", "hoej"]},
                {"all": [
                    {"question": "fag", "is": ["business"]},
                    {"question": "t_udviklet", "is_not": ["nej"]},
                ]},
             ]},
             "text": texts("Hvad lærte du af praksis?", "What did you learn from practice?")},
        ],
    })
}

pub fn read(value: Value) -> Definition {
    Definition::read(value).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Pointers and codes, once each has been told in both languages with nothing left open.
pub fn told(faults: &Faults) -> Vec<(String, String)> {
    for fault in &faults.0 {
        let id = format!("fault-{}", fault.code.replace('_', "-"));
        for lang in [Lang::Da, Lang::En] {
            let text = messages::text(lang, &id, &fault.args);
            assert!(text != id && !text.contains('{'), "{id}: {text}");
        }
    }
    faults.0.iter().map(|fault| (fault.pointer.clone(), fault.code.to_string())).collect()
}

/// A generator of numbers that are random enough, and the same in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to `end - 1`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }

    pub fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}
