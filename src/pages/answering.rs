//! The page of a link, and what it answers to what is sent from it.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::filled::{Filled, Go};
use super::parts::Parts;
use super::shell::{Asked, Shell, sent};
use super::view::{ErrorView, Painter, QuestionView};
use super::words::{self, Words};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::surveys::answers::progress;
use crate::surveys::definition::{Audience, Kind};
use crate::surveys::forms::{Forms, ResponseInput};
use crate::surveys::link_state::{Access, LinkState};
use crate::surveys::open_form::OpenForm;
use crate::surveys::token;

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage<'a> {
    shell: Shell,
    w: &'a Words,
    who: String,
    languages: Vec<(&'a str, &'a str)>,
    title: &'a str,
    intro: Option<&'a str>,
    asks: String,
    why: String,
    may_skip: bool,
    faces: bool,
    read_aloud: bool,
    one_at_a_time: bool,
    errors: Vec<ErrorView>,
    id: String,
    stamp: &'a str,
    part: usize,
    code: Option<CodeView<'a>>,
    questions: Vec<QuestionView<'a>>,
    all_asked: bool,
    step: Option<Step>,
    go: &'static str,
    go_text: String,
}

struct CodeView<'a> {
    typed: &'a str,
    error: Option<String>,
}

struct Step {
    n: usize,
    text: String,
    /// With `#` and `%` in the place of the numbers, for the script.
    template: String,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    shell: Shell,
    w: &'a Words,
    who: String,
    languages: Vec<(&'a str, &'a str)>,
    done: bool,
    title: String,
    text: String,
    again: Option<Again>,
}

struct Again {
    text: String,
    button: String,
}

/// One link's page, for one request.
struct Page<'a> {
    form: &'a OpenForm,
    asked: &'a Asked,
    words: Words,
}

/// The form, or why there is none to fill in.
pub async fn show(forms: &Forms, typed: &str, asked: &Asked, now: At) -> Result<HttpResponse> {
    let form = forms.open(typed, now).await?;
    let page = Page::new(&form, asked, None);
    if asked.done && form.state != LinkState::Planned {
        return Ok(page.thanks());
    }
    match page.refusal() {
        Some(code) => Ok(page.notice(StatusCode::OK, code)),
        None => Ok(page.form(StatusCode::OK, &Filled::fresh(form.stamp.clone()), 0, &[])),
    }
}

/// Takes the answers, or asks what comes next.
pub async fn take(
    forms: &Forms,
    typed: &str,
    pairs: Vec<(String, String)>,
    asked: &Asked,
    now: At,
) -> Result<HttpResponse> {
    let form = forms.open(typed, now).await?;
    let (filled, go) = Filled::read(pairs);
    let page = Page::new(&form, asked, filled.lang.as_deref());
    let parts = Parts::of(form.definition());
    let mut answers = filled.answers(form.definition());
    let so_far = progress(&form.version, &mut answers);
    let part = filled.part.min(parts.count());
    // What is asked is seen only while it may be answered. Who sends is told by the intake, which
    // knows what it has stored before.
    if let (Some(code), false) = (page.refusal(), go == Go::Send) {
        return Ok(page.notice(StatusCode::CONFLICT, code));
    }
    match go {
        Go::Language(_) => Ok(page.form(StatusCode::OK, &filled, part, &[])),
        Go::Back => Ok(page.form(StatusCode::OK, &filled, parts.before(part, &so_far.asked), &[])),
        Go::Next => {
            let part_of = |fault: &Fault| page.part_of(&parts, fault);
            let mut faults = so_far.faults.0;
            faults.retain(|fault| part_of(fault) <= part);
            faults.splice(0..0, page.code_fault(&filled));
            match faults.iter().map(part_of).min() {
                Some(part) => {
                    Ok(page.form(StatusCode::UNPROCESSABLE_ENTITY, &filled, part, &faults))
                }
                None => {
                    let next = parts.after(part, &so_far.asked);
                    Ok(page.form(StatusCode::OK, &filled, next, &[]))
                }
            }
        }
        Go::Send => {
            let stamp = Some(filled.stamp.clone()).filter(|_| !filled.trapped);
            let code = Some(filled.code.trim().to_string()).filter(|code| !code.is_empty());
            let taken = match filled.id {
                Some(id) => {
                    let input = ResponseInput { id, code, stamp, answers };
                    forms.take(typed, input, now).await.map(drop)
                }
                None => Err(Error::invalid("/id", "not_a_random_id")),
            };
            page.after_taking(taken, filled, part, &parts)
        }
    }
}

