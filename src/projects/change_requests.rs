//! Requests for a change of a project: a longer period, another budget, other partners. The holder
//! asks with a reason; the secretariat agrees, and the project has a new version, or refuses with
//! a reason, and nothing changes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::change::{Change, ChangeKind};
use super::change_request_rows::{self as rows, RequestRow};
use super::content::Version;
use super::{codes_of, replace, rows as project_rows, standing};
use crate::accounts::{Caller, Standing};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{ChangeRequestId, ProgrammeId, ProjectId, UserId, VersionId};
use crate::paging::{Listing, Page};
use crate::programmes::organisations::Register;
use crate::store::types::text_enum;
use crate::store::{AsOf, Chain, Db, Within};

text_enum! {
    /// Where a request stands.
    pub enum RequestState {
        /// Waits for the secretariat.
        Pending = "pending",
        /// The project has a new version.
        Agreed = "agreed",
        Refused = "refused",
        /// Taken back by whoever asked.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What the secretariat says to a request.
    pub enum RequestVerdict {
        Agreed = "agreed",
        Refused = "refused",
    }
}

/// A request for a change of a project, and what the caller may do with it next.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeRequest {
    pub id: ChangeRequestId,
    pub project_id: ProjectId,
    /// The project's code.
    #[schema(example = "book-en-ekspert")]
    pub project: String,
    pub kind: ChangeKind,
    pub change: Change,
    pub reason: String,
    pub state: RequestState,
    /// What it would change was changed since it was made: it can't be agreed to any more.
    pub outdated: bool,
    /// The account, or null for the operator's command line.
    pub requested_by: Option<UserId>,
    pub requested_at: At,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<At>,
    pub decision_note: Option<String>,
    /// The caller may agree to it.
    pub may_agree: bool,
    /// The caller may refuse it.
    pub may_refuse: bool,
    /// The caller may take it back.
    pub may_withdraw: bool,
}

/// A request. One of a kind waits at a time.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChangeRequest {
    pub change: Change,
    #[validate(length(min = 1, max = 2_000))]
    pub reason: String,
}

/// The secretariat's answer to a request.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestDecision {
    pub decision: RequestVerdict,
    /// Why; needed for a refusal.
    #[validate(length(min = 1, max = 2_000))]
    pub note: Option<String>,
}

/// Which requests are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<RequestState>,
    pub kind: Option<ChangeKind>,
}

impl Within for ChangeRequestId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        let project = rows::project_of(db, *self)?.ok_or(Error::NotFound)?;
        project.chain(db)
    }
}

/// The requests of a project as they stood, the oldest first.
pub fn of_project(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<ChangeRequestId>,
) -> Result<Listing<ChangeRequest>> {
    let (programme, standing) = standing(db, caller, project)?;
    standing.require_whole_project()?;
    let found = rows::list(db, rows::Of::Project(project), filter, as_of, page)?;
    listing(db, caller, programme, found, as_of, page)
}

/// The requests of a programme's projects as they stood, the oldest first: with `pending` what
/// waits for the secretariat. For those who see the whole programme.
pub fn of_programme(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<ChangeRequestId>,
) -> Result<Listing<ChangeRequest>> {
    caller.reads_programme(programme)?;
    let found = rows::list(db, rows::Of::Programme(programme), filter, as_of, page)?;
    listing(db, caller, programme, found, as_of, page)
}

fn listing(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    found: Vec<RequestRow>,
    as_of: AsOf,
    page: &Page<ChangeRequestId>,
) -> Result<Listing<ChangeRequest>> {
    let Listing { items, next_cursor } = page.listing(found, |row| row.request_id);
    Ok(Listing { items: shown(db, caller, programme, items, as_of)?, next_cursor })
}

