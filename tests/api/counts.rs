//! Counts of participants, put one by one and in batches.

use serde_json::{Value, json};

use crate::harness::{App, Persona, Persona::*};

api_tests!(
    a_count_is_created_unchanged_and_corrected,
    what_was_said_can_be_asked_for_as_of_a_day,
    all_faults_of_a_batch_are_told_and_nothing_is_written,
    so_far_is_the_difference_and_goes_on_to_hold,
    a_withdrawn_count_is_kept_and_comes_back,
    a_contributor_counts_its_own_organisation_only,
    a_reader_looks_and_never_counts,
    a_retired_role_stays_where_it_is_used,
    what_is_not_theirs_is_not_there,
);

/// Teachers in the laboratories of LabSTEM Nord, in one calendar year.
fn teachers(year: i32, participants: i32) -> Value {
    json!({
        "organisation": "hjoerring-gymnasium", "period": { "calendar_year": year },
        "role": "teacher", "counting": "unique", "participants": participants,
    })
}

fn so_far(end: &str, total: i32) -> Value {
    let mut count = teachers(2022, total);
    count["period"] = json!({ "end": end });
    count["so_far"] = json!(true);
    count
}

fn path(app: &App) -> String {
    format!("/projects/{}/counts", app.world.labstem)
}

async fn put(app: &App, persona: Persona, count: Value, status: u16) -> Value {
    app.put(&path(app)).by(persona).json(count).await.expect(status).json()
}

async fn listed(app: &App, persona: Persona, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("{}{query}", path(app))).by(persona).await.expect(200);
    answer.json()["items"].as_array().expect("items").clone()
}

