//! Releases and results: what is shown, what is hidden, and to whom.

use serde_json::{Value, json};

use super::{class, id_of, published, respond, response, token_of};
use crate::harness::{Answer, App, Persona, Persona::*};

api_tests!(
    answers_come_out_at_closing_and_not_before,
    an_open_link_shows_no_difference_of_few,
    a_small_class_is_suppressed_and_an_unasked_one_is_empty,
    before_is_held_against_after,
    a_hidden_wave_has_no_difference,
    who_sees_which_results,
    results_stand_as_of_a_day,
    tables_hold_what_is_released,
    an_indicator_takes_its_share_from_answers,
);

pub fn answers(understands: &str) -> Value {
    json!({ "u_samarbejde": "ja", "u_forstaaelse": understands })
}

/// A link of a questionnaire, answered so often so.
pub async fn answered(app: &App, place: &str, input: Value, given: &[(&str, usize)]) -> Answer {
    let link = app.post(&format!("{place}/links")).by(Holder).json(input).await.expect(201);
    answer(app, &link, given).await;
    link
}

pub async fn answer(app: &App, link: &Answer, given: &[(&str, usize)]) {
    for (option, times) in given {
        for _ in 0..*times {
            respond(app, &token_of(link), &response(answers(option))).await.expect(201);
        }
    }
}

pub async fn close(app: &App, link: &Answer) {
    app.post(&format!("/links/{}/close", id_of(link))).by(Holder).await.expect(200);
}

pub async fn results(app: &App, by: Persona, path: &str) -> Value {
    app.get(path).by(by).await.expect(200).json()
}

pub fn question(results: &Value) -> &Value {
    let all = results["questions"].as_array().expect("questions");
    all.iter().find(|one| one["question"] == "u_forstaaelse").expect("the question")
}

pub fn option<'a>(figures: &'a Value, code: &str) -> &'a Value {
    let all = figures["options"].as_array().expect("options");
    all.iter().find(|one| one["option"] == code).expect("the option")
}

pub fn of_school(code: &str) -> Value {
    let mut input = class();
    input["organisation"] = code.into();
    input
}

async fn answers_come_out_at_closing_and_not_before(app: &App) {
    let place = published(app).await;
    let path = format!("{place}/results");
    let link = answered(app, &place, class(), &[("hoej", 3), ("nogen", 1)]).await;
    let before = results(app, Holder, &path).await;
    assert_eq!(before["responses"][0]["responses"], 0);
    assert_eq!(question(&before)["groups"][0]["state"], "empty");
    answer(app, &link, &[("ved_ikke", 2), ("meget_hoej", 10)]).await;
    respond(app, &token_of(&link), &response(json!({}))).await.expect(201);
    close(app, &link).await;
    let after = results(app, Holder, &path).await;
    assert_eq!(after["responses"][0]["responses"], 17);
    let rate = json!({ "numerator": 17, "denominator": 24, "percent": 70.8 });
    assert_eq!(after["responses"][0]["response_rate"], rate);
    let group = &question(&after)["groups"][0];
    assert_eq!(group["state"], "shown");
    let figures = &group["figures"];
    assert_eq!((&figures["n"], &figures["missing"]), (&json!(16), &json!(1)));
    assert_eq!(figures["dont_know"], 2);
    let share = json!({ "numerator": 10, "denominator": 16, "percent": 62.5 });
    assert_eq!(option(figures, "meget_hoej")["share"], share);
    assert_eq!(option(figures, "slet_ikke")["count"], 0);
}

async fn an_open_link_shows_no_difference_of_few(app: &App) {
    let place = published(app).await;
    let path = format!("{place}/results?by=link");
    let link = answered(app, &place, class(), &[("hoej", 6), ("nogen", 6)]).await;
    results(app, Holder, &path).await;
    // Enough for one more release: the first may be seen now.
    answer(app, &link, &[("hoej", 3), ("nogen", 3)]).await;
    let seen = results(app, Holder, &path).await;
    let figures = &question(&seen)["groups"][1]["figures"];
    assert_eq!((&figures["n"], &figures["held_back"]), (&json!(12), &json!(6)));
    answer(app, &link, &[("hoej", 2)]).await;
    assert_eq!(question(&results(app, Holder, &path).await)["groups"][1]["figures"], *figures);
    close(app, &link).await;
    let seen = results(app, Holder, &path).await;
    assert_eq!(question(&seen)["groups"][1]["figures"]["n"], 20);
}

