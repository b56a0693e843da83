//! What is handed back to the class that was asked: how many have answered while the link is open,
//! and what once it is closed. Read of releases and nothing else, as everywhere.

use super::handout::{self, Face};
use super::link_state::LinkState;
use super::links::{self, LinkStatus};
use super::result_view::QuestionResults;
use super::{results, rows, token};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::LinkId;
use crate::store::Db;

/// One link, for whoever has the address of its class's page.
pub struct ClassPage {
    pub face: Face,
    pub status: LinkStatus,
    /// What was answered; None until the link is closed and its last release written.
    pub questions: Option<Vec<QuestionResults>>,
}

fn link(db: &mut Db, typed: &str) -> Result<LinkId> {
    let token = token::read_class_token(typed).ok_or(Error::NotFound)?;
    rows::links::by_class_token(db, &token)?.ok_or(Error::NotFound)
}

pub fn get(db: &mut Db, typed: &str, now: At) -> Result<ClassPage> {
    let id = link(db, typed)?;
    let face = handout::of_link(db, id, now)?;
    let status = links::status_of(db, id, now)?;
    let questions = match status.state {
        LinkState::Closed => Some(results::of_link(db, id, &face.definition, now)?),
        LinkState::Planned | LinkState::Open | LinkState::Closing => None,
    };
    Ok(ClassPage { face, status, questions })
}

/// The number alone.
pub fn status(db: &mut Db, typed: &str, now: At) -> Result<LinkStatus> {
    let id = link(db, typed)?;
    links::status_of(db, id, now)
}
