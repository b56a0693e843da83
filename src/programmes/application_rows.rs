use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use super::applications::{
    ApplicationState, CouncilDecision, DecisionOutcome, Filter, Recommendation, RecommendationKind,
};
use crate::clock::At;
use crate::ids::{
    ApplicationId, CodeId, OrganisationId, ProgrammeId, ProjectId, RoundId, UserId, VersionId,
};
use crate::paging::Page;
use crate::store::schema::{
    application_levels, application_versions, applications, project_grants, project_versions,
    projects, rounds,
};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

/// Ids that go into one statement.
const BATCH: usize = 500;

/// What one version says, in ids. Two that are equal say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub round: RoundId,
    pub applicant: Option<OrganisationId>,
    pub applicant_name: Option<String>,
    pub title: String,
    pub summary: Option<String>,
    pub focus_area: Option<CodeId>,
    /// Sorted, since their order says nothing.
    pub education_levels: Vec<CodeId>,
    pub applied_ore: Option<i64>,
    pub received_on: Option<NaiveDate>,
    pub recommendation: Option<Recommendation>,
    pub decision: Option<CouncilDecision>,
    pub removed: bool,
}

impl Content {
    pub fn outcome(&self) -> Option<DecisionOutcome> {
        self.decision.as_ref().map(|decision| decision.outcome)
    }

    pub fn decision_note(&self) -> Option<&str> {
        self.decision.as_ref().and_then(|decision| decision.note.as_deref())
    }
}

/// Which version it is, and how long it stood.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: VersionId,
    pub application_id: ApplicationId,
    pub number: i32,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
}

#[derive(Debug, Clone)]
pub struct Version {
    pub stored: Stored,
    pub programme: ProgrammeId,
    pub code: String,
    pub content: Content,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = application_versions, treat_none_as_default_value = false)]
struct VersionRow {
    id: VersionId,
    application_id: ApplicationId,
    number: i32,
    round_id: RoundId,
    applicant_id: Option<OrganisationId>,
    applicant_name: Option<String>,
    title: String,
    summary: Option<String>,
    focus_area_id: Option<CodeId>,
    applied_ore: Option<i64>,
    received_on: Option<NaiveDate>,
    recommendation: Option<RecommendationKind>,
    recommended_ore: Option<i64>,
    recommendation_note: Option<String>,
    decision: Option<DecisionOutcome>,
    granted_ore: Option<i64>,
    decided_on: Option<NaiveDate>,
    decision_note: Option<String>,
    removed: bool,
    recorded_at: At,
    recorded_by: Option<UserId>,
    superseded_at: Option<At>,
}

type FoundRow = (VersionRow, ProgrammeId, String);

macro_rules! versions {
    () => {
        application_versions::table.inner_join(applications::table).select((
            VersionRow::as_select(),
            applications::programme_id,
            applications::code,
        ))
    };
}

pub fn programme_of(db: &mut Db, id: ApplicationId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| applications::table
        .find(id)
        .select(applications::programme_id)
        .first(c)
        .optional())
}

/// Which applications are asked for, in ids.
pub struct Choice<'a> {
    pub programme: ProgrammeId,
    pub focus_area: Option<CodeId>,
    /// Only those of these rounds.
    pub rounds: Option<Vec<RoundId>>,
    pub filter: &'a Filter,
}

