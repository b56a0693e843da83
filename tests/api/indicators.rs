//! Indicators, their targets and values, and progress.

use serde_json::{Value, json};

use crate::harness::{App, Persona::*};

api_tests!(
    labstem_nord_reached_74_teachers_of_45,
    a_count_at_a_broader_level_stands_beside,
    the_holder_proposes_and_the_secretariat_agrees,
    a_proposal_can_be_taken_back,
    a_target_is_told_all_that_is_wrong_with_it,
    a_value_is_the_standing_on_its_date,
    what_a_report_says_stands_beside,
    an_indicator_keeps_its_code_and_can_be_retired,
    the_programme_has_goals_of_its_own,
    each_sees_what_is_theirs,
    what_an_indicator_took_is_not_changed_afterwards,
    a_revision_that_would_never_hold_is_refused,
    a_target_is_split_among_those_who_take_part,
);

fn of_labstem(app: &App, rest: &str) -> String {
    format!("/projects/{}/{rest}", app.world.labstem)
}

fn teachers() -> Value {
    json!({
        "code": "labstem-nord-teachers",
        "title": "Undervisere på tværs af hele uddannelseskæden",
        "level": "output",
        "unit": "people",
        "source": "participation",
        "filter": { "roles": ["teacher"] },
        "first_target": { "target": { "shape": "at_least", "minimum": 45 } },
    })
}

fn seminars() -> Value {
    json!({
        "code": "labstem-nord-seminars", "title": "Seminarer", "level": "output",
        "unit": "seminars", "source": "manual",
    })
}

/// Defines an indicator of LabSTEM Nord; its address.
async fn defined(app: &App, input: Value) -> String {
    let made = app.post(&of_labstem(app, "indicators")).by(Secretariat).json(input);
    made.await.expect(201).header("location").expect("a place").to_string()
}

async fn counted(app: &App, role: &str, level: Option<&str>, participants: u32) {
    let count = json!({
        "period": { "start": "2022-01-01", "end": "2022-12-31" },
        "role": role, "education_level": level, "counting": "unique",
        "participants": participants,
    });
    app.put(&of_labstem(app, "counts")).by(Holder).json(count).await.expect(201);
}

async fn progress(app: &App, query: &str) -> Value {
    let path = of_labstem(app, &format!("progress{query}"));
    app.get(&path).by(Reader).await.expect(200).json()
}

fn revised(minimum: u32) -> Value {
    json!({
        "target": { "shape": "at_least", "minimum": minimum },
        "reason": "4 skoler deltager, ikke 6",
        "holds_from": "2022-08-01",
    })
}

async fn labstem_nord_reached_74_teachers_of_45(app: &App) {
    defined(app, teachers()).await;
    let before = progress(app, "").await;
    assert_eq!(before["indicators"][0]["actual"], Value::Null);
    assert_eq!(before["indicators"][0]["state"], "no_data");
    app.clock.advance(86_400);
    counted(app, "teacher", None, 74).await;
    let now = progress(app, "").await;
    let teachers = &now["indicators"][0];
    assert_eq!(teachers["actual"], 74);
    assert_eq!(teachers["actual_kind"], "counted");
    assert_eq!(
        teachers["percent"],
        json!({ "numerator": 74, "denominator": 45, "percent": 164.4 })
    );
    assert_eq!((&teachers["remaining"], &teachers["state"]), (&json!(0), &json!("exceeded")));
    // Yesterday nothing was counted yet.
    let yesterday = progress(app, "?as_of=2023-02-01").await;
    assert_eq!(yesterday["indicators"][0]["state"], "no_data");
    assert_eq!(yesterday["day"], "2023-02-01");
    // And the day before the indicator was not yet defined.
    let earlier = progress(app, "?as_of=2023-01-31").await;
    assert_eq!(earlier["indicators"], json!([]));
}

async fn a_count_at_a_broader_level_stands_beside(app: &App) {
    let stx = json!({
        "code": "labstem-nord-stx", "title": "Elever på stx", "level": "output",
        "unit": "classes", "source": "participation",
        "filter": { "roles": ["pupil"], "education_levels": ["stx"] },
        "first_target": {
            "target": { "shape": "classes", "classes": 16, "estimated_pupils": 448 },
        },
    });
    defined(app, stx).await;
    counted(app, "pupil", Some("ungdomsuddannelse"), 500).await;
    counted(app, "pupil", Some("grundskole"), 300).await;
    let progress = progress(app, "").await;
    let stx = &progress["indicators"][0];
    assert_eq!(stx["actual"], Value::Null);
    assert_eq!((&stx["state"], &stx["at_broader_level"]), (&json!("no_data"), &json!(500)));
    assert_eq!(progress["outside_indicators"], json!({ "unique": 300, "attendances": null }));
}

