//! A browser without a script: it reads the form of a page and sends what stands in it.

use crate::harness::{Answer, App};

/// The fields of a page's form, as they stand.
#[derive(Debug, Clone)]
pub struct Form {
    pub address: String,
    /// Name, value, and whether it is sent: of a choice only what is chosen is.
    fields: Vec<(String, String, bool)>,
    pub page: String,
}

impl Form {
    /// Opens a page that has a form.
    pub async fn open(app: &App, address: &str) -> Form {
        Form::of(address, &app.get(address).await.expect(200))
    }

    pub fn of(address: &str, answer: &Answer) -> Form {
        let page = answer.text();
        let mut fields = Vec::new();
        for (at, _) in page.match_indices("<input ") {
            let tag = &page[at..at + page[at..].find('>').expect("an end")];
            let Some(name) = attribute(tag, "name") else { continue };
            let value = attribute(tag, "value").unwrap_or_default();
            let is_choice = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
            fields.push((name, value, !is_choice || tag.contains(" checked")));
        }
        for (at, _) in page.match_indices("<textarea ") {
            let (tag, rest) = page[at..].split_once(">\n").expect("an end");
            let text = rest.split("</textarea>").next().expect("an end");
            fields.push((attribute(tag, "name").expect("a name"), unescaped(text), true));
        }
        assert!(fields.iter().any(|(name, ..)| name == "id"), "no form in {page}");
        Form { address: address.to_string(), fields, page }
    }

    pub fn value(&self, name: &str) -> &str {
        let sent = self.fields.iter().find(|(one, _, sent)| one == name && *sent);
        sent.map(|(_, value, _)| value.as_str()).unwrap_or_default()
    }

    /// Chooses an option; of a radio button that is the only one then.
    #[track_caller]
    pub fn choose(mut self, name: &str, value: &str) -> Form {
        let name = format!("a.{name}");
        let is_radio = self.page.contains(&format!("<input type=\"radio\" name=\"{name}\""));
        let mut found = false;
        for (one, option, sent) in self.fields.iter_mut().filter(|(one, ..)| *one == name) {
            let this = option == value;
            found |= this;
            *sent = if is_radio { this } else { *sent || this };
            let _ = one;
        }
        assert!(found, "no {value} of {name}");
        self
    }

    /// Writes into a field.
    #[track_caller]
    pub fn write(mut self, name: &str, text: &str) -> Form {
        let field = self.fields.iter_mut().find(|(one, ..)| one == name);
        field.unwrap_or_else(|| panic!("no field {name}")).1 = text.to_string();
        self
    }

    /// What would be sent with a button pressed.
    pub fn body(&self, go: &str) -> String {
        let sent = self.fields.iter().filter(|(.., sent)| *sent);
        let pairs = sent.map(|(name, value, _)| (name.as_str(), value.as_str()));
        let mut body = url_encoded(pairs);
        body.push_str(&format!("&go={go}"));
        body
    }

    pub async fn press(&self, app: &App, go: &str) -> Answer {
        let body = self.body(go);
        app.post(&self.address).body("application/x-www-form-urlencoded", body).await
    }

    /// Presses a button that leads to another page with the form in it.
    pub async fn go(&self, app: &App, go: &str) -> Form {
        Form::of(&self.address, &self.press(app, go).await.expect(200))
    }

    /// Sends it, and is thanked.
    pub async fn send(&self, app: &App) -> Answer {
        let sent = self.press(app, "send").await.expect(303);
        let there = sent.header("location").expect("a place").to_string();
        assert!(there.starts_with('?'), "{there}");
        let address = self.address.split('?').next().expect("an address");
        app.get(&format!("{address}{there}")).await.expect(200)
    }

    /// The codes of the questions that are shown.
    pub fn shown(&self) -> Vec<String> {
        let tags = self
            .page
            .match_indices("<fieldset class=\"q\"")
            .map(|(at, _)| &self.page[at..at + self.page[at..].find(">\n").expect("an end")]);
        tags.filter(|tag| !tag.contains(" hidden"))
            .map(|tag| attribute(tag, "id").expect("an id")[2..].to_string())
            .collect()
    }

    /// What the main button does.
    pub fn button(&self) -> String {
        let at = self.page.find("id=\"go\"").expect("a button");
        attribute(&self.page[at..], "value").expect("a value")
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(unescaped)
}

fn unescaped(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

fn url_encoded<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let encoded = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pair = |(name, value): (&str, &str)| format!("{}={}", encoded(name), encoded(value));
    pairs.map(pair).collect::<Vec<_>>().join("&")
}
