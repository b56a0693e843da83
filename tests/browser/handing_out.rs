//! What is handed out and handed back: posters, codes to cut up, addresses, and the class's page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::driver::{Browser, Setup};
use super::world::{Handed, World, definition};

fn address(pages: &Value, name: &str) -> String {
    pages[name].as_str().unwrap_or_else(|| panic!("no {name}: {pages}")).to_string()
}

/// How many sheets of A4 it takes.
async fn sheets(browser: &Browser) -> usize {
    let paper = json!({ "paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true });
    let printed = browser.cdp("Page.printToPDF", paper).await;
    let printed = STANDARD.decode(printed["data"].as_str().expect("a PDF")).expect("base64");
    let text = String::from_utf8_lossy(&printed);
    text.matches("/Type /Page\n").count()
}

#[actix_web::test]
async fn a_poster_is_one_sheet_with_the_address() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let pages = world.post(&format!("/links/{}/print-pages", link.id), json!({}));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&address(&pages, "poster")).await;
    browser.wait_for("Dit udbytte af forløbet").await;
    let typed = world.page(&link).replace("http://", "");
    assert!(browser.sees(&typed).await);
    assert!(browser.sees("Hjørring Gymnasium").await);
    browser.look_at("poster").await;
    browser.look_at_print("poster").await;
    assert_eq!(sheets(&browser).await, 1);
    browser.press("English").await;
    browser.wait_for("What you gained from the teaching").await;
    browser.leaves_no_trace().await;

    browser.open(&address(&pages, "handout")).await;
    browser.wait_for("embed.js").await;
    browser.look_at("handout").await;
    browser.press(&world.page(&link)).await;
    browser.wait_for("Send svar").await;
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn codes_are_made_printed_and_used() {
    let world = World::new();
    let questionnaire = world.publish("med-koder", definition("elever-10-13"));
    let link = world.hand_out(&questionnaire, json!({ "access": "codes" }));
    let pages = world.post(&format!("/links/{}/print-pages", link.id), json!({}));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&address(&pages, "codes")).await;
    browser.wait_for("Hvor mange koder?").await;
    browser.look_at("codes-wanted").await;
    browser.fill_in("Hvor mange koder?", "24").await;
    browser.press("Lav koder").await;
    browser.wait_for("Udskriv koderne nu").await;
    const CODES: &str =
        "return [...document.querySelectorAll('.slips .c')].map(one => one.innerText)";
    let codes = browser.execute(CODES, vec![]).await.expect("codes");
    let codes: Vec<String> = serde_json::from_value(codes).expect("texts");
    assert_eq!(codes.len(), 24);
    browser.look_at("codes").await;
    browser.look_at_print("codes").await;
    assert!((1..=4).contains(&sheets(&browser).await));
    browser.leaves_no_trace().await;

    browser.open(&world.page(&link)).await;
    browser.fill_in("Din kode", &codes[23]).await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    assert_eq!(world.stored(&link).len(), 1);
}

fn answer(world: &World, link: &Handed, pupils: usize) {
    let degree = ["meget_hoej", "hoej", "nogen"];
    for pupil in 0..pupils {
        let answers = json!({
            "u_samarbejde": if pupil % 2 == 0 { "ja" } else { "nej" },
            "u_forstaaelse": degree[pupil % 3],
        });
        let response = json!({ "id": Uuid::new_v4(), "answers": answers });
        world.post(&format!("/links/{}/responses", link.token), response);
    }
}

#[actix_web::test]
async fn a_class_sees_how_many_have_answered_and_then_what() {
    let world = World::new();
    let link = world.class("elever-14-19");
    let handout = world.get(&format!("/links/{}/handout", link.id));
    let page = address(&handout, "class_page");
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&page).await;
    browser.wait_for("0 ud af 24 har svaret").await;
    answer(&world, &link, 12);
    // By itself.
    browser.wait_for("12 ud af 24 har svaret").await;
    let bar = browser.text_of("return document.querySelector('.bar .f').getAttribute('d')").await;
    assert!(bar.contains("h50v"), "the bar stands still at {bar}");
    assert!(!browser.sees("I høj grad").await, "answers are shown while the link is open");
    browser.look_at("class-open").await;

    world.post(&format!("/links/{}/close", link.id), json!({}));
    // By itself too.
    browser.wait_for("I høj grad").await;
    let cells = "return [...document.querySelectorAll('td')].map(one => one.innerText)";
    let cells = browser.execute(cells, vec![]).await.expect("cells");
    let cells: Vec<String> = serde_json::from_value(cells).expect("texts");
    // Six of twelve were with somebody, and so were not.
    assert_eq!(cells[0], "6", "{cells:?}");
    browser.look_at("class-closed").await;
    browser.look_at_print("class-closed").await;
    browser.press("English").await;
    browser.wait_for("To a great extent").await;
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn what_few_have_answered_stays_hidden_from_the_class() {
    let world = World::new();
    let link = world.class("elever-14-19");
    answer(&world, &link, 3);
    world.post(&format!("/links/{}/close", link.id), json!({}));
    let handout = world.get(&format!("/links/{}/handout", link.id));
    let browser = Browser::start(Setup::PLAIN).await;
    browser.open(&address(&handout, "class_page")).await;
    browser.wait_for("3 ud af 24 har svaret").await;
    assert!(browser.sees("for få svar").await);
    assert!(!browser.sees("I høj grad").await);
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&address(&handout, "class_page")).await;
    browser.look_at("class-few").await;
    browser.leaves_no_trace().await;
}