impl<'a> Page<'a> {
    fn new(form: &'a OpenForm, asked: &'a Asked, chosen: Option<&str>) -> Page<'a> {
        let offered = &form.definition().languages;
        let lang = chosen.or(asked.lang.as_deref());
        let words = Words::choose(offered, lang, form.language.as_deref(), &asked.accepted);
        Page { form, asked, words }
    }

    fn after_taking(
        &self,
        taken: Result<()>,
        mut filled: Filled,
        part: usize,
        parts: &Parts,
    ) -> Result<HttpResponse> {
        match taken {
            Ok(()) => {
                let shell = self.shell();
                let there = shell.address(&self.words.shown, true);
                Ok(HttpResponse::SeeOther()
                    .insert_header((header::LOCATION, there))
                    .insert_header((header::CACHE_CONTROL, "no-store"))
                    .finish())
            }
            Err(Error::Invalid(Faults(faults))) => {
                if faults.iter().any(|fault| fault.code == "response_differs") {
                    return Ok(self.notice(StatusCode::UNPROCESSABLE_ENTITY, "already"));
                }
                if let Some(code) = self.refusal() {
                    return Ok(self.notice(StatusCode::CONFLICT, code));
                }
                // Whatever that form was, the next try is one of ours.
                if filled.id.is_none() {
                    let fresh = Filled::fresh(self.form.stamp.clone());
                    (filled.id, filled.stamp) = (fresh.id, fresh.stamp);
                }
                let first = faults.iter().map(|fault| self.part_of(parts, fault)).min();
                let part = first.unwrap_or(part);
                Ok(self.form(StatusCode::UNPROCESSABLE_ENTITY, &filled, part, &faults))
            }
            Err(Error::Conflict(code)) => {
                let code = code.strip_prefix("link_").unwrap_or(code);
                Ok(self.notice(StatusCode::CONFLICT, code))
            }
            Err(error @ (Error::Busy(_) | Error::SlowDown(_) | Error::NoConnection(_))) => {
                let mut answer =
                    self.form(error.status_code(), &filled, part, &[Fault::at("", "busy")]);
                answer.headers_mut().insert(header::RETRY_AFTER, wait(&error).into());
                Ok(answer)
            }
            Err(error) => Err(error),
        }
    }

    /// Why there is nothing to fill in, by the word that the texts have for it.
    fn refusal(&self) -> Option<&'static str> {
        match self.form.state {
            LinkState::Planned => Some("planned"),
            LinkState::Closing | LinkState::Closed => Some("closed"),
            LinkState::Open if self.form.full => Some("full"),
            LinkState::Open => None,
        }
    }

    /// What can be said of a code before it is used up: nothing that helps who guesses.
    fn code_fault(&self, filled: &Filled) -> Option<Fault> {
        if self.form.access != Access::Codes {
            return None;
        }
        match (filled.code.trim().is_empty(), token::read_code(&filled.code)) {
            (true, _) => Some(Fault::at("/code", "required")),
            (false, None) => Some(Fault::at("/code", "code_not_good")),
            (false, Some(_)) => None,
        }
    }

    /// In which part it is to be put right.
    fn part_of(&self, parts: &Parts, fault: &Fault) -> usize {
        let code = fault.pointer.strip_prefix("/answers/").and_then(|rest| rest.split('/').next());
        let questions = &self.form.definition().questions;
        let place = questions.iter().position(|question| Some(question.code.as_str()) == code);
        place.map_or(0, |place| parts.part(place))
    }

    fn shell(&self) -> Shell {
        Shell::new(&self.words, self.asked, &self.form.origins)
    }

    fn languages(&self) -> Vec<(&'a str, &'a str)> {
        self.form
            .definition()
            .languages
            .iter()
            .map(|tag| (tag.as_str(), words::name(tag)))
            .collect()
    }

    fn programme(&self) -> &'a str {
        let by = &self.form.asked_by;
        match self.words.lang {
            crate::messages::Lang::Da => &by.programme_da,
            crate::messages::Lang::En => &by.programme_en,
        }
    }

    /// Above every page.
    fn who(&self) -> String {
        let project = self.form.asked_by.project.as_deref();
        project.unwrap_or(self.programme()).to_string()
    }

    fn asks(&self) -> String {
        let programme = ("programme", self.programme().to_string());
        match &self.form.asked_by.project {
            Some(project) => {
                self.words.with("page-who-project", &[("project", project.clone()), programme])
            }
            None => self.words.with("page-who-programme", &[programme]),
        }
    }

    fn by_audience(&self, id: &str) -> String {
        let audience = match self.form.audience {
            Audience::Pupil => "pupil",
            Audience::Teacher => "teacher",
            Audience::Other => "other",
        };
        self.words.t(&format!("{id}-{audience}"))
    }

    fn form(
        &self,
        status: StatusCode,
        filled: &Filled,
        part: usize,
        faults: &[Fault],
    ) -> HttpResponse {
        let (form, words) = (self.form, &self.words);
        let definition = form.definition();
        let parts = Parts::of(definition);
        let mut answers = filled.answers(definition);
        let asked = progress(&form.version, &mut answers).asked;
        let painter =
            Painter { definition, parts: &parts, words, filled, asked: &asked, part, faults };
        let one_at_a_time = definition.settings.one_at_a_time;
        let all_asked = part == parts.count();
        let (go, go_text) = match part + 1 < parts.count() {
            true if one_at_a_time && part == 0 => ("next", "page-start"),
            true => ("next", "page-next"),
            false => ("send", "page-send"),
        };
        let step = one_at_a_time.then(|| {
            let (n, total) = parts.step(part, &asked);
            let text =
                |n: String, total: String| words.with("page-step", &[("n", n), ("total", total)]);
            let n = if all_asked { 0 } else { n };
            Step {
                n,
                text: text(n.to_string(), total.to_string()),
                template: text("#".to_string(), "%".to_string()),
            }
        });
        let code = (form.access == Access::Codes).then(|| {
            let painted = painter.errors().into_iter().find(|error| error.to == "code");
            CodeView { typed: &filled.code, error: painted.map(|error| error.text) }
        });
        let asks = |question: &crate::surveys::definition::Question| question.kind != Kind::Section;
        let page = FormPage {
            shell: self.shell(),
            w: words,
            who: self.who(),
            languages: self.languages(),
            title: words.of(&definition.title),
            intro: definition.intro.as_ref().map(|intro| words.of(intro)),
            asks: self.asks(),
            why: self.by_audience("page-why"),
            may_skip: !definition.questions.iter().any(|one| asks(one) && one.required),
            faces: definition.settings.faces,
            read_aloud: definition.settings.read_aloud,
            one_at_a_time,
            errors: painter.errors(),
            id: filled.id.map(|id| id.to_string()).unwrap_or_default(),
            stamp: &filled.stamp,
            part,
            code,
            questions: painter.questions(),
            all_asked,
            step,
            go,
            go_text: words.t(go_text),
        };
        sent(status, &page, words.lang.code(), &form.origins)
    }

    fn thanks(&self) -> HttpResponse {
        let definition = self.form.definition();
        let title = definition.thanks.as_ref().map(|thanks| self.words.of(thanks).to_string());
        let again = self.form.takes_answers().then(|| self.again());
        self.page(
            StatusCode::OK,
            true,
            title.unwrap_or_else(|| self.words.t("page-thanks")),
            self.words.t("page-thanks-text"),
            again,
        )
    }

    fn again(&self) -> Again {
        let button = self.by_audience("page-again");
        Again { text: self.words.t("page-again-text"), button }
    }

    fn notice(&self, status: StatusCode, code: &str) -> HttpResponse {
        let words = &self.words;
        let mut text = words.t(&format!("page-{code}-text"));
        if let ("planned", Some(opens)) = (code, self.form.opens_at) {
            let (day, time) = opens.in_denmark();
            text = words.with("page-planned-from", &[("day", day), ("time", time)]);
        }
        let again = (code == "already" && self.form.takes_answers()).then(|| self.again());
        self.page(status, code == "already", words.t(&format!("page-{code}")), text, again)
    }

    fn page(
        &self,
        status: StatusCode,
        done: bool,
        title: String,
        text: String,
        again: Option<Again>,
    ) -> HttpResponse {
        let page = NoticePage {
            shell: self.shell(),
            w: &self.words,
            who: self.who(),
            languages: self.languages(),
            done,
            title,
            text,
            again,
        };
        sent(status, &page, self.words.lang.code(), &self.form.origins)
    }
}

/// The page of what went wrong: the same for every address that leads nowhere.
pub fn refused(error: &Error, asked: &Asked) -> HttpResponse {
    let words = Words::plain(asked.lang.as_deref(), &asked.accepted);
    let code = match error {
        Error::NotFound => "lost",
        Error::SlowDown(_) => "slow-down",
        Error::Busy(_) | Error::NoConnection(_) => "busy",
        _ => "broken",
    };
    let lang = words.lang.code();
    let page = NoticePage {
        shell: Shell::new(&words, asked, &[]),
        who: "Maaltal".to_string(),
        languages: Vec::new(),
        done: false,
        title: words.t(&format!("page-{code}")),
        text: words.t(&format!("page-{code}-text")),
        again: (code != "lost")
            .then(|| Again { text: String::new(), button: words.t("page-try-again") }),
        w: &words,
    };
    let mut answer = sent(error.status_code(), &page, lang, &[]);
    let seconds = wait(error);
    if seconds > 0 {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// Seconds until another try makes sense; none where it makes none.
fn wait(error: &Error) -> u64 {
    match error {
        Error::SlowDown(seconds) | Error::Busy(seconds) => *seconds,
        Error::NoConnection(_) => 1,
        _ => 0,
    }
}
