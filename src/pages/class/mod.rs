//! The page that is handed back to a class.

mod chart;
pub mod routes;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use self::chart::QuestionView;
use super::shell::{Asked, sent_with};
use super::words::{self, Words};
use crate::messages::Lang;
use crate::surveys::class_page::ClassPage;
use crate::surveys::definition::Audience;
use crate::surveys::link_state::LinkState;
use crate::surveys::result_view::FigureState;

const STYLE: &str = include_str!("class.css");
const SCRIPT: &str = include_str!("live.js");

fn style() -> &'static str {
    STYLE
}

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLE)));

/// Beside the pages; its name changes with what it says.
static SCRIPT_PATH: LazyLock<String> =
    LazyLock::new(|| format!("_/{}.js", URL_SAFE_NO_PAD.encode(&Sha256::digest(SCRIPT)[..9])));

fn script_path() -> &'static str {
    &SCRIPT_PATH
}

#[derive(Template)]
#[template(path = "class/class.html")]
struct Page<'a> {
    w: &'a Words,
    lang: &'a str,
    languages: Vec<(&'a str, &'a str)>,
    who: String,
    title: &'a str,
    label: &'a str,
    organisation: Option<&'a str>,
    /// Whether more answers may come.
    is_live: bool,
    status_path: String,
    so_far: String,
    /// The same with `#` in the place of the number, for the script.
    template: String,
    /// Of the class, in per cent.
    share: Option<i64>,
    paper: Option<String>,
    notes: Vec<String>,
    questions: Vec<QuestionView>,
}

fn show(class: &ClassPage, token: &str, asked: &Asked) -> HttpResponse {
    let (face, status) = (&class.face, &class.status);
    let offered = &face.definition.languages;
    let lang = asked.lang.as_deref();
    let words = Words::choose(offered, lang, face.language.as_deref(), &asked.accepted);
    let by = &face.asked_by;
    let programme = match words.lang {
        Lang::Da => &by.programme_da,
        Lang::En => &by.programme_en,
    };
    let so_far = |answered: String| match status.class_size {
        Some(size) => {
            let args = [("answered", answered), ("size", size.to_string())];
            words.with("class-so-far-of", &args)
        }
        None => words.with("class-so-far", &[("answered", answered)]),
    };
    let answered = status.answered + status.on_paper;
    let share = status.class_size.map(|size| (100 * answered / i64::from(size)).clamp(0, 100));
    let page = Page {
        lang: words.lang.code(),
        languages: offered.iter().map(|tag| (tag.as_str(), words::name(tag))).collect(),
        who: by.project.as_ref().unwrap_or(programme).clone(),
        title: words.of(&face.definition.title),
        label: &face.label,
        organisation: face.organisation.as_deref(),
        is_live: status.state != LinkState::Closed,
        status_path: format!("{token}/status.json"),
        so_far: so_far(answered.to_string()),
        template: so_far("#".to_string()),
        share,
        paper: (status.on_paper > 0)
            .then(|| words.with("class-paper", &[("n", status.on_paper.to_string())])),
        notes: notes(class, &words),
        questions: class
            .questions
            .iter()
            .flatten()
            .filter_map(|question| QuestionView::of(question, &words))
            .collect(),
        w: &words,
    };
    sent_with(StatusCode::OK, &page, words.lang.code(), &[], &STYLE_HASH)
}

/// What the class should know before it waits for figures, and of those that it can't see.
fn notes(class: &ClassPage, words: &Words) -> Vec<String> {
    let k = class.face.threshold.to_string();
    let with_k = |id: &str| words.with(id, &[("k", k.clone())]);
    let mut notes = Vec::new();
    match class.status.state {
        LinkState::Planned => notes.push(words.t("class-planned")),
        LinkState::Open => notes.push(words.t("class-open-text")),
        LinkState::Closing => notes.push(words.t("class-closing")),
        LinkState::Closed => {}
    }
    let is_closed = class.status.state == LinkState::Closed;
    if class.face.audience == Audience::Teacher && !is_closed {
        notes.push(with_k("print-few-teachers"));
    }
    let groups = || class.questions.iter().flatten().flat_map(|question| &question.groups);
    let hidden = groups().filter(|one| one.state == FigureState::Suppressed).count();
    if hidden > 0 {
        let all = hidden == groups().count();
        notes.push(with_k(if all { "class-all-suppressed" } else { "class-suppressed-text" }));
    }
    notes
}
