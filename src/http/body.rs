//! Bodies: every one has a size limit and a deadline, and says all that is wrong with it at once.

use std::future::Future;
use std::io::Write;
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
use validator::Validate;

use crate::error::{Error, Fault, Faults};
use crate::shape::{self, escaped};
use crate::sheets::File;

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
            upload: 256 << 20,
            json_deadline: Duration::from_secs(15),
            upload_deadline: Duration::from_secs(300),
        }
    }
}

pub(super) fn limits(request: &HttpRequest) -> Limits {
    request.app_data::<Data<Limits>>().map_or_else(Limits::default, |limits| ***limits)
}

pub(super) async fn read(
    mut payload: Payload,
    max: usize,
    deadline: Duration,
) -> Result<Bytes, Error> {
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
            let hash = hash_of(&[request.method().as_str(), request.path()], &bytes);
            Ok(Body { value: parse(&bytes)?, hash })
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

/// A file as the body itself. A large one is written to disk while it comes.
pub struct Upload {
    pub file: File,
}

/// What an uploaded file may be.
const TABLES: [&str; 2] = ["text/csv", EXCEL];
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// So much is gathered before it is written on.
const GATHERED: usize = 1 << 20;

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = limits(request);
        let is_table = TABLES.iter().any(|one| is_of_type(request, one));
        let payload = payload.take();
        Box::pin(async move {
            if !is_table {
                return Err(Error::UnsupportedMedia);
            }
            let all = spool(payload, limits.upload);
            let file = tokio::time::timeout(limits.upload_deadline, all).await;
            Ok(Upload { file: file.unwrap_or(Err(Error::TooSlow))? })
        })
    }
}

/// Of method, address and body, so that no two requests have the same by chance.
pub(super) fn hash_of(head: &[&str], body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in head.iter().map(|part| part.as_bytes()).chain([body]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

async fn spool(mut payload: Payload, max: usize) -> Result<File, Error> {
    let (mut file, mut gathered, mut size) = (File::new(), BytesMut::new(), 0);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Malformed(Faults::default()))?;
        size += chunk.len();
        if size > max {
            return Err(Error::TooLarge);
        }
        gathered.extend_from_slice(&chunk);
        if gathered.len() >= GATHERED {
            file = written(file, gathered.split().freeze()).await?;
        }
    }
    written(file, gathered.freeze()).await
}

/// The disk may be slow, and others wait for this thread.
async fn written(mut file: File, bytes: Bytes) -> Result<File, Error> {
    let write = move || file.write_all(&bytes).map(|()| file);
    let file = tokio::task::spawn_blocking(write).await.map_err(Error::unexpected)?;
    file.map_err(Error::unexpected)
}

pub(super) fn is_of_type(request: &HttpRequest, wanted: &str) -> bool {
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
    shape::held(&typed)?;
    Ok(typed)
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
