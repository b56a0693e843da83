//! Every state that a page can be in: axe finds nothing, and nothing sticks out on a small phone.

use serde_json::json;

use super::driver::{Browser, Setup};
use super::world::{World, definition, questions, robots};

#[actix_web::test]
async fn a_form_and_its_thanks_look_right() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Send svar").await;
    browser.look_at("form").await;
    browser.press("English").await;
    browser.wait_for("Send answers").await;
    browser.look_at("form-english").await;
    browser.press("Send answers").await;
    browser.wait_for("Your answers have been received").await;
    browser.look_at("thanks-english").await;
    browser.press("Dansk").await;
    browser.wait_for("Dine svar er modtaget").await;
    browser.look_at("thanks").await;
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn every_kind_of_question_looks_right_also_with_faults() {
    let world = World::new();
    let link = world.hand_out(&world.publish("robotter", robots()), json!({}));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.choose("uden for skolen", "Ja").await;
    browser.choose("Hvor var I henne?", "På en fabrik").await;
    browser.wait_for("Så I robotterne arbejde?").await;
    browser.look_at("kinds").await;
    browser.choose("uden for skolen", "Nej").await;
    for topic in ["Motorer", "Sensorer", "Programmering"] {
        browser.choose("vide mere om", topic).await;
    }
    browser.fill_in("Hvor længe byggede du?", "mange").await;
    browser.press("Send svar").await;
    browser.wait_for("Noget mangler at blive rettet").await;
    browser.look_at("faults").await;
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn pages_for_young_pupils_look_right() {
    let world = World::new();
    let link = world.class("elever-7-9");
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Start").await;
    browser.look_at("young-start").await;
    browser.press("Start").await;
    let questions = questions("elever-7-9", "da");
    browser.wait_for(&questions[0]).await;
    browser.press("Næste").await;
    browser.choose(&questions[1], "Ja, lidt").await;
    browser.look_at("young-faces").await;
    for question in &questions[2..] {
        browser.press("Næste").await;
        browser.wait_for(question).await;
    }
    browser.look_at("young-last").await;
    browser.press("Send svar").await;
    browser.wait_for("Tak for hjælpen!").await;
    browser.look_at("young-thanks").await;
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn codes_look_right() {
    let world = World::new();
    let questionnaire = world.publish("med-koder", definition("elever-10-13"));
    let link = world.hand_out(&questionnaire, json!({ "access": "codes" }));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Din kode").await;
    browser.look_at("code").await;
    browser.fill_in("Din kode", "22222222").await;
    browser.press("Send svar").await;
    browser.wait_for("Koden gælder ikke.").await;
    browser.look_at("code-fault").await;
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn pages_that_take_no_answers_say_why_and_look_right() {
    let world = World::new();
    let questionnaire = world.publish("efter", definition("elever-14-19"));
    let link = |label: &str, mut more: serde_json::Value| {
        more["label"] = json!(label);
        world.hand_out(&questionnaire, more)
    };
    let planned = link("planned", json!({ "opens_at": "2098-08-17T06:00:00Z" }));
    let closed = link("closed", json!({}));
    world.post(&format!("/links/{}/close", closed.id), json!({}));
    let full = link("full", json!({ "cap": 1 }));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&full)).await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;

    let unknown = format!("{}/s/ABCDEFGHJK", world.origin());
    for (state, address, words) in [
        ("planned", world.page(&planned), "Du kan svare fra 17.8.2098 kl. 08.00"),
        ("closed", world.page(&closed), "Der er lukket"),
        ("full", world.page(&full), "Alle svar er kommet ind"),
        ("unknown", unknown, "Her er ikke noget spørgeskema"),
    ] {
        browser.open(&address).await;
        browser.wait_for(words).await;
        assert!(!browser.sees("Send svar").await, "{state}");
        browser.look_at(state).await;
    }
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn a_link_that_closes_while_somebody_answers_says_so() {
    let world = World::new();
    for (setup, ready) in [(Setup::USUAL, "elever-14-19"), (Setup::PLAIN, "elever-10-13")] {
        let link = world.class(ready);
        let browser = Browser::start(setup).await;
        browser.open(&world.page(&link)).await;
        browser.wait_for("Send svar").await;
        world.post(&format!("/links/{}/close", link.id), json!({}));
        browser.press("Send svar").await;
        browser.wait_for("Der er lukket").await;
        assert_eq!(world.stored(&link).len(), 0);
        browser.leaves_no_trace().await;
    }
}

#[actix_web::test]
async fn a_lost_network_looks_right() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Send svar").await;
    browser.network_is_there(false).await;
    browser.press("Send svar").await;
    browser.wait_for("Der er ikke forbindelse lige nu").await;
    browser.look_at("offline").await;
}

#[actix_web::test]
async fn pages_without_javascript_look_right() {
    let world = World::new();
    let link = world.hand_out(&world.publish("robotter", robots()), json!({}));
    let browser = Browser::start(Setup::USUAL).await;
    browser.scripts_run(false).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Næste").await;
    browser.look_at("plain-first").await;
    browser.scripts_run(false).await;
    browser.press("Næste").await;
    browser.wait_for("Noget mangler at blive rettet").await;
    browser.look_at("plain-first-fault").await;
    browser.scripts_run(false).await;
    browser.choose("uden for skolen", "Nej").await;
    browser.press("Næste").await;
    browser.wait_for("Forstår du robotter").await;
    browser.look_at("plain-last").await;
    browser.scripts_run(false).await;
    browser.press("Send svar").await;
    browser.wait_for("Noget mangler at blive rettet").await;
    browser.look_at("plain-last-fault").await;
    browser.scripts_run(false).await;
    let young = world.class("elever-7-9");
    browser.open(&world.page(&young)).await;
    browser.press("Start").await;
    browser.wait_for("Spørgsmål 1 af 4").await;
    browser.look_at("plain-young").await;
}
