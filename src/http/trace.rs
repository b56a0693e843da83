//! One log line and one count per request: route templates, never paths, tokens or addresses.

use std::time::Instant;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tracing::Instrument;
use uuid::Uuid;

use super::RequestId;
use crate::ids::UserId;

/// Below these lies what is entered by a link's token alone, and what those pages load. A line for
/// each such request would tell when somebody answered, so they are only counted.
const PUBLIC: &[&str] = &["/api/v1/links/{token}/", "/s/", "/embed.js"];

/// Left in the request by whoever found out who is calling.
#[derive(Debug, Clone, Copy)]
pub struct UserOfRequest(pub UserId);

/// Middleware, the outermost.
pub async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    // Ours and random: one from outside could carry anything into the log.
    let id = Uuid::new_v4().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", request_id = id);
    let started = Instant::now();
    let mut response = next.call(request).instrument(span.clone()).await?;

    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_string());
    let method = response.request().method().as_str().to_string();
    let status = response.status().as_u16();
    let took = started.elapsed();
    let user = response.request().extensions().get::<UserOfRequest>().map(|user| user.0);
    let _in_span = span.enter();
    if !PUBLIC.iter().any(|public| route.starts_with(public)) {
        tracing::info!(
            method,
            route,
            status,
            ms = took.as_secs_f64() * 1e3,
            user = user.map(|user| user.to_string()),
            "answered"
        );
    }
    let labels = [("method", method), ("route", route), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels[..2]).record(took.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}
