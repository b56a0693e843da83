//! Rounds: a year's calls for applications, what they are open to and the money in them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::checked_code;
use super::codes::{CodeList, Codebook, each_once};
use super::round_rows::{self as rows, Content, Version};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Faults, Result};
use crate::ids::{CodeId, ProgrammeId, RoundId, UserId};
use crate::paging::{Listing, Page};
use crate::store::{AsOf, Chain, Db, Within};
use crate::versioned::Versioned;

/// A call for applications.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Round {
    pub id: RoundId,
    pub programme_id: ProgrammeId,
    /// Unique in the programme, and never changed.
    #[schema(example = "2021-open")]
    pub code: String,
    /// The year of its grants.
    #[schema(example = 2021)]
    pub year: i32,
    /// As the list `round_kind` has it: `open`, `prioritised`, `small_grants`.
    #[schema(example = "open")]
    pub kind: String,
    /// How much there is to grant, in øre; null, and not 0, where it is not known.
    #[schema(example = 374_000_000)]
    pub envelope_ore: Option<i64>,
    /// The focus areas that it is open to; empty where it is open to all.
    pub focus_areas: Vec<String>,
    /// The education levels that it is open to, with all below them; empty where it is open to
    /// all. Some money may by law go to upper secondary level only.
    pub education_levels: Vec<String>,
    pub note: Option<String>,
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: At,
}

impl Versioned for Round {
    fn version(&self) -> i32 {
        self.version
    }
}

/// The whole of a round, as the secretariat writes it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundInput {
    /// Unique in the programme; chosen once and the same ever after.
    #[validate(length(min = 1, max = 64))]
    #[schema(example = "2021-open")]
    pub code: String,
    #[validate(range(min = 1990, max = 2100))]
    #[schema(example = 2021)]
    pub year: i32,
    /// A code of the list `round_kind`.
    #[schema(example = "open")]
    pub kind: String,
    /// In øre; left out where it is not known.
    #[validate(range(min = 0, max = 10_000_000_000_000_i64))]
    #[schema(example = 374_000_000)]
    pub envelope_ore: Option<i64>,
    /// Codes of the list `focus_area`, each once; empty where it is open to all.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub focus_areas: Vec<String>,
    /// Codes of the list `education_level`, each once; empty where it is open to all.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub education_levels: Vec<String>,
    #[validate(length(min = 1, max = 2_000))]
    pub note: Option<String>,
    /// Why it is changed, for the audit trail.
    #[validate(length(min = 1, max = 2_000))]
    pub reason: Option<String>,
}

/// One version of a round, and how long it stood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoundVersion {
    pub recorded_at: At,
    /// The account, or null for the operator's command line.
    pub recorded_by: Option<UserId>,
    /// Null for the version that stands.
    pub superseded_at: Option<At>,
    /// With this version the round was taken out.
    pub removed: bool,
    pub round: Round,
}

/// Which rounds of a programme are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub code: Option<String>,
    pub year: Option<i32>,
    /// A code of the list `round_kind`.
    pub kind: Option<String>,
}

impl Within for RoundId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}

/// All rounds of a programme in memory: a few a year.
#[derive(Debug, Clone)]
pub struct RoundBook(HashMap<RoundId, Version>);

impl RoundBook {
    pub fn load(db: &mut Db, programme: ProgrammeId, as_of: AsOf) -> Result<RoundBook> {
        let versions = rows::all(db, programme, as_of)?;
        Ok(RoundBook(versions.into_iter().map(|one| (one.stored.round_id, one)).collect()))
    }

    /// A round by its code, where it is not taken out.
    pub fn find(&self, code: &str) -> Option<RoundId> {
        let mut found = self.0.values().filter(|one| one.code == code && !one.content.removed);
        found.next().map(|one| one.stored.round_id)
    }

    pub fn code(&self, id: RoundId) -> String {
        self.0.get(&id).map_or_else(String::new, |one| one.code.clone())
    }

    pub fn code_of(&self, id: Option<RoundId>) -> Option<String> {
        id.map(|id| self.code(id))
    }

    pub fn year(&self, id: RoundId) -> Option<i32> {
        self.0.get(&id).map(|one| one.content.year)
    }

