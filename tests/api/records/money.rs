use serde_json::{Value, json};

use super::{of_labstem, of_programme, trail};
use crate::harness::{App, Persona::*};

api_tests!(
    spending_is_the_standing_on_its_date,
    money_is_held_against_time,
    partners_are_on_one_level_or_across,
);

async fn write(app: &App, more: Value) {
    let place = format!("/projects/{}", app.world.labstem);
    let seen = app.get(&place).by(Secretariat).await.expect(200);
    let mut input = json!({
        "code": "labstem-nord", "title": "LabSTEM Nord", "holder": "aalborg-universitet",
        "status": "ongoing", "year": 2020, "reason": "Efter aftale",
    });
    for (field, value) in more.as_object().expect("an object") {
        input[field] = value.clone();
    }
    app.put(&place).by(Secretariat).if_match(seen.etag()).json(input).await.expect(200);
}

async fn spending_is_the_standing_on_its_date(app: &App) {
    let path = of_labstem(app, "spending");
    let put = |day: &str, ore: i64| {
        app.put(&path).by(Holder).json(json!({ "on_date": day, "spent_ore": ore }))
    };
    let first = put("2021-12-31", 2_000_000).await.expect(201).json();
    put("2022-12-31", 9_000_000).await.expect(201);
    put("2022-12-31", 9_000_000).await.expect(200);
    put("2099-12-31", 1).await.expect_fault("/on_date", "after_today");
    app.clock.advance(86_400);
    put("2021-12-31", 2_100_000).await.expect(200);
    let spent = async |query: &str| {
        let found = app.get(&format!("{path}{query}")).by(Reader).await.expect(200).json();
        let items = found["items"].as_array().expect("items").clone();
        items.iter().map(|one| one["spent_ore"].as_i64().expect("øre")).collect::<Vec<_>>()
    };
    assert_eq!(spent("").await, [2_100_000, 9_000_000]);
    assert_eq!(spent("?as_of=2023-02-01").await, [2_000_000, 9_000_000]);
    let place = format!("/spending/{}", first["id"].as_str().expect("an id"));
    let withdraw = app.post(&format!("{place}/withdraw")).by(Holder);
    withdraw.json(json!({ "reason": "Andet projekt" })).await.expect(200);
    assert_eq!(spent("").await, [9_000_000]);
    assert_eq!(spent("?with_withdrawn=true").await.len(), 2);
    let history = app.get(&format!("{place}/history")).by(Holder).await.expect(200).json();
    assert_eq!(history["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(trail(app, &first["id"]).await[0], "spending.withdrawn");
}

async fn money_is_held_against_time(app: &App) {
    let path = of_labstem(app, "finances");
    let before = app.get(&path).by(Holder).await.expect(200).json();
    let missing = json!(["grants", "spending", "period_start", "period_end"]);
    assert_eq!(before["missing"], missing);
    assert_eq!(before["granted_ore"], json!(null));
    write(
        app,
        json!({
            "period_start": "2021", "period_end": "2022",
            "extensions": [{ "period_end": "2024" }],
            "grants": [{ "amount_ore": 60_000_000 }, { "amount_ore": 40_000_000 }],
            "total_budget_ore": 150_000_000, "own_cofinancing_ore": 30_000_000,
            "other_cofinancing_ore": 5_000_000,
        }),
    )
    .await;
    let spending = json!({ "on_date": "2022-12-31", "spent_ore": 12_500_000 });
    app.put(&of_labstem(app, "spending")).by(Holder).json(spending).await.expect(201);
    let after = app.get(&path).by(Reader).await.expect(200).json();
    assert_eq!(after["missing"], json!([]));
    assert_eq!(after["granted_ore"], 100_000_000);
    assert_eq!(after["unfunded_ore"], 15_000_000);
    assert_eq!(after["spent_percent"], json!(12.5));
    // Two of four years, one of them a leap year.
    assert_eq!((&after["days_elapsed"], &after["days_in_all"]), (&json!(730), &json!(1461)));
    assert_eq!((&after["elapsed_percent"], &after["behind_points"]), (&json!(50), &json!(37.5)));
    let all = app.get(&of_programme(app, "finances?status=ongoing")).by(Reader).await;
    let all = all.expect(200).json();
    let found = all["items"].as_array().expect("items").iter();
    let behind = found.filter(|one| one["behind_points"] == json!(37.5)).count();
    assert_eq!(behind, 1);
}

async fn partners_are_on_one_level_or_across(app: &App) {
    let partnership = async || {
        let place = format!("/projects/{}", app.world.labstem);
        app.get(&place).by(Holder).await.expect(200).json()["partnership"].clone()
    };
    assert_eq!(partnership().await, "vertical");
    let school = |code: &str, more: Value| {
        let mut input = json!({ "code": code, "name": code });
        for (field, value) in more.as_object().expect("an object") {
            input[field] = value.clone();
        }
        app.post(&of_programme(app, "organisations")).by(Secretariat).json(input)
    };
    school("siemens", json!({ "kind": "company" })).await.expect(201);
    school("ukendt", json!({})).await.expect(201);
    let wrong = json!({ "kind": "company", "education_type": "stx" });
    school("forkert", wrong).await.expect_fault("/education_type", "gives_no_education");
    let ucn = school("ucn", json!({ "education_type": "videregaaende" })).await.expect(201).json();
    assert_eq!(ucn["kind"], "education");
    for (partners, expected) in [
        (json!([]), "none"),
        (json!(["siemens"]), "none"),
        (json!(["siemens", "ucn"]), "horizontal"),
        (json!(["siemens", "ucn", "ukendt"]), "unknown"),
        (json!(["hjoerring-gymnasium", "ukendt"]), "vertical"),
    ] {
        write(app, json!({ "partners": partners })).await;
        assert_eq!(partnership().await, expected, "{partners}");
    }
}
