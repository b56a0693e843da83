//! Machine tokens: what they open, to whom they can be given, and how they end.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Persona, Persona::*};

api_tests!(
    a_secret_is_shown_once_and_opens_the_tables,
    a_spreadsheet_sends_it_as_a_password,
    a_token_ends_on_its_day_or_when_it_is_revoked,
    a_token_for_importing_posts_and_sees_nothing,
    a_token_of_one_project_or_one_school_stays_within,
    a_holder_makes_them_for_its_own_project_only,
    its_use_stands_in_the_audit_trail_once_a_day,
    one_token_has_its_own_pace,
    what_is_wrong_with_a_new_one_is_told,
);

fn of_programme(app: &App, access: &str) -> Value {
    json!({
        "programme_id": app.world.nordjylland, "name": "Power BI, årsrapport", "access": access,
        "ends_on": "2023-06-30",
    })
}

fn of_project(app: &App, access: &str) -> Value {
    let mut body = of_programme(app, access);
    body["project_id"] = json!(app.world.labstem);
    body
}

async fn made(app: &App, by: Persona, body: Value) -> Value {
    app.post("/machine-tokens").by(by).json(body).await.expect(201).json()
}

async fn secret(app: &App, by: Persona, body: Value) -> String {
    made(app, by, body).await["token"].as_str().expect("a token").to_string()
}

async fn table(app: &App, token: &str) -> Answer {
    let path = format!("/programmes/{}/exports/participation", app.world.nordjylland);
    app.get(&path).with_token(token).await
}

fn count(participants: i64) -> Value {
    json!({
        "organisation": "hjoerring-gymnasium", "period": { "calendar_year": 2022 },
        "role": "pupil", "counting": "unique", "participants": participants,
    })
}

async fn put(app: &App, token: &str, project: impl std::fmt::Display, body: Value) -> Answer {
    app.put(&format!("/projects/{project}/counts")).with_token(token).json(body).await
}

async fn a_secret_is_shown_once_and_opens_the_tables(app: &App) {
    let body = of_programme(app, "read");
    let once = app.post("/machine-tokens").by(Secretariat).once("k1").json(body.clone());
    let once = once.await.expect(201).json();
    let again = app.post("/machine-tokens").by(Secretariat).once("k1").json(body);
    assert_eq!(again.await.expect(201).json(), once, "a replay is the first answer again");
    let token = once["token"].as_str().expect("a token");
    assert!(token.starts_with("mt_"), "{token}");
    let id = once["machine_token"]["id"].as_str().expect("an id");
    let shown = app.get(&format!("/machine-tokens/{id}")).by(Secretariat).await.expect(200);
    assert!(!shown.text().contains("mt_"), "{shown:?}");
    assert_eq!(shown.json()["last_used_on"], Value::Null);

    table(app, token).await.expect(200);
    let progress = format!("/projects/{}/progress", app.world.kram);
    app.get(&progress).with_token(token).await.expect(200);
    let shown = app.get(&format!("/machine-tokens/{id}")).by(Secretariat).await.expect(200);
    assert_eq!(shown.json()["last_used_on"], "2023-02-01");
    // Nothing else.
    put(app, token, app.world.kram, count(1)).await.expect_problem(403, "not-for-tokens");
    app.me(token).await.expect_problem(403, "not-for-tokens");
    let audit = format!("/programmes/{}/audit", app.world.nordjylland);
    app.get(&audit).with_token(token).await.expect_problem(403, "not-for-tokens");
    let other = format!("/programmes/{}/exports/progress", app.world.midtjylland);
    app.get(&other).with_token(token).await.expect_problem(404, "not-found");
}

