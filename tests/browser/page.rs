//! What a person does on a page and sees of it.

use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Locator, key::Key};
use serde_json::json;

use super::driver::Browser;

/// How long something may take that a person waits for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Before it is asked again whether it is there.
const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until it is so.
pub async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

impl Browser {
    pub async fn open(&self, address: &str) {
        self.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// The text that is to be seen.
    pub async fn seen(&self) -> String {
        let seen = self.execute("return document.body ? document.body.innerText : ''", vec![]);
        // Between two pages there is none.
        seen.await.ok().and_then(|seen| Some(seen.as_str()?.to_string())).unwrap_or_default()
    }

    pub async fn sees(&self, text: &str) -> bool {
        self.seen().await.contains(text)
    }

    pub async fn wait_for(&self, text: &str) {
        let begun = Instant::now();
        while !self.sees(text).await {
            if begun.elapsed() > PATIENCE {
                panic!("no \"{text}\" within {PATIENCE:?}, but:\n{}", self.seen().await);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    pub async fn wait_for_any(&self, texts: &[&str]) {
        until(&format!("any of {texts:?}"), async || {
            let seen = self.seen().await;
            texts.iter().any(|text| seen.contains(text))
        })
        .await;
    }

    /// What a script returns, as text.
    pub async fn text_of(&self, script: &str) -> String {
        let value = self.execute(script, vec![]).await;
        let value = value.unwrap_or_else(|error| panic!("{script}: {error}"));
        value.as_str().map_or_else(|| value.to_string(), ToString::to_string)
    }

    /// Chooses an option by its words, below the question or statement with those words.
    pub async fn choose(&self, question: &str, option: &str) {
        self.click(self.option(question, option).await, option).await;
    }

    /// The label of an option.
    pub async fn option(&self, question: &str, option: &str) -> Element {
        self.one(&format!("({}//label[normalize-space(.)={}])[1]", group(question), quoted(option)))
            .await
    }

    /// Whether the option is chosen.
    pub async fn is_chosen(&self, question: &str, option: &str) -> bool {
        let label = self.option(question, option).await;
        let label = serde_json::to_value(label).expect("an element");
        let found = self.execute("return arguments[0].control.checked", vec![label]).await;
        found.expect("a control").as_bool().expect("a box or a circle")
    }

    /// The field that belongs to a label.
    pub async fn field(&self, label: &str) -> Element {
        let label = self.one(&format!("//label[contains(., {})]", quoted(label))).await;
        let id = label.attr("for").await.expect("an attribute").expect("a field of the label");
        self.find(Locator::Id(&id)).await.expect("the field")
    }

    pub async fn fill_in(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("typed text");
    }

    /// A button, or a link that looks like one.
    pub async fn press(&self, button: &str) {
        self.click(self.button(button).await, button).await;
    }

    async fn click(&self, element: Element, words: &str) {
        let done = element.click().await;
        done.unwrap_or_else(|error| panic!("{words}: no click: {error}"));
    }

    /// The first of that name that is to be seen.
    pub async fn button(&self, words: &str) -> Element {
        let named = format!("normalize-space(.)={}", quoted(words));
        let path = format!("//button[{named}] | //a[{named}]");
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            for found in self.find_all(Locator::XPath(&path)).await.unwrap_or_default() {
                if found.is_displayed().await.unwrap_or_default() {
                    return found;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("no button {words}, on:\n{}", self.seen().await)
    }

    /// Where the server asks one part after the other, goes on to the one with that text.
    pub async fn go_on_to(&self, text: &str) {
        if !self.sees(text).await {
            self.press("Næste").await;
        }
        self.wait_for(text).await;
    }

    async fn one(&self, path: &str) -> Element {
        let found = self.wait().at_most(PATIENCE).for_element(Locator::XPath(path)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{path}: {error}, on:\n{}", self.seen().await),
        }
    }

    /// Keys, one after the other, to whatever has the focus.
    pub async fn keys(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".to_string());
        for &value in keys {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.perform_actions(actions).await.expect("keys");
    }

    pub async fn key(&self, key: Key) {
        self.keys(&[key.into()]).await;
    }

    /// Goes on with Tab until the focus is on what has those words, as its own text or its label's.
    pub async fn tab_to(&self, words: &str) {
        const FOCUSED: &str = "const it = document.activeElement; \
            const labels = [...(it.labels || [])].map(label => label.innerText).join(' '); \
            return (it === document.body ? '' : labels + ' ' + it.innerText).replace(/\\s+/g, ' ')";
        let mut met = Vec::new();
        for _ in 0..100 {
            self.key(Key::Tab).await;
            let focused = self.text_of(FOCUSED).await;
            if focused.contains(words) {
                return;
            }
            met.push(focused);
        }
        panic!("Tab never came to {words}, but to {met:#?}");
    }

    pub async fn network_is_there(&self, is_there: bool) {
        let conditions = json!({
            "offline": !is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.cdp("Network.emulateNetworkConditions", conditions).await;
    }

    /// The width and height of what is shown, in CSS pixels.
    pub async fn size(&self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
    }

    pub async fn dark(&self, is_dark: bool) {
        let value = if is_dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }
}

/// The innermost group of fields that is named by those words.
fn group(words: &str) -> String {
    let named =
        |element: &str| format!("{element}[contains(normalize-space(.), {})]", quoted(words));
    format!("//fieldset[{}]", named("legend"))
}

/// A text within XPath, which knows no escapes.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}
