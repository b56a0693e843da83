//! Files that are taken in.

mod excel;
mod kinds;
mod large;

use serde_json::{Value, json};

use crate::harness::{Answer, App, Persona, Persona::*};

api_tests!(
    a_danish_file_is_tried_then_applied_then_unchanged,
    all_errors_are_told_by_row_column_and_value,
    the_file_comes_back_with_an_error_column,
    an_unknown_column_is_named,
    rows_of_others_are_errors,
    an_export_is_imported_again_unchanged,
);

const DANISH: &str = "\
Projekt;Organisation;Periode;Rolle;Uddannelsesniveau;Tælling;Antal;Kvinder;Bemærkning\r
LabSTEM Nord;Hjørring Gymnasium;2022/23;Underviser;STX;unikke deltagere;5;3;'=se \"bilag\"\r
kram;;2022;Elev;Grundskole;deltagelser;300,0;;\r
";

fn path(app: &App, dry_run: bool) -> String {
    format!("/programmes/{}/imports?kind=participation&dry_run={dry_run}", app.world.nordjylland)
}

async fn sent(app: &App, persona: Persona, text: &str, dry_run: bool) -> Answer {
    app.post(&path(app, dry_run)).by(persona).body("text/csv", text).await
}

async fn report(app: &App, persona: Persona, text: &str, dry_run: bool) -> Value {
    sent(app, persona, text, dry_run).await.expect(200).json()
}

/// applied, created, corrected, unchanged, errors
fn in_short(report: &Value) -> [Value; 5] {
    ["applied", "created", "corrected", "unchanged", "error_count"].map(|name| report[name].clone())
}

fn told(report: &Value) -> Vec<(i64, &str, &str)> {
    let errors = report["errors"].as_array().expect("errors");
    let one = |error: &'_ Value| error["row"].as_i64().expect("a row");
    errors
        .iter()
        .map(|error| {
            let column = error["column"].as_str().unwrap_or_default();
            (one(error), column, error["code"].as_str().expect("a code"))
        })
        .collect()
}

async fn a_danish_file_is_tried_then_applied_then_unchanged(app: &App) {
    let tried = report(app, Secretariat, DANISH, true).await;
    assert_eq!(in_short(&tried), [json!(false), json!(2), json!(0), json!(0), json!(0)]);
    let applied = report(app, Secretariat, DANISH, false).await;
    assert_eq!(in_short(&applied), [json!(true), json!(2), json!(0), json!(0), json!(0)]);
    let again = report(app, Secretariat, &DANISH.replace("300,0", "320"), false).await;
    assert_eq!(in_short(&again), [json!(true), json!(0), json!(1), json!(1), json!(0)]);

    let counts = app.get(&format!("/projects/{}/counts", app.world.labstem)).by(Holder).await;
    let count = counts.expect(200).json()["items"][0].clone();
    assert_eq!(count["note"], "=se \"bilag\"");
    assert_eq!(
        (&count["period_start"], &count["education_level"]),
        (&json!("2022-08-01"), &json!("stx"))
    );
    let log = app.get(&format!("/programmes/{}/imports", app.world.nordjylland));
    let log = log.by(Reader).await.expect(200).json();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(log["items"][0]["corrected"], 1);
}

const WRONG: &str = "\
project,organisation,period_start,period_end,participant_role,counting,participants,women
kram,aalborg,2022-01-01,31-12-2021,elever,unique,1.265,x
makerspace,,2022-13-01,2022-12-31,,many,,

kram,,2022-01-01,2022-12-31,pupil,unique,5
kram,,2022-01-01,2022-12-31,pupil,unique,5,6
kram,,2021-01-01,2021-12-31,pupil,unique,5,5
kram,,2021-12-01,2022-01-31,pupil,unique,5,5
";

