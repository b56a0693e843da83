//! Ready questionnaires, offered by every programme.

use maaltal::accounts::Caller;
use maaltal::ids::ProgrammeId;
use maaltal::store::Installation;
use maaltal::surveys::core_questions;
use maaltal::surveys::ready;
use serde_json::{Value, json};

use super::{respond, response, token_of};
use crate::harness::{App, Persona::*, world};

api_tests!(
    one_call_takes_a_ready_questionnaire_over,
    core_questions_of_a_programme_that_was_there_before,
    a_new_programme_has_them_from_the_start,
    answers_of_everybody_who_took_one_over_add_up,
    a_beginning_is_one_thing_or_the_other,
);

async fn offered(app: &App) -> Value {
    let path = format!("/programmes/{}/ready-questionnaires", app.world.nordjylland);
    app.get(&path).by(Holder).await.expect(200).json()["items"].clone()
}

fn cores(definition: &Value) -> Vec<&str> {
    let questions = definition["questions"].as_array().expect("questions");
    questions.iter().filter_map(|question| question["core"].as_str()).collect()
}

async fn put_into_the_bank(app: &App) -> Value {
    let path = format!("/programmes/{}/core-questions/ready", app.world.nordjylland);
    app.post(&path).by(Secretariat).await.expect(200).json()
}

/// The address of a published questionnaire of that project's.
async fn taken_over(app: &App, by: crate::harness::Persona, project: &str, from: &str) -> String {
    let path = format!("/projects/{project}/questionnaires");
    let input = json!({ "code": format!("q-{from}-{}", &project[30..]), "from": from });
    let draft = app.post(&path).by(by).json(input).await.expect(201);
    let place = draft.header("location").expect("a place").to_string();
    app.post(&format!("{place}/publish")).by(by).if_match("\"1\"").await.expect(201);
    place
}

async fn one_call_takes_a_ready_questionnaire_over(app: &App) {
    let all = offered(app).await;
    let codes: Vec<_> =
        all.as_array().expect("items").iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["elever-7-9", "elever-10-13", "elever-14-19", "undervisere"]);
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    for one in all.as_array().expect("items") {
        let input = json!({ "code": format!("vores-{}", one["code"].as_str().expect("a code")),
            "from": one["code"] });
        let draft = app.post(&path).by(Holder).json(input).await.expect(201).json();
        assert_eq!(draft["definition"], one["definition"]);
        assert_eq!(draft["state"], "draft");
    }
}

async fn core_questions_of_a_programme_that_was_there_before(app: &App) {
    assert_eq!(cores(&offered(app).await[2]["definition"]), [""; 0]);
    let path = format!("/programmes/{}/core-questions", app.world.nordjylland);
    // One that the secretariat has its own words for stays, and is no core of the ready one.
    let mut own = super::definition("elever-14-19")["questions"][1].clone();
    own["text"]["da"] = "Vores egne ord?".into();
    app.post(&path).by(Secretariat).json(json!({ "question": own })).await.expect(201);
    let bank = put_into_the_bank(app).await;
    assert_eq!(bank, put_into_the_bank(app).await);
    assert_eq!(bank["items"].as_array().expect("items").len(), 18);
    let all = offered(app).await;
    assert_eq!(
        cores(&all[2]["definition"]),
        ["u_samarbejde", "u_niveau", "u_motivation", "u_engagement", "u_job"]
    );
    assert_eq!(cores(&all[0]["definition"]).len(), 4);
    assert_eq!(cores(&all[1]["definition"]).len(), 6);
}

async fn a_new_programme_has_them_from_the_start(app: &App) {
    let make = |db: &mut _| {
        let names = serde_json::from_value(json!({ "name_da": "Ny", "name_en": "New" }));
        let names = names.expect("names");
        ready::new_programme(db, &Caller::Operator, "ny", &names, world::today())
    };
    let id: ProgrammeId = app.store.write(Installation, make).await.expect("a programme");
    let list = move |db: &mut _| core_questions::list(db, &Caller::Operator, id);
    assert_eq!(app.store.read(list).await.expect("the bank").len(), 18);
    let list = move |db: &mut _| ready::list(db, &Caller::Operator, id);
    for one in app.store.read(list).await.expect("ready ones") {
        assert!(one.definition.questions.iter().all(|question| question.core.is_some()));
    }
}

/// Two projects, and both ages of pupils on the scale with faces.
async fn answers_of_everybody_who_took_one_over_add_up(app: &App) {
    put_into_the_bank(app).await;
    let projects = [
        (Holder, app.world.labstem.to_string(), "elever-7-9"),
        (Secretariat, app.world.kram.to_string(), "elever-10-13"),
    ];
    for (by, project, from) in projects {
        let place = taken_over(app, by, &project, from).await;
        let link = json!({ "label": "3.b", "class_size": 10 });
        let link = app.post(&format!("{place}/links")).by(by).json(link).await.expect(201);
        for index in 0..10 {
            let option = if index < 7 { "ja_meget" } else { "nej_lidt" };
            let answers = json!({ "b_forstaaelse": option });
            respond(app, &token_of(&link), &response(answers)).await.expect(201);
        }
        let close = format!("{}/close", link.header("location").expect("a place"));
        app.post(&close).by(by).await.expect(200);
    }
    let path = format!("/programmes/{}/results", app.world.nordjylland);
    let results = app.get(&path).by(Secretariat).await.expect(200).json();
    let questions = results["questions"].as_array().expect("questions");
    let asked = questions.iter().find(|one| one["core"] == "b_forstaaelse").expect("the question");
    assert_eq!(asked["questionnaires"].as_array().expect("codes").len(), 2);
    assert_eq!(asked["groups"][0]["figures"]["options"][0]["count"], 14);
    assert_eq!(asked["groups"][0]["figures"]["n"], 20);
}

async fn a_beginning_is_one_thing_or_the_other(app: &App) {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let begin = |input: Value| app.post(&path).by(Holder).json(input);
    begin(json!({ "code": "x" })).await.expect_fault("/definition", "required");
    let unknown = json!({ "code": "x", "from": "elever-3-5" });
    begin(unknown).await.expect_fault("/from", "no_ready_questionnaire");
    let both = json!({ "code": "x", "from": "undervisere",
        "definition": super::definition("undervisere") });
    begin(both).await.expect_fault("/from", "from_or_definition");
}
