//! Which rules an indicator may take answers by.

use serde_json::{Value, json};

use super::published;
use super::shares::{change, indicator, make, rule};
use crate::harness::{Answer, App, Persona::*};

api_tests!(a_share_is_held_against_per_cent_and_a_count_against_a_number,);

async fn refused(app: &App, input: Value) -> Answer {
    let path = format!("/projects/{}/indicators", app.world.labstem);
    app.post(&path).by(Secretariat).json(input).await
}

async fn a_share_is_held_against_per_cent_and_a_count_against_a_number(app: &App) {
    let at = "/survey/measure";
    let code = "measure_not_for_target";
    published(app).await;
    let mut count = rule();
    count["measure"] = "count".into();
    refused(app, indicator("x", "people", rule())).await.expect_fault(at, code);
    refused(app, indicator("x", "per cent", count.clone())).await.expect_fault(at, code);
    let mut free = indicator("fri", "people", rule());
    free["first_target"]["target"] = json!({ "shape": "none" });
    make(app, free).await;

    let made = make(app, indicator("antal", "people", Value::Null)).await;
    let path = format!("/indicators/{}", made.json()["id"].as_str().expect("an id"));
    let put = |seen: &Answer, survey: &Value| {
        app.put(&path).by(Secretariat).if_match(seen.etag()).json(change(survey.clone()))
    };
    put(&made, &rule()).await.expect_fault(at, code);
    let seen = put(&made, &count).await.expect(200);

    let revisions = format!("{path}/revisions");
    let revise = |target: Value| {
        let input = json!({ "target": target, "reason": "Nyt grundlag" });
        app.post(&revisions).by(Holder).json(input)
    };
    let percent = || json!({ "shape": "at_least_percent", "percent": 80 });
    revise(percent()).await.expect_fault(at, code);
    revise(json!({ "shape": "at_least", "minimum": 30 })).await.expect(201);
    // What waits for the secretariat would be held against it too.
    let free = make(app, indicator("senere", "per cent", Value::Null)).await;
    let later = format!("/indicators/{}", free.json()["id"].as_str().expect("an id"));
    let input = json!({ "target": { "shape": "at_least", "minimum": 30 }, "reason": "I tal" });
    app.post(&format!("{later}/revisions")).by(Holder).json(input).await.expect(201);
    let answer = app.put(&later).by(Secretariat).if_match(free.etag()).json(change(rule())).await;
    answer.expect_fault(at, code);
    put(&seen, &count).await.expect(200);
}
