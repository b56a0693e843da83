//! What is handed out of a link: its address, what puts it into a page, and what is printed.

use serde::Serialize;
use utoipa::ToSchema;

use super::definition::{Audience, Definition};
use super::link_state::{Access, LinkState, state};
use super::open_form::AskedBy;
use super::questionnaires::stored;
use super::site::{PASS_LASTS, Pass, Site};
use super::{releases, rows, sight};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::LinkId;
use crate::programmes::organisations::Register;
use crate::projects;
use crate::store::Db;

/// Addresses of a link, for whoever hands it out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Handout {
    /// Where it is answered.
    #[schema(example = "https://maaltal.example/s/K7QMD2XBHA")]
    pub address: String,
    /// The page to hand back to the class: how many have answered while the link is open, and what
    /// once it is closed. Whoever has it sees that and nothing else.
    #[schema(example = "https://maaltal.example/r/M3XK9QWE2RTY7UPA")]
    pub class_page: String,
    /// Puts the questionnaire into a page that runs scripts. The page's origin must be one of the
    /// link's.
    pub embed_script: String,
    /// Puts it into a page that takes frames only.
    pub embed_frame: String,
}

/// Addresses of print pages, for a browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PrintPages {
    /// To hang up in the class: address, QR code, and what it is about.
    pub poster: String,
    /// Makes codes for one answer each and prints them to be cut up; null where the link takes
    /// none.
    pub codes: Option<String>,
    /// Addresses, and what puts the questionnaire into a page.
    pub handout: String,
    /// Until when the addresses are good. They end sooner with the session they were asked for in.
    pub expires_at: At,
}

/// All that a page about a link tells.
#[derive(Debug, Clone)]
pub struct Face {
    pub link: LinkId,
    pub token: String,
    pub class_token: String,
    pub label: String,
    pub organisation: Option<String>,
    pub audience: Audience,
    pub access: Access,
    pub state: LinkState,
    pub class_size: Option<i32>,
    /// Which of the questionnaire's languages it is shown in first.
    pub language: Option<String>,
    pub closes_at: Option<At>,
    pub has_origins: bool,
    pub definition: Definition,
    pub asked_by: AskedBy,
    /// The fewest answers that are shown together.
    pub threshold: i64,
}

/// For whoever hands out the link.
pub fn face(db: &mut Db, caller: &Caller, id: LinkId, now: At) -> Result<Face> {
    sight::own_link(db, caller, id)?;
    of_link(db, id, now)
}

pub(super) fn of_link(db: &mut Db, id: LinkId, now: At) -> Result<Face> {
    let row = rows::links::find(db, id)?.ok_or(Error::NotFound)?;
    let names = rows::links::face(db, id)?.ok_or(Error::NotFound)?;
    let definition = rows::questionnaires::definition(db, row.version_id)?;
    let register = Register::load(db, row.programme_id)?;
    let project = match row.project_id {
        Some(project) => Some(projects::title(db, project)?),
        None => None,
    };
    Ok(Face {
        link: id,
        class_token: rows::links::class_token(db, id)?.ok_or(Error::NotFound)?,
        organisation: row.organisation_id.map(|id| register.name(id)),
        state: state(row.state, row.opens_at, row.closes_at, now),
        has_origins: row.origins.as_array().is_some_and(|origins| !origins.is_empty()),
        definition: stored(definition.ok_or(Error::NotFound)?)?,
        asked_by: AskedBy {
            programme_da: names.programme_da,
            programme_en: names.programme_en,
            project,
        },
        threshold: releases::threshold(db, row.programme_id)?.get(),
        token: row.token,
        label: row.label,
        audience: row.audience,
        access: row.access,
        class_size: row.class_size,
        language: row.language,
        closes_at: row.closes_at,
    })
}

pub fn get(db: &mut Db, caller: &Caller, id: LinkId, site: &Site, now: At) -> Result<Handout> {
    Ok(face(db, caller, id, now)?.handout(site))
}

impl Face {
    pub fn address(&self, site: &Site) -> String {
        site.answering(&self.token, None)
    }

    /// The title in the language that the link is shown in first.
    pub fn title(&self) -> &str {
        let own = self.language.as_ref().or(self.definition.languages.first());
        let title = own.and_then(|language| self.definition.title.get(language));
        title.map(String::as_str).unwrap_or_default()
    }

    pub fn handout(&self, site: &Site) -> Handout {
        let address = self.address(site);
        let (token, title) = (&self.token, escaped(self.title()));
        let script = site.embed_script();
        Handout {
            class_page: site.class_page(&self.class_token),
            // The link stays where scripts are off, and goes when the frame has come.
            embed_script: format!(
                "<a href=\"{address}\">{title}</a>\n<script async src=\"{script}\" \
                 data-link=\"{token}\" data-title=\"{title}\"></script>\n"
            ),
            embed_frame: format!(
                "<iframe src=\"{address}?embed=1\" title=\"{title}\" width=\"100%\" \
                 height=\"800\" style=\"border:0\" referrerpolicy=\"no-referrer\"></iframe>\n"
            ),
            address,
        }
    }
}

/// For text and for attributes in double quotes.
fn escaped(text: &str) -> String {
    let parts = text.chars().map(|c| match c {
        '&' => "&amp;".to_string(),
        '<' => "&lt;".to_string(),
        '>' => "&gt;".to_string(),
        '"' => "&quot;".to_string(),
        '\'' => "&#39;".to_string(),
        c => c.to_string(),
    });
    parts.collect()
}

/// Addresses that a browser can open for an hour.
pub fn print_pages(
    db: &mut Db,
    caller: &Caller,
    id: LinkId,
    site: &Site,
    now: At,
) -> Result<PrintPages> {
    let face = face(db, caller, id, now)?;
    let pass = site.pass(Pass { link: id, session: caller.account()?.session }, now);
    Ok(PrintPages {
        poster: site.print_page(&pass, "poster"),
        codes: (face.access == Access::Codes).then(|| site.print_page(&pass, "codes")),
        handout: site.print_page(&pass, "handout"),
        expires_at: now.plus_seconds(PASS_LASTS),
    })
}