    pub fn of_year(&self, year: i32) -> Vec<RoundId> {
        let found = self.0.values().filter(|one| one.content.year == year);
        found.map(|one| one.stored.round_id).collect()
    }

    /// Whether the round is open to that focus area.
    pub fn is_open_to_area(&self, id: RoundId, area: CodeId, book: &Codebook) -> bool {
        let open = self.open_to(id, CodeList::FocusArea, book);
        open.is_empty() || open.contains(&area)
    }

    /// Whether the round is open to that level, by its own name or as part of a broader one.
    pub fn is_open_to_level(&self, id: RoundId, level: CodeId, book: &Codebook) -> bool {
        let open = self.open_to(id, CodeList::EducationLevel, book);
        let above = book.above(level);
        open.is_empty() || open.contains(&level) || open.iter().any(|id| above.contains(id))
    }

    fn open_to(&self, id: RoundId, list: CodeList, book: &Codebook) -> Vec<CodeId> {
        let codes = self.0.get(&id).map_or(&[][..], |one| &one.content.codes);
        let of_list = |id: &&CodeId| book.get(**id).is_some_and(|code| code.list == list);
        codes.iter().filter(of_list).copied().collect()
    }
}

/// The rounds of a programme, for everybody in it: what one can apply for is no secret.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<RoundId>,
) -> Result<Listing<Round>> {
    caller.sees_programme(programme)?;
    let book = Codebook::load(db, programme)?;
    let kind = book.asked_for(CodeList::RoundKind, filter.kind.as_deref(), "kind")?;
    let found = rows::list(db, programme, filter, kind, as_of, page)?;
    let listing = page.listing(found, |version| version.stored.round_id);
    Ok(listing.map(|version| shown(version, &book)))
}

/// All rounds of a programme by year and code, as they stood. Asks nobody whether they may know.
pub fn all(db: &mut Db, programme: ProgrammeId, as_of: AsOf) -> Result<Vec<Round>> {
    let book = Codebook::load(db, programme)?;
    let versions = rows::all(db, programme, as_of)?;
    let standing = versions.into_iter().filter(|one| !one.content.removed);
    let mut rounds: Vec<Round> = standing.map(|one| shown(one, &book)).collect();
    rounds.sort_by(|a, b| (a.year, &a.code).cmp(&(b.year, &b.code)));
    Ok(rounds)
}

pub fn get(db: &mut Db, caller: &Caller, id: RoundId, as_of: AsOf) -> Result<Round> {
    let programme = rows::programme_of(db, id)?.ok_or(Error::NotFound)?;
    caller.sees_programme(programme)?;
    let version = rows::version(db, id, as_of)?.filter(|one| !one.content.removed);
    Ok(shown(version.ok_or(Error::NotFound)?, &Codebook::load(db, programme)?))
}

/// All versions of a round, the newest first.
pub fn history(
    db: &mut Db,
    caller: &Caller,
    id: RoundId,
    page: &Page<i32>,
) -> Result<Listing<RoundVersion>> {
    let programme = rows::programme_of(db, id)?.ok_or(Error::NotFound)?;
    caller.sees_programme(programme)?;
    let book = Codebook::load(db, programme)?;
    let versions = rows::history(db, id, page)?;
    Ok(page.listing(versions, |one| one.stored.number).map(|one| RoundVersion {
        recorded_at: one.stored.recorded_at,
        recorded_by: one.stored.recorded_by,
        superseded_at: one.stored.superseded_at,
        removed: one.content.removed,
        round: shown(one, &book),
    }))
}

/// Adds a round. One that was taken out comes back under its code.
pub fn create(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: RoundInput,
    now: At,
) -> Result<RoundId> {
    caller.runs_programme(programme)?;
    checked_code(&input.code, "/code")?;
    let (code, reason) = (input.code.clone(), input.reason.clone());
    let content = checked(db, programme, input, None)?;
    let before = rows::by_code(db, programme, &code)?;
    let (id, before) = match before {
        Some(before) if !before.content.removed => return Err(Error::invalid("/code", "taken")),
        Some(before) => (before.stored.round_id, Some(before)),
        None => (RoundId::new(), None),
    };
    if before.is_none() {
        rows::insert(db, id, programme, &code, now)?;
    }
    record(db, caller, id, before.as_ref(), &content, ("round.created", reason.as_deref()), now)?;
    Ok(id)
}

