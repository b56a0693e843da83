//! What an approved report locks, and how it is opened for corrections.

use maaltal::clock::At;
use serde_json::{Value, json};

use super::{Report, count, define, faults, put_count, teachers, teachers_in, trail};
use crate::harness::{App, Persona::*};

api_tests!(
    an_approved_period_takes_no_counts,
    a_count_that_touches_is_locked,
    a_file_names_the_rows_that_are_locked,
    totals_so_far_stay_as_they_were,
    values_of_the_period_are_locked,
    targets_of_the_period_are_locked,
    an_opening_has_a_reason_and_an_end,
    an_opening_opens_its_own_days_and_project,
    an_opening_is_closed_by_hand,
    counts_that_come_during_the_approval_are_in_or_out,
);

fn day(number: u32) -> Value {
    json!(format!("2023-02-{number:02}"))
}

/// Opens 2022 in LabSTEM Nord; its address.
async fn open(app: &App) -> String {
    let body = json!({
        "start": "2022-01-01", "end": "2022-12-31", "reason": "Hjørring talte forkert",
        "open_until": "2023-02-10",
    });
    let path = format!("/projects/{}/openings", app.world.labstem);
    let made = app.post(&path).by(Secretariat).json(body).await.expect(201).json();
    format!("/openings/{}", made["id"].as_str().expect("an id"))
}

async fn an_approved_period_takes_no_counts(app: &App) {
    let made = count(app, 2022, 40).await.expect(201).json();
    count(app, 2021, 20).await.expect(201);
    Report::approved(app).await;
    // The secretariat is held to it like everybody.
    let other = teachers_in(json!({ "calendar_year": 2022 }), 41);
    put_count(app, Secretariat, other.clone()).await.expect_problem(409, "period-locked");
    put_count(app, Contributor, other.clone()).await.expect_problem(409, "period-locked");
    let batch = json!({
        "counts": [teachers_in(json!({ "calendar_year": 2021 }), 22), other],
    });
    let path = format!("/projects/{}/counts/batch", app.world.labstem);
    let refused = app.put(&path).by(Holder).json(batch).await.expect_problem(409, "period-locked");
    assert_eq!(faults(&refused.json()), ["/counts/1/period period_locked"]);
    let id = made["count"]["id"].as_str().expect("an id");
    let withdraw = app.post(&format!("/counts/{id}/withdraw")).by(Holder);
    withdraw.json(json!({ "reason": "Talt to gange" })).await.expect_problem(409, "period-locked");
    // What says what it said before changes nothing; other periods and projects are free.
    assert_eq!(count(app, 2022, 40).await.expect(200).json()["outcome"], "unchanged");
    count(app, 2021, 22).await.expect(200);
    let january = json!({ "start": "2023-01-01", "end": "2023-01-31" });
    put_count(app, Holder, teachers_in(january, 5)).await.expect(201);
    let kram = json!({
        "period": { "calendar_year": 2022 }, "role": "pupil", "counting": "unique",
        "participants": 500,
    });
    let path = format!("/projects/{}/counts", app.world.kram);
    app.put(&path).by(Secretariat).json(kram).await.expect(201);
    // Danish and English say which period it is.
    let english = app.put(&format!("/projects/{}/counts", app.world.labstem)).by(Holder);
    let english = english.header("Accept-Language", "en");
    let refused = english.json(teachers_in(json!({ "calendar_year": 2022 }), 1)).await;
    let detail = refused.expect(409).json()["errors"][0]["detail"].clone();
    let detail = detail.as_str().expect("a text");
    assert!(detail.starts_with("The period 2022-01-01 to 2022-12-31 is reported"), "{detail}");
}

async fn a_count_that_touches_is_locked(app: &App) {
    Report::approved(app).await;
    for (start, end, status) in [
        ("2021-08-01", "2022-07-31", 409),
        ("2022-12-31", "2023-01-31", 409),
        ("2021-01-01", "2023-01-31", 409),
        ("2021-08-01", "2021-12-31", 201),
        ("2023-01-01", "2023-01-31", 201),
    ] {
        let period = json!({ "start": start, "end": end });
        put_count(app, Holder, teachers_in(period, 5)).await.expect(status);
    }
}

async fn a_file_names_the_rows_that_are_locked(app: &App) {
    count(app, 2022, 40).await.expect(201);
    Report::approved(app).await;
    let file = "project,organisation,period,participant_role,counting,participants\n\
                labstem-nord,hjoerring-gymnasium,2021,teacher,unique,20\n\
                labstem-nord,hjoerring-gymnasium,2022,teacher,unique,40\n\
                labstem-nord,aalborghus-gymnasium,2022,teacher,unique,9\n\
                kram,,2022,pupil,unique,500\n";
    let path = format!("/programmes/{}/imports?kind=participation", app.world.nordjylland);
    let import = async || app.post(&path).by(Secretariat).body("text/csv", file).await;
    let report = import().await.expect(200).json();
    assert_eq!((&report["applied"], &report["error_count"]), (&json!(false), &json!(1)));
    let error = &report["errors"][0];
    assert_eq!(
        (&error["row"], &error["column"], &error["value"], &error["code"]),
        (&json!(4), &json!("period"), &json!("2022"), &json!("period_locked"))
    );
    open(app).await;
    let report = import().await.expect(200).json();
    assert_eq!((&report["applied"], &report["created"]), (&json!(true), &json!(3)));
    assert_eq!(report["unchanged"], 1);
}

