//! Links: one version of a questionnaire, handed to one school, class or channel.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::definition::{Audience, Definition};
use super::link_input::{self, Fields, LinkInput};
use super::link_state::{Access, LinkState, Stage, state};
use super::questionnaires::{QuestionnaireState, stored};
use super::rows::{self, links::LinkRow, questionnaires::QuestionnaireRow};
use super::tally::Source;
use super::{closing, hold_links, sight, token};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{LinkId, ProgrammeId, ProjectId, QuestionnaireId, VersionId};
use crate::paging::{Listing, Page};
use crate::programmes::codes::Codebook;
use crate::programmes::organisations::Register;
use crate::store::Db;
use crate::versioned::Versioned;

/// A link, as it is to those who run it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Link {
    pub id: LinkId,
    pub questionnaire_id: QuestionnaireId,
    /// The number of the version that it hands out.
    pub questionnaire_version: i32,
    /// The project in which it is handed out; null where the secretariat does it itself.
    pub project_id: Option<ProjectId>,
    /// What its address ends in. Null for whoever may look but not hand it out.
    #[schema(example = "K7QMD2XBHA")]
    pub token: Option<String>,
    /// The organisation's code.
    #[schema(example = "hjoerring-gymnasium")]
    pub organisation: Option<String>,
    #[schema(example = "2.b, biologi")]
    pub label: String,
    pub education_level: Option<String>,
    pub audience: Audience,
    /// `before` or `after` a teaching sequence, or any other word for when it is asked.
    pub wave: Option<String>,
    pub opens_at: Option<At>,
    pub closes_at: Option<At>,
    /// How many answers it takes at the most.
    pub cap: Option<i32>,
    /// How many were asked.
    pub class_size: Option<i32>,
    pub language: Option<String>,
    /// Origins of the pages that may embed it.
    pub origins: Vec<String>,
    pub access: Access,
    pub state: LinkState,
    /// When its last answers were made ready; null before that.
    pub closed_at: Option<At>,
    pub version: i32,
}

impl Versioned for Link {
    fn version(&self) -> i32 {
        self.version
    }
}

/// How many have answered: never what, and never who.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkStatus {
    pub state: LinkState,
    /// Responses that came in through the link.
    #[schema(example = 12)]
    pub answered: i64,
    /// Sheets of paper that were typed in.
    pub on_paper: i64,
    /// How many were asked; null where that was not said.
    #[schema(example = 24)]
    pub class_size: Option<i32>,
    /// Codes that are not used yet.
    pub codes_left: i64,
    /// How many of the responses came in a way in which people don't answer: less than 3 seconds
    /// or more than a day after the form was opened, without a form that was opened, or with a
    /// field filled in that only programs see. They are stored and counted as all others, and
    /// which ones they are is not kept.
    #[schema(example = 0)]
    pub suspicious: i32,
}

/// What the words of many links are looked up in.
struct Words {
    register: Register,
    book: Codebook,
    numbers: HashMap<VersionId, i32>,
}

impl Words {
    fn load(db: &mut Db, programme: ProgrammeId, of: QuestionnaireId) -> Result<Words> {
        let numbers = rows::questionnaires::versions(db, &[of])?;
        Ok(Words {
            register: Register::load(db, programme)?,
            book: Codebook::load(db, programme)?,
            numbers: numbers.into_iter().map(|(_, id, number)| (id, number)).collect(),
        })
    }

    fn shown(&self, caller: &Caller, row: LinkRow, now: At) -> Link {
        let hands_out =
            sight::may_hand_out(caller, row.programme_id, row.project_id, row.organisation_id);
        let origins = row.origins.as_array().map(Vec::as_slice).unwrap_or_default();
        Link {
            id: row.id,
            questionnaire_id: row.questionnaire_id,
            questionnaire_version: self.numbers.get(&row.version_id).copied().unwrap_or_default(),
            project_id: row.project_id,
            organisation: self.register.code_of(row.organisation_id),
            education_level: self.book.word_of(row.education_level_id),
            state: state(row.state, row.opens_at, row.closes_at, now),
            origins: origins.iter().filter_map(|one| one.as_str().map(str::to_string)).collect(),
            token: hands_out.is_ok().then_some(row.token),
            label: row.label,
            audience: row.audience,
            wave: row.wave,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            cap: row.cap,
            class_size: row.class_size,
            language: row.language,
            access: row.access,
            closed_at: row.closed_at,
            version: row.version,
        }
    }
}

/// The links of a questionnaire that the caller sees: all, its projects', or its organisation's.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    questionnaire: QuestionnaireId,
    now: At,
    page: &Page<LinkId>,
) -> Result<Listing<Link>> {
    let of = sight::questionnaire(db, caller, questionnaire)?;
    let parts = sight::parts(caller, &of)?;
    let words = Words::load(db, of.programme_id, questionnaire)?;
    let rows = rows::links::list(db, questionnaire, parts.as_deref(), page)?;
    Ok(page.listing(rows, |row| row.id).map(|row| words.shown(caller, row, now)))
}

pub fn get(db: &mut Db, caller: &Caller, id: LinkId, now: At) -> Result<Link> {
    let row = sight::link(db, caller, id)?;
    let words = Words::load(db, row.programme_id, row.questionnaire_id)?;
    Ok(words.shown(caller, row, now))
}

