//! Which rules an indicator may take answers by.

use futures_util::future::join_all;
use maaltal::surveys::tally;
use serde_json::{Value, json};

use super::shares::{change, indicator, make, rule};
use super::{class, definition, published, published_as, respond, response, token_of};
use crate::harness::{Answer, App, Persona::*};

api_tests!(
    a_share_is_held_against_per_cent_and_a_count_against_a_number,
    nobody_counts_twice,
    what_a_rule_needs_is_tallied_while_answers_come_in,
);

async fn refused(app: &App, input: Value) -> Answer {
    let path = format!("/projects/{}/indicators", app.world.labstem);
    app.post(&path).by(Secretariat).json(input).await
}

async fn a_share_is_held_against_per_cent_and_a_count_against_a_number(app: &App) {
    let at = "/survey/measure";
    let code = "measure_not_for_target";
    published(app).await;
    let mut count = rule();
    count["measure"] = "count".into();
    refused(app, indicator("x", "people", rule())).await.expect_fault(at, code);
    refused(app, indicator("x", "per cent", count.clone())).await.expect_fault(at, code);
    let mut free = indicator("fri", "people", rule());
    free["first_target"]["target"] = json!({ "shape": "none" });
    make(app, free).await;

    let made = make(app, indicator("antal", "people", Value::Null)).await;
    let path = format!("/indicators/{}", made.json()["id"].as_str().expect("an id"));
    let put = |seen: &Answer, survey: &Value| {
        app.put(&path).by(Secretariat).if_match(seen.etag()).json(change(survey.clone()))
    };
    put(&made, &rule()).await.expect_fault(at, code);
    let seen = put(&made, &count).await.expect(200);

    let revisions = format!("{path}/revisions");
    let revise = |target: Value| {
        let input = json!({ "target": target, "reason": "Nyt grundlag" });
        app.post(&revisions).by(Holder).json(input)
    };
    let percent = || json!({ "shape": "at_least_percent", "percent": 80 });
    revise(percent()).await.expect_fault(at, code);
    revise(json!({ "shape": "at_least", "minimum": 30 })).await.expect(201);
    // What waits for the secretariat would be held against it too.
    let free = make(app, indicator("senere", "per cent", Value::Null)).await;
    let later = format!("/indicators/{}", free.json()["id"].as_str().expect("an id"));
    let input = json!({ "target": { "shape": "at_least", "minimum": 30 }, "reason": "I tal" });
    app.post(&format!("{later}/revisions")).by(Holder).json(input).await.expect(201);
    let answer = app.put(&later).by(Secretariat).if_match(free.etag()).json(change(rule())).await;
    answer.expect_fault(at, code);
    put(&seen, &count).await.expect(200);
}

async fn what_a_rule_needs_is_tallied_while_answers_come_in(app: &App) {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let young = json!({ "code": "elever-10-13", "definition": definition("elever-10-13") });
    let young = published_as(app, Holder, &path, young).await;
    let old = published(app).await;
    // What the intake holds in one batch lies across both questionnaires.
    let mut links = Vec::new();
    for _ in 0..4 {
        for (place, base) in [(&old, "u_samarbejde"), (&young, "b_samarbejde")] {
            let link = app.post(&format!("{place}/links")).by(Holder).json(class()).await;
            links.push((token_of(&link.expect(201)), base));
        }
    }
    let yes = |base: &str| response(json!({ base: "ja" }));
    let responses = (0..12).flat_map(|_| &links).map(async |(token, base)| {
        respond(app, token, &yes(base)).await.expect(201);
    });
    let mut survey = rule();
    survey["questionnaires"] = json!(["elever-10-13", "elever-14-19"]);
    survey["questions"] = json!(["u_forstaaelse", "b_forstaaelse"]);
    survey["positive"] = json!(["hoej", "ja_meget"]);
    survey["base"] = json!({ "question": "u_samarbejde", "other_questions": ["b_samarbejde"],
        "options": ["ja"] });
    tokio::join!(join_all(responses), make(app, indicator("begge", "per cent", survey)));
    let differences = app.store.read(tally::verify).await.expect("a recount");
    assert_eq!(differences, []);
}

async fn nobody_counts_twice(app: &App) {
    published(app).await;
    let mut both = rule();
    both["questions"] = json!(["u_forstaaelse", "u_motivation"]);
    let answer = refused(app, indicator("begge", "per cent", both)).await;
    answer.expect_fault("/survey/questions/1", "asked_together");
}
