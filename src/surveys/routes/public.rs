//! Without an account, and without a trace: no line in the log, no cookie, nothing of who it was.

use actix_web::web::Data;
use actix_web::{get, post};

use crate::error::Result;
use crate::http::{Body, Created, FromPath, Now, Shown};
use crate::surveys::forms::{Forms, Received, ResponseInput};
use crate::surveys::open_form::PublicForm;

/// What a link asks, and whether it takes answers now. Needs no account.
#[utoipa::path(tag = "answering", params(("token" = String, Path)), security(()))]
#[get("/links/{token}/form")]
pub async fn show_form(
    forms: Data<Forms>,
    now: Now,
    FromPath(token): FromPath<String>,
) -> Result<Shown<PublicForm>> {
    Ok(Shown(forms.show(&token, now.0).await?))
}

/// Answers a link's questionnaire. Needs no account.
///
/// The answers are on disk before this comes back. Sent again under the same `id` they are stored
/// once and answered alike, also after the link has closed; other answers under it are 422. A link
/// that takes no answers is 409: `link_planned`, `link_closed` or `link_full`. When too many come
/// at once it is 503, and to be tried again after `Retry-After`.
#[utoipa::path(
    tag = "answering",
    params(("token" = String, Path)),
    request_body = ResponseInput,
    security(())
)]
#[post("/links/{token}/responses")]
pub async fn create_response(
    forms: Data<Forms>,
    now: Now,
    FromPath(token): FromPath<String>,
    body: Body<ResponseInput>,
) -> Result<Created<Received>> {
    let received = forms.take(&token, body.value, now.0).await?;
    // A response has no address of its own: nobody can look at a single one.
    Ok(Created::unversioned(format!("/api/v1/links/{token}/form"), received))
}
