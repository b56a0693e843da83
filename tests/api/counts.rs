<<<<<<< HEAD
//! Counts of participants.

use std::future::IntoFuture;

use serde_json::{Value, json};

use crate::harness::{Answer, App, Persona, Persona::*};

api_tests!(
    a_count_is_put_and_corrected,
    a_contributor_posts_and_sees_its_own_school_only,
    unique_and_attendances_stand_beside_each_other,
    periods_of_one_key_do_not_overlap,
    so_far_is_stored_as_the_difference,
    genders_fit_into_the_count,
    a_batch_is_all_or_nothing,
    a_count_is_withdrawn_and_comes_back,
    it_is_told_as_it_stood_on_a_day,
    two_holders_of_one_key_make_one_count,
    many_at_once_lose_nothing,
);

fn teachers(school: &str, participants: i64) -> Value {
    json!({
        "organisation": school, "period": { "calendar_year": 2022 }, "role": "teacher",
        "education_level": "gymnasial", "counting": "unique", "participants": participants,
    })
}

async fn put(app: &App, by: Persona, count: Value) -> Answer {
    let path = format!("/projects/{}/counts", app.world.labstem);
    app.put(&path).by(by).json(count).await
}

async fn listed(app: &App, by: Persona, query: &str) -> Vec<Value> {
    let path = format!("/projects/{}/counts?{query}", app.world.labstem);
    let list = app.get(&path).by(by).await.expect(200).json();
    list["items"].as_array().expect("items").clone()
}

const HJOERRING: &str = "hjoerring-gymnasium";
const AALBORGHUS: &str = "aalborghus-gymnasium";

async fn a_count_is_put_and_corrected(app: &App) {
    let made = put(app, Holder, teachers(HJOERRING, 40)).await.expect(201).json();
    assert_eq!(made["outcome"], "created");
    assert_eq!(made["count"]["period_start"], "2022-01-01");
    assert_eq!(made["count"]["period_end"], "2022-12-31");
    let again = put(app, Secretariat, teachers(HJOERRING, 40)).await.expect(200).json();
    assert_eq!(again["outcome"], "unchanged");
    let corrected = put(app, Holder, teachers(HJOERRING, 42)).await.expect(200).json();
    assert_eq!(corrected["outcome"], "corrected");
    assert_eq!(corrected["count"]["id"], made["count"]["id"]);
    let path = format!("/counts/{}/history", made["count"]["id"].as_str().expect("an id"));
    let history = app.get(&path).by(Reader).await.expect(200).json();
    let figures: Vec<_> =
        history["items"].as_array().expect("items").iter().map(|v| &v["participants"]).collect();
    assert_eq!(figures, [42, 40]);
    // The year written out is the same key.
    let mut written = teachers(HJOERRING, 42);
    written["period"] = json!({ "start": "2022-01-01", "end": "2022-12-31" });
    assert_eq!(put(app, Holder, written).await.expect(200).json()["outcome"], "unchanged");
}

async fn a_contributor_posts_and_sees_its_own_school_only(app: &App) {
    put(app, Contributor, teachers(HJOERRING, 12)).await.expect(201);
    put(app, Contributor, teachers(AALBORGHUS, 9)).await.expect(403);
    let mut nobody = teachers(HJOERRING, 9);
    nobody["organisation"] = Value::Null;
    assert!(put(app, Contributor, nobody).await.status >= 400);
    let other = put(app, Holder, teachers(AALBORGHUS, 9)).await.expect(201).json();
    assert_eq!(listed(app, Holder, "").await.len(), 2);
    let own = listed(app, Contributor, "").await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["organisation"], HJOERRING);
    assert!(listed(app, Contributor, "organisation=aalborghus-gymnasium").await.is_empty());
    let other = other["count"]["id"].as_str().expect("an id");
    app.get(&format!("/counts/{other}")).by(Contributor).await.expect(404);
    app.get(&format!("/counts/{other}/history")).by(Contributor).await.expect(404);
    let withdraw = app.post(&format!("/counts/{other}/withdraw")).by(Contributor);
    withdraw.json(json!({ "reason": "Ikke vores" })).await.expect(404);
}