async fn the_holder_proposes_and_the_secretariat_agrees(app: &App) {
    let indicator = defined(app, teachers()).await;
    let revisions = format!("{indicator}/revisions");
    let bare = json!({ "target": { "shape": "at_least", "minimum": 40 } });
    let bare = app.post(&revisions).by(Holder).json(bare).await;
    bare.expect_fault("/reason", "required");
    let proposed = app.post(&revisions).by(Holder).json(revised(40)).await.expect(201);
    assert_eq!(proposed.json()["state"], "proposed");
    let again = app.post(&revisions).by(Secretariat).json(revised(38)).await;
    again.expect_problem(409, "proposal-open");
    let waiting = progress(app, "").await;
    assert_eq!(waiting["indicators"][0]["target"]["figure"], 45);
    assert_eq!(waiting["indicators"][0]["pending"]["target"]["minimum"], 40);

    app.clock.advance(86_400);
    let decision = format!("{}/decision", proposed.header("location").expect("a place"));
    let agree = || json!({ "decision": "agreed", "note": "Aftalt på mødet" });
    let by_holder = app.put(&decision).by(Holder).json(agree()).await;
    by_holder.expect_problem(403, "secretariat-only");
    let agreed = app.put(&decision).by(Secretariat).json(agree()).await.expect(200).json();
    assert_eq!((&agreed["state"], &agreed["number"]), (&json!("agreed"), &json!(2)));
    assert_eq!(agreed["proposed_by"], json!(app.account(Holder)));
    assert_eq!(agreed["decided_by"], json!(app.account(Secretariat)));
    let twice = app.put(&decision).by(Secretariat).json(json!({ "decision": "refused" })).await;
    twice.expect_problem(409, "already-decided");

    let now = progress(app, "").await;
    assert_eq!(now["indicators"][0]["target"]["figure"], 40);
    assert_eq!(now["indicators"][0]["original_target"]["figure"], 45);
    assert_eq!(now["indicators"][0]["pending"], Value::Null);
    let then = app.get(&format!("{revisions}?as_of=2023-02-01")).by(Reader).await.expect(200);
    assert_eq!(then.json()["items"][1]["state"], "proposed");
}

async fn a_proposal_can_be_taken_back(app: &App) {
    let indicator = defined(app, teachers()).await;
    let revisions = format!("{indicator}/revisions");
    let proposed = app.post(&revisions).by(Holder).once("k1").json(revised(40)).await.expect(201);
    let replayed = app.post(&revisions).by(Holder).once("k1").json(revised(40)).await.expect(201);
    assert_eq!(replayed.json()["id"], proposed.json()["id"]);
    let place = proposed.header("location").expect("a place");
    app.delete(place).by(Secretariat).await.expect_problem(403, "proposer-only");
    app.delete(place).by(Holder).await.expect(204);
    app.delete(place).by(Holder).await.expect_problem(409, "already-decided");
    assert_eq!(app.get(place).by(Holder).await.expect(200).json()["state"], "withdrawn");
    // The next one may come, and the secretariat's own is agreed at once.
    let next = app.post(&revisions).by(Secretariat).json(revised(38)).await.expect(201).json();
    assert_eq!((&next["state"], &next["number"]), (&json!("agreed"), &json!(3)));
}

