//! Answers: stored once, durable, and never a batch lost to one of them.

use futures_util::future::join_all;
use maaltal::surveys::code_key::CodeKey;
use maaltal::surveys::forms::Forms;
use maaltal::surveys::tally;
use serde_json::{Value, json};

use super::{class, definition, id_of, link_with, published, respond, response, token_of, yes};
use crate::harness::{App, Persona::*, SIGNING_KEY};

api_tests!(
    the_form_shows_what_is_asked,
    what_does_not_fit_is_told_by_pointer,
    the_same_answers_are_stored_once,
    a_replay_is_known_when_nothing_is_taken_any_more,
    a_link_takes_answers_in_its_time_only,
    a_class_answers_at_once,
    a_cap_holds_when_many_come_at_once,
    a_code_is_good_once_when_two_come_at_once,
    a_code_is_known_by_the_installations_key_only,
    instances_store_side_by_side,
    who_guesses_is_slowed_down,
    a_class_behind_one_address_gets_through_while_others_guess,
    tallies_are_what_the_responses_add_up_to,
);

async fn answered(app: &App, link: &crate::harness::Answer) -> Value {
    let place = link.header("location").expect("a place");
    app.get(&format!("{place}/status")).by(Contributor).await.expect(200).json()["answered"].clone()
}

async fn the_form_shows_what_is_asked(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    let form = app.get(&format!("/links/{token}/form")).await.expect(200);
    assert!(form.header("set-cookie").is_none());
    let form = form.json();
    assert_eq!(form["state"], "open");
    assert_eq!(form["definition"], definition("elever-14-19"));
    for field in ["label", "organisation", "token", "id"] {
        assert!(form.get(field).is_none(), "{field} is nothing to who answers");
    }
    app.get("/links/ABCDEFGHJK/form").await.expect(404);
    app.get("/links/nothing/form").await.expect(404);
}

async fn what_does_not_fit_is_told_by_pointer(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    let wrong = response(json!({ "u_forstaaelse": "maaske", "findes_ikke": "ja" }));
    let answer = respond(app, &token, &wrong).await;
    let answer = answer.expect_fault("/answers/u_forstaaelse", "not_an_option");
    answer.expect_fault("/answers/findes_ikke", "unknown_question");
    let body = json!({ "id": "nummer-1", "answers": {} });
    let path = format!("/links/{token}/responses");
    let answer = app.post(&path).json(body).deliberately_bad().await;
    answer.expect_fault("/id", "not_an_id");
    // Ids that another form may have made too: nothing, one by the time, one by the machine.
    for id in [
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "c232ab00-9414-11ec-b3c8-9f6bdeced846",
    ] {
        let body = json!({ "id": id, "answers": { "u_samarbejde": 1 } });
        let answer = respond(app, &token, &body).await;
        let answer = answer.expect_fault("/id", "not_a_random_id");
        answer.expect_fault("/answers/u_samarbejde", "not_one_option");
        let mut mine = response(yes());
        mine["id"] = id.into();
        respond(app, &token, &mine).await.expect_fault("/id", "not_a_random_id");
    }
    assert_eq!(answered(app, &link).await, 0);
}

async fn the_same_answers_are_stored_once(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    let mut mine = response(yes());
    let first = respond(app, &token, &mine).await.expect(201);
    assert!(first.header("set-cookie").is_none());
    assert_eq!(first.json(), json!({ "id": mine["id"] }));
    // In another order, and with what a form sends for a question left alone.
    mine["answers"] = json!({ "u_forstaaelse": "hoej", "u_job": null, "u_samarbejde": "ja" });
    respond(app, &token, &mine).await.expect(201);
    mine["answers"]["u_forstaaelse"] = "nogen".into();
    respond(app, &token, &mine).await.expect_fault("/id", "response_differs");
    assert_eq!(answered(app, &link).await, 1);

    // The button pressed twice: both come at once.
    let twice = response(yes());
    for answer in join_all([respond(app, &token, &twice), respond(app, &token, &twice)]).await {
        answer.expect(201);
    }
    assert_eq!(answered(app, &link).await, 2);
    // The same id at another link is another response.
    let place = link.json()["questionnaire_id"].as_str().expect("an id").to_string();
    let links = format!("/questionnaires/{place}/links");
    let other = app.post(&links).by(Contributor).json(class()).await.expect(201);
    respond(app, &token_of(&other), &response(json!({}))).await.expect(201);
    assert_eq!(answered(app, &other).await, 1);
}

