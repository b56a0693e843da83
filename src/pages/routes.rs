//! The pages that are entered by a link's token, and what they load. Without an account, and
//! without a trace: no line in the log, no cookie, nothing of who it was.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::answering;
use super::assets::{EMBED, SCRIPT, SCRIPT_PATH};
use super::shell::Asked;
use crate::error::{Error, Result};
use crate::http::{FormPairs, FromPath, Now, RequestId};
use crate::problem;
use crate::surveys::forms::Forms;

/// What the page runs. The name changes with what it says, so it is kept for good.
#[get("/s/_/{name}")]
pub async fn script(name: Path<String>) -> HttpResponse {
    if SCRIPT_PATH.strip_prefix("_/") != Some(name.as_str()) {
        return HttpResponse::NotFound().finish();
    }
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(SCRIPT.as_str())
}

/// What a page of somebody else's runs to have a link's page within it.
#[get("/embed.js")]
pub async fn embed_script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        // Pages that shut out what is not meant for them can load it all the same.
        .insert_header(("cross-origin-resource-policy", "cross-origin"))
        .body(EMBED.as_str())
}

#[get("/s/{token}")]
pub async fn show_page(
    forms: Data<Forms>,
    now: Now,
    token: Result<FromPath<String>>,
    request: HttpRequest,
) -> HttpResponse {
    let asked = Asked::of(&request);
    let shown = async { answering::show(&forms, &token?.0, &asked, now.0).await };
    shown.await.unwrap_or_else(|error| refused(&error, &asked, &request))
}

#[post("/s/{token}")]
pub async fn take_answers(
    forms: Data<Forms>,
    now: Now,
    token: Result<FromPath<String>>,
    pairs: Result<FormPairs>,
    request: HttpRequest,
) -> HttpResponse {
    let asked = Asked::of(&request);
    let taken = async { answering::take(&forms, &token?.0, pairs?.0, &asked, now.0).await };
    taken.await.unwrap_or_else(|error| refused(&error, &asked, &request))
}

fn refused(error: &Error, asked: &Asked, request: &HttpRequest) -> HttpResponse {
    use actix_web::HttpMessage;
    problem::log(error, &RequestId::of(&request.extensions()));
    answering::refused(error, asked)
}
