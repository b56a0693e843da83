//! One-time codes: typed from a card, or come by the address in a QR code.

use serde_json::json;

use super::driver::{Browser, Setup};
use super::world::{Handed, World, definition};

fn with_codes(world: &World) -> (Handed, Vec<String>) {
    let questionnaire = world.publish("med-koder", definition("elever-14-19"));
    let link = world.hand_out(&questionnaire, json!({ "access": "codes" }));
    let made = world.post(&format!("/links/{}/codes", link.id), json!({ "count": 3 }));
    let codes = made["codes"].as_array().expect("codes").iter();
    let codes = codes.map(|code| code.as_str().expect("a code").to_string()).collect();
    (link, codes)
}

#[actix_web::test]
async fn a_code_is_typed() {
    a_code_is_typed_by(Setup::USUAL).await;
}

#[actix_web::test]
async fn a_code_is_typed_without_javascript() {
    a_code_is_typed_by(Setup::PLAIN).await;
}

async fn a_code_is_typed_by(setup: Setup) {
    let world = World::new();
    let (link, codes) = with_codes(&world);
    let browser = Browser::start(setup).await;
    browser.open(&world.page(&link)).await;
    browser.choose("betydning i praksis", "I høj grad").await;
    browser.press("Send svar").await;
    browser.wait_for("Skriv koden fra dit kort.").await;
    browser.fill_in("Din kode", "2222-2222").await;
    browser.press("Send svar").await;
    browser.wait_for("Koden gælder ikke.").await;
    assert!(browser.is_chosen("betydning i praksis", "I høj grad").await);

    // As a child writes it down: small letters, a blank in the middle.
    let (start, end) = codes[0].split_at(4);
    browser.fill_in("Din kode", &format!("{} {end}", start.to_lowercase())).await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    assert_eq!(world.stored(&link).len(), 1);

    // The next one has to have a card of her own.
    browser.press("Næste elev").await;
    browser.wait_for("Din kode").await;
    let left = browser.field("Din kode").await.prop("value").await.expect("a property");
    assert_eq!(left.as_deref(), Some(""), "the code of the one before");
    browser.fill_in("Din kode", &codes[0]).await;
    browser.choose("betydning i praksis", "I høj grad").await;
    browser.press("Send svar").await;
    browser.wait_for("Koden gælder ikke.").await;
    browser.fill_in("Din kode", &codes[1]).await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    assert_eq!(world.stored(&link).len(), 2);
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn a_code_comes_by_the_qr_code() {
    let world = World::new();
    let (link, codes) = with_codes(&world);
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&format!("{}#{}", world.page(&link), codes[0])).await;
    browser.choose("betydning i praksis", "I nogen grad").await;
    let filled = browser.field("Din kode").await.prop("value").await.expect("a property");
    let filled = filled.expect("a value").replace([' ', '-'], "");
    assert_eq!(filled, codes[0]);
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    assert_eq!(world.stored(&link).len(), 1);
    let asked = browser.loaded().await;
    let told = |one: &&super::trail::Loaded| {
        one.address.split('#').next().is_some_and(|sent| sent.contains(&codes[0]))
    };
    assert!(asked.iter().find(told).is_none(), "the code stands in an address: {asked:#?}");
    assert!(!world.service.log().contains(&codes[0]));
    browser.leaves_no_trace().await;
}