pub fn list(
    db: &mut Db,
    choice: &Choice,
    as_of: AsOf,
    page: &Page<ApplicationId>,
) -> QueryResult<Vec<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| {
        let mut query = versions!()
            .filter(applications::programme_id.eq(choice.programme))
            .filter(application_versions::removed.eq(false))
            .filter(recorded_as_of!(application_versions, as_of))
            .order(application_versions::application_id)
            .limit(page.fetch())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(application_versions::application_id.gt(id));
        }
        if let Some(code) = &choice.filter.code {
            query = query.filter(applications::code.eq(code));
        }
        if let Some(code) = &choice.filter.round {
            let of_code = rounds::table
                .filter(rounds::programme_id.eq(choice.programme))
                .filter(rounds::code.eq(code))
                .select(rounds::id);
            query = query.filter(application_versions::round_id.eq_any(of_code));
        }
        if let Some(rounds) = &choice.rounds {
            query = query.filter(application_versions::round_id.eq_any(rounds));
        }
        if let Some(id) = choice.focus_area {
            query = query.filter(application_versions::focus_area_id.eq(id));
        }
        let outcome = match choice.filter.state {
            None => None,
            Some(ApplicationState::Undecided) => {
                query = query.filter(application_versions::decision.is_null());
                None
            }
            Some(ApplicationState::Granted) => Some(DecisionOutcome::Granted),
            Some(ApplicationState::Rejected) => Some(DecisionOutcome::Rejected),
            Some(ApplicationState::Withdrawn) => Some(DecisionOutcome::Withdrawn),
        };
        if let Some(outcome) = outcome {
            query = query.filter(application_versions::decision.eq(outcome));
        }
        query.load(c)
    })?;
    complete(db, found)
}

/// Every application as it stood, but those taken out.
pub fn all(db: &mut Db, programme: ProgrammeId, as_of: AsOf) -> QueryResult<Vec<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| versions!()
        .filter(applications::programme_id.eq(programme))
        .filter(application_versions::removed.eq(false))
        .filter(recorded_as_of!(application_versions, as_of))
        .load(c))?;
    complete(db, found)
}

pub fn version(db: &mut Db, id: ApplicationId, as_of: AsOf) -> QueryResult<Option<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| versions!()
        .filter(application_versions::application_id.eq(id))
        .filter(recorded_as_of!(application_versions, as_of))
        .load(c))?;
    Ok(complete(db, found)?.pop())
}

/// The application with that number as it stands, taken out or not.
pub fn by_code(db: &mut Db, programme: ProgrammeId, code: &str) -> QueryResult<Option<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| versions!()
        .filter(applications::programme_id.eq(programme))
        .filter(applications::code.eq(code))
        .filter(recorded_as_of!(application_versions, AsOf::NOW))
        .load(c))?;
    Ok(complete(db, found)?.pop())
}

pub fn history(db: &mut Db, id: ApplicationId, page: &Page<i32>) -> QueryResult<Vec<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| {
        let mut query = versions!()
            .filter(application_versions::application_id.eq(id))
            .order(application_versions::number.desc())
            .limit(page.fetch())
            .into_boxed();
        if let Some(number) = page.after {
            query = query.filter(application_versions::number.lt(number));
        }
        query.load(c)
    })?;
    complete(db, found)
}

fn complete(db: &mut Db, found: Vec<FoundRow>) -> QueryResult<Vec<Version>> {
    let ids: Vec<VersionId> = found.iter().map(|(row, _, _)| row.id).collect();
    let mut levels: HashMap<VersionId, Vec<CodeId>> = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let rows: Vec<(VersionId, CodeId)> = on_each!(db, |c| application_levels::table
            .filter(application_levels::version_id.eq_any(batch))
            .order(application_levels::code_id)
            .load(c))?;
        for (version, code) in rows {
            levels.entry(version).or_default().push(code);
        }
    }
    let version = |(row, programme, code): FoundRow| {
        let (amount_ore, note) = (row.recommended_ore, row.recommendation_note);
        let recommendation =
            row.recommendation.map(|kind| Recommendation { kind, amount_ore, note });
        let (amount_ore, decided_on, note) = (row.granted_ore, row.decided_on, row.decision_note);
        let decision =
            row.decision.map(|outcome| CouncilDecision { outcome, amount_ore, decided_on, note });
        Version {
            content: Content {
                round: row.round_id,
                applicant: row.applicant_id,
                applicant_name: row.applicant_name,
                title: row.title,
                summary: row.summary,
                focus_area: row.focus_area_id,
                education_levels: levels.remove(&row.id).unwrap_or_default(),
                applied_ore: row.applied_ore,
                received_on: row.received_on,
                recommendation,
                decision,
                removed: row.removed,
            },
            stored: Stored {
                id: row.id,
                application_id: row.application_id,
                number: row.number,
                recorded_at: row.recorded_at,
                recorded_by: row.recorded_by,
                superseded_at: row.superseded_at,
            },
            programme,
            code,
        }
    };
    Ok(found.into_iter().map(version).collect())
}

