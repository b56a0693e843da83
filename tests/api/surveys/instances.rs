//! Several instances on one PostgreSQL, and on SQLite several writers that take turns: whatever
//! meets at the same moment comes out as if one had come after the other.

use futures_util::future::{join, join_all};
use maaltal::surveys::code_key::CodeKey;
use maaltal::surveys::forms::Forms;
use maaltal::surveys::{closing, releases, tally};
use serde_json::{Value, json};

use super::results::question;
use super::{class, id_of, link_with, published, response, token_of};
use crate::harness::{Answer, App, Persona::*, SIGNING_KEY};

api_tests!(
    the_same_answers_meet_at_two_instances_and_a_cap,
    a_code_meets_itself_at_two_instances,
    a_link_closes_under_two_instances,
    a_link_is_written_anew_under_two_instances,
);

fn instances(app: &App) -> [Forms; 2] {
    let key = || CodeKey::of(SIGNING_KEY).expect("a key");
    [(); 2].map(|()| Forms::start(app.store.clone(), key()).expect("an instance"))
}

fn degree(number: usize) -> Value {
    let degrees = ["meget_hoej", "hoej", "nogen", "mindre", "slet_ikke"];
    response(json!({ "u_samarbejde": "ja", "u_forstaaelse": degrees[number % 5] }))
}

/// Each of the bodies through each of the instances, all at once and in turns of their own.
async fn through_both(
    app: &App,
    link: &Answer,
    instances: &[Forms; 2],
    bodies: &[Value],
) -> [Vec<bool>; 2] {
    let token = token_of(link);
    let now = app.clock.now();
    let take = async |instance: &Forms, body: &Value| {
        let input = serde_json::from_value(body.clone()).expect("a response");
        instance.take(&token, input, now).await.is_ok()
    };
    let forth = join_all(bodies.iter().map(|body| take(&instances[0], body)));
    let back = join_all(bodies.iter().rev().map(|body| take(&instances[1], body)));
    let (forth, mut back) = join(forth, back).await;
    back.reverse();
    [forth, back]
}

async fn answered(app: &App, link: &Answer) -> Value {
    let place = link.header("location").expect("a place");
    app.get(&format!("{place}/status")).by(Contributor).await.expect(200).json()["answered"].clone()
}

async fn is_sound(app: &App) {
    assert_eq!(app.store.read(tally::verify).await.expect("a recount"), []);
    assert_eq!(app.store.read(releases::verify).await.expect("recomputed"), []);
}

async fn the_same_answers_meet_at_two_instances_and_a_cap(app: &App) {
    let instances = instances(app);
    let links = format!("{}/links", published(app).await);
    // A cap in the way of nobody, one in the way of some, and none.
    for (cap, stored) in [(Some(400), 400), (Some(150), 150), (None, 400)] {
        let mut input = class();
        input["cap"] = json!(cap);
        let link = app.post(&links).by(Holder).json(input).await.expect(201);
        let bodies: Vec<Value> = (0..400).map(degree).collect();
        let [forth, back] = through_both(app, &link, &instances, &bodies).await;
        assert_eq!(forth, back, "who was stored hears so wherever it is asked");
        assert_eq!(forth.iter().filter(|taken| **taken).count(), stored);
        assert_eq!(answered(app, &link).await, stored);
        is_sound(app).await;
        // None of those who heard that they are stored is lost.
        let again = through_both(app, &link, &instances, &bodies).await;
        assert_eq!(again, [forth.clone(), forth]);
    }
}

async fn a_code_meets_itself_at_two_instances(app: &App) {
    let instances = instances(app);
    let mut input = class();
    input["access"] = "codes".into();
    let link = link_with(app, input).await;
    let place = link.header("location").expect("a place");
    let codes = app.post(&format!("{place}/codes")).by(Contributor).json(json!({ "count": 60 }));
    let codes = codes.await.expect(200).json()["codes"].as_array().expect("codes").clone();
    let with = |code: &Value| {
        let mut body = degree(0);
        body["code"] = code.clone();
        body
    };
    // Two who have the same code, and each of them at both.
    let bodies: Vec<Value> = codes.iter().chain(codes.iter()).map(with).collect();
    let [forth, back] = through_both(app, &link, &instances, &bodies).await;
    assert_eq!(forth, back);
    for code in 0..60 {
        assert!(forth[code] != forth[code + 60], "a code is good for one");
    }
    assert_eq!(answered(app, &link).await, 60);
    is_sound(app).await;
}

async fn a_link_closes_under_two_instances(app: &App) {
    let instances = instances(app);
    let place = published(app).await;
    let link = app.post(&format!("{place}/links")).by(Holder).json(class()).await.expect(201);
    let (first, bodies): (Vec<Value>, Vec<Value>) =
        ((0..20).map(degree).collect(), (0..600).map(degree).collect());
    let mut taken: usize = through_both(app, &link, &instances, &first).await[0].len();
    let close = format!("/links/{}/close", id_of(&link));
    let close = async || app.post(&close).by(Holder).await.expect(200);
    let (both, _) = join(through_both(app, &link, &instances, &bodies), close()).await;
    assert_eq!(both[0], both[1]);
    taken += both[0].iter().filter(|taken| **taken).count();
    assert_eq!(answered(app, &link).await, taken);
    // All of them are in the last release: none came after it.
    let found = app.get(&format!("{place}/results")).by(Holder).await.expect(200).json();
    assert_eq!(question(&found)["groups"][0]["figures"]["n"], taken, "{found}");
    is_sound(app).await;
}

async fn a_link_is_written_anew_under_two_instances(app: &App) {
    let instances = instances(app);
    let link = link_with(app, class()).await;
    let bodies: Vec<Value> = (0..600).map(degree).collect();
    let id = id_of(&link);
    let rewrite = async || {
        for _ in 0..6 {
            let step = move |db: &mut maaltal::store::Db| closing::rewrite(db, id, None);
            app.store.write(id, step).await.expect("it is written anew");
        }
    };
    let (both, ()) = join(through_both(app, &link, &instances, &bodies), rewrite()).await;
    assert!(both.iter().flatten().all(|taken| *taken));
    assert_eq!(answered(app, &link).await, 600);
    is_sound(app).await;
}
