//! The audit trail: who changed what, in a chain that shows every hand laid on it.

use maaltal::audit::{self, Verdict};
use serde_json::json;

use crate::harness::{App, Persona::*};

api_tests!(
    every_change_is_in_the_trail,
    the_trail_is_filtered_and_paged,
    the_trail_of_a_project_has_all_that_belongs_to_it,
    each_programme_has_a_chain_of_its_own,
    a_hand_laid_on_the_trail_is_found,
    what_was_refused_is_not_in_the_trail,
);

fn trail(app: &App) -> String {
    format!("/programmes/{}/audit", app.world.nordjylland)
}

async fn add_school(app: &App, code: &str) -> String {
    let path = format!("/programmes/{}/organisations", app.world.nordjylland);
    let body = json!({ "code": code, "name": "Nibe Skole" });
    let made = app.post(&path).by(Secretariat).json(body).await.expect(201);
    made.json()["id"].as_str().expect("an id").to_string()
}

async fn every_change_is_in_the_trail(app: &App) {
    let id = add_school(app, "nibe").await;
    app.clock.advance(60);
    let path = format!("/organisations/{id}");
    let change = json!({ "name": "Nibe Skole og SFO", "retired": false });
    app.put(&path).by(Secretariat).if_match("\"1\"").json(change).await.expect(200);
    app.delete(&path).by(Secretariat).if_match("\"2\"").await.expect(204);
    let found = app.get(&format!("{}?entity_id={id}", trail(app))).by(Secretariat).await;
    let found = found.expect(200).json();
    let entries = found["items"].as_array().expect("items");
    let told: Vec<_> = entries.iter().map(|one| one["action"].as_str().unwrap_or("")).collect();
    assert_eq!(told, ["organisation.deleted", "organisation.updated", "organisation.created"]);
    for entry in entries {
        assert_eq!(entry["actor_id"], app.account(Secretariat).to_string());
        assert_eq!(entry["entity"], "organisation");
        assert_eq!(entry["hash"].as_str().map(str::len), Some(64));
    }
    assert_eq!(entries[2]["at"], "2023-02-01T09:00:00Z");
    assert_eq!(entries[0]["at"], "2023-02-01T09:01:00Z");
    // The trail never holds what a person is called or written to.
    assert!(!found.to_string().contains("Nibe"));
}

async fn the_trail_is_filtered_and_paged(app: &App) {
    add_school(app, "nibe").await;
    let count = async |query: &str| {
        let found = app.get(&format!("{}?{query}", trail(app))).by(Secretariat).await.expect(200);
        found.json()["items"].as_array().expect("items").len()
    };
    assert_eq!(count("entity=organisation").await, 5);
    assert_eq!(count("entity=organisation&from=2023-02-01").await, 1);
    assert_eq!(count("entity=organisation&to=2023-01-31").await, 4);
    assert_eq!(count(&format!("actor_id={}", app.account(Secretariat))).await, 1);
    assert_eq!(count(&format!("actor_id={}", app.account(Reader))).await, 0);
    let mut numbers = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{}?limit=3{cursor}", trail(app));
        let page = app.get(&path).by(Secretariat).await.expect(200).json();
        let items = page["items"].as_array().expect("items");
        numbers.extend(items.iter().map(|one| one["number"].as_i64().expect("a number")));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let newest = i64::try_from(numbers.len()).expect("a length");
    assert_eq!(numbers, (1..=newest).rev().collect::<Vec<_>>());
}

