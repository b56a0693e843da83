//! What people see in a browser, over HTTP and without one.

mod browser;
mod filling;
mod limits;
mod showing;

use serde_json::{Value, json};

use crate::harness::{Answer, App, Persona::*};
use crate::surveys::definition;

pub use browser::Form;

/// A link and where it is answered.
pub struct Handed {
    pub place: String,
    pub token: String,
    /// Of the page.
    pub address: String,
}

impl Handed {
    /// How many have answered.
    pub async fn answered(&self, app: &App) -> Value {
        self.status(app).await["answered"].clone()
    }

    pub async fn status(&self, app: &App) -> Value {
        app.get(&format!("{}/status", self.place)).by(Holder).await.expect(200).json()
    }
}

/// A link to a questionnaire of LabSTEM Nord's with that definition.
pub async fn hand_out(app: &App, definition: Value, link: Value) -> Handed {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let code = format!("sk-{}", uuid::Uuid::new_v4().simple());
    let input = json!({ "code": &code[..12], "definition": definition });
    let draft = app.post(&path).by(Holder).json(input).await.expect(201);
    let place = draft.header("location").expect("a place").to_string();
    let publish = app.post(&format!("{place}/publish")).by(Holder).if_match(draft.etag());
    publish.await.expect(201);
    handed(&app.post(&format!("{place}/links")).by(Holder).json(link).await.expect(201))
}

pub fn handed(link: &Answer) -> Handed {
    let token = link.json()["token"].as_str().expect("a token").to_string();
    let place = link.header("location").expect("a place").to_string();
    Handed { place, address: format!("/s/{token}"), token }
}

/// Of one of the ready questionnaires.
pub async fn ready(app: &App, code: &str) -> Handed {
    hand_out(app, definition(code), json!({ "label": "2.b" })).await
}

fn texts(da: &str, en: &str) -> Value {
    json!({ "da": da, "en": en })
}

/// Every type of question, one hanging on the other.
pub fn every_type() -> Value {
    let degrees = json!([
        { "code": "hoej", "text": texts("I høj grad", "To a great extent") },
        { "code": "mindre", "text": texts("I mindre grad", "To a small extent") },
        { "code": "ved_ikke", "text": texts("Ved ikke", "Don't know"), "dont_know": true },
    ]);
    let option = |code: &str| json!({ "code": code, "text": texts(code, code) });
    json!({
        "title": texts("Undervisernes udbytte", "What teachers gained"),
        "languages": ["da", "en"],
        "audience": "teacher",
        "questions": [
            { "type": "section", "code": "om_dig", "text": texts("Om dig", "About you") },
            { "type": "multiple", "code": "fag", "min_chosen": 1, "max_chosen": 2,
              "text": texts("Hvilke fag?", "Which subjects?"),
              "options": [option("matematik"), option("fysik"), option("kemi")] },
            { "type": "single", "code": "udviklet", "required": true,
              "text": texts("Har du udviklet et forløb?", "Have you developed a sequence?"),
              "options": [option("ja"), option("nej")] },
            { "type": "number", "code": "timer", "min": 0.5, "max": 400, "decimals": 1,
              "unit": texts("timer", "hours"), "required": true,
              "show_if": { "question": "udviklet", "is": ["ja"] },
              "text": texts("Hvor længe?", "How long?") },
            { "type": "grid", "code": "kombinere", "options": degrees, "required": true,
              "text": texts("Kan du kombinere STEM med …", "Can you combine STEM with …"),
              "statements": [
                { "code": "maal", "text": texts("verdensmålene", "the SDGs") },
                { "code": "praksis", "text": texts("praksis", "practice") },
              ] },
            { "type": "text", "code": "laering", "max_length": 40,
              "show_if": { "question": "kombinere.praksis", "is": ["hoej"] },
              "text": texts("Hvad lærte du?", "What did you learn?") },
        ],
    })
}
