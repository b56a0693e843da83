//! What a link is to whoever opens it.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::answers::Compiled;
use super::definition::{Audience, Definition};
use super::link_state::{Access, LinkState, state};
use super::rows;
use super::tally::Source;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::LinkId;
use crate::projects;
use crate::store::Db;

/// What a link asks, for whoever has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicForm {
    pub state: LinkState,
    /// Whether it has taken as many answers as it may.
    pub full: bool,
    /// Whether a code is needed to answer.
    pub access: Access,
    /// Which of the questionnaire's languages is shown first; where null the one that the browser
    /// prefers, or else its first one.
    #[schema(example = "da")]
    pub language: Option<String>,
    /// When it opens; null where that was not said.
    pub opens_at: Option<At>,
    /// When it closes by itself; null where that was not said.
    pub closes_at: Option<At>,
    pub asked_by: AskedBy,
    /// To be sent back with the response: when the form was opened, signed. Null while it takes no
    /// answers.
    #[schema(example = "AAAAAGPbGgAqZ0m3M8cUX4u1sQk")]
    pub stamp: Option<String>,
    /// What is asked; null while it takes no answers.
    pub definition: Option<Definition>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AskedBy {
    pub programme_da: String,
    pub programme_en: String,
    /// The project's title; null where the programme itself asks.
    #[schema(example = "LabSTEM Nord")]
    pub project: Option<String>,
}

/// A link as it is now, with the version that it asks, whether or not it takes answers.
#[derive(Debug, Clone)]
pub struct OpenForm {
    pub state: LinkState,
    pub full: bool,
    pub access: Access,
    pub language: Option<String>,
    pub opens_at: Option<At>,
    pub closes_at: Option<At>,
    pub asked_by: AskedBy,
    pub audience: Audience,
    /// Origins of the pages that may embed it.
    pub origins: Vec<String>,
    pub version: Arc<Compiled>,
    pub stamp: String,
}

impl OpenForm {
    pub(super) fn read(
        db: &mut Db,
        link: LinkId,
        version: Arc<Compiled>,
        stamp: String,
        now: At,
    ) -> Result<OpenForm> {
        let gate = rows::links::gates(db, &[link])?.pop().ok_or(Error::NotFound)?;
        let face = rows::links::face(db, link)?.ok_or(Error::NotFound)?;
        let project = match face.project_id {
            Some(id) => Some(projects::title(db, id)?),
            None => None,
        };
        let totals = rows::tallies::totals(db, &[link])?;
        let responses = totals.iter().filter(|(_, source, _)| *source != Source::Paper);
        let total: i64 = responses.map(|(_, _, n)| n).sum();
        let origins = face.origins.as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(OpenForm {
            state: state(gate.state, gate.opens_at, gate.closes_at, now),
            full: total >= gate.most(),
            access: gate.access,
            language: gate.language,
            opens_at: gate.opens_at,
            closes_at: gate.closes_at,
            asked_by: AskedBy {
                programme_da: face.programme_da,
                programme_en: face.programme_en,
                project,
            },
            audience: face.audience,
            origins: origins.iter().filter_map(|one| one.as_str().map(str::to_string)).collect(),
            version,
            stamp,
        })
    }

    pub fn definition(&self) -> &Definition {
        self.version.definition()
    }

    /// Whether it takes answers now.
    pub fn takes_answers(&self) -> bool {
        self.state == LinkState::Open && !self.full
    }
}

impl From<OpenForm> for PublicForm {
    fn from(form: OpenForm) -> PublicForm {
        let is_open = form.state == LinkState::Open;
        PublicForm {
            definition: is_open.then(|| form.definition().clone()),
            stamp: is_open.then_some(form.stamp),
            state: form.state,
            full: form.full,
            access: form.access,
            language: form.language,
            opens_at: form.opens_at,
            closes_at: form.closes_at,
            asked_by: form.asked_by,
        }
    }
}