async fn totals_so_far_stay_as_they_were(app: &App) {
    let so_far = |end: &str, total: i64| {
        let mut count = teachers_in(json!({ "end": end }), total);
        count["so_far"] = json!(true);
        count
    };
    count(app, 2021, 20).await.expect(201);
    put_count(app, Holder, so_far("2022-12-31", 50)).await.expect(201);
    Report::approved(app).await;
    // Its share of 2022 would be another: 2021 is free, and yet not to be corrected like this.
    let refused = count(app, 2021, 25).await.expect_problem(409, "period-locked").json();
    assert_eq!(faults(&refused), ["/period period_locked"]);
    put_count(app, Holder, so_far("2023-01-31", 60)).await.expect(201);
}

async fn values_of_the_period_are_locked(app: &App) {
    let camps = json!({
        "code": "camps", "title": "Camps", "level": "output", "unit": "camps", "source": "manual",
    });
    let camps = define(app, camps).await;
    let path = format!("/indicators/{camps}/values");
    let put = async |day: &str, figure: i64, reported: bool| {
        let body = json!({ "on_date": day, "figure": figure, "reported": reported });
        app.put(&path).by(Secretariat).json(body).await
    };
    let value = put("2022-06-30", 1, false).await.expect(201).json();
    Report::approved(app).await;
    let refused = put("2022-06-30", 2, false).await.expect_problem(409, "period-locked").json();
    assert_eq!(faults(&refused), ["/on_date period_locked"]);
    put("2022-12-31", 2, false).await.expect_problem(409, "period-locked");
    put("2022-12-31", 2, true).await.expect_problem(409, "period-locked");
    let id = value["id"].as_str().expect("an id");
    let withdraw = app.post(&format!("/values/{id}/withdraw")).by(Secretariat);
    withdraw.json(json!({ "reason": "Aflyst" })).await.expect_problem(409, "period-locked");
    put("2022-06-30", 1, false).await.expect(200);
    put("2023-01-01", 2, false).await.expect(201);
    open(app).await;
    put("2022-06-30", 2, false).await.expect(200);
}

async fn targets_of_the_period_are_locked(app: &App) {
    let indicator = teachers(app).await;
    let path = format!("/indicators/{indicator}/revisions");
    let lowered = |from: Option<&str>| {
        json!({
            "target": { "shape": "at_least", "minimum": 30 }, "holds_from": from,
            "reason": "Fire skoler i stedet for seks",
        })
    };
    // Proposed before the approval, and decided after it.
    let waiting = app.post(&path).by(Holder).json(lowered(None)).await.expect(201).json();
    Report::approved(app).await;
    let decision = format!("/revisions/{}/decision", waiting["id"].as_str().expect("an id"));
    let decide = async |decided: &str| {
        app.put(&decision).by(Secretariat).json(json!({ "decision": decided })).await
    };
    let refused = decide("agreed").await.expect_problem(409, "period-locked").json();
    assert_eq!(faults(&refused), ["/holds_from period_locked"]);
    decide("refused").await.expect(200);
    for from in [None, Some("2021-06-01"), Some("2022-12-31")] {
        let refused = app.post(&path).by(Holder).json(lowered(from)).await;
        refused.expect_problem(409, "period-locked");
    }
    let opening = open(app).await;
    let agreed = app.post(&path).by(Secretariat).json(lowered(None)).await.expect(201).json();
    assert_eq!(agreed["state"], "agreed");
    app.post(&format!("{opening}/close")).by(Secretariat).await.expect(200);
    app.post(&path).by(Holder).json(lowered(Some("2023-01-01"))).await.expect(201);
    // A new indicator comes with its target: it is in no report.
    let camps = json!({
        "code": "camps", "title": "Camps", "level": "output", "unit": "camps", "source": "manual",
        "first_target": { "target": { "shape": "at_least", "minimum": 4 } },
    });
    define(app, camps).await;
}

