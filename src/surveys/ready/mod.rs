//! Ready questionnaires for four groups who answer, to be taken over as one's own. No programme
//! starts with them yet; the demo has two of them asked.

use serde_json::Value;

use super::definition::Definition;
use crate::error::{Error, Result};

/// A ready questionnaire, by its code.
pub struct Ready {
    pub code: &'static str,
    json: &'static str,
}

pub const ALL: [Ready; 4] = [
    Ready { code: "elever-7-9", json: include_str!("pupils-7-9.json") },
    Ready { code: "elever-10-13", json: include_str!("pupils-10-13.json") },
    Ready { code: "elever-14-19", json: include_str!("pupils-14-19.json") },
    Ready { code: "undervisere", json: include_str!("teachers.json") },
];

impl Ready {
    pub fn definition(&self) -> Result<Definition> {
        let value: Value = serde_json::from_str(self.json).map_err(Error::unexpected)?;
        Definition::read(value).map_err(Error::Invalid)
    }
}

#[cfg(test)]
mod tests;
