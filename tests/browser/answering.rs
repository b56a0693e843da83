//! Filling in and sending.

use fantoccini::key::Key;
use maaltal::store::Engine;
use serde_json::json;

use super::driver::{Browser, Setup};
use super::world::World;

const UNDERSTANDING: &str = "en bedre forståelse af STEMs betydning";
const TOGETHER: &str = "arbejdet sammen med nogen uden for skolen";

#[actix_web::test]
async fn a_pupil_answers_on_sqlite() {
    a_pupil_answers(World::new(), Setup::USUAL).await;
}

#[actix_web::test]
async fn a_pupil_answers_on_postgres() {
    a_pupil_answers(World::on(Engine::Postgres), Setup::USUAL).await;
}

#[actix_web::test]
async fn a_pupil_answers_without_javascript() {
    a_pupil_answers(World::new(), Setup::PLAIN).await;
}

async fn a_pupil_answers(world: World, setup: Setup) {
    let link = world.class("elever-14-19");
    let browser = Browser::start(setup).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("LabSTEM Nord").await;
    for words in ["frivilligt", "Ingen kan se, hvem der har svaret hvad"] {
        assert!(browser.sees(words).await, "{words}");
    }
    browser.choose(TOGETHER, "Ja").await;
    browser.choose(UNDERSTANDING, "I høj grad").await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    let answers = json!({ "u_samarbejde": "ja", "u_forstaaelse": "hoej" });
    assert_eq!(world.stored(&link), [answers]);
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn a_pupil_answers_in_english() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Send svar").await;
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "da");
    browser.press("English").await;
    browser.wait_for("Send answers").await;
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "en");
    assert!(!browser.sees("Send svar").await);
    browser.choose("understanding of the importance of STEM", "To a great extent").await;
    browser.press("Send answers").await;
    browser.wait_for("Your answers have been received").await;
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "en");
    assert_eq!(world.stored(&link), [json!({ "u_forstaaelse": "hoej" })]);
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn a_browser_that_asks_for_english_gets_it() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let browser = Browser::start(Setup { language: "en", ..Setup::PLAIN }).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Send answers").await;
    browser.press("Dansk").await;
    browser.wait_for("Send svar").await;
}

#[actix_web::test]
async fn a_pupil_answers_by_keyboard_alone() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Send svar").await;
    browser.tab_to("Ja").await;
    browser.keys(&[' ']).await;
    browser.tab_to("I meget høj grad").await;
    browser.keys(&[' ']).await;
    browser.key(Key::Down).await;
    browser.tab_to("Send svar").await;
    browser.key(Key::Enter).await;
    browser.wait_for("Dine svar er modtaget").await;
    let answers = json!({ "u_samarbejde": "ja", "u_forstaaelse": "hoej" });
    assert_eq!(world.stored(&link), [answers]);
    // And on to the next one, who finds the page where it begins.
    browser.tab_to("Næste elev").await;
    browser.key(Key::Enter).await;
    browser.wait_for("Send svar").await;
    assert!(!browser.is_chosen(TOGETHER, "Ja").await);
}