async fn a_replay_is_known_when_nothing_is_taken_any_more(app: &App) {
    let mut input = class();
    input["cap"] = 1.into();
    let link = link_with(app, input).await;
    let token = token_of(&link);
    let mine = response(yes());
    respond(app, &token, &mine).await.expect(201);
    respond(app, &token, &response(yes())).await.expect_problem(409, "link-full");
    respond(app, &token, &mine).await.expect(201);
    assert_eq!(app.get(&format!("/links/{token}/form")).await.json()["full"], true);
    let place = link.header("location").expect("a place");
    let closed = app.post(&format!("{place}/close")).by(Contributor).await.expect(200);
    assert_eq!(closed.json()["state"], "closed");
    app.post(&format!("{place}/close")).by(Contributor).await.expect(200);
    respond(app, &token, &response(yes())).await.expect_problem(409, "link-closed");
    respond(app, &token, &mine).await.expect(201);
    let form = app.get(&format!("/links/{token}/form")).await.expect(200).json();
    assert_eq!((&form["state"], &form["definition"]), (&json!("closed"), &json!(null)));
}

async fn a_link_takes_answers_in_its_time_only(app: &App) {
    let mut input = class();
    input["opens_at"] = "2023-02-01T10:00:00Z".into();
    input["closes_at"] = "2023-02-01T11:00:00Z".into();
    let link = link_with(app, input).await;
    let token = token_of(&link);
    assert_eq!(link.json()["state"], "planned");
    respond(app, &token, &response(yes())).await.expect_problem(409, "link-planned");
    app.clock.advance(3600);
    respond(app, &token, &response(yes())).await.expect(201);
    app.clock.advance(3600);
    respond(app, &token, &response(yes())).await.expect_problem(409, "link-closed");
    let place = link.header("location").expect("a place");
    // Nobody has come around to closing it.
    assert_eq!(app.get(place).by(Contributor).await.json()["state"], "closing");
    maaltal::surveys::upkeep::close_due(&app.store, app.clock.now()).await.expect("closed");
    let link = app.get(place).by(Contributor).await.expect(200);
    assert_eq!(link.json()["state"], "closed");
    let mut input = class();
    input["closes_at"] = "2023-02-02T11:00:00Z".into();
    let refused = app.put(place).by(Contributor).if_match(link.etag()).json(input).await;
    refused.expect_problem(409, "link-closed");
}

async fn a_class_answers_at_once(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    let bodies: Vec<Value> = (0..30).map(|_| response(yes())).collect();
    // One that doesn't fit and one under an id that is taken, among all the others.
    let mut differs = bodies[0].clone();
    respond(app, &token, &differs).await.expect(201);
    differs["answers"] = json!({});
    let others = bodies.iter().chain([&differs]).map(|body| respond(app, &token, body));
    let statuses: Vec<u16> = join_all(others).await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses[..30], [201; 30]);
    assert_eq!(statuses[30], 422);
    assert_eq!(answered(app, &link).await, 30);
}

