//! A whole programme as one file, and back, on whichever engine: the way from SQLite to PostgreSQL
//! and home again. For the operator's command line only, since it holds all that the programme
//! holds.
//!
//! One zip: `manifest.json`, `accounts.jsonl` and a JSON Lines file for each table in [`TRAVELS`],
//! rows in the order of their keys. Ids, versions and the chain of hashes stay what they are.
//! docs/moving.md says what that means for people.

mod accounts;
mod read;
mod shape;
mod write;

use serde::{Deserialize, Serialize};

pub use read::import;
pub use shape::{STAYS, TRAVELS, TableShape, shapes};
pub use write::export;

use crate::clock::At;
use crate::error::Error;
use crate::ids::ProgrammeId;

/// What the file says of itself, last written and first read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    /// The program that wrote it.
    pub maaltal: String,
    /// The newest migration of the database that it was written from.
    pub schema: String,
    pub programme: ManifestProgramme,
    pub exported_at: At,
    /// How many entries the audit trail has, and its newest hash.
    pub audit_entries: i64,
    pub audit_head: String,
    pub files: Vec<ManifestFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestProgramme {
    pub id: ProgrammeId,
    pub code: String,
    pub name_da: String,
    pub name_en: String,
}

/// One file of the zip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    pub name: String,
    pub rows: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

const FORMAT: &str = "maaltal-programme-1";
const MANIFEST: &str = "manifest.json";
const ACCOUNTS: &str = "accounts.jsonl";

/// What an import did.
#[derive(Debug, Clone)]
pub struct Imported {
    pub manifest: Manifest,
    /// Accounts that are there by their mail address, or by their id.
    pub accounts_matched: usize,
    /// Accounts that were made; nobody can sign in to them before the operator enables them.
    pub accounts_made: usize,
}

fn file_of(table: &str) -> String {
    format!("{table}.jsonl")
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::unexpected(error)
}
