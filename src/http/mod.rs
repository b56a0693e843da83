//! What every slice's routes share: how requests are read and answers written.

mod address;
mod body;
mod csv;
mod etag;
mod file;
mod imported;
mod once;
mod paging;
mod schema;
mod trace;
mod workbook;

use std::future::{Ready, ready};

use actix_web::dev::Extensions;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

pub use address::{FromPath, FromQuery};
pub use body::{Body, FormPairs, Limits, Upload};
pub use csv::{CsvContent, CsvFile};
pub use etag::{Created, Deleted, IfMatch, Put, Shown, Tagged};
pub use file::{FileContent, PlainPage, WholeFile};
pub use imported::{Imported, WantsCsv};
pub use once::IdempotencyKey;
pub use paging::{AsOfQuery, PageQuery};
pub use schema::{schema_of, take_schemas};
pub use trace::{UserOfRequest, trace};
pub use workbook::{Workbook, WorkbookFile};

use crate::clock::{At, Clock};
use crate::messages::Lang;

/// The language that the request asks for.
pub fn lang(request: &HttpRequest) -> Lang {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
    accepted.and_then(|value| value.to_str().ok()).map_or(Lang::default(), Lang::accepted)
}

/// Stands in the log lines, in `X-Request-Id` and in each problem of one request.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    pub fn of(extensions: &Extensions) -> String {
        extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
    }
}

/// The moment at which the request is answered: one for all that it does.
#[derive(Debug, Clone, Copy)]
pub struct Now(pub At);

impl FromRequest for Now {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request.extensions().get::<Now>().copied();
        let now = known.unwrap_or_else(|| {
            let clock = request.app_data::<Data<Clock>>();
            Now(clock.map_or_else(|| Clock::System.now(), |clock| clock.now()))
        });
        request.extensions_mut().insert(now);
        ready(Ok(now))
    }
}

impl FromRequest for Lang {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(lang(request)))
    }
}
