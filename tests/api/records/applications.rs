use serde_json::{Value, json};

use super::{add, add_round, application, granted, of_programme, trail};
use crate::harness::{App, Persona::*};

api_tests!(
    an_application_is_decided,
    what_the_round_was_not_open_to_is_accepted_with_a_warning,
    a_decision_holds_together,
    a_granted_application_becomes_a_project_once,
    a_granted_application_is_tied_to_a_project_that_exists,
    a_grant_names_only_what_it_can_come_from,
);

fn place(made: &Value) -> String {
    format!("/applications/{}", made["id"].as_str().expect("an id"))
}

async fn an_application_is_decided(app: &App) {
    add_round(app).await;
    let made = add(app, application("2021-007")).await.expect(201);
    let at = place(&made.json());
    assert_eq!(made.json()["state"], "undecided");
    assert_eq!(made.json()["applicant_name"], "Hjørring Gymnasium");
    assert_eq!(made.json()["may_become_project"], false);
    add(app, application("2021-008")).await.expect(201);
    app.clock.advance(86_400);
    let put = app.put(&at).by(Secretariat).if_match(made.etag());
    let decided = put.json(granted("2021-007", 50_000_000)).await.expect(200).json();
    assert_eq!(
        (&decided["state"], &decided["may_become_project"]),
        (&json!("granted"), &json!(true))
    );
    assert_eq!(decided["warnings"], json!([]));
    // The committee's reader sees it all and may do nothing.
    let read = app.get(&at).by(Reader).await.expect(200).json();
    assert_eq!(read["decision"]["amount_ore"], 50_000_000);
    assert_eq!(read["may_become_project"], false);
    let codes = async |query: &str| {
        let path = of_programme(app, &format!("applications?{query}"));
        let found = app.get(&path).by(Reader).await.expect(200).json();
        let items = found["items"].as_array().expect("items").clone();
        items
            .iter()
            .map(|one| one["code"].as_str().expect("a code").to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("state=granted").await, ["2021-007"]);
    assert_eq!(codes("state=undecided&round=2021-open").await, ["2021-008"]);
    assert_eq!(codes("year=2021").await, ["2021-007", "2021-008"]);
    assert_eq!(codes("year=2020").await, Vec::<String>::new());
    assert_eq!(codes("state=undecided&as_of=2023-02-01").await, ["2021-007", "2021-008"]);
    assert_eq!(
        trail(app, &made.json()["id"]).await,
        ["application.granted", "application.created"]
    );
}

async fn what_the_round_was_not_open_to_is_accepted_with_a_warning(app: &App) {
    add_round(app).await;
    let mut input = granted("2021-007", 70_000_000);
    input["focus_area"] = json!("potentielle");
    input["education_levels"] = json!(["stx", "grundskole"]);
    let made = add(app, input).await.expect(201).json();
    let warnings = json!(["focus_area_not_open", "level_not_open", "above_applied"]);
    assert_eq!(made["warnings"], warnings);
}

async fn a_decision_holds_together(app: &App) {
    add_round(app).await;
    let decided = |decision: Value| {
        let mut input = application("2021-007");
        input["decision"] = decision;
        input
    };
    let bare = add(app, decided(json!({ "outcome": "granted" }))).await;
    let bare = bare.expect_fault("/decision/amount_ore", "required");
    bare.expect_fault("/decision/decided_on", "required");
    let paid = add(app, decided(json!({ "outcome": "rejected", "amount_ore": 1 }))).await;
    paid.expect_fault("/decision/amount_ore", "nothing_granted");
    let ahead = json!({ "outcome": "withdrawn", "decided_on": "2099-01-01" });
    add(app, decided(ahead)).await.expect_fault("/decision/decided_on", "after_today");
    let mut nobody = application("2021-007");
    nobody["applicant"] = json!(null);
    add(app, nobody.clone()).await.expect_fault("/applicant", "required");
    nobody["applicant_name"] = json!("Nordjyske Medier");
    nobody["round"] = json!("2031-open");
    add(app, nobody).await.expect_fault("/round", "unknown_round");
    let mut both = application("2021-007");
    both["applicant_name"] = json!("Hjørring");
    add(app, both).await.expect_fault("/applicant_name", "one_applicant");
}

async fn a_granted_application_becomes_a_project_once(app: &App) {
    add_round(app).await;
    let waiting = add(app, application("2021-008")).await.expect(201).json();
    let make = |at: String, body: Value| {
        app.post(&format!("{at}/project")).by(Secretariat).once("k1").json(body)
    };
    let body = json!({ "code": "stem-for-pigerne", "partners": ["aalborghus-gymnasium"] });
    let refused = make(place(&waiting), body.clone()).await;
    refused.expect_problem(409, "application-not-granted");
    let made = add(app, granted("2021-007", 50_000_000)).await.expect(201);
    let at = place(&made.json());
    let project = make(at.clone(), body.clone()).await.expect(201).json();
    assert_eq!(project["title"], "STEM for pigerne");
    assert_eq!(project["holder"], "hjoerring-gymnasium");
    assert_eq!((&project["year"], &project["status"]), (&json!(2021), &json!("planned")));
    assert_eq!(project["granted_ore"], 50_000_000);
    assert_eq!(project["grants"][0]["application"], "2021-007");
    assert_eq!(project["grants"][0]["round"], "2021-open");
    assert_eq!(project["grants"][0]["granted_on"], "2021-06-15");
    assert_eq!(project["partnership"], "horizontal");
    // The same request again is answered again; another one is too late.
    assert_eq!(make(at.clone(), body).await.expect(201).json()["id"], project["id"]);
    let late = app.post(&format!("{at}/project")).by(Secretariat);
    let late = late.json(json!({ "code": "en-gang-til" })).await;
    late.expect_problem(409, "application-is-project");
    let shown = app.get(&at).by(Reader).await.expect(200).json();
    assert_eq!(shown["project"], "stem-for-pigerne");
    let take_back = app.put(&at).by(Secretariat).if_match("\"1\"").json(application("2021-007"));
    take_back.await.expect_problem(409, "application-is-project");
    let away = app.delete(&at).by(Secretariat).if_match("\"1\"").await;
    away.expect_problem(409, "application-is-project");
    // Another sum than the project has is told.
    let less = app.put(&at).by(Secretariat).if_match("\"1\"").json(granted("2021-007", 40_000_000));
    assert_eq!(less.await.expect(200).json()["warnings"], json!(["grant_differs"]));
    let actions = trail(app, &made.json()["id"]).await;
    assert_eq!(
        actions,
        ["application.updated", "application.became_project", "application.created"]
    );
}

async fn a_granted_application_is_tied_to_a_project_that_exists(app: &App) {
    add_round(app).await;
    let project = format!("/projects/{}", app.world.labstem);
    let seen = app.get(&project).by(Secretariat).await.expect(200);
    let input = json!({
        "code": "labstem-nord", "title": "LabSTEM Nord", "holder": "aalborg-universitet",
        "status": "ongoing", "year": 2020,
        "grants": [{ "amount_ore": 50_000_000 }, { "amount_ore": 10_000_000 }],
    });
    app.put(&project).by(Secretariat).if_match(seen.etag()).json(input).await.expect(200);
    let tie = async |code: &str, ore: i64, body: Value| {
        let made = add(app, granted(code, ore)).await.expect(201).json();
        app.post(&format!("{}/project", place(&made))).by(Secretariat).json(body).await
    };
    let body = json!({ "project": "labstem-nord" });
    let same = tie("2021-001", 50_000_000, body.clone()).await.expect(201).json();
    // The grant that is there already is not counted twice.
    assert_eq!(same["granted_ore"], 60_000_000);
    assert_eq!(same["grants"][0]["application"], "2021-001");
    let more = tie("2021-002", 7_500_000, body).await.expect(201).json();
    assert_eq!(more["granted_ore"], 67_500_000);
    let both = json!({ "project": "labstem-nord", "code": "ny" });
    tie("2021-003", 1, both).await.expect_fault("/project", "one_project");
    let changed = json!({ "project": "labstem-nord", "status": "completed" });
    tie("2021-004", 1, changed).await.expect_fault("/project", "project_exists");
    let none = json!({ "project": "bstem" });
    tie("2021-005", 1, none).await.expect_fault("/project", "unknown_project");
    let mut stranger = granted("2021-006", 1);
    stranger["applicant"] = json!(null);
    stranger["applicant_name"] = json!("Nibe Skole");
    let made = add(app, stranger).await.expect(201).json();
    let post = app.post(&format!("{}/project", place(&made))).by(Secretariat);
    let answer = post.json(json!({ "code": "nibe" })).await;
    answer.expect_fault("/holder", "applicant_not_registered");
}

async fn a_grant_names_only_what_it_can_come_from(app: &App) {
    add_round(app).await;
    add(app, application("2021-008")).await.expect(201);
    let with = |grants: Value| {
        let input = json!({
            "code": "talstaerk", "title": "Talstærk", "holder": "aalborg-universitet",
            "status": "ongoing", "grants": grants, "total_budget_ore": 100,
            "own_cofinancing_ore": 60,
        });
        app.post(&of_programme(app, "projects")).by(Secretariat).json(input)
    };
    let bad = with(json!([
        { "amount_ore": 50, "round": "1999" },
        { "amount_ore": 1, "application": "2021-999" },
        { "amount_ore": 1, "application": "2021-008" },
    ]));
    let answer = bad.await.expect_fault("/grants/0/round", "unknown_round");
    let answer = answer.expect_fault("/grants/1/application", "unknown_application");
    let answer = answer.expect_fault("/grants/2/application", "not_granted");
    answer.expect_fault("/total_budget_ore", "below_its_parts");
}
