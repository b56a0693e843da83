//! What is handed back to the class that was asked: how many have answered while the link is open,
//! and what once it is closed. Read of releases and nothing else, as everywhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::handout::{self, Face};
use super::link_state::LinkState;
use super::links::{self, LinkStatus};
use super::result_view::QuestionResults;
use super::room::{Room, Share};
use super::{results, rows, token};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::LinkId;
use crate::store::{Db, Store};

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

/// So many pages are put together at once, half of them of the same link: more than two classes.
const READERS: usize = 128;
/// So many links are told apart.
const LINKS: usize = 10_000;

/// The pages of all classes. Results take work, and anybody with an address can ask for them, so
/// links wait side by side; cheap to clone.
#[derive(Clone)]
pub struct ClassPages {
    store: Store,
    room: Arc<Room>,
    shares: Arc<Mutex<HashMap<LinkId, Share>>>,
}

impl ClassPages {
    pub fn new(store: Store) -> ClassPages {
        ClassPages { store, room: Room::new(READERS), shares: Arc::default() }
    }

    pub async fn show(&self, typed: &str, now: At) -> Result<ClassPage> {
        let typed = typed.to_string();
        let id = self.store.read(move |db| link(db, &typed)).await?;
        let place = self.room.enter(&self.share(id))?;
        let read = move |db: &mut Db| {
            let _place = place;
            get(db, id, now)
        };
        self.store.read(read).await
    }

    /// The number alone.
    pub async fn status(&self, typed: &str, now: At) -> Result<LinkStatus> {
        let typed = typed.to_string();
        let read = move |db: &mut Db| {
            let id = link(db, &typed)?;
            links::status_of(db, id, now)
        };
        self.store.read(read).await
    }

    fn share(&self, link: LinkId) -> Share {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if shares.len() >= LINKS && !shares.contains_key(&link) {
            shares.clear();
        }
        shares.entry(link).or_default().clone()
    }
}

fn get(db: &mut Db, id: LinkId, now: At) -> Result<ClassPage> {
    let face = handout::of_link(db, id, now)?;
    let status = links::status_of(db, id, now)?;
    let questions = match status.state {
        LinkState::Closed => Some(results::of_link(db, id, &face.definition, now)?),
        LinkState::Planned | LinkState::Open | LinkState::Closing => None,
    };
    Ok(ClassPage { face, status, questions })
}