async fn the_trail_of_a_project_has_all_that_belongs_to_it(app: &App) {
    let labstem = |rest: &str| format!("/projects/{}/{rest}", app.world.labstem);
    let count = json!({
        "period": { "calendar_year": 2022 }, "role": "pupil", "counting": "unique",
        "participants": 28,
    });
    app.put(&labstem("counts")).by(Holder).json(count.clone()).await.expect(201);
    let kram = format!("/projects/{}/counts", app.world.kram);
    app.put(&kram).by(Secretariat).json(count).await.expect(201);
    let spent = json!({ "on_date": "2022-12-31", "spent_ore": 1_000 });
    app.put(&labstem("spending")).by(Holder).json(spent).await.expect(201);
    let indicator = json!({
        "code": "seminarer", "title": "Seminarer", "level": "output", "unit": "seminars",
        "source": "manual", "first_target": { "target": { "shape": "at_least", "minimum": 3 } },
    });
    app.post(&labstem("indicators")).by(Secretariat).json(indicator).await.expect(201);
    let change = json!({
        "change": { "kind": "extension", "period_end": "2024" }, "reason": "Skolerne var lukket",
    });
    app.post(&labstem("requests")).by(Holder).json(change).await.expect(201);
    let told = async |query: &str| {
        let path = format!("{}?{query}", trail(app));
        let found = app.get(&path).by(Secretariat).await.expect(200).json();
        let entries = found["items"].as_array().expect("items").clone();
        let action = |one: &serde_json::Value| one["action"].as_str().unwrap_or("").to_string();
        entries.iter().map(action).collect::<Vec<_>>()
    };
    let all = told("project=labstem-nord&from=2023-02-01").await;
    let newest = ["change_request.made", "indicator.created", "target.agreed", "spending.put"];
    for action in newest.iter().chain(&["count.created"]) {
        assert_eq!(all.iter().filter(|one| one == action).count(), 1, "{action} in {all:?}");
    }
    assert!(told("project=labstem-nord").await.contains(&"project.created".to_string()));
    assert_eq!(told("project=kram&from=2023-02-01").await, ["count.created"]);
    assert_eq!(told("action=count.created").await.len(), 2);
    assert_eq!(told("action=project.created&by_operator=true").await.len(), 2);
    assert_eq!(told("action=count.created&by_operator=true").await.len(), 0);
    let unknown = app.get(&format!("{}?project=bstem", trail(app))).by(Secretariat).await;
    unknown.expect_problem(400, "malformed");
}

async fn verdict(app: &App) -> Verdict {
    let chain = app.world.nordjylland.into();
    app.store.read(move |db| audit::verify(db, chain)).await.expect("a verdict")
}

async fn each_programme_has_a_chain_of_its_own(app: &App) {
    let Verdict::Whole { entries: before, head } = verdict(app).await else { panic!("broken") };
    let path = format!("/programmes/{}/organisations", app.world.midtjylland);
    let body = json!({ "code": "skive-college", "name": "Skive College" });
    app.post(&path).by(OtherSecretariat).json(body).await.expect(201);
    assert_eq!(verdict(app).await, Verdict::Whole { entries: before, head: head.clone() });
    add_school(app, "nibe").await;
    let Verdict::Whole { entries, head: new } = verdict(app).await else { panic!("broken") };
    assert_eq!(entries, before + 1);
    assert_ne!(new, head);
    let shown = app.get(&format!("{}?limit=1", trail(app))).by(Secretariat).await.json();
    assert_eq!(shown["items"][0]["hash"], new);
}

async fn a_hand_laid_on_the_trail_is_found(app: &App) {
    assert!(matches!(verdict(app).await, Verdict::Whole { .. }));
    app.by_hand("UPDATE audit_entries SET reason = 'efter aftale' WHERE number = 4").await;
    assert_eq!(verdict(app).await, Verdict::Broken { number: 4 });
    app.by_hand("UPDATE audit_entries SET reason = NULL WHERE number = 4").await;
    assert!(matches!(verdict(app).await, Verdict::Whole { .. }));
    app.by_hand("DELETE FROM audit_entries WHERE number = 3").await;
    assert_eq!(verdict(app).await, Verdict::Broken { number: 3 });
}

async fn what_was_refused_is_not_in_the_trail(app: &App) {
    let before = verdict(app).await;
    let path = format!("/programmes/{}/organisations", app.world.nordjylland);
    let body = json!({ "code": "aalborg-universitet", "name": "AAU igen" });
    app.post(&path).by(Secretariat).json(body.clone()).await.expect(422);
    app.post(&path).by(Holder).json(body).await.expect_problem(403, "secretariat-only");
    assert_eq!(verdict(app).await, before);
}