async fn unique_and_attendances_stand_beside_each_other(app: &App) {
    put(app, Holder, teachers(HJOERRING, 12)).await.expect(201);
    let mut meetings = teachers(HJOERRING, 96);
    meetings["counting"] = json!("attendances");
    put(app, Holder, meetings).await.expect(201);
    assert_eq!(listed(app, Holder, "counting=unique").await[0]["participants"], 12);
    assert_eq!(listed(app, Holder, "counting=attendances").await[0]["participants"], 96);
}

async fn periods_of_one_key_do_not_overlap(app: &App) {
    put(app, Holder, teachers(HJOERRING, 12)).await.expect(201);
    for period in [
        json!({ "school_year": 2021 }),
        json!({ "start": "2022-12-31", "end": "2023-01-15" }),
        json!({ "start": "2022-03-01", "end": "2022-03-31" }),
        json!({ "start": "2021-06-01", "end": "2023-01-31" }),
    ] {
        let mut count = teachers(HJOERRING, 5);
        count["period"] = period.clone();
        let answer = put(app, Holder, count).await;
        assert_eq!(answer.status, 422, "{period}: {answer:?}");
    }
    let mut next = teachers(HJOERRING, 5);
    next["period"] = json!({ "start": "2023-01-01", "end": "2023-01-31" });
    put(app, Holder, next).await.expect(201);
    // Another school's, level's or role's periods are another matter.
    let mut other = teachers(AALBORGHUS, 5);
    other["period"] = json!({ "school_year": 2021 });
    put(app, Holder, other).await.expect(201);
}

async fn so_far_is_stored_as_the_difference(app: &App) {
    let mut first = teachers(HJOERRING, 30);
    first["period"] = json!({ "calendar_year": 2021 });
    put(app, Holder, first).await.expect(201);
    let mut so_far = teachers(HJOERRING, 74);
    so_far["period"] = json!({ "end": "2022-12-31" });
    so_far["so_far"] = json!(true);
    let put_so_far = put(app, Holder, so_far).await.expect(201).json();
    assert_eq!(put_so_far["count"]["participants"], 44);
    assert_eq!(put_so_far["count"]["so_far"], 74);
    assert_eq!(put_so_far["count"]["period_start"], "2022-01-01");
    // The total goes on to hold when what stands before it is corrected.
    let mut corrected = teachers(HJOERRING, 50);
    corrected["period"] = json!({ "calendar_year": 2021 });
    put(app, Holder, corrected).await.expect(200);
    let sum: i64 = listed(app, Holder, "role=teacher")
        .await
        .iter()
        .map(|count| count["participants"].as_i64().expect("a figure"))
        .sum();
    assert_eq!(sum, 74);
    let mut too_many = teachers(HJOERRING, 75);
    too_many["period"] = json!({ "calendar_year": 2021 });
    put(app, Holder, too_many).await.expect(422);
}

async fn genders_fit_into_the_count(app: &App) {
    let mut count = teachers(HJOERRING, 30);
    count["women"] = json!(18);
    count["men"] = json!(11);
    count["other_gender"] = json!(1);
    let made = put(app, Holder, count.clone()).await.expect(201).json();
    assert_eq!(made["count"]["women"], 18);
    count["men"] = json!(13);
    put(app, Holder, count.clone()).await.expect(422);
    count["men"] = json!(-1);
    let path = format!("/projects/{}/counts", app.world.labstem);
    app.put(&path).by(Holder).json(count).deliberately_bad().await.expect(422);
}