async fn a_target_is_told_all_that_is_wrong_with_it(app: &App) {
    let mut input = teachers();
    input["activity"] = json!(9);
    input["filter"] = json!({ "roles": ["laerer"], "organisation": "ukendt" });
    input["first_target"] = json!({
        "target": { "shape": "at_least", "minimum": 45 },
        "parts": [{ "organisation": "hjoerring-gymnasium", "minimum": 5 },
            { "organisation": "hjoerring-gymnasium", "minimum": 5 }],
        "planned": [{ "by": "2022-07-31", "figure": 30 }, { "by": "2023-07-31", "figure": 20.5 }],
    });
    let answer = app.post(&of_labstem(app, "indicators")).by(Secretariat).json(input).await;
    let answer = answer.expect_fault("/activity", "unknown_activity").json();
    let told: Vec<&str> = answer["errors"]
        .as_array()
        .expect("faults")
        .iter()
        .filter_map(|fault| fault["pointer"].as_str())
        .collect();
    assert_eq!(
        told,
        [
            "/activity",
            "/filter/roles/0",
            "/filter/organisation",
            "/first_target/parts",
            "/first_target/planned/1/figure",
            "/first_target/parts/1/organisation",
        ]
    );
    let mut percent = teachers();
    percent["first_target"] = json!({ "target": { "shape": "at_least_percent", "percent": 80 } });
    let answer = app.post(&of_labstem(app, "indicators")).by(Secretariat).json(percent).await;
    answer.expect_fault("/first_target/target/shape", "shape_not_for_source");
    let mut vague = teachers();
    vague["first_target"] = json!({ "target": { "shape": "at_most", "maximum": 80 } });
    let answer = app.post(&of_labstem(app, "indicators")).by(Secretariat).json(vague);
    answer.deliberately_bad().await.expect(422);
}

async fn a_value_is_the_standing_on_its_date(app: &App) {
    let indicator = defined(app, seminars()).await;
    let values = format!("{indicator}/values");
    let value = |date: &str, figure: f64| json!({ "on_date": date, "figure": figure });
    let made = app.put(&values).by(Holder).json(value("2022-06-30", 1.0)).await.expect(201);
    app.put(&values).by(Holder).json(value("2022-12-31", 2.5)).await.expect(201);
    let place = made.header("location").expect("a place").to_string();
    let same = app.put(&values).by(Holder).json(value("2022-06-30", 1.0)).await.expect(200);
    assert_eq!(same.json()["recorded_at"], made.json()["recorded_at"]);
    app.clock.advance(60);
    app.put(&values).by(Holder).json(value("2022-06-30", 2.0)).await.expect(200);
    let history = app.get(&format!("{place}/history")).by(Reader).await.expect(200).json();
    let figures: Vec<&Value> =
        history["items"].as_array().expect("versions").iter().map(|one| &one["figure"]).collect();
    assert_eq!(figures, [&json!(1), &json!(2)]);
    let late = app.put(&values).by(Holder).json(value("2023-02-02", 3.0)).await;
    late.expect_fault("/on_date", "after_today");
    let vague = app.put(&values).by(Holder).json(value("2022-06-30", 1.2345));
    vague.deliberately_bad().await.expect_fault("/figure", "wrong_type");

    // Without a target there is nothing to reach; what was reached is shown all the same.
    let seminars = progress(app, "").await["indicators"][0].clone();
    assert_eq!((&seminars["actual"], &seminars["actual_kind"]), (&json!(2.5), &json!("posted")));
    assert_eq!((&seminars["state"], &seminars["remaining"]), (&json!("no_target"), &Value::Null));

    let page = app.get(&format!("{values}?limit=1")).by(Reader).await.expect(200).json();
    let cursor = page["next_cursor"].as_str().expect("another page");
    let next = app.get(&format!("{values}?limit=1&cursor={cursor}")).by(Reader).await.expect(200);
    assert_eq!(next.json()["items"][0]["on_date"], "2022-12-31");
    let withdraw = format!("/values/{}/withdraw", next.json()["items"][0]["id"].as_str().unwrap());
    let why = || json!({ "reason": "Aflyst" });
    app.post(&withdraw).by(Holder).json(why()).await.expect(200);
    app.post(&withdraw).by(Holder).json(why()).await.expect_problem(409, "value-withdrawn");
    assert_eq!(progress(app, "").await["indicators"][0]["actual"], 2);
    let all = app.get(&format!("{values}?with_withdrawn=true")).by(Reader).await.expect(200);
    assert_eq!(all.json()["items"].as_array().map(Vec::len), Some(2));
}

