//! Applications as they are shown: in words, with what does not fit and what may be done next.

use std::collections::HashMap;

use super::application_rows::{self as rows, Content, Version};
use super::applications::{Application, ApplicationState, ApplicationWarning, DecisionOutcome};
use super::codes::{CodeList, Codebook};
use super::organisations::Register;
use super::rounds::RoundBook;
use crate::accounts::Caller;
use crate::error::Result;
use crate::ids::{ApplicationId, ProgrammeId};
use crate::store::{AsOf, Db};

/// What it takes to show applications of a programme.
pub struct View {
    pub book: Codebook,
    register: Register,
    pub rounds: RoundBook,
    as_of: AsOf,
    runs: bool,
}

impl View {
    pub fn load(db: &mut Db, caller: &Caller, programme: ProgrammeId, as_of: AsOf) -> Result<View> {
        Ok(View {
            book: Codebook::load(db, programme)?,
            register: Register::load(db, programme)?,
            rounds: RoundBook::load(db, programme, as_of)?,
            as_of,
            runs: caller.runs_programme(programme).is_ok(),
        })
    }

    pub fn shown(&self, db: &mut Db, versions: Vec<Version>) -> Result<Vec<Application>> {
        let ids: Vec<ApplicationId> =
            versions.iter().map(|one| one.stored.application_id).collect();
        let links = rows::projects_of(db, &ids, self.as_of)?;
        let mut links: HashMap<ApplicationId, rows::Link> =
            links.into_iter().map(|link| (link.application, link)).collect();
        Ok(versions
            .into_iter()
            .map(|one| {
                let link = links.remove(&one.stored.application_id);
                self.one(one, link)
            })
            .collect())
    }

    fn one(&self, version: Version, link: Option<rows::Link>) -> Application {
        let warnings = self.warnings(&version.content, link.as_ref());
        let Version { stored, programme, code, content } = version;
        let granted = content.outcome() == Some(DecisionOutcome::Granted);
        let state = match content.outcome() {
            None => ApplicationState::Undecided,
            Some(DecisionOutcome::Granted) => ApplicationState::Granted,
            Some(DecisionOutcome::Rejected) => ApplicationState::Rejected,
            Some(DecisionOutcome::Withdrawn) => ApplicationState::Withdrawn,
        };
        let name = content.applicant.map(|id| self.register.name(id));
        Application {
            id: stored.application_id,
            programme_id: programme,
            code,
            round: self.rounds.code(content.round),
            year: self.rounds.year(content.round).unwrap_or_default(),
            applicant: self.register.code_of(content.applicant),
            applicant_name: name.or(content.applicant_name).unwrap_or_default(),
            title: content.title,
            summary: content.summary,
            focus_area: self.book.word_of(content.focus_area),
            education_levels: self.book.words(CodeList::EducationLevel, &content.education_levels),
            applied_ore: content.applied_ore,
            received_on: content.received_on,
            recommendation: content.recommendation,
            state,
            decision: content.decision,
            may_become_project: self.runs && granted && link.is_none() && !content.removed,
            project_id: link.as_ref().map(|link| link.project),
            project: link.map(|link| link.project_code),
            warnings,
            version: stored.number,
            recorded_at: stored.recorded_at,
        }
    }

    fn warnings(&self, content: &Content, link: Option<&rows::Link>) -> Vec<ApplicationWarning> {
        let open_to_area = |area| self.rounds.is_open_to_area(content.round, area, &self.book);
        let open_to = |level: &_| self.rounds.is_open_to_level(content.round, *level, &self.book);
        let granted = content.decision.as_ref().and_then(|decision| decision.amount_ore);
        let above = granted.zip(content.applied_ore).is_some_and(|(got, asked)| got > asked);
        let differs = link.is_some_and(|link| granted != Some(link.amount_ore));
        [
            (!content.focus_area.is_none_or(open_to_area), ApplicationWarning::FocusAreaNotOpen),
            (!content.education_levels.iter().all(open_to), ApplicationWarning::LevelNotOpen),
            (above, ApplicationWarning::AboveApplied),
            (differs, ApplicationWarning::GrantDiffers),
        ]
        .into_iter()
        .filter_map(|(holds, warning)| holds.then_some(warning))
        .collect()
    }
}
