//! Lists page by key, never by offset: a row added meanwhile shifts nothing.

use std::fmt::Display;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::error::{Error, Fault, Faults};

pub const DEFAULT_LIMIT: u32 = 100;
pub const MAX_LIMIT: u32 = 1_000;

/// Which part of a list is asked for; `K` is the key that it is ordered by.
#[derive(Debug, Clone)]
pub struct Page<K> {
    /// The key of the last row already seen.
    pub after: Option<K>,
    limit: u32,
}

impl<K: FromStr> Page<K> {
    /// From `cursor` and `limit` as a client sends them.
    pub fn parse(cursor: Option<&str>, limit: Option<u32>) -> Result<Page<K>, Error> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            let fault = Fault::at("limit", "range").with("min", 1).with("max", MAX_LIMIT);
            return Err(Error::Malformed(Faults(vec![fault])));
        }
        let key = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            String::from_utf8(bytes).ok()?.parse().ok()
        };
        let after = match cursor {
            None => None,
            Some(text) => Some(key(text).ok_or_else(|| {
                Error::Malformed(Faults(vec![Fault::at("cursor", "not_a_cursor")]))
            })?),
        };
        Ok(Page { after, limit })
    }
}

impl<K> Page<K> {
    /// A page of a server-side walk through everything.
    pub fn of(after: Option<K>, limit: u32) -> Page<K> {
        Page { after, limit }
    }

    /// What to ask the database for: one more than shown, to know whether there is a next page.
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The rows that were fetched as the page that is shown.
    pub fn listing<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> K) -> Listing<T>
    where
        K: Display,
    {
        let limit = self.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let last = if more { items.last() } else { None };
        let next_cursor = last.map(|item| cursor(key(item)));
        Listing { items, next_cursor }
    }
}

/// What a client sends to go on after that key.
pub fn cursor(key: impl Display) -> String {
    URL_SAFE_NO_PAD.encode(key.to_string())
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Listing<T> {
    pub items: Vec<T>,
    /// For `cursor`, to get the next page; null on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Listing<T> {
    /// A list that is never long enough to page.
    pub fn whole(items: Vec<T>) -> Listing<T> {
        Listing { items, next_cursor: None }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Listing<U> {
        let items = self.items.into_iter().map(f).collect();
        Listing { items, next_cursor: self.next_cursor }
    }
}

impl<T: ToSchema> PartialSchema for Listing<T> {
    fn schema() -> RefOr<Schema> {
        let items = ArrayBuilder::new().items(Ref::from_schema_name(T::name()));
        let cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("For `cursor`, to get the next page; null on the last one."));
        ObjectBuilder::new()
            .property("items", items)
            .required("items")
            .property("next_cursor", cursor)
            .required("next_cursor")
            .into()
    }
}

impl<T: ToSchema> ToSchema for Listing<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        // Not `List`: a code list is a word of the domain, and a schema too.
        format!("{}Listing", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
        schemas.push((T::name().into_owned(), T::schema()));
    }
}
