//! Questionnaires from draft to closed, and the bank of core questions.

use serde_json::{Value, json};

use super::{class, definition, draft, published, respond, response, token_of, yes};
use crate::harness::{App, Persona::*};

api_tests!(
    a_draft_is_published_as_a_version_that_never_changes,
    a_draft_may_break_rules_that_publishing_holds,
    all_that_is_wrong_is_told_at_once,
    a_misfit_hides_no_broken_rule,
    what_has_answers_is_closed_and_never_deleted,
    who_may_write_questionnaires,
    a_core_question_is_locked_where_it_is_asked,
);

async fn a_draft_is_published_as_a_version_that_never_changes(app: &App) {
    let made = draft(app).await;
    assert_eq!(made.json()["state"], "draft");
    let place = made.header("location").expect("a place").to_string();
    let publish = format!("{place}/publish");
    app.post(&publish).by(Holder).deliberately_bad().await.expect(428);
    let first = app.post(&publish).by(Holder).if_match(made.etag()).await.expect(201);
    assert_eq!(first.json()["number"], 1);
    app.post(&publish).by(Holder).if_match(made.etag()).await.expect(412);

    let seen = app.get(&place).by(Holder).await.expect(200);
    assert_eq!(seen.json()["versions"], json!([1]));
    let again = app.post(&publish).by(Holder).if_match(seen.etag()).await;
    again.expect_problem(409, "draft-is-published");

    let mut changed = definition("elever-14-19");
    changed["title"]["da"] = "Efter forløbet".into();
    let body = json!({ "definition": changed });
    let seen = app.put(&place).by(Holder).if_match(seen.etag()).json(body).await.expect(200);
    let second = app.post(&publish).by(Holder).if_match(seen.etag()).await.expect(201);
    assert_eq!(second.json()["number"], 2);
    let kept = app.get(&format!("{place}/versions/1")).by(Holder).await.expect(200);
    assert_eq!(kept.json()["definition"], definition("elever-14-19"));
    app.get(&format!("{place}/versions/3")).by(Holder).await.expect(404);
}

async fn a_draft_may_break_rules_that_publishing_holds(app: &App) {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let mut unfinished = definition("elever-14-19");
    unfinished["questions"][0]["text"].as_object_mut().expect("texts").remove("en");
    let input = json!({ "code": "kladde", "definition": unfinished });
    let made = app.post(&path).by(Holder).json(input).await.expect(201);
    let place = made.header("location").expect("a place");
    let publish = app.post(&format!("{place}/publish")).by(Holder).if_match(made.etag()).await;
    publish.expect_fault("/definition/questions/0/text/en", "text_missing");
    let links = app.post(&format!("{place}/links")).by(Holder).json(class()).await;
    links.expect_problem(409, "nothing-published");
}

async fn all_that_is_wrong_is_told_at_once(app: &App) {
    let mut wrong = definition("elever-14-19");
    wrong["questions"][1]["code"] = "u_samarbejde".into();
    wrong["questions"][2]["core"] = "findes_ikke".into();
    wrong["questions"][3]["text"].as_object_mut().expect("texts").remove("da");
    let body = json!({ "programme_id": app.world.nordjylland, "definition": wrong });
    let told = app.post("/questionnaires/validate").by(Contributor).json(body).await.expect(200);
    assert_eq!(told.json()["valid"], false);
    let errors = told.json()["errors"].as_array().expect("errors").len();
    assert!(errors >= 3, "{told:?}");
    let body = json!({
        "programme_id": app.world.nordjylland, "definition": definition("undervisere"),
    });
    let told = app.post("/questionnaires/validate").by(Holder).json(body.clone()).await;
    assert_eq!(told.expect(200).json(), json!({ "valid": true, "errors": [] }));
    app.post("/questionnaires/validate").by(OtherSecretariat).json(body).await.expect(404);
}

async fn a_misfit_hides_no_broken_rule(app: &App) {
    let mut wrong = definition("elever-14-19");
    let questions = wrong["questions"].as_array_mut().expect("questions");
    let subject = questions[0]["code"].clone();
    questions[1]["show_if"] = json!({ "question": subject });
    questions[1]["required"] = "ja".into();
    questions[1]["text"].as_object_mut().expect("texts").remove("en");
    // What is asked of a question that can't be read is not judged.
    questions[2]["options"] = "ja".into();
    questions[3]["show_if"] = json!({ "question": questions[2]["code"], "is": ["findes_ikke"] });
    questions[3]["text"].as_object_mut().expect("texts").remove("da");
    questions[4]["type"] = "slider".into();
    questions[4]["help"] = 1.into();
    wrong["audience"] = "aliens".into();
    wrong["languages"].as_array_mut().expect("languages").push("da".into());
    let body = json!({ "programme_id": app.world.nordjylland, "definition": wrong });
    let call = app.post("/questionnaires/validate").by(Holder).json(body).deliberately_bad();
    let told = call.await.expect(200).json();
    let errors = told["errors"].as_array().expect("errors").iter();
    let mut told: Vec<(&str, &str)> = errors
        .map(|one| (one["pointer"].as_str().expect("text"), one["code"].as_str().expect("text")))
        .collect();
    told.sort_unstable();
    // A language that stands twice lacks its text twice.
    told.dedup();
    let expected = [
        ("/definition/audience", "not_one_of"),
        ("/definition/languages/2", "stands_twice"),
        ("/definition/questions/1/required", "not_a_boolean"),
        ("/definition/questions/1/show_if", "wrong_type"),
        ("/definition/questions/1/text/en", "text_missing"),
        ("/definition/questions/2/options", "not_a_list"),
        ("/definition/questions/3/text/da", "text_missing"),
        ("/definition/questions/4/help", "not_an_object"),
        ("/definition/questions/4/type", "not_one_of"),
    ];
    assert_eq!(told, expected);
}

