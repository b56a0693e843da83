//! Errors as `application/problem+json` (RFC 9457): the only place that picks a status.

use std::collections::BTreeMap;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::error::{Error, Fault, Faults};
use crate::http::RequestId;
use crate::messages::{self, Lang};

/// What went wrong, as RFC 9457 writes it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Stable, `urn:maaltal:problem:<code>`.
    #[serde(rename = "type")]
    #[schema(example = "urn:maaltal:problem:invalid")]
    type_: String,
    title: String,
    /// The HTTP status.
    status: u16,
    /// For a person, in the language of `Accept-Language`.
    detail: String,
    /// To be named when asking for help; it stands in the log.
    request_id: String,
    /// What is wrong with the input, all of it at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FaultView>,
}

/// One thing that is wrong with the input.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaultView {
    /// JSON pointer (RFC 6901) into the body, or the name of a query parameter.
    pub pointer: String,
    /// Stable, for programs.
    pub code: String,
    /// For a person.
    pub detail: String,
}

impl FaultView {
    pub fn of(fault: &Fault, lang: Lang) -> FaultView {
        FaultView {
            pointer: fault.pointer.clone(),
            code: fault.code.to_string(),
            detail: messages::text(lang, &message_id("fault", &fault.code), &fault.args),
        }
    }
}

fn message_id(kind: &str, code: &str) -> String {
    format!("{kind}-{}", code.replace('_', "-"))
}

/// Status and code of an error.
fn verdict(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        Error::Forbidden(code) => (StatusCode::FORBIDDEN, code),
        Error::Unauthenticated(code) => (StatusCode::UNAUTHORIZED, code),
        Error::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        Error::Conflict(code) => (StatusCode::CONFLICT, code),
        Error::Stale => (StatusCode::PRECONDITION_FAILED, "stale"),
        Error::PreconditionRequired => (StatusCode::PRECONDITION_REQUIRED, "precondition_required"),
        Error::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "key_reused"),
        Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        Error::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too_slow"),
        Error::UnsupportedMedia => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media"),
        Error::SlowDown(_) => (StatusCode::TOO_MANY_REQUESTS, "slow_down"),
        Error::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        Error::NoConnection(_) => (StatusCode::SERVICE_UNAVAILABLE, "no_database"),
        Error::Store(_) | Error::Unexpected(_) => (StatusCode::INTERNAL_SERVER_ERROR, "unexpected"),
    }
}

/// The framework's own refusals.
fn verdict_on(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "malformed",
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
        StatusCode::REQUEST_TIMEOUT => "too_slow",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media",
        StatusCode::URI_TOO_LONG => "uri_too_long",
        status if status.is_client_error() => "refused",
        _ => "unexpected",
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        verdict(self).0
    }

    /// Without a body: [`render`] writes it, since it knows the language and the request.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Error::SlowDown(seconds) | Error::Busy(seconds) => {
                response.insert_header((header::RETRY_AFTER, *seconds));
            }
            Error::NoConnection(_) => {
                response.insert_header((header::RETRY_AFTER, 1));
            }
            Error::Unauthenticated(_) => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            _ => {}
        }
        response.finish()
    }
}

/// Middleware: gives every refusal, ours and the framework's, its problem document.
pub async fn render(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let lang = crate::http::lang(request.request());
    let request_id = RequestId::of(&request.extensions());
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return Ok(response);
    }
    // Whoever speaks to people has said it in a page.
    if response.headers().get(header::CONTENT_TYPE).is_some_and(is_page) {
        return Ok(response);
    }
    let ours = response.response().error().and_then(|error| error.as_error::<Error>());
    let problem = match ours {
        Some(error) => document(error, lang, request_id),
        None => bare(status, verdict_on(status), lang, request_id, &[]),
    };
    match ours {
        Some(error) => log(error, &problem.request_id),
        None if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE => {
            let cause = response.response().error().map(ToString::to_string).unwrap_or_default();
            tracing::error!(request_id = problem.request_id, cause, "unexpected");
        }
        None => {}
    }
    let body = serde_json::to_vec(&problem)?;
    let mut response = response.map_body(|_, _| BoxBody::new(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn is_page(kind: &HeaderValue) -> bool {
    kind.as_bytes().starts_with(b"text/html")
}

/// Tells the log of what went wrong here, and nothing of what a caller got wrong.
pub fn log(error: &Error, request_id: &str) {
    match error {
        Error::NoConnection(cause) => tracing::warn!(request_id, %cause, "no database"),
        error if error.status_code() == StatusCode::INTERNAL_SERVER_ERROR => {
            tracing::error!(request_id, cause = error.to_string(), "unexpected");
        }
        _ => {}
    }
}

fn document(error: &Error, lang: Lang, request_id: String) -> Problem {
    let (status, code) = verdict(error);
    let args = match error {
        Error::SlowDown(seconds) | Error::Busy(seconds) => vec![("seconds", seconds.to_string())],
        _ => Vec::new(),
    };
    let mut problem = bare(status, code, lang, request_id, &args);
    if let Error::Malformed(Faults(faults)) | Error::Invalid(Faults(faults)) = error {
        problem.errors = faults.iter().map(|fault| FaultView::of(fault, lang)).collect();
    }
    problem
}

fn bare(
    status: StatusCode,
    code: &str,
    lang: Lang,
    request_id: String,
    args: &[(&'static str, String)],
) -> Problem {
    Problem {
        type_: format!("urn:maaltal:problem:{}", code.replace('_', "-")),
        title: status.canonical_reason().unwrap_or("Error").to_string(),
        status: status.as_u16(),
        detail: messages::text(lang, &message_id("problem", code), args),
        request_id,
        errors: Vec::new(),
    }
}

/// What every operation may answer instead of its result: `default` in the contract.
impl IntoResponses for Error {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let schema = crate::http::schema_of::<Problem>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new()
            .description("Refused, and why")
            .content("application/problem+json", content)
            .build();
        BTreeMap::from([("default".to_string(), response.into())])
    }
}
