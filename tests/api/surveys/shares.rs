//! Indicators that take shares and counts of positive answers.

use maaltal::surveys::{releases, tally};
use serde_json::{Value, json};

use super::results::{answered, close, of_school, results};
use super::{class, definition, id_of, published, published_as, respond, response, token_of};
use crate::harness::{Answer, App, Persona::*};

api_tests!(
    dont_know_is_in_the_base_unless_said_otherwise,
    positives_can_be_counted,
    questionnaires_for_ages_add_up,
    few_answers_are_suppressed_in_progress,
    what_it_takes_does_not_rewrite_the_past,
    a_base_named_later_holds_from_then_on,
    a_question_has_one_base,
);

pub fn rule() -> Value {
    json!({
        "questionnaires": ["elever-14-19"], "questions": ["u_forstaaelse"],
        "positive": ["meget_hoej", "hoej"],
    })
}

pub fn indicator(code: &str, unit: &str, survey: Value) -> Value {
    let target = match unit {
        "per cent" => json!({ "shape": "at_least_percent", "percent": 80 }),
        _ => json!({ "shape": "at_least", "minimum": 45 }),
    };
    json!({
        "code": code, "title": "Udbytte", "level": "outcome", "unit": unit, "source": "survey",
        "survey": survey, "first_target": { "target": target },
    })
}

pub async fn make(app: &App, input: Value) -> Answer {
    let path = format!("/projects/{}/indicators", app.world.labstem);
    app.post(&path).by(Secretariat).json(input).await.expect(201)
}

pub async fn progress(app: &App, code: &str, query: &str) -> Value {
    let path = format!("/projects/{}/progress{query}", app.world.labstem);
    let seen = results(app, Holder, &path).await;
    let all = seen["indicators"].as_array().expect("indicators");
    all.iter().find(|one| one["indicator"]["code"] == code).expect("the indicator").clone()
}

async fn dont_know_is_in_the_base_unless_said_otherwise(app: &App) {
    let place = published(app).await;
    let given = [("hoej", 12), ("nogen", 4), ("ved_ikke", 4)];
    let link = answered(app, &place, class(), &given).await;
    close(app, &link).await;
    let mut without = rule();
    without["include_dont_know"] = false.into();
    make(app, indicator("med", "per cent", rule())).await;
    make(app, indicator("uden", "per cent", without)).await;
    let with = progress(app, "med", "").await;
    assert_eq!(
        with["answers"],
        json!({ "numerator": 12, "denominator": 20, "missing": 0,
        "on_paper": 0, "held_back": 0 })
    );
    assert_eq!((&with["actual"], &with["state"]), (&json!(60), &json!("below")));
    let without = progress(app, "uden", "").await;
    assert_eq!(
        without["answers"],
        json!({ "numerator": 12, "denominator": 16, "missing": 0,
        "on_paper": 0, "held_back": 0 })
    );
    assert_eq!(without["actual"], 75);
}

async fn positives_can_be_counted(app: &App) {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let input = json!({ "code": "undervisere", "definition": definition("undervisere") });
    let place = published_as(app, Holder, &path, input).await;
    let asked = definition("undervisere")["questions"][0].clone();
    let options = asked["options"].as_array().expect("options").clone();
    let code = |positive: bool| {
        let is = |option: &&Value| option["positive"].as_bool().unwrap_or(false) == positive;
        options.iter().find(is).expect("an option")["code"].as_str().expect("a code").to_string()
    };
    let link = answered(app, &place, class(), &[]).await;
    for (option, times) in [(code(true), 46), (code(false), 10)] {
        for _ in 0..times {
            let given = json!({ "t_kompetencer": option });
            respond(app, &token_of(&link), &response(given)).await.expect(201);
        }
    }
    close(app, &link).await;
    let survey = json!({
        "questionnaires": ["undervisere"], "questions": ["t_kompetencer"],
        "positive": [code(true)], "measure": "count",
    });
    make(app, indicator("undervisere", "people", survey)).await;
    let found = progress(app, "undervisere", "").await;
    assert_eq!((&found["actual"], &found["state"]), (&json!(46), &json!("exceeded")), "{found}");
    assert_eq!(found["answers"]["denominator"], 56);
}