async fn a_batch_is_all_or_nothing(app: &App) {
    let path = format!("/projects/{}/counts/batch", app.world.labstem);
    let batch = |counts: Vec<Value>| {
        app.put(&path).by(Holder).json(json!({ "counts": counts })).into_future()
    };
    let mut wrong = teachers(AALBORGHUS, 9);
    wrong["role"] = json!("ukendt");
    let refused = batch(vec![teachers(HJOERRING, 12), wrong]).await;
    refused.expect_fault("/counts/1/role", "unknown_code");
    assert!(listed(app, Holder, "").await.is_empty());
    let twice = batch(vec![teachers(HJOERRING, 12), teachers(HJOERRING, 13)]).await;
    twice.expect(422);
    assert!(listed(app, Holder, "").await.is_empty());
    let put = batch(vec![teachers(HJOERRING, 12), teachers(AALBORGHUS, 9)]).await.expect(200);
    assert_eq!(put.json()["created"], 2);
    let again = batch(vec![teachers(HJOERRING, 12), teachers(AALBORGHUS, 10)]).await.expect(200);
    assert_eq!(again.json()["unchanged"], 1);
    assert_eq!(again.json()["corrected"], 1);
}

async fn a_count_is_withdrawn_and_comes_back(app: &App) {
    let made = put(app, Holder, teachers(HJOERRING, 12)).await.expect(201).json();
    let path = format!("/counts/{}", made["count"]["id"].as_str().expect("an id"));
    let withdraw = app.post(&format!("{path}/withdraw")).by(Holder);
    withdraw.json(json!({ "reason": "Talt to gange" })).await.expect(200);
    assert!(listed(app, Holder, "").await.is_empty());
    assert_eq!(listed(app, Holder, "include_withdrawn=true").await.len(), 1);
    let shown = app.get(&path).by(Reader).await.expect(200).json();
    assert_eq!(shown["withdrawn"], true);
    assert_eq!(shown["reason"], "Talt to gange");
    let back = put(app, Holder, teachers(HJOERRING, 12)).await.expect(200).json();
    assert_eq!(back["outcome"], "corrected");
    assert_eq!(listed(app, Holder, "").await.len(), 1);
}

async fn it_is_told_as_it_stood_on_a_day(app: &App) {
    put(app, Holder, teachers(HJOERRING, 40)).await.expect(201);
    app.clock.advance(24 * 60 * 60);
    put(app, Holder, teachers(HJOERRING, 74)).await.expect(200);
    assert_eq!(listed(app, Reader, "as_of=2023-02-01").await[0]["participants"], 40);
    assert_eq!(listed(app, Reader, "as_of=2023-02-02").await[0]["participants"], 74);
    assert_eq!(listed(app, Reader, "").await[0]["participants"], 74);
    assert!(listed(app, Reader, "as_of=2023-01-31").await.is_empty());
}

async fn two_holders_of_one_key_make_one_count(app: &App) {
    for year in 2015..2020 {
        let count = |participants: i64| {
            let mut count = teachers(HJOERRING, participants);
            count["period"] = json!({ "calendar_year": year });
            count
        };
        let puts = [(Holder, 40), (Contributor, 41), (Secretariat, 42), (Holder, 43)]
            .map(|(by, participants)| put(app, by, count(participants)));
        let answers = futures_util::future::join_all(puts).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort();
        assert_eq!(statuses, [200, 200, 200, 201]);
        let id = &answers[0].json()["count"]["id"];
        assert!(answers.iter().all(|answer| answer.json()["count"]["id"] == *id));
        let path = format!("/counts/{}/history", id.as_str().expect("an id"));
        let history = app.get(&path).by(Reader).await.expect(200).json();
        let numbers: Vec<_> =
            history["items"].as_array().expect("items").iter().map(|v| &v["number"]).collect();
        assert_eq!(numbers, [4, 3, 2, 1]);
    }
}

async fn many_at_once_lose_nothing(app: &App) {
    let puts = (1..=24).map(|month_of_two_years| {
        let (year, month) =
            (2020 + (month_of_two_years - 1) / 12, (month_of_two_years - 1) % 12 + 1);
        let mut count = teachers(HJOERRING, 10);
        let day = |day: u32| format!("{year}-{month:02}-{day:02}");
        count["period"] = json!({ "start": day(1), "end": day(28) });
        put(app, if month % 2 == 0 { Holder } else { Contributor }, count)
    });
    for answer in futures_util::future::join_all(puts).await {
        answer.expect(201);
    }
    assert_eq!(listed(app, Reader, "limit=1000").await.len(), 24);
=======
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
>>>>>>> 23dc480b0b0db41f0ecdf1b1897aea0d7e27f75d
}
