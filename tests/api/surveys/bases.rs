//! A base that was mistyped, put right as long as nothing is released by it.

use maaltal::surveys::{releases, tally};
use serde_json::{Value, json};

use super::results::{answered, close, results};
use super::shares::{change, indicator, make, progress, rule};
use super::{class, published};
use crate::harness::{Answer, App, Persona::*};

api_tests!(
    a_mistyped_base_is_put_right,
    a_base_is_put_right_on_a_later_day,
    what_is_released_by_a_base_keeps_it,
    a_base_that_another_indicator_has_stays,
    an_indicator_that_comes_back_has_its_base_tallied_again,
);

fn based(question: &str, option: &str) -> Value {
    let mut rule = rule();
    rule["base"] = json!({ "question": question, "options": [option] });
    rule
}

/// What was meant, and what was typed.
fn right() -> Value {
    based("u_samarbejde", "ja")
}

fn wrong() -> Value {
    based("u_samarbejde", "nej")
}

fn path(indicator: &Answer) -> String {
    format!("/indicators/{}", indicator.json()["id"].as_str().expect("an id"))
}

async fn put(app: &App, path: &str, survey: Value, retired: bool) -> Answer {
    let seen = app.get(path).by(Secretariat).await.expect(200);
    let mut input = change(survey);
    input["retired"] = retired.into();
    app.put(path).by(Secretariat).if_match(seen.etag()).json(input).await
}

async fn is_sound(app: &App) {
    assert_eq!(app.store.read(tally::verify).await.expect("a recount"), []);
    assert_eq!(app.store.read(releases::verify).await.expect("recomputed"), []);
}

async fn a_mistyped_base_is_put_right(app: &App) {
    let place = published(app).await;
    // They all worked with somebody, and none of it is released.
    let link = answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await;
    let made = make(app, indicator("med-grundlag", "per cent", wrong())).await;
    is_sound(app).await;
    put(app, &path(&made), based("u_niveau", "hoej"), false).await.expect(200);
    is_sound(app).await;
    put(app, &path(&made), right(), false).await.expect(200);
    is_sound(app).await;
    close(app, &link).await;
    let found = progress(app, "med-grundlag", "").await;
    let answers = json!({ "numerator": 12, "denominator": 20, "missing": 0,
        "on_paper": 0, "held_back": 0 });
    assert_eq!(found["answers"], answers, "{found}");
    is_sound(app).await;
}

async fn a_base_is_put_right_on_a_later_day(app: &App) {
    let place = published(app).await;
    let link = answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await;
    let made = make(app, indicator("med-grundlag", "per cent", wrong())).await;
    let day = app.clock.now().day();
    let then = progress(app, "med-grundlag", "").await;
    app.clock.advance(86_400);
    // What it counts is not put right by that.
    let mut other = right();
    other["positive"] = json!(["hoej"]);
    let refused = put(app, &path(&made), other, false).await;
    refused.expect_problem(409, "indicator-has-past");
    put(app, &path(&made), rule(), false).await.expect_problem(409, "indicator-has-past");
    put(app, &path(&made), right(), false).await.expect(200);
    let as_of = progress(app, "med-grundlag", &format!("?as_of={day}")).await;
    assert_eq!((&as_of["state"], &as_of["answers"]), (&then["state"], &then["answers"]));
    close(app, &link).await;
    assert_eq!(progress(app, "med-grundlag", "").await["actual"], 60);
    is_sound(app).await;
    put(app, &path(&made), wrong(), false).await.expect_problem(409, "indicator-has-past");
}

async fn what_is_released_by_a_base_keeps_it(app: &App) {
    let place = published(app).await;
    let made = make(app, indicator("med-grundlag", "per cent", wrong())).await;
    // One release by the typed base is enough, though nobody was in it.
    answered(app, &place, class(), &[("hoej", 6)]).await;
    results(app, Holder, &format!("{place}/results")).await;
    let refused = put(app, &path(&made), right(), false).await;
    let refused = refused.expect_problem(409, "crossed-otherwise");
    let detail = refused.json()["detail"].as_str().expect("why").to_string();
    assert!(detail.contains("released") || detail.contains("frigivet"), "{detail}");
    // Nor by another one, when this one is retired.
    put(app, &path(&made), wrong(), true).await.expect(200);
    let indicators = format!("/projects/{}/indicators", app.world.labstem);
    let input = indicator("andet", "per cent", right());
    let refused = app.post(&indicators).by(Secretariat).json(input).await;
    refused.expect_problem(409, "crossed-otherwise");
    is_sound(app).await;
}

async fn a_base_that_another_indicator_has_stays(app: &App) {
    let place = published(app).await;
    answered(app, &place, class(), &[("hoej", 4)]).await;
    let first = make(app, indicator("et", "per cent", wrong())).await;
    let second = make(app, indicator("to", "per cent", wrong())).await;
    let refused = put(app, &path(&first), right(), false).await;
    refused.expect_problem(409, "crossed-otherwise");
    is_sound(app).await;
    // Both are put right one after the other, the first while it is retired.
    put(app, &path(&first), right(), true).await.expect(200);
    put(app, &path(&second), right(), false).await.expect(200);
    put(app, &path(&first), right(), false).await.expect(200);
    is_sound(app).await;
}

async fn an_indicator_that_comes_back_has_its_base_tallied_again(app: &App) {
    let place = published(app).await;
    let link = answered(app, &place, class(), &[("hoej", 4)]).await;
    let made = make(app, indicator("et", "per cent", right())).await;
    put(app, &path(&made), right(), true).await.expect(200);
    // Nobody has it, so that another may have another.
    let other = make(app, indicator("to", "per cent", wrong())).await;
    let back = put(app, &path(&made), right(), false).await;
    back.expect_problem(409, "crossed-otherwise");
    put(app, &path(&other), wrong(), true).await.expect(200);
    super::results::answer(app, &link, &[("hoej", 8), ("nogen", 8)]).await;
    put(app, &path(&made), right(), false).await.expect(200);
    is_sound(app).await;
    close(app, &link).await;
    let found = progress(app, "et", "").await;
    assert_eq!(found["answers"]["denominator"], 20, "{found}");
}
