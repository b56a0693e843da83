//! Who changed what. Every write of the domain passes here; the trail points at versions and never
//! holds a person's data itself. One chain of hashes per programme: leaving an entry out, or
//! changing one, breaks every hash that follows.

mod rows;

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{ProgrammeId, ProjectId, UserId, VersionId};
use crate::paging::{Listing, Page};
use crate::store::{Chain, Db};

/// One change, before it has its place in the chain.
#[derive(Debug, Clone)]
pub struct Event {
    /// What was done, as `entity.verb`: `count.put`, `target.agreed`.
    pub action: &'static str,
    pub entity_id: Uuid,
    /// The version that it made, where the thing keeps its history.
    pub version: Option<VersionId>,
    pub reason: Option<String>,
}

impl Event {
    pub fn new(action: &'static str, entity_id: impl Into<Uuid>) -> Event {
        Event { action, entity_id: entity_id.into(), version: None, reason: None }
    }

    pub fn version(mut self, version: VersionId) -> Event {
        self.version = Some(version);
        self
    }

    pub fn because(mut self, reason: Option<&str>) -> Event {
        self.reason = reason.map(str::to_string);
        self
    }

    fn entity(&self) -> &'static str {
        self.action.split('.').next().unwrap_or(self.action)
    }
}

/// One entry of the trail.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entry {
    /// Its place in the programme's chain, from 1.
    pub number: i64,
    pub at: At,
    /// The account, or null for the operator's command line.
    pub actor_id: Option<UserId>,
    /// What was done, as `entity.verb`.
    pub action: String,
    pub entity: String,
    pub entity_id: Uuid,
    pub version_id: Option<VersionId>,
    pub reason: Option<String>,
    /// SHA-256 over the entry and the hash before it, in hex.
    pub hash: String,
}

/// What to look for in the trail.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub entity: Option<String>,
    pub entity_id: Option<Uuid>,
    /// As `entity.verb`.
    pub action: Option<String>,
    /// A project with all that belongs to it.
    pub project: Option<ProjectId>,
    pub actor_id: Option<UserId>,
    /// Only changes by the operator's command line.
    pub by_operator: bool,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// Writes one change into the chain whose lock the transaction holds.
pub fn record(db: &mut Db, actor: Option<UserId>, now: At, event: Event) -> Result<()> {
    record_all(db, actor, now, std::slice::from_ref(&event))
}

/// Writes many changes at once, in their order.
pub fn record_all(db: &mut Db, actor: Option<UserId>, now: At, events: &[Event]) -> Result<()> {
    // Without the lock two writers would take the same place in the chain.
    let chain = db.held().ok_or_else(|| Error::unexpected("a write outside of any lock"))?;
    let (mut number, mut hash) = rows::head(db, chain)?.unwrap_or((0, vec![0; 32]));
    let mut entries = Vec::with_capacity(events.len());
    for event in events {
        number += 1;
        let mut row = rows::EntryRow {
            chain: chain.into(),
            number,
            at: now,
            actor_id: actor,
            action: event.action.to_string(),
            entity: event.entity().to_string(),
            entity_id: event.entity_id.into(),
            version_id: event.version,
            reason: event.reason.clone(),
            previous_hash: hash,
            hash: Vec::new(),
        };
        row.hash = seal(&row);
        hash = row.hash.clone();
        entries.push(row);
    }
    Ok(rows::insert(db, &entries)?)
}

/// The hash of an entry: every field with its length before it, so that no two entries read alike.
fn seal(row: &rows::EntryRow) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut put = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    put(&row.previous_hash);
    put(row.chain.0.as_bytes());
    put(&row.number.to_be_bytes());
    put(&row.at.micros().to_be_bytes());
    put(row.actor_id.map_or(Uuid::nil(), |id| id.0).as_bytes());
    put(row.action.as_bytes());
    put(row.entity_id.0.as_bytes());
    put(row.version_id.map_or(Uuid::nil(), |id| id.0).as_bytes());
    // None and an empty reason differ.
    put(&[u8::from(row.reason.is_some())]);
    put(row.reason.as_deref().unwrap_or_default().as_bytes());
    hash.finalize().to_vec()
}

/// The newest entries first.
pub fn list(
    db: &mut Db,
    programme: ProgrammeId,
    filter: &Filter,
    page: &Page<i64>,
) -> Result<Listing<Entry>> {
    let rows = rows::list(db, programme.into(), filter, page)?;
    Ok(page.listing(rows, |row| row.number).map(Entry::from))
}

/// How long a chain is and its newest hash, or where it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Whole { entries: i64, head: String },
    Broken { number: i64 },
}

/// Recomputes a whole chain.
pub fn verify(db: &mut Db, chain: Chain) -> Result<Verdict> {
    let (mut number, mut hash) = (0, vec![0; 32]);
    loop {
        let rows = rows::after(db, chain, number, 1_000)?;
        if rows.is_empty() {
            return Ok(Verdict::Whole { entries: number, head: hex(&hash) });
        }
        for row in rows {
            number += 1;
            if row.number != number || row.previous_hash != hash || row.hash != seal(&row) {
                return Ok(Verdict::Broken { number });
            }
            hash = row.hash;
        }
    }
}

/// Every chain there is.
pub fn chains(db: &mut Db) -> Result<Vec<Chain>> {
    Ok(rows::chains(db)?)
}

/// The newest entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub number: i64,
    pub hash: Vec<u8>,
}

impl Head {
    pub fn hex(&self) -> String {
        hex(&self.hash)
    }
}

/// The head of the chain that this transaction writes to.
pub fn head(db: &mut Db) -> Result<Head> {
    let chain = db.held().ok_or_else(|| Error::unexpected("a head outside of any lock"))?;
    let (number, hash) = rows::head(db, chain)?.unwrap_or((0, vec![0; 32]));
    Ok(Head { number, hash })
}

/// Whether a chain has that entry.
pub fn holds(db: &mut Db, chain: Chain, head: &Head) -> Result<bool> {
    Ok(rows::hash_of(db, chain, head.number)?.as_deref() == Some(head.hash.as_slice()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl From<rows::EntryRow> for Entry {
    fn from(row: rows::EntryRow) -> Entry {
        Entry {
            number: row.number,
            at: row.at,
            actor_id: row.actor_id,
            action: row.action,
            entity: row.entity,
            entity_id: row.entity_id.0,
            version_id: row.version_id,
            reason: row.reason,
            hash: hex(&row.hash),
        }
    }
}
