//! A report's way, and what its figures suggest.

use maaltal::progress_reports;
use maaltal::store::AsOf;
use serde_json::{Value, json};

use super::{Report, count, faults, teachers, trail};
use crate::harness::{App, Persona::*};

api_tests!(
    a_report_walks_from_request_to_approval_and_correction,
    the_whole_programme_is_asked_at_once,
    a_report_lacks_what_it_lacks,
    a_draft_is_between_holder_and_secretariat,
    nobody_overwrites_what_they_have_not_seen,
    a_period_is_reported_when_it_is_over,
    a_reported_assessment_is_nobodys_approval,
    a_request_is_taken_back_and_made_again,
    the_head_on_a_report_is_held_to_the_trail,
);

fn may(report: &Value) -> String {
    ["may_edit", "may_submit", "may_return", "may_approve"]
        .iter()
        .filter(|name| report[**name] == true)
        .map(|name| name.trim_start_matches("may_"))
        .collect::<Vec<_>>()
        .join(" ")
}

async fn a_report_walks_from_request_to_approval_and_correction(app: &App) {
    let indicator = teachers(app).await;
    count(app, 2022, 40).await.expect(201);
    let mut report = Report::requested(app).await;
    let seen = report.seen(app, Holder).await;
    assert_eq!((&seen["state"], may(&seen).as_str()), (&json!("requested"), "edit submit"));
    assert_eq!(seen["indicators"][0]["actual"], 40);
    assert_eq!(seen["figures_frozen_at"], Value::Null);

    let written = json!({
        "narrative": "Laboratoriet kom i gang", "learnings": "Begynd med lærerne",
        "assessment": "acceptable",
        "indicators": [
            { "indicator_id": indicator, "assessment": "acceptable", "comment": "Fem mangler" },
        ],
    });
    let seen = report.write(app, written.clone()).await;
    assert_eq!((&seen["state"], &seen["version"]), (&json!("draft"), &json!(2)));
    // Written alike it is the same version.
    assert_eq!(report.write(app, written.clone()).await["version"], 2);
    assert_eq!(may(&report.seen(app, Secretariat).await), "edit submit");

    let seen = report.step(app, "submit", Holder, None).await;
    assert_eq!((&seen["state"], may(&seen).as_str()), (&json!("submitted"), ""));
    assert_eq!(may(&report.seen(app, Secretariat).await), "return approve");
    report.put(app, Holder, written.clone()).await.expect_problem(409, "report-not-open");
    // Frozen: a later count is a change beside it.
    count(app, 2022, 41).await.expect(200);
    let seen = report.seen(app, Secretariat).await;
    assert_eq!(seen["indicators"][0]["actual"], 40);
    assert_eq!(
        (&seen["changes"][0]["actual_then"], &seen["changes"][0]["actual_now"]),
        (&json!(40), &json!(41))
    );

    let comment = json!({ "comment": "Skriv om afvigelserne" });
    report
        .call(app, "return", Holder, Some(comment.clone()))
        .await
        .expect_problem(403, "secretariat-only");
    let seen = report.step(app, "return", Secretariat, Some(comment)).await;
    assert_eq!(
        (&seen["state"], &seen["decision_comment"]),
        (&json!("returned"), &json!("Skriv om afvigelserne"))
    );
    let seen = report.seen(app, Holder).await;
    assert_eq!(
        (may(&seen).as_str(), &seen["indicators"][0]["actual"]),
        ("edit submit", &json!(41))
    );
    let mut again = written;
    again["deviations"] = json!("En skole faldt fra");
    report.write(app, again).await;
    report.step(app, "submit", Holder, None).await;

    let approval = json!({ "assessment": "acceptable" });
    report
        .call(app, "approve", Holder, Some(approval.clone()))
        .await
        .expect_problem(403, "secretariat-only");
    let seen = report.step(app, "approve", Secretariat, Some(approval)).await;
    assert_eq!((&seen["state"], &seen["assessment"]), (&json!("approved"), &json!("acceptable")));
    assert_eq!((may(&seen).as_str(), &seen["changes"]), ("", &json!([])));
    // The head that it prints is the trail's.
    let path = format!("/programmes/{}/audit?limit=1", app.world.nordjylland);
    let head = app.get(&path).by(Secretariat).await.expect(200).json()["items"][0].clone();
    assert_eq!(
        (&seen["audit_head"]["number"], &seen["audit_head"]["hash"]),
        (&head["number"], &head["hash"])
    );

    let page = format!("{}/page", report.path);
    let page = app.get(&page).by(Reader).header("Accept-Language", "en").await.expect(200).text();
    for told in [
        "Laboratoriet kom i gang",
        "approved",
        "acceptable",
        head["hash"].as_str().expect("a hash"),
    ] {
        assert!(page.contains(told), "{told} is not on {page}");
    }

    // Locked, opened, corrected, shown, locked again.
    let refused = count(app, 2022, 45).await.expect_problem(409, "period-locked").json();
    assert_eq!(faults(&refused), ["/period period_locked"]);
    let opening = json!({
        "start": "2022-01-01", "end": "2022-12-31", "reason": "Hjørring talte forkert",
        "open_until": "2023-02-10",
    });
    let openings = format!("/projects/{}/openings", app.world.labstem);
    app.post(&openings)
        .by(Holder)
        .json(opening.clone())
        .await
        .expect_problem(403, "secretariat-only");
    app.post(&openings).by(Secretariat).json(opening).await.expect(201);
    count(app, 2022, 45).await.expect(200);
    let seen = report.seen(app, Reader).await;
    assert_eq!(seen["indicators"][0]["actual"], 41);
    let change = &seen["changes"][0];
    assert_eq!(
        (&change["code"], &change["actual_then"], &change["actual_now"]),
        (&json!("labstem-laerere"), &json!(41), &json!(45))
    );
    assert_eq!((&change["state_then"], &change["state_now"]), (&json!("below"), &json!("reached")));
    app.clock.advance(10 * 24 * 60 * 60);
    count(app, 2022, 46).await.expect_problem(409, "period-locked");

    let trail = trail(app).await;
    let walk: Vec<&str> = trail
        .iter()
        .map(String::as_str)
        .filter(|action| !action.starts_with("member") && !action.starts_with("indicator"))
        .collect();
    let from = walk.iter().position(|action| *action == "progress_report.requested");
    assert_eq!(
        walk[from.expect("a request")..],
        [
            "progress_report.requested",
            "progress_report.written",
            "progress_report.submitted",
            "count.corrected",
            "progress_report.returned",
            "progress_report.written",
            "progress_report.submitted",
            "progress_report.approved",
            "period.locked",
            "period.opened",
            "count.corrected",
        ]
    );
    let history = app.get(&format!("{}/history", report.path)).by(Reader).await.expect(200).json();
    let states: Vec<&str> = history["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|one| one["state"].as_str().expect("a state"))
        .collect();
    assert_eq!(
        states,
        ["approved", "submitted", "returned", "returned", "submitted", "draft", "requested"]
    );
}

async fn the_whole_programme_is_asked_at_once(app: &App) {
    let path = format!("/programmes/{}/progress-reports", app.world.nordjylland);
    let ask = json!({
        "kind": "annual", "period": { "calendar_year": 2022 }, "due_on": "2023-03-01",
    });
    let asked = app.post(&path).by(Secretariat).json(ask.clone()).await.expect(200).json();
    let projects: Vec<_> = asked["requested"]
        .as_array()
        .expect("reports")
        .iter()
        .map(|one| one["project"].clone())
        .collect();
    assert_eq!(projects, [json!("labstem-nord"), json!("kram")]);
    let again = app.post(&path).by(Secretariat).json(ask.clone()).await.expect(200).json();
    assert_eq!((&again["requested"], &again["already"]), (&json!([]), &json!(2)));
    let mut completed = ask;
    completed["statuses"] = json!(["completed"]);
    let none = app.post(&path).by(Secretariat).json(completed).await.expect(200).json();
    assert_eq!((&none["requested"], &none["already"]), (&json!([]), &json!(0)));

    let lines = async |by, query: &str| {
        let found = app.get(&format!("{path}{query}")).by(by).await.expect(200).json();
        let items = found["items"].as_array().expect("items").clone();
        items
            .iter()
            .map(|one| one["project"].as_str().expect("a code").to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(Reader, "").await, ["labstem-nord", "kram"]);
    assert_eq!(lines(Holder, "").await, ["labstem-nord"]);
    assert_eq!(lines(Contributor, "").await, Vec::<String>::new());
    assert_eq!(lines(Reader, "?year=2021").await, Vec::<String>::new());
    assert_eq!(lines(Reader, "?year=2022&kind=annual&state=requested").await.len(), 2);
    // Due on 1 March is in time on 1 March.
    app.clock.advance(28 * 24 * 60 * 60);
    assert_eq!(lines(Reader, "?overdue=true").await, Vec::<String>::new());
    app.clock.advance(24 * 60 * 60);
    assert_eq!(lines(Reader, "?overdue=true").await, ["labstem-nord", "kram"]);
    let first =
        app.get(&format!("{path}?overdue=true&limit=1")).by(Reader).await.expect(200).json();
    assert_eq!(first["items"][0]["days_overdue"], 1);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    assert_eq!(lines(Reader, &format!("?overdue=true&cursor={cursor}")).await, ["kram"]);
    // Another day for one of them.
    let id = first["items"][0]["id"].as_str().expect("an id");
    let due = app.put(&format!("/progress-reports/{id}/due-day")).by(Secretariat);
    let due = due.if_match("\"1\"").json(json!({ "due_on": "2023-04-01", "reason": "Sygdom" }));
    assert_eq!(due.await.expect(200).json()["overdue"], false);
    assert_eq!(lines(Reader, "?overdue=true").await, ["kram"]);
    // One by one: there is one already.
    let one = format!("/projects/{}/progress-reports", app.world.kram);
    let body = json!({
        "kind": "annual", "period": { "start": "2022-01-01", "end": "2022-12-31" },
        "due_on": "2023-03-01",
    });
    let twice = app.post(&one).by(Secretariat).json(body).await;
    twice.expect_problem(409, "report-there-already");
    let project_year = json!({
        "kind": "annual", "period": { "project_year": 1 }, "due_on": "2023-03-01",
    });
    app.post(&path).by(Secretariat).json(project_year).await.expect(422);
}

async fn a_report_lacks_what_it_lacks(app: &App) {
    let indicator = teachers(app).await;
    let report = Report::requested(app).await;
    let lacks = report.call(app, "submit", Holder, None).await.expect(422).json();
    assert_eq!(faults(&lacks), ["/narrative required", "/assessment required"]);
    let opinion = |id: &str| json!({ "indicator_id": id, "comment": "Godt på vej" });
    let written = json!({
        "indicators": [
            opinion(&indicator), opinion(&indicator),
            opinion("01890000-0000-7000-8000-000000000000"),
        ],
    });
    let wrong = report.put(app, Holder, written).await.expect(422).json();
    assert_eq!(
        faults(&wrong),
        ["/indicators/1/indicator_id indicator_twice", "/indicators/2/indicator_id not_in_project"]
    );
    // A final report is what others learn from.
    let path = format!("/projects/{}/progress-reports", app.world.labstem);
    let ask = json!({ "kind": "final", "period": { "calendar_year": 2022 } });
    let no_day = app.post(&path).by(Secretariat).json(ask.clone()).await.expect(422).json();
    assert_eq!(faults(&no_day), ["/due_on required"]);
    let mut ask = ask;
    ask["due_on"] = json!("2023-03-01");
    let made = app.post(&path).by(Secretariat).json(ask).await.expect(201).json();
    let id = made["id"].as_str().expect("an id");
    let mut last = Report { path: format!("/progress-reports/{id}"), version: 1 };
    last.write(app, json!({ "narrative": "Færdig", "assessment": "slow" })).await;
    let lacks = last.call(app, "submit", Holder, None).await.expect(422).json();
    assert_eq!(faults(&lacks), ["/learnings required"]);
}

async fn a_draft_is_between_holder_and_secretariat(app: &App) {
    let mut report = Report::requested(app).await;
    report.write(app, json!({ "narrative": "Halvfærdig", "assessment": "slow" })).await;
    let seen = report.seen(app, Reader).await;
    assert_eq!((&seen["withheld"], &seen["narrative"]), (&json!(true), &Value::Null));
    assert_eq!(seen["proposed_assessment"], Value::Null);
    let history = app.get(&format!("{}/history", report.path)).by(Reader).await.expect(200).json();
    assert_eq!(history["items"][0]["written"]["narrative"], Value::Null);
    assert_eq!(report.seen(app, Secretariat).await["narrative"], "Halvfærdig");
    app.get(&report.path).by(Contributor).await.expect_problem(403, "whole-project-only");
    report.step(app, "submit", Holder, None).await;
    assert_eq!(report.seen(app, Reader).await["narrative"], "Halvfærdig");
}

async fn nobody_overwrites_what_they_have_not_seen(app: &App) {
    let mut report = Report::requested(app).await;
    let text = |text: &str| json!({ "narrative": text, "assessment": "good" });
    app.put(&report.path)
        .by(Holder)
        .json(text("Uden"))
        .deliberately_bad()
        .await
        .expect_problem(428, "precondition-required");
    report.write(app, text("Første")).await;
    let stale = Report { path: report.path.clone(), version: 1 };
    stale.put(app, Secretariat, text("Anden")).await.expect_problem(412, "stale");
    stale.call(app, "submit", Holder, None).await.expect_problem(412, "stale");
    report.step(app, "submit", Holder, None).await;
    // Returned and approved at once: one of the two.
    let returned = report.call(app, "return", Secretariat, Some(json!({ "comment": "Mere" })));
    let approved = report.call(app, "approve", Secretariat, Some(json!({ "assessment": "good" })));
    let (returned, approved) = futures_util::join!(returned.into_future(), approved.into_future());
    let mut statuses = [returned.status, approved.status];
    statuses.sort();
    assert_eq!(statuses, [200, 412]);
}

async fn a_period_is_reported_when_it_is_over(app: &App) {
    let path = format!("/projects/{}/progress-reports", app.world.labstem);
    let ask = json!({
        "kind": "annual", "period": { "start": "2023-01-01", "end": "2023-02-02" },
        "due_on": "2023-03-01",
    });
    let made = app.post(&path).by(Secretariat).json(ask).await.expect(201).json();
    let id = made["id"].as_str().expect("an id");
    let mut report = Report { path: format!("/progress-reports/{id}"), version: 1 };
    report.write(app, json!({ "narrative": "Tidligt", "assessment": "good" })).await;
    assert_eq!(report.seen(app, Holder).await["may_submit"], false);
    report.call(app, "submit", Holder, None).await.expect_problem(409, "period-not-over");
    app.clock.advance(24 * 60 * 60);
    assert_eq!(report.seen(app, Holder).await["may_submit"], true);
    report.step(app, "submit", Holder, None).await;
}

async fn a_reported_assessment_is_nobodys_approval(app: &App) {
    let path = format!("/projects/{}/progress-reports", app.world.kram);
    let body = json!({
        "kind": "annual", "period": { "calendar_year": 2022 },
        "reported": { "assessment": "good", "source_note": "Statusrapport 2023, side 12" },
    });
    let made = app.post(&path).by(Secretariat).json(body.clone()).await.expect(201).json();
    assert_eq!((&made["state"], &made["assessment"]), (&json!("reported"), &json!("good")));
    assert_eq!(made["source_note"], "Statusrapport 2023, side 12");
    assert_eq!((&made["submitted_at"], &made["decided_at"]), (&Value::Null, &Value::Null));
    assert_eq!((&made["audit_head"], may(&made).as_str()), (&Value::Null, ""));
    // A slip is taken back, and recorded anew.
    assert_eq!(made["may_withdraw"], true);
    let id = made["id"].as_str().expect("an id");
    let mut report = Report { path: format!("/progress-reports/{id}"), version: 1 };
    let slip = json!({ "reason": "Side 21 og ikke 12" });
    report.step(app, "withdraw", Secretariat, Some(slip)).await;
    let again = app.post(&path).by(Secretariat).json(body).await.expect(201).json();
    assert_eq!((&again["id"], &again["version"]), (&made["id"], &json!(3)));
    // Nothing is locked by it.
    let locks = app.get(&format!("/projects/{}/locks", app.world.kram)).by(Reader).await;
    assert_eq!(locks.expect(200).json()["locks"], json!([]));
    let (programme, kram) = (app.world.nordjylland, app.world.kram);
    let read = move |db: &mut _| progress_reports::assessed(db, programme, AsOf::NOW);
    let assessed = app.store.read(read).await.expect("assessments");
    let [one] = &assessed[..] else { panic!("{assessed:?}") };
    assert_eq!((one.project, one.assessment.map(|found| found.as_str())), (kram, Some("good")));
    assert_eq!(one.source_note.as_deref(), Some("Statusrapport 2023, side 12"));
}

async fn a_request_is_taken_back_and_made_again(app: &App) {
    let mut report = Report::requested(app).await;
    let reason = json!({ "reason": "Projektet er lige begyndt" });
    let seen = report.step(app, "withdraw", Secretariat, Some(reason)).await;
    assert_eq!((&seen["state"], may(&seen).as_str()), (&json!("withdrawn"), ""));
    report
        .put(app, Holder, json!({ "narrative": "Alligevel" }))
        .await
        .expect_problem(409, "report-not-open");
    let again = Report::requested(app).await;
    assert_eq!(again.path, report.path);
    let seen = again.seen(app, Holder).await;
    assert_eq!((&seen["state"], &seen["version"]), (&json!("requested"), &json!(3)));
}

async fn the_head_on_a_report_is_held_to_the_trail(app: &App) {
    Report::approved(app).await;
    let programme = app.world.nordjylland;
    let verify = || app.store.read(move |db| progress_reports::verify(db, programme));
    assert_eq!(verify().await.expect("a verdict"), Vec::<String>::new());
    app.by_hand("UPDATE progress_report_versions SET audit_number = 1 WHERE state = 'approved'")
        .await;
    let wrong = verify().await.expect("a verdict");
    assert!(wrong.len() == 1 && wrong[0].contains("audit head"), "{wrong:?}");
}
