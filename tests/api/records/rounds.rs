use serde_json::json;

use super::{add, add_round, application, of_programme, round_2021, trail};
use crate::harness::{App, Persona::*};

api_tests!(
    a_round_keeps_its_history,
    a_round_is_told_all_that_is_wrong_with_it,
    a_round_is_taken_out_and_comes_back,
);

async fn a_round_keeps_its_history(app: &App) {
    let made = add_round(app).await;
    assert_eq!(made.json()["focus_areas"], json!(["piger-kvinder"]));
    assert_eq!(made.json()["education_levels"], json!(["ungdomsuddannelse"]));
    let place = format!("/rounds/{}", made.json()["id"].as_str().expect("an id"));
    app.clock.advance(86_400);
    let mut input = round_2021();
    input["envelope_ore"] = json!(454_000_000);
    input["reason"] = json!("Tillægsbevilling");
    let change = || app.put(&place).by(Secretariat).json(input.clone());
    let changed = change().if_match(made.etag()).await.expect(200);
    assert_eq!(changed.json()["envelope_ore"], 454_000_000);
    change().if_match(made.etag()).await.expect_problem(412, "stale");
    // What is unchanged makes no version.
    assert_eq!(change().if_match(changed.etag()).await.expect(200).etag(), changed.etag());
    // Rounds are public within the programme, as they stand and as they stood.
    let then = app.get(&format!("{place}?as_of=2023-02-01")).by(Contributor).await.expect(200);
    assert_eq!(then.json()["envelope_ore"], 374_000_000);
    let listed = app.get(&of_programme(app, "rounds?year=2021&kind=open")).by(Holder).await;
    assert_eq!(listed.expect(200).json()["items"][0]["envelope_ore"], 454_000_000);
    let past = app.get(&of_programme(app, "rounds?as_of=2023-01-01")).by(Holder).await;
    assert_eq!(past.expect(200).json()["items"], json!([]));
    let history = app.get(&format!("{place}/history")).by(Reader).await.expect(200).json();
    let figures: Vec<_> = history["items"].as_array().expect("items").iter().collect();
    assert_eq!(figures.len(), 2);
    assert_eq!(figures[1]["round"]["envelope_ore"], 374_000_000);
    assert_eq!(figures[0]["superseded_at"], json!(null));
    assert_eq!(trail(app, &made.json()["id"]).await, ["round.updated", "round.created"]);
}

async fn a_round_is_told_all_that_is_wrong_with_it(app: &App) {
    let post = |input| app.post(&of_programme(app, "rounds")).by(Secretariat).json(input);
    let bad = json!({
        "code": "2021-open", "year": 2021, "kind": "closed",
        "focus_areas": ["piger-kvinder", "piger-kvinder"], "education_levels": ["universe"],
    });
    let answer = post(bad).await.expect_fault("/kind", "unknown_code");
    let answer = answer.expect_fault("/focus_areas/1", "chosen_twice");
    answer.expect_fault("/education_levels/0", "unknown_code");
    add_round(app).await;
    post(round_2021()).await.expect_fault("/code", "taken");
    let unknown = app.get(&of_programme(app, "rounds?kind=closed")).by(Reader).await;
    unknown.expect_problem(400, "malformed");
}

async fn a_round_is_taken_out_and_comes_back(app: &App) {
    let made = add_round(app).await;
    let id = made.json()["id"].clone();
    let place = format!("/rounds/{}", id.as_str().expect("an id"));
    let applied = add(app, application("2021-007")).await.expect(201);
    let remove = || app.delete(&place).by(Secretariat).if_match("\"1\"");
    remove().await.expect_problem(409, "round-in-use");
    let at = format!("/applications/{}", applied.json()["id"].as_str().expect("an id"));
    app.delete(&at).by(Secretariat).if_match("\"1\"").await.expect(204);
    app.get(&at).by(Secretariat).await.expect(404);
    app.clock.advance(86_400);
    remove().await.expect(204);
    app.get(&place).by(Reader).await.expect(404);
    app.get(&format!("{place}?as_of=2023-02-01")).by(Reader).await.expect(200);
    let again = add_round(app).await.json();
    assert_eq!((&again["id"], &again["version"]), (&id, &json!(3)));
}
