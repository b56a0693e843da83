//! The class's page, for whoever has its address: without an account, and without a trace.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, get};
use serde_json::json;

use super::{SCRIPT, SCRIPT_PATH, show};
use crate::error::{Error, Result};
use crate::http::{FromPath, Now, RequestId};
use crate::pages::answering;
use crate::pages::shell::Asked;
use crate::problem;
use crate::surveys::class_page::ClassPages;

/// What the page runs while answers may come.
#[get("/r/_/{name}")]
pub async fn class_script(name: Path<String>) -> HttpResponse {
    if SCRIPT_PATH.strip_prefix("_/") != Some(name.as_str()) {
        return HttpResponse::NotFound().finish();
    }
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(SCRIPT)
}

#[get("/r/{token}")]
pub async fn show_class_page(
    pages: Data<ClassPages>,
    now: Now,
    token: Result<FromPath<String>>,
    request: HttpRequest,
) -> HttpResponse {
    let asked = Asked::of(&request);
    let shown = async {
        let token = token?.0;
        let class = pages.show(&token, now.0).await?;
        Ok(show(&class, &token, &asked))
    };
    shown.await.unwrap_or_else(|error: Error| {
        problem::log(&error, &RequestId::of(&request.extensions()));
        answering::refused(&error, &asked)
    })
}

/// How many have answered: `{"state": "open", "answered": 12, "class_size": 24}`.
#[get("/r/{token}/status.json")]
pub async fn show_class_status(
    pages: Data<ClassPages>,
    now: Now,
    FromPath(token): FromPath<String>,
) -> Result<HttpResponse> {
    let status = pages.status(&token, now.0).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "state": status.state,
        "answered": status.answered + status.on_paper,
        "class_size": status.class_size,
    })))
}