async fn what_a_report_says_stands_beside(app: &App) {
    let counted_one = defined(app, teachers()).await;
    counted(app, "teacher", None, 74).await;
    let path = format!("{counted_one}/values");
    let plain = json!({ "on_date": "2022-12-31", "figure": 70 });
    let answer = app.put(&path).by(Secretariat).json(plain).await;
    answer.expect_fault("/figure", "not_posted_by_hand");
    let reported = || {
        json!({ "on_date": "2022-12-31", "figure": 70, "reported": true,
            "source_note": "Statusrapport 2019-2023" })
    };
    app.put(&path).by(Holder).json(reported()).await.expect_problem(403, "secretariat-only");
    app.put(&path).by(Secretariat).json(reported()).await.expect(201);
    let teachers = progress(app, "").await["indicators"][0].clone();
    assert_eq!((&teachers["actual"], &teachers["actual_kind"]), (&json!(74), &json!("counted")));
    assert_eq!(teachers["reported"]["figure"], 70);

    // Of one date, a posted value and a reported one stand beside each other.
    let path = format!("{}/values", defined(app, seminars()).await);
    app.put(&path).by(Secretariat).json(reported()).await.expect(201);
    let posted = json!({ "on_date": "2022-12-31", "figure": 3 });
    app.put(&path).by(Holder).json(posted).await.expect(201);
    let seminars = progress(app, "").await["indicators"][1].clone();
    assert_eq!((&seminars["actual"], &seminars["actual_kind"]), (&json!(3), &json!("posted")));
    assert_eq!(seminars["reported"]["figure"], 70);
}

async fn an_indicator_keeps_its_code_and_can_be_retired(app: &App) {
    let place = defined(app, teachers()).await;
    let twice = app.post(&of_labstem(app, "indicators")).by(Secretariat).json(teachers()).await;
    twice.expect_fault("/code", "taken");
    let seen = app.get(&place).by(Secretariat).await.expect(200);
    let change = json!({
        "title": "Undervisere", "level": "outcome", "unit": "people", "position": 3,
        "filter": { "roles": ["teacher"], "organisation": "aalborghus-gymnasium" },
        "retired": true,
    });
    let changed = app.put(&place).by(Secretariat).if_match(seen.etag()).json(change.clone()).await;
    let changed = changed.expect(200).json();
    assert_eq!(changed["code"], "labstem-nord-teachers");
    assert_eq!(changed["filter"]["organisation"], "aalborghus-gymnasium");
    assert_eq!(changed["version"], 2);
    let stale = app.put(&place).by(Secretariat).if_match(seen.etag()).json(change).await;
    stale.expect_problem(412, "stale");
    let revisions = format!("{place}/revisions");
    let late = app.post(&revisions).by(Secretariat).json(revised(40)).await;
    late.expect_problem(409, "indicator-retired");
}

async fn the_programme_has_goals_of_its_own(app: &App) {
    let of_programme = |rest: &str| format!("/programmes/{}/{rest}", app.world.nordjylland);
    let goal = json!({
        "code": "boern-og-unge", "title": "Børn og unge i projekterne", "level": "output",
        "unit": "people", "source": "participation", "filter": { "roles": ["pupil"] },
        "first_target": { "target": { "shape": "at_least", "minimum": 30_791 }, "reported": true },
    });
    let by_holder = app.post(&of_programme("indicators")).by(Holder).json(goal.clone()).await;
    by_holder.expect_problem(403, "secretariat-only");
    let made = app.post(&of_programme("indicators")).by(Secretariat).json(goal).await.expect(201);
    assert_eq!(made.json()["project_id"], Value::Null);
    counted(app, "pupil", Some("hf"), 120).await;

    let path = of_programme("progress?limit=1");
    let page = app.get(&path).by(Reader).await.expect(200).json();
    assert_eq!(page["goals"][0]["actual"], 120);
    assert_eq!(page["goals"][0]["target"]["reported"], true);
    assert_eq!(page["projects"][0]["code"], "labstem-nord");
    let cursor = page["next_cursor"].as_str().expect("another page");
    let next = app.get(&format!("{path}&cursor={cursor}")).by(Reader).await.expect(200).json();
    assert_eq!((&next["goals"], &next["projects"][0]["code"]), (&json!([]), &json!("kram")));
    assert_eq!(next["next_cursor"], Value::Null);

    // A holder sees what the goals are, and not how the whole programme stands.
    app.get(&of_programme("indicators")).by(Holder).await.expect(200);
    let revisions = format!("{}/revisions", made.header("location").expect("a place"));
    app.get(&revisions).by(Holder).await.expect_problem(403, "whole-programme-only");
    app.get(&of_programme("progress")).by(Holder).await.expect_problem(403, "whole-programme-only");
    let mine = app.post(&revisions).by(Holder).json(revised(20_000)).await;
    mine.expect_problem(403, "secretariat-only");
}