/// A link to the newest published version.
pub fn create(
    db: &mut Db,
    caller: &Caller,
    questionnaire: QuestionnaireId,
    input: LinkInput,
    now: At,
) -> Result<LinkId> {
    let of = sight::questionnaire(db, caller, questionnaire)?;
    let (version, definition) = newest(db, &of)?;
    let project_id = sight::project_for_link(db, caller, &of, input.project_id)?;
    // Before anything is said of the input: who may not hand out anything hears only that.
    sight::may_hand_out_some(caller, of.programme_id, project_id)?;
    let fields = link_input::checked(db, of.programme_id, &definition, input, None, now)?;
    sight::may_hand_out(caller, of.programme_id, project_id, fields.organisation)?;
    let row = LinkRow {
        id: LinkId::new(),
        programme_id: of.programme_id,
        project_id,
        questionnaire_id: questionnaire,
        version_id: version,
        token: token::new_token()?,
        organisation_id: fields.organisation,
        label: fields.label,
        education_level_id: fields.education_level,
        audience: fields.audience,
        wave: fields.wave,
        opens_at: fields.opens_at,
        closes_at: fields.closes_at,
        cap: fields.cap,
        class_size: fields.class_size,
        language: fields.language,
        origins: fields.origins,
        access: fields.access,
        state: Stage::Open,
        closed_at: None,
        version: 1,
        created_at: now,
        suspicious: 0,
    };
    rows::links::insert(db, &row)?;
    audit::record(db, caller.actor(), now, Event::new("link.created", row.id))?;
    Ok(row.id)
}

fn newest(db: &mut Db, of: &QuestionnaireRow) -> Result<(VersionId, Definition)> {
    match of.state {
        QuestionnaireState::Draft => return Err(Error::Conflict("nothing_published")),
        QuestionnaireState::Closed => return Err(Error::Conflict("questionnaire_closed")),
        QuestionnaireState::Published => {}
    }
    let newest = rows::questionnaires::versions(db, &[of.id])?.pop();
    let (_, version, _) = newest.ok_or(Error::Conflict("nothing_published"))?;
    Ok((version, definition(db, version)?))
}

fn definition(db: &mut Db, version: VersionId) -> Result<Definition> {
    stored(rows::questionnaires::definition(db, version)?.ok_or(Error::NotFound)?)
}

/// Changes a link that still takes answers. What they are broken down by is fixed with the first.
pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: LinkId,
    seen: i32,
    input: LinkInput,
    now: At,
) -> Result<Link> {
    let old = sight::own_link(db, caller, id)?;
    if old.version != seen {
        return Err(Error::Stale);
    }
    // No answer comes in between what is found here and what is written.
    hold_links(db, &[id])?;
    match state(old.state, old.opens_at, old.closes_at, now) {
        LinkState::Planned | LinkState::Open => {}
        LinkState::Closing | LinkState::Closed => return Err(Error::Conflict("link_closed")),
    }
    if input.project_id.is_some() && input.project_id != old.project_id {
        return Err(Error::invalid("/project_id", "other_project"));
    }
    let definition = definition(db, old.version_id)?;
    let fields = link_input::checked(db, old.programme_id, &definition, input, Some(&old), now)?;
    sight::may_hand_out(caller, old.programme_id, old.project_id, fields.organisation)?;
    if rows::links::has_answers(db, &[id])? {
        link_input::check_fixed(&old, &fields).check()?;
    }
    rows::links::update(db, &changed(old, fields, seen + 1))?;
    audit::record(db, caller.actor(), now, Event::new("link.updated", id))?;
    get(db, caller, id, now)
}

fn changed(old: LinkRow, fields: Fields, version: i32) -> LinkRow {
    LinkRow {
        organisation_id: fields.organisation,
        label: fields.label,
        education_level_id: fields.education_level,
        audience: fields.audience,
        wave: fields.wave,
        opens_at: fields.opens_at,
        closes_at: fields.closes_at,
        cap: fields.cap,
        class_size: fields.class_size,
        language: fields.language,
        origins: fields.origins,
        access: fields.access,
        version,
        ..old
    }
}

/// From now on the link takes no answers. [`closing::finish`] does the rest.
pub fn close(db: &mut Db, caller: &Caller, id: LinkId, now: At) -> Result<()> {
    sight::own_link(db, caller, id)?;
    closing::begin(db, caller.actor(), id, now)
}

pub fn status(db: &mut Db, caller: &Caller, id: LinkId, now: At) -> Result<LinkStatus> {
    let row = sight::link(db, caller, id)?;
    let (mut answered, mut on_paper) = (0, 0);
    for (_, source, n) in rows::tallies::totals(db, &[id])? {
        match source {
            Source::Paper => on_paper += n,
            Source::Response | Source::Reduced => answered += n,
        }
    }
    Ok(LinkStatus {
        state: state(row.state, row.opens_at, row.closes_at, now),
        answered,
        on_paper,
        class_size: row.class_size,
        codes_left: rows::links::count_codes(db, id)?,
        suspicious: row.suspicious,
    })
}