async fn an_opening_has_a_reason_and_an_end(app: &App) {
    Report::approved(app).await;
    let path = format!("/projects/{}/openings", app.world.labstem);
    let open = async |start: Value, end: Value, reason: &str, until: Value| {
        let body = json!({ "start": start, "end": end, "reason": reason, "open_until": until });
        app.post(&path).by(Secretariat).json(body).await
    };
    let (first, last) = (json!("2022-01-01"), json!("2022-12-31"));
    let wrong =
        open(last.clone(), first.clone(), "Talt forkert", json!("2023-01-31")).await.expect(422);
    assert_eq!(faults(&wrong.json()), ["/end period_backwards", "/open_until day_has_passed"]);
    let wrong = open(first.clone(), last.clone(), "Talt forkert", json!("2024-02-02")).await;
    wrong.expect_fault("/open_until", "open_too_long");
    let nothing = open(json!("2021-01-01"), json!("2021-12-31"), "Talt forkert", day(10)).await;
    nothing.expect_fault("/start", "nothing_locked");
    let made = open(first, last, "Talt forkert", day(1)).await.expect(201).json();
    assert_eq!((&made["open"], &made["may_close"]), (&json!(true), &json!(true)));
    assert!(trail(app).await.contains(&"period.opened".to_string()));
    let audit = format!("/programmes/{}/audit?entity=period&limit=1", app.world.nordjylland);
    let entry = app.get(&audit).by(Secretariat).await.expect(200).json()["items"][0].clone();
    assert_eq!((&entry["reason"], &entry["entity_id"]), (&json!("Talt forkert"), &made["id"]));
    // Its last day is a day in Denmark, to the end.
    let path = format!("/openings/{}", made["id"].as_str().expect("an id"));
    let is_open = async || app.get(&path).by(Contributor).await.expect(200).json()["open"].clone();
    app.clock.advance(
        (At::end_of(app.clock.now().day()).micros() - app.clock.now().micros()) / 1_000_000,
    );
    assert_eq!(is_open().await, true);
    count(app, 2022, 40).await.expect(201);
    app.clock.advance(1);
    assert_eq!(is_open().await, false);
    count(app, 2022, 41).await.expect_problem(409, "period-locked");
}

async fn an_opening_opens_its_own_days_and_project(app: &App) {
    Report::approved(app).await;
    let path = format!("/projects/{}/openings", app.world.labstem);
    let body = json!({
        "start": "2022-01-01", "end": "2022-06-30", "reason": "Foråret mangler",
        "open_until": "2023-02-10",
    });
    app.post(&path).by(Secretariat).json(body).await.expect(201);
    let spring = json!({ "start": "2022-01-01", "end": "2022-06-30" });
    put_count(app, Contributor, teachers_in(spring, 5)).await.expect(201);
    let autumn = json!({ "start": "2022-08-01", "end": "2022-12-31" });
    put_count(app, Holder, teachers_in(autumn, 5)).await.expect_problem(409, "period-locked");
    let path = format!("/projects/{}/locks", app.world.labstem);
    let locks = app.get(&path).by(Contributor).await.expect(200).json();
    assert_eq!(locks["locks"][0]["end"], "2022-12-31");
    assert_eq!(locks["closed"], json!([{ "start": "2022-07-01", "end": "2022-12-31" }]));
    assert_eq!((&locks["may_open"], &locks["openings"][0]["open"]), (&json!(false), &json!(true)));
    let kram = app.get(&format!("/projects/{}/locks", app.world.kram)).by(Reader).await;
    assert_eq!(kram.expect(200).json()["locks"], json!([]));
}

async fn an_opening_is_closed_by_hand(app: &App) {
    Report::approved(app).await;
    let opening = open(app).await;
    count(app, 2022, 40).await.expect(201);
    app.post(&format!("{opening}/close")).by(Holder).await.expect_problem(403, "secretariat-only");
    let closed = app.post(&format!("{opening}/close")).by(Secretariat).await.expect(200).json();
    assert_eq!((&closed["open"], &closed["may_close"]), (&json!(false), &json!(false)));
    count(app, 2022, 41).await.expect_problem(409, "period-locked");
    let twice = app.post(&format!("{opening}/close")).by(Secretariat).await;
    twice.expect_problem(409, "opening-ended");
}

/// However they come in between: what was taken before the approval stands, and nothing after it.
async fn counts_that_come_during_the_approval_are_in_or_out(app: &App) {
    teachers(app).await;
    let report = Report::submitted(app).await;
    let approve = async {
        let approval = json!({ "assessment": "good" });
        report.call(app, "approve", Secretariat, Some(approval)).await.expect(200);
    };
    let put = async |number: i64| {
        let month = json!({
            "start": format!("2022-{number:02}-01"), "end": format!("2022-{number:02}-28"),
        });
        let answer = put_count(app, Holder, teachers_in(month, number)).await;
        assert!([201, 409].contains(&answer.status), "{answer:?}");
        (answer.status == 201).then_some(number)
    };
    let (_, taken) =
        futures_util::join!(approve, futures_util::future::join_all((1..=12).map(put)));
    let taken: i64 = taken.into_iter().flatten().sum();
    let path = format!("/projects/{}/progress", app.world.labstem);
    let progress = async || {
        let found = app.get(&path).by(Reader).await.expect(200).json();
        found["indicators"][0]["actual"].as_i64().unwrap_or(0)
    };
    assert_eq!(progress().await, taken);
    let mut late = teachers_in(json!({ "calendar_year": 2022 }), 1);
    late["organisation"] = json!("aalborghus-gymnasium");
    put_count(app, Holder, late).await.expect_problem(409, "period-locked");
    // In the trail nothing stands between the approval and its lock, and no count after them.
    let trail = trail(app).await;
    let approved = trail.iter().position(|action| action == "progress_report.approved");
    let after = &trail[approved.expect("an approval")..];
    assert_eq!(after, ["progress_report.approved", "period.locked"]);
}
