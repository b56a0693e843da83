//! Filling in and sending.

use fantoccini::key::Key;
use maaltal::store::Engine;
use serde_json::json;

use super::driver::{Browser, Setup};
use super::world::{World, questions};

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
    browser.choose(TOGETHER, "Ja").await;
    browser.press("English").await;
    browser.wait_for("Send answers").await;
    assert!(browser.is_chosen("worked with anyone outside school", "Yes").await);
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "en");
    assert!(!browser.sees("Send svar").await);
    browser.choose("understanding of the importance of STEM", "To a great extent").await;
    browser.press("Send answers").await;
    browser.wait_for("Your answers have been received").await;
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "en");
    let answers = json!({ "u_samarbejde": "ja", "u_forstaaelse": "hoej" });
    assert_eq!(world.stored(&link), [answers]);
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

#[actix_web::test]
async fn a_young_pupil_answers_by_keyboard_alone() {
    let world = World::new();
    let link = world.class("elever-7-9");
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Start").await;
    browser.tab_to("Start").await;
    browser.key(Key::Enter).await;
    let questions = questions("elever-7-9", "da");
    let options = ["Ja", "Ja, meget", "Ja, meget"];
    for (question, option) in questions.iter().zip(options) {
        browser.wait_for(question).await;
        // The focus has gone on to the question, so its options are next.
        let focused = browser.text_of("return document.activeElement.innerText").await;
        assert!(focused.contains(question), "the focus is on {focused:?}");
        browser.tab_to(option).await;
        browser.keys(&[' ']).await;
        browser.tab_to("Næste").await;
        browser.key(Key::Enter).await;
    }
    browser.wait_for(&questions[3]).await;
    browser.tab_to("Send svar").await;
    browser.key(Key::Enter).await;
    browser.wait_for("Tak for hjælpen!").await;
    let answers =
        json!({ "b_samarbejde": "ja", "b_forstaaelse": "ja_meget", "b_niveau": "ja_meget" });
    assert_eq!(world.stored(&link), [answers]);
}

#[actix_web::test]
async fn a_question_is_read_aloud_in_its_language() {
    // Instead of the voice, which a machine without sound may not have.
    const LISTEN: &str = "window.said = []; \
        speechSynthesis.speak = what => said.push([what.lang, what.text])";
    let world = World::new();
    let link = world.class("elever-7-9");
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    for (language, read, options) in
        [("da", "Læs op", ["Ja", "Nej"]), ("en", "Read aloud", ["Yes", "No"])]
    {
        let question = &questions("elever-7-9", language)[0];
        browser.wait_for("Start").await;
        browser.execute(LISTEN, vec![]).await.expect("a listener");
        browser.press("Start").await;
        browser.wait_for(question).await;
        browser.press(read).await;
        let said = browser.execute("return window.said", vec![]).await.expect("what was said");
        assert_eq!(said[0][0], language);
        let said = said[0][1].as_str().expect("a text");
        for words in [question.as_str(), options[0], options[1]] {
            assert!(said.contains(words), "{words}: {said}");
        }
        if language == "da" {
            browser.press("English").await;
            browser.wait_for("Read aloud").await;
            browser.press("Back").await;
        }
    }
}
