//! What is wrong is said, and what was answered stays.

use fantoccini::key::Key;
use serde_json::json;

use super::driver::{Browser, Setup};
use super::world::{World, robots};

#[actix_web::test]
async fn faults_are_named_and_answers_stay() {
    faults_are_named(Setup::USUAL).await;
}

#[actix_web::test]
async fn faults_are_named_and_answers_stay_without_javascript() {
    faults_are_named(Setup::PLAIN).await;
}

async fn faults_are_named(setup: Setup) {
    let world = World::new();
    let link = world.hand_out(&world.publish("robotter", robots()), json!({}));
    let browser = Browser::start(setup).await;
    browser.open(&world.page(&link)).await;
    browser.choose("uden for skolen", "Nej").await;
    browser.go_on_to("Forstår du robotter").await;
    browser.choose("vide mere om", "Sensorer").await;
    browser.choose("vide mere om", "Motorer").await;
    browser.choose("vide mere om", "Programmering").await;
    browser.choose("Timerne var sjove", "Enig").await;
    browser.fill_in("Hvor længe byggede du?", "41").await;
    browser.fill_in("Hvad var det bedste?", "At <b>bygge</b> & \"køre\"").await;
    browser.press("Send svar").await;
    browser.wait_for("Noget mangler at blive rettet").await;
    for fault in ["Svar på spørgsmålet.", "Vælg fra", "Skriv et tal fra 0 til 40"] {
        assert!(browser.sees(fault).await, "{fault}");
    }
    assert_eq!(world.stored(&link).len(), 0);

    // The summary has the focus, and leads to the first fault.
    const FOCUSED: &str = "return document.activeElement.innerText";
    let summary = browser.text_of(FOCUSED).await;
    assert!(summary.contains("Noget mangler at blive rettet"), "the focus is on {summary:?}");
    assert!(browser.text_of("return document.title").await.starts_with("Fejl"));
    browser.tab_to("Skriv et tal fra 0 til 40").await;
    browser.key(Key::Enter).await;
    const LABEL: &str = "return (document.activeElement.labels || [{}])[0].innerText || ''";
    let field = browser.text_of(LABEL).await;
    assert!(field.contains("Hvor længe byggede du?"), "the fault leads to {field:?}");

    assert!(browser.is_chosen("uden for skolen", "Nej").await);
    assert!(browser.is_chosen("vide mere om", "Sensorer").await);
    assert!(browser.is_chosen("Timerne var sjove", "Enig").await);
    let typed = async |label| {
        let field = browser.field(label).await;
        field.prop("value").await.expect("a property").expect("a value")
    };
    assert_eq!(typed("Hvor længe byggede du?").await, "41");
    assert_eq!(typed("Hvad var det bedste?").await, "At <b>bygge</b> & \"køre\"");

    browser.choose("Forstår du robotter", "Lidt bedre").await;
    browser.choose("vide mere om", "Motorer").await;
    browser.fill_in("Hvor længe byggede du?", "7,5").await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    let answers = json!({
        "besoeg": "nej",
        "forstaaelse": "lidt",
        "emner": ["sensorer", "programmering"],
        "timerne": { "sjove": "enig" },
        "timer": 7.5,
        "bedst": "At <b>bygge</b> & \"køre\"",
    });
    assert_eq!(world.stored(&link), [answers]);
    browser.leaves_no_trace().await;
}
