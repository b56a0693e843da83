//! Codes for one answer each, for links that take nothing else.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::code_key::CodeKey;
use super::link_state::{Access, LinkState, state};
use super::rows::{self, links::LinkRow};
use super::{hold_links, sight, token};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::LinkId;
use crate::store::Db;

/// So many unused codes a link may have.
const MOST: i64 = 500;

/// How many codes are wanted.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodesWanted {
    /// Up to 500, with those of the link that are not used yet.
    #[validate(range(min = 1, max = 500))]
    #[schema(example = 24)]
    pub count: u32,
}

/// New codes. They are given this once; what is kept of them can't be read without the
/// installation's key.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NewCodes {
    /// In the order of the alphabet.
    #[schema(example = json!(["4TZKQ7MB", "HW9NDX3C"]))]
    pub codes: Vec<String>,
}

pub fn make(
    db: &mut Db,
    caller: &Caller,
    id: LinkId,
    wanted: &CodesWanted,
    key: &CodeKey,
    now: At,
) -> Result<NewCodes> {
    let link = for_change(db, caller, id, now)?;
    if link.access != Access::Codes {
        return Err(Error::Conflict("link_without_codes"));
    }
    let left = MOST - rows::links::count_codes(db, id)?;
    if i64::from(wanted.count) > left {
        return Err(Fault::at("/count", "too_many_codes").with("left", left).into());
    }
    let mut codes = BTreeSet::new();
    while codes.len() < wanted.count as usize {
        codes.insert(token::new_code()?);
    }
    let mut hashes: Vec<Vec<u8>> = codes.iter().map(|code| key.hash(id, code)).collect();
    hashes.sort_unstable();
    rows::links::insert_codes(db, id, &hashes)?;
    audit::record(db, caller.actor(), now, Event::new("link.codes_made", id))?;
    Ok(NewCodes { codes: codes.into_iter().collect() })
}

/// Makes all codes of a link that are not used yet worthless: a sheet of them was lost.
pub fn revoke(db: &mut Db, caller: &Caller, id: LinkId, now: At) -> Result<()> {
    for_change(db, caller, id, now)?;
    rows::links::delete_codes_of(db, id)?;
    audit::record(db, caller.actor(), now, Event::new("link.codes_revoked", id))
}

fn for_change(db: &mut Db, caller: &Caller, id: LinkId, now: At) -> Result<LinkRow> {
    let link = sight::own_link(db, caller, id)?;
    hold_links(db, &[id])?;
    match state(link.state, link.opens_at, link.closes_at, now) {
        LinkState::Planned | LinkState::Open => Ok(link),
        LinkState::Closing | LinkState::Closed => Err(Error::Conflict("link_closed")),
    }
}