async fn a_spreadsheet_sends_it_as_a_password(app: &App) {
    let token = secret(app, Secretariat, of_programme(app, "read")).await;
    let path = format!("/programmes/{}/exports/participation", app.world.nordjylland);
    let basic = async |pair: String| {
        let header = format!("Basic {}", STANDARD.encode(pair));
        app.get(&path).header("Authorization", &header).await
    };
    basic(format!("token:{token}")).await.expect(200);
    basic(format!("{}:{}", Secretariat.mail(), crate::harness::PASSWORD))
        .await
        .expect_problem(401, "bad-token");
    let access = app.token(Secretariat).expect("a token");
    basic(format!("token:{access}")).await.expect_problem(401, "bad-token");
    for wrong in ["token", "", "token:mt_", &format!("token:{}", &token[..74])] {
        basic(wrong.to_string()).await.expect_problem(401, "bad-token");
    }
    let header = app.get(&path).header("Authorization", "Basic !").await;
    header.expect_problem(401, "bad-token");
}

async fn a_token_ends_on_its_day_or_when_it_is_revoked(app: &App) {
    let made = made(app, Secretariat, of_programme(app, "read")).await;
    let token = made["token"].as_str().expect("a token");
    let address = format!("/machine-tokens/{}", made["machine_token"]["id"].as_str().expect("id"));
    let other = secret(app, Secretariat, of_programme(app, "read")).await;
    table(app, token).await.expect(200);
    app.delete(&address).by(Secretariat).await.expect(204);
    app.delete(&address).by(Secretariat).await.expect(204);
    table(app, token).await.expect_problem(401, "machine-token-over");
    let shown = app.get(&address).by(Secretariat).await.expect(200).json();
    assert_eq!(
        (&shown["state"], &shown["revoked_by"]),
        (&json!("revoked"), &json!(app.account(Secretariat)))
    );
    table(app, &other).await.expect(200);
    // 30 June is its last day, and ends at 22 UTC.
    app.clock.advance(149 * 86_400 + 12 * 3_600);
    table(app, &other).await.expect(200);
    app.clock.advance(3_600);
    table(app, &other).await.expect_problem(401, "machine-token-over");
}

async fn a_token_for_importing_posts_and_sees_nothing(app: &App) {
    let made = made(app, Secretariat, of_programme(app, "import")).await;
    let token = made["token"].as_str().expect("a token");
    put(app, token, app.world.labstem, count(28)).await.expect(201);
    put(app, token, app.world.kram, count(3)).await.expect(201);
    let imports = format!("/programmes/{}/imports", app.world.nordjylland);
    let file = "project,period,participant_role,counting,participants\nkram,2021,pupil,unique,7\n";
    let import = app.post(&format!("{imports}?kind=participation")).with_token(token);
    let report = import.body("text/csv", file).await.expect(200).json();
    assert_eq!((&report["applied"], &report["created"]), (&json!(true), &json!(1)));
    let log = app.get(&imports).with_token(token).await.expect(200).json();
    assert_eq!(log["items"][0]["imported_by"], made["machine_token"]["id"]);
    table(app, token).await.expect_problem(403, "not-for-tokens");
    let counts = format!("/projects/{}/counts", app.world.kram);
    app.get(&counts).with_token(token).await.expect_problem(403, "not-for-tokens");
    put(app, token, app.world.bstem, count(1)).await.expect_problem(404, "not-found");
}

async fn a_token_of_one_project_or_one_school_stays_within(app: &App) {
    let token = secret(app, Holder, of_project(app, "import")).await;
    put(app, &token, app.world.labstem, count(28)).await.expect(201);
    put(app, &token, app.world.kram, count(28)).await.expect_problem(404, "not-found");

    let mut school = of_project(app, "import");
    school["organisation_id"] = json!(app.world.hjoerring);
    let token = secret(app, Holder, school.clone()).await;
    put(app, &token, app.world.labstem, count(29)).await.expect(200);
    let mut other = count(5);
    other["organisation"] = json!("aalborghus-gymnasium");
    put(app, &token, app.world.labstem, other.clone())
        .await
        .expect_problem(403, "other-organisation");

    let counts = format!("/projects/{}/counts", app.world.labstem);
    app.put(&counts).by(Holder).json(other).await.expect(201);
    school["access"] = json!("read");
    let token = secret(app, Holder, school).await;
    let seen = app.get(&counts).with_token(&token).await.expect(200).json();
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(1));
    let token = secret(app, Holder, of_project(app, "read")).await;
    let seen = app.get(&counts).with_token(&token).await.expect(200).json();
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(2));
    table(app, &token).await.expect_problem(403, "whole-programme-only");
}