async fn each_sees_what_is_theirs(app: &App) {
    let place = defined(app, teachers()).await;
    let listed = of_labstem(app, "indicators");
    app.get(&listed).by(Contributor).await.expect(200);
    app.get(&place).by(Contributor).await.expect(200);
    for path in
        [of_labstem(app, "progress"), format!("{place}/revisions"), format!("{place}/values")]
    {
        app.get(&path).by(Contributor).await.expect_problem(403, "whole-project-only");
        app.get(&path).by(Holder).await.expect(200);
        app.get(&path).by(OtherSecretariat).await.expect_problem(404, "not-found");
        app.get(&path).by(Nobody).await.expect(401);
    }
    let revisions = format!("{place}/revisions");
    for persona in [Contributor, Reader] {
        let answer = app.post(&listed).by(persona).json(seminars()).await;
        answer.expect_problem(403, "secretariat-only");
        let answer = app.post(&revisions).by(persona).json(revised(40)).await;
        answer.expect_problem(403, "holder-only");
    }
    app.post(&listed).by(Holder).json(seminars()).await.expect_problem(403, "secretariat-only");
    app.get(&format!("/projects/{}/progress", app.world.kram))
        .by(Holder)
        .await
        .expect_problem(404, "not-found");
}

async fn what_an_indicator_took_is_not_changed_afterwards(app: &App) {
    let path = defined(app, teachers()).await;
    let path = path.strip_prefix("/api/v1").expect("an address of the API").to_string();
    let input = |roles: Value, title: &str| {
        json!({
            "title": title, "level": "output", "unit": "people", "position": 1, "retired": false,
            "filter": { "roles": roles },
        })
    };
    let put = async |body: Value| {
        let seen = app.get(&path).by(Secretariat).await.expect(200);
        app.put(&path).by(Secretariat).if_match(seen.etag()).json(body).await
    };
    // A slip of the day is mended on the day.
    put(input(json!(["pupil"]), "Elever")).await.expect(200);
    put(input(json!(["teacher"]), "Undervisere")).await.expect(200);
    app.clock.advance(24 * 60 * 60);
    put(input(json!(["pupil"]), "Elever")).await.expect_problem(409, "indicator-has-past");
    put(input(json!(["teacher"]), "Lærere og undervisere")).await.expect(200);
    // The tree of levels is part of what it took.
    let levels = format!("/programmes/{}/codes/education_level", app.world.nordjylland);
    counted(app, "pupil", Some("stx"), 30).await;
    let stx = app.get(&format!("{levels}/stx")).by(Secretariat).await.expect(200);
    let moved = json!({
        "name_da": "STX", "name_en": "STX", "parent": "erhvervsuddannelse", "position": 4,
        "retired": false,
    });
    let put = app.put(&format!("{levels}/stx")).by(Secretariat).if_match(stx.etag()).json(moved);
    put.await.expect_problem(409, "code-has-past");
}

async fn a_revision_that_would_never_hold_is_refused(app: &App) {
    let path = defined(app, teachers()).await;
    let path = path.strip_prefix("/api/v1").expect("an address of the API");
    let path = format!("{path}/revisions");
    app.post(&path).by(Secretariat).json(revised(40)).await.expect(201);
    let mut without = revised(35);
    without["holds_from"] = Value::Null;
    app.post(&path).by(Holder).json(without).await.expect_fault("/holds_from", "required");
    let mut before = revised(35);
    before["holds_from"] = json!("2022-07-31");
    let before = app.post(&path).by(Holder).json(before).await;
    before.expect_fault("/holds_from", "before_earlier_revision");
    app.post(&path).by(Secretariat).json(revised(35)).await.expect(201);
    assert_eq!(progress(app, "").await["indicators"][0]["target"]["figure"], 35);
}

async fn a_target_is_split_among_those_who_take_part(app: &App) {
    let mut split = teachers();
    split["first_target"]["parts"] = json!([
        { "organisation": "hjoerring-gymnasium", "minimum": 20 },
        { "organisation": "amu-nordjylland", "minimum": 25 },
    ]);
    let call = app.post(&of_labstem(app, "indicators")).by(Secretariat).json(split);
    call.await.expect_fault("/first_target/parts/1/organisation", "not_a_partner");
}
