//! Links, their codes, and classes that answered on paper.

use serde_json::json;

use super::{class, definition, link_with, published, respond, response, token_of, yes};
use crate::harness::{App, Persona::*};

api_tests!(
    a_link_has_a_token_that_nobody_mistypes,
    a_contributor_hands_out_its_own_organisations_links,
    a_programmes_questionnaire_is_handed_out_in_projects,
    all_that_is_wrong_with_a_link_is_told,
    answers_fix_what_they_are_broken_down_by,
    codes_are_given_once,
    a_class_may_answer_on_paper,
    paper_is_held_to_the_definition,
);

async fn a_link_has_a_token_that_nobody_mistypes(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    assert_eq!(token.len(), 10);
    assert!(!token.contains(['0', 'O', '1', 'I']), "{token}");
    let link = link.json();
    assert_eq!(link["state"], "open");
    assert_eq!(link["questionnaire_version"], 1);
    assert_eq!(link["audience"], "pupil");
    assert_eq!(link["access"], "open");
    // Who may only look can't answer in somebody's place.
    let place = format!("/links/{}", link["id"].as_str().expect("an id"));
    assert_eq!(app.get(&place).by(Reader).await.expect(200).json()["token"], json!(null));
    assert_eq!(app.get(&place).by(Holder).await.expect(200).json()["token"], json!(token));
    app.get(&place).by(OtherSecretariat).await.expect(404);
}

async fn a_contributor_hands_out_its_own_organisations_links(app: &App) {
    let place = published(app).await;
    let links = format!("{place}/links");
    let mut other = class();
    other["organisation"] = "aalborghus-gymnasium".into();
    let refused = app.post(&links).by(Contributor).json(other.clone()).await;
    refused.expect_problem(403, "other-organisations-link");
    let other = app.post(&links).by(Holder).json(other).await.expect(201);
    app.post(&links).by(Contributor).json(class()).await.expect(201);
    app.post(&links).by(Reader).json(class()).await.expect_problem(403, "holder-only");
    let count = |answer: crate::harness::Answer| answer.json()["items"].as_array().map(Vec::len);
    assert_eq!(count(app.get(&links).by(Contributor).await.expect(200)), Some(1));
    assert_eq!(count(app.get(&links).by(Holder).await.expect(200)), Some(2));
    assert_eq!(count(app.get(&links).by(Secretariat).await.expect(200)), Some(2));
    let other = other.header("location").expect("a place").to_string();
    app.get(&other).by(Contributor).await.expect(404);
    app.get(&format!("{other}/status")).by(Contributor).await.expect(404);
    app.post(&format!("{other}/close")).by(Contributor).await.expect(404);
}

async fn a_programmes_questionnaire_is_handed_out_in_projects(app: &App) {
    let path = format!("/programmes/{}/questionnaires", app.world.nordjylland);
    let input = json!({ "code": "faelles", "definition": definition("elever-14-19") });
    let made = app.post(&path).by(Secretariat).json(input).await.expect(201);
    let place = made.header("location").expect("a place");
    let publish = app.post(&format!("{place}/publish")).by(Secretariat).if_match(made.etag()).await;
    publish.expect(201);
    let links = format!("{place}/links");
    app.post(&links).by(Holder).json(class()).await.expect_problem(403, "secretariat-only");
    let mut input = class();
    input["project_id"] = json!(app.world.labstem);
    app.post(&links).by(Contributor).json(input.clone()).await.expect(201);
    for elsewhere in [app.world.kram, app.world.bstem] {
        input["project_id"] = json!(elsewhere);
        let refused = app.post(&links).by(Holder).json(input.clone()).await;
        refused.expect_fault("/project_id", "other_project");
    }
    app.post(&links).by(Secretariat).json(class()).await.expect(201);
    let count = |answer: crate::harness::Answer| answer.json()["items"].as_array().map(Vec::len);
    assert_eq!(count(app.get(&links).by(Contributor).await.expect(200)), Some(1));
    assert_eq!(count(app.get(&links).by(Holder).await.expect(200)), Some(1));
    assert_eq!(count(app.get(&links).by(Reader).await.expect(200)), Some(2));
}

async fn all_that_is_wrong_with_a_link_is_told(app: &App) {
    let place = published(app).await;
    let mut spaced = class();
    spaced["wave"] = " before ".into();
    let spaced = app.post(&format!("{place}/links")).by(Holder).json(spaced).await.expect(201);
    assert_eq!(spaced.json()["wave"], "before");
    let input = json!({
        "label": "2.b", "organisation": "findes-ikke", "education_level": "ukendt",
        "opens_at": "2023-03-02T08:00:00Z", "closes_at": "2023-03-01T08:00:00Z",
        "language": "de", "origins": ["https://www.hjoerring-gymnasium.dk/", "*"],
    });
    let answer = app.post(&format!("{place}/links")).by(Holder).json(input).await.expect(422);
    let faults = answer.json()["errors"].clone();
    let told: Vec<_> = faults.as_array().expect("faults").iter().map(|f| &f["pointer"]).collect();
    let expected = [
        "/organisation",
        "/education_level",
        "/closes_at",
        "/language",
        "/origins/0",
        "/origins/1",
    ];
    assert_eq!(told, expected);
}

