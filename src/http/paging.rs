//! The query parameters that lists and tables share.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::Error;
use crate::paging::Page;
use crate::store::AsOf;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

impl PageQuery {
    pub fn page<K: FromStr>(&self) -> Result<Page<K>, Error> {
        Page::parse(self.cursor.as_deref(), self.limit)
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
}

impl AsOfQuery {
    pub fn as_of(&self) -> AsOf {
        AsOf::end_of(self.as_of)
    }
}