async fn a_small_class_is_suppressed_and_an_unasked_one_is_empty(app: &App) {
    let place = published(app).await;
    let large = answered(app, &place, class(), &[("hoej", 7), ("nogen", 5)]).await;
    let small = answered(app, &place, of_school("aalborghus-gymnasium"), &[("hoej", 3)]).await;
    close(app, &large).await;
    close(app, &small).await;
    let seen = results(app, Holder, &format!("{place}/results?by=organisation")).await;
    let groups = question(&seen)["groups"].as_array().expect("groups");
    let state = |code: &str| {
        let group = groups.iter().find(|group| group["group"]["code"] == code).expect("a group");
        group["state"].as_str().expect("a state").to_string()
    };
    assert_eq!(state("hjoerring-gymnasium"), "shown");
    assert_eq!(state("aalborghus-gymnasium"), "suppressed");
    // The small one is not in the whole either, or it could be subtracted.
    assert_eq!(groups[0]["figures"]["n"], 12);
    assert_eq!(groups[0]["figures"]["held_back"], 3);
    let all = seen["questions"].as_array().expect("questions");
    let unanswered = all.iter().find(|one| one["question"] == "u_job").expect("another question");
    assert_ne!(unanswered["groups"][0]["state"], "shown");
}

async fn before_is_held_against_after(app: &App) {
    let place = published(app).await;
    let mut input = class();
    input["wave"] = "before".into();
    let before = answered(app, &place, input, &[("hoej", 5), ("nogen", 15)]).await;
    let after = answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await;
    close(app, &before).await;
    close(app, &after).await;
    let seen = results(app, Reader, &format!("{place}/results?by=organisation")).await;
    let changes = question(&seen)["changes"].as_array().expect("changes").clone();
    assert_eq!(changes.len(), 2, "of all, and of the school");
    let all = changes[0]["differences"].as_array().expect("differences");
    let high = all.iter().find(|one| one["option"] == "hoej").expect("an option");
    assert_eq!(high["points"].as_f64(), Some(35.0));
    let waves = results(app, Reader, &format!("{place}/results?by=wave")).await;
    assert_eq!(question(&waves)["groups"].as_array().map(Vec::len), Some(3));
}

async fn a_hidden_wave_has_no_difference(app: &App) {
    let place = published(app).await;
    let mut input = class();
    input["wave"] = "before".into();
    let before = answered(app, &place, input, &[("hoej", 3)]).await;
    let after = answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await;
    close(app, &before).await;
    close(app, &after).await;
    let seen = results(app, Reader, &format!("{place}/results")).await;
    let change = &question(&seen)["changes"][0];
    assert_eq!((&change["before_state"], &change["before"]), (&json!("suppressed"), &Value::Null));
    assert_eq!((&change["after_state"], &change["after"]["n"]), (&json!("shown"), &json!(20)));
    assert_eq!(change["differences"], json!([]));
}

async fn who_sees_which_results(app: &App) {
    let place = published(app).await;
    let own = answered(app, &place, class(), &[("hoej", 7), ("nogen", 5)]).await;
    let other = of_school("aalborghus-gymnasium");
    let other = answered(app, &place, other, &[("hoej", 4), ("nogen", 4)]).await;
    close(app, &own).await;
    close(app, &other).await;
    let project = format!("/projects/{}/results?by=organisation", app.world.labstem);
    for path in [&format!("{place}/results?by=organisation"), &project] {
        for persona in [Secretariat, Reader, Holder] {
            let seen = results(app, persona, path).await;
            assert_eq!(question(&seen)["groups"][0]["figures"]["n"], 20);
        }
        let seen = results(app, Contributor, path).await;
        assert_eq!(seen["responses"].as_array().map(Vec::len), Some(2));
        assert_eq!(question(&seen)["groups"][0]["figures"]["n"], 12);
        app.get(path).by(OtherSecretariat).await.expect(404);
        app.get(path).await.expect(401);
    }
    let programme = format!("/programmes/{}/results", app.world.nordjylland);
    // Nothing in it is one of the programme's core questions.
    assert_eq!(results(app, Secretariat, &programme).await["questions"], json!([]));
    app.get(&programme).by(Holder).await.expect(403);
    app.get(&programme).by(OtherSecretariat).await.expect(404);
}

async fn results_stand_as_of_a_day(app: &App) {
    let place = published(app).await;
    let link = answered(app, &place, class(), &[("hoej", 7), ("nogen", 5)]).await;
    close(app, &link).await;
    let today = app.clock.now().day();
    app.clock.advance(3 * 86_400);
    let later = answered(app, &place, class(), &[("hoej", 10), ("nogen", 2)]).await;
    close(app, &later).await;
    let now = results(app, Holder, &format!("{place}/results")).await;
    assert_eq!(question(&now)["groups"][0]["figures"]["n"], 24);
    let then = results(app, Holder, &format!("{place}/results?as_of={today}")).await;
    assert_eq!(then["day"], today.to_string());
    assert_eq!(question(&then)["groups"][0]["figures"]["n"], 12);
}