async fn a_count_is_created_unchanged_and_corrected(app: &App) {
    let made = app.put(&path(app)).by(Holder).json(teachers(2022, 60)).await.expect(201);
    let address = made.header("location").expect("an address").to_string();
    assert_eq!(made.json()["outcome"], "created");
    assert_eq!(made.json()["count"]["period_end"], "2022-12-31");
    assert_eq!(put(app, Holder, teachers(2022, 60), 200).await["outcome"], "unchanged");

    let mut corrected = teachers(2022, 74);
    corrected["women"] = json!(40);
    corrected["note"] = json!("Efter optælling i januar");
    assert_eq!(put(app, Secretariat, corrected, 200).await["outcome"], "corrected");
    let shown = app.get(&address).by(Reader).await.expect(200);
    assert_eq!((&shown.json()["participants"], shown.etag()), (&json!(74), "\"2\""));

    let history = app.get(&format!("{address}/history")).by(Reader).await.expect(200).json();
    let figures: Vec<&Value> = history["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|version| &version["participants"])
        .collect();
    assert_eq!(figures, [74, 60]);
}

async fn what_was_said_can_be_asked_for_as_of_a_day(app: &App) {
    put(app, Holder, teachers(2022, 60), 201).await;
    app.clock.advance(86_400);
    put(app, Holder, teachers(2022, 74), 200).await;
    for (day, figure) in [("2023-02-01", json!(60)), ("2023-02-02", json!(74))] {
        let found = listed(app, Holder, &format!("?as_of={day}")).await;
        assert_eq!(found[0]["participants"], figure, "{day}");
    }
    assert!(listed(app, Holder, "?as_of=2023-01-31").await.is_empty());
    assert!(listed(app, Holder, "?from=2023-01-01").await.is_empty());
    assert_eq!(listed(app, Holder, "?role=teacher&to=2022-01-01").await.len(), 1);
    let unknown = app.get(&format!("{}?role=teachers", path(app))).by(Holder).await;
    unknown.expect_problem(400, "malformed");
}

async fn all_faults_of_a_batch_are_told_and_nothing_is_written(app: &App) {
    let mut overlapping = teachers(2021, 1);
    overlapping["period"] = json!({ "school_year": 2021 });
    let mut unknown = teachers(2020, 1);
    unknown["role"] = json!("lærer");
    unknown["organisation"] = json!("aalborg-katedralskole");
    let mut too_many_women = teachers(2019, 5);
    too_many_women["women"] = json!(6);
    let counts = [
        teachers(2021, 1),
        teachers(2021, 2),
        overlapping,
        unknown,
        too_many_women,
        teachers(2024, 1),
    ];
    let answer =
        app.put(&format!("{}/batch", path(app))).by(Holder).json(json!({ "counts": counts })).await;
    let told = answer.expect_problem(422, "invalid").json();
    let told: Vec<(&str, &str)> = told["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|fault| {
            (fault["pointer"].as_str().expect("text"), fault["code"].as_str().expect("text"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("/counts/1", "twice"),
            ("/counts/2/period", "overlap"),
            ("/counts/3/organisation", "unknown_organisation"),
            ("/counts/3/role", "unknown_code"),
            ("/counts/4/participants", "gender_sum"),
            ("/counts/5/period", "in_the_future"),
        ]
    );
    assert!(listed(app, Holder, "").await.is_empty());

    let counts = json!({ "counts": [teachers(2021, 20), teachers(2022, 54)] });
    let done = app.put(&format!("{}/batch", path(app))).by(Holder).json(counts).await.expect(200);
    assert_eq!((&done.json()["created"], &done.json()["adjusted"]), (&json!(2), &json!(0)));
}

async fn so_far_is_the_difference_and_goes_on_to_hold(app: &App) {
    let unknown = app.put(&path(app)).by(Holder).json(so_far("2021-12-31", 20)).await;
    unknown.expect_fault("/period/start", "project_start_unknown");
    put(app, Holder, teachers(2021, 20), 201).await;
    let total = put(app, Holder, so_far("2022-12-31", 74), 201).await["count"].clone();
    assert_eq!(total["period_start"], "2022-01-01");
    assert_eq!((&total["participants"], &total["so_far"]), (&json!(54), &json!(74)));
    assert_eq!(put(app, Holder, so_far("2022-12-31", 74), 200).await["outcome"], "unchanged");

    put(app, Holder, teachers(2021, 30), 200).await;
    let found = listed(app, Holder, "?from=2022-01-01").await;
    assert_eq!((&found[0]["participants"], &found[0]["so_far"]), (&json!(44), &json!(74)));
    let against = app.put(&path(app)).by(Holder).json(teachers(2021, 75)).await;
    against.expect_fault("/participants", "against_so_far");
    let below = app.put(&path(app)).by(Holder).json(so_far("2022-12-31", 29)).await;
    below.expect_fault("/participants", "below_so_far");
}

async fn a_withdrawn_count_is_kept_and_comes_back(app: &App) {
    let id = put(app, Holder, teachers(2022, 60), 201).await["count"]["id"].clone();
    let withdraw = format!("/counts/{}/withdraw", id.as_str().expect("an id"));
    let reason = json!({ "reason": "Talt på den forkerte skole" });
    let gone = app.post(&withdraw).by(Holder).json(reason.clone()).await.expect(200).json();
    assert_eq!((&gone["withdrawn"], &gone["reason"]), (&json!(true), &reason["reason"]));
    let again = app.post(&withdraw).by(Holder).json(reason).await;
    again.expect_problem(409, "already-withdrawn");
    assert!(listed(app, Holder, "").await.is_empty());
    assert_eq!(listed(app, Holder, "?include_withdrawn=true").await.len(), 1);

    let back = put(app, Holder, teachers(2022, 60), 200).await;
    assert_eq!((&back["outcome"], &back["count"]["id"]), (&json!("corrected"), &id));
}

async fn a_contributor_counts_its_own_organisation_only(app: &App) {
    let own = put(app, Contributor, teachers(2022, 8), 201).await["count"]["id"].clone();
    let mut other = teachers(2022, 8);
    other["organisation"] = json!("aalborghus-gymnasium");
    let refused = app.put(&path(app)).by(Contributor).json(other.clone()).await;
    refused.expect_problem(403, "other-organisation");
    let mut none = teachers(2022, 8);
    none["organisation"] = Value::Null;
    let refused = app.put(&path(app)).by(Contributor).json(none).await;
    refused.expect_fault("/organisation", "required");

    let foreign = put(app, Holder, other, 201).await["count"]["id"].clone();
    let seen = listed(app, Contributor, "").await;
    assert_eq!(seen.iter().map(|count| &count["id"]).collect::<Vec<_>>(), [&own]);
    assert_eq!(listed(app, Holder, "").await.len(), 2);
    let foreign = foreign.as_str().expect("an id");
    for path in [format!("/counts/{foreign}"), format!("/counts/{foreign}/history")] {
        app.get(&path).by(Contributor).await.expect_problem(404, "not-found");
    }
    let withdraw = app.post(&format!("/counts/{foreign}/withdraw")).by(Contributor);
    withdraw.json(json!({ "reason": "x" })).await.expect_problem(404, "not-found");
}

async fn a_reader_looks_and_never_counts(app: &App) {
    let refused = app.put(&path(app)).by(Reader).json(teachers(2022, 60)).await;
    refused.expect_problem(403, "counters-only");
    let id = put(app, Holder, teachers(2022, 60), 201).await["count"]["id"].clone();
    assert_eq!(listed(app, Reader, "").await.len(), 1);
    let withdraw = app.post(&format!("/counts/{}/withdraw", id.as_str().expect("an id")));
    let refused = withdraw.by(Reader).json(json!({ "reason": "x" })).await;
    refused.expect_problem(403, "counters-only");
}

async fn a_retired_role_stays_where_it_is_used(app: &App) {
    put(app, Holder, teachers(2021, 20), 201).await;
    let role = format!("/programmes/{}/codes/participant_role/teacher", app.world.nordjylland);
    let shown = app.get(&role).by(Secretariat).await.expect(200);
    let change = json!({
        "name_da": "Underviser", "name_en": "Teacher", "position": 4, "retired": true,
        "parent": null,
    });
    app.put(&role).by(Secretariat).if_match(shown.etag()).json(change).await.expect(200);
    put(app, Holder, teachers(2021, 21), 200).await;
    let refused = app.put(&path(app)).by(Holder).json(teachers(2022, 54)).await;
    refused.expect_fault("/role", "retired_code");
}

async fn what_is_not_theirs_is_not_there(app: &App) {
    let id = put(app, Holder, teachers(2022, 60), 201).await["count"]["id"].clone();
    let count = format!("/counts/{}", id.as_str().expect("an id"));
    app.get(&count).by(OtherSecretariat).await.expect_problem(404, "not-found");
    app.get(&path(app)).by(OtherSecretariat).await.expect_problem(404, "not-found");
    let refused = app.put(&path(app)).by(OtherSecretariat).json(teachers(2022, 60)).await;
    refused.expect_problem(404, "not-found");
    let kram = format!("/projects/{}/counts", app.world.kram);
    let refused = app.put(&kram).by(Holder).json(teachers(2022, 60)).await;
    refused.expect_problem(404, "not-found");
    app.get(&count).by(Nobody).await.expect(401);
}
