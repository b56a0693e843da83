//! What counts keep to: kinds of counting, periods, genders, and many writers at once.

use std::future::IntoFuture;

use serde_json::{Value, json};

use crate::harness::{Answer, App, Persona, Persona::*};

api_tests!(
    unique_and_attendances_stand_beside_each_other,
    periods_of_one_key_do_not_overlap,
    genders_fit_into_the_count,
    a_batch_is_all_or_nothing,
    two_holders_of_one_key_make_one_count,
    many_at_once_lose_nothing,
    a_hand_laid_on_the_counts_is_found,
);

fn teachers(school: &str, participants: i64) -> Value {
    json!({
        "organisation": school, "period": { "calendar_year": 2022 }, "role": "teacher",
        "education_level": "gymnasial", "counting": "unique", "participants": participants,
    })
}

async fn put(app: &App, by: Persona, count: Value) -> Answer {
    let path = format!("/projects/{}/counts", app.world.labstem);
    app.put(&path).by(by).json(count).await
}

async fn listed(app: &App, by: Persona, query: &str) -> Vec<Value> {
    let path = format!("/projects/{}/counts?{query}", app.world.labstem);
    let list = app.get(&path).by(by).await.expect(200).json();
    list["items"].as_array().expect("items").clone()
}

const HJOERRING: &str = "hjoerring-gymnasium";
const AALBORGHUS: &str = "aalborghus-gymnasium";

async fn unique_and_attendances_stand_beside_each_other(app: &App) {
    put(app, Holder, teachers(HJOERRING, 12)).await.expect(201);
    let mut meetings = teachers(HJOERRING, 96);
    meetings["counting"] = json!("attendances");
    put(app, Holder, meetings).await.expect(201);
    assert_eq!(listed(app, Holder, "counting=unique").await[0]["participants"], 12);
    assert_eq!(listed(app, Holder, "counting=attendances").await[0]["participants"], 96);
}

async fn periods_of_one_key_do_not_overlap(app: &App) {
    put(app, Holder, teachers(HJOERRING, 12)).await.expect(201);
    for period in [
        json!({ "school_year": 2021 }),
        json!({ "start": "2022-12-31", "end": "2023-01-15" }),
        json!({ "start": "2022-03-01", "end": "2022-03-31" }),
        json!({ "start": "2021-06-01", "end": "2023-01-31" }),
    ] {
        let mut count = teachers(HJOERRING, 5);
        count["period"] = period.clone();
        let answer = put(app, Holder, count).await;
        assert_eq!(answer.status, 422, "{period}: {answer:?}");
    }
    let mut next = teachers(HJOERRING, 5);
    next["period"] = json!({ "start": "2023-01-01", "end": "2023-01-31" });
    put(app, Holder, next).await.expect(201);
    // Another school's, level's or role's periods are another matter.
    let mut other = teachers(AALBORGHUS, 5);
    other["period"] = json!({ "school_year": 2021 });
    put(app, Holder, other).await.expect(201);
}

async fn genders_fit_into_the_count(app: &App) {
    let mut count = teachers(HJOERRING, 30);
    count["women"] = json!(18);
    count["men"] = json!(11);
    count["other_gender"] = json!(1);
    let made = put(app, Holder, count.clone()).await.expect(201).json();
    assert_eq!(made["count"]["women"], 18);
    count["men"] = json!(13);
    put(app, Holder, count.clone()).await.expect(422);
    count["men"] = json!(-1);
    let path = format!("/projects/{}/counts", app.world.labstem);
    app.put(&path).by(Holder).json(count).deliberately_bad().await.expect(422);
}

async fn a_batch_is_all_or_nothing(app: &App) {
    let path = format!("/projects/{}/counts/batch", app.world.labstem);
    let batch = |counts: Vec<Value>| {
        app.put(&path).by(Holder).json(json!({ "counts": counts })).into_future()
    };
    let mut wrong = teachers(AALBORGHUS, 9);
    wrong["role"] = json!("ukendt");
    let refused = batch(vec![teachers(HJOERRING, 12), wrong]).await;
    refused.expect_fault("/counts/1/role", "unknown_code");
    assert!(listed(app, Holder, "").await.is_empty());
    let twice = batch(vec![teachers(HJOERRING, 12), teachers(HJOERRING, 13)]).await;
    twice.expect(422);
    assert!(listed(app, Holder, "").await.is_empty());
    let put = batch(vec![teachers(HJOERRING, 12), teachers(AALBORGHUS, 9)]).await.expect(200);
    assert_eq!(put.json()["created"], 2);
    let again = batch(vec![teachers(HJOERRING, 12), teachers(AALBORGHUS, 10)]).await.expect(200);
    assert_eq!(again.json()["unchanged"], 1);
    assert_eq!(again.json()["corrected"], 1);
}

async fn two_holders_of_one_key_make_one_count(app: &App) {
    for year in 2015..2020 {
        let count = |participants: i64| {
            let mut count = teachers(HJOERRING, participants);
            count["period"] = json!({ "calendar_year": year });
            count
        };
        let puts = [(Holder, 40), (Contributor, 41), (Secretariat, 42), (Holder, 43)]
            .map(|(by, participants)| put(app, by, count(participants)));
        let answers = futures_util::future::join_all(puts).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort();
        assert_eq!(statuses, [200, 200, 200, 201]);
        let id = &answers[0].json()["count"]["id"];
        assert!(answers.iter().all(|answer| answer.json()["count"]["id"] == *id));
        let path = format!("/counts/{}/history", id.as_str().expect("an id"));
        let history = app.get(&path).by(Reader).await.expect(200).json();
        let numbers: Vec<_> =
            history["items"].as_array().expect("items").iter().map(|v| &v["number"]).collect();
        assert_eq!(numbers, [4, 3, 2, 1]);
    }
}

async fn many_at_once_lose_nothing(app: &App) {
    let puts = (1..=24).map(|month_of_two_years| {
        let (year, month) =
            (2020 + (month_of_two_years - 1) / 12, (month_of_two_years - 1) % 12 + 1);
        let mut count = teachers(HJOERRING, 10);
        let day = |day: u32| format!("{year}-{month:02}-{day:02}");
        count["period"] = json!({ "start": day(1), "end": day(28) });
        put(app, if month % 2 == 0 { Holder } else { Contributor }, count)
    });
    for answer in futures_util::future::join_all(puts).await {
        answer.expect(201);
    }
    assert_eq!(listed(app, Reader, "limit=1000").await.len(), 24);
}

async fn a_hand_laid_on_the_counts_is_found(app: &App) {
    let programme = app.world.nordjylland;
    let found = async || {
        let verify = move |db: &mut _| maaltal::participation::verify(db, programme);
        app.store.read(verify).await.expect("a verdict").len()
    };
    put(app, Holder, teachers(HJOERRING, 12)).await.expect(201);
    put(app, Holder, teachers(HJOERRING, 13)).await.expect(200);
    assert_eq!(found().await, 0);
    app.by_hand("UPDATE counts SET natural_key = 'another'").await;
    assert_eq!(found().await, 1);
    app.by_hand("DELETE FROM count_versions WHERE number = 1").await;
    assert_eq!(found().await, 2);
}
