//! What the status report writes of its projects.

use serde::Deserialize;

use super::rows;
use crate::error::Result;

const TEXTS: &str = include_str!("../../demo/nordjylland/texts.csv");

/// Of one project: in the list, and where it tells what was learned.
#[derive(Deserialize)]
pub struct TextRow {
    pub project: String,
    pub summary: String,
    pub learnings: Option<String>,
}

pub fn texts() -> Result<Vec<TextRow>> {
    rows(TEXTS)
}