async fn a_holder_makes_them_for_its_own_project_only(app: &App) {
    let refused = async |by, body| app.post("/machine-tokens").by(by).json(body).await;
    refused(Holder, of_programme(app, "read")).await.expect_problem(403, "secretariat-only");
    let mut kram = of_project(app, "read");
    kram["project_id"] = json!(app.world.kram);
    refused(Holder, kram).await.expect_problem(404, "not-found");
    for by in [Reader, Contributor] {
        refused(by, of_project(app, "read")).await.expect_problem(403, "holder-only");
    }
    let own = made(app, Holder, of_project(app, "read")).await;
    made(app, Secretariat, of_programme(app, "read")).await;
    let list = format!("/programmes/{}/machine-tokens", app.world.nordjylland);
    let listed = async |by: Persona| {
        let list = app.get(&list).by(by).await.expect(200).json();
        list["items"].as_array().expect("items").clone()
    };
    assert_eq!(listed(Holder).await, [own["machine_token"].clone()]);
    assert_eq!(listed(Secretariat).await.len(), 2);
    // The secretariat ends what a holder made.
    let address = format!("/machine-tokens/{}", own["machine_token"]["id"].as_str().expect("id"));
    app.delete(&address).by(Secretariat).await.expect(204);
    app.me(own["token"].as_str().expect("a token")).await.expect_problem(401, "machine-token-over");
}

async fn its_use_stands_in_the_audit_trail_once_a_day(app: &App) {
    let made = made(app, Secretariat, of_programme(app, "import")).await;
    let (token, id) = (made["token"].as_str().expect("a token"), &made["machine_token"]["id"]);
    put(app, token, app.world.labstem, count(28)).await.expect(201);
    put(app, token, app.world.labstem, count(28)).await.expect(200);
    app.clock.advance(86_400);
    put(app, token, app.world.labstem, count(30)).await.expect(200);
    let path = format!(
        "/programmes/{}/audit?actor_id={}",
        app.world.nordjylland,
        id.as_str().expect("an id")
    );
    let trail = app.get(&path).by(Secretariat).await.expect(200).json();
    let actions = trail["items"].as_array().expect("items").iter();
    let actions: Vec<_> = actions.map(|entry| entry["action"].as_str().expect("text")).collect();
    assert_eq!(
        actions,
        ["count.corrected", "machine_token.used", "count.created", "machine_token.used"]
    );
}

async fn one_token_has_its_own_pace(app: &App) {
    let token = secret(app, Secretariat, of_programme(app, "read")).await;
    let other = secret(app, Secretariat, of_programme(app, "read")).await;
    for _ in 0..120 {
        app.me(&token).await.expect(403);
    }
    let refused = table(app, &token).await.expect_problem(429, "slow-down");
    assert_eq!(refused.header("retry-after"), Some("1"));
    table(app, &other).await.expect(200);
    app.clock.advance(1);
    table(app, &token).await.expect(200);
}

async fn what_is_wrong_with_a_new_one_is_told(app: &App) {
    let create = async |body: Value| app.post("/machine-tokens").by(Secretariat).json(body).await;
    for day in ["2023-01-31", "2025-03-01"] {
        let mut body = of_programme(app, "read");
        body["ends_on"] = json!(day);
        create(body).await.expect_fault("/ends_on", "ends_between");
    }
    let mut body = of_programme(app, "read");
    body["organisation_id"] = json!(app.world.hjoerring);
    create(body).await.expect_fault("/project_id", "required");
    let mut body = of_project(app, "read");
    body["organisation_id"] = json!(app.world.holstebro);
    create(body).await.expect_fault("/organisation_id", "not_in_programme");
    let mut body = of_programme(app, "read");
    body["project_id"] = json!(app.world.bstem);
    create(body).await.expect_fault("/project_id", "not_in_programme");
    let mut body = of_programme(app, "read");
    body["programme_id"] = json!(app.world.midtjylland);
    create(body).await.expect_problem(404, "not-found");
}