async fn questionnaires_for_ages_add_up(app: &App) {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let old = published(app).await;
    let young = json!({ "code": "elever-10-13", "definition": definition("elever-10-13") });
    let young = published_as(app, Holder, &path, young).await;
    let survey = json!({
        "questionnaires": ["elever-14-19", "elever-10-13"],
        "questions": ["u_forstaaelse", "b_forstaaelse"],
        "positive": ["meget_hoej", "hoej", "ja_meget", "ja_lidt"],
        "base": { "question": "u_samarbejde", "other_questions": ["b_samarbejde"],
            "options": ["ja"] },
    });
    let mut wrong = survey.clone();
    wrong["base"]["other_questions"] = json!(["c_samarbejde"]);
    let indicators = format!("/projects/{}/indicators", app.world.labstem);
    let refused = app.post(&indicators).by(Secretariat).json(indicator("x", "per cent", wrong));
    refused.await.expect_fault("/survey/base/other_questions/0", "unknown_subject");
    make(app, indicator("begge", "per cent", survey)).await;
    let one = answered(app, &old, class(), &[("hoej", 9), ("nogen", 6)]).await;
    let other = answered(app, &young, class(), &[]).await;
    for (base, option, times) in
        [("ja", "ja_meget", 12), ("ja", "nej", 3), ("nej", "ja_meget", 5), ("nej", "nej", 6)]
    {
        for _ in 0..times {
            let given = json!({ "b_samarbejde": base, "b_forstaaelse": option });
            respond(app, &token_of(&other), &response(given)).await.expect(201);
        }
    }
    close(app, &one).await;
    close(app, &other).await;
    let found = progress(app, "begge", "").await;
    let answers = json!({ "numerator": 21, "denominator": 30, "missing": 0,
        "on_paper": 0, "held_back": 0 });
    assert_eq!((&found["answers"], &found["actual"]), (&answers, &json!(70)), "{found}");
}

async fn few_answers_are_suppressed_in_progress(app: &App) {
    let place = published(app).await;
    make(app, indicator("forstaaelse", "per cent", rule())).await;
    let found = progress(app, "forstaaelse", "").await;
    assert_eq!(found["state"], "no_data");
    let link = answered(app, &place, class(), &[("hoej", 2), ("nogen", 1)]).await;
    close(app, &link).await;
    let found = progress(app, "forstaaelse", "").await;
    assert_eq!((&found["state"], &found["actual"]), (&json!("suppressed"), &Value::Null));
    assert_eq!((&found["answers"], &found["remaining"]), (&Value::Null, &Value::Null));
    let table = || async {
        let path = format!("/programmes/{}/exports/progress", app.world.nordjylland);
        let text = app.get(&path).by(Reader).await.expect(200).text();
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_string));
        let header: Vec<String> = lines.next().expect("a header").collect();
        let row: Vec<String> =
            lines.map(Vec::from_iter).find(|row| row[2] == "forstaaelse").expect("the indicator");
        header.into_iter().zip(row).collect::<std::collections::BTreeMap<_, _>>()
    };
    app.clock.advance(1);
    let row = table().await;
    assert_eq!((row["state"].as_str(), row["actual"].as_str()), ("suppressed", ""), "{row:?}");
    let more = answered(app, &place, of_school("aalborghus-gymnasium"), &[("hoej", 9)]).await;
    respond(app, &token_of(&more), &response(json!({ "u_samarbejde": "ja" }))).await.expect(201);
    for _ in 0..3 {
        respond(app, &token_of(&more), &response(super::results::answers("nogen"))).await;
    }
    close(app, &more).await;
    app.clock.advance(1);
    let row = table().await;
    for (name, is) in [
        ("actual", "75"),
        ("positive", "9"),
        ("base", "12"),
        ("missing", "1"),
        ("state", "below"),
        ("on_paper", "0"),
        ("held_back", "3"),
    ] {
        assert_eq!(row[name], is, "{name}: {row:?}");
    }
    let paper = app.post(&format!("{place}/links")).by(Holder).json(class()).await.expect(201);
    let sheets = json!({ "sheets": 10, "questions": [
        { "question": "u_forstaaelse", "counts": { "hoej": 6, "nogen": 3 } },
    ]});
    let put = format!("/links/{}/paper", id_of(&paper));
    app.put(&put).by(Holder).json(sheets).await.expect(200);
    close(app, &paper).await;
    app.clock.advance(1);
    let row = table().await;
    for (name, is) in [("positive", "15"), ("base", "21"), ("on_paper", "10"), ("held_back", "3")] {
        assert_eq!(row[name], is, "{name}: {row:?}");
    }
}

