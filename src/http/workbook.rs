//! Workbooks (`.xlsx`) as bodies.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use utoipa::IntoResponses;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Header, RefOr, Response, ResponseBuilder};

use super::body::{hash_of, is_of_type, limits, read};
use super::csv::attachment;
use crate::error::Error;

pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook of at most `MOST` bytes, as the body itself.
pub struct Workbook<const MOST: usize> {
    pub bytes: Bytes,
    /// What an `Idempotency-Key` is bound to.
    pub hash: [u8; 32],
}

impl<const MOST: usize> FromRequest for Workbook<MOST> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = limits(request);
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            if !is_of_type(&request, WORKBOOK) {
                return Err(Error::UnsupportedMedia);
            }
            let most = limits.upload.min(MOST);
            let bytes = read(payload, most, limits.upload_deadline).await?;
            // The query says under which code it is made.
            let address = request.uri().to_string();
            Ok(Workbook { hash: hash_of(&[request.method().as_str(), &address], &bytes), bytes })
        })
    }
}

/// 200 with a workbook.
pub struct WorkbookFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Responder for WorkbookFile {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .content_type(WORKBOOK)
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header(attachment(self.name))
            .body(self.bytes)
    }
}

impl IntoResponses for WorkbookFile {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let binary = ObjectBuilder::new().schema_type(Type::String);
        let response = ResponseBuilder::new()
            .description("A workbook")
            .content(WORKBOOK, ContentBuilder::new().schema(Some(binary)).build())
            .header("Content-Disposition", Header::default())
            .build();
        BTreeMap::from([("200".to_string(), response.into())])
    }
}
