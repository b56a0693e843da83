//! Targets, and what was reached: the figures of real projects.

use serde_json::{Value, json};

use crate::harness::{Answer, App, Persona, Persona::*};

api_tests!(
    labstem_has_74_of_45_teachers,
    book_en_ekspert_has_540_of_1000,
    the_cafes_target_was_lowered_and_the_first_one_stays,
    a_broader_level_is_shown_beside_and_never_added,
    a_share_of_the_target_belongs_to_each_school,
    a_holder_proposes_and_the_secretariat_decides,
    nothing_counted_is_not_zero,
    progress_is_told_as_it_stood_on_a_day,
    the_export_says_the_same,
    two_deciders_decide_once,
);

async fn define(app: &App, project: impl ToString, body: Value) -> String {
    let path = format!("/projects/{}/indicators", project.to_string());
    let made = app.post(&path).by(Secretariat).json(body).await.expect(201).json();
    made["id"].as_str().expect("an id").to_string()
}

fn participants(code: &str, role: &str, level: Option<&str>, target: Value) -> Value {
    let levels: Vec<&str> = level.into_iter().collect();
    json!({
        "code": code, "title": "Deltagere", "level": "output", "unit": "people",
        "source": "participation", "filter": { "roles": [role], "education_levels": levels },
        "first_target": { "target": target },
    })
}

fn at_least(minimum: i64) -> Value {
    json!({ "shape": "at_least", "minimum": minimum })
}

async fn count(
    app: &App,
    project: impl ToString,
    school: Option<&str>,
    role: &str,
    level: Option<&str>,
    participants: i64,
) -> Answer {
    let body = json!({
        "organisation": school, "period": { "calendar_year": 2022 }, "role": role,
        "education_level": level, "counting": "unique", "participants": participants,
    });
    let path = format!("/projects/{}/counts", project.to_string());
    app.put(&path).by(Secretariat).json(body).await
}

async fn progress(app: &App, by: Persona, project: impl ToString, query: &str) -> Value {
    let path = format!("/projects/{}/progress{query}", project.to_string());
    app.get(&path).by(by).await.expect(200).json()["indicators"][0].clone()
}

async fn labstem_has_74_of_45_teachers(app: &App) {
    let labstem = app.world.labstem;
    define(app, labstem, participants("labstem-laerere", "teacher", None, at_least(45))).await;
    count(app, labstem, Some("hjoerring-gymnasium"), "teacher", Some("gymnasial"), 40)
        .await
        .expect(201);
    count(app, labstem, Some("aalborghus-gymnasium"), "teacher", None, 34).await.expect(201);
    // Pupils are not teachers.
    count(app, labstem, None, "pupil", Some("stx"), 300).await.expect(201);
    let found = progress(app, Holder, labstem, "").await;
    assert_eq!(found["actual"], 74);
    assert_eq!(found["target"]["figure"], 45);
    assert_eq!(found["state"], "exceeded");
    assert_eq!(found["remaining"], 0);
    assert_eq!(found["percent"]["numerator"], 74);
    assert_eq!(found["percent"]["denominator"], 45);
}

async fn book_en_ekspert_has_540_of_1000(app: &App) {
    let kram = app.world.kram;
    let indicator = participants("elever", "pupil", Some("ungdomsuddannelse"), at_least(1000));
    define(app, kram, indicator).await;
    count(app, kram, None, "pupil", Some("gymnasial"), 540).await.expect(201);
    let found = progress(app, Reader, kram, "").await;
    assert_eq!(found["actual"], 540);
    assert_eq!(found["state"], "below");
    assert_eq!(found["remaining"], 460);
    assert_eq!(found["percent"]["numerator"], 540);
    assert_eq!(found["percent"]["denominator"], 1000);
}

