//! Results by level and of numbers, over several questionnaires, against participants, and what
//! the threshold is.

use serde_json::{Value, json};

use super::results::{answer, answered, close, of_school, option, question, results};
use super::{class, definition, id_of, published, published_as, respond, response, token_of};
use crate::harness::{App, Persona::*};

api_tests!(
    levels_are_told_apart_and_numbers_have_mean_and_spread,
    a_core_question_adds_up_over_questionnaires,
    paper_is_marked,
    responses_are_held_against_participants,
    who_is_asked_twice_counts_twice,
    a_threshold_holds_from_then_on,
);

async fn levels_are_told_apart_and_numbers_have_mean_and_spread(app: &App) {
    let text = |text: &str| json!({ "da": text });
    let asked = json!({
        "title": text("Timer"), "languages": ["da"], "audience": "teacher",
        "questions": [
            { "type": "number", "code": "timer", "text": text("Hvor mange?"), "min": 0, "max": 100,
              "decimals": 1, "unit": text("timer") },
            { "type": "text", "code": "andet", "text": text("Andet?"), "max_length": 200 },
        ],
    });
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let input = json!({ "code": "timer", "definition": asked });
    let place = published_as(app, Holder, &path, input).await;
    let mut links = Vec::new();
    for (level, wave, hours) in [("stx", "before", 2.0), ("hf", "after", 4.5)] {
        let mut input = class();
        input["wave"] = wave.into();
        input["education_level"] = level.into();
        let link = answered(app, &place, input, &[]).await;
        for more in 0..12 {
            let given = json!({ "timer": hours + f64::from(more % 3), "andet": "Hemmeligt" });
            respond(app, &token_of(&link), &response(given)).await.expect(201);
        }
        respond(app, &token_of(&link), &response(json!({}))).await.expect(201);
        links.push(link);
    }
    for link in &links {
        close(app, link).await;
    }
    let seen = results(app, Reader, &format!("{place}/results?by=education_level")).await;
    assert_eq!(seen["questions"].as_array().map(Vec::len), Some(1), "free text is in no table");
    let hours = &seen["questions"][0];
    assert_eq!((&hours["kind"], &hours["unit"]["da"]), (&json!("number"), &json!("timer")));
    let group = |code: Value| {
        let all = hours["groups"].as_array().expect("groups");
        let found = all.iter().find(|one| one["group"]["code"] == code).expect("a group");
        found["figures"].clone()
    };
    assert_eq!(group(json!("stx"))["mean"], 3.0);
    assert_eq!(group(json!("hf"))["mean"], 5.5);
    let spread = group(json!("stx"))["deviation"].as_f64().expect("a spread");
    assert!((spread - (8.0_f64 / 11.0).sqrt()).abs() < 1e-9, "{spread}");
    assert_eq!(group(Value::Null)["mean"], 4.25);
    assert_eq!(group(Value::Null)["missing"], 2);
    assert_eq!(seen["responses"].as_array().map(Vec::len), Some(3));
    // Only all together were asked before and after.
    assert_eq!(hours["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(hours["changes"][0]["mean_difference"], 2.5);
}

async fn a_core_question_adds_up_over_questionnaires(app: &App) {
    let asked = definition("elever-14-19");
    let core = asked["questions"][1].clone();
    let bank = format!("/programmes/{}/core-questions", app.world.nordjylland);
    app.post(&bank).by(Secretariat).json(json!({ "question": core })).await.expect(201);
    let mut asked = asked.clone();
    asked["questions"][1]["core"] = "u_forstaaelse".into();
    let mut links = Vec::new();
    let own = format!("/projects/{}/questionnaires", app.world.labstem);
    let common = format!("/programmes/{}/questionnaires", app.world.nordjylland);
    for (by, path, high) in [(Holder, &own, 12), (Secretariat, &common, 3)] {
        let input = json!({ "code": format!("med-{high}"), "definition": asked });
        let place = published_as(app, by, path, input).await;
        let mut input = class();
        input["project_id"] = app.world.labstem.to_string().into();
        links.push(answered(app, &place, input, &[("hoej", high), ("nogen", 8)]).await);
    }
    // Who is asked no core question is not among those who could have answered one.
    let other = published(app).await;
    links.push(answered(app, &other, class(), &[("hoej", 10)]).await);
    for link in &links {
        close(app, link).await;
    }
    let programme = format!("/programmes/{}/results?by=organisation", app.world.nordjylland);
    let seen = results(app, Reader, &programme).await;
    let all = seen["questions"].as_array().expect("questions");
    assert_eq!(all.len(), 1, "core questions only");
    assert_eq!(all[0]["core"], "u_forstaaelse");
    assert_eq!(all[0]["questionnaires"], json!(["med-12", "med-3"]));
    for group in all[0]["groups"].as_array().expect("groups") {
        assert_eq!(group["figures"]["n"], 31);
        assert_eq!(option(&group["figures"], "hoej")["count"], 15);
    }
    for group in seen["responses"].as_array().expect("groups") {
        assert_eq!(
            (&group["responses"], &group["response_rate"]["denominator"]),
            (&json!(31), &json!(48))
        );
    }
    // So do they within a project, beside what only one of them asks.
    let project = format!("/projects/{}/results", app.world.labstem);
    let seen = results(app, Holder, &project).await;
    assert_eq!(question(&seen)["groups"][0]["figures"]["n"], 31);
    assert_eq!(seen["questions"].as_array().map(Vec::len), Some(17));
}

async fn paper_is_marked(app: &App) {
    let place = published(app).await;
    let link = answered(app, &place, class(), &[("hoej", 8), ("nogen", 4)]).await;
    let sheets = json!({
        "sheets": 10,
        "questions": [
            { "question": "u_forstaaelse", "counts": { "meget_hoej": 4, "nogen": 5 } },
        ],
    });
    app.put(&format!("/links/{}/paper", id_of(&link))).by(Holder).json(sheets).await.expect(200);
    close(app, &link).await;
    let seen = results(app, Holder, &format!("{place}/results")).await;
    let whole = &seen["responses"][0];
    assert_eq!((&whole["responses"], &whole["on_paper"]), (&json!(22), &json!(10)));
    let figures = &question(&seen)["groups"][0]["figures"];
    assert_eq!((&figures["n"], &figures["on_paper"]), (&json!(21), &json!(10)));
    assert_eq!((&figures["responses"], &figures["missing"]), (&json!(22), &json!(1)));
    assert_eq!(option(figures, "nogen")["count"], 9);
}

/// Puts a count of the project's.
async fn count(app: &App, organisation: Option<&str>, role: &str, participants: i32) {
    let mut input = json!({
        "period": { "calendar_year": 2021 }, "role": role, "education_level": "stx",
        "counting": "unique", "participants": participants,
    });
    if let Some(code) = organisation {
        input["organisation"] = code.into();
    }
    let path = format!("/projects/{}/counts", app.world.labstem);
    app.put(&path).by(Holder).json(input).await.expect(201);
}

fn participants<'a>(results: &'a Value, code: Option<&str>) -> &'a Value {
    let all = results["responses"].as_array().expect("responses");
    let found = all.iter().find(|one| one["group"]["code"].as_str() == code).expect("a group");
    &found["participants"]
}

