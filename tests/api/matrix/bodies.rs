//! Bodies that the contract takes.

use serde_json::{Value, json};

use crate::surveys::definition;

pub fn project(code: &str, holder: &str) -> Value {
    json!({ "code": code, "title": "Talstærk", "holder": holder, "status": "ongoing" })
}

pub fn indicator(code: &str) -> Value {
    json!({
        "code": code, "title": "Seminarer", "level": "output", "unit": "seminars",
        "source": "manual", "first_target": { "target": { "shape": "at_least", "minimum": 3 } },
    })
}

pub fn questionnaire(code: &str) -> Value {
    json!({ "code": code, "definition": definition("undervisere") })
}

pub fn core_question(code: &str) -> Value {
    let mut question = definition("undervisere")["questions"][0].clone();
    question["code"] = code.into();
    json!({ "question": question })
}

pub fn link(organisation: &str) -> Value {
    json!({ "label": "2.b, biologi", "organisation": organisation })
}

pub fn value() -> Value {
    json!({ "on_date": "2022-12-31", "figure": 2 })
}

pub fn count(organisation: &str, year: i32) -> Value {
    json!({
        "organisation": organisation, "period": { "calendar_year": year }, "role": "pupil",
        "education_level": "stx", "counting": "unique", "participants": 28,
    })
}

pub fn invitation(programme: &str) -> Value {
    json!({ "programme_id": programme, "mail": "ny@rn.dk", "role": "reader" })
}
