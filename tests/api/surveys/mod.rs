//! Questionnaires, links, and what is answered through them.

mod answering;
mod bases;
mod class_page;
mod drafts;
mod files;
mod handing_out;
mod instances;
mod links;
mod privacy;
mod rates;
mod ready_ones;
mod recount;
pub mod results;
mod share_rules;
pub mod shares;
pub mod xlsform;

use maaltal::ids::LinkId;
use maaltal::surveys::ready;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, App, Persona, Persona::*};

/// One of the ready questionnaires.
pub fn definition(code: &str) -> Value {
    let ready = ready::ALL.iter().find(|one| one.code == code).expect("a ready questionnaire");
    serde_json::to_value(ready.definition().expect("a definition")).expect("JSON")
}

/// A draft of LabSTEM Nord's, for pupils of 14 to 19.
async fn draft(app: &App) -> Answer {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let input = json!({ "code": "elever-14-19", "definition": definition("elever-14-19") });
    app.post(&path).by(Holder).json(input).await.expect(201)
}

/// The address of a questionnaire that is published.
pub async fn published(app: &App) -> String {
    let draft = draft(app).await;
    let place = draft.header("location").expect("a place").to_string();
    let publish = app.post(&format!("{place}/publish")).by(Holder).if_match(draft.etag()).await;
    publish.expect(201);
    place
}

/// The address of a questionnaire of that persona's with that definition, published at `path`.
pub async fn published_as(app: &App, by: Persona, path: &str, input: Value) -> String {
    let draft = app.post(path).by(by).json(input).await.expect(201);
    let place = draft.header("location").expect("a place").to_string();
    let publish = format!("{place}/publish");
    app.post(&publish).by(by).if_match(draft.etag()).await.expect(201);
    place
}

/// The link of a class at Hjørring Gymnasium.
pub fn class() -> Value {
    json!({ "label": "2.b, biologi", "organisation": "hjoerring-gymnasium",
        "education_level": "stx", "wave": "after", "class_size": 24 })
}

async fn link_with(app: &App, input: Value) -> Answer {
    let place = published(app).await;
    app.post(&format!("{place}/links")).by(Contributor).json(input).await.expect(201)
}

fn id_of(link: &Answer) -> LinkId {
    link.json()["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

fn token_of(link: &Answer) -> String {
    link.json()["token"].as_str().expect("a token").to_string()
}

fn yes() -> Value {
    json!({ "u_samarbejde": "ja", "u_forstaaelse": "hoej" })
}

fn response(answers: Value) -> Value {
    json!({ "id": Uuid::new_v4(), "answers": answers })
}

async fn respond(app: &App, token: &str, body: &Value) -> Answer {
    app.post(&format!("/links/{token}/responses")).json(body.clone()).await
}