async fn responses_are_held_against_participants(app: &App) {
    let place = published(app).await;
    let path = format!("{place}/results?by=organisation");
    let none = results(app, Holder, &path).await;
    assert_eq!(participants(&none, None)["no_rate"], "no_link");
    let one = answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await;
    let mut general = of_school("aalborghus-gymnasium");
    // The counts are of a level below.
    general["education_level"] = "gymnasial".into();
    let other = answered(app, &place, general, &[("hoej", 6), ("nogen", 4)]).await;
    close(app, &one).await;
    close(app, &other).await;
    let early = results(app, Holder, &path).await;
    let rate = participants(&early, None);
    assert_eq!((&rate["rate"], &rate["no_rate"]), (&Value::Null, &json!("not_counted")));
    assert_eq!(rate["links_without_counts"], 2);

    let today = app.clock.now().day();
    app.clock.advance(86_400);
    count(app, Some("hjoerring-gymnasium"), "pupil", 40).await;
    count(app, Some("hjoerring-gymnasium"), "teacher", 3).await;
    count(app, None, "pupil", 500).await;
    let seen = results(app, Holder, &path).await;
    let half = json!({ "numerator": 20, "denominator": 40, "percent": 50 });
    assert_eq!(participants(&seen, Some("hjoerring-gymnasium"))["rate"], half);
    let rate = participants(&seen, Some("aalborghus-gymnasium"));
    assert_eq!((&rate["rate"], &rate["no_rate"]), (&Value::Null, &json!("not_counted")));
    let rate = participants(&seen, None);
    assert_eq!((&rate["rate"], &rate["links_without_counts"]), (&half, &json!(1)));
    count(app, Some("aalborghus-gymnasium"), "pupil", 10).await;
    let seen = results(app, Holder, &path).await;
    let all = json!({ "numerator": 30, "denominator": 50, "percent": 60 });
    assert_eq!(participants(&seen, None)["rate"], all);
    // A contributor's are of its own school.
    let own = results(app, Contributor, &path).await;
    assert_eq!(participants(&own, None)["rate"], half);
    let then = results(app, Holder, &format!("{path}&as_of={today}")).await;
    assert_eq!(participants(&then, None)["no_rate"], "not_counted");
}