async fn what_has_answers_is_closed_and_never_deleted(app: &App) {
    let place = published(app).await;
    let links = format!("{place}/links");
    let link = app.post(&links).by(Holder).json(class()).await.expect(201);
    let token = token_of(&link);
    respond(app, &token, &response(yes())).await.expect(201);
    let seen = app.get(&place).by(Holder).await.expect(200);
    let refused = app.delete(&place).by(Holder).if_match(seen.etag()).await;
    refused.expect_problem(409, "has-answers");

    let closed = app.post(&format!("{place}/close")).by(Holder).await.expect(200);
    assert_eq!(closed.json()["state"], "closed");
    respond(app, &token, &response(yes())).await.expect_problem(409, "link-closed");
    let link = app.get(link.header("location").expect("a place")).by(Holder).await.expect(200);
    assert_eq!(link.json()["state"], "closed");
    let refused = app.post(&links).by(Holder).json(class()).await;
    refused.expect_problem(409, "questionnaire-closed");

    // Nobody has answered this one.
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let input = json!({ "code": "undervisere", "definition": definition("undervisere") });
    let unused = app.post(&path).by(Holder).json(input).await.expect(201);
    let place = unused.header("location").expect("a place");
    let publish = app.post(&format!("{place}/publish")).by(Holder).if_match(unused.etag()).await;
    publish.expect(201);
    app.post(&format!("{place}/links")).by(Holder).json(class()).await.expect(201);
    let seen = app.get(place).by(Holder).await.expect(200);
    app.delete(place).by(Holder).if_match(seen.etag()).await.expect(204);
    app.get(place).by(Holder).await.expect(404);
}

async fn who_may_write_questionnaires(app: &App) {
    let project = format!("/projects/{}/questionnaires", app.world.labstem);
    let programme = format!("/programmes/{}/questionnaires", app.world.nordjylland);
    let input = |code: &str| json!({ "code": code, "definition": definition("elever-14-19") });
    for (who, status) in
        [(Nobody, 401), (OtherSecretariat, 404), (Contributor, 403), (Reader, 403), (Holder, 201)]
    {
        app.post(&project).by(who).json(input("af-projektet")).await.expect(status);
    }
    for (who, status) in [(OtherSecretariat, 404), (Holder, 403), (Secretariat, 201)] {
        app.post(&programme).by(who).json(input("af-programmet")).await.expect(status);
    }
    let list = app.get(&programme).by(Contributor).await.expect(200);
    assert_eq!(list.json()["items"].as_array().map(Vec::len), Some(1));
    let list = app.get(&project).by(Contributor).await.expect(200);
    assert_eq!(list.json()["items"][0]["code"], "af-projektet");
    app.get(&project).by(OtherSecretariat).await.expect(404);
}

async fn a_core_question_is_locked_where_it_is_asked(app: &App) {
    let bank = format!("/programmes/{}/core-questions", app.world.nordjylland);
    let asked = definition("elever-14-19");
    let mut question = asked["questions"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["code"] == "u_forstaaelse"))
        .expect("the question of the 80 %")
        .clone();
    question.as_object_mut().expect("a question").remove("show_if");
    let input = json!({ "question": question });
    app.post(&bank).by(Holder).json(input.clone()).await.expect(403);
    let texts = json!({ "da": "Hvad syntes du?" });
    for never in [
        json!({ "code": "u_fri", "type": "text", "text": texts, "max_length": 100 }),
        json!({ "code": "u_mellem", "type": "section", "text": texts }),
    ] {
        let refused = app.post(&bank).by(Secretariat).json(json!({ "question": never })).await;
        refused.expect_fault("/question/type", "never_adds_up");
    }
    let core = app.post(&bank).by(Secretariat).json(input.clone()).await.expect(201);
    app.post(&bank).by(Secretariat).json(input).await.expect_fault("/question/code", "taken");

    let put_core = |altered: bool| {
        let mut definition = asked.clone();
        for one in definition["questions"].as_array_mut().expect("questions") {
            if one["code"] == "u_forstaaelse" {
                one["core"] = "u_forstaaelse".into();
                if altered {
                    one["options"][0]["text"]["da"] = "Helt vildt".into();
                }
            }
        }
        json!({ "code": "med-kerne", "definition": definition })
    };
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let made = app.post(&path).by(Holder).json(put_core(true)).await.expect(201);
    let place = made.header("location").expect("a place").to_string();
    let publish = format!("{place}/publish");
    let refused = app.post(&publish).by(Holder).if_match(made.etag()).await.expect(422);
    let faults = refused.json()["errors"].clone();
    assert_eq!(faults[0]["code"], Value::from("core_altered"), "{faults}");
    let draft = json!({ "definition": put_core(false)["definition"] });
    let made = app.put(&place).by(Holder).if_match(made.etag()).json(draft).await.expect(200);
    app.post(&publish).by(Holder).if_match(made.etag()).await.expect(201);

    // Asked by a published version: it can be retired, and not changed.
    let place = core.header("location").expect("a place").to_string();
    let seen = app.get(&place).by(Contributor).await.expect(200);
    assert_eq!(seen.json()["used"], true);
    let change = json!({ "question": seen.json()["question"] });
    let refused = app.put(&place).by(Secretariat).if_match(seen.etag()).json(change).await;
    refused.expect_problem(409, "core-question-used");
    let retire = app.post(&format!("{place}/retire")).by(Secretariat).if_match(seen.etag()).await;
    assert_eq!(retire.expect(200).json()["retired"], true);
}
