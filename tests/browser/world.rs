//! What is there before somebody opens a page: a class at Hjørring Gymnasium, in LabSTEM Nord. The
//! operator makes the programme and an account; all else goes through the API, as its holder does.

use std::sync::OnceLock;

use maaltal::accounts::{Caller, Role, Scope, Secret, members, password, users};
use maaltal::clock::{At, Clock};
use maaltal::error::Result;
use maaltal::programmes::{self, organisations};
use maaltal::projects;
use maaltal::store::{Engine, Installation, Store};
use maaltal::surveys::ready;
use serde_json::{Value, json};

use crate::client::Client;
use crate::home::Home;
use crate::service::Service;
use crate::words::words;

pub struct World {
    pub service: Service,
    home: Home,
    token: String,
    project: String,
}

/// A link that is handed out.
#[derive(Debug, Clone)]
pub struct Handed {
    pub id: String,
    pub token: String,
    label: String,
}

impl World {
    pub fn new() -> World {
        World::on(Engine::Sqlite)
    }

    pub fn on(engine: Engine) -> World {
        static TEMPLATE: OnceLock<Home> = OnceLock::new();
        apart(|| {
            let home = match engine {
                Engine::Sqlite => TEMPLATE.get_or_init(|| seeded(engine)).copy(),
                Engine::Postgres => seeded(engine),
            };
            let service = Service::start(&home);
            let mut world = World { service, home, token: String::new(), project: String::new() };
            let signed_in =
                world.post("/auth/sign-in", json!({ "mail": MAIL, "password": PASSWORD }));
            world.token = text(&signed_in["access_token"]);
            let programme = text(&world.get("/programmes")["items"][0]["id"]);
            let projects = world.get(&format!("/programmes/{programme}/projects"));
            world.project = text(&projects["items"][0]["id"]);
            world
        })
    }

    /// A questionnaire that is published, by its id.
    pub fn publish(&self, code: &str, definition: Value) -> String {
        let input = json!({ "code": code, "definition": definition });
        let made = self.post(&format!("/projects/{}/questionnaires", self.project), input);
        let id = text(&made["id"]);
        self.call("POST", &format!("/questionnaires/{id}/publish"), "If-Match: \"1\"\r\n", "");
        id
    }

    /// A link of that questionnaire for a class.
    pub fn hand_out(&self, questionnaire: &str, more: Value) -> Handed {
        let mut input = json!({
            "label": "2.b, biologi",
            "organisation": "hjoerring-gymnasium",
            "wave": "after",
            "class_size": 24,
        });
        for (name, value) in more.as_object().expect("fields of a link") {
            input[name] = value.clone();
        }
        let link = self.post(&format!("/questionnaires/{questionnaire}/links"), input);
        Handed { id: text(&link["id"]), token: text(&link["token"]), label: text(&link["label"]) }
    }

    /// A class that is asked one of the ready questionnaires.
    pub fn class(&self, ready: &str) -> Handed {
        let questionnaire = self.publish(&format!("vores-{ready}"), definition(ready));
        self.hand_out(&questionnaire, json!({}))
    }

    /// Where pupils answer.
    pub fn page(&self, link: &Handed) -> String {
        format!("{}/s/{}", self.origin(), link.token)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.service.address)
    }

    /// The answers that are stored, in no order.
    pub fn stored(&self, link: &Handed) -> Vec<Value> {
        let query = format!(
            "SELECT answers AS words FROM responses JOIN links ON links.id = responses.link_id \
             WHERE links.label = '{}'",
            link.label
        );
        let found = apart(|| words(&self.home.open(), &query));
        found.iter().map(|answers| serde_json::from_str(answers).expect("JSON")).collect()
    }

    pub fn get(&self, path: &str) -> Value {
        self.call("GET", path, "", "")
    }

    pub fn post(&self, path: &str, body: Value) -> Value {
        self.call("POST", path, "", &body.to_string())
    }

    fn call(&self, method: &str, path: &str, headers: &str, body: &str) -> Value {
        let headers = format!("Authorization: Bearer {}\r\n{headers}", self.token);
        let mut client = Client::new(self.service.address, &headers).expect("a connection");
        let path = format!("/api/v1{path}");
        let answer = if method == "GET" { client.get(&path) } else { client.post(&path, body) };
        let (status, answer) = answer.expect("an answer");
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        serde_json::from_str(&answer).unwrap_or_default()
    }
}

/// One of the questionnaires that every programme has.
pub fn definition(ready: &str) -> Value {
    let found = ready::ALL.iter().find(|one| one.code == ready).expect("it is ready");
    serde_json::to_value(found.definition().expect("a definition")).expect("JSON")
}

/// What a ready questionnaire asks in that language, one text for each question.
pub fn questions(ready: &str, language: &str) -> Vec<String> {
    let definition = definition(ready);
    let questions = definition["questions"].as_array().expect("questions").iter();
    questions.map(|question| text(&question["text"][language])).collect()
}

/// One with every type of question, and questions that hang on others.
pub fn robots() -> Value {
    serde_json::from_str(include_str!("robots.json")).expect("JSON")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_string()
}

/// The store blocks, and the tests run on a runtime.
pub fn apart<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|threads| threads.spawn(run).join().expect("a result"))
}

const MAIL: &str = "labstem@aau.dk";
const PASSWORD: &str = "Limfjorden fryser sjældent til";

fn seeded(engine: Engine) -> Home {
    let home = Home::new(engine);
    seed(&home.open(), Clock::System.now()).expect("a programme");
    home
}

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("an input of the domain")
}

fn seed(store: &Store, now: At) -> Result<()> {
    const OPERATOR: Caller = Caller::Operator;
    let names = json!({ "name_da": "STEM i Nordjylland", "name_en": "STEM in North Jutland" });
    let hash = password::hash(&Secret::new(PASSWORD))?;
    let programme = store.write_here(Installation, |db| {
        programmes::create(db, &OPERATOR, "nordjylland", &from(names), now)
    })?;
    let user = store
        .write_here(Installation, |db| users::add(db, &OPERATOR, MAIL, "LabSTEM", &hash, now))?;
    store.write_here(programme, |db| {
        for (code, name) in [
            ("aalborg-universitet", "Aalborg Universitet"),
            ("hjoerring-gymnasium", "Hjørring Gymnasium"),
        ] {
            let input = json!({ "code": code, "name": name, "education_type": "stx" });
            organisations::create(db, &OPERATOR, programme, from(input), now)?;
        }
        let input = json!({
            "code": "labstem-nord",
            "title": "LabSTEM Nord",
            "holder": "aalborg-universitet",
            "status": "ongoing",
            "partners": ["hjoerring-gymnasium"],
        });
        let project = projects::create(db, &OPERATOR, programme, from(input), now)?;
        let scope = Scope::project(programme, project);
        members::grant(db, &OPERATOR, user, Role::Holder, scope, now)?;
        Ok(())
    })
}