async fn the_cafes_target_was_lowered_and_the_first_one_stays(app: &App) {
    let kram = app.world.kram;
    let indicator = participants("cafeer", "pupil", Some("ungdomsuddannelse"), at_least(1500));
    let id = define(app, kram, indicator).await;
    app.clock.advance(24 * 60 * 60);
    let path = format!("/indicators/{id}/revisions");
    let lowered = json!({ "target": at_least(1265) });
    app.post(&path).by(Secretariat).json(lowered).await.expect(422);
    let lowered = json!({ "target": at_least(1265), "reason": "Fire skoler tog del, ikke seks" });
    let made = app.post(&path).by(Secretariat).json(lowered).await.expect(201).json();
    assert_eq!(made["state"], "agreed");
    let found = progress(app, Reader, kram, "").await;
    assert_eq!(found["target"]["figure"], 1265);
    assert_eq!(found["original_target"]["figure"], 1500);
    let before = progress(app, Reader, kram, "?as_of=2023-02-01").await;
    assert_eq!(before["target"]["figure"], 1500);
    let all = app.get(&path).by(Reader).await.expect(200).json();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
}

async fn a_broader_level_is_shown_beside_and_never_added(app: &App) {
    let kram = app.world.kram;
    let classes = json!({ "shape": "classes", "classes": 16, "estimated_pupils": 448 });
    define(app, kram, participants("kram-stx", "pupil", Some("stx"), classes)).await;
    count(app, kram, None, "pupil", Some("ungdomsuddannelse"), 500).await.expect(201);
    let found = progress(app, Reader, kram, "").await;
    assert_eq!(found["actual"], Value::Null);
    assert_eq!(found["at_broader_level"], 500);
    assert_eq!(found["state"], "no_data");
    assert_eq!(found["target"]["figure"], 448);
    count(app, kram, None, "pupil", Some("stx"), 100).await.expect(201);
    let found = progress(app, Reader, kram, "").await;
    assert_eq!((&found["actual"], &found["at_broader_level"]), (&json!(100), &json!(500)));
}

async fn a_share_of_the_target_belongs_to_each_school(app: &App) {
    let labstem = app.world.labstem;
    let mut indicator = participants("delt", "teacher", None, at_least(10));
    indicator["first_target"]["parts"] = json!([
        { "organisation": "hjoerring-gymnasium", "minimum": 5 },
        { "organisation": "aalborghus-gymnasium", "minimum": 4 },
    ]);
    let path = format!("/projects/{labstem}/indicators");
    let refused = app.post(&path).by(Secretariat).json(indicator.clone()).await;
    refused.expect(422);
    indicator["first_target"]["parts"][1]["minimum"] = json!(5);
    define(app, labstem, indicator).await;
    count(app, labstem, Some("hjoerring-gymnasium"), "teacher", None, 7).await.expect(201);
    let found = progress(app, Holder, labstem, "").await;
    let part = |code: &str| {
        let parts = found["parts"].as_array().expect("parts");
        parts.iter().find(|part| part["organisation"] == code).expect("a part").clone()
    };
    assert_eq!(part("hjoerring-gymnasium")["state"], "exceeded");
    assert_eq!(part("aalborghus-gymnasium")["state"], "no_data");
    assert_eq!((&found["actual"], &found["state"]), (&json!(7), &json!("below")));
}

async fn a_holder_proposes_and_the_secretariat_decides(app: &App) {
    let labstem = app.world.labstem;
    let id = define(app, labstem, participants("elever", "pupil", None, at_least(5750))).await;
    let path = format!("/indicators/{id}/revisions");
    let proposal = json!({ "target": at_least(5000), "reason": "Skolerne var lukkede" });
    let made = app.post(&path).by(Holder).json(proposal.clone()).await.expect(201).json();
    assert_eq!(made["state"], "proposed");
    let found = progress(app, Holder, labstem, "").await;
    assert_eq!(found["target"]["figure"], 5750);
    assert_eq!(found["pending"]["id"], made["id"]);
    app.post(&path).by(Holder).json(proposal).await.expect(409);
    let decision = format!("/revisions/{}/decision", made["id"].as_str().expect("an id"));
    let agreed = || json!({ "decision": "agreed" });
    app.put(&decision).by(Holder).json(agreed()).await.expect_problem(403, "secretariat-only");
    app.put(&decision).by(Secretariat).json(agreed()).await.expect(200);
    app.put(&decision).by(Secretariat).json(json!({ "decision": "refused" })).await.expect(409);
    let found = progress(app, Holder, labstem, "").await;
    assert_eq!(found["target"]["figure"], 5000);
    assert_eq!(found["original_target"]["figure"], 5750);
    assert_eq!(found["pending"], Value::Null);
}

