//! Code lists: a programme's own words.

use serde_json::{Value, json};

use crate::harness::{App, Persona::*};

api_tests!(
    a_programme_starts_with_levels_and_roles,
    a_code_is_added_last_and_shown,
    a_code_is_changed_and_retired,
    an_unused_code_is_deleted_and_a_used_one_is_not,
    a_tree_has_no_circle,
    only_levels_are_a_tree,
    what_is_wrong_is_told_at_once,
    a_retired_code_is_not_chosen_any_more,
);

fn levels(app: &App) -> String {
    list(app, "education_level")
}

fn list(app: &App, name: &str) -> String {
    format!("/programmes/{}/codes/{name}", app.world.nordjylland)
}

fn words(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().expect("items");
    items.iter().map(|item| item["code"].as_str().expect("a code")).collect()
}

async fn a_programme_starts_with_levels_and_roles(app: &App) {
    let found = app.get(&levels(app)).by(Contributor).await.expect(200).json();
    assert_eq!(words(&found)[..4], ["grundskole", "ungdomsuddannelse", "gymnasial", "stx"]);
    assert_eq!(found["items"][3]["parent"], "gymnasial");
    assert_eq!(found["next_cursor"], Value::Null);
    let roles = app.get(&list(app, "participant_role")).by(Contributor).await.expect(200).json();
    assert_eq!(words(&roles).len(), 9);
    assert_eq!(roles["items"][3]["name_da"], "Underviser");
}

async fn a_code_is_added_last_and_shown(app: &App) {
    let path = list(app, "approach");
    let body = json!({ "code": "vejledning", "name_da": "Vejledning", "name_en": "Guidance" });
    let made = app.post(&path).by(Secretariat).json(body.clone()).await.expect(201);
    assert_eq!(made.json()["position"], 2);
    let location = made.header("location").expect("a place").to_string();
    let shown = app.get(&location).by(Reader).await.expect(200);
    assert_eq!(shown.json(), made.json());
    assert_eq!(shown.etag(), made.etag());
    let again = app.post(&path).by(Secretariat).json(body).await;
    again.expect_fault("/code", "taken");
    // The same word in another list is another code.
    let other = json!({ "code": "vejledning", "name_da": "Vejledning", "name_en": "Guidance" });
    app.post(&list(app, "focus_area")).by(Secretariat).json(other).await.expect(201);
}

async fn a_code_is_changed_and_retired(app: &App) {
    let path = format!("{}/rollemodeller", list(app, "approach"));
    let seen = app.get(&path).by(Secretariat).await.expect(200);
    let change = json!({
        "name_da": "Rollemodeller", "name_en": "Role models",
        "position": 7, "parent": null, "retired": true,
    });
    let changed = app.put(&path).by(Secretariat).if_match(seen.etag()).json(change).await;
    let changed = changed.expect(200);
    assert_eq!(changed.json()["retired"], true);
    assert_eq!(changed.json()["position"], 7);
    assert_ne!(changed.etag(), seen.etag());
    // Retired, it can still be read.
    assert_eq!(app.get(&path).by(Holder).await.expect(200).json(), changed.json());
}

async fn an_unused_code_is_deleted_and_a_used_one_is_not(app: &App) {
    let used = format!("{}/potentielle", list(app, "focus_area"));
    let seen = app.get(&used).by(Secretariat).await.expect(200);
    let refused = app.delete(&used).by(Secretariat).if_match(seen.etag()).await;
    refused.expect_problem(409, "code-in-use");
    let parent = format!("{}/gymnasial", levels(app));
    let seen = app.get(&parent).by(Secretariat).await.expect(200);
    let refused = app.delete(&parent).by(Secretariat).if_match(seen.etag()).await;
    refused.expect_problem(409, "code-in-use");

    let unused = format!("{}/fgu", levels(app));
    let seen = app.get(&unused).by(Secretariat).await.expect(200);
    app.delete(&unused).by(Secretariat).if_match(seen.etag()).await.expect(204);
    app.get(&unused).by(Secretariat).await.expect_problem(404, "not-found");
    app.delete(&unused).by(Secretariat).if_match(seen.etag()).await.expect(404);
}

async fn a_tree_has_no_circle(app: &App) {
    let path = format!("{}/ungdomsuddannelse", levels(app));
    let seen = app.get(&path).by(Secretariat).await.expect(200);
    for below in ["ungdomsuddannelse", "gymnasial", "stx"] {
        let change = json!({
            "name_da": "Ungdomsuddannelse", "name_en": "Upper secondary education",
            "position": 2, "parent": below, "retired": false,
        });
        let refused = app.put(&path).by(Secretariat).if_match(seen.etag()).json(change).await;
        refused.expect_fault("/parent", "circle");
    }
    // Nothing was changed by the attempts.
    assert_eq!(app.get(&path).by(Secretariat).await.etag(), seen.etag());
}

async fn only_levels_are_a_tree(app: &App) {
    let child = json!({
        "code": "it-piger", "name_da": "Piger i it", "name_en": "Girls in IT",
        "parent": "piger-kvinder",
    });
    let refused = app.post(&list(app, "focus_area")).by(Secretariat).json(child).await;
    refused.expect_fault("/parent", "not_a_tree");
    let child = json!({
        "code": "ib", "name_da": "IB", "name_en": "IB", "parent": "gymnasial",
    });
    app.post(&levels(app)).by(Secretariat).json(child).await.expect(201);
    let orphan = json!({
        "code": "pre-ib", "name_da": "Pre-IB", "name_en": "Pre-IB", "parent": "findes-ikke",
    });
    let refused = app.post(&levels(app)).by(Secretariat).json(orphan).await;
    refused.expect_fault("/parent", "unknown_code");
}

async fn what_is_wrong_is_told_at_once(app: &App) {
    let wrong = json!({ "code": "", "name_da": "", "name_en": "x".repeat(201) });
    let answer = app.post(&levels(app)).by(Secretariat).json(wrong).deliberately_bad().await;
    let answer = answer.expect(422);
    let faults = answer.json()["errors"].as_array().expect("faults").len();
    assert_eq!(faults, 3, "{answer:?}");
    for code in ["STX", "st x", "stx;", "../stx", "=stx"] {
        let body = json!({ "code": code, "name_da": "STX", "name_en": "STX" });
        let answer = app.post(&levels(app)).by(Secretariat).json(body).await;
        answer.expect_fault("/code", "not_a_code");
    }
}

async fn a_retired_code_is_not_chosen_any_more(app: &App) {
    let path = format!("{}/hf", levels(app));
    let seen = app.get(&path).by(Secretariat).await.expect(200);
    let retired = json!({
        "name_da": "HF", "name_en": "HF", "position": 5, "parent": "gymnasial", "retired": true,
    });
    app.put(&path).by(Secretariat).if_match(seen.etag()).json(retired).await.expect(200);
    let school = json!({
        "code": "vuc-hf-nord", "name": "VUC & HF Nord", "education_type": "hf",
    });
    let path = format!("/programmes/{}/organisations", app.world.nordjylland);
    let refused = app.post(&path).by(Secretariat).json(school).await;
    refused.expect_fault("/education_type", "retired_code");
}
