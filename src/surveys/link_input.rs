//! What is said about a link by whoever hands it out, and what must hold of it.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::definition::{Audience, Definition, Kind};
use super::link_state::Access;
use super::origin;
use super::rows::links::LinkRow;
use crate::clock::At;
use crate::error::{Fault, Faults, Result};
use crate::ids::{CodeId, OrganisationId, ProgrammeId, ProjectId};
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::Register;
use crate::store::Db;

const MAX_ORIGINS: usize = 20;

/// The whole of a link.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    /// The project in which a questionnaire of the programme is handed out; a project's own
    /// questionnaire needs none. Chosen once and the same ever after.
    pub project_id: Option<ProjectId>,
    /// The school or company whose classes or channel it is for, by its code.
    #[schema(example = "hjoerring-gymnasium")]
    pub organisation: Option<String>,
    /// Which class or channel it is.
    #[validate(length(min = 1, max = 200))]
    #[schema(example = "2.b, biologi")]
    pub label: String,
    /// An `education_level`.
    #[schema(example = "stx")]
    pub education_level: Option<String>,
    /// As the questionnaire has it, where not given.
    pub audience: Option<Audience>,
    /// `before` or `after` a teaching sequence, or any other word for when it is asked.
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "before")]
    pub wave: Option<String>,
    /// At once where not given.
    pub opens_at: Option<At>,
    /// When somebody closes it, where not given.
    pub closes_at: Option<At>,
    /// How many answers it takes at the most.
    #[validate(range(min = 1, max = 1_000_000))]
    pub cap: Option<i32>,
    /// How many were asked: what the response rate is counted of.
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(example = 24)]
    pub class_size: Option<i32>,
    /// Which of the questionnaire's languages is shown first; where not given the one that the
    /// browser prefers, or else its first one.
    #[schema(example = "da")]
    pub language: Option<String>,
    /// Origins of the pages that may embed it, each as `https://www.example.dk`; at most 20.
    #[serde(default)]
    #[schema(example = json!(["https://www.hjoerring-gymnasium.dk"]))]
    pub origins: Vec<String>,
    #[serde(default = "open")]
    pub access: Access,
}

fn open() -> Access {
    Access::Open
}

/// A link's fields as they are stored.
pub(super) struct Fields {
    pub organisation: Option<OrganisationId>,
    pub label: String,
    pub education_level: Option<CodeId>,
    pub audience: Audience,
    pub wave: Option<String>,
    pub opens_at: Option<At>,
    pub closes_at: Option<At>,
    pub cap: Option<i32>,
    pub class_size: Option<i32>,
    pub language: Option<String>,
    pub origins: Value,
    pub access: Access,
}

/// All that is wrong with it at once. `old` is the link as it stood, whose words stay good though
/// they were retired since.
pub(super) fn checked(
    db: &mut Db,
    programme: ProgrammeId,
    definition: &Definition,
    input: LinkInput,
    old: Option<&LinkRow>,
    now: At,
) -> Result<Fields> {
    let register = Register::load(db, programme)?;
    let book = Codebook::load(db, programme)?;
    let mut faults = Faults::default();
    let same = |code: &str| {
        let id = old.and_then(|old| old.organisation_id)?;
        (register.code(id) == code).then_some(id)
    };
    let organisation = input.organisation.as_deref().and_then(|code| {
        same(code).or_else(|| faults.keep(register.choose(code, "/organisation")))
    });
    let same = |code: &str| {
        let id = old.and_then(|old| old.education_level_id)?;
        (book.word(id) == code).then_some(id)
    };
    let education_level = input.education_level.as_deref().and_then(|code| {
        let chosen = || book.choose(CodeList::EducationLevel, code, "/education_level");
        same(code).or_else(|| faults.keep(chosen()))
    });
    let audience = input.audience.unwrap_or(definition.audience);
    let asks_text = || definition.questions.iter().any(|one| matches!(one.kind, Kind::Text { .. }));
    if audience == Audience::Pupil && !definition.settings.free_text_allowed && asks_text() {
        faults.push(Fault::at("/audience", "free_text_for_pupils"));
    }
    if let Some(end) = input.closes_at {
        if input.opens_at.is_some_and(|start| start >= end) {
            faults.push(Fault::at("/closes_at", "closes_before_it_opens"));
        }
        if end <= now {
            faults.push(Fault::at("/closes_at", "closes_in_the_past"));
        }
    }
    for (pointer, moment) in [("/opens_at", input.opens_at), ("/closes_at", input.closes_at)] {
        // What one engine could not keep is refused on both.
        if moment.is_some_and(|moment| moment > At::END || moment.micros() < 0) {
            faults.push(Fault::at(pointer, "not_a_moment"));
        }
    }
    if let Some(language) = &input.language
        && !definition.languages.contains(language)
    {
        let fault = Fault::at("/language", "language_not_offered").with("value", language);
        faults.push(fault.with("offered", definition.languages.join(", ")));
    }
    let origins = origins(&input.origins, &mut faults);
    faults.check()?;
    Ok(Fields {
        organisation,
        label: input.label,
        education_level,
        audience,
        // " before" would be a wave of its own beside "before".
        wave: input.wave.map(|wave| wave.trim().to_string()),
        opens_at: input.opens_at,
        closes_at: input.closes_at,
        cap: input.cap,
        class_size: input.class_size,
        language: input.language,
        origins: Value::from(origins),
        access: input.access,
    })
}

fn origins(given: &[String], faults: &mut Faults) -> Vec<String> {
    if given.len() > MAX_ORIGINS {
        let fault = Fault::at("/origins", "too_many_origins").with("max", MAX_ORIGINS);
        faults.push(fault);
        return Vec::new();
    }
    let mut kept = BTreeSet::new();
    for (index, text) in given.iter().enumerate() {
        kept.extend(faults.keep(origin::read(text, &format!("/origins/{index}"))));
    }
    kept.into_iter().collect()
}

/// What its answers are broken down by, and who could give them, stays as it is once there are any.
pub(super) fn check_fixed(old: &LinkRow, new: &Fields) -> Faults {
    let changed = [
        ("/organisation", old.organisation_id != new.organisation),
        ("/education_level", old.education_level_id != new.education_level),
        ("/audience", old.audience != new.audience),
        ("/wave", old.wave != new.wave),
        ("/access", old.access != new.access),
    ];
    let faults = changed.into_iter().filter(|(_, changed)| *changed);
    Faults(faults.map(|(pointer, _)| Fault::at(pointer, "fixed_by_answers")).collect())
}