async fn nothing_counted_is_not_zero(app: &App) {
    let labstem = app.world.labstem;
    define(app, labstem, participants("studerende", "student", None, at_least(1300))).await;
    let found = progress(app, Holder, labstem, "").await;
    assert_eq!((&found["actual"], &found["state"]), (&Value::Null, &json!("no_data")));
    count(app, labstem, None, "student", None, 0).await.expect(201);
    let found = progress(app, Holder, labstem, "").await;
    assert_eq!((&found["actual"], &found["state"]), (&json!(0), &json!("below")));
}

async fn progress_is_told_as_it_stood_on_a_day(app: &App) {
    let labstem = app.world.labstem;
    define(app, labstem, participants("laerere", "teacher", None, at_least(45))).await;
    count(app, labstem, None, "teacher", None, 40).await.expect(201);
    app.clock.advance(24 * 60 * 60);
    count(app, labstem, None, "teacher", None, 74).await.expect(200);
    let figure = async |query: &str| progress(app, Reader, labstem, query).await["actual"].clone();
    assert_eq!(figure("?as_of=2023-02-01").await, 40);
    assert_eq!(figure("").await, 74);
    let path = format!("/projects/{labstem}/progress?as_of=2023-01-31");
    let before = app.get(&path).by(Reader).await.expect(200).json();
    assert_eq!(before["day"], "2023-01-31");
    // What had not been counted by then is not known by then.
    assert!(
        before["indicators"]
            .as_array()
            .expect("indicators")
            .iter()
            .all(|one| one["actual"].is_null())
    );
}

async fn the_export_says_the_same(app: &App) {
    let labstem = app.world.labstem;
    define(app, labstem, participants("labstem-laerere", "teacher", None, at_least(45))).await;
    count(app, labstem, None, "teacher", None, 74).await.expect(201);
    let path = format!("/programmes/{}/exports/progress", app.world.nordjylland);
    let file = app.get(&path).by(Reader).await.expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.text();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header = rows.headers().expect("a header").clone();
    let row = rows.records().next().expect("a row").expect("a row");
    let cell = |name: &str| {
        let at = header.iter().position(|one| one == name).unwrap_or_else(|| panic!("no {name}"));
        row.get(at).expect("a cell").to_string()
    };
    assert_eq!(cell("project"), "labstem-nord");
    assert_eq!(cell("target"), "45");
    assert_eq!(cell("original_target"), "45");
    assert_eq!(cell("actual"), "74");
    assert_eq!(cell("remaining"), "0");
    assert_eq!(cell("state"), "exceeded");
    assert_eq!(cell("at_broader_level"), "");
    let danish = app.get(&format!("{path}?dialect=dk-excel")).by(Reader).await.expect(200);
    assert!(danish.body.starts_with("\u{feff}".as_bytes()), "a byte order mark for Excel");
    assert!(danish.text().contains(';') && danish.text().contains("\r\n"));
}

async fn two_deciders_decide_once(app: &App) {
    let labstem = app.world.labstem;
    let id = define(app, labstem, participants("elever", "pupil", None, at_least(5750))).await;
    let path = format!("/indicators/{id}/revisions");
    let proposal = json!({ "target": at_least(5000), "reason": "Skolerne var lukkede" });
    let made = app.post(&path).by(Holder).json(proposal).await.expect(201).json();
    let path = format!("/revisions/{}/decision", made["id"].as_str().expect("an id"));
    let decide = async |decision: &str| {
        app.put(&path).by(Secretariat).json(json!({ "decision": decision })).await
    };
    let both = [decide("agreed"), decide("refused"), decide("agreed"), decide("refused")];
    let answers = futures_util::future::join_all(both).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort();
    assert_eq!(statuses, [200, 409, 409, 409]);
}
