//! A granted application becomes a project, once: a new one, or one that exists and gets its
//! grant.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::content::HeldGrant;
use super::{Grant, PartialDate, ProjectInput, ProjectStatus, rows};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{ApplicationId, ProjectId};
use crate::programmes::applications::{self, Application, ApplicationState};
use crate::store::{AsOf, Db};

/// The project that a granted application becomes. Title, summary, holder, focus area, year and
/// grant come from the application.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectOfApplication {
    /// The code of a new project; or else `project`.
    #[validate(length(min = 1, max = 64))]
    #[schema(example = "book-en-ekspert")]
    pub code: Option<String>,
    /// The code of a project that exists: a grant of the same amount there is tied to the
    /// application, or else it gets one more. Nothing else of it changes.
    #[validate(length(min = 1, max = 64))]
    pub project: Option<String>,
    /// The organisation that runs it; the applicant where not given.
    pub holder: Option<String>,
    pub project_type: Option<String>,
    /// `planned` where not given.
    pub status: Option<ProjectStatus>,
    pub period_start: Option<PartialDate>,
    pub period_end: Option<PartialDate>,
    /// Codes of the list `approach`, each once.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub approaches: Vec<String>,
    /// Codes of organisations, each once.
    #[serde(default)]
    #[validate(length(max = 500))]
    pub partners: Vec<String>,
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    pub total_budget_ore: Option<i64>,
    #[validate(range(min = 0, max = 10_000_000_000_000_i64))]
    pub own_cofinancing_ore: Option<i64>,
    #[validate(range(min = 0, max = 10_000_000_000_000_i64))]
    pub other_cofinancing_ore: Option<i64>,
}

impl ProjectOfApplication {
    /// The fields that say something of a new project.
    fn is_about_new(&self) -> bool {
        let words = [&self.holder, &self.project_type];
        let amounts = [self.total_budget_ore, self.own_cofinancing_ore, self.other_cofinancing_ore];
        words.iter().any(|word| word.is_some())
            || amounts.iter().any(Option::is_some)
            || self.status.is_some()
            || self.period_start.is_some()
            || self.period_end.is_some()
            || !self.approaches.is_empty()
            || !self.partners.is_empty()
    }
}

pub fn create(
    db: &mut Db,
    caller: &Caller,
    id: ApplicationId,
    input: ProjectOfApplication,
    now: At,
) -> Result<ProjectId> {
    caller.runs_programme(applications::programme_of(db, id)?)?;
    let application = applications::get(db, caller, id, AsOf::NOW)?;
    if application.project.is_some() {
        return Err(Error::Conflict("application_is_project"));
    }
    let granted = application.granted_ore();
    let (ApplicationState::Granted, Some(amount_ore)) = (application.state, granted) else {
        return Err(Error::Conflict("application_not_granted"));
    };
    let grant = Grant {
        amount_ore,
        granted_on: application.decision.as_ref().and_then(|decision| decision.decided_on),
        note: None,
        round: Some(application.round.clone()),
        application: Some(application.code.clone()),
    };
    let project = match (&input.code, &input.project) {
        (Some(code), None) => {
            let input = new_project(code.clone(), &application, grant, input)?;
            super::create(db, caller, application.programme_id, input, now)?
        }
        (None, Some(_)) if input.is_about_new() => {
            return Err(Error::invalid("/project", "project_exists"));
        }
        (None, Some(code)) => tie(db, caller, code, &application, grant, now)?,
        (None, None) => return Err(Error::invalid("/code", "required")),
        (Some(_), Some(_)) => return Err(Error::invalid("/project", "one_project")),
    };
    audit::record(db, caller.actor(), now, Event::new("application.became_project", id))?;
    Ok(project)
}

fn new_project(
    code: String,
    application: &Application,
    grant: Grant,
    input: ProjectOfApplication,
) -> Result<ProjectInput> {
    let holder = input.holder.or_else(|| application.applicant.clone());
    Ok(ProjectInput {
        code,
        title: application.title.clone(),
        summary: application.summary.clone(),
        holder: holder.ok_or_else(|| Fault::at("/holder", "applicant_not_registered"))?,
        focus_area: application.focus_area.clone(),
        project_type: input.project_type,
        status: input.status.unwrap_or(ProjectStatus::Planned),
        year: Some(application.year),
        strategic: false,
        period_start: input.period_start,
        period_end: input.period_end,
        extensions: Vec::new(),
        approaches: input.approaches,
        partners: input.partners,
        grants: vec![grant],
        total_budget_ore: input.total_budget_ore,
        own_cofinancing_ore: input.own_cofinancing_ore,
        other_cofinancing_ore: input.other_cofinancing_ore,
        reason: None,
    })
}

fn tie(
    db: &mut Db,
    caller: &Caller,
    code: &str,
    application: &Application,
    grant: Grant,
    now: At,
) -> Result<ProjectId> {
    let programme = application.programme_id;
    let unknown = || Fault::at("/project", "unknown_project").with("value", code);
    let project = super::by_code(db, programme, code)?.ok_or_else(unknown)?;
    let old = rows::version(db, project, AsOf::NOW)?.ok_or(Error::NotFound)?;
    let mut faults = Faults::default();
    let ours = super::grants::checked(db, programme, Some(project), &[grant], &mut faults)?;
    faults.check()?;
    let mut content = old.content.clone();
    for ours in ours {
        let same =
            |one: &&mut HeldGrant| one.application.is_none() && one.amount_ore == ours.amount_ore;
        match content.grants.iter_mut().find(same) {
            Some(one) => {
                one.application = ours.application;
                one.round = ours.round;
                one.granted_on = one.granted_on.or(ours.granted_on);
            }
            None => content.grants.push(ours),
        }
    }
    super::replace(db, caller, &old, &content, ("project.updated", None), now)?;
    Ok(project)
}
