//! What people write is text, wherever it is shown.

use serde_json::{Value, json};

use super::driver::{Browser, Setup};
use super::world::{World, robots};

const MARKUP: &str = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}</title>";

/// Puts it behind every text that is long enough.
fn spoil(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                match (name.as_str(), field) {
                    // Too short for it.
                    ("unit", _) => {}
                    ("da" | "en", Value::String(text)) => text.push_str(MARKUP),
                    (_, field) => spoil(field),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(spoil),
        _ => {}
    }
}

#[actix_web::test]
async fn markup_in_a_questionnaire_is_shown_as_it_is_written() {
    let world = World::new();
    let mut definition = robots();
    spoil(&mut definition);
    let link = world.hand_out(&world.publish("robotter", definition), json!({}));
    let browser = Browser::start(Setup::USUAL).await;
    let is_harmless = async || {
        const ALIEN: &str = "return String(document.querySelectorAll( \
            'img, script:not([src]), [onerror]').length)";
        assert_eq!(browser.text_of(ALIEN).await, "0");
        assert!(browser.sees(MARKUP).await);
        assert!(browser.text_of("return document.title").await.contains(MARKUP));
    };
    browser.open(&world.page(&link)).await;
    browser.wait_for("Send svar").await;
    is_harmless().await;
    browser.fill_in("Hvor længe byggede du?", MARKUP).await;
    browser.fill_in("Hvad var det bedste?", MARKUP).await;
    browser.press("Send svar").await;
    browser.wait_for("Noget mangler at blive rettet").await;
    is_harmless().await;
    let typed = browser.field("Hvor længe byggede du?").await.prop("value").await;
    assert_eq!(typed.expect("a property").as_deref(), Some(MARKUP));
    browser.leaves_no_trace().await;
}