async fn who_is_asked_twice_counts_twice(app: &App) {
    let place = published(app).await;
    count(app, Some("hjoerring-gymnasium"), "pupil", 40).await;
    let mut links = vec![answered(app, &place, class(), &[("hoej", 12), ("nogen", 8)]).await];
    let mut before = class();
    before["wave"] = "before".into();
    links.push(answered(app, &place, before, &[("hoej", 4), ("nogen", 6)]).await);
    for link in &links {
        close(app, link).await;
    }
    let seen = results(app, Holder, &format!("{place}/results?by=wave")).await;
    let all = json!({ "numerator": 30, "denominator": 80, "percent": 37.5 });
    assert_eq!(participants(&seen, None)["rate"], all);
    let after = json!({ "numerator": 20, "denominator": 40, "percent": 50 });
    assert_eq!(participants(&seen, Some("after"))["rate"], after);
    // Two classes of one school share its participants.
    answered(app, &place, class(), &[]).await;
    let seen = results(app, Holder, &format!("{place}/results?by=link")).await;
    let states = seen["responses"].as_array().expect("responses").iter().skip(1);
    let states: Vec<&Value> = states.map(|one| &one["participants"]["no_rate"]).collect();
    assert_eq!(states.iter().filter(|state| **state == "shared").count(), 2, "{states:?}");
    assert_eq!(participants(&seen, None)["rate"], all);
}

async fn a_threshold_holds_from_then_on(app: &App) {
    let path = format!("/programmes/{}", app.world.nordjylland);
    let programme = app.get(&path).by(Secretariat).await.expect(200);
    assert_eq!(programme.json()["threshold"], 5);
    let put = |threshold: Value| {
        let names = json!({ "name_da": "Nordjylland", "name_en": "North", "threshold": threshold });
        app.put(&path).by(Secretariat).if_match(programme.etag()).json(names)
    };
    put(json!(2)).deliberately_bad().await.expect_fault("/threshold", "range");
    let place = published(app).await;
    let first = answered(app, &place, class(), &[("hoej", 4), ("nogen", 3)]).await;
    close(app, &first).await;
    put(json!(8)).await.expect(200);
    let second = answered(app, &place, of_school("aalborghus-gymnasium"), &[("hoej", 3)]).await;
    answer(app, &second, &[("nogen", 4)]).await;
    close(app, &second).await;
    let seen = results(app, Holder, &format!("{place}/results?by=organisation")).await;
    assert_eq!(seen["threshold"], 8);
    let groups = question(&seen)["groups"].as_array().expect("groups");
    let state = |code: &str| {
        let found = groups.iter().find(|group| group["group"]["code"] == code);
        found.expect("a group")["state"].clone()
    };
    // Seven are enough for what was released before, and too few now.
    assert_eq!(state("hjoerring-gymnasium"), "shown");
    assert_eq!(state("aalborghus-gymnasium"), "suppressed");
    let again = app.get(&path).by(Secretariat).await.expect(200);
    let names = json!({ "name_da": "Nordjylland", "name_en": "North" });
    let kept = app.put(&path).by(Secretariat).if_match(again.etag()).json(names).await.expect(200);
    assert_eq!(kept.json()["threshold"], 8);
}