pub fn get(db: &mut Db, caller: &Caller, id: ChangeRequestId) -> Result<ChangeRequest> {
    let (row, programme, standing) = held(db, caller, id)?;
    standing.require_whole_project()?;
    shown(db, caller, programme, vec![row], AsOf::NOW)?.pop().ok_or(Error::NotFound)
}

/// Asks for a change; for whoever runs the project. The secretariat itself writes the project.
pub fn request(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    input: NewChangeRequest,
    now: At,
) -> Result<ChangeRequestId> {
    let (programme, standing) = standing(db, caller, project)?;
    standing.require_holder()?;
    let kind = input.change.kind();
    let waiting = Filter { state: Some(RequestState::Pending), kind: Some(kind) };
    let one = Page::of(None, 1);
    if !rows::list(db, rows::Of::Project(project), &waiting, AsOf::NOW, &one)?.is_empty() {
        return Err(Error::Conflict("request_open"));
    }
    let version = project_rows::version(db, project, AsOf::NOW)?.ok_or(Error::NotFound)?;
    let register = Register::load(db, programme)?;
    input.change.applied(&version.content, &register, None, now)?;
    let actor = caller.actor();
    let row = RequestRow {
        id: VersionId::new(),
        request_id: ChangeRequestId::new(),
        project_id: project,
        kind,
        change: serde_json::to_value(&input.change).map_err(Error::unexpected)?,
        reason: input.reason,
        seen_version_id: version.id,
        state: RequestState::Pending,
        requested_by: actor,
        requested_at: now,
        decided_by: None,
        decided_at: None,
        decision_note: None,
        made_version_id: None,
        recorded_at: now,
        recorded_by: actor,
        superseded_at: None,
    };
    rows::insert(db, &row)?;
    record(db, caller, &row, now)?;
    Ok(row.request_id)
}

/// Agrees to a request or refuses it, once. Agreeing makes a new version of the project.
pub fn decide(
    db: &mut Db,
    caller: &Caller,
    id: ChangeRequestId,
    input: RequestDecision,
    now: At,
) -> Result<ChangeRequest> {
    let (row, programme, standing) = held(db, caller, id)?;
    standing.require_secretariat()?;
    require_pending(&row)?;
    match input.decision {
        RequestVerdict::Refused => {
            if input.note.as_deref().unwrap_or_default().trim().is_empty() {
                return Err(Error::invalid("/note", "required"));
            }
            settle(db, caller, row, RequestState::Refused, input.note, None, now)?;
        }
        RequestVerdict::Agreed => {
            let made = agree(db, caller, &row, programme, now)?;
            settle(db, caller, row, RequestState::Agreed, input.note, Some(made), now)?;
        }
    }
    get(db, caller, id)
}

fn agree(
    db: &mut Db,
    caller: &Caller,
    row: &RequestRow,
    programme: ProgrammeId,
    now: At,
) -> Result<VersionId> {
    let standing = project_rows::version(db, row.project_id, AsOf::NOW)?.ok_or(Error::NotFound)?;
    let seen = project_rows::versions(db, &[row.seen_version_id])?.pop().ok_or(Error::NotFound)?;
    let change = read(row)?;
    if change.is_outdated(&seen.content, &standing.content) {
        return Err(Error::Conflict("request_outdated"));
    }
    let register = Register::load(db, programme)?;
    // An organisation may have been retired since.
    let content = change
        .applied(&standing.content, &register, Some(&row.reason), now)
        .map_err(|_| Error::Conflict("request_outdated"))?;
    let event = ("project.updated", Some(row.reason.as_str()));
    replace(db, caller, &standing, &content, event, now)
}

/// Takes a request back; only who made it can.
pub fn withdraw(db: &mut Db, caller: &Caller, id: ChangeRequestId, now: At) -> Result<()> {
    let (row, _, standing) = held(db, caller, id)?;
    standing.require_holder()?;
    if row.requested_by != caller.actor() {
        return Err(Error::Forbidden("requester_only"));
    }
    require_pending(&row)?;
    settle(db, caller, row, RequestState::Withdrawn, None, None, now)
}

