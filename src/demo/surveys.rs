//! What the results chain asks pupils and teachers, and two classes and a school that answer.
//! Nobody did: the answers are made up, and wherever they are shown it says so.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::rows;
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{LinkId, ProgrammeId, ProjectId, QuestionnaireId};
use crate::paging::Page;
use crate::store::{Db, Store};
use crate::surveys::code_key::CodeKey;
use crate::surveys::core_questions::{self, CoreQuestionInput};
use crate::surveys::definition::{Definition, Texts};
use crate::surveys::forms::{Forms, ResponseInput};
use crate::surveys::link_input::LinkInput;
use crate::surveys::link_state::LinkState;
use crate::surveys::questionnaires::{self, NewQuestionnaire};
use crate::surveys::shares::ShareRule;
use crate::surveys::{closing, links, ready, releases, versions};

const SURVEYS: &str = include_str!("../../demo/midtjylland/surveys.json");
const PUPILS: &str = include_str!("../../demo/midtjylland/made-up-pupils.csv");
const TEACHERS: &str = include_str!("../../demo/midtjylland/made-up-teachers.csv");

/// The questionnaires, the links, and which indicator takes what from the answers.
#[derive(Deserialize)]
pub struct Surveys {
    /// What stands beside every title, by language.
    made_up: BTreeMap<String, String>,
    core_questions: Vec<String>,
    questionnaires: Vec<String>,
    links: Vec<Handed>,
    indicators: BTreeMap<String, ShareRule>,
}

#[derive(Deserialize)]
struct Handed {
    name: String,
    questionnaire: String,
    closed: bool,
    link: Value,
}

/// A link that is to be answered.
pub struct Class {
    name: String,
    closed: bool,
    id: LinkId,
    token: String,
}

/// One made-up response; what is left empty was not answered.
#[derive(Deserialize)]
struct Row {
    link: String,
    batch: u32,
    #[serde(flatten)]
    answers: BTreeMap<String, String>,
}

impl Surveys {
    pub fn read() -> Result<Surveys> {
        serde_json::from_str(SURVEYS).map_err(Error::unexpected)
    }

    /// What the indicator takes from answers, if anything.
    pub fn rule(&self, indicator: &str) -> Option<ShareRule> {
        self.indicators.get(indicator).cloned()
    }

    /// A title that says of what is shown under it that it is made up.
    pub fn marked(&self, title: &str) -> String {
        let words: Vec<&str> = self.made_up.values().map(String::as_str).collect();
        format!("{title} ({})", words.join(" / "))
    }

    /// Publishes the ready questionnaires in the project, with the core questions in the bank.
    pub fn publish(
        &self,
        db: &mut Db,
        programme: ProgrammeId,
        project: ProjectId,
        now: At,
    ) -> Result<()> {
        let operator = Caller::Operator;
        for code in &self.questionnaires {
            let mut definition = definition(code)?;
            for question in &mut definition.questions {
                if self.core_questions.contains(&question.code) {
                    let own = serde_json::to_value(&*question).map_err(Error::unexpected)?;
                    let input = CoreQuestionInput { question: own };
                    core_questions::create(db, &operator, programme, input, now)?;
                    question.core = Some(question.code.clone());
                }
            }
            self.mark(&mut definition.title);
            definition.intro.iter_mut().for_each(|intro| self.mark(intro));
            let definition = serde_json::to_value(definition).map_err(Error::unexpected)?;
            let input = NewQuestionnaire { code: code.clone(), definition };
            let id = questionnaires::create_in_project(db, &operator, project, input, now)?;
            versions::publish(db, &operator, id, 1, now)?;
        }
        Ok(())
    }

    fn mark(&self, texts: &mut Texts) {
        for (language, text) in &mut texts.0 {
            if let Some(made_up) = self.made_up.get(language) {
                text.push_str(&format!(" ({made_up})"));
            }
        }
    }