pub fn change(survey: Value) -> Value {
    json!({
        "title": "Udbytte", "level": "outcome", "unit": "per cent", "survey": survey,
        "position": 1, "retired": false,
    })
}

async fn what_it_takes_does_not_rewrite_the_past(app: &App) {
    let place = published(app).await;
    let link = answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await;
    close(app, &link).await;
    let made = make(app, indicator("forstaaelse", "per cent", Value::Null)).await;
    let path = format!("/indicators/{}", made.json()["id"].as_str().expect("an id"));
    let today = app.clock.now().day();
    app.clock.advance(86_400);
    // What was not said yet may be said later, for the days from then on.
    let put = |seen: &Answer, survey: Value| {
        app.put(&path).by(Secretariat).if_match(seen.etag()).json(change(survey))
    };
    let seen = put(&made, rule()).await.expect(200);
    assert_eq!(progress(app, "forstaaelse", "").await["actual"], 60);
    let then = progress(app, "forstaaelse", &format!("?as_of={today}")).await;
    assert_eq!((&then["actual"], &then["state"]), (&Value::Null, &json!("no_data")));
    // On the same day it may be put right.
    let mut other = rule();
    other["positive"] = json!(["nogen"]);
    let seen = put(&seen, other.clone()).await.expect(200);
    assert_eq!(progress(app, "forstaaelse", "").await["actual"], 40);
    app.clock.advance(86_400);
    put(&seen, rule()).await.expect_problem(409, "indicator-has-past");
    put(&seen, Value::Null).await.expect_problem(409, "indicator-has-past");
    put(&seen, other).await.expect(200);
}

async fn a_base_named_later_holds_from_then_on(app: &App) {
    let place = published(app).await;
    let early = answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await;
    close(app, &early).await;
    let open = answered(app, &place, class(), &[("hoej", 7)]).await;
    let mut with_base = rule();
    with_base["base"] = json!({ "question": "u_samarbejde", "options": ["ja"] });
    make(app, indicator("med-grundlag", "per cent", with_base)).await;
    // All tallies are recounted, and what was released before stays as it was released.
    let differences = app.store.read(tally::verify).await.expect("a recount");
    assert_eq!(differences, []);
    let found = progress(app, "med-grundlag", "").await;
    assert_eq!(found["state"], "suppressed", "{found}");
    super::results::answer(app, &open, &[("nogen", 5)]).await;
    close(app, &open).await;
    let found = progress(app, "med-grundlag", "").await;
    let answers = json!({ "numerator": 7, "denominator": 12, "missing": 0,
        "on_paper": 0, "held_back": 20 });
    assert_eq!(found["answers"], answers, "those who answered before it was named too: {found}");
    let wrong = app.store.read(releases::verify).await.expect("recomputed");
    assert_eq!(wrong, []);
}

async fn a_question_has_one_base(app: &App) {
    published(app).await;
    let based = |question: &str, base: &str, option: &str| {
        let mut rule = rule();
        rule["questions"] = json!([question]);
        if question == "u_samarbejde" {
            rule["positive"] = json!(["ja"]);
        }
        rule["base"] = json!({ "question": base, "options": [option] });
        rule
    };
    make(app, indicator("a-1", "per cent", based("u_forstaaelse", "u_samarbejde", "ja"))).await;
    // Another question with the same base, and the question as it is, do no harm.
    make(app, indicator("a-2", "per cent", based("u_niveau", "u_samarbejde", "ja"))).await;
    make(app, indicator("a-3", "per cent", rule())).await;
    let path = format!("/projects/{}/indicators", app.world.labstem);
    for (code, rule) in [
        ("b-1", based("u_forstaaelse", "u_samarbejde", "nej")),
        ("b-2", based("u_forstaaelse", "u_niveau", "hoej")),
        // Who worked with somebody is what the question is told apart by.
        ("b-3", based("u_samarbejde", "u_forstaaelse", "hoej")),
    ] {
        let refused = app.post(&path).by(Secretariat).json(indicator(code, "per cent", rule)).await;
        refused.expect_problem(409, "crossed-otherwise");
    }
}