async fn answers_fix_what_they_are_broken_down_by(app: &App) {
    let link = link_with(app, class()).await;
    let place = link.header("location").expect("a place").to_string();
    let mut changed = class();
    changed["wave"] = "before".into();
    changed["origins"] = json!(["HTTPS://www.Hjoerring-Gymnasium.dk:443"]);
    let put = app.put(&place).by(Contributor).if_match(link.etag()).json(changed.clone()).await;
    let seen = put.expect(200);
    assert_eq!(seen.json()["origins"], json!(["https://www.hjoerring-gymnasium.dk"]));
    respond(app, &token_of(&link), &response(yes())).await.expect(201);
    let refused = app.put(&place).by(Contributor).if_match(seen.etag()).json(class()).await;
    refused.expect_fault("/wave", "fixed_by_answers");
    changed["label"] = "2.b, kemi".into();
    app.put(&place).by(Contributor).if_match(link.etag()).json(changed.clone()).await.expect(412);
    app.put(&place).by(Contributor).if_match(seen.etag()).json(changed).await.expect(200);
}

async fn codes_are_given_once(app: &App) {
    let open = link_with(app, class()).await;
    let codes = format!("{}/codes", open.header("location").expect("a place"));
    let refused = app.post(&codes).by(Contributor).json(json!({ "count": 24 })).await;
    refused.expect_problem(409, "link-without-codes");

    let place = draft_of_teachers(app).await;
    let mut input = class();
    input["access"] = "codes".into();
    let link = app.post(&format!("{place}/links")).by(Holder).json(input).await.expect(201);
    let place = link.header("location").expect("a place").to_string();
    let codes = format!("{place}/codes");
    let made = app.post(&codes).by(Holder).json(json!({ "count": 24 })).await.expect(200);
    let made = made.json()["codes"].as_array().expect("codes").clone();
    assert_eq!(made.len(), 24);
    let too_many = app.post(&codes).by(Holder).json(json!({ "count": 477 })).await;
    too_many.expect_fault("/count", "too_many_codes");

    let token = token_of(&link);
    let with = |code: &str| {
        let mut body = response(json!({ "t_udviklet": "ja" }));
        body["code"] = code.into();
        body
    };
    respond(app, &token, &response(json!({}))).await.expect_fault("/code", "required");
    respond(app, &token, &with("ABCDEFGH")).await.expect_fault("/code", "code_not_good");
    let code = made[0].as_str().expect("a code");
    // As a pupil types it.
    let typed = format!("{} {}", code[..4].to_lowercase(), &code[4..]);
    let mine = with(&typed);
    respond(app, &token, &mine).await.expect(201);
    respond(app, &token, &mine).await.expect(201);
    respond(app, &token, &with(code)).await.expect_fault("/code", "code_not_good");
    let status = app.get(&format!("{place}/status")).by(Holder).await.expect(200).json();
    assert_eq!((&status["answered"], &status["codes_left"]), (&json!(1), &json!(23)));
    app.delete(&codes).by(Holder).await.expect(204);
    let last = made[1].as_str().expect("a code");
    respond(app, &token, &with(last)).await.expect_fault("/code", "code_not_good");
}

async fn draft_of_teachers(app: &App) -> String {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let input = json!({ "code": "undervisere", "definition": definition("undervisere") });
    let made = app.post(&path).by(Holder).json(input).await.expect(201);
    let place = made.header("location").expect("a place").to_string();
    let publish = app.post(&format!("{place}/publish")).by(Holder).if_match(made.etag()).await;
    publish.expect(201);
    place
}

async fn a_class_may_answer_on_paper(app: &App) {
    let link = link_with(app, class()).await;
    let place = link.header("location").expect("a place").to_string();
    let sheets = json!({ "sheets": 22, "questions": [
        { "question": "u_samarbejde", "counts": { "ja": 20, "nej": 2 } },
        { "question": "u_motivation", "counts": { "hoej": 9, "nogen": 4, "ved_ikke": 3 } },
    ]});
    let put = app.put(&format!("{place}/paper")).by(Contributor).json(sheets.clone()).await;
    let status = put.expect(200).json();
    assert_eq!((&status["answered"], &status["on_paper"]), (&json!(0), &json!(22)));
    // Typed in once more, not added.
    let put = app.put(&format!("{place}/paper")).by(Contributor).json(sheets).await;
    assert_eq!(put.expect(200).json()["on_paper"], 22);
    let out = json!({ "sheets": 0, "questions": [] });
    let put = app.put(&format!("{place}/paper")).by(Contributor).json(out).await;
    assert_eq!(put.expect(200).json()["on_paper"], 0);
    app.post(&format!("{place}/close")).by(Contributor).await.expect(200);
    let late = json!({ "sheets": 1, "questions": [] });
    let late = app.put(&format!("{place}/paper")).by(Contributor).json(late).await;
    late.expect_problem(409, "link-closed");
}

async fn paper_is_held_to_the_definition(app: &App) {
    let link = link_with(app, class()).await;
    let place = format!("{}/paper", link.header("location").expect("a place"));
    let wrong = json!({ "sheets": 22, "questions": [
        { "question": "u_samarbejde", "counts": { "ja": 20, "nej": 3 } },
        { "question": "u_motivation", "counts": { "maaske": 1 } },
        { "question": "u_motivation", "asked": 23, "counts": {} },
        { "question": "findes_ikke", "counts": {} },
    ]});
    let answer = app.put(&place).by(Holder).json(wrong).await.expect(422);
    let faults = answer.json()["errors"].clone();
    let told: Vec<_> = faults.as_array().expect("faults").iter().map(|f| &f["code"]).collect();
    let expected = ["more_than_asked", "not_an_option", "stands_twice", "range", "unknown_subject"];
    assert_eq!(told, expected, "{faults:#}");
}