async fn a_cap_holds_when_many_come_at_once(app: &App) {
    let mut input = class();
    input["cap"] = 7.into();
    let link = link_with(app, input).await;
    let token = token_of(&link);
    let bodies: Vec<Value> = (0..20).map(|_| response(yes())).collect();
    let answers = join_all(bodies.iter().map(|body| respond(app, &token, body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 7);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 13);
    assert_eq!(answered(app, &link).await, 7);
}

async fn a_code_is_good_once_when_two_come_at_once(app: &App) {
    let mut input = class();
    input["access"] = "codes".into();
    let link = link_with(app, input).await;
    let place = link.header("location").expect("a place");
    let codes = app.post(&format!("{place}/codes")).by(Contributor).json(json!({ "count": 1 }));
    let codes = codes.await.expect(200).json();
    let token = token_of(&link);
    let with_code = || {
        let mut body = response(yes());
        body["code"] = codes["codes"][0].clone();
        body
    };
    let (one, other) = (with_code(), with_code());
    let mut both: Vec<u16> = join_all([respond(app, &token, &one), respond(app, &token, &other)])
        .await
        .iter()
        .map(|answer| answer.status)
        .collect();
    both.sort_unstable();
    assert_eq!(both, [201, 422]);
}

async fn a_code_is_known_by_the_installations_key_only(app: &App) {
    let mut input = class();
    input["access"] = "codes".into();
    let link = link_with(app, input).await;
    let place = link.header("location").expect("a place");
    let codes = app.post(&format!("{place}/codes")).by(Contributor).json(json!({ "count": 1 }));
    let codes = codes.await.expect(200).json();
    let mut mine = response(yes());
    mine["code"] = codes["codes"][0].clone();
    let take = async |key: &[u8]| {
        let key = CodeKey::of(key).expect("a key");
        let instance = Forms::start(app.store.clone(), key).expect("an instance");
        let input = serde_json::from_value(mine.clone()).expect("a response");
        instance.take(&token_of(&link), input, app.clock.now()).await.is_ok()
    };
    assert!(!take(b"the same database, and another key beside it").await);
    assert_eq!(answered(app, &link).await, 0);
    assert!(take(SIGNING_KEY).await);
}

/// As several instances on one PostgreSQL do; on SQLite two writers take turns.
async fn instances_store_side_by_side(app: &App) {
    let links = format!("{}/links", published(app).await);
    let mut tokens = Vec::new();
    for cap in [Some(25), None, None] {
        let mut input = class();
        input["cap"] = json!(cap);
        let link = app.post(&links).by(Holder).json(input).await.expect(201);
        tokens.push(token_of(&link));
    }
    let key = || CodeKey::of(SIGNING_KEY).expect("a key");
    let instance = || Forms::start(app.store.clone(), key()).expect("an instance");
    let instances = [instance(), instance(), instance()];
    let now = app.clock.now();
    let take = async |instance: usize, link: usize, body: &Value| {
        let input = serde_json::from_value(body.clone()).expect("a response");
        let taken = instances[instance].take(&tokens[link], input, now).await;
        taken.is_ok()
    };
    // The same one through two instances is one.
    let twice = response(yes());
    assert_eq!(join_all([take(0, 1, &twice), take(1, 1, &twice)]).await, [true, true]);

    let bodies: Vec<Value> = (0..180).map(|_| response(yes())).collect();
    let all = bodies.iter().enumerate().map(|(n, body)| take(n % 3, n / 3 % 3, body));
    let taken = join_all(all).await;
    let at = |link: usize| {
        let here = taken.iter().enumerate().filter(|(n, _)| n / 3 % 3 == link);
        here.filter(|(_, taken)| **taken).count()
    };
    assert_eq!((at(0), at(1), at(2)), (25, 60, 60));
    let differences = app.store.read(tally::verify).await.expect("a recount");
    assert_eq!(differences, []);
}

async fn who_guesses_is_slowed_down(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    let form = format!("/links/{token}/form");
    app.get(&form).await.expect(200);
    for _ in 0..500 {
        app.get("/links/ABCDEFGHJK/form").await.expect(404);
    }
    let refused = app.get("/links/ABCDEFGHJK/form").await.expect_problem(429, "slow-down");
    assert!(refused.header("retry-after").is_some());
    // Whose link is known goes on.
    app.get(&form).await.expect(200);
    respond(app, &token, &response(yes())).await.expect(201);
    app.clock.advance(1);
    app.get("/links/ABCDEFGHJK/form").await.expect(404);
}

/// At one moment, which is harder than thirty seconds: each opens the form, types the code wrong
/// once and then right.
async fn a_class_behind_one_address_gets_through_while_others_guess(app: &App) {
    let links = format!("{}/links", published(app).await);
    let mut input = class();
    input["access"] = "codes".into();
    let coded = async || app.post(&links).by(Holder).json(input.clone()).await.expect(201);
    let (own, other) = (coded().await, coded().await);
    let place = own.header("location").expect("a place");
    let codes = app.post(&format!("{place}/codes")).by(Holder).json(json!({ "count": 30 }));
    let codes = codes.await.expect(200).json()["codes"].as_array().expect("codes").clone();
    let with = |code: &Value| {
        let mut body = response(yes());
        body["code"] = code.clone();
        body
    };
    let form = format!("/links/{}/form", token_of(&own));
    app.get(&form).await.expect(200);

    // Others spend the budgets of tokens and of another link's codes.
    let guess = with(&"ABCDEFGH".into());
    let place = other.header("location").expect("a place");
    let code = app.post(&format!("{place}/codes")).by(Holder).json(json!({ "count": 1 })).await;
    let mut stored = with(&code.expect(200).json()["codes"][0]);
    respond(app, &token_of(&other), &stored).await.expect(201);
    for _ in 0..100 {
        respond(app, &token_of(&other), &guess).await.expect(422);
    }
    respond(app, &token_of(&other), &guess).await.expect_problem(429, "slow-down");
    // Who has answered before hears so all the same.
    respond(app, &token_of(&other), &stored).await.expect(201);
    stored["answers"] = json!({});
    respond(app, &token_of(&other), &stored).await.expect_fault("/id", "response_differs");
    for _ in 0..500 {
        app.get("/links/ABCDEFGHJK/form").await.expect(404);
    }
    app.get("/links/ABCDEFGHJK/form").await.expect_problem(429, "slow-down");

    for code in &codes {
        app.get(&form).await.expect(200);
        let slip = with(&"ABCDEFGH".into());
        respond(app, &token_of(&own), &slip).await.expect_fault("/code", "code_not_good");
        respond(app, &token_of(&own), &with(code)).await.expect(201);
    }
    assert_eq!(answered(app, &own).await, 30);
}

async fn tallies_are_what_the_responses_add_up_to(app: &App) {
    let place = published(app).await;
    let link = app.post(&format!("{place}/links")).by(Holder).json(class()).await.expect(201);
    let token = token_of(&link);
    let answers = [
        json!({ "u_samarbejde": "ja", "u_forstaaelse": "hoej" }),
        json!({ "u_samarbejde": "ja", "u_forstaaelse": "meget_hoej" }),
        json!({ "u_samarbejde": "nej", "u_forstaaelse": "nogen" }),
        json!({ "u_forstaaelse": "ved_ikke" }),
        json!({}),
    ];
    for one in &answers {
        respond(app, &token, &response(one.clone())).await.expect(201);
    }
    let id = id_of(&link);
    let questionnaire = place.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let cross = move |db: &mut maaltal::store::Db| {
        let yes = ["ja".to_string()].into();
        tally::hold(db, &[questionnaire])?;
        tally::cross(db, questionnaire, "u_samarbejde", &yes, "u_forstaaelse")
    };
    let programme = app.world.nordjylland;
    app.store.write(programme, cross).await.expect("tallied crossed");
    app.store.write(programme, cross).await.expect("once only");
    // From then on each that comes is tallied crossed too.
    respond(app, &token, &response(answers[0].clone())).await.expect(201);
    let tallied = app.store.read(move |db| tally::of_link(db, id)).await.expect("a tally");
    let n = |question: &str, option: &str, base: Option<(&str, &str)>| {
        let base = base.map(|(question, option)| (question.to_string(), option.to_string()));
        let cell = maaltal::surveys::answers::Cell {
            question: question.to_string(),
            option: option.to_string(),
            base,
        };
        tallied[&tally::Source::Response].get(&cell).copied().unwrap_or(0)
    };
    assert_eq!(n("", "", None), 6);
    assert_eq!(n("u_samarbejde", "ja", None), 3);
    assert_eq!(n("u_samarbejde", "", None), 2);
    assert_eq!(n("u_forstaaelse", "hoej", None), 2);
    assert_eq!(n("u_forstaaelse", "hoej", Some(("u_samarbejde", "ja"))), 2);
    assert_eq!(n("u_forstaaelse", "meget_hoej", Some(("u_samarbejde", "ja"))), 1);
    assert_eq!(n("u_forstaaelse", "nogen", Some(("u_samarbejde", "nej"))), 1);
    assert_eq!(n("u_forstaaelse", "ved_ikke", Some(("u_samarbejde", ""))), 1);
    let differences = app.store.read(tally::verify).await.expect("a recount");
    assert_eq!(differences, []);
}
