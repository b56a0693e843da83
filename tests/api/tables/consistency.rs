//! What does not fit: what a report names, and what partners and their project counted.

use serde_json::{Value, json};

use super::{project, table};
use crate::harness::{App, Persona::*};

api_tests!(
    what_a_report_names_is_held_against_the_list,
    names_are_checked_and_kept,
    partners_counts_are_held_against_the_projects,
    the_same_words_are_found,
    learnings_may_come_from_another_report,
);

async fn named(app: &App, category: (&str, &str), value: i64, projects: &[&str]) {
    let body = json!({
        "measure": "projects", "dimension": category.0, "category": category.1, "unit": "count",
        "value": value, "source": "Statusrapport", "page": category.1, "projects": projects,
    });
    let path = format!("/programmes/{}/reported-facts", app.world.nordjylland);
    app.put(&path).by(Secretariat).json(body).await.expect(201);
}

/// Entity and text of each finding of that kind.
async fn found(app: &App, code: &str) -> Vec<(String, Value)> {
    let rows = table(app, "consistency", "").await;
    let own = rows.iter().filter(|row| row["code"] == code);
    own.map(|row| {
        let text = row["text"].as_str().expect("a text").to_string();
        assert!(!text.contains("finding-") && !text.contains('{'), "{text}");
        (text, row["entity_code"].clone())
    })
    .collect()
}

async fn what_a_report_names_is_held_against_the_list(app: &App) {
    project(app, "glemt", Some(2022), json!({ "focus_area": "potentielle" })).await;
    project(app, "dobbelt", Some(2022), json!({ "focus_area": "potentielle" })).await;
    named(app, ("focus_area", "potentielle"), 3, &["kram", "dobbelt"]).await;
    let girls = ["labstem-nord", "dobbelt", "Nordjylland brænder"];
    named(app, ("focus_area", "piger-kvinder"), 3, &girls).await;
    let only = async |code: &str| {
        let all = found(app, code).await;
        all.into_iter().map(|(_, entity)| entity).collect::<Vec<_>>()
    };
    assert_eq!(only("named_count_differs").await, ["projects"], "3 are printed, 2 named");
    assert_eq!(only("named_twice").await, ["dobbelt"]);
    let mut elsewhere = only("named_elsewhere").await;
    elsewhere.sort_by_key(ToString::to_string);
    assert_eq!(elsewhere, ["kram", "labstem-nord"]);
    assert_eq!(only("named_nowhere").await, ["glemt"]);
    let (text, _) = &found(app, "named_not_listed").await[0];
    assert!(text.contains("Nordjylland brænder"), "{text}");
    // One of a later year is in no table of an earlier, and is listed all the same.
    let rows = table(app, "consistency", "&year=2020").await;
    let not_listed = rows.iter().filter(|row| row["code"] == "named_not_listed").count();
    assert_eq!(not_listed, 1);
}

async fn names_are_checked_and_kept(app: &App) {
    let path = format!("/programmes/{}/reported-facts", app.world.nordjylland);
    let body = |projects: Value| {
        json!({
            "measure": "projects", "unit": "count", "value": 2, "source": "Statusrapport",
            "projects": projects,
        })
    };
    let put = |projects: Value| app.put(&path).by(Secretariat).json(body(projects));
    put(json!([""])).await.expect_fault("/projects/0", "length");
    put(json!(["kram", "kram"])).await.expect_fault("/projects/1", "chosen_twice");
    let fact = put(json!(["kram", "Ukendt"])).await.expect(201).json();
    assert_eq!(fact["projects"], json!(["kram", "Ukendt"]));
    put(json!(["kram", "Ukendt"])).await.expect(200);
    let rows = table(app, "reported", "").await;
    assert_eq!(rows[0]["named"], "kram|Ukendt");
}

