//! Progress reports from request to approval, the locks that follow, and the reminders before.

mod figures;
mod locks;
mod reminders;
mod walk;

use serde_json::{Value, json};

use crate::harness::{Answer, App, Call, Persona, Persona::*};

/// A report under way, at its address.
pub struct Report {
    pub path: String,
    pub version: i64,
}

impl Report {
    /// Asks LabSTEM Nord for its report on 2022.
    pub async fn requested(app: &App) -> Report {
        let body = json!({
            "kind": "annual", "period": { "calendar_year": 2022 }, "due_on": "2023-03-01",
        });
        let path = format!("/projects/{}/progress-reports", app.world.labstem);
        let made = app.post(&path).by(Secretariat).json(body).await.expect(201).json();
        let id = made["id"].as_str().expect("an id");
        Report { path: format!("/progress-reports/{id}"), version: 1 }
    }

    /// As [`Report::requested`], and handed in by the holder.
    pub async fn submitted(app: &App) -> Report {
        let mut report = Report::requested(app).await;
        report
            .write(app, json!({ "narrative": "Laboratoriet kom i gang", "assessment": "good" }))
            .await;
        report.step(app, "submit", Holder, None).await;
        report
    }

    /// As [`Report::submitted`], and approved.
    pub async fn approved(app: &App) -> Report {
        let mut report = Report::submitted(app).await;
        report.step(app, "approve", Secretariat, Some(json!({ "assessment": "good" }))).await;
        report
    }

    pub fn call<'a>(&self, app: &'a App, step: &str, by: Persona, body: Option<Value>) -> Call<'a> {
        let call = app.post(&format!("{}/{step}", self.path)).by(by);
        let call = call.if_match(&format!("\"{}\"", self.version));
        match body {
            Some(body) => call.json(body),
            None => call,
        }
    }

    pub async fn step(&mut self, app: &App, step: &str, by: Persona, body: Option<Value>) -> Value {
        let now = self.call(app, step, by, body).await.expect(200).json();
        self.version = now["version"].as_i64().expect("a version");
        now
    }

    pub async fn write(&mut self, app: &App, body: Value) -> Value {
        let now = self.put(app, Holder, body).await.expect(200).json();
        self.version = now["version"].as_i64().expect("a version");
        now
    }

    pub async fn put(&self, app: &App, by: Persona, body: Value) -> Answer {
        let tag = format!("\"{}\"", self.version);
        app.put(&self.path).by(by).if_match(&tag).json(body).await
    }

    pub async fn seen(&self, app: &App, by: Persona) -> Value {
        app.get(&self.path).by(by).header("Accept-Language", "en").await.expect(200).json()
    }
}

/// LabSTEM Nord's 45 teachers; the indicator's id.
pub async fn teachers(app: &App) -> String {
    let indicator = json!({
        "code": "labstem-laerere", "title": "Undervisere", "level": "output", "unit": "people",
        "source": "participation", "filter": { "roles": ["teacher"] },
        "first_target": { "target": { "shape": "at_least", "minimum": 45 } },
    });
    define(app, indicator).await
}

/// An indicator of LabSTEM Nord.
pub async fn define(app: &App, indicator: Value) -> String {
    let path = format!("/projects/{}/indicators", app.world.labstem);
    let made = app.post(&path).by(Secretariat).json(indicator).await.expect(201).json();
    made["id"].as_str().expect("an id").to_string()
}

pub fn teachers_in(period: Value, participants: i64) -> Value {
    json!({
        "organisation": "hjoerring-gymnasium", "period": period, "role": "teacher",
        "counting": "unique", "participants": participants,
    })
}

/// Posts LabSTEM Nord's teachers of a calendar year.
pub async fn count(app: &App, year: i32, participants: i64) -> Answer {
    put_count(app, Holder, teachers_in(json!({ "calendar_year": year }), participants)).await
}

pub async fn put_count(app: &App, by: Persona, body: Value) -> Answer {
    app.put(&format!("/projects/{}/counts", app.world.labstem)).by(by).json(body).await
}

/// The newest entries of Nordjylland's audit trail, the oldest of them first.
pub async fn trail(app: &App) -> Vec<String> {
    let path = format!("/programmes/{}/audit?limit=1000", app.world.nordjylland);
    let found = app.get(&path).by(Secretariat).await.expect(200).json();
    let items = found["items"].as_array().expect("items").iter().rev();
    items.map(|one| one["action"].as_str().expect("an action").to_string()).collect()
}

/// The codes of a refusal's errors, each with its pointer.
pub fn faults(answer: &Value) -> Vec<String> {
    let errors = answer["errors"].as_array().expect("errors");
    let text = |error: &Value, name: &str| error[name].as_str().expect("a text").to_string();
    errors.iter().map(|one| format!("{} {}", text(one, "pointer"), text(one, "code"))).collect()
}
