//! Tables of what was answered: every face shows what is due, and all say the same.

use serde_json::{Value, json};

use super::{assert_files_agree, csv_rows, table};
use crate::harness::{App, Persona::*};
use crate::surveys::results::{answered, close, of_school, results};
use crate::surveys::{class, definition, published, published_as};

api_tests!(
    whoever_looks_first_sees_what_is_due,
    tables_of_answers_say_the_same_in_every_file,
    a_machine_sees_what_is_due_and_nobody_else_releases,
);

/// How many responses are released; asking as of a day releases nothing.
async fn released(app: &App, place: &str) -> i64 {
    let today = app.clock.now().day();
    let seen = results(app, Holder, &format!("{place}/results?as_of={today}")).await;
    seen["responses"][0]["responses"].as_i64().expect("a figure")
}

async fn whoever_looks_first_sees_what_is_due(app: &App) {
    let programme = app.world.nordjylland;
    let place = published(app).await;
    for face in [
        "tables/progress",
        "tables/core_results",
        "exports/survey_indicators",
        "exports/response_rates",
        "workbook",
        "report",
        "report/consistency",
    ] {
        let before = released(app, &place).await;
        answered(app, &place, class(), &[("hoej", 8), ("nogen", 4)]).await;
        assert_eq!(released(app, &place).await, before, "nobody has looked");
        app.get(&format!("/programmes/{programme}/{face}")).by(Reader).await.expect(200);
        assert_eq!(released(app, &place).await, before + 12, "{face}");
    }
}

/// Tables without answers leave them where they are, and so does who may not look.
async fn a_machine_sees_what_is_due_and_nobody_else_releases(app: &App) {
    let programme = app.world.nordjylland;
    let place = published(app).await;
    answered(app, &place, class(), &[("hoej", 12)]).await;
    let today = app.clock.now().day();
    for face in ["tables/projects".to_string(), format!("workbook?as_of={today}")] {
        app.get(&format!("/programmes/{programme}/{face}")).by(Reader).await.expect(200);
    }
    app.get(&format!("/programmes/{programme}/workbook")).by(Contributor).await;
    app.get(&format!("/programmes/{programme}/tables/progress")).by(Holder).await;
    assert_eq!(released(app, &place).await, 0);
}

/// A core question that was asked before and after, of two schools, and answers to each.
async fn asked_before_and_after(app: &App) {
    let mut asked = definition("elever-14-19");
    let bank = format!("/programmes/{}/core-questions", app.world.nordjylland);
    let core = asked["questions"][1].clone();
    app.post(&bank).by(Secretariat).json(json!({ "question": core })).await.expect(201);
    asked["questions"][1]["core"] = "u_forstaaelse".into();
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let input = json!({ "code": "kerne", "definition": asked });
    let place = published_as(app, Holder, &path, input).await;
    for (school, wave, high) in [
        ("hjoerring-gymnasium", "before", 5),
        ("hjoerring-gymnasium", "after", 12),
        ("aalborghus-gymnasium", "after", 3),
    ] {
        let mut input = of_school(school);
        input["wave"] = wave.into();
        // The last is too few to be shown.
        let low = if high == 3 { 0 } else { 8 };
        let link = answered(app, &place, input, &[("hoej", high), ("nogen", low)]).await;
        close(app, &link).await;
    }
    // Releases of one moment stand a little after each other.
    app.clock.advance(1);
}

async fn tables_of_answers_say_the_same_in_every_file(app: &App) {
    asked_before_and_after(app).await;
    for name in
        ["results", "codebook", "core_results", "changes", "response_rates", "core_questions"]
    {
        let rows = table(app, name, "").await;
        assert!(!rows.is_empty(), "{name}");
        let files = (csv_rows(app, name, "rfc4180").await, csv_rows(app, name, "dk-excel").await);
        let catalogue = app.get(&format!("/programmes/{}/tables", app.world.nordjylland));
        let catalogue = catalogue.by(Reader).await.expect(200).json();
        assert_files_agree(&catalogue, name, &rows, &files.0, &files.1);
    }
    let of = |rows: Vec<Value>, option: &str, kind: &str| -> Vec<Value> {
        rows.into_iter()
            .filter(|row| row["option"] == option && row["group_kind"] == kind)
            .collect()
    };
    let core = of(table(app, "core_results", "").await, "hoej", "whole");
    assert_eq!(core.len(), 1, "{core:?}");
    assert_eq!((&core[0]["count"], &core[0]["n"]), (&json!(17), &json!(33)));
    assert_eq!((&core[0]["share"], &core[0]["held_back"]), (&json!(51.5), &json!(3)));
    let changes = of(table(app, "changes", "").await, "hoej", "whole");
    let of_core = changes.iter().find(|row| row["questionnaire"].is_null()).expect("of the core");
    // 5 of 13 before, 12 of 20 after.
    assert_eq!((&of_core["before_share"], &of_core["after_share"]), (&json!(38.5), &json!(60)));
    assert_eq!((&of_core["before_n"], &of_core["after_n"]), (&json!(13), &json!(20)));
    let rates = table(app, "response_rates", "").await;
    let whole = rates.iter().find(|row| row["group_kind"] == "whole").expect("a whole");
    assert_eq!((&whole["responses"], &whole["of_classes_n"]), (&json!(36), &json!(72)));
}
