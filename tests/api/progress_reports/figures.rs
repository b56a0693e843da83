//! What a report's figures are, what they suggest, and what people say beside it.

use serde_json::{Value, json};

use super::{Report, count, define, faults, put_count, teachers, teachers_in};
use crate::harness::{App, Persona::*};
use crate::surveys::results::{answered, close};
use crate::surveys::shares::{indicator, make, rule};
use crate::surveys::{class, published};

api_tests!(
    who_differs_says_why,
    figures_are_those_of_the_period,
    the_suggestion_names_its_reasons,
    answers_are_releases_and_never_locked,
);

async fn who_differs_says_why(app: &App) {
    let indicator = teachers(app).await;
    count(app, 2022, 45).await.expect(201);
    let mut report = Report::requested(app).await;
    assert_eq!(report.seen(app, Holder).await["suggested_assessment"], "good");
    let mut written = json!({
        "narrative": "Laboratoriet kom i gang", "assessment": "acceptable",
        "indicators": [{ "indicator_id": indicator, "assessment": "slow" }],
    });
    report.write(app, written.clone()).await;
    let why = report.call(app, "submit", Holder, None).await.expect(422).json();
    assert_eq!(
        faults(&why),
        [
            "/assessment_comment differs_without_comment",
            "/indicators/0/comment differs_without_comment"
        ]
    );
    written["assessment_comment"] = json!("Lærerne kom sent i gang");
    written["indicators"][0]["comment"] = json!("De fleste først i december");
    report.write(app, written).await;
    report.step(app, "submit", Holder, None).await;
    // The secretariat differs from the holder, and says why too.
    let approval = json!({ "assessment": "good" });
    let why = report.call(app, "approve", Secretariat, Some(approval)).await.expect(422).json();
    assert_eq!(faults(&why), ["/comment differs_without_comment"]);
    let approval = json!({ "assessment": "good", "comment": "Målet er nået" });
    let seen = report.step(app, "approve", Secretariat, Some(approval)).await;
    assert_eq!(
        (&seen["proposed_assessment"], &seen["assessment"]),
        (&json!("acceptable"), &json!("good"))
    );
    assert_eq!(seen["decision_comment"], "Målet er nået");
}

async fn figures_are_those_of_the_period(app: &App) {
    teachers(app).await;
    let camps = json!({
        "code": "camps", "title": "Camps", "level": "output", "unit": "camps", "source": "manual",
        "first_target": { "target": { "shape": "at_least", "minimum": 4 } },
    });
    let camps = define(app, camps).await;
    let value = async |day: &str, figure: i64| {
        let path = format!("/indicators/{camps}/values");
        app.put(&path).by(Holder).json(json!({ "on_date": day, "figure": figure })).await
    };
    count(app, 2021, 10).await.expect(201);
    value("2022-06-30", 1).await.expect(201);
    // A school year that goes on into the next year is in it as a whole.
    let school_year = json!({ "start": "2022-08-01", "end": "2023-07-31" });
    put_count(app, Holder, teachers_in(school_year, 20)).await.expect(201);
    let report = Report::submitted(app).await;
    // These belong to the next report, and are no corrections.
    value("2023-01-31", 2).await.expect(201);
    let later = json!({
        "period": { "start": "2023-01-01", "end": "2023-01-31" }, "role": "teacher",
        "counting": "unique", "participants": 7,
    });
    put_count(app, Holder, later).await.expect(201);
    let seen = report.seen(app, Secretariat).await;
    assert_eq!(seen["figures_by"], "2022-12-31");
    assert_eq!(
        (&seen["indicators"][0]["actual"], &seen["indicators"][1]["actual"]),
        (&json!(30), &json!(1))
    );
    assert_eq!(seen["changes"], json!([]));
    // A target that is lowered from the start is one.
    let teachers = seen["indicators"][0]["indicator_id"].as_str().expect("an id");
    let lowered = json!({
        "target": { "shape": "at_least", "minimum": 30 }, "reason": "Fire skoler i stedet for seks",
    });
    let path = format!("/indicators/{teachers}/revisions");
    app.post(&path).by(Secretariat).json(lowered).await.expect(201);
    let changes = report.seen(app, Secretariat).await["changes"].clone();
    assert_eq!(changes[0]["target_then"]["minimum"], 45);
    assert_eq!((&changes[0]["target_now"]["minimum"], &changes[1]), (&json!(30), &Value::Null));
}

async fn the_suggestion_names_its_reasons(app: &App) {
    teachers(app).await;
    let project = json!({
        "code": "labstem-nord", "title": "LabSTEM Nord", "holder": "aalborg-universitet",
        "status": "ongoing", "period_start": "2021", "period_end": "2022",
        "partners": ["hjoerring-gymnasium"],
    });
    let path = format!("/projects/{}", app.world.labstem);
    app.put(&path).by(Secretariat).if_match("\"1\"").json(project).await.expect(200);
    count(app, 2022, 30).await.expect(201);
    let report = Report::requested(app).await;
    let seen = report.seen(app, Holder).await;
    assert_eq!(seen["suggested_assessment"], "slow");
    let first = &seen["indicators"][0];
    assert_eq!(first["suggestion"], "30 of 45: far from the target.");
    assert_eq!(
        seen["suggestion_reasons"],
        json!(["“Undervisere”: 30 of 45: far from the target."])
    );
    let danish = app.get(&report.path).by(Holder).await.expect(200).json();
    assert_eq!(danish["indicators"][0]["suggestion"], "30 af 45: langt fra målet.");
    assert_eq!(
        danish["suggestion"],
        "Målene: 0 går godt, 0 acceptabelt og 1 langsomt. Tal, der mangler: 0. Kan endnu ikke \
         vurderes: 0."
    );
}

/// What is frozen is what was released: what is hidden is not in it, and counts against nobody.
async fn answers_are_releases_and_never_locked(app: &App) {
    let place = published(app).await;
    let few = answered(app, &place, class(), &[("nogen", 4)]).await;
    close(app, &few).await;
    make(app, indicator("udbytte", "per cent", rule())).await;
    let hidden = Report::requested(app).await.seen(app, Holder).await;
    let share = &hidden["indicators"][0];
    assert_eq!((&share["state"], &share["actual"]), (&json!("suppressed"), &Value::Null));
    assert_eq!((&share["answers"], &share["suggested_assessment"]), (&Value::Null, &Value::Null));
    assert_eq!(hidden["suggested_assessment"], Value::Null);

    let more = answered(app, &place, class(), &[("hoej", 14), ("nogen", 2)]).await;
    close(app, &more).await;
    let id = hidden["id"].as_str().expect("an id");
    let mut report = Report { path: format!("/progress-reports/{id}"), version: 1 };
    report.write(app, json!({ "narrative": "Forløb", "assessment": "good" })).await;
    report.step(app, "submit", Holder, None).await;
    let approval = json!({ "assessment": "good" });
    let frozen = report.step(app, "approve", Secretariat, Some(approval)).await;
    let answers = frozen["indicators"][0]["answers"].clone();
    // The four are still hidden.
    assert_eq!((&answers["numerator"], &answers["denominator"]), (&json!(14), &json!(16)));
    // A class that answers later is let in; the report stays, and this is no correction of it.
    let later = answered(app, &place, class(), &[("nogen", 15)]).await;
    close(app, &later).await;
    let seen = report.seen(app, Reader).await;
    assert_eq!((&seen["indicators"][0]["answers"], &seen["changes"]), (&answers, &json!([])));
}
