//! Bodies: every one has a size limit and a deadline, and says all that is wrong with it at once.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::error::{Error, Fault, Faults};
use crate::shape::{self, escaped};

/// How much of a body is read, and for how long. actix has no deadline of its own.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a JSON body.
    pub json: usize,
    /// Bytes of an uploaded file.
    pub upload: usize,
    pub json_deadline: Duration,
    pub upload_deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            json: 1 << 20,
            upload: 64 << 20,
            json_deadline: Duration::from_secs(15),
            upload_deadline: Duration::from_secs(300),
        }
    }
}

fn limits(request: &HttpRequest) -> Limits {
    request.app_data::<Data<Limits>>().map_or_else(Limits::default, |limits| ***limits)
}

async fn read(mut payload: Payload, max: usize, deadline: Duration) -> Result<Bytes, Error> {
    let all = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Error::Malformed(Faults::default()))?;
            if body.len() + chunk.len() > max {
                return Err(Error::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    tokio::time::timeout(deadline, all).await.unwrap_or(Err(Error::TooSlow))
}

/// A JSON body, read into its type and held to its `validator` rules.
pub struct Body<T> {
    pub value: T,
    /// Of method, path and bytes: what an `Idempotency-Key` is bound to.
    pub hash: [u8; 32],
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = limits(request);
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            if !is_of_type(&request, "application/json") {
                return Err(Error::UnsupportedMedia);
            }
            let bytes = read(payload, limits.json, limits.json_deadline).await?;
            let mut hash = Sha256::new();
            for part in [request.method().as_str().as_bytes(), request.path().as_bytes(), &bytes] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            Ok(Body { value: parse(&bytes)?, hash: hash.finalize().into() })
        })
    }
}

/// What a browser sends of a form: names and values in the order of the page.
pub struct FormPairs(pub Vec<(String, String)>);

impl FromRequest for FormPairs {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = limits(request);
        let is_form = is_of_type(request, "application/x-www-form-urlencoded");
        let payload = payload.take();
        Box::pin(async move {
            if !is_form {
                return Err(Error::UnsupportedMedia);
            }
            let bytes = read(payload, limits.json, limits.json_deadline).await?;
            Ok(FormPairs(form_urlencoded::parse(&bytes).into_owned().collect()))
        })
    }
}

/// A file as the body itself, with the name that `Content-Disposition` or nothing gives it.
pub struct Upload {
    pub bytes: Bytes,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = limits(request);
        let is_csv = is_of_type(request, "text/csv");
        let payload = payload.take();
        Box::pin(async move {
            if !is_csv {
                return Err(Error::UnsupportedMedia);
            }
            Ok(Upload { bytes: read(payload, limits.upload, limits.upload_deadline).await? })
        })
    }
}

fn is_of_type(request: &HttpRequest, wanted: &str) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    given
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
}

fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Error> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let place = Fault::at("", "not_json").with("line", error.line());
        Error::Malformed(Faults(vec![place.with("column", error.column())]))
    })?;
    // serde would take a list for an object, its values in the order of the fields.
    if !value.is_object() {
        return Err(Error::invalid("", "not_an_object"));
    }
    let mut faults = Faults::default();
    find_unfit_text(&value, &mut String::new(), &mut faults);
    faults.check()?;
    let typed: T = shape::read(value)?;
    match typed.validate() {
        Ok(()) => Ok(typed),
        Err(errors) => {
            let mut faults = Faults::default();
            collect(&errors, "", &mut faults);
            Err(Error::Invalid(faults))
        }
    }
}

/// PostgreSQL takes no NUL in text, so neither engine is given one; and blanks say nothing.
fn find_unfit_text(value: &Value, pointer: &mut String, faults: &mut Faults) {
    let length = pointer.len();
    match value {
        Value::String(text) if text.contains('\0') => faults.push(Fault::at(&**pointer, "nul")),
        Value::String(text) if !text.is_empty() && text.trim().is_empty() => {
            faults.push(Fault::at(&**pointer, "blank"));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                find_unfit_text(item, pointer, faults);
                pointer.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                pointer.push_str(&format!("/{}", escaped(name)));
                find_unfit_text(item, pointer, faults);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

fn collect(errors: &ValidationErrors, prefix: &str, faults: &mut Faults) {
    // Sorted, so that the same input always gives the same answer.
    let fields: BTreeMap<_, _> = errors.errors().iter().collect();
    for (field, kind) in fields {
        let pointer = match field.as_ref() {
            "__all__" => prefix.to_string(),
            name => format!("{prefix}/{}", escaped(name)),
        };
        match kind {
            ValidationErrorsKind::Field(errors) => {
                for error in errors {
                    let mut fault = Fault::at(&pointer, error.code.clone());
                    for name in ["min", "max", "equal"] {
                        if let Some(value) = error.params.get(name) {
                            fault = fault.with(name, value);
                        }
                    }
                    faults.push(fault);
                }
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{pointer}/{index}"), faults);
                }
            }
        }
    }
}
