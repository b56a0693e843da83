//! Versions at the HTTP face: what is shown carries an `ETag`, what is edited needs `If-Match`.

use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, RefOr, Required, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use crate::error::Error;
use crate::versioned::Versioned;

/// 200 with an `ETag`; 304 where `If-None-Match` already names it.
pub struct Tagged<T>(pub T);

/// 200 for what has no address of its own to be edited at.
pub struct Shown<T>(pub T);

/// 204: it is gone, or it is done and there is nothing to show.
pub struct Deleted;

/// 201 with `ETag` where it has a version, and `Location`.
pub struct Created<T> {
    pub value: T,
    pub location: String,
    pub version: Option<i32>,
}

/// What was put on its natural key: 201 with its address where there was nothing, else 200.
pub struct Put<T> {
    pub value: T,
    pub created_at: Option<String>,
}

impl<T: Versioned> Created<T> {
    pub fn at(location: String, value: T) -> Created<T> {
        Created { version: Some(value.version()), value, location }
    }
}

impl<T> Created<T> {
    pub fn unversioned(location: String, value: T) -> Created<T> {
        Created { version: None, value, location }
    }
}

fn tag(version: i32) -> String {
    format!("\"{version}\"")
}

fn json(mut builder: HttpResponseBuilder, value: &impl Serialize) -> HttpResponse {
    // What an account sees is nobody else's: no cache between may keep it.
    builder.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    builder.json(value)
}

impl<T: Serialize + Versioned> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let tag = tag(self.0.version());
        if names(request.headers(), header::IF_NONE_MATCH, &tag) {
            return HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish();
        }
        let mut builder = HttpResponse::Ok();
        builder.insert_header((header::ETAG, tag));
        json(builder, &self.0)
    }
}

impl<T: Serialize> Responder for Shown<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        json(HttpResponse::Ok(), &self.0)
    }
}

impl Responder for Deleted {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut builder = HttpResponse::Created();
        builder.insert_header((header::LOCATION, self.location));
        if let Some(version) = self.version {
            builder.insert_header((header::ETAG, tag(version)));
        }
        json(builder, &self.value)
    }
}

impl<T: Serialize> Responder for Put<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self.created_at {
            Some(location) => Created::unversioned(location, self.value).respond_to(request),
            None => Shown(self.value).respond_to(request),
        }
    }
}

fn names(headers: &HeaderMap, name: header::HeaderName, tag: &str) -> bool {
    let given = headers.get(name).and_then(|value| value.to_str().ok());
    given
        .is_some_and(|value| value.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
}

/// The version that the caller has seen.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(i32);

impl IfMatch {
    /// The version to hold against the stored one, under the lock.
    pub fn seen(self) -> i32 {
        self.0
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given = request.headers().get(header::IF_MATCH).map(|value| value.to_str());
        ready(match given {
            None => Err(Error::PreconditionRequired),
            // A tag that we never gave can only be stale.
            Some(value) => value
                .ok()
                .and_then(|value| value.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
                .map(IfMatch)
                .ok_or(Error::Stale),
        })
    }
}

fn success<T: ToSchema>(status: StatusCode) -> BTreeMap<String, RefOr<Response>> {
    let content = ContentBuilder::new().schema(Some(crate::http::schema_of::<T>())).build();
    let response = ResponseBuilder::new()
        .description(status.canonical_reason().unwrap_or_default())
        .content("application/json", content)
        .build();
    BTreeMap::from([(status.as_str().to_string(), response.into())])
}

impl<T: ToSchema> IntoResponses for Tagged<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = success::<T>(StatusCode::OK);
        let unchanged = ResponseBuilder::new().description("As `If-None-Match` has it").build();
        responses.insert("304".to_string(), unchanged.into());
        responses
    }
}

impl<T: ToSchema> IntoResponses for Shown<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        success::<T>(StatusCode::OK)
    }
}

impl<T: ToSchema> IntoResponses for Created<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        success::<T>(StatusCode::CREATED)
    }
}

impl<T: ToSchema> IntoResponses for Put<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = success::<T>(StatusCode::OK);
        responses.extend(success::<T>(StatusCode::CREATED));
        responses
    }
}

impl IntoResponses for Deleted {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = ResponseBuilder::new().description("Done").build();
        BTreeMap::from([("204".to_string(), response.into())])
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("The `ETag` of what was seen"))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .build();
        vec![parameter]
    }
}
