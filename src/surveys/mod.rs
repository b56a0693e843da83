//! Questionnaires, their versions, the links that hand them out, and what is answered.

pub mod address;
pub mod answers;
pub mod bases;
pub mod batch;
pub mod class_page;
pub mod closing;
pub mod code_key;
pub mod codes;
pub mod core_questions;
pub mod definition;
mod editions;
pub mod forms;
pub mod handout;
pub mod intake;
mod ledgers;
pub mod link_input;
pub mod link_state;
pub mod links;
pub mod open_form;
pub mod origin;
pub mod paper;
pub mod qr;
pub mod questionnaires;
pub mod ready;
pub mod release;
mod release_check;
mod release_json;
pub mod releases;
pub mod response_rate;
pub mod response_rows;
pub mod result_view;
pub mod results;
mod room;
pub mod routes;
mod rows;
pub mod shares;
mod sight;
pub mod site;
mod stamp;
pub mod tally;
mod throttle;
pub mod token;
pub mod upkeep;
pub mod versions;
pub mod workbooks;
pub mod xlsform;

#[cfg(test)]
mod fixture;

use crate::error::{Error, Result};
use crate::ids::{CoreQuestionId, LinkId, QuestionnaireId};
use crate::store::{Chain, Db, Within};

impl Within for QuestionnaireId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::questionnaires::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}

impl Within for CoreQuestionId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        let row = rows::questionnaires::core(db, *self)?.ok_or(Error::NotFound)?;
        Ok(row.programme_id.into())
    }
}

impl Within for LinkId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::links::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}

/// What is held by whoever changes the answers, the tallies or the state of a link: whoever closes,
/// recounts or writes anew holds it alone, and so does the intake where it has to.
fn hold_links(db: &mut Db, links: &[LinkId]) -> Result<()> {
    Ok(db.hold_also(&chains(links))?)
}

/// As the intakes of several instances do, beside each other.
fn hold_links_together(db: &mut Db, links: &[LinkId]) -> Result<()> {
    Ok(db.hold_beside(&chains(links))?)
}

fn chains(links: &[LinkId]) -> Vec<Chain> {
    links.iter().map(|link| Chain::of(link.0)).collect()
}
