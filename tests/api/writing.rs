//! What holds for every write: versions, keys against doing it twice, bodies that can't be read.

use std::future::IntoFuture;

use serde_json::json;

use crate::harness::{App, Persona::*};

api_tests!(
    an_unchanged_thing_is_not_sent_again,
    a_write_names_the_version_it_saw,
    of_two_editors_one_is_stale,
    a_key_creates_once,
    a_key_is_bound_to_its_request,
    many_with_one_key_create_once,
    a_body_that_is_no_json_is_refused,
    a_body_past_the_limit_is_refused,
    a_body_of_another_type_is_refused,
    an_unknown_parameter_is_refused,
    an_unknown_field_is_refused,
    text_with_nul_is_refused,
    what_is_no_id_is_not_found,
);

fn names(da: &str) -> serde_json::Value {
    json!({ "name_da": da, "name_en": "STEM in North Jutland" })
}

fn programme(app: &App) -> String {
    format!("/programmes/{}", app.world.nordjylland)
}

fn organisations(app: &App) -> String {
    format!("/programmes/{}/organisations", app.world.nordjylland)
}

async fn an_unchanged_thing_is_not_sent_again(app: &App) {
    let seen = app.get(&programme(app)).by(Reader).await.expect(200);
    let again = app.get(&programme(app)).by(Reader).header("If-None-Match", seen.etag()).await;
    let again = again.expect(304);
    assert!(again.body.is_empty());
    assert_eq!(again.etag(), seen.etag());
    let other = app.get(&programme(app)).by(Reader).header("If-None-Match", "\"other\"").await;
    other.expect(200);
}

async fn a_write_names_the_version_it_saw(app: &App) {
    let path = programme(app);
    let seen = app.get(&path).by(Secretariat).await.expect(200);
    let without = app.put(&path).by(Secretariat).json(names("STEM")).deliberately_bad().await;
    without.expect_problem(428, "precondition-required");
    for tag in ["\"0\"", "\"99\"", "*", "x", "W/\"1\""] {
        let stale = app.put(&path).by(Secretariat).if_match(tag).json(names("STEM")).await;
        stale.expect_problem(412, "stale");
    }
    let done = app.put(&path).by(Secretariat).if_match(seen.etag()).json(names("STEM")).await;
    assert_eq!(done.expect(200).json()["name_da"], "STEM");
    let late = app.put(&path).by(Secretariat).if_match(seen.etag()).json(names("STEM+")).await;
    late.expect_problem(412, "stale");
}

async fn of_two_editors_one_is_stale(app: &App) {
    let path = programme(app);
    let seen = app.get(&path).by(Secretariat).await.expect(200);
    for round in 0..5 {
        let seen = app.get(&path).by(Secretariat).await.expect(200);
        let edit = |name: String| {
            app.put(&path).by(Secretariat).if_match(seen.etag()).json(names(&name)).into_future()
        };
        let edits = (0..4).map(|editor| edit(format!("STEM {round}/{editor}")));
        let answers = futures_util::future::join_all(edits).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort();
        assert_eq!(statuses, [200, 412, 412, 412]);
        let won = answers.iter().find(|answer| answer.status == 200).expect("a winner");
        assert_eq!(app.get(&path).by(Secretariat).await.json(), won.json());
    }
    assert_ne!(app.get(&path).by(Secretariat).await.etag(), seen.etag());
}

async fn a_key_creates_once(app: &App) {
    let body = json!({ "code": "hasseris-gymnasium", "name": "Hasseris Gymnasium" });
    let post = || app.post(&organisations(app)).by(Secretariat).once("7f3c").json(body.clone());
    let first = post().await.expect(201);
    let replayed = post().await.expect(201);
    assert_eq!(replayed.json(), first.json());
    assert_eq!(replayed.header("location"), first.header("location"));
    // The key is the account's own: another one's is another key.
    let other = format!("/programmes/{}/organisations", app.world.midtjylland);
    let body = json!({ "code": "skive-college", "name": "Skive College" });
    app.post(&other).by(OtherSecretariat).once("7f3c").json(body).await.expect(201);
}

async fn a_key_is_bound_to_its_request(app: &App) {
    let post = |code: &str| {
        let body = json!({ "code": code, "name": "Hasseris Gymnasium" });
        app.post(&organisations(app)).by(Secretariat).once("7f3c").json(body).into_future()
    };
    post("hasseris-gymnasium").await.expect(201);
    post("hasseris").await.expect_problem(422, "key-reused");
    // A key whose request failed was not used up.
    let refused = json!({ "code": "STX", "name": "Hasseris" });
    let call = app.post(&organisations(app)).by(Secretariat).once("9a1b").json(refused);
    call.await.expect(422);
    let body = json!({ "code": "nibe", "name": "Nibe" });
    let call = app.post(&organisations(app)).by(Secretariat).once("9a1b").json(body);
    call.await.expect(201);
    let long = "x".repeat(129);
    for key in ["", long.as_str()] {
        let body = json!({ "code": "noerre", "name": "Nørresundby" });
        let call = app.post(&organisations(app)).by(Secretariat).once(key).json(body);
        call.deliberately_bad().await.expect_problem(400, "malformed");
    }
}