    pub fn hand_out(&self, db: &mut Db, project: ProjectId, now: At) -> Result<Vec<Class>> {
        let operator = Caller::Operator;
        let made = of_project(db, project)?;
        let mut classes = Vec::with_capacity(self.links.len());
        for Handed { name, questionnaire, closed, link } in &self.links {
            let (_, of) = made.iter().find(|(code, _)| code == questionnaire).ok_or_else(|| {
                Error::unexpected(format!("no questionnaire {questionnaire} in surveys.json"))
            })?;
            let input: LinkInput =
                serde_json::from_value(link.clone()).map_err(Error::unexpected)?;
            let id = links::create(db, &operator, *of, input, now)?;
            let token = links::get(db, &operator, id, now)?.token.ok_or(Error::NotFound)?;
            classes.push(Class { name: name.clone(), closed: *closed, id, token });
        }
        Ok(classes)
    }
}

fn definition(code: &str) -> Result<Definition> {
    let found = ready::ALL.iter().find(|ready| ready.code == code);
    found.ok_or_else(|| Error::unexpected(format!("no ready questionnaire {code}")))?.definition()
}

fn of_project(db: &mut Db, project: ProjectId) -> Result<Vec<(String, QuestionnaireId)>> {
    let page = Page::of(None, 100);
    let found = questionnaires::list_of_project(db, &Caller::Operator, project, &page)?;
    Ok(found.items.into_iter().map(|one| (one.code, one.id)).collect())
}

/// The token of the project's first link that still takes answers.
pub fn open_link(db: &mut Db, project: ProjectId, now: At) -> Result<Option<String>> {
    for (_, questionnaire) in of_project(db, project)? {
        let page = Page::of(None, 100);
        let found = links::list(db, &Caller::Operator, questionnaire, now, &page)?;
        let open = found.items.into_iter().find(|link| link.state == LinkState::Open);
        if let Some(token) = open.and_then(|link| link.token) {
            return Ok(Some(token));
        }
    }
    Ok(None)
}

/// Sends the answers the way that everybody's go, batch by batch with what is due of releases
/// after each, and closes the links that are to be seen closed.
pub fn answer(store: &Store, key: CodeKey, classes: &[Class], now: At) -> Result<()> {
    let mut responses = rows::<Row>(PUPILS)?;
    responses.extend(rows::<Row>(TEACHERS)?);
    let forms = Forms::start(store.clone(), key)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(Error::unexpected)?;
    let answered = runtime.block_on(async {
        let last = responses.iter().map(|row| row.batch).max().unwrap_or(0);
        for batch in 1..=last {
            for (number, row) in responses.iter().enumerate() {
                if row.batch == batch {
                    take(&forms, classes, row, number, now).await?;
                }
            }
            releases::release_due(store, now).await?;
        }
        for class in classes.iter().filter(|class| class.closed) {
            closing::close(store, None, class.id, now).await?;
        }
        Ok(())
    });
    forms.drain();
    answered
}

async fn take(forms: &Forms, classes: &[Class], row: &Row, number: usize, now: At) -> Result<()> {
    let class = classes.iter().find(|class| class.name == row.link);
    let class =
        class.ok_or_else(|| Error::unexpected(format!("no link {} in surveys.json", row.link)))?;
    let given = row.answers.iter().filter(|(_, option)| !option.is_empty());
    let answers: Map<String, Value> =
        given.map(|(question, option)| (question.clone(), option.clone().into())).collect();
    let opened = forms.open(&class.token, now.plus_seconds(-60)).await?;
    let (id, stamp) = (form_id(&row.link, number), Some(opened.stamp));
    let input = ResponseInput { id, code: None, stamp, answers };
    forms.take(&class.token, input, now).await.map(drop)
}

/// In the place of the random one that a form makes: the same in every demo.
fn form_id(link: &str, number: usize) -> Uuid {
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(format!("{link} {number}"))[..16]);
    uuid::Builder::from_random_bytes(half).into_uuid()
}
