//! Once is once: a button pressed twice, a page loaded again, a line that breaks.

use fantoccini::Locator;
use serde_json::json;

use super::driver::{Browser, Setup};
use super::elsewhere::Elsewhere;
use super::line::Line;
use super::page::until;
use super::world::{Handed, World, definition};

const QUESTION: &str = "betydning i praksis";

async fn filled_in(browser: &Browser, address: &str) {
    browser.open(address).await;
    browser.choose(QUESTION, "I høj grad").await;
}

fn in_class(world: &World, label: &str) -> Handed {
    let code = label.replace('.', "");
    let questionnaire = world.publish(&format!("efter-{code}"), definition("elever-14-19"));
    world.hand_out(&questionnaire, json!({ "label": label }))
}

fn is_stored_once(world: &World, link: &Handed) {
    assert_eq!(world.stored(link), [json!({ "u_forstaaelse": "hoej" })]);
}

#[actix_web::test]
async fn a_double_click_stores_once() {
    let world = World::new();
    let link = world.class("elever-14-19");
    for setup in [Setup::USUAL, Setup::PLAIN] {
        let browser = Browser::start(setup).await;
        filled_in(&browser, &world.page(&link)).await;
        let button = browser.button("Send svar").await;
        let button = serde_json::to_value(button).expect("an element");
        // Both before the answer to the first can come.
        let clicks = "arguments[0].click(); arguments[0].click()";
        browser.execute(clicks, vec![button]).await.expect("clicks");
        browser.wait_for("Dine svar er modtaget").await;
    }
    assert_eq!(world.stored(&link).len(), 2);
}

#[actix_web::test]
async fn loading_again_and_going_back_store_once() {
    let world = World::new();
    for (setup, label) in [(Setup::USUAL, "2.b"), (Setup::PLAIN, "2.c")] {
        let questionnaire = world
            .publish(&format!("efter-{}", &label[2..]), super::world::definition("elever-14-19"));
        let link = world.hand_out(&questionnaire, json!({ "label": label }));
        let browser = Browser::start(setup).await;
        filled_in(&browser, &world.page(&link)).await;
        browser.press("Send svar").await;
        browser.wait_for("Dine svar er modtaget").await;
        browser.refresh().await.expect("the page again");
        browser.wait_for_any(&["Dine svar er modtaget", "Send svar"]).await;
        is_stored_once(&world, &link);
        browser.open(&world.page(&link)).await;
        is_stored_once(&world, &link);
    }
}

#[actix_web::test]
async fn going_back_shows_the_same_form_or_a_fresh_one() {
    let world = World::new();
    let elsewhere = Elsewhere::start();
    for (setup, label) in [(Setup::USUAL, "2.b"), (Setup::PLAIN, "2.c")] {
        let link = in_class(&world, label);
        let browser = Browser::start(setup).await;
        browser.open(&elsewhere.put("skole", "/", "")).await;
        filled_in(&browser, &world.page(&link)).await;
        browser.press("Send svar").await;
        browser.wait_for("Dine svar er modtaget").await;
        browser.back().await.expect("the page before");
        browser.wait_for_any(&["Vores forløb", "Send svar"]).await;
        // Whoever sends what still stands there has sent it once.
        if browser.sees("Send svar").await && browser.is_chosen(QUESTION, "I høj grad").await {
            browser.press("Send svar").await;
            browser.wait_for("Dine svar er modtaget").await;
        }
        is_stored_once(&world, &link);
    }
}

#[actix_web::test]
async fn every_pupil_gets_a_form_of_their_own() {
    let world = World::new();
    let link = world.class("elever-14-19");
    for setup in [Setup::USUAL, Setup::PLAIN] {
        let browser = Browser::start(setup).await;
        for _ in 0..2 {
            filled_in(&browser, &world.page(&link)).await;
            browser.press("Send svar").await;
            browser.wait_for("Dine svar er modtaget").await;
            browser.press("Næste elev").await;
            browser.wait_for("Send svar").await;
            assert!(!browser.is_chosen(QUESTION, "I høj grad").await);
        }
    }
    assert_eq!(world.stored(&link).len(), 4);
}

/// The worst moment: the answer is stored, and nobody hears of it.
#[actix_web::test]
async fn an_answer_that_is_stored_and_not_confirmed_is_stored_once() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let line = Line::to(world.service.address);
    let browser = Browser::start(Setup::USUAL).await;
    filled_in(&browser, &format!("http://{}/s/{}", line.address, link.token)).await;
    line.cut();
    browser.press("Send svar").await;
    browser.wait_for("Der er ikke forbindelse lige nu").await;
    assert!(line.lost() > 0);
    is_stored_once(&world, &link);
    assert!(browser.is_chosen(QUESTION, "I høj grad").await);
    line.mend();
    browser.press("Prøv igen nu").await;
    browser.wait_for("Dine svar er modtaget").await;
    is_stored_once(&world, &link);
}

#[actix_web::test]
async fn an_answer_that_is_not_confirmed_is_stored_once_without_javascript() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let line = Line::to(world.service.address);
    let browser = Browser::start(Setup::PLAIN).await;
    filled_in(&browser, &format!("http://{}/s/{}", line.address, link.token)).await;
    line.cut();
    let button = browser.button("Send svar").await;
    // The browser shows a page of its own, which the driver calls an error.
    let _ = button.click().await;
    until("a lost answer", async || line.lost() > 0).await;
    is_stored_once(&world, &link);
    line.mend();
    browser.refresh().await.expect("it is sent again");
    browser.wait_for("Dine svar er modtaget").await;
    is_stored_once(&world, &link);
}

#[actix_web::test]
async fn without_a_network_the_answers_wait() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let browser = Browser::start(Setup::USUAL).await;
    filled_in(&browser, &world.page(&link)).await;
    browser.network_is_there(false).await;
    browser.press("Send svar").await;
    browser.wait_for("Der er ikke forbindelse lige nu").await;
    // Said so that a screen reader says it too, which is silent on what is inert.
    let said = "return [...document.querySelectorAll('[role=status]')] \
                .filter(one => !one.closest('[inert]')).map(one => one.innerText).join()";
    assert!(browser.text_of(said).await.contains("Der er ikke forbindelse lige nu"));
    assert_eq!(world.stored(&link).len(), 0);
    browser.network_is_there(true).await;
    // By itself, or because somebody presses.
    if let Ok(button) = browser.find(Locator::XPath("//button[.='Prøv igen nu']")).await {
        let _ = button.click().await;
    }
    browser.wait_for("Dine svar er modtaget").await;
    is_stored_once(&world, &link);
}