async fn all_errors_are_told_by_row_column_and_value(app: &App) {
    let report = report(app, Secretariat, WRONG, false).await;
    assert_eq!(report["applied"], false);
    assert_eq!(
        told(&report),
        [
            (2, "participants", "not_a_figure"),
            (2, "women", "not_a_figure"),
            (2, "organisation", "unknown_organisation"),
            (2, "period_end", "period_backwards"),
            (2, "participant_role", "unknown_code"),
            (3, "project", "unknown_project"),
            (3, "participant_role", "required"),
            (3, "participants", "required"),
            (3, "period_start", "not_a_day"),
            (3, "counting", "unknown_counting"),
            (5, "", "cells"),
            (6, "participants", "gender_sum"),
            (8, "period_start", "overlap"),
        ]
    );
    assert_eq!(report["errors"][0]["value"], "1.265");
    let counts = app.get(&format!("/projects/{}/counts", app.world.kram)).by(Secretariat).await;
    assert_eq!(counts.expect(200).json()["items"], json!([]));
}

async fn the_file_comes_back_with_an_error_column(app: &App) {
    let text = "projekt;periode;rolle;tælling;antal;note\r\nkram;2022;Elev;unikke;mange;=1+1\r\n\
                kram;2021;Elev;unikke;5;-5\r\n";
    let call = app.post(&path(app, false)).by(Secretariat).body("text/csv", text);
    let answer =
        call.header("Accept", "text/csv").header("Accept-Language", "en").await.expect(200);
    assert_eq!(answer.header("maaltal-applied"), Some("false"));
    assert_eq!(
        answer.text(),
        "projekt;periode;rolle;tælling;antal;note;error\r\n\
         kram;2022;Elev;unikke;mange;'=1+1;[antal] “mange” is not a whole number. Write it without a \
         thousands separator.\r\n\
         kram;2021;Elev;unikke;5;-5;\r\n"
    );
}

async fn an_unknown_column_is_named(app: &App) {
    let text = "projekt;periode;rolle;tælling;antal;skole\nkram;2022;Elev;unikke;5;x\n";
    let unknown = report(app, Secretariat, text, true).await;
    assert_eq!(told(&unknown), [(1, "skole", "unknown_column")]);
    let empty = report_of_nothing(app).await;
    assert_eq!(told(&empty), [(1, "", "empty_file")]);
    let cut = report(app, Secretariat, "projekt;periode;rolle;tælling;antal\n", false).await;
    assert_eq!((told(&cut), cut["applied"].as_bool()), (vec![(1, "", "no_rows")], Some(false)));
}

async fn report_of_nothing(app: &App) -> Value {
    report(app, Secretariat, "\n", true).await
}

async fn rows_of_others_are_errors(app: &App) {
    for persona in [Holder, Contributor] {
        let report = report(app, persona, DANISH, true).await;
        assert_eq!(told(&report), [(3, "Projekt", "unknown_project")]);
    }
    let own = DANISH.lines().take(2).map(|line| format!("{line}\r\n")).collect::<String>();
    assert_eq!(report(app, Contributor, &own, false).await["applied"], true);
    let other = own.replace("Hjørring Gymnasium", "Aalborghus Gymnasium");
    let report = report(app, Contributor, &other, false).await;
    assert_eq!(told(&report), [(2, "Organisation", "other_organisation")]);
    sent(app, Reader, &own, true).await.expect_problem(403, "counters-only");
    sent(app, OtherSecretariat, &own, true).await.expect_problem(404, "not-found");
}

async fn an_export_is_imported_again_unchanged(app: &App) {
    assert_eq!(report(app, Secretariat, DANISH, false).await["applied"], true);
    let total = json!({
        "organisation": "hjoerring-gymnasium", "period": { "end": "2024-07-31" },
        "role": "teacher", "education_level": "stx", "counting": "unique",
        "participants": 9, "so_far": true, "note": "-1, =x\n'@y",
    });
    let counts = format!("/projects/{}/counts", app.world.labstem);
    app.clock.advance(400 * 86_400);
    app.put(&counts).by(Secretariat).json(total).await.expect(201);
    for dialect in ["rfc4180", "dk-excel"] {
        let export = format!(
            "/programmes/{}/exports/participation?dialect={dialect}",
            app.world.nordjylland
        );
        let file = app.get(&export).by(Secretariat).await.expect(200).text();
        let again = report(app, Secretariat, &file, false).await;
        assert_eq!(
            in_short(&again),
            [json!(true), json!(0), json!(0), json!(3), json!(0)],
            "{again:#}\n{file}"
        );
    }
}
