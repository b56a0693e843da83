//! What is sent as a whole: a file to keep, or a page to read.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use utoipa::IntoResponses;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Header, RefOr, Response, ResponseBuilder};

use super::csv::attachment;

/// Tells the contract what a file is.
pub trait FileContent {
    const MEDIA_TYPE: &'static str;
    const DESCRIPTION: &'static str;
}

/// 200 with a file of what `T` describes.
pub struct WholeFile<T> {
    name: String,
    bytes: Vec<u8>,
    content: PhantomData<T>,
}

impl<T> WholeFile<T> {
    pub fn new(name: String, bytes: Vec<u8>) -> WholeFile<T> {
        WholeFile { name, bytes, content: PhantomData }
    }
}

impl<T: FileContent> Responder for WholeFile<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .content_type(T::MEDIA_TYPE)
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header(attachment(self.name))
            .body(self.bytes)
    }
}

fn told(media_type: &str, description: &str) -> ResponseBuilder {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let content = ContentBuilder::new().schema(Some(text)).build();
    ResponseBuilder::new().description(description).content(media_type, content)
}

impl<T: FileContent> IntoResponses for WholeFile<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = told(T::MEDIA_TYPE, T::DESCRIPTION)
            .header("Content-Disposition", Header::default())
            .build();
        BTreeMap::from([("200".to_string(), response.into())])
    }
}

/// 200 with a page that brings its own style, and neither loads nor runs anything.
pub struct PlainPage {
    pub html: String,
    /// What stands between the page's style tags.
    pub style: &'static str,
}

impl Responder for PlainPage {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let style = STANDARD.encode(Sha256::digest(self.style));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .body(self.html)
    }
}

impl IntoResponses for PlainPage {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = told("text/html", "The page.").build();
        BTreeMap::from([("200".to_string(), response.into())])
    }
}