async fn an_indicator_takes_its_share_from_answers(app: &App) {
    let place = published(app).await;
    let link = answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await;
    let nobody = |option: &str| json!({ "u_samarbejde": "nej", "u_forstaaelse": option });
    for option in ["nogen", "nogen", "nogen", "hoej", "hoej", "hoej"] {
        respond(app, &token_of(&link), &response(nobody(option))).await.expect(201);
    }
    let survey = |option: &str| {
        json!({
            "questionnaires": ["elever-14-19"], "questions": ["u_forstaaelse"],
            "positive": ["meget_hoej", option],
            "base": { "question": "u_samarbejde", "options": ["ja"] }, "wave": "after",
        })
    };
    let indicator = |option: &str| {
        json!({
            "code": "forstaaelse", "title": "80 % forstår bedre", "level": "outcome",
            "unit": "per cent", "source": "survey", "survey": survey(option),
            "first_target": { "target": { "shape": "at_least_percent", "percent": 80 } },
        })
    };
    let path = format!("/projects/{}/indicators", app.world.labstem);
    let wrong = app.post(&path).by(Secretariat).json(indicator("findes_ikke")).await;
    wrong.expect_fault("/survey/positive/1", "not_an_option");
    let made = app.post(&path).by(Secretariat).json(indicator("hoej")).await.expect(201);
    assert_eq!(made.json()["survey"]["positive"], json!(["meget_hoej", "hoej"]));

    // The pair is recounted for those who have answered already, and are not released yet.
    close(app, &link).await;
    let progress = || async {
        let path = format!("/projects/{}/progress", app.world.labstem);
        let progress = results(app, Holder, &path).await;
        progress["indicators"][0].clone()
    };
    let found = progress().await;
    let counted = json!({ "numerator": 12, "denominator": 20, "missing": 0,
        "on_paper": 0, "held_back": 0 });
    assert_eq!(found["answers"], counted, "{found}");
    assert_eq!((&found["actual"], &found["state"]), (&json!(60), &json!("below")));
    // Another class moves it.
    let more = answered(app, &place, class(), &[("meget_hoej", 29), ("nogen", 1)]).await;
    for option in ["nogen", "nogen", "nogen", "hoej", "hoej"] {
        respond(app, &token_of(&more), &response(nobody(option))).await.expect(201);
    }
    close(app, &more).await;
    let found = progress().await;
    assert_eq!(found["answers"]["numerator"], 41, "{found}");
    assert_eq!((&found["actual"], &found["state"]), (&json!(82), &json!("exceeded")));
    assert_eq!(found["actual_kind"], "surveyed");
    let differences = app.store.read(maaltal::surveys::tally::verify).await.expect("a recount");
    assert_eq!(differences, []);
}

async fn tables_hold_what_is_released(app: &App) {
    let place = published(app).await;
    let large = answered(app, &place, class(), &[("hoej", 7), ("nogen", 5)]).await;
    let small = answered(app, &place, of_school("aalborghus-gymnasium"), &[("hoej", 3)]).await;
    close(app, &large).await;
    close(app, &small).await;
    // Each closing is a moment of its own, and the export stands at one.
    app.clock.advance(1);
    let exports = format!("/programmes/{}/exports", app.world.nordjylland);
    let table = app.get(&format!("{exports}/results")).by(Reader).await.expect(200);
    let table = table.text();
    let lines: Vec<&str> = table.lines().filter(|line| line.contains(",u_forstaaelse,")).collect();
    let whole = lines.iter().find(|line| line.contains(",whole,,,shown,false,hoej,"));
    assert!(whole.is_some_and(|line| line.contains(",7,12,58.3,0,0,0,3,")), "{table}");
    let hidden = lines.iter().find(|line| line.contains(",organisation,aalborghus-gymnasium,"));
    assert!(hidden.is_some_and(|line| line.contains(",suppressed,true,,,,,,")), "{table}");
    let codebook = app.get(&format!("{exports}/codebook?dialect=dk-excel")).by(Reader).await;
    let codebook = codebook.expect(200).text().to_string();
    assert!(codebook.contains(";u_forstaaelse;scale;"), "{codebook}");
    let wrong = app.store.read(maaltal::surveys::releases::verify).await.expect("recomputed");
    assert_eq!(wrong, []);
}
