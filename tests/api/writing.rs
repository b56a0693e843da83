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
    a_day_of_no_known_year_is_refused,
    a_list_is_no_object_and_blanks_are_no_text,
    what_does_not_fit_is_told_in_words_of_ours,
    one_key_in_two_programmes_at_once_creates_once,
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

/// The engines differ in which years they know, so neither is asked.
async fn a_day_of_no_known_year_is_refused(app: &App) {
    let project = format!("/projects/{}", app.world.labstem);
    for day in ["-9999-01-01", "0000-01-01", "1899-12-31", "2200-01-01", "%2B12345-01-01"] {
        let queries = [
            format!("{project}?as_of={day}"),
            format!("{project}/progress?as_of={day}"),
            format!("{project}/counts?from={day}"),
            format!("/programmes/{}/audit?to={day}", app.world.nordjylland),
            format!("/programmes/{}/exports/progress?as_of={day}", app.world.nordjylland),
        ];
        for query in queries {
            let answer = app.get(&query).by(Secretariat).deliberately_bad().await;
            let error = answer.expect_problem(400, "malformed").json()["errors"][0].clone();
            assert_eq!(error["code"], "day_out_of_range", "{query}");
            assert!(query.contains(error["pointer"].as_str().expect("a name")), "{query}");
        }
    }
    let mut body = app.get(&project).by(Secretariat).await.expect(200).json();
    for field in [
        "id",
        "programme_id",
        "holder_name",
        "period_end_in_force",
        "granted_ore",
        "version",
        "recorded_at",
    ] {
        body.as_object_mut().expect("a project").remove(field);
    }
    body["partners"] = json!(["hjoerring-gymnasium"]);
    body["grants"] = json!([{ "amount_ore": 100, "granted_on": "-9999-01-01" }]);
    let seen = app.get(&project).by(Secretariat).await.expect(200);
    let put = app.put(&project).by(Secretariat).if_match(seen.etag()).json(body);
    put.deliberately_bad().await.expect_fault("/grants/0/granted_on", "day_out_of_range");
}

async fn a_list_is_no_object_and_blanks_are_no_text(app: &App) {
    let list = json!(["nibe-skole", "Nibe Skole", null, null, null]);
    let call = app.post(&organisations(app)).by(Secretariat).json(list).deliberately_bad();
    call.await.expect_fault("", "not_an_object");
    let blank = json!({ "code": "nibe-skole", "name": "   " });
    let call = app.post(&organisations(app)).by(Secretariat).json(blank);
    call.await.expect_fault("/name", "blank");
}

async fn what_does_not_fit_is_told_in_words_of_ours(app: &App) {
    let body = json!({ "code": "nibe-skole", "name": 7 });
    let call = app.post(&organisations(app)).by(Secretariat).json(body).deliberately_bad();
    let answer = call.await.expect_fault("/name", "not_text");
    assert_eq!(answer.json()["errors"][0]["detail"], "Her skal stå tekst.");
    for (query, name, code) in [
        ("limit=mange", "limit", "not_a_whole_number"),
        ("limit=1&limit=2", "limit", "given_twice"),
        ("skole=nibe", "skole", "unknown_field"),
    ] {
        let path = format!("{}?{query}", organisations(app));
        let answer = app.get(&path).by(Reader).deliberately_bad().await;
        let error = answer.expect_problem(400, "malformed").json()["errors"][0].clone();
        assert_eq!((&error["pointer"], &error["code"]), (&json!(name), &json!(code)), "{query}");
    }
}

async fn one_key_in_two_programmes_at_once_creates_once(app: &App) {
    // An account that runs both: their writers wait for different locks.
    let grant = {
        let (programme, user) = (app.world.midtjylland, app.account(Secretariat));
        move |db: &mut _| {
            let scope = maaltal::accounts::Scope::programme(programme);
            let role = maaltal::accounts::Role::Secretariat;
            let operator = maaltal::accounts::Caller::Operator;
            let now = crate::harness::world::today();
            maaltal::accounts::members::grant(db, &operator, user, role, scope, now)
        }
    };
    app.store.write(app.world.midtjylland, grant).await.expect("a role");
    for round in 0..5 {
        let create = |programme: String| {
            app.post(&format!("/programmes/{programme}/organisations"))
                .by(Secretariat)
                .header("Idempotency-Key", &format!("den-samme-{round}"))
                .json(json!({ "code": format!("nibe-{round}"), "name": "Nibe Skole" }))
                .into_future()
        };
        let programmes = [app.world.nordjylland, app.world.midtjylland];
        let both = programmes.map(|programme| create(programme.to_string()));
        let answers = futures_util::future::join_all(both).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort();
        assert_eq!(statuses, [201, 422]);
    }
}