/// The project that an application became, and what it has from it.
#[derive(Debug, Clone)]
pub struct Link {
    pub application: ApplicationId,
    pub project: ProjectId,
    pub project_code: String,
    pub amount_ore: i64,
}

/// The projects that these applications became, by the grants that name them.
pub fn projects_of(db: &mut Db, ids: &[ApplicationId], as_of: AsOf) -> QueryResult<Vec<Link>> {
    let mut links = Vec::new();
    for batch in ids.chunks(BATCH) {
        let rows: Vec<(Option<ApplicationId>, ProjectId, String, i64)> =
            on_each!(db, |c| project_grants::table
                .inner_join(project_versions::table.inner_join(projects::table))
                .filter(project_grants::application_id.eq_any(batch))
                .filter(recorded_as_of!(project_versions, as_of))
                .select((
                    project_grants::application_id,
                    projects::id,
                    projects::code,
                    project_grants::amount_ore,
                ))
                .load(c))?;
        links.extend(rows.into_iter().filter_map(
            |(application, project, project_code, amount)| {
                let application = application?;
                Some(Link { application, project, project_code, amount_ore: amount })
            },
        ));
    }
    Ok(links)
}

pub fn insert(
    db: &mut Db,
    id: ApplicationId,
    programme: ProgrammeId,
    code: &str,
    now: At,
) -> QueryResult<usize> {
    let row = (
        applications::id.eq(id),
        applications::programme_id.eq(programme),
        applications::code.eq(code),
        applications::created_at.eq(now),
    );
    on_each!(db, |c| diesel::insert_into(applications::table).values(row).execute(c))
}

pub fn supersede(db: &mut Db, id: VersionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(application_versions::table.find(id))
        .set(application_versions::superseded_at.eq(now))
        .execute(c))
}

pub fn insert_version(
    db: &mut Db,
    application: ApplicationId,
    number: i32,
    content: &Content,
    now: At,
    by: Option<UserId>,
) -> QueryResult<VersionId> {
    let id = VersionId::new();
    let Content { recommendation, decision, .. } = content;
    let row = VersionRow {
        id,
        application_id: application,
        number,
        round_id: content.round,
        applicant_id: content.applicant,
        applicant_name: content.applicant_name.clone(),
        title: content.title.clone(),
        summary: content.summary.clone(),
        focus_area_id: content.focus_area,
        applied_ore: content.applied_ore,
        received_on: content.received_on,
        recommendation: recommendation.as_ref().map(|one| one.kind),
        recommended_ore: recommendation.as_ref().and_then(|one| one.amount_ore),
        recommendation_note: recommendation.as_ref().and_then(|one| one.note.clone()),
        decision: decision.as_ref().map(|one| one.outcome),
        granted_ore: decision.as_ref().and_then(|one| one.amount_ore),
        decided_on: decision.as_ref().and_then(|one| one.decided_on),
        decision_note: decision.as_ref().and_then(|one| one.note.clone()),
        removed: content.removed,
        recorded_at: now,
        recorded_by: by,
        superseded_at: None,
    };
    let level = |code: &CodeId| {
        (application_levels::version_id.eq(id), application_levels::code_id.eq(*code))
    };
    let levels: Vec<_> = content.education_levels.iter().map(level).collect();
    on_each!(db, |c| {
        diesel::insert_into(application_versions::table).values(&row).execute(c)?;
        diesel::insert_into(application_levels::table).values(&levels).execute(c)
    })?;
    Ok(id)
}