async fn count(app: &App, organisation: Option<&str>, level: &str, year: i32, participants: i64) {
    let body = json!({
        "organisation": organisation, "period": { "calendar_year": year }, "role": "pupil",
        "education_level": level, "counting": "unique", "participants": participants,
    });
    let path = format!("/projects/{}/counts", app.world.labstem);
    app.put(&path).by(Secretariat).json(body).await.expect(201);
}

async fn partners_counts_are_held_against_the_projects(app: &App) {
    // 500 in all, of whom the two schools have 280 at stx and hf.
    count(app, None, "gymnasial", 2021, 500).await;
    count(app, Some("hjoerring-gymnasium"), "stx", 2021, 200).await;
    count(app, Some("aalborghus-gymnasium"), "stx", 2021, 80).await;
    // Nothing of another level or year is in the sum.
    count(app, Some("hjoerring-gymnasium"), "grundskole", 2021, 30).await;
    count(app, Some("hjoerring-gymnasium"), "stx", 2022, 90).await;
    let rows = table(app, "consistency", "").await;
    let own: Vec<&Value> = rows.iter().filter(|row| row["code"] == "partners_differ").collect();
    assert_eq!(own.len(), 1, "{own:?}");
    assert_eq!((&own[0]["found"], &own[0]["expected"]), (&json!(280), &json!(500)));
    let address = own[0]["address"].as_str().expect("an address");
    app.get(address).by(Secretariat).await.expect(200);
    // A school of stx that counts pupils of primary school.
    assert_eq!(found(app, "level_not_of_partner").await.len(), 1);

    count(app, None, "stx", 2022, 90).await;
    assert_eq!(found(app, "counted_twice").await.len(), 1);
    let by_2021 = table(app, "consistency", "&year=2021").await;
    assert!(by_2021.iter().all(|row| row["code"] != "counted_twice"), "that came later");
}

async fn the_same_words_are_found(app: &App) {
    let text = "Didaktik via forløb der udvikles i digitale laboratorier med nordjyske lærere fra \
                alle niveauer i uddannelsessystemet.";
    project(app, "labstem", Some(2022), json!({ "summary": text })).await;
    let robots = project(app, "rpa", Some(2022), json!({ "summary": "Kontorrobotter." })).await;
    assert_eq!(found(app, "same_words").await, []);
    let learned = "I projektet blev der udviklet i digitale laboratorier, med nordjyske lærere fra \
                   alle niveauer i uddannelsessystemet.";
    tell(app, &robots, json!({ "learnings": learned, "source_note": "Statusrapport, s. 20" }))
        .await;
    let all = found(app, "same_words").await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].1, "rpa");
}

async fn tell(app: &App, project: &str, reported: Value) {
    let body = json!({
        "kind": "final", "period": { "calendar_year": 2022 }, "reported": reported,
    });
    let path = format!("/projects/{project}/progress-reports");
    app.post(&path).by(Secretariat).json(body).await.expect(201);
}

async fn learnings_may_come_from_another_report(app: &App) {
    let done = project(app, "slut", Some(2021), json!({ "status": "completed" })).await;
    let path = format!("/projects/{done}/progress-reports");
    let body = json!({
        "kind": "final", "period": { "calendar_year": 2022 }, "reported": { "source_note": "s. 20" },
    });
    let nothing = app.post(&path).by(Secretariat).json(body).await;
    nothing.expect_fault("/reported/assessment", "required");
    tell(app, &done, json!({ "learnings": "Begynd tidligt.", "source_note": "s. 20" })).await;
    let rows = table(app, "learnings", "").await;
    assert_eq!(rows[0]["learnings"], "Begynd tidligt.");
    assert_eq!((&rows[0]["source"], &rows[0]["approved_on"]), (&json!("s. 20"), &Value::Null));
    assert_eq!(rows[0]["without_learnings"], Value::Null);
    // Nobody has agreed to it here.
    assert_eq!(found(app, "final_report_missing").await.len(), 1);
}
