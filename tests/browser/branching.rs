//! Which question comes when.

use serde_json::json;

use super::driver::{Browser, Setup};
use super::world::{World, questions, robots};

#[actix_web::test]
async fn a_question_comes_and_goes_with_the_answer_it_hangs_on() {
    let world = World::new();
    let link = world.hand_out(&world.publish("robotter", robots()), json!({}));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Send svar").await;
    for hidden in ["Hvor var I henne?", "Så I robotterne arbejde?", "Ville du gerne have været"] {
        assert!(!browser.sees(hidden).await, "{hidden}");
    }
    browser.choose("uden for skolen", "Ja").await;
    browser.wait_for("Hvor var I henne?").await;
    browser.choose("Hvor var I henne?", "På en fabrik").await;
    browser.wait_for("Så I robotterne arbejde?").await;
    browser.choose("Så I robotterne", "Ja, det gjorde vi").await;
    // Another answer, and all that hung on the first one is gone.
    browser.choose("uden for skolen", "Nej").await;
    browser.wait_for("Ville du gerne have været").await;
    assert!(!browser.sees("Hvor var I henne?").await);
    assert!(!browser.sees("Så I robotterne arbejde?").await);
    browser.choose("Ville du gerne", "Gerne").await;
    browser.choose("Forstår du robotter", "Ikke bedre").await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    let answers = json!({ "besoeg": "nej", "savnet": "ja", "forstaaelse": "ikke" });
    assert_eq!(world.stored(&link), [answers]);
}

#[actix_web::test]
async fn without_javascript_the_server_asks_what_comes_next() {
    let world = World::new();
    let link = world.hand_out(&world.publish("robotter", robots()), json!({}));
    let browser = Browser::start(Setup::PLAIN).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Næste").await;
    browser.choose("uden for skolen", "Ja").await;
    browser.press("Næste").await;
    browser.wait_for("Hvor var I henne?").await;
    browser.choose("Hvor var I henne?", "På en fabrik").await;
    browser.press("Næste").await;
    browser.wait_for("Så I robotterne arbejde?").await;
    assert!(!browser.sees("Ville du gerne have været").await);
    browser.choose("Så I robotterne", "Ja, det gjorde vi").await;
    browser.press("Tilbage").await;
    browser.wait_for("Hvor var I henne?").await;
    assert!(browser.is_chosen("Hvor var I henne?", "På en fabrik").await);
    browser.choose("Hvor var I henne?", "På et museum").await;
    browser.press("Næste").await;
    browser.wait_for("Forstår du robotter bedre nu?").await;
    assert!(!browser.sees("Så I robotterne arbejde?").await);
    browser.choose("Forstår du robotter", "Lidt bedre").await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    let answers = json!({ "besoeg": "ja", "hvor": "museum", "forstaaelse": "lidt" });
    assert_eq!(world.stored(&link), [answers]);
}

#[actix_web::test]
async fn young_pupils_are_asked_one_thing_at_a_time() {
    one_at_a_time(Setup::USUAL).await;
}

#[actix_web::test]
async fn young_pupils_are_asked_one_thing_at_a_time_without_javascript() {
    one_at_a_time(Setup::PLAIN).await;
}

async fn one_at_a_time(setup: Setup) {
    let questions = questions("elever-7-9", "da");
    assert_eq!(questions.len(), 4);
    let world = World::new();
    let link = world.class("elever-7-9");
    let browser = Browser::start(setup).await;
    browser.open(&world.page(&link)).await;
    browser.wait_for("Det er frivilligt").await;
    for question in &questions {
        assert!(!browser.sees(question).await, "{question}");
    }
    browser.press("Start").await;
    for (number, question) in questions.iter().enumerate() {
        browser.wait_for(question).await;
        for other in questions.iter().filter(|other| *other != question) {
            assert!(!browser.sees(other).await, "{other}");
        }
        assert!(browser.sees(&format!("Spørgsmål {} af 4", number + 1)).await);
        match number {
            0 => browser.choose(question, "Ja").await,
            // One may skip any.
            2 => {}
            _ => browser.choose(question, "Ja, lidt").await,
        }
        if number == 3 {
            // Back is a way too, and the answer is still there.
            browser.press("Tilbage").await;
            browser.wait_for(&questions[2]).await;
            browser.press("Tilbage").await;
            browser.wait_for(&questions[1]).await;
            assert!(browser.is_chosen(&questions[1], "Ja, lidt").await);
            browser.press("Næste").await;
            browser.wait_for(&questions[2]).await;
            browser.press("Næste").await;
            browser.wait_for(question).await;
            assert!(browser.is_chosen(question, "Ja, lidt").await);
        } else {
            browser.press("Næste").await;
        }
    }
    browser.press("Send svar").await;
    browser.wait_for("Tak for hjælpen!").await;
    let answers =
        json!({ "b_samarbejde": "ja", "b_forstaaelse": "ja_lidt", "b_motivation": "ja_lidt" });
    assert_eq!(world.stored(&link), [answers]);
    browser.leaves_no_trace().await;
}
