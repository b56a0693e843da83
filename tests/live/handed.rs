//! What is in the database before a service starts, and what pupils answer.

use std::path::Path;

use maaltal::accounts::Caller;
use maaltal::clock::{At, Clock};
use maaltal::ids::LinkId;
use maaltal::store::{Installation, Store};
use maaltal::surveys::{links, questionnaires, ready, versions};
use maaltal::{error, programmes};
use serde_json::{Value, json};

use crate::home::Home;

/// A link that is handed out.
#[derive(Debug, Clone)]
pub struct Handed {
    pub id: LinkId,
    pub token: String,
}

impl Handed {
    pub fn responses(&self) -> String {
        format!("/api/v1/links/{}/responses", self.token)
    }
}

impl Home {
    /// The folder of the embedded database.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Home::Sqlite(folder) => Some(folder),
            Home::Postgres(_) => None,
        }
    }

    /// A programme with a published questionnaire and these links, made two days ago.
    pub fn hand_out(&self, links: &[Value]) -> Vec<Handed> {
        let made = seed(&self.open(), before(), links);
        made.unwrap_or_else(|error| panic!("no links: {error}"))
    }
}

/// When everything was made that is there before anybody answers.
pub fn before() -> At {
    Clock::System.now().plus_seconds(-2 * 86_400)
}

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("an input of the domain")
}

fn seed(store: &Store, now: At, inputs: &[Value]) -> error::Result<Vec<Handed>> {
    let operator = Caller::Operator;
    let names = json!({ "name_da": "STEM i Nordjylland", "name_en": "STEM in North Jutland" });
    let programme = store.write_here(Installation, |db| {
        programmes::create(db, &operator, "nordjylland", &from(names), now)
    })?;
    let ready = ready::ALL.iter().find(|one| one.code == "elever-14-19").expect("it is ready");
    let definition = serde_json::to_value(ready.definition()?).expect("JSON");
    store.write_here(programme, |db| {
        let input = from(json!({ "code": "efter-forloebet", "definition": definition }));
        let id = questionnaires::create_in_programme(db, &operator, programme, input, now)?;
        versions::publish(db, &operator, id, 1, now)?;
        let hand_out = |input: &Value| {
            let link = links::create(db, &operator, id, from(input.clone()), now)?;
            let token = links::get(db, &operator, link, now)?.token.expect("the operator's token");
            Ok(Handed { id: link, token })
        };
        inputs.iter().map(hand_out).collect()
    })
}

/// The link of a class at Hjørring Gymnasium.
pub fn class() -> Value {
    json!({ "label": "2.b, biologi", "wave": "after", "class_size": 24 })
}

/// What a pupil answers; mostly not what the one before did.
pub fn answers(number: usize) -> Value {
    let degree = ["meget_hoej", "hoej", "nogen", "mindre", "slet_ikke", "ved_ikke"];
    json!({
        "u_samarbejde": if number.is_multiple_of(3) { "nej" } else { "ja" },
        "u_forstaaelse": degree[number % 6],
        "u_motivation": degree[number / 6 % 6],
    })
}

/// The body that a form sends.
pub fn response(id: uuid::Uuid, answers: Value) -> String {
    json!({ "id": id, "answers": answers }).to_string()
}
