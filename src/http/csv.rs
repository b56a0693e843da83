//! A CSV file as an answer, sent while it is read.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::body::BoxBody;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, Responder};
use futures_util::{Stream, TryStreamExt};
use utoipa::IntoResponses;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Header, RefOr, Response, ResponseBuilder};

use super::RequestId;
use crate::error::{Error, Result};

/// Tells the contract what stands in a file.
pub trait CsvContent {
    fn description() -> String;
}

/// 200 with a file of what `T` describes.
pub struct CsvFile<T> {
    name: String,
    parts: Pin<Box<dyn Stream<Item = Result<Bytes>>>>,
    content: PhantomData<T>,
}

impl<T> CsvFile<T> {
    /// No part may be empty: that would end the body.
    pub fn new(name: String, parts: impl Stream<Item = Result<Bytes>> + 'static) -> CsvFile<T> {
        CsvFile { name, parts: Box::pin(parts), content: PhantomData }
    }
}

impl<T> Responder for CsvFile<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let request_id = RequestId::of(&request.extensions());
        HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header(attachment(self.name))
            // An error ends the body without its last chunk: the client sees that it is cut.
            .streaming(self.parts.inspect_err(move |error: &Error| {
                tracing::error!(request_id, cause = error.to_string(), "file broken off");
            }))
    }
}

/// A programme's code may hold Danish letters, which only the extended form can.
pub(super) fn attachment(name: String) -> ContentDisposition {
    let parameter = if name.is_ascii() {
        DispositionParam::Filename(name)
    } else {
        DispositionParam::FilenameExt(ExtendedValue {
            charset: Charset::Ext("UTF-8".to_string()),
            language_tag: None,
            value: name.into_bytes(),
        })
    };
    ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![parameter] }
}

impl<T: CsvContent> IntoResponses for CsvFile<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let response = ResponseBuilder::new()
            .description(T::description())
            .content("text/csv", ContentBuilder::new().schema(Some(text)).build())
            .header("Content-Disposition", Header::default())
            .build();
        BTreeMap::from([("200".to_string(), response.into())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_danish_letters_is_told_in_the_extended_form() {
        let plain = attachment("nordjylland-progress-2026-11-22.csv".to_string());
        let written = "attachment; filename=\"nordjylland-progress-2026-11-22.csv\"";
        assert_eq!(plain.to_string(), written);
        let danish = attachment("sjælland-progress-2026-11-22.csv".to_string());
        let written = "attachment; filename*=UTF-8''sj%C3%A6lland%2Dprogress%2D2026%2D11%2D22.csv";
        assert_eq!(danish.to_string(), written);
    }
}
