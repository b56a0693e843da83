//! One response: checked against the version that was shown, and kept in one canonical form.

mod cells;
mod check;
mod compiled;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use cells::{Added, Cell, Moments, added, cells, crossed, moments, named};
pub use check::{Progress, check, progress};
pub use compiled::Compiled;

use super::definition::Decimal;

/// The answer to one question. In a request `null`, `""`, `[]` and `{}` say that it is not
/// answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Answer {
    Number(Decimal),
    /// The code of the chosen option, or a free text.
    One(String),
    /// The codes of the chosen options, in the order of the definition.
    Several(Vec<String>),
    /// Of a grid: the code of the chosen option by the code of the statement.
    Grid(BTreeMap<String, String>),
}

/// A response that fits its version: by question code, only what was asked and answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, Answer>);

impl Answers {
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// In the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(code, answer)| (code.as_str(), answer))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As it is stored: JSON, the same bytes for the same answers.
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(&self.0).expect("text keys and finite numbers are JSON")
    }

    /// Reads what [`Answers::canonical`] wrote.
    pub fn from_canonical(bytes: &[u8]) -> Result<Answers, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

#[cfg(test)]
mod tests;
