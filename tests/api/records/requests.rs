use serde_json::{Value, json};

use super::{of_labstem, of_programme, trail};
use crate::harness::{Answer, App, Persona::*};

api_tests!(
    an_extension_is_agreed_to,
    a_refusal_says_why_and_changes_nothing,
    the_budget_and_the_partners_change,
    a_request_can_be_taken_back,
    what_changed_meanwhile_is_not_agreed_to,
    a_request_is_told_all_that_is_wrong_with_it,
);

async fn ask(app: &App, change: Value) -> Answer {
    let body = json!({ "change": change, "reason": "Skolerne var lukket i foråret" });
    app.post(&of_labstem(app, "requests")).by(Holder).json(body).await
}

async fn decide(app: &App, request: &Value, decision: Value) -> Answer {
    app.put(&format!("{}/decision", place(request))).by(Secretariat).json(decision).await
}

fn place(request: &Value) -> String {
    format!("/requests/{}", request["id"].as_str().expect("an id"))
}

fn extension(end: &str) -> Value {
    json!({ "kind": "extension", "period_end": end })
}

async fn project(app: &App) -> Value {
    app.get(&format!("/projects/{}", app.world.labstem)).by(Holder).await.expect(200).json()
}

async fn write(app: &App, more: Value) {
    let at = format!("/projects/{}", app.world.labstem);
    let seen = app.get(&at).by(Secretariat).await.expect(200);
    let mut input = json!({
        "code": "labstem-nord", "title": "LabSTEM Nord", "holder": "aalborg-universitet",
        "status": "ongoing", "period_start": "2020", "period_end": "2022",
        "partners": ["hjoerring-gymnasium"],
        "grants": [{ "amount_ore": 60_000_000 }], "total_budget_ore": 90_000_000,
    });
    for (field, value) in more.as_object().expect("an object") {
        input[field] = value.clone();
    }
    app.put(&at).by(Secretariat).if_match(seen.etag()).json(input).await.expect(200);
}

async fn an_extension_is_agreed_to(app: &App) {
    write(app, json!({})).await;
    let before = project(app).await["version"].as_i64().expect("a version");
    let made = ask(app, extension("2023-06")).await.expect(201).json();
    let may = |request: &Value| {
        ["may_agree", "may_refuse", "may_withdraw"].map(|what| request[what] == json!(true))
    };
    assert_eq!(may(&made), [false, false, true]);
    assert_eq!(made["state"], "pending");
    assert_eq!(project(app).await["version"], before);
    let inbox = app.get(&of_programme(app, "requests?state=pending")).by(Secretariat).await;
    let inbox = inbox.expect(200).json();
    assert_eq!(inbox["items"][0]["project"], "labstem-nord");
    assert_eq!(may(&inbox["items"][0]), [true, true, false]);
    ask(app, extension("2024")).await.expect_problem(409, "request-open");
    app.clock.advance(86_400);
    let agreed = decide(app, &made, json!({ "decision": "agreed" })).await.expect(200).json();
    assert_eq!(agreed["state"], "agreed");
    assert_eq!(may(&agreed), [false, false, false]);
    let after = project(app).await;
    assert_eq!(after["version"], before + 1);
    assert_eq!(after["period_end"], "2022");
    assert_eq!(after["period_end_in_force"], "2023-06");
    assert_eq!(after["extensions"][0]["agreed_on"], "2023-02-02");
    assert_eq!(after["extensions"][0]["reason"], "Skolerne var lukket i foråret");
    let twice = decide(app, &made, json!({ "decision": "agreed" })).await;
    twice.expect_problem(409, "request-decided");
    // As it stood, it was still waiting.
    let path = of_labstem(app, "requests?as_of=2023-02-01");
    let then = app.get(&path).by(Reader).await.expect(200).json();
    assert_eq!(then["items"][0]["state"], "pending");
    assert_eq!(trail(app, &made["id"]).await, ["change_request.agreed", "change_request.made"]);
    assert_eq!(trail(app, &after["id"]).await[0], "project.updated");
}

async fn a_refusal_says_why_and_changes_nothing(app: &App) {
    write(app, json!({})).await;
    let before = project(app).await;
    let made = ask(app, extension("2023-06")).await.expect(201).json();
    let bare = decide(app, &made, json!({ "decision": "refused" })).await;
    bare.expect_fault("/note", "required");
    let refusal = json!({ "decision": "refused", "note": "Bevillingen udløber" });
    let refused = decide(app, &made, refusal).await.expect(200).json();
    assert_eq!(refused["state"], "refused");
    assert_eq!(refused["decision_note"], "Bevillingen udløber");
    assert_eq!(project(app).await, before);
    ask(app, extension("2023-03")).await.expect(201);
}