/// Makes a new version of the round; none where nothing is changed.
pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: RoundId,
    seen: i32,
    input: RoundInput,
    now: At,
) -> Result<Round> {
    let (programme, old) = for_change(db, caller, id, seen)?;
    if input.code != old.code {
        return Err(Error::invalid("/code", "code_fixed"));
    }
    let reason = input.reason.clone();
    let content = checked(db, programme, input, Some(&old.content))?;
    if content != old.content {
        let event = ("round.updated", reason.as_deref());
        record(db, caller, id, Some(&old), &content, event, now)?;
    }
    get(db, caller, id, AsOf::NOW)
}

/// Takes out a round that no application and no grant names; what it was stays in its history.
pub fn remove(db: &mut Db, caller: &Caller, id: RoundId, seen: i32, now: At) -> Result<()> {
    let (_, old) = for_change(db, caller, id, seen)?;
    if rows::is_used(db, id)? {
        return Err(Error::Conflict("round_in_use"));
    }
    let content = Content { removed: true, ..old.content.clone() };
    record(db, caller, id, Some(&old), &content, ("round.removed", None), now)
}

fn for_change(
    db: &mut Db,
    caller: &Caller,
    id: RoundId,
    seen: i32,
) -> Result<(ProgrammeId, Version)> {
    let programme = rows::programme_of(db, id)?.ok_or(Error::NotFound)?;
    caller.runs_programme(programme)?;
    let old = rows::version(db, id, AsOf::NOW)?.filter(|one| !one.content.removed);
    let old = old.ok_or(Error::NotFound)?;
    if old.stored.number == seen { Ok((programme, old)) } else { Err(Error::Stale) }
}

fn record(
    db: &mut Db,
    caller: &Caller,
    id: RoundId,
    before: Option<&Version>,
    content: &Content,
    (action, reason): (&'static str, Option<&str>),
    now: At,
) -> Result<()> {
    let number = before.map_or(0, |before| before.stored.number) + 1;
    if let Some(before) = before {
        rows::supersede(db, before.stored.id, now)?;
    }
    let version = rows::insert_version(db, id, number, content, now, caller.actor())?;
    let event = Event::new(action, id).version(version).because(reason);
    audit::record(db, caller.actor(), now, event)
}

/// Holds the input to the rules. What is retired may stay where the round has it already.
fn checked(
    db: &mut Db,
    programme: ProgrammeId,
    input: RoundInput,
    old: Option<&Content>,
) -> Result<Content> {
    let book = Codebook::load(db, programme)?;
    let mut faults = Faults::default();
    let had = old.map(|old| old.kind);
    let kind = book.choose_or_keep(CodeList::RoundKind, &input.kind, had.as_slice(), "/kind");
    let kind = faults.keep(kind);
    let had = old.map_or(&[][..], |old| &old.codes);
    let mut codes = Vec::new();
    for (list, words, pointer) in [
        (CodeList::FocusArea, &input.focus_areas, "/focus_areas"),
        (CodeList::EducationLevel, &input.education_levels, "/education_levels"),
    ] {
        codes.extend(each_once(words, pointer, &mut faults, |word, pointer| {
            book.choose_or_keep(list, word, had, pointer)
        }));
    }
    codes.sort();
    let (Some(kind), true) = (kind, faults.0.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    let RoundInput { year, envelope_ore, note, .. } = input;
    Ok(Content { year, kind, envelope_ore, note, removed: false, codes })
}

fn shown(version: Version, book: &Codebook) -> Round {
    let Version { stored, programme, code, content } = version;
    Round {
        id: stored.round_id,
        programme_id: programme,
        code,
        year: content.year,
        kind: book.word(content.kind),
        envelope_ore: content.envelope_ore,
        focus_areas: book.words(CodeList::FocusArea, &content.codes),
        education_levels: book.words(CodeList::EducationLevel, &content.codes),
        note: content.note,
        version: stored.number,
        recorded_at: stored.recorded_at,
    }
}
