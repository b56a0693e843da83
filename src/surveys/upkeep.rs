//! What happens by itself: answers are released when enough have come, links close when their time
//! is up, and every night the rows of those
//! that still take answers are written anew. Each instance does it; twice does no harm.

use std::time::Duration;

use super::link_state::Stage;
use super::{closing, releases, rows};
use crate::clock::{At, Clock};
use crate::error::Result;
use crate::store::{Db, Installation, Store};

const EVERY: Duration = Duration::from_secs(60);

/// The name under which the last night is kept.
const REWRITING: &str = "rewrite_answers";

/// Runs until it is dropped.
pub async fn run(store: Store, clock: Clock) {
    loop {
        tokio::time::sleep(EVERY).await;
        let now = clock.now();
        if let Err(error) = close_due(&store, now).await {
            tracing::warn!(%error, "links whose time is up could not be closed");
        }
        if let Err(error) = releases::release_due(&store, now).await {
            tracing::warn!(%error, "answers could not be released");
        }
        if let Err(error) = nightly_if_due(&store, now).await {
            tracing::warn!(%error, "answers could not be written anew");
        }
    }
}

/// Once a day, soon after midnight; or as soon as the service is there again, if it was not then.
pub async fn nightly_if_due(store: &Store, now: At) -> Result<()> {
    let last = store.read(|db| Ok(rows::nightly::last(db, REWRITING)?)).await?;
    if last.is_some_and(|last| last >= now.day()) {
        return Ok(());
    }
    nightly(store).await?;
    let note = move |db: &mut Db| Ok(rows::nightly::done(db, REWRITING, now.day())?);
    store.write(Installation, note).await?;
    Ok(())
}

/// Closes the links whose time is up, and finishes what was broken off.
pub async fn close_due(store: &Store, now: At) -> Result<()> {
    for link in store.read(move |db| Ok(rows::links::due(db, now)?)).await? {
        // One that can't be closed must not keep the others open.
        if let Err(error) = closing::close(store, None, link, now).await {
            tracing::warn!(%link, %error, "a link could not be closed");
        }
    }
    Ok(())
}

/// Writes the rows of all links that take answers anew, and then makes the engine let go of what
/// lay where they were.
pub async fn nightly(store: &Store) -> Result<()> {
    for link in store.read(|db| Ok(rows::links::in_stage(db, Stage::Open)?)).await? {
        let mut from = None;
        loop {
            from = store.write(link, move |db| closing::rewrite(db, link, from)).await?;
            if from.is_none() {
                break;
            }
        }
    }
    store.vacuum(&["responses", "tallies", "link_codes"]).await
}
