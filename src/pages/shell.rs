//! What stands around every page: language, style, script, and the headers that bind a browser.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::assets::{SCRIPT_PATH, STYLE, STYLE_HASH};
use super::words::{self, Words};
use crate::surveys::origin;

/// What the address of a page says beside the token. What else stands there is somebody else's:
/// mail programs and search engines add to addresses.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub lang: Option<String>,
    /// Whether it is shown within another page.
    pub embed: bool,
    /// Of the page that embeds it, as that page says.
    pub origin: Option<String>,
    /// Whether the answers were just received.
    pub done: bool,
    /// What the browser accepts.
    pub accepted: String,
}

impl Asked {
    pub fn of(request: &HttpRequest) -> Asked {
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut asked = Asked { accepted: accepted.to_string(), ..Asked::default() };
        for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
            match name.as_ref() {
                "lang" => asked.lang = Some(value.into_owned()),
                "embed" => asked.embed = true,
                "origin" => asked.origin = Some(value.into_owned()),
                "done" => asked.done = true,
                _ => {}
            }
        }
        asked
    }
}

/// What every template needs.
pub struct Shell {
    pub html_lang: String,
    pub rtl: bool,
    pub embed: bool,
    /// To which messages may go; empty where the embedding page is not one of the link's.
    pub origin: String,
}

impl Shell {
    pub fn new(words: &Words, asked: &Asked, origins: &[String]) -> Shell {
        // The browser has that origin from its page, and we have it from whoever runs the link.
        let named = asked.origin.as_deref().and_then(|text| origin::read(text, "").ok());
        Shell {
            html_lang: words.lang.code().to_string(),
            rtl: words::is_rtl(&words.shown),
            embed: asked.embed,
            origin: named.filter(|one| origins.contains(one)).unwrap_or_default(),
        }
    }

    pub fn style(&self) -> &'static str {
        &STYLE
    }

    pub fn script(&self) -> &'static str {
        &SCRIPT_PATH
    }

    /// The same page in a language, relative to it.
    pub fn address(&self, lang: &str, done: bool) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("lang", lang);
        if done {
            query.append_pair("done", "1");
        }
        if self.embed {
            query.append_pair("embed", "1").append_pair("origin", &self.origin);
        }
        format!("?{}", query.finish())
    }
}

/// A page as it is sent. `origins` are those that may frame it.
pub fn sent(
    status: StatusCode,
    page: &impl Template,
    lang: &str,
    origins: &[String],
) -> HttpResponse {
    let Ok(html) = page.render() else { return HttpResponse::InternalServerError().finish() };
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy(origins)))
        .insert_header(("permissions-policy", PERMISSIONS))
        .insert_header((
            header::CONTENT_LANGUAGE,
            HeaderValue::from_str(lang).unwrap_or(HeaderValue::from_static("da")),
        ))
        .body(html)
}

const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
                           display-capture=(), browsing-topics=()";

fn policy(origins: &[String]) -> String {
    let ancestors = if origins.is_empty() { "'none'".to_string() } else { origins.join(" ") };
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'self'; connect-src 'self'; \
         img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}",
        *STYLE_HASH
    )
}
