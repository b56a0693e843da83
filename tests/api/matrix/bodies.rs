//! What is sent to the routes of the matrix.

use serde_json::{Value, json};

use crate::harness::{App, Persona};
use crate::surveys::definition;

/// An opening of a report's period, long before what the other lines write.
pub async fn an_opening(app: &App, by: Persona, project: &str) -> String {
    let path = format!("/projects/{project}/progress-reports");
    let report = json!({
        "kind": "annual", "period": { "calendar_year": 2020 }, "due_on": "2021-03-01",
    });
    let report = app.post(&path).by(by).json(report).await.expect(201).json();
    let path = format!("/progress-reports/{}", report["id"].as_str().expect("an id"));
    let written = json!({ "narrative": "Forløb", "assessment": "good" });
    app.put(&path).by(by).if_match("\"1\"").json(written).await.expect(200);
    app.post(&format!("{path}/submit")).by(by).if_match("\"2\"").await.expect(200);
    let approval = json!({ "assessment": "good" });
    let approve = app.post(&format!("{path}/approve")).by(by).if_match("\"3\"");
    approve.json(approval).await.expect(200);
    let opening = json!({
        "start": "2020-01-01", "end": "2020-12-31", "reason": "En skole manglede",
        "open_until": "2023-03-01",
    });
    let path = format!("/projects/{project}/openings");
    let opening = app.post(&path).by(by).json(opening).await.expect(201).json();
    opening["id"].as_str().expect("an id").to_string()
}

/// Ids of what is recorded of money: by the address under which it stands.
#[derive(Debug, Clone)]
pub struct Records([(&'static str, String); 5]);

impl Records {
    pub fn absent() -> Records {
        let none = |what| (what, super::things::ABSENT.to_string());
        Records(["rounds", "applications", "reported-facts", "spending", "requests"].map(none))
    }

    pub async fn within(
        app: &App,
        by: Persona,
        programme: &str,
        project: &str,
        code: &str,
    ) -> Records {
        let make = async |method: &str, path: String, body: Value| {
            let call = if method == "PUT" { app.put(&path) } else { app.post(&path) };
            let made = call.by(by).json(body).await.expect(201).json();
            made["id"].as_str().expect("an id").to_string()
        };
        let of_programme = |what: &str| format!("/programmes/{programme}/{what}");
        let of_project = |what: &str| format!("/projects/{project}/{what}");
        Records([
            ("rounds", make("POST", of_programme("rounds"), round(code)).await),
            (
                "applications",
                make("POST", of_programme("applications"), application(code, code)).await,
            ),
            ("reported-facts", make("PUT", of_programme("reported-facts"), fact(code)).await),
            ("spending", make("PUT", of_project("spending"), spending()).await),
            ("requests", make("POST", of_project("requests"), request()).await),
        ])
    }

    pub fn id(&self, address: &str) -> Option<&String> {
        self.0.iter().find(|(what, _)| *what == address).map(|(_, id)| id)
    }
}

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

/// What progress reports and openings take.
pub fn of_a_report(method: &str, template: &str) -> Option<Value> {
    let body = match (method, template) {
        ("POST", "/programmes/{id}/progress-reports") => json!({
            "kind": "annual", "period": { "calendar_year": 2021 }, "due_on": "2022-03-01"
        }),
        ("POST", "/programmes/{id}/progress-reports/reminders") => json!({}),
        ("POST", "/projects/{id}/progress-reports") => json!({
            "kind": "final", "period": { "calendar_year": 2022 }, "due_on": "2023-03-01"
        }),
        ("PUT", "/progress-reports/{id}") => json!({ "narrative": "Forløb" }),
        ("POST", "/progress-reports/{id}/return") => json!({ "comment": "Skriv mere" }),
        ("POST", "/progress-reports/{id}/approve") => json!({ "assessment": "good" }),
        ("PUT", "/progress-reports/{id}/due-day") => json!({ "due_on": "2023-04-01" }),
        ("POST", "/progress-reports/{id}/withdraw") => json!({ "reason": "Projektet stopper" }),
        ("POST", "/projects/{id}/openings") => json!({
            "start": "2020-01-01", "end": "2020-12-31", "reason": "En skole manglede",
            "open_until": "2023-03-01"
        }),
        _ => return None,
    };
    Some(body)
}

pub fn round(code: &str) -> Value {
    json!({ "code": code, "year": 2021, "kind": "open" })
}

pub fn application(code: &str, round: &str) -> Value {
    json!({
        "code": code, "round": round, "applicant_name": "Nibe Skole", "title": "Natur i Nibe",
    })
}

pub fn fact(measure: &str) -> Value {
    json!({ "measure": measure, "unit": "count", "value": 27, "source": "Status report" })
}

pub fn spending() -> Value {
    json!({ "on_date": "2022-12-31", "spent_ore": 1_250_000 })
}

pub fn request() -> Value {
    json!({
        "change": { "kind": "extension", "period_end": "2024" }, "reason": "Skolerne var lukket",
    })
}

/// The body of a route of programmes, rounds, applications, reported facts, money and requests.
pub fn records(method: &str, template: &str) -> Option<Value> {
    Some(match (method, template) {
        ("PUT", "/programmes/{id}") => json!({ "name_da": "Navn", "name_en": "Name" }),
        ("POST", "/programmes/{id}/codes/{list}") => json!({
        "code": "ib", "name_da": "IB", "name_en": "IB"
        }),
        ("PUT", "/programmes/{id}/codes/{list}/{code}") => json!({
        "name_da": "FGU", "name_en": "FGU", "position": 11, "retired": false
        }),
        ("POST", "/programmes/{id}/organisations") => {
            json!({ "code": "nibe", "name": "Nibe Skole" })
        }
        ("PUT", "/organisations/{id}") => json!({ "name": "Navn", "retired": false }),
        ("POST", "/programmes/{id}/rounds") | ("PUT", "/rounds/{id}") => round("2022-open"),
        ("POST", "/programmes/{id}/applications") | ("PUT", "/applications/{id}") => {
            application("2022-001", "2022-open")
        }
        ("POST", "/applications/{id}/project") => json!({ "code": "natur-i-nibe" }),
        ("PUT", "/programmes/{id}/reported-facts") => fact("projects"),
        ("POST", "/reported-facts/{id}/withdraw" | "/spending/{id}/withdraw") => {
            json!({ "reason": "Læst forkert" })
        }
        ("PUT", "/projects/{id}/spending") => spending(),
        ("POST", "/projects/{id}/requests") => request(),
        ("PUT", "/requests/{id}/decision") => json!({ "decision": "agreed" }),
        _ => return None,
    })
}

pub fn machine_token(programme: &str, project: Option<&str>, access: &str) -> Value {
    json!({
        "programme_id": programme, "project_id": project, "name": "Power BI", "access": access,
        "ends_on": "2023-12-31",
    })
}
