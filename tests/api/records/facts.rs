use serde_json::{Value, json};

use super::{of_programme, trail};
use crate::harness::{App, Persona::*};

api_tests!(
    a_reported_fact_is_corrected_and_keeps_its_history,
    two_pages_may_say_two_things,
    a_fact_is_about_something,
);

fn granted_2021() -> Value {
    json!({
        "measure": "granted", "year": 2021, "dimension": "round_kind", "category": "open",
        "unit": "kroner", "value": 3_740_000, "printed": "3,74 mio. kr.",
        "source": "Status report 2019-2023", "page": "5",
    })
}

async fn a_reported_fact_is_corrected_and_keeps_its_history(app: &App) {
    let path = of_programme(app, "reported-facts");
    let put = |input: Value| app.put(&path).by(Secretariat).json(input);
    let first = put(granted_2021()).await.expect(201).json();
    put(granted_2021()).await.expect(200);
    app.clock.advance(86_400);
    let mut input = granted_2021();
    input["value"] = json!(3_730_000.5);
    input["reason"] = json!("Læst forkert");
    let second = put(input).await.expect(200).json();
    assert_eq!(second["id"], first["id"]);
    assert_eq!(second["value"], json!(3_730_000.5));
    let place = format!("/reported-facts/{}", first["id"].as_str().expect("an id"));
    let history = app.get(&format!("{place}/history")).by(Reader).await.expect(200).json();
    assert_eq!(history["items"].as_array().map(Vec::len), Some(2));
    let list = async |query: &str| {
        let found = app.get(&format!("{path}?{query}")).by(Reader).await.expect(200).json();
        found["items"].clone()
    };
    assert_eq!(list("measure=granted&year=2021&as_of=2023-02-01").await[0]["value"], 3_740_000);
    let withdraw = || {
        let post = app.post(&format!("{place}/withdraw")).by(Secretariat);
        post.json(json!({ "reason": "Står ikke i rapporten" }))
    };
    assert_eq!(withdraw().await.expect(200).json()["withdrawn"], true);
    withdraw().await.expect_problem(409, "fact-withdrawn");
    assert_eq!(list("dimension=round_kind").await, json!([]));
    assert_eq!(list("with_withdrawn=true").await.as_array().map(Vec::len), Some(1));
    assert_eq!(
        trail(app, &first["id"]).await,
        ["reported_fact.withdrawn", "reported_fact.put", "reported_fact.put"]
    );
}

async fn two_pages_may_say_two_things(app: &App) {
    let path = of_programme(app, "reported-facts");
    app.put(&path).by(Secretariat).json(granted_2021()).await.expect(201);
    let mut other = granted_2021();
    other["page"] = json!("17");
    other["value"] = json!(3_750_000);
    app.put(&path).by(Secretariat).json(other).await.expect(201);
    let found = app.get(&path).by(Reader).await.expect(200).json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(2));
}

async fn a_fact_is_about_something(app: &App) {
    let put = |change: Value| {
        let mut input = granted_2021();
        for (field, value) in change.as_object().expect("an object") {
            input[field] = value.clone();
        }
        app.put(&of_programme(app, "reported-facts")).by(Secretariat).json(input)
    };
    put(json!({ "category": "lottery" })).await.expect_fault("/category", "unknown_code");
    put(json!({ "category": null })).await.expect_fault("/category", "required");
    put(json!({ "dimension": null })).await.expect_fault("/dimension", "required");
    put(json!({ "value": 0.001 })).await.expect_fault("/value", "decimals");
    put(json!({ "unit": "count", "value": 2.5 })).await.expect_fault("/value", "decimals");
    put(json!({ "measure": "Givet Penge" })).await.expect_fault("/measure", "not_a_code");
}