async fn the_budget_and_the_partners_change(app: &App) {
    write(app, json!({})).await;
    let budget = json!({
        "kind": "budget", "total_budget_ore": 95_000_000, "own_cofinancing_ore": 20_000_000,
        "grants_ore": [55_000_000],
    });
    let partners = json!({
        "kind": "partners", "add": ["aalborghus-gymnasium"], "remove": ["hjoerring-gymnasium"],
    });
    // One of each kind may wait, and neither is in the other's way.
    let budget = ask(app, budget).await.expect(201).json();
    let partners = ask(app, partners).await.expect(201).json();
    for request in [&budget, &partners] {
        decide(app, request, json!({ "decision": "agreed" })).await.expect(200);
    }
    let after = project(app).await;
    assert_eq!(after["total_budget_ore"], 95_000_000);
    assert_eq!(after["granted_ore"], 55_000_000);
    assert_eq!(after["own_cofinancing_ore"], 20_000_000);
    let named: Vec<_> = after["partners"].as_array().expect("partners").iter().collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0]["organisation"], "aalborghus-gymnasium");
}

async fn a_request_can_be_taken_back(app: &App) {
    write(app, json!({})).await;
    let made = ask(app, extension("2023-06")).await.expect(201).json();
    let other = app.delete(&place(&made)).by(Secretariat).await;
    other.expect_problem(403, "requester-only");
    app.delete(&place(&made)).by(Holder).await.expect(204);
    assert_eq!(app.get(&place(&made)).by(Reader).await.json()["state"], "withdrawn");
    let late = decide(app, &made, json!({ "decision": "agreed" })).await;
    late.expect_problem(409, "request-decided");
}

async fn what_changed_meanwhile_is_not_agreed_to(app: &App) {
    write(app, json!({})).await;
    let made = ask(app, extension("2023-06")).await.expect(201).json();
    // Another title is in nobody's way.
    write(app, json!({ "title": "LabSTEM" })).await;
    let shown = app.get(&place(&made)).by(Secretariat).await.expect(200).json();
    assert_eq!((&shown["outdated"], &shown["may_agree"]), (&json!(false), &json!(true)));
    write(app, json!({ "period_end": "2021" })).await;
    let shown = app.get(&place(&made)).by(Secretariat).await.expect(200).json();
    assert_eq!((&shown["outdated"], &shown["may_agree"]), (&json!(true), &json!(false)));
    assert_eq!(shown["may_refuse"], true);
    let late = decide(app, &made, json!({ "decision": "agreed" })).await;
    late.expect_problem(409, "request-outdated");
    assert_eq!(project(app).await["extensions"], json!([]));
    let refusal = json!({ "decision": "refused", "note": "Perioden er ændret" });
    decide(app, &made, refusal).await.expect(200);
}

async fn a_request_is_told_all_that_is_wrong_with_it(app: &App) {
    write(app, json!({})).await;
    ask(app, extension("2022-12-31")).await.expect_fault("/change/period_end", "not_later");
    let empty = json!({ "kind": "partners", "add": [], "remove": [] });
    ask(app, empty).await.expect_fault("/change", "changes_nothing");
    let wrong = json!({
        "kind": "partners", "add": ["hjoerring-gymnasium", "nasa"],
        "remove": ["aalborghus-gymnasium"],
    });
    let answer = ask(app, wrong).await.expect_fault("/change/add/0", "chosen_twice");
    let answer = answer.expect_fault("/change/add/1", "unknown_organisation");
    answer.expect_fault("/change/remove/0", "not_a_partner");
    let split = json!({ "kind": "budget", "grants_ore": [1, 2] });
    ask(app, split).await.expect_fault("/change/grants_ore", "one_amount_each");
    let over = json!({ "kind": "budget", "own_cofinancing_ore": 30_000_001 });
    ask(app, over).await.expect_fault("/change/total_budget_ore", "below_its_parts");
    let same = json!({ "kind": "budget", "total_budget_ore": 90_000_000 });
    ask(app, same).await.expect_fault("/change", "changes_nothing");
}
