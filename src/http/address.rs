//! What an address says: ids and words in its path, and its query.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Path;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use crate::error::{Error, Fault, Faults};

/// The parts of the path. What is no id is the id of nothing: 404.
pub struct FromPath<T>(pub T);

impl<T: DeserializeOwned> FromRequest for FromPath<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if has_nul(request.path()) {
            return ready(Err(Error::NotFound));
        }
        let path = Path::<T>::from_request(request, payload).into_inner();
        ready(path.map(|path| FromPath(path.into_inner())).map_err(|_| Error::NotFound))
    }
}

/// The query, in which an unknown parameter is an error and not a filter that does nothing.
pub struct FromQuery<T>(pub T);

impl<T: DeserializeOwned> FromRequest for FromQuery<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = request.query_string();
        if let Some(pair) = query.split('&').find(|pair| has_nul(pair)) {
            let name = pair.split('=').next().unwrap_or_default();
            return ready(Err(Error::Malformed(Faults(vec![Fault::at(name, "nul")]))));
        }
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        ready(match serde_path_to_error::deserialize(pairs) {
            Ok(query) => Ok(FromQuery(query)),
            Err(error) => {
                let name = error.path().to_string();
                Err(Error::Malformed(Faults(vec![misfit(&name, &error.into_inner().to_string())])))
            }
        })
    }
}

/// PostgreSQL takes no NUL in text, so neither engine is given one.
fn has_nul(encoded: &str) -> bool {
    encoded.contains("%00")
}

/// serde names an unknown and a missing parameter in its message only.
fn misfit(name: &str, message: &str) -> Fault {
    let named = |rest: &str| rest.split('`').nth(1).map(str::to_string);
    match named(message) {
        Some(name) if message.contains("unknown field") => Fault::at(name, "unknown_field"),
        Some(name) if message.contains("missing field") => Fault::at(name, "required"),
        Some(twice) if message.starts_with("duplicate field") => Fault::at(twice, "given_twice"),
        _ => super::misfit::fault(name, message),
    }
}
