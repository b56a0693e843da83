//! Rounds, applications, reported facts, money and requests for changes.

mod applications;
mod facts;
mod money;
mod requests;
mod rounds;

use serde_json::{Value, json};

use crate::harness::{Answer, App, Persona::*};

fn of_programme(app: &App, rest: &str) -> String {
    format!("/programmes/{}/{rest}", app.world.nordjylland)
}

fn of_labstem(app: &App, rest: &str) -> String {
    format!("/projects/{}/{rest}", app.world.labstem)
}

/// 2021's open round was open to one focus area, and by law to upper secondary level only.
fn round_2021() -> Value {
    json!({
        "code": "2021-open", "year": 2021, "kind": "open", "envelope_ore": 374_000_000,
        "focus_areas": ["piger-kvinder"], "education_levels": ["ungdomsuddannelse"],
    })
}

async fn add_round(app: &App) -> Answer {
    app.post(&of_programme(app, "rounds")).by(Secretariat).json(round_2021()).await.expect(201)
}

fn application(code: &str) -> Value {
    json!({
        "code": code, "round": "2021-open", "applicant": "hjoerring-gymnasium",
        "title": "STEM for pigerne", "focus_area": "piger-kvinder",
        "education_levels": ["stx"], "applied_ore": 60_000_000, "received_on": "2021-03-01",
    })
}

fn granted(code: &str, ore: i64) -> Value {
    let mut input = application(code);
    input["recommendation"] = json!({ "kind": "grant_with_changes", "amount_ore": ore });
    input["decision"] =
        json!({ "outcome": "granted", "amount_ore": ore, "decided_on": "2021-06-15" });
    input
}

async fn add(app: &App, input: Value) -> Answer {
    app.post(&of_programme(app, "applications")).by(Secretariat).json(input).await
}

/// The actions of the trail about one thing, the newest first.
async fn trail(app: &App, id: &Value) -> Vec<String> {
    let path = of_programme(app, &format!("audit?entity_id={}", id.as_str().expect("an id")));
    let found = app.get(&path).by(Secretariat).await.expect(200).json();
    let items = found["items"].as_array().expect("items").clone();
    items.iter().map(|one| one["action"].as_str().expect("an action").to_string()).collect()
}
