//! Closing a link, and writing its rows anew: the order of rows on disk tells in which order they
//! came, so it is made to tell nothing.

use super::intake::ResponseId;
use super::link_state::Stage;
use super::rows::answers::NewResponse;
use super::{hold_links, releases, rows};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{LinkId, UserId};
use crate::store::{Db, Store};

/// So many responses are written anew in one transaction, since nobody else writes meanwhile.
const STEP: i64 = 5_000;

/// From now on the link takes no answers: what the intake has stored by now is all there is.
/// Nothing happens where it was closed before.
pub(super) fn begin(db: &mut Db, actor: Option<UserId>, link: LinkId, now: At) -> Result<()> {
    hold_links(db, &[link])?;
    let row = rows::links::find(db, link)?.ok_or(Error::NotFound)?;
    if row.state == Stage::Open {
        rows::links::set_stage(db, link, Stage::Closing, None)?;
        audit::record(db, actor, now, Event::new("link.closing", link))?;
    }
    Ok(())
}

/// Closes a link from its beginning to its end.
pub async fn close(store: &Store, actor: Option<UserId>, link: LinkId, now: At) -> Result<()> {
    store.write(link, move |db| begin(db, actor, link, now)).await?;
    finish(store, link, now).await
}

/// Finishes the closing of a link, in transactions that are short however many have answered.
/// Can be broken off and begun again.
pub async fn finish(store: &Store, link: LinkId, now: At) -> Result<()> {
    let mut from = None;
    loop {
        let next = store.write(link, move |db| rewrite(db, link, from)).await?;
        if next.is_none() {
            return store.write(link, move |db| end(db, link, now)).await;
        }
        from = next;
    }
}

/// The last step: codes that nobody used are worth nothing any more, and the link is closed.
fn end(db: &mut Db, link: LinkId, now: At) -> Result<()> {
    let row = rows::links::find(db, link)?.ok_or(Error::NotFound)?;
    if row.state != Stage::Closing {
        return Ok(());
    }
    rows::links::delete_codes_of(db, link)?;
    rows::links::set_stage(db, link, Stage::Closed, Some(now))?;
    // The last release: from here on nothing more comes.
    releases::release(db, row.questionnaire_id, &[link], now)?;
    audit::record(db, None, now, Event::new("link.closed", link))
}

/// Writes the next responses of a link anew in the order of their random keys, and after the last
/// its tallies, whose order would tell which option was chosen last. Gives where to go on.
pub fn rewrite(db: &mut Db, link: LinkId, from: Option<ResponseId>) -> Result<Option<ResponseId>> {
    hold_links(db, &[link])?;
    let rows = rows::answers::after(db, link, from, STEP)?;
    if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
        rows::answers::delete_between(db, link, first.id, last.id)?;
        let again: Vec<NewResponse<'_>> = rows.iter().map(NewResponse::from).collect();
        if rows::answers::insert(db, &again)? != again.len() {
            return Err(Error::unexpected("a response was not written anew"));
        }
        if rows.len() as i64 == STEP {
            return Ok(Some(last.id));
        }
    }
    let tallies = rows::tallies::of_link(db, link)?;
    rows::tallies::delete_of_link(db, link)?;
    rows::tallies::add(db, &tallies)?;
    Ok(None)
}
