//! Within the page of a school, on another site, by a browser that takes no cookies there.

use serde_json::{Value, json};

use super::driver::{Browser, Setup};
use super::elsewhere::Elsewhere;
use super::page::until;
use super::weight::MOST_BYTES;
use super::world::{Handed, World, definition};

const QUESTION: &str = "betydning i praksis";
const LINK: &str = "Svar på spørgeskemaet";

/// Notes what the embedded page tells.
const LISTENER: &str = "<script>window.told = []; \
    for (const type of ['ready', 'resize', 'completed']) \
        addEventListener('maaltal:' + type, event => told.push(type + ' ' + event.detail.link)); \
    </script>";

/// A class whose link may be embedded by the school's site alone.
fn class(world: &World, elsewhere: &Elsewhere, access: &str) -> Handed {
    let questionnaire = world.publish("indlejret", definition("elever-14-19"));
    let origins = [elsewhere.origin("skole")];
    world.hand_out(&questionnaire, json!({ "origins": origins, "access": access }))
}

/// As the documentation has it: a link, and the script that puts the frame in its place.
fn embedding(world: &World, link: &Handed) -> String {
    format!(
        "{LISTENER}<p><a href='{}'>{LINK}</a></p>\
         <script async src='{}/embed.js' data-link='{}'></script>",
        world.page(link),
        world.origin(),
        link.token
    )
}

async fn told(browser: &Browser) -> Vec<String> {
    let told = browser.execute("return window.told", vec![]).await.expect("what was told");
    serde_json::from_value(told).expect("texts")
}

async fn into_the_frame(browser: &Browser) {
    until("a frame", async || browser.enter_frame(0).await.is_ok()).await;
}

/// The frame's own height, and that of what is in it.
async fn heights(browser: &Browser) -> (i64, i64) {
    let both = "const it = document.documentElement; return [innerHeight, it.scrollHeight]";
    let both = browser.execute(both, vec![]).await.expect("heights");
    (both[0].as_i64().expect("a height"), both[1].as_i64().expect("a height"))
}

#[actix_web::test]
async fn a_school_embeds_it_and_hears_of_it() {
    let world = World::new();
    let elsewhere = Elsewhere::start();
    let link = class(&world, &elsewhere, "open");
    let page = elsewhere.put("skole", "/forloeb.html", &embedding(&world, &link));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&page).await;
    let ready = format!("ready {}", link.token);
    until("ready", async || told(&browser).await.contains(&ready)).await;
    let resize = format!("resize {}", link.token);
    until("resize", async || told(&browser).await.contains(&resize)).await;
    let from_us = browser.loaded().await.into_iter();
    let from_us = from_us.filter(|one| one.address.starts_with(&world.origin()));
    let bytes: u64 = from_us.map(|one| one.bytes).sum();
    assert!((1..=MOST_BYTES).contains(&bytes), "{bytes} bytes with embed.js");
    assert!(!browser.sees(LINK).await, "the link is still there beside the frame");

    into_the_frame(&browser).await;
    browser.wait_for("Send svar").await;
    // All of it is to be seen, and the page scrolls, not the frame.
    until("a frame as high as its content", async || {
        let (frame, content) = heights(&browser).await;
        frame > 500 && frame >= content
    })
    .await;
    browser.look_at("embedded").await;
    browser.choose(QUESTION, "I høj grad").await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    assert_eq!(world.stored(&link), [json!({ "u_forstaaelse": "hoej" })]);
    until("a frame that shrinks", async || {
        let (frame, content) = heights(&browser).await;
        frame < 500 && frame >= content
    })
    .await;
    browser.look_at("embedded-thanks").await;
    browser.enter_parent_frame().await.expect("the school's page");
    let completed = format!("completed {}", link.token);
    until("completed", async || told(&browser).await.contains(&completed)).await;
    browser.leaves_no_trace().await;
}

#[actix_web::test]
async fn another_site_gets_no_frame() {
    let world = World::new();
    let elsewhere = Elsewhere::start();
    let link = class(&world, &elsewhere, "open");
    let page = elsewhere.put("fremmed", "/kopi.html", &embedding(&world, &link));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&page).await;
    until("a refusal", async || {
        browser.complaints().await.iter().any(|one| one.contains("frame-ancestors"))
    })
    .await;
    assert_eq!(told(&browser).await, [""; 0]);
    // Whoever reads that page can answer all the same.
    browser.press(LINK).await;
    browser.wait_for("Send svar").await;
}

#[actix_web::test]
async fn what_another_window_says_is_not_passed_on() {
    let world = World::new();
    let elsewhere = Elsewhere::start();
    let link = class(&world, &elsewhere, "open");
    let page = elsewhere.put("skole", "/forloeb.html", &embedding(&world, &link));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&page).await;
    until("ready", async || told(&browser).await.len() >= 2).await;
    let forged = json!({ "maaltal": link.token, "type": "completed" });
    // From the page itself, and the last of them comes after all that was sent before.
    let send = "const done = arguments[1]; postMessage(arguments[0], '*'); \
                addEventListener('message', event => event.data === 'end' && done(1)); \
                postMessage('end', '*')";
    browser.execute_async(send, vec![forged]).await.expect("messages");
    let completed = format!("completed {}", link.token);
    assert!(!told(&browser).await.contains(&completed));
}

#[actix_web::test]
async fn a_plain_frame_works_without_javascript() {
    plain_frame(Setup::PLAIN, "").await;
}

#[actix_web::test]
async fn a_plain_frame_works_within_a_sandbox() {
    plain_frame(Setup::USUAL, "sandbox='allow-scripts allow-forms'").await;
}

async fn plain_frame(setup: Setup, attributes: &str) {
    let world = World::new();
    let elsewhere = Elsewhere::start();
    let link = class(&world, &elsewhere, "open");
    let frame = format!(
        "<iframe {attributes} title=Spørgeskema style='width:100%;height:600px' src='{}?embed=1'>\
         </iframe>",
        world.page(&link)
    );
    let page = elsewhere.put("skole", "/ramme.html", &frame);
    let browser = Browser::start(setup).await;
    browser.open(&page).await;
    into_the_frame(&browser).await;
    browser.choose(QUESTION, "I høj grad").await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    assert_eq!(world.stored(&link), [json!({ "u_forstaaelse": "hoej" })]);
}

#[actix_web::test]
async fn without_javascript_a_link_remains() {
    let world = World::new();
    let elsewhere = Elsewhere::start();
    let link = class(&world, &elsewhere, "open");
    let page = elsewhere.put("skole", "/forloeb.html", &embedding(&world, &link));
    let browser = Browser::start(Setup::PLAIN).await;
    browser.open(&page).await;
    browser.press(LINK).await;
    browser.wait_for("Send svar").await;
}

#[actix_web::test]
async fn codes_work_within_a_frame() {
    let world = World::new();
    let elsewhere = Elsewhere::start();
    let link = class(&world, &elsewhere, "codes");
    let made = world.post(&format!("/links/{}/codes", link.id), json!({ "count": 2 }));
    let Value::String(code) = &made["codes"][0] else { panic!("no code: {made}") };
    let page = elsewhere.put("skole", "/forloeb.html", &embedding(&world, &link));
    let browser = Browser::start(Setup::USUAL).await;
    browser.open(&page).await;
    into_the_frame(&browser).await;
    browser.wait_for("Din kode").await;
    browser.fill_in("Din kode", code).await;
    browser.choose(QUESTION, "I høj grad").await;
    browser.press("Send svar").await;
    browser.wait_for("Dine svar er modtaget").await;
    assert_eq!(world.stored(&link).len(), 1);
}