async fn many_with_one_key_create_once(app: &App) {
    let body = json!({ "code": "dronninglund", "name": "Dronninglund Gymnasium" });
    let post = |_| {
        let call = app.post(&organisations(app)).by(Secretariat).once("4d2e").json(body.clone());
        call.into_future()
    };
    let answers = futures_util::future::join_all((0..6).map(post)).await;
    let first = answers[0].json();
    for answer in answers {
        assert_eq!(answer.expect(201).json()["id"], first["id"]);
    }
}

async fn a_body_that_is_no_json_is_refused(app: &App) {
    for body in ["", "{", "{\"code\": }", "\u{feff}{}", "{} {}", "\"\\ud800\"", "nul"] {
        let call = app.post(&organisations(app)).by(Secretariat).body("application/json", body);
        let answer = call.deliberately_bad().await.expect_problem(400, "malformed");
        assert_eq!(answer.json()["errors"][0]["code"], "not_json", "{body}");
    }
    let deep = "[".repeat(10_000);
    let call = app.post(&organisations(app)).by(Secretariat).body("application/json", deep);
    call.deliberately_bad().await.expect_problem(400, "malformed");
    for body in ["null", "[]", "7", "\"x\"", "true"] {
        let call = app.post(&organisations(app)).by(Secretariat).body("application/json", body);
        call.deliberately_bad().await.expect_problem(422, "invalid");
    }
}

async fn a_body_past_the_limit_is_refused(app: &App) {
    let name = "x".repeat(70_000);
    let body = json!({ "code": "stor", "name": name });
    let call = app.post(&organisations(app)).by(Secretariat).json(body).deliberately_bad();
    call.await.expect_problem(413, "too-large");
}

async fn a_body_of_another_type_is_refused(app: &App) {
    for kind in ["text/plain", "application/x-www-form-urlencoded", "text/csv", ""] {
        let call = app.post(&organisations(app)).by(Secretariat).body(kind, "{}");
        call.deliberately_bad().await.expect_problem(415, "unsupported-media");
    }
    let kind = "Application/JSON; charset=utf-8";
    let body = json!({ "code": "nibe", "name": "Nibe" }).to_string();
    let call = app.post(&organisations(app)).by(Secretariat).body(kind, body);
    call.deliberately_bad().await.expect(201);
}

async fn an_unknown_parameter_is_refused(app: &App) {
    let call = app.get(&format!("{}?sort=name", organisations(app))).by(Reader).deliberately_bad();
    let answer = call.await.expect_problem(400, "malformed");
    assert_eq!(answer.json()["errors"][0]["pointer"], "sort");
    assert_eq!(answer.json()["errors"][0]["code"], "unknown_field");
}

async fn an_unknown_field_is_refused(app: &App) {
    let body = json!({ "code": "nibe", "name": "Nibe", "elever": 320 });
    let call = app.post(&organisations(app)).by(Secretariat).json(body).deliberately_bad();
    call.await.expect_fault("/elever", "unknown_field");
    let call = app.post(&organisations(app)).by(Secretariat).json(json!({ "code": "nibe" }));
    call.deliberately_bad().await.expect_fault("/name", "required");
}

async fn text_with_nul_is_refused(app: &App) {
    let body = json!({ "code": "nibe", "name": "Ni\u{0}be" });
    let call = app.post(&organisations(app)).by(Secretariat).json(body);
    call.await.expect_fault("/name", "nul");
    // The same in an address and in a query, which go into the same database.
    let path = format!("/programmes/{}/codes/education_level/st%00x", app.world.nordjylland);
    app.get(&path).by(Reader).deliberately_bad().await.expect(404);
    for query in ["/programmes?code=nord%00", "/programmes?cod%00e=nord"] {
        app.get(query).by(Reader).deliberately_bad().await.expect_problem(400, "malformed");
    }
    let path = format!("/programmes/{}/audit?entity=co%00de", app.world.nordjylland);
    let answer = app.get(&path).by(Secretariat).deliberately_bad().await;
    let answer = answer.expect_problem(400, "malformed");
    assert_eq!(answer.json()["errors"][0]["pointer"], "entity");
    assert_eq!(answer.json()["errors"][0]["code"], "nul");
}

async fn what_is_no_id_is_not_found(app: &App) {
    for id in ["nordjylland", "0", "%2e%2e", "00000000-0000-0000-0000-00000000000g"] {
        let call = app.get(&format!("/programmes/{id}")).by(Secretariat).deliberately_bad();
        call.await.expect_problem(404, "not-found");
    }
    let path = format!("/programmes/{}/codes/skoler", app.world.nordjylland);
    app.get(&path).by(Secretariat).deliberately_bad().await.expect_problem(404, "not-found");
}
