//! What is answered to a file that was sent: a report, or the file with what is wrong with it.

use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Header, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::{Shown, schema_of};
use crate::error::Error;

/// Whether `Accept` asks for the file itself.
#[derive(Debug, Clone, Copy)]
pub struct WantsCsv(pub bool);

impl FromRequest for WantsCsv {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
        ready(Ok(WantsCsv(accept.is_some_and(|value| value.contains("text/csv")))))
    }
}

/// 200 with a report, or with the file that was sent and its `error` column; 202 with how far it has
/// come where the file is large.
pub enum Imported<T, L> {
    Report(T),
    /// What a report would say of it stands in a header.
    File {
        bytes: Vec<u8>,
        applied: bool,
    },
    /// It is worked on, and can be asked for there.
    Later {
        location: String,
        status: L,
    },
}

impl<T: Serialize, L: Serialize> Responder for Imported<T, L> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Imported::Report(report) => Shown(report).respond_to(request),
            Imported::File { bytes, applied } => HttpResponse::Ok()
                .content_type("text/csv; charset=utf-8")
                .insert_header((header::CACHE_CONTROL, "private, no-cache"))
                .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=import.csv"))
                .insert_header(("maaltal-applied", applied.to_string()))
                .body(bytes),
            Imported::Later { location, status } => HttpResponse::Accepted()
                .insert_header((header::CACHE_CONTROL, "private, no-cache"))
                .insert_header((header::LOCATION, location))
                .json(status),
        }
    }
}

impl<T: ToSchema, L: ToSchema> IntoResponses for Imported<T, L> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let report = ContentBuilder::new().schema(Some(schema_of::<T>())).build();
        let text = ObjectBuilder::new().schema_type(Type::String);
        let response = ResponseBuilder::new()
            .description("What the file did, or the file with an `error` column")
            .content("application/json", report)
            .content("text/csv", ContentBuilder::new().schema(Some(text)).build())
            .build();
        let status = ContentBuilder::new().schema(Some(schema_of::<L>())).build();
        let later = ResponseBuilder::new()
            .description("The file is large, and worked on")
            .content("application/json", status)
            .header("Location", Header::default())
            .build();
        BTreeMap::from([("200".to_string(), response.into()), ("202".to_string(), later.into())])
    }
}
