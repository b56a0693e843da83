//! What is printed of a link: a poster, a sheet of codes, and what is handed to whoever puts it
//! on a page.

pub mod routes;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::shell::sent_with;
use super::words::{self, Words};
use crate::error::Result;
use crate::messages::Lang;
use crate::surveys::codes::NewCodes;
use crate::surveys::definition::Audience;
use crate::surveys::handout::{Face, Handout};
use crate::surveys::link_state::Access;
use crate::surveys::qr::Qr;
use crate::surveys::site::Site;

const STYLE: &str = include_str!("print.css");

fn style() -> &'static str {
    STYLE
}

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLE)));

#[derive(Template)]
#[template(path = "print/poster.html")]
struct Poster<'a> {
    w: &'a Words,
    lang: &'a str,
    languages: Vec<(&'a str, &'a str)>,
    who: String,
    title: &'a str,
    label: &'a str,
    organisation: Option<&'a str>,
    intro: Option<&'a str>,
    host: String,
    path: String,
    qr: Qr,
    facts: Vec<String>,
}

#[derive(Template)]
#[template(path = "print/handout.html")]
struct HandoutPage<'a> {
    w: &'a Words,
    lang: &'a str,
    languages: Vec<(&'a str, &'a str)>,
    title: &'a str,
    label: &'a str,
    organisation: Option<&'a str>,
    handout: Handout,
    has_origins: bool,
    note: Option<String>,
}

#[derive(Template)]
#[template(path = "print/codes.html")]
struct CodesPage<'a> {
    w: &'a Words,
    lang: &'a str,
    languages: Vec<(&'a str, &'a str)>,
    title: &'a str,
    label: &'a str,
    organisation: Option<&'a str>,
    count: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "print/sheet.html")]
struct SheetPage<'a> {
    w: &'a Words,
    lang: &'a str,
    languages: Vec<(&'a str, &'a str)>,
    label: &'a str,
    host: String,
    path: String,
    slips: Vec<Slip>,
}

struct Slip {
    code: String,
    qr: Qr,
}

/// One link, in one language.
pub struct Paper<'a> {
    face: &'a Face,
    site: &'a Site,
    words: Words,
}

impl<'a> Paper<'a> {
    pub fn new(face: &'a Face, site: &'a Site, lang: Option<&str>, accepted: &str) -> Paper<'a> {
        let offered = &face.definition.languages;
        let words = Words::choose(offered, lang, face.language.as_deref(), accepted);
        Paper { face, site, words }
    }

    fn languages(&self) -> Vec<(&'a str, &'a str)> {
        let offered = &self.face.definition.languages;
        offered.iter().map(|tag| (tag.as_str(), words::name(tag))).collect()
    }

    fn title(&self) -> &'a str {
        self.words.of(&self.face.definition.title)
    }

    fn who(&self) -> String {
        let by = &self.face.asked_by;
        let programme = match self.words.lang {
            Lang::Da => &by.programme_da,
            Lang::En => &by.programme_en,
        };
        by.project.as_ref().map_or(programme.clone(), |project| format!("{project} · {programme}"))
    }

    /// As it is typed, since browsers add the scheme; in two parts, between which a line breaks.
    fn short_address(&self) -> (String, String) {
        let address = self.face.address(self.site);
        let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        let bare = bare.unwrap_or(&address);
        let (host, path) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
        (host.to_string(), path.to_string())
    }

    /// Before anybody waits for it: of a single school too few answer to be shown.
    fn note(&self) -> Option<String> {
        let k = self.face.threshold.to_string();
        (self.face.audience == Audience::Teacher)
            .then(|| self.words.with("print-few-teachers", &[("k", k)]))
    }

    pub fn poster(&self) -> Result<HttpResponse> {
        let words = &self.words;
        let (host, path) = self.short_address();
        let mut facts = vec![
            words.t("print-voluntary"),
            words.t("print-anonymous"),
            words.t("print-no-account"),
        ];
        if self.face.access == Access::Codes {
            facts.insert(0, words.t("print-code"));
        }
        if let Some(closes_at) = self.face.closes_at {
            let (day, time) = closes_at.in_denmark();
            facts.push(words.with("print-until", &[("day", day), ("time", time)]));
        }
        facts.extend(self.note());
        Ok(self.sent(&Poster {
            w: words,
            lang: words.lang.code(),
            languages: self.languages(),
            who: self.who(),
            title: self.title(),
            label: &self.face.label,
            organisation: self.face.organisation.as_deref(),
            intro: self.face.definition.intro.as_ref().map(|intro| words.of(intro)),
            host,
            path,
            qr: Qr::of(&self.face.address(self.site))?,
            facts,
        }))
    }

    pub fn handout(&self) -> HttpResponse {
        self.sent(&HandoutPage {
            w: &self.words,
            lang: self.words.lang.code(),
            languages: self.languages(),
            title: self.title(),
            label: &self.face.label,
            organisation: self.face.organisation.as_deref(),
            handout: self.face.handout(self.site),
            has_origins: self.face.has_origins,
            note: self.note(),
        })
    }

    /// Asks how many codes are wanted.
    pub fn codes_wanted(&self, count: Option<&str>, error: Option<String>) -> HttpResponse {
        let size = self.face.class_size.map(|size| size.min(500).to_string());
        let status = match error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        self.sent_as(
            status,
            &CodesPage {
                w: &self.words,
                lang: self.words.lang.code(),
                languages: self.languages(),
                title: self.title(),
                label: &self.face.label,
                organisation: self.face.organisation.as_deref(),
                count: count.map(str::to_string).or(size).unwrap_or_default(),
                error,
            },
        )
    }

    /// The codes, which are known in this answer and never again.
    pub fn sheet(&self, codes: &NewCodes) -> Result<HttpResponse> {
        let slip = |code: &String| {
            let qr = Qr::of(&self.site.answering(&self.face.token, Some(code)))?;
            let (one, other) = code.split_at_checked(4).unwrap_or((code, ""));
            Ok(Slip { code: format!("{one} {other}"), qr })
        };
        let (host, path) = self.short_address();
        Ok(self.sent(&SheetPage {
            w: &self.words,
            lang: self.words.lang.code(),
            // In another language it would be another sheet, with other codes.
            languages: Vec::new(),
            label: &self.face.label,
            host,
            path,
            slips: codes.codes.iter().map(slip).collect::<Result<_>>()?,
        }))
    }

    fn sent(&self, page: &impl Template) -> HttpResponse {
        self.sent_as(StatusCode::OK, page)
    }

    fn sent_as(&self, status: StatusCode, page: &impl Template) -> HttpResponse {
        sent_with(status, page, self.words.lang.code(), &[], &STYLE_HASH)
    }
}