fn held(
    db: &mut Db,
    caller: &Caller,
    id: ChangeRequestId,
) -> Result<(RequestRow, ProgrammeId, Standing)> {
    let row = rows::current(db, id)?.ok_or(Error::NotFound)?;
    let (programme, standing) = standing(db, caller, row.project_id)?;
    Ok((row, programme, standing))
}

fn require_pending(row: &RequestRow) -> Result<()> {
    match row.state {
        RequestState::Pending => Ok(()),
        _ => Err(Error::Conflict("request_decided")),
    }
}

fn read(row: &RequestRow) -> Result<Change> {
    serde_json::from_value(row.change.clone()).map_err(Error::unexpected)
}

/// The request as it was made stays as the version before this one.
fn settle(
    db: &mut Db,
    caller: &Caller,
    row: RequestRow,
    state: RequestState,
    note: Option<String>,
    made: Option<VersionId>,
    now: At,
) -> Result<()> {
    rows::supersede(db, row.id, now)?;
    let row = RequestRow {
        id: VersionId::new(),
        state,
        decided_by: caller.actor(),
        decided_at: Some(now),
        decision_note: note,
        made_version_id: made,
        recorded_at: now,
        recorded_by: caller.actor(),
        ..row
    };
    rows::insert(db, &row)?;
    record(db, caller, &row, now)
}

fn record(db: &mut Db, caller: &Caller, row: &RequestRow, now: At) -> Result<()> {
    let action = match row.state {
        RequestState::Pending => "change_request.made",
        RequestState::Agreed => "change_request.agreed",
        RequestState::Refused => "change_request.refused",
        RequestState::Withdrawn => "change_request.withdrawn",
    };
    let reason = row.decision_note.as_deref().or(Some(row.reason.as_str()));
    let event = Event::new(action, row.request_id).version(row.id).because(reason);
    audit::record(db, caller.actor(), now, event)
}

fn shown(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    rows: Vec<RequestRow>,
    as_of: AsOf,
) -> Result<Vec<ChangeRequest>> {
    let codes = codes_of(db, programme)?;
    // Only of what waits it matters whether it still can be done.
    let waiting = rows.iter().filter(|row| row.state == RequestState::Pending);
    let (seen, projects): (Vec<VersionId>, Vec<ProjectId>) =
        waiting.map(|row| (row.seen_version_id, row.project_id)).unzip();
    let seen = project_rows::versions(db, &seen)?;
    let seen: HashMap<VersionId, Version> = seen.into_iter().map(|one| (one.id, one)).collect();
    let standing_now = project_rows::versions_of(db, &projects, as_of)?;
    let standing_now: HashMap<ProjectId, Version> =
        standing_now.into_iter().map(|one| (one.project, one)).collect();
    let mut requests = Vec::with_capacity(rows.len());
    for row in rows {
        let change = read(&row)?;
        let both = seen.get(&row.seen_version_id).zip(standing_now.get(&row.project_id));
        let pending = row.state == RequestState::Pending;
        let outdated = pending
            && both.is_some_and(|(old, new)| change.is_outdated(&old.content, &new.content));
        let standing = caller.standing(programme, row.project_id)?;
        let own = standing.require_holder().is_ok() && row.requested_by == caller.actor();
        requests.push(ChangeRequest {
            id: row.request_id,
            project_id: row.project_id,
            project: codes.get(&row.project_id).cloned().unwrap_or_default(),
            kind: row.kind,
            change,
            reason: row.reason,
            state: row.state,
            outdated,
            requested_by: row.requested_by,
            requested_at: row.requested_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            decision_note: row.decision_note,
            may_agree: pending && standing.secretariat && !outdated,
            may_refuse: pending && standing.secretariat,
            may_withdraw: pending && own,
        });
    }
    Ok(requests)
}
